"""What a file format offers: it says whether a content is its own, reads it, and writes questions if it can."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.catalogue.formats.parcel import Notice, Parcel
from lms.catalogue.rules import Question


@dataclass(frozen=True)
class Written:
    """A file made of questions, with what could not be said in its format (UNSUPPORTED: the question or the part is
    not in the file; CHANGED: it is, but otherwise)."""
    content: bytes
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Format:
    """One format. Nothing here raises on hostile input."""
    name: str                           # "gift"
    label: str                          # "GIFT de Moodle"
    endings: tuple[str, ...]            # "gift", "txt": the first is the one a written file gets
    claims: Callable[[str, bytes], bool]                # (file name, content): asked in the order of FORMATS
    read: Callable[[str, bytes], Parcel]                # (file name, content)
    write: Callable[[Sequence[Question], Mapping[str, bytes]], Written] | None = None       # media by sha256
