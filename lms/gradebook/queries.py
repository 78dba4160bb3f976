"""What the gradebook shows of a cohort: as many statements for a thousand people as for ten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Module, Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.gradebook.layout import book
from lms.gradebook.rules import FINAL, Book, Column, columns, shown
from lms.grading import queries as grading
from lms.grading.queries import Policies, policies_of
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import search_key


@dataclass(frozen=True)
class Seen:
    """A gradebook with the people of its lines."""
    cohort: CohortView
    programme: Programme
    module: Module | None
    policies: Policies
    book: Book
    people: dict[int, PersonView]
    places: dict[int, str]          # what each is and where: "Concejala, Municipalidad de Pucón"


def programme_of(session: Session, cohort: CohortView) -> Programme:
    return catalogue.programme(session, cohort.edition_id)


def taking_part(session: Session, cohort_id: int, words: str = "") -> dict[int, PersonView]:
    """Who takes part, by surname; with `words`, those whose name or address has them."""
    found = people.by_id(session, cohorts.taking_part(session, cohort_id))
    wanted = search_key(words).split()
    return {i: p for i, p in sorted(found.items(), key=lambda pair: pair[1].sort_key)
            if not wanted or all(word in search_key(f"{p.formal} {p.email}") for word in wanted)}


def seen(session: Session, cohort: CohortView, programme: Programme, who: dict[int, PersonView], *,
         module: Module | None = None, modules: Collection[str] | None = None, view: str = "todas",
         wanted: Sequence[Column] = ()) -> Seen:
    """`modules`: those the actor has to do with; None: all of them, and the final grade. `wanted`: other columns."""
    wanted = wanted or [c for c in columns(programme, module) if modules is None or c.module in modules]
    asked = None if any(c.module == FINAL for c in wanted) else {c.module for c in wanted}
    results = grading.results(session, cohort, programme, who, released_only=False, modules=asked)
    by = policies_of(session, cohort.id, cohort.country)
    found = shown(book(programme, results, who, wanted, by.home, grading.by_hand(session, cohort.id)), view)
    ids: Sequence[int] = [line.person_id for line in found.lines]
    return Seen(cohort, programme, module, by, found, {i: who[i] for i in ids}, people.affiliations(session, ids))
