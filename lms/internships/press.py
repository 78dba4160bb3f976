"""The press: the only place of this room that loads ReportLab, and only when a sheet of a journey is drawn."""

from lms.internships.travel import Journey
from lms.people.rules import Refused

LATE = "40 MB and 0.3 s that a web process may never need"


def travel_sheet(told: Journey) -> bytes:
    """The sheet; raises Refused when it can not be drawn."""
    from lms.internships import travel_paper  # noqa: PLC0415  (see LATE)
    try:
        return travel_paper.draw(told)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
