"""Ana's things, so that every address in the doors table leads to something: an attempt, a task with a file, credits, a
certificate, a batch of the roster. Rows written directly: no room's actions are needed to test the doors."""

from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO

from flask import Flask
from sqlalchemy import Integer, delete

from lms.actas.models import Acta
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.bank.actions import add, add_category, write
from lms.bank.models import BankChange, BankImport
from lms.certificates.models import Certificate, CertificateBatch
from lms.certificates.snapshot import Snapshot
from lms.cohorts.models import RosterBatch
from lms.credits.models import Credit
from lms.foundation.database import Base
from lms.foundation.outbox import OutboxJob
from tests import doored, hooked, interned
from tests.crowd import listed
from tests.programme import PROGRAMME
from tests.reported import sent
from tests.seminared import plant, registered, sequences
from tests.world import World

SNAPSHOT_NAME = "Ana Pérez Soto"


def furnish(app: Flask, world: World) -> World:
    ana, then = world.people["ana"], world.now - timedelta(days=2)
    stored = app.extensions["files"].put(BytesIO(b"%PDF-1.4 a file of Ana's"), 1 << 20)
    app.extensions["seals"].public()            # the keys that sign, made with their first use
    mine = {"cohort_id": 1, "person_id": ana, "edition_id": world.edition}
    with app.extensions["database"].transaction() as s:
        s.add(Attempt(id=31, module="G2", number=1, seed=1, started_at=then, submitted_at=then, ends_at=None, **mine))
        s.add(Submission(id=31, module="G1", version=1, text="Texto de Ana", handed_in_at=then, due_at=None,
                         receipt="0" * 64, **mine))
        s.add(RosterBatch(id=1, cohort_id=1, file_name="nomina.csv", file_hash="0" * 64, rows="[]",
                          author_id=world.people["olga"], imported_at=then))
        s.flush()
        category = add_category(s, None, then, "General")
        question = add(s, None, then, PROGRAMME.modules[0].quiz.questions[0], category)
        write(s, None, then, question, PROGRAMME.modules[0].quiz.questions[2], 1)
        add(s, None, then, PROGRAMME.modules[0].quiz.questions[1], category)
        s.add(BankImport(id=1, file_name="a.gift", file_hash="0" * 64, format="gift", imported_at=then))
        s.add(BankChange(id=1, deed="move", before="{}", made_at=then))
        s.flush()
        s.add(Answer(attempt_id=31, question="ensayo", value='"Texto"', key="k", saved_at=then))
        s.add(SubmissionFile(id=31, submission_id=31, name="ficha.pdf", kind="pdf", size=stored.size, sha256=stored.sha256))
        s.add(Marking(attempt_id=31, question="anio", points=Fraction(1), out_of=Fraction(1), marked_at=then))
        s.add(Credit(id=1, source="office", reference="c1", kind="attendance", cohort_id=1, person_id=ana, title="Seminario",
                     hours=Fraction(3), day=then.date(), recorded_at=then))
        s.add(CertificateBatch(id=1, cohort_id=1, people=str(ana), asked_at=world.now, asked_by=world.people["olga"]))
        s.add(Certificate(id=1, series="EGL", year=2027, number=1, folio="EGL-2027-000001-10", code="A" * 26, kind="final",
                          cohort_id=1, person_id=ana, snapshot=snapshot(), sha256=stored.sha256, issued_at=then,
                          issued_by=world.people["olga"]))
        s.add(Acta(id=1, cohort_id=1, module="G1", opened_at=then, opened_by=world.people["ivan"]))
        listed(s)
        plant(s)
        registered(s, 1, person_id=ana, names=("Ana", "Pérez Soto"), email="ana@example.org", kind="student")
        sent(app, s)
        hooked.furnish(app, world, s)
        sequences(s)
    interned.furnish(world)
    doored.furnish(app, world)
    with app.extensions["database"].transaction() as s:
        s.execute(delete(OutboxJob))        # what its making would have mailed is not what is tried
    follow(app)
    return world


def follow(app: Flask) -> None:
    """Ids were given by hand: the sequences of PostgreSQL must follow."""
    if app.extensions["database"].engine.dialect.name != "postgresql":
        return
    with app.extensions["database"].transaction() as session:
        for table in Base.metadata.tables.values():
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                session.connection().exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) + 1 FROM {table.name}))")


def snapshot() -> str:



    return Snapshot(kind="final", folio="EGL-2027-000001-10", code="A" * 26, verify_url="http://localhost/v/x/y",
                    issued_on=date(2027, 4, 18), issued_place="Santiago de Chile", holder_name=SNAPSHOT_NAME,
                    holder_document="RUN 12.531.909-2", programme="Diplomado", institutions=("Escuela",),
                    started_on=date(2027, 4, 5), ended_on=date(2027, 11, 27), hours=54).to_json()
