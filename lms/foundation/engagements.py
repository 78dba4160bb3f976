"""What holds people at a time, told by rooms that do not know each other: where a stay abroad and a seminar meet.

A room registers a question at start (`add`); whoever draws a calendar asks them all, each in its statement.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

KEY = "engagements"


@dataclass(frozen=True)
class Engagement:
    """One thing at which a person is expected."""
    person_id: int
    what: str                       # "sesión «Apertura» del seminario «Descentralización»"
    starts_at: datetime
    ends_at: datetime
    zone: str
    at_a_distance: bool = False     # it can be attended online


Ask = Callable[[Session, Mapping[int, str], datetime, datetime], Iterable[Engagement]]        # person -> address


def add(app: Flask, room: str, ask: Ask) -> None:
    app.extensions.setdefault(KEY, {})[room] = ask


def engagements(app: Flask, session: Session, people: Mapping[int, str], since: datetime, until: datetime
                ) -> list[Engagement]:
    """Of these people between two moments, the first first. A statement for each room that has any to tell."""
    asked: dict[str, Ask] = app.extensions.get(KEY, {})
    found = [one for ask in asked.values() for one in ask(session, people, since, until)] if people else []
    return sorted(found, key=lambda one: (one.starts_at, one.person_id, one.what))
