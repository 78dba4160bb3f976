"""Opening a door: a link with a token for a phone or a screen, for some hours, and closing it before."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.people.queries import token_hash
from lms.seminars.models import DoorDevice, PresenceMark


@dataclass(frozen=True)
class DeviceView:
    id: int
    name: str
    does: str
    session_id: int | None
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    marks: int
    last: datetime | None

    def open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def make(session: Session, actor_id: int, now: datetime, seminar_id: int, *, name: str, does: str,
         session_id: int | None, expires_at: datetime) -> str:
    """The token of a new device. It is told once; only its hash is kept."""
    token = token_urlsafe(24)
    device = DoorDevice(seminar_id=seminar_id, name=name.strip(), does=does, session_id=session_id,
                        token_hash=token_hash(token), made_at=now, made_by=actor_id, expires_at=expires_at)
    session.add(device)
    session.flush()
    audit.record(session, actor_id, now, "door.opened", f"door:{device.id}", seminar=seminar_id, does=does)
    return token


def end(session: Session, actor_id: int, now: datetime, seminar_id: int, device_id: int) -> bool:
    """Close a device at once, for a phone that was lost. False when it was closed already."""
    done = session.execute(update(DoorDevice).where(
        DoorDevice.id == device_id, DoorDevice.seminar_id == seminar_id, DoorDevice.ended_at.is_(None))
        .values(ended_at=now)).rowcount
    if done:
        audit.record(session, actor_id, now, "door.closed", f"door:{device_id}", seminar=seminar_id)
    return bool(done)


def devices(session: Session, seminar_id: int) -> list[DeviceView]:
    """The devices of a seminar with what they sent, newest first. One statement."""
    sent = (select(PresenceMark.device_id, func.count().label("marks"),
                   func.max(PresenceMark.recorded_at).label("last"))
            .where(PresenceMark.seminar_id == seminar_id).group_by(PresenceMark.device_id).subquery())
    rows = session.execute(
        select(DoorDevice.id, DoorDevice.name, DoorDevice.does, DoorDevice.session_id, DoorDevice.made_at,
               DoorDevice.expires_at, DoorDevice.ended_at, func.coalesce(sent.c.marks, 0), sent.c.last)
        .outerjoin(sent, sent.c.device_id == DoorDevice.id).where(DoorDevice.seminar_id == seminar_id)
        .order_by(DoorDevice.id.desc()))
    return [DeviceView(*row) for row in rows]


def screens(session: Session, seminar_id: int, now: datetime) -> list[tuple[int, int | None]]:
    """(id, session) of the screens that show codes now."""
    return [(d.id, d.session_id) for d in devices(session, seminar_id) if d.does == "screen" and d.open(now)]
