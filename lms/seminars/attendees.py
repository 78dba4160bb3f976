"""Who attended, for how long and what it earned them: read for the office, the ledger and certificates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.people import queries as people
from lms.seminars import counting, presence, queries
from lms.seminars.counting import CreditRule, Earned
from lms.seminars.entries import RegistrationView, registrations
from lms.seminars.marks import Presence, Sitting
from lms.seminars.queries import SeminarView, SessionView
from lms.seminars.standing import OVER


@dataclass(frozen=True)
class Attendee:
    """One registrant with their presence in each session and what it comes to."""
    view: RegistrationView
    person_id: int | None               # whose account has that address, when there is one
    there: Mapping[int, Presence]
    earned: Earned

    def minutes(self, session_id: int) -> int:
        """Whole minutes."""
        found = self.there.get(session_id)
        return found.seconds // 60 if found else 0

    @property
    def seconds(self) -> int:
        return sum(there.seconds for there in self.there.values())


@dataclass(frozen=True)
class Count:
    """A seminar counted up: its rule, its sessions, and everybody."""
    seminar: SeminarView
    sessions: tuple[SessionView, ...]
    rule: CreditRule
    attendees: tuple[Attendee, ...]

    @property
    def possible(self) -> int:
        """Minutes of the sessions that count."""
        return sum(int((s.ends_at - s.starts_at).total_seconds()) // 60 for s in self.sessions if s.required)


def count(session: Session, seminar_id: int, now: datetime, registration_ids: Iterable[int] | None = None
          ) -> Count | None:
    """Everybody who is expected or was there, in the order of names. Six statements for any number of people."""
    seminar = queries.seminar(session, seminar_id)
    if seminar is None:
        return None
    sessions = queries.sessions(session, seminar_id)
    sittings = [Sitting(s.id, s.starts_at, s.ends_at) for s in sessions if s.required]
    rule = counting.read(seminar.credit_rule)
    there = presence.present(session, seminar_id, now, registration_ids)
    wanted = None if registration_ids is None else set(registration_ids)
    views = [v for v in registrations(session, seminar_id) if (wanted is None or v.id in wanted)
             and (v.state not in OVER or v.id in there)]
    accounts = people.ids_by_email(session, [v.email for v in views if v.person_id is None])
    return Count(seminar, sessions, rule, tuple(
        Attendee(v, v.person_id or accounts.get(v.email), found := dict(there.get(v.id, {})),
                 counting.earned(rule, found, sittings)) for v in views))


def attended(session: Session, seminar_id: int, now: datetime) -> list[Attendee]:
    """Those whose minutes earned hours, once the seminar is over; nobody before."""
    found = count(session, seminar_id, now)
    if found is None or found.seminar.state(now) != "over":
        return []
    return [a for a in found.attendees if a.earned.hours > Fraction(0)]
