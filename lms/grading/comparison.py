"""How one's grade stands among the group's, where the office allows it: quartiles, and nobody's grade but one's own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.grading import policies, queries
from lms.grading.comparing import allowed
from lms.grading.rules import ModuleResult, Scale, grade

LEAST = 5                       # people with a grade, under which nothing is told of a group


@dataclass(frozen=True)
class Among:
    """One's grade in a module beside the group's, on one's own scale."""
    module: str
    own: Decimal
    low: Decimal                # a quarter of the group has this or less
    middle: Decimal             # half of it
    high: Decimal               # three quarters
    scale: Scale

    def place(self, value: Decimal, width: int) -> Decimal:
        """Where a grade stands on a line of this width, from the least grade to the greatest."""
        low, high = self.scale.minimum, self.scale.maximum
        return ((value - low) / (high - low) * width).quantize(Decimal("0.1"))


def among(module: str, own: Fraction, shares: Collection[Fraction], shown: Scale, home: Scale) -> Among | None:
    """None where fewer than LEAST have a grade. `shares`: the group's, one's own among them."""
    if len(shares) < LEAST:
        return None
    grades = sorted(Fraction(grade(share, shown, home).value) for share in shares)
    low, middle, high = (shown.rounded(_quantile(grades, Fraction(n, 4))) for n in (1, 2, 3))
    return Among(module, grade(own, shown, home).value, low, middle, high, shown)


def _quantile(ordered: list[Fraction], part: Fraction) -> Fraction:
    """Between two grades, in proportion."""
    place = (len(ordered) - 1) * part
    first = int(place)
    after = ordered[min(first + 1, len(ordered) - 1)]
    return ordered[first] + (after - ordered[first]) * (place - first)


def mine(session: Session, cohort: CohortView, programme: Programme, results: Mapping[str, ModuleResult]
         ) -> dict[str, Among]:
    """Module -> how one's published grade stands among the published grades of who takes part; nothing where the
    office has not allowed it. Three statements for any number of people, none where it is not allowed."""
    if not allowed(session, cohort.id):
        return {}
    people = [e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at]
    group = queries.results(session, cohort, programme, people)
    by = policies.of(session, cohort.id, cohort.country)
    found = (among(code, own.share, _shares(code, group.values()), by.shown[0], by.home)
             for code, own in results.items() if own.share is not None and not own.status)
    return {one.module: one for one in found if one}


def _shares(code: str, group: Iterable[Mapping[str, ModuleResult]]) -> list[Fraction]:
    return [r.share for one in group if (r := one[code]).share is not None and not r.status]
