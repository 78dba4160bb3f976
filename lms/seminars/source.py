"""The built-in source of seminar attendance: it tells the ledger what the marks come to, as anyone else's would."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.credits import queries as credits
from lms.credits.rules import Attended, Entry, standing
from lms.foundation.database import Database
from lms.people import queries as people
from lms.seminars import attendees, presence, queries
from lms.seminars.attendees import Attendee, Count

GROUP, NAME = "lms.seminars", "seminarios"


class Seminars:
    """What is over, counted by its rule. A count that changes later is a withdrawal and a new fact."""

    def __init__(self, database: Database, clock: Callable[[], datetime]):
        self.database, self.clock = database, clock

    def attendance(self, cohort: str, since: datetime | None) -> Iterable[Attended]:
        with self.database.reading() as session:
            return list(self._told(session, cohort))

    def _told(self, session: Session, code: str) -> Iterator[Attended]:
        if (cohort := cohorts.by_code(session, code)) is None:
            return
        students = {e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at}
        names = people.by_id(session, students)
        before: dict[str, Entry] = {}
        for entry in standing(credits.entries(session, cohort.id)):
            if entry.source == NAME:
                before[_whose(entry.reference)] = entry
        for seminar in queries.seminars(session, published_only=True):
            if seminar.state(self.clock()) in ("over", "cancelled"):
                count = attendees.count(session, seminar.id, self.clock())
                for attendee in count.attendees if count else ():
                    if attendee.person_id in students and count:
                        who = names[attendee.person_id].email
                        yield from self._changed(session, count, attendee, who, before)

    def _changed(self, session: Session, count: Count, one: Attendee, email: str, before: dict[str, Entry]
                 ) -> Iterator[Attended]:
        seminar = count.seminar
        hours = Fraction(0) if seminar.cancelled_at else one.earned.hours
        whose = f"seminar:{seminar.id}:{one.view.id}"
        day = (seminar.ends_at or self.clock()).astimezone(ZoneInfo(seminar.time_zone)).date()
        old = before.get(whose)
        if old is not None and old.hours == hours:
            yield Attended(old.reference, email, old.title, old.hours, old.day)
            return
        if old is not None:
            yield Attended(old.reference, email, old.title, old.hours, old.day, withdrawn=True)
        if hours:
            last = max((m.id for m in presence.marks(session, seminar.id, [one.view.id])[one.view.id]), default=0)
            yield Attended(f"{whose}:{last}:{hours}", email, seminar.title, hours, day)


def _whose(reference: str) -> str:
    """Of "seminar:12:77:301:12": whose seminar attendance it is, whatever it came to."""
    return ":".join(reference.split(":")[:3])
