"""A file that comes with a form: its name made harmless, its kind checked by its first bytes, kept in the store."""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from lms.foundation import files
from lms.foundation.database import let_go
from lms.foundation.file_names import file_name as file_name
from lms.foundation.files import Refused as Refused

HEAD, MOST = 8192, 10 << 20         # bytes


@dataclass(frozen=True)
class Kept:
    """A file in the store. `sha256` is "" where none was sent."""
    name: str = ""
    kind: str = ""
    size: int = 0
    sha256: str = ""


def keep(file: FileStorage | None, accepted: tuple[str, ...], most: int = MOST) -> Kept:
    """Store what was sent, before anything is written: nobody else waits for a slow disk. Raises Refused."""
    if file is None or not file.filename:
        return Kept()
    name = file_name(file.filename)
    kind = files.check_kind(name, file.stream.read(HEAD), accepted)
    file.stream.seek(0)
    let_go()
    stored = files.store().put(file.stream, most)
    return Kept(name, kind, stored.size, stored.sha256)
