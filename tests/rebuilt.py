"""Many answers journalled, lost, and brought back: how many, how fast, and whether the state is the same."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, insert

from lms.attempts import queries, rebuilding, saving
from lms.attempts.models import Answer, Attempt
from lms.attempts.rules import Sent
from lms.foundation import journal
from lms.foundation.journal import Journal, keep_with
from tests.world import World

EACH = 50               # answers of one attempt in one commit


@dataclass(frozen=True)
class Rebuilt:
    answers: int
    same: bool
    seconds: float      # of the rebuilding


def many(app: Flask, world: World, folder: Path, answers: int, attempts: int = 20) -> Rebuilt:
    """`answers` saved through `saving.add` in an installation with a journal; the answers and attempts are deleted and rebuilt."""
    database = app.extensions["database"]
    if journal.KEEPER not in database.writer.kw.get("info", {}):
        keep_with(database.writer, Journal(folder))
    with database.transaction() as session:
        made = [{"id": 1000 + n, "cohort_id": world.chile, "person_id": world.people["ana"], "module": "G1", "edition_id": world.edition,
                 "number": 100 + n, "seed": n, "started_at": world.now, "ends_at": None, "sheet": None, "grace_until": None,
                 "submitted_at": None, "by_clock": False, "page": 1} for n in range(attempts)]
        session.execute(insert(Attempt), made)
        journal.note(session, "attempt", made)
    kept = 0
    while kept < answers:
        attempt = 1000 + kept // EACH % attempts
        with database.transaction() as session:
            sitting = queries.sitting(session, world.chile, world.people["ana"], attempt)
            sent = [Sent(f"k{kept + n}", f"q{n % 20}", f"valor {kept + n} ñ") for n in range(min(EACH, answers - kept))]
            saving.add(session, sitting, sent, world.now + timedelta(microseconds=kept))
            kept += len(sent)
    with database.reading() as session:
        before = rebuilding.state(session)
    with database.transaction() as session:
        session.execute(delete(Answer))
        session.execute(delete(Attempt))
    began = time.perf_counter()
    with database.transaction() as session:
        done = rebuilding.rebuild(session, rebuilding.gather(folder / journal.FILE), world.now)
    seconds = time.perf_counter() - began
    with database.reading() as session:
        return Rebuilt(done.answers, rebuilding.state(session) == before, seconds)
