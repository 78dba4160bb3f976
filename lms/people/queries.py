"""People, institutions and posts as others may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lms.people.emails import BadEmail, normal, skeleton
from lms.people.identifiers import label, shown
from lms.people.models import Affiliation, Institution, Person, PersonIdentifier, PersonPost, UserSession
from lms.people.names import Name
from lms.people.rules import Actor, Post, Role, is_staff, today

PERSON = (Person.id, Person.email, Person.given_names, Person.surname1, Person.surname2, Person.sort_key)
# Almost every page asks these two: of the tables and made once (such a select does not flush what is pending).
_S, _P, _O = UserSession.__table__.c, Person.__table__.c, PersonPost.__table__.c
_PERSON = (_P.id, _P.email, _P.given_names, _P.surname1, _P.surname2, _P.sort_key)
ACTOR = (select(_S.id, _S.created_at, _S.seen_at, *_PERSON, _P.time_zone, _P.language, _O.role, _O.cohort_id,
                _O.institution_id, _O.module, _O.starts_on, _O.ends_on)
         .select_from(UserSession.__table__.join(Person.__table__, _P.id == _S.person_id).outerjoin(
             PersonPost.__table__, and_(_O.person_id == _P.id, _O.ended_at.is_(None))))
         .where(_S.token_hash == bindparam("hash"), _S.ended_at.is_(None), _S.expires_at > bindparam("now"),
                _P.closed_at.is_(None)))
BY_ID = select(*_PERSON).where(_P.id.in_(bindparam("ids", expanding=True))).order_by(_P.sort_key)


@dataclass(frozen=True)
class PersonView:
    """A person as other rooms know them."""
    id: int
    email: str
    name: str               # "María Elena Núñez Ibáñez"
    formal: str             # "Núñez Ibáñez, María Elena"
    initials: str
    sort_key: str


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def actor_by_token(session: Session, token: str, now: datetime) -> Actor | None:
    """Whose live session this is, with the posts held today. One statement."""
    session.flush()
    rows = session.execute(ACTOR, {"hash": token_hash(token), "now": now}).all()
    if not rows:
        return None
    first, day = rows[0], today(now)
    name = Name(first.given_names, first.surname1, first.surname2)
    posts = frozenset(
        Post(Role(r.role), r.cohort_id, r.institution_id, r.module) for r in rows
        if r.role and (r.starts_on is None or r.starts_on <= day) and (r.ends_on is None or day <= r.ends_on))
    return Actor(first[3], name.full, name.initials, first.email, posts, first.time_zone, first.language, first[0],
                 first.created_at.timestamp(), first.seen_at)


def _view(row: object) -> PersonView:
    name = Name(row.given_names, row.surname1, row.surname2)  # type: ignore[attr-defined]
    return PersonView(row.id, row.email, name.full, name.formal, name.initials, row.sort_key)  # type: ignore[attr-defined]


def by_id(session: Session, ids: Iterable[int]) -> dict[int, PersonView]:
    """Person id -> view, in Spanish order of surnames."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    session.flush()
    rows = session.execute(BY_ID, {"ids": wanted})
    return {row.id: _view(row) for row in rows}


def ids_by_email(session: Session, emails: Iterable[str]) -> dict[str, int]:
    """Address, as accounts keep it -> whose it is. One statement, however many; none for none."""
    wanted = list(emails)
    if not wanted:
        return {}
    rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(wanted)))
    return {row.email: row.id for row in rows}


def by_email(session: Session, email: str) -> PersonView | None:
    """Whose address this is, however it was typed."""
    try:
        row = session.execute(select(*PERSON).where(Person.email == normal(email))).one_or_none()
    except BadEmail:
        return None
    return _view(row) if row else None


def document(session: Session, person_id: int, country: str) -> str:
    """The document a paper names: the one of that country first ("RUN 12.531.909-2"); "" when none is verified."""
    rows = session.execute(select(PersonIdentifier.kind, PersonIdentifier.country, PersonIdentifier.value)
                           .where(PersonIdentifier.person_id == person_id, ~PersonIdentifier.declared)
                           .order_by(PersonIdentifier.id)).all()
    best = sorted(rows, key=lambda r: (r.country != country, r.kind == "ar_cuil"))
    return f"{label(best[0].kind)} {shown(best[0].kind, best[0].value)}" if best else ""


def documents(session: Session, person_ids: Iterable[int], country: str, declared: bool = False) -> dict[int, str]:
    """Person id -> the document a paper names, as `document` says it; who has none is absent. One statement.
    `declared`: those that people told of themselves and nobody has verified, which no paper names."""
    rows = session.execute(select(PersonIdentifier.person_id, PersonIdentifier.kind, PersonIdentifier.country,
                                  PersonIdentifier.value).where(PersonIdentifier.person_id.in_(list(person_ids)),
                                                                PersonIdentifier.declared == declared)
                           .order_by(PersonIdentifier.id)).all()
    best: dict[int, str] = {}
    for row in sorted(rows, key=lambda r: (r.country != country, r.kind == "ar_cuil")):
        best.setdefault(row.person_id, f"{label(row.kind)} {shown(row.kind, row.value)}")
    return best


@dataclass(frozen=True)
class InstitutionView:
    id: int
    kind: str
    name: str
    short_name: str
    country: str
    city: str


