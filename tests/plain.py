"""One furnished installation on SQLite for all tests of holes: made once a process, put back as it was before each test.

For what does not depend on the database. Both cohorts have their things (tests/furnished.py makes Ana's), and beside the
cast of tests/world.py there are Ciro, who studies with Ana, Dora, who coordinates Beto's cohort, and Gina, who marks only
G1 in Ana's.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from lms import create_app
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.certificates.models import Certificate
from lms.cohorts.models import Enrolment, Extension, RosterBatch
from lms.credits.models import Credit
from lms.people.models import Affiliation, Person, PersonPost, UserSession
from lms.people.names import search_key, sort_key
from lms.people.queries import token_hash
from tests.crowd import listed
from tests.fixtures import make_tables
from tests.furnished import follow, furnish, snapshot
from tests.seminared import SLUG
from tests.world import NOW, World, build, password_hash

RAW = "f" * 40                  # the CSRF secret of every cookie made here
PDF = b"%PDF-1.7 a file of Beto's\n%%EOF\n"
EVERYONE = ("nobody", "ana", "beto", "ciro", "ivan", "irma", "gina", "coral", "dora", "olga", "aldo")
ROW = 41                        # the id of each of Beto's things: none of Ana's has it


def cookie_of(app: Flask, **values: object) -> str:
    """A session cookie as this installation signs it."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps(values))


def token_of(app: Flask, raw: str = RAW) -> str:
    """The CSRF token of a cookie that holds `raw`."""
    return str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw))


@dataclass
class Plain:
    """The installation: `client("ana")` is Ana's browser, signed in; `send` posts with the token of its cookie."""
    app: Flask
    world: World
    folder: Path
    kept: bytes = b""
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "lms.sqlite"

    def copy(self) -> bytes:
        """The database as it is now; closing its last connection folds the log into the file."""
        self.app.extensions["database"].engine.dispose()
        return self.file.read_bytes()

    def restore(self, copy: bytes | None = None) -> None:
        """The database (of a copy, or as it was made), the clock and the counters as they were at first."""
        self.app.extensions["database"].engine.dispose()
        if self.kept:
            for end in ("-wal", "-shm"):
                Path(f"{self.file}{end}").unlink(missing_ok=True)
            self.file.write_bytes(copy or self.kept)
        self.world.now = NOW
        self.app.extensions["verification_pace"].counts.clear()
        self.app.extensions["registration_pace"].counts.clear()
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        self.app.config["URL"] = "http://localhost"

    def client(self, name: str = "nobody") -> FlaskClient:
        browser = FlaskClient(self.app, self.app.response_class)
        values = {"_user_id": self.tokens[name]} if name != "nobody" else {}
        browser.set_cookie("lms", cookie_of(self.app, **values, csrf_token=RAW))
        return browser

    @property
    def token(self) -> str:
        return token_of(self.app)

    def send(self, browser: FlaskClient, url: str, data: dict | None = None, **more):
        return browser.post(url, data={"csrf_token": self.token, **(data or {})}, **more)

    def tables(self) -> dict[str, list[dict]]:
        """Every row of every table, in order."""
        found = {}
        with closing(sqlite3.connect(self.file)) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
                cursor = raw.execute(f'SELECT * FROM "{name}"')
                heads = [column[0] for column in cursor.description]
                found[name] = [dict(zip(heads, row, strict=True)) for row in cursor]
        return found

    def digest(self) -> str:
        return sha256(repr(self.tables()).encode()).hexdigest()


