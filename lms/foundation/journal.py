"""The second copy: what must not be lost is also written to a file on another disk, synced before the database commits.

A line that is here and not in the database was never acknowledged; a line that was acknowledged is always here.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from lms.foundation.syncing import sync_folder

FILE = "answers.jsonl"
NOTED, KEEPER = "journal.lines", "journal"


class Journal:
    """A file that is only ever appended to, by any number of processes: each write is one call, synced."""

    def __init__(self, folder: Path):
        self.path = folder / FILE

    def write(self, lines: Sequence[str]) -> None:
        """Raises OSError when they can not be kept; then nothing may be acknowledged."""
        try:
            self._append(("\n" + "\n".join(lines) + "\n").encode())   # begins anew after whatever was torn before it
        except OSError as wrong:        # whatever it is (not mounted, not ours): a failing disk, for who asks again
            code = wrong.errno if wrong.errno == errno.ENOSPC else errno.EIO
            raise OSError(code, f"journal: {wrong.strerror}") from wrong

    def _append(self, content: bytes) -> None:
        new = not self.path.exists()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if os.write(handle, content) < len(content):
                raise OSError(errno.ENOSPC, "only a part was taken")
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            sync_folder(self.path.parent)


def keep_with(maker: "sessionmaker[Session]", journal: Journal) -> None:
    """Every session of this maker writes what it noted before it commits."""
    maker.configure(info={KEEPER: journal})
    event.listen(maker, "before_commit", _write)
    event.listen(maker, "after_rollback", _forget)


def note(session: Session, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write these down with the commit, where this installation keeps a journal."""
    if KEEPER in session.info:
        session.info.setdefault(NOTED, []).extend(
            json.dumps({"kind": kind, **row}, ensure_ascii=False, default=_plain, separators=(",", ":"))
            for row in rows)


def read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, what it says) of each line that is whole; a line torn by a power cut was never acknowledged."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.endswith("\n") and line.strip():
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict) and "kind" in found:
                    yield number, found


def _write(session: Session) -> None:
    if not session.in_nested_transaction() and (lines := session.info.pop(NOTED, None)):
        session.info[KEEPER].write(lines)


def _forget(session: Session) -> None:
    session.info.pop(NOTED, None)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"the journal can not write a {type(value).__name__}")
