"""The institutions people belong to: the Escuela, universities, municipalities and their associations."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.people.models import Institution
from lms.people.names import search_key, sort_key
from lms.people.rules import Refused, tidied


def add_institution(session: Session, actor_id: int | None, now: datetime, kind: str, name: str, short_name: str,
                    country: str, city: str) -> int:
    made = Institution()
    _describe(session, made, kind, name, short_name, country, city)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "institution.added", f"institution:{made.id}")
    return made.id


def change_institution(session: Session, actor_id: int, now: datetime, institution_id: int, kind: str, name: str,
                       short_name: str, country: str, city: str) -> None:
    found = session.get_one(Institution, institution_id)
    before = found.name
    _describe(session, found, kind, name, short_name, country, city)
    audit.record(session, actor_id, now, "institution.changed", f"institution:{institution_id}", before=before,
                 after=found.name)


def _describe(session: Session, to: Institution, kind: str, name: str, short_name: str, country: str,
              city: str) -> None:
    name = tidied(name, "Nombre", "name", 200)
    for other_id, other in session.execute(select(Institution.id, Institution.name)):
        if other_id != to.id and search_key(other) == search_key(name):
            raise Refused(f"Ya existe «{other}».", "name")
    to.kind, to.country, to.name, to.sort_key = kind, country, name, sort_key(name)[:300]
    to.short_name = tidied(short_name, "Nombre corto", "short_name", 60, needed=False)
    to.city = tidied(city, "Ciudad", "city", 120, needed=False)