def institutions(session: Session, *kinds: str) -> list[InstitutionView]:
    query = select(Institution).order_by(Institution.sort_key)
    if kinds:
        query = query.where(Institution.kind.in_(kinds))
    return [InstitutionView(i.id, i.kind, i.name, i.short_name, i.country, i.city) for i in session.scalars(query)]


def institutions_by_id(session: Session, ids: Iterable[int]) -> dict[int, InstitutionView]:
    wanted = {i for i in ids if i}
    return {i.id: i for i in institutions(session) if i.id in wanted} if wanted else {}


def holders(session: Session, role: Role, cohort_id: int | None) -> list[tuple[PersonView, Post]]:
    """Who holds a role in a cohort now (or, with None, everywhere)."""
    rows = session.execute(
        select(PersonPost.role, PersonPost.cohort_id, PersonPost.institution_id, PersonPost.module, *PERSON)
        .join(Person, Person.id == PersonPost.person_id)
        .where(PersonPost.role == role, PersonPost.ended_at.is_(None),
               PersonPost.cohort_id.is_not_distinct_from(cohort_id))
        .order_by(Person.sort_key)).all()
    return [(_view(row), Post(Role(row[0]), *row[1:4])) for row in rows]


def certificate_name(session: Session, person_id: int) -> tuple[str, datetime | None]:
    """The name as it will be printed, and when the person confirmed it; until then, the name of the account."""
    row = session.execute(select(Person.certificate_name, Person.certificate_name_confirmed_at, Person.given_names,
                                 Person.surname1, Person.surname2).where(Person.id == person_id)).one()
    return row[0] or Name(*row[2:]).full, row[1]


def certificate_names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Person id -> the name to be printed, of those who have confirmed it."""
    rows = session.execute(select(Person.id, Person.certificate_name).where(
        Person.id.in_(list(person_ids)), Person.certificate_name_confirmed_at.is_not(None)))
    return {person_id: name for person_id, name in rows if name}


def affiliations(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Person id -> "Concejala, Municipalidad de Pucón", for those who hold an office now; the latest recorded wins."""
    rows = session.execute(select(Affiliation.person_id, Affiliation.office, Institution.name)
                           .join(Institution, Institution.id == Affiliation.institution_id)
                           .where(Affiliation.person_id.in_(set(person_ids)), Affiliation.ends_on.is_(None))
                           .order_by(Affiliation.id))
    return {person_id: f"{office}, {name}" for person_id, office, name in rows}


def with_offices(session: Session, person_ids: Iterable[int]) -> dict[int, tuple[PersonView, str]]:
    """Person id -> (view, "Concejala, Municipalidad de Pucón" or ""): `by_id` and `affiliations` in one statement."""
    session.flush()
    rows = session.execute(
        select(*_PERSON, Affiliation.office, Institution.name.label("institution"))
        .outerjoin(Affiliation, (Affiliation.person_id == _P.id) & Affiliation.ends_on.is_(None))
        .outerjoin(Institution, Institution.id == Affiliation.institution_id)
        .where(_P.id.in_(set(person_ids))).order_by(_P.sort_key, Affiliation.id))
    return {row.id: (_view(row), f"{row.office}, {row.institution}" if row.office else "") for row in rows}


@dataclass(frozen=True)
class Account:
    """Someone who has an account, as a roster needs to know them. `documents`: (kind, country, canonical value)."""
    id: int
    email: str
    name: Name
    documents: frozenset[tuple[str, str, str]]
    staff: bool             # holds a post other than a student's


def accounts(session: Session, emails: Iterable[str], documents: Iterable[tuple[str, str, str]]) -> list[Account]:
    """Whose accounts these addresses (or their twins) and documents are; four statements for any number. Nobody is
    known by a document that they only declared."""
    keys, numbers = {skeleton(email) for email in emails}, set(documents)
    holders = session.execute(select(PersonIdentifier.person_id, PersonIdentifier.kind, PersonIdentifier.country,
                                     PersonIdentifier.value).where(
        PersonIdentifier.value.in_({value for _kind, _country, value in numbers}), ~PersonIdentifier.declared))
    ids = {row.person_id for row in holders if tuple(row[1:]) in numbers}
    rows = session.execute(select(*PERSON).where(or_(Person.email_key.in_(keys), Person.id.in_(ids)))).all()
    found = {row.id for row in rows}
    theirs: dict[int, set[tuple[str, str, str]]] = {}
    for person_id, *document in session.execute(select(
            PersonIdentifier.person_id, PersonIdentifier.kind, PersonIdentifier.country, PersonIdentifier.value)
            .where(PersonIdentifier.person_id.in_(found), ~PersonIdentifier.declared)):
        theirs.setdefault(person_id, set()).add(tuple(document))
    roles: dict[int, set[Role]] = {}
    for person_id, role in session.execute(select(PersonPost.person_id, PersonPost.role).where(
            PersonPost.person_id.in_(found), PersonPost.ended_at.is_(None))):
        roles.setdefault(person_id, set()).add(Role(role))
    return [Account(row.id, row.email, Name(row.given_names, row.surname1, row.surname2),
                    frozenset(theirs.get(row.id, ())), is_staff(frozenset(roles.get(row.id, ())))) for row in rows]


def anyone(session: Session) -> bool:
    """Is there any account in this database?"""
    return session.scalar(select(Person.id).limit(1)) is not None
