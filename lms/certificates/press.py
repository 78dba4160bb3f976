"""The press: the only place that loads ReportLab, and only when a paper is drawn."""

from lms.certificates.snapshot import Snapshot
from lms.people.rules import Refused


def check(snapshot: Snapshot) -> None:
    """Raises Refused, in words for the person who issues, when the paper can not be drawn."""
    from lms.certificates import paper  # noqa: PLC0415  (40 MB and 0.3 s that a web process may never need)
    try:
        paper.check(snapshot)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def draw(snapshot: Snapshot) -> bytes:
    """The paper: the same snapshot gives the same bytes."""
    from lms.certificates import paper  # noqa: PLC0415  (40 MB and 0.3 s that a web process may never need)
    return paper.draw(snapshot)
