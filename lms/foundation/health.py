"""Is this installation well? What /health answers and `lms doctor` tells."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text

from lms.foundation import outbox
from lms.foundation.clock import now
from lms.foundation.database import Database, not_durable
from lms.foundation.doors import OPEN, Room
from lms.foundation.settings import ROOT

LEAST_FREE = 200 << 20          # bytes

room = Room("health", __name__)


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` says how to mend it when it is not well."""
    name: str
    well: bool
    says: str
    remedy: str = ""


def check_database(database: Database) -> Finding:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        risk = not_durable(database.engine)
    except Exception as wrong:      # any failure to answer is the finding
        return Finding("database", False, type(wrong).__name__, "Start the database or correct LMS_DATABASE.")
    return Finding("database", not risk, risk or "answers, and keeps what it acknowledged",
                   "Set it back: an acknowledged answer must survive a power cut." if risk else "")


def check_migrations(database: Database) -> Finding:
    wanted = newest_step()
    with database.engine.connect() as connection:
        there = inspect(connection).has_table("alembic_version")
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if there else None
    return Finding("migrations", found == wanted, f"at {found}, code expects {wanted}",
                   "" if found == wanted else "Run `lms migrate`.")


def check_storage(app: Flask) -> Finding:
    folder = app.config["INSTANCE"] / "files"
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as wrong:
        return Finding("storage", False, f"can not write to {folder.name}/: {wrong.strerror}",
                       "Give this user write permission, or make room.")
    free = shutil.disk_usage(folder).free
    return Finding("storage", free > LEAST_FREE, f"{free >> 20} MB free",
                   "" if free > LEAST_FREE else "Make room: uploads will soon be refused.")


def check_outbox(database: Database) -> Finding:
    with database.reading() as session:
        late, dead = outbox.waiting(session, now())
    return Finding("outbox", not (late or dead), f"{late} late, {dead} given up",
                   "" if not (late or dead) else "See that `lms work` runs and that LMS_SMTP is right.")


def check_journal(app: Flask) -> list[Finding]:
    """The second copy of answers, where LMS_JOURNAL asks for one."""
    if not (folder := app.config.get("JOURNAL")):
        return []
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"x")
        apart = folder.stat().st_dev != Path(app.config["INSTANCE"]).stat().st_dev
    except OSError as wrong:
        return [Finding("journal", False, f"can not write to LMS_JOURNAL: {wrong.strerror}; no answer is taken",
                        "Make the folder, mount its disk, or give this user write permission.")]
    return [Finding("journal", True, "on another disk" if apart else "on the same disk as the instance folder: a lost "
                    "disk takes both copies")]


def newest_step() -> str | None:
    """The step no other builds on, read from the files: Alembic itself would cost each web process 11 MiB and 0.1 s."""
    texts = [path.read_text() for path in (ROOT / "migrations" / "versions").glob("*.py")]
    names = {found[1] for t in texts if (found := re.search(r"^revision = ['\"](\w+)", t, re.MULTILINE))}
    built_on = {found[1] for t in texts if (found := re.search(r"^down_revision = ['\"](\w+)", t, re.MULTILINE))}
    return next(iter(names - built_on), None)


def findings(app: Flask) -> list[Finding]:
    database: Database = app.extensions["database"]
    first = check_database(database)
    if first.says.endswith("Error"):
        return [first]
    return [first, check_migrations(database), check_storage(app), check_outbox(database), *check_journal(app)]


@room.get("/health", allow=OPEN)
def health() -> ResponseReturnValue:
    found = {f.name: f.well for f in findings(current_app) if f.name != "outbox"}
    return found, 200 if all(found.values()) else 503
