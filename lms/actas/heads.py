"""Heads of the chain kept outside the database: each closing adds one to a file, and witnesses get one by mail."""

import os
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms.actas import queries
from lms.actas.chain import Head
from lms.foundation.syncing import sync_folder
from lms.seals.queries import Ring


def head(session: Session, ring: Ring, now: datetime) -> Head | None:
    """Where the chain ends now, signed; None while no acta is closed."""
    last = queries.last(session)
    if last is None:
        return None
    bare = Head(last.sequence, last.link, last.folio, now.isoformat())
    kid, signature = ring.sign(bare.message)
    return Head(bare.sequence, bare.link, bare.folio, bare.at, kid, b64encode(signature).decode())


def ours(found: Head, ring: Ring) -> bool:
    """Was this head signed by the school?"""
    try:
        return ring.verify(found.kid, found.message, b64decode(found.signature, validate=True),
                           datetime.fromisoformat(found.at))
    except (ValueError, Error):
        return False


def keep(folder: Path, found: Head) -> None:
    """Add a head to the file beside the database, synced: who restores or edits the database alone is found out."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, new = folder / "heads", not (folder / "heads").exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(found.to_json() + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(folder)


def kept(folder: Path) -> list[Head]:
    path = folder / "heads"
    return read(path.read_text("utf-8").splitlines()) if path.exists() else []


def read(lines: Iterable[str]) -> list[Head]:
    """Every head among some lines (a file of them, a mail); a line that was cut off while it was written says
    nothing.."""
    found = []
    for line in lines:
        if line.strip().startswith("{"):
            try:
                found.append(Head.from_json(line.strip()))
            except ValueError:
                continue
    return found
