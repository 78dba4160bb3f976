"""Whether a question that was read can be asked: what stands in the way, and what its author should only look at."""

import re
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question

SOFT = re.compile(r"texto alternativo|está repetida\.|Marcar todo|menos de tres")     # never stand in the way
Judgement = tuple[Grade, str, str]      # how much it matters, what is wrong, what to do


def judged(question: Question, strict: bool = False) -> list[Judgement]:
    """What its kind finds wrong. Strict: all of it is a fault, as in a course. Else a question that can be asked and
    earn all its points has only remarks."""
    flaws = KINDS[question.kind].faults(question)
    if not flaws:
        return []
    bad = strict or hopeless(question)
    return [(Grade.FAULT if bad and (strict or not SOFT.search(message)) else Grade.REMARK, message, remedy)
            for message, remedy in flaws]


def hopeless(q: Question) -> bool:
    """Whether it can not be asked, or no answer earns all its points."""
    if not plain(q.text) and "/medios/" not in q.text:
        return True
    if isinstance(q.body, Cloze):
        lost = any(f"{{#{part.id}}}" not in q.text for part in q.body.parts)
        return lost or not q.body.parts or any(_unanswerable(part.question) for part in q.body.parts)
    return _unanswerable(q)


def _unanswerable(q: Question) -> bool:
    shares = [option.share for option in q.options]
    match q.kind:
        case "single" | "truefalse":
            return Fraction(1) not in shares or len(shares) < 2
        case "multiple":
            return sum((share for share in shares if share > 0), Fraction(0)) != 1
        case "short":
            return Fraction(1) not in shares
        case "numerical":
            return not any(share == 1 and tolerance >= 0 for _, tolerance, share in q.numbers)
        case "matching":
            return sum(bool(option.text) for option in q.options) < 2 or not all(o.match for o in q.options)
        case "ordering":
            return len(q.options) < 2
        case "essay" | "description" | "randommatching":
            return False
    return True
