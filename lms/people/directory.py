"""The office's reading: people found by name, one person in full, and the account its owner sees."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, column, exists, func, or_, select, table
from sqlalchemy.orm import Session, aliased

from lms.people.identifiers import label, masked
from lms.people.models import Affiliation, Institution, Person, PersonIdentifier, PersonPost, UserSession
from lms.people.names import Name, search_key
from lms.people.rules import ROLE_WORDS, Role, today

PAGE = 50                       # people on a page of the list
LONGEST_SEARCH = 80             # characters
# A post names its cohort by key, as the foreign key does, by the table's name: the room itself stands above this one.
COHORTS = table("cohorts", column("id"), column("code"))


@dataclass(frozen=True)
class PostView:
    id: int
    person_id: int
    role: str
    words: str                  # "Docente"
    cohort: str                 # its code, "" for the whole Escuela
    institution: str
    module: str
    granted_at: datetime
    granted_by: str
    starts_on: date | None
    ends_on: date | None
    ended_at: datetime | None
    holds: bool                 # now
    cohort_id: int | None


@dataclass(frozen=True)
class Row:
    """A person in the list."""
    id: int
    formal: str
    email: str
    state: str                  # active | invited | closed
    posts: tuple[PostView, ...]


@dataclass(frozen=True)
class Document:
    id: int
    label: str
    country: str
    masked: str
    declared: bool = False          # by the person alone


@dataclass(frozen=True)
class Office:
    """An office held in an institution."""
    id: int
    office: str
    institution: str
    ends_on: date | None


def state(person: Person) -> str:
    return "closed" if person.closed_at else "active" if person.password_hash else "invited"


def find(session: Session, now: datetime, words: str = "", role: str = "", page: int = 1) -> tuple[list[Row], int]:
    """People whose name or address holds every word, in Spanish order, and how many there are on all pages."""
    wanted = [*_matching(words), *([_holds(role, now)] if role else [])]
    count = session.scalar(select(func.count(Person.id)).where(*wanted)) or 0
    people = session.scalars(select(Person).where(*wanted).order_by(Person.sort_key, Person.id)
                             .limit(PAGE).offset((page - 1) * PAGE)).all()
    held = posts(session, now, [p.id for p in people])
    return [Row(p.id, Name(p.given_names, p.surname1, p.surname2).formal, p.email, state(p),
                tuple(post for post in held if post.person_id == p.id and post.holds)) for p in people], count


def ids_matching(session: Session, words: str, most: int = 200) -> list[int]:
    return list(session.scalars(select(Person.id).where(*_matching(words)).limit(most)))


def person(session: Session, person_id: int) -> Person | None:
    """The row itself: it stays within this room."""
    return session.get(Person, person_id)


def posts(session: Session, now: datetime, person_ids: list[int]) -> list[PostView]:
    """What these people hold and held, the newest first."""
    granter, day = aliased(Person), today(now)
    rows = session.execute(
        select(PersonPost, COHORTS.c.code, Institution.short_name, Institution.name, granter.given_names,
               granter.surname1, granter.surname2)
        .outerjoin(COHORTS, COHORTS.c.id == PersonPost.cohort_id)
        .outerjoin(Institution, Institution.id == PersonPost.institution_id)
        .outerjoin(granter, granter.id == PersonPost.granted_by)
        .where(PersonPost.person_id.in_(person_ids)).order_by(PersonPost.id.desc()))
    return [PostView(
        p.id, p.person_id, p.role, ROLE_WORDS[Role(p.role)], code or "", short or name or "", p.module or "",
        p.granted_at, Name(*by).full if by[0] else "", p.starts_on, p.ends_on, p.ended_at,
        p.ended_at is None and (p.starts_on is None or p.starts_on <= day) and (p.ends_on is None or day <= p.ends_on),
        p.cohort_id)
        for p, code, short, name, *by in rows]


def documents(session: Session, person_id: int) -> list[Document]:
    rows = session.scalars(select(PersonIdentifier).where(PersonIdentifier.person_id == person_id)
                           .order_by(PersonIdentifier.id))
    return [Document(d.id, label(d.kind), d.country, masked(d.value), d.declared) for d in rows]


def offices(session: Session, person_id: int) -> list[Office]:
    rows = session.execute(select(Affiliation, Institution.name)
                           .join(Institution, Institution.id == Affiliation.institution_id)
                           .where(Affiliation.person_id == person_id).order_by(Affiliation.id.desc()))
    return [Office(a.id, a.office, name, a.ends_on) for a, name in rows]


def live_sessions(session: Session, person_id: int, now: datetime) -> list[UserSession]:
    """Where this person is signed in, the last used first."""
    return list(session.scalars(select(UserSession).where(
        UserSession.person_id == person_id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.seen_at.desc())))


def cohorts(session: Session) -> list[tuple[int, str]]:
    """(id, code) of every cohort, the newest first."""
    return [(row.id, row.code) for row in session.execute(select(COHORTS).order_by(COHORTS.c.id.desc()))]


def _matching(words: str) -> list[ColumnElement[bool]]:
    """One condition a word. `%` and `_` are letters like any other."""
    conditions = []
    for word in words[:LONGEST_SEARCH].split()[:6]:
        by_name = Person.search_key.contains(search_key(word), autoescape=True)
        conditions.append(or_(by_name, Person.email.contains(word.casefold(), autoescape=True))
                          if search_key(word) else Person.email.contains(word.casefold(), autoescape=True))
    return conditions


def _holds(role: str, now: datetime) -> ColumnElement[bool]:
    day = today(now)
    return exists().where(and_(
        PersonPost.person_id == Person.id, PersonPost.role == role, PersonPost.ended_at.is_(None),
        or_(PersonPost.starts_on.is_(None), PersonPost.starts_on <= day),
        or_(PersonPost.ends_on.is_(None), PersonPost.ends_on >= day)))
