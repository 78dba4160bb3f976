"""Gives one paper its time stamp: reads, asks the authority with no transaction open, keeps."""

from datetime import datetime
from io import BytesIO

from flask import Flask

from lms.foundation.clock import now as clock_now
from lms.foundation.database import Database
from lms.foundation.stores import Store
from lms.seals import actions, queries
from lms.seals.rules import due


def stamp(app: Flask, sha256: str, at: datetime | None = None) -> bool:
    """False when it needed none. Twice is as good as once: two that stamp the same paper at the same moment get the
    same number, and one of them is refused by the database."""
    now = at or clock_now()
    database: Database = app.extensions["database"]
    store: Store = app.extensions["files"]
    stamping: actions.Stamping = app.extensions["stamping"]
    with database.reading() as reading:
        standing = queries.standings(reading, [sha256])[sha256]
    if not (stamping.authority and due(standing, stamping.level, now)):
        return False
    stamped, level, until = actions.longer(store.read(standing.latest), queries.ring(app), now, stamping, standing)
    stored = store.put(BytesIO(stamped), actions.LARGEST)
    with database.transaction() as session:
        actions.keep(session, now, standing, stored, level, until)
    return True
