"""What a verdict looks at beside marks, asked at once: hours, names, exceptions, recognised studies, closed actas."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from lms.actas import queries as actas
from lms.completion.facts import Closed, Recognised, Record, Waiver, holding
from lms.completion.models import Recognition, RequirementException
from lms.credits.rules import Entry, Hours, standing, total
from lms.foundation.database import Base, Instant

FEW = 500                               # people asked for by their ids; more are cheaper asked for all
CREDITS, PEOPLE, ENROLMENTS, ACTAS = (Base.metadata.tables[name] for name in (
    "credits", "people", "enrolments", "closed_actas"))
_E, _R = RequirementException.__table__.c, Recognition.__table__.c
COHORT, IDS = bindparam("cohort", type_=Integer), bindparam("people", type_=Integer, expanding=True)
_TEXT, _NUMBER, _DAY = cast(null(), Text), cast(null(), Integer), cast(null(), Date)


def parts(few: bool = True) -> list[Select[Any]]:
    """What credits.hours, people.certificate_names and actas.closed ask one by one, and this room's own facts: the
    student's page would pass its six statements otherwise. tests/web/test_completion.py holds it against them.

    Columns: part, person, five texts, number, which number it withdraws, day, moment. Parameters: cohort, and `people`
    where they are few.
    """
    def of(column: Any) -> Any:
        return column.in_(IDS) if few else column.in_(
            select(ENROLMENTS.c.person_id).where(ENROLMENTS.c.cohort_id == COHORT))
    author = PEOPLE.alias()
    by = author.c.given_names + literal(" ") + author.c.surname1
    return [
        select(literal("credit").label("part"), CREDITS.c.person_id.label("person"), CREDITS.c.kind.label("a"),
               type_coerce(CREDITS.c.hours, String).label("b"), CREDITS.c.title.label("c"), _TEXT.label("d"),
               _TEXT.label("e"), CREDITS.c.id.label("n"), CREDITS.c.withdraws_id.label("m"), CREDITS.c.day.label("day"),
               CREDITS.c.recorded_at.label("at")).where(CREDITS.c.cohort_id == COHORT, of(CREDITS.c.person_id)),
        select(literal("name"), PEOPLE.c.id, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _NUMBER, _NUMBER, _DAY,
               cast(null(), Instant)).where(of(PEOPLE.c.id), PEOPLE.c.certificate_name_confirmed_at.is_not(None),
                                            PEOPLE.c.certificate_name != ""),
        select(literal("waiver"), _E.person_id, _E.requirement, _E.reason, by, _TEXT, _TEXT, _E.id, _E.withdraws_id,
               _DAY, _E.at).join(author, author.c.id == _E.author_id).where(_E.cohort_id == COHORT, of(_E.person_id)),
        select(literal("study"), _R.person_id, _R.module, _R.reason, by, _R.study + literal("\n") + _R.institution,
               type_coerce(_R.share, String), _R.id, _R.withdraws_id, _R.finished_on, _R.at)
        .join(author, author.c.id == _R.author_id).where(_R.cohort_id == COHORT, of(_R.person_id)),
        select(literal("acta"), _NUMBER, ACTAS.c.module, ACTAS.c.snapshot, ACTAS.c.folio, ACTAS.c.sha256, _TEXT,
               ACTAS.c.sequence, ACTAS.c.acta_id, _DAY, ACTAS.c.closed_at).where(ACTAS.c.cohort_id == COHORT)]


ASKED = {few: union_all(*parts(few)) for few in (True, False)}


@dataclass
class Beside:
    """What was found, by person."""
    credits: dict[int, list[Entry]] = field(default_factory=dict)
    hours: dict[int, Hours] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    waivers: dict[int, dict[str, Waiver]] = field(default_factory=dict)
    recognised: dict[int, dict[str, Recognised]] = field(default_factory=dict)
    closed: dict[int, dict[str, Closed]] = field(default_factory=dict)

    def record(self, person: int, results: Any) -> Record:
        """With a person's module results, all that their verdict looks at."""
        return Record(results, self.hours.get(person, Hours()), person in self.named, self.closed.get(person, {}),
                      self.waivers.get(person, {}), self.recognised.get(person, {}),
                      tuple(self.credits.get(person, ())))


def beside(session: Session, cohort_id: int, person_ids: Collection[int]) -> Beside:
    """One statement."""
    session.flush()
    few = len(person_ids) <= FEW
    return folded(session.execute(ASKED[few], {"cohort": cohort_id, **({"people": list(person_ids)} if few else {})}))


def folded(rows: Iterable[Any]) -> Beside:
    """The rows of `parts` as facts that hold; rows of other parts are passed over."""
    found, entries, waivers, studies, records = Beside(), [], [], [], []
    for row in rows:
        part, person, a, b, c, d, e, n, m, day, at = row
        if part == "credit":
            entries.append(Entry(n, "", "", a, person, c, Fraction(b), day, withdraws_id=m))
        elif part == "name":
            found.named.add(person)
        elif part == "waiver":
            waivers.append(Waiver(n, person, a, b, c, at, m))
        elif part == "study":
            study, _newline, institution = d.partition("\n")
            share = None if e is None else Fraction(e)
            studies.append(Recognised(n, person, a, study, institution, b, c, at, day, share, m))
        elif part == "acta":
            records.append((n, a, c, m, at, d, b))
    for entry in standing(sorted(entries, key=lambda entry: (entry.day, entry.id))):
        found.credits.setdefault(entry.person_id, []).append(entry)
    found.hours = total(entries)
    for waiver in holding(waivers):
        found.waivers.setdefault(waiver.person_id, {})[waiver.requirement] = waiver
    for known in holding(studies):
        found.recognised.setdefault(known.person_id, {})[known.module] = known
    _close(found, records)
    return found


def _close(found: Beside, records: list[tuple[Any, ...]]) -> None:
    """Of each module the acta in force: the last."""
    last = {module: row for _sequence, module, *row in sorted(records, key=lambda record: record[0])}
    for module, (folio, acta_id, at, digest, snapshot) in last.items():
        for person, line in actas.view(folio, at, digest, snapshot).rows.items():
            found.closed.setdefault(person, {})[module] = Closed(folio, acta_id, at, line.state, line.share)
