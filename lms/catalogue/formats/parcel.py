"""What a file of questions held: those understood, their images, and a notice for all that was not taken as it was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lms.catalogue.rules import Fault, Question


class Grade(StrEnum):
    """How much a notice matters."""
    FAULT = "fault"                     # wrong in the file: the author mends it
    UNSUPPORTED = "unsupported"         # right, but we can not take it: named, never silent
    CHANGED = "changed"                 # taken, but not exactly as it was
    REMARK = "remark"                   # taken as it was; its author should look at it


@dataclass(frozen=True)
class Notice:
    """One thing an author should know about a file."""
    grade: Grade
    place: str                          # "línea 12", "item.xml: /assessmentItem/itemBody/p[2]"
    message: str                        # Spanish: what is so
    remedy: str                         # Spanish: what to do
    question: str = ""                  # id of the question it is about, if it has one


@dataclass(frozen=True)
class Test:
    """An assessment in a package: a title and the ids of its questions in order."""
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Parcel:
    """A file as read. Good questions are here whatever is wrong with the others."""
    file: str
    format: str                         # a name in catalogue.formats.FORMATS; "" not recognised
    questions: tuple[Question, ...] = ()
    notices: tuple[Notice, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)        # sha256 -> bytes
    tests: tuple[Test, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many questions."""
        return dict(sorted(Counter(q.kind for q in self.questions).items()))

    @property
    def faults(self) -> list[Notice]:
        """What is wrong or not taken."""
        return [n for n in self.notices if n.grade in (Grade.FAULT, Grade.UNSUPPORTED)]

    def graded(self, grade: Grade) -> list[Notice]:
        """The notices of one grade."""
        return [n for n in self.notices if n.grade is grade]


def of_fault(fault: Fault) -> Notice:
    """A fault of a course file as a notice."""
    return Notice(Grade.FAULT, f"línea {fault.line}" if fault.line else "", fault.message, fault.remedy)