def make(folder: Path, compiled: Path, url: str = "") -> Plain:
    """On SQLite, or on an empty PostgreSQL whose tables are made; the latter can not be put back."""
    for part in ("files", "mail", "static"):
        (folder / part).mkdir(exist_ok=True)
    app = create_app(INSTANCE=folder, DATABASE=url or f"sqlite:///{folder}/lms.sqlite", SECRET_KEY="a key of the tests of holes",
                     URL="http://localhost", TESTING=True, PROPAGATE_EXCEPTIONS=True, TEMPLATE_CACHE=compiled,
                     COURSES=folder, SMTP="", MAIL_FROM="Escuela <e@example.org>")
    if not url:
        make_tables(app.extensions["database"].engine)
    plain = Plain(app, furnish(app, build(app)), folder)
    furnish_both(plain)
    if url:
        follow(app)
        return plain
    app.extensions["database"].engine.dispose()
    with closing(sqlite3.connect(plain.file)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    plain.kept = plain.file.read_bytes()
    return plain


def furnish_both(plain: Plain) -> None:
    """Beto's things beside Ana's, a running attempt of each, work that is marked and work that waits."""
    app, world = plain.app, plain.world
    then, beto, ana = world.now - timedelta(days=2), world.people["beto"], world.people["ana"]
    stored = app.extensions["files"].put(BytesIO(PDF), 1 << 20)
    his = {"cohort_id": 2, "person_id": beto, "edition_id": world.edition}
    with app.extensions["database"].transaction() as s:
        for name, given, surname, role, cohort, module, place in (
                ("ciro", "Ciro", "Castro", "student", 1, None, None), ("dora", "Dora", "Estévez", "coordinator", 2, None, None),
                ("gina", "Gina", "Gómez", "instructor", 1, "G1", 2)):
            person = Person(email=f"{name}@example.org", given_names=given, surname1=surname, sort_key=sort_key(surname),
                            search_key=search_key(f"{given} {surname}"), password_hash=password_hash(), created_at=then)
            s.add(person)
            s.flush()
            world.people[name] = person.id
            s.add(PersonPost(person_id=person.id, role=role, cohort_id=cohort, module=module, institution_id=place,
                             granted_at=then))
            if role == "student":
                s.add(Enrolment(cohort_id=cohort, person_id=person.id, enrolled_at=then))
        s.add(Attempt(id=ROW, module="G2", number=1, seed=1, started_at=then, submitted_at=then, ends_at=None, **his))
        s.add(Submission(id=ROW, module="G1", version=1, text="Texto de Beto", handed_in_at=then, due_at=None,
                         receipt="1" * 64, **his))
        s.add(Submission(id=32, module="G2", version=1, text="Otro texto de Ana", handed_in_at=then, due_at=None,
                         receipt="2" * 64, cohort_id=1, person_id=ana, edition_id=world.edition))
        s.add(RosterBatch(id=ROW, cohort_id=2, file_name="otra.csv", file_hash="1" * 64, rows="[]",
                          author_id=world.people["olga"], imported_at=then))
        s.add(Extension(cohort_id=1, person_id=ana, module="G1", item="task", due_local="2027-05-10 23:00",
                        reason="Comisión de servicio", author_id=world.people["coral"], given_at=then))
        for number, person, cohort in ((50, ana, 1), (51, beto, 2)):       # running: the bell has not rung
            s.add(Attempt(id=number, cohort_id=cohort, person_id=person, edition_id=world.edition, module="G1", number=1,
                          seed=7, started_at=world.now, ends_at=world.now + timedelta(minutes=40)))
        s.flush()
        s.add(Answer(attempt_id=ROW, question="ensayo", value='"Texto de Beto"', key="k" * 8, saved_at=then))
        for number, submission in ((ROW, ROW), (32, 32)):
            s.add(SubmissionFile(id=number, submission_id=submission, name="ficha.pdf", kind="pdf", size=stored.size,
                                 sha256=stored.sha256))
        s.add(Marking(submission_id=32, points=Fraction(6), out_of=Fraction(12), levels="[1, 2, 1, 2]", feedback="Bien.",
                      marker_id=world.people["ivan"], marked_at=then))
        s.add(Credit(id=ROW, source="office", reference="c2", kind="attendance", cohort_id=2, person_id=beto,
                     title="Seminario", hours=Fraction(3), day=then.date(), recorded_at=then))
        s.add(Certificate(id=ROW, series="EGL", year=2027, number=2, folio="EGL-2027-000002-07", code="B" * 26, kind="final",
                          cohort_id=2, person_id=beto, snapshot=snapshot(), sha256=stored.sha256, issued_at=then,
                          issued_by=world.people["olga"]))
        s.add(Affiliation(person_id=beto, institution_id=4, office="Secretario"))
        listed(s)
        enrolled = s.query(Enrolment).filter_by(cohort_id=2).one()
        assert enrolled.person_id == beto
        for name, person_id in world.people.items():
            plain.tokens[name] = f"token-of-{name}-that-is-long-enough"
            s.add(UserSession(person_id=person_id, token_hash=token_hash(plain.tokens[name]), device="prueba",
                              created_at=world.now, seen_at=world.now, expires_at=world.now + timedelta(days=400)))


def urls(app: Flask, **values: object) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every route, its parts filled in; by default with Ana's things."""
    filled = {"cohort_id": 1, "acta_id": 1, "module": "G1", "lesson": "01-inicio", "question": "ensayo", "item": "task",
              "person_id": 1, "enrolment_id": 1, "batch_id": 1, "credit_id": 1, "certificate_id": 1, "attempt_id": 31,
              "submission_id": 31, "file_id": 31, "post_id": 1, "affiliation_id": 1, "document_id": 1, "session_id": 1,
              "institution_id": 2, "folio": "EGL-2027-000001-10", "code": "A" * 26, "token": "nada",
              "edition_id": "e" * 64, "name": "a" * 64 + ".png", "tag": "t31", "pin_id": 1,
              "planned_id": 1, "change_id": 1, "category_id": 1, "question_id": 1, "import_id": 1, "number": 1,
              "exception_id": 1, "recognition_id": 1, "sha256": "0" * 64, "kid": "0" * 16, "file": "A" * 26 + ".json",
              "purpose": "revocation", "kind": "module", "ending": "csv", "form": "png", "scale": "cl-60-2026", "signatory_id": 1, "seminar_id": 1, "slug": SLUG, "registration_id": 1, "token_": "nada", "invitation_id": 1, "speaker_id": 1,
              "material_id": 1, "report_id": 1, "agreement_id": 1, "offer_id": 1, "application_id": 1, "placement_id": 1, "paper_id": 1,
              "shown": "nada", "source": "pasantias", "sender": "registro-unq", "source_id": 1, "secret_id": 1, "subscription_id": 1, "delivery_id": 1,
              "decision": "reserve", "step": "interrupted", "version": 1, "cost_id": 1, "gift_id": 1,
              "device_id": 1, "mark_id": 1, "entry_id": 1, "photo_id": 1, "week": "2027-04-12", "link_id": 1, "subject": "2027-04-12",
              **values}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            assert rule.arguments <= filled.keys(), f"say in tests/plain.py what {rule.arguments - filled.keys()} is of Ana's"
            path = app.url_map.bind("localhost").build(rule.endpoint, {a: filled[a] for a in rule.arguments})
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield rule.endpoint, method, path
