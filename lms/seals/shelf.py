"""The folder of keys: NAME-000001.pem signs; when it ends, its private half is destroyed and the rest stays for ever.

Beside each key stand facts, written once: `.json` when it was made, `.until` since when it no longer signs, `.revoked`
since when and why what it signed is not to be trusted.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lms.foundation import keyfiles
from lms.foundation.syncing import sync_folder


@dataclass(frozen=True)
class Kept:
    """What the folder knows of one key."""
    stem: str                           # "seal-000001"
    since: datetime
    until: datetime | None
    revoked_at: datetime | None
    reason: str
    stolen: bool
    signs: bool                         # its private half is still there (or in the PKCS#11 token)
    facts: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.stem.rpartition("-")[2])


@dataclass(frozen=True)
class Shelf:
    folder: Path

    def path(self, stem: str, end: str) -> Path:
        return self.folder / f"{stem}.{end}"

    def keys(self, what: str) -> list[Kept]:
        """Oldest first. What has no `.json` yet was never finished, and never signed."""
        return [self._kept(path) for path in sorted(self.folder.glob(f"{what}-[0-9]*.json"))]

    def _kept(self, path: Path) -> Kept:
        facts, stem = json.loads(path.read_text("utf-8")), path.stem
        until, revoked = self._read(stem, "until"), self._read(stem, "revoked")
        moment = datetime.fromisoformat
        return Kept(stem, moment(facts["since"]), moment(until["at"]) if until else None,
                    moment(revoked["at"]) if revoked else None, revoked.get("reason", ""),
                    bool(revoked.get("stolen")), not until and not revoked and (
                        self.path(stem, "pem").exists() or bool(facts.get("token"))), facts)

    def _read(self, stem: str, end: str) -> dict[str, Any]:
        with suppress(FileNotFoundError):
            found: dict[str, Any] = json.loads(self.path(stem, end).read_text("utf-8"))
            return found
        return {}

    def next_number(self, what: str) -> int:
        """After every number that was ever begun, also of a key whose making was interrupted."""
        return max((int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{what}-[0-9]*.*")), default=0) + 1

    def keep(self, stem: str, since: datetime, parts: dict[str, bytes], facts: dict[str, Any]) -> None:
        """On the disk before it signs anything; its `.json` comes last and makes it a key. Only within `alone`."""
        for end, content in parts.items():
            keyfiles.write(self.path(stem, end), content)
        keyfiles.write(self.path(stem, "json"), json.dumps({"since": since.isoformat(), **facts}).encode())
        sync_folder(self.folder)
        sync_folder(self.folder.parent)

    def end(self, key: Kept, at: datetime) -> None:
        """It signs no more: its private half is destroyed."""
        keyfiles.write(self.path(key.stem, "until"), json.dumps({"at": at.isoformat()}).encode())
        self.path(key.stem, "pem").unlink(missing_ok=True)
        sync_folder(self.folder)

    def revoke(self, key: Kept, at: datetime, reason: str, stolen: bool) -> bool:
        """False when it was revoked before: the first word stays."""
        told = json.dumps({"at": at.isoformat(), "reason": reason, "stolen": stolen}, ensure_ascii=False).encode()
        return keyfiles.write(self.path(key.stem, "revoked"), told)
