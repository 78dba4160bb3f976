"""What the making of the demonstration needs at hand: its people by name, its clock, and how the ledger is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.certificates.actions import Shop
from lms.cohorts.queries import CohortView
from lms.credits import actions as credits
from lms.foundation.database import Database
from lms.foundation.outbox import OutboxJob
from lms.foundation.vault import Vault
from lms.people import actions as people
from lms.seminars.asking import ERASES
from lms.seminars.letters import Desk
from lms.seminars.rules import instant


@dataclass
class Demo:
    """What the making of the world needs at hand."""
    session: Session
    shop: Shop
    now: datetime
    base_url: str
    random: Random
    password_hash: str
    key: str
    vault: Vault
    staff: dict[str, int] = field(default_factory=dict)
    institutions: dict[str, int] = field(default_factory=dict)
    enrolled: dict[str, list[int]] = field(default_factory=dict)        # by country, in the order of cast.figures

    @property
    def office(self) -> int:
        return self.staff["oficina"]

    @property
    def desk(self) -> Desk:
        return Desk(self.base_url, self.key)

    def person(self, email: str, given: str, surname1: str, surname2: str | None, when: datetime,
               document: tuple[str, str, str] | None = None) -> int:
        made = people.invite(self.session, None, when, email=email, given_names=given, surname1=surname1,
                             surname2=surname2, identifier=document, base_url=self.base_url, mailed=False)
        people.adopt_password(self.session, made, self.password_hash)
        return made

    def institution(self, kind: str, name: str, short: str, country: str, city: str, when: datetime) -> int:
        """The one of that name, added when it is not there."""
        if name not in self.institutions:
            self.institutions[name] = people.add_institution(self.session, self.staff.get("oficina"), when, kind, name,
                                                             short, country, city)
        return self.institutions[name]

    def day(self, days: int) -> date:
        """So many days from today."""
        return (self.now + timedelta(days=days)).date()

    def monday(self, days: int) -> date:
        """The Monday of the week that so many days lead to; of what is to come, none about the end of the year."""
        day = self.day(days)
        day -= timedelta(days=day.weekday())
        while days > 0 and ((day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 1)):
            day += timedelta(days=7)
        return day


def at(day: date, clock: str, zone: str) -> datetime:
    """A wall time as an instant."""
    return instant(datetime.combine(day, time.fromisoformat(clock)), zone, "")


class Here(Database):
    """A database seen from inside the one transaction in which the world is made."""

    def __init__(self, session: Session):
        self.session = session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        yield self.session


def told(demo: Demo, cohort: CohortView, when: datetime, name: str, group: str, facts: list[Any]) -> None:
    """The ledger takes what a source of the house says, as the scheduled asking does."""
    new, known, refused = credits.take_all(demo.session, when, cohort, name, group, facts)
    credits.note_pull(demo.session, None, when, cohort.id, name, taken=new, known=known, refused=refused, error="",
                      ms=4, asked_by="schedule")


def delivered(demo: Demo) -> None:
    """What was to be sent and done up to here was, in its time: letters of weeks ago do not go out today. What people
    said of their needs is left to be erased in earnest."""
    demo.session.flush()
    demo.session.execute(update(OutboxJob).where(
        OutboxJob.done_at.is_(None), OutboxJob.run_after <= demo.now, OutboxJob.kind != ERASES).values(
        done_at=OutboxJob.run_after, payload="{}"))
