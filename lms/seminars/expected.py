"""Who is expected at the door and who is on a session's list, by name: the same people, read in one statement."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people import names
from lms.seminars.models import Registration, RegistrationEvent

GONE = ("cancelled", "refused", "expired")


@dataclass(frozen=True)
class Expected:
    """Someone who may come. `code` is their ticket: not shown to anybody."""
    id: int
    code: str
    short_code: str
    name: str
    formal: str
    email: str
    person_id: int | None
    kind: str
    institution: str
    office: str
    country: str
    language: str
    state: str


def expected(session: Session, seminar_id: int, asked: str = "", registration_id: int | None = None) -> list[Expected]:
    """Who has not cancelled, in the order of names; `asked` narrows by parts of name, institution or short code."""
    state = (select(RegistrationEvent.kind).where(RegistrationEvent.registration_id == Registration.id)
             .order_by(RegistrationEvent.id.desc()).limit(1).scalar_subquery())
    query = select(Registration.id, Registration.code, Registration.short_code, Registration.given_names,
                   Registration.surname1, Registration.surname2, Registration.email, Registration.person_id,
                   Registration.kind, Registration.institution, Registration.office, Registration.country,
                   Registration.language, state).where(Registration.seminar_id == seminar_id)
    if registration_id is not None:
        query = query.where(Registration.id == registration_id)
    found = []
    for id, code, short, given, surname1, surname2, *rest in session.execute(
            query.order_by(Registration.sort_key, Registration.id)):
        name = names.Name(given, surname1, surname2)
        found.append(Expected(id, code, short, name.full, name.formal, *rest[:-1], rest[-1] or ""))
    parts = names.search_key(asked).split()
    return [e for e in found if (registration_id is not None or e.state not in GONE)
            and all(part in names.search_key(f"{e.name} {e.institution} {e.short_code}") for part in parts)]
