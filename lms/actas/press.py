"""The press: the only place that loads ReportLab and pyHanko, and only when a paper is drawn or sealed."""

from datetime import datetime

from lms.actas.chain import Snapshot
from lms.actas.standing import Transcript
from lms.people.rules import Refused
from lms.seals.queries import Ring

PLACE = "Santiago de Chile"
LATE = "40 MB and 0.3 s that a web process may never need"


def check(snapshot: Snapshot) -> None:
    """Raises Refused, in words for who closes, when the paper can not be drawn."""
    from lms.actas import paper  # noqa: PLC0415  (see LATE)
    try:
        paper.check(snapshot)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def draw(snapshot: Snapshot, sha256: str) -> bytes:
    """The acta: the same snapshot gives the same bytes."""
    from lms.actas import paper  # noqa: PLC0415  (see LATE)
    return paper.draw(snapshot, sha256)


def transcript(told: Transcript) -> bytes:
    """The transcript; raises Refused when it can not be drawn."""
    from lms.actas import transcript_paper  # noqa: PLC0415  (see LATE)
    try:
        return transcript_paper.draw(told)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def seal(paper: bytes, ring: Ring, now: datetime, reason: str) -> bytes:
    """With the school's electronic seal."""
    from lms.seals import pdf  # noqa: PLC0415  (see LATE)
    return pdf.seal(paper, ring, now, reason=reason, place=PLACE)
