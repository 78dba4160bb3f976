"""The facts of seminars and internships, as papers say them, from the rooms that keep them."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.certificates.facts import AttendanceFacts, Facts, InternshipFacts
from lms.foundation.language import local
from lms.internships import queries as internships
from lms.people import countries
from lms.seminars import attendees


def attended(session: Session, seminar_id: int, now: datetime, language: str) -> list[AttendanceFacts]:
    """Everybody of a seminar who is expected or was there; until it is over nobody has earned anything."""
    counted = attendees.count(session, seminar_id, now)
    if counted is None or counted.seminar.starts_at is None or counted.seminar.ends_at is None:
        return []
    seminar, over = counted.seminar, counted.seminar.state(now) == "over"
    first, last = (local(at, seminar.time_zone).date() for at in (counted.seminar.starts_at, counted.seminar.ends_at))
    return [AttendanceFacts(
        seminar.id, one.view.id, one.person_id, one.view.name, one.view.email,
        one.earned.hours if over else Fraction(0), seminar.titles.get(language) or seminar.title, seminar.city,
        seminar.mode == "online", seminar.organisers, first, last, over,
        one.view.language[:2], seminar.titles) for one in counted.attendees]


def closed(session: Session, cohort_id: int) -> list[InternshipFacts]:
    """The closed placements of a cohort: what was frozen with their closing."""
    return [InternshipFacts(one.id, one.person_id, one.host, f"{one.city}, {countries.name(one.country)}",
                            one.starts_on, one.ends_on, one.hours, one.credits, one.grade_written)
            for one in internships.closed(session, cohort_id)]


FACTS = Facts(attended, closed)
