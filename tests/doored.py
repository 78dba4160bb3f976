"""An open door of the seminar, a screen, a mark of Ana's; hours in her log with a photo, and a link for her host to sign them:
for the tests of every page and every route. Their tokens are known: `puerta`, `pantalla`, `firma`."""

from datetime import date, timedelta
from io import BytesIO

from flask import Flask

from lms.internships.models import HostLink, LogEntry, LogEvidence
from lms.people.queries import token_hash
from lms.seminars.models import DoorDevice, PresenceMark
from tests.seminared import BEGINS, S1, SEMINAR
from tests.world import World

WEEK = date(2027, 4, 12)
LOG = "/cohortes/1/pasantia/1/bitacora"
DOOR, SCREEN, HOST = "/seminarios/puerta/puerta", "/seminarios/pantalla/pantalla", "/anfitriona/firma"


def furnish(app: Flask, world: World) -> None:
    now, olga = world.now, world.people["olga"]
    photo = app.extensions["files"].put(BytesIO(b"\xff\xd8\xff a photo of Ana's"), 1 << 20)
    with app.extensions["database"].transaction() as s:
        for number, does in ((1, "scan"), (2, "screen")):
            s.add(DoorDevice(id=number, seminar_id=SEMINAR, name="Acceso norte", does=does, made_at=now, made_by=olga,
                             token_hash=token_hash({"scan": "puerta", "screen": "pantalla"}[does]), expires_at=BEGINS + timedelta(days=9)))
        s.flush()
        s.add(PresenceMark(id=1, seminar_id=SEMINAR, session_id=S1, registration_id=1, kind="in", source="scan", reference="mark-1",
                           at=BEGINS, device_id=1, recorded_at=BEGINS))
        s.add(LogEntry(id=1, placement_id=1, reference="entry-1", day=WEEK, starts="09:00", ends="13:00", activity="Patrulla",
                       written_at=now, received_at=now))
        s.flush()
        s.add(LogEvidence(id=1, entry_id=1, sha256=photo.sha256, file_name="calle.jpg", media_type="image/jpeg", size=photo.size, added_at=now))
        s.add(HostLink(id=1, placement_id=1, purpose="week", subject=str(WEEK), token_hash=token_hash("firma"), sent_to="hilda@example.org",
                       made_at=now, expires_at=now + timedelta(days=21)))
        s.flush()
