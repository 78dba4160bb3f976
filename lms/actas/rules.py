"""What an acta says, who it still lacks, how it is hashed and numbered. Pure: nothing here knows a database."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from stdnum.iso7064 import mod_97_10

from lms.grading.rules import Grade, ModuleResult

SERIES = "EGA"
SHAPE = re.compile(r"[A-Z]{2,10}[0-9]{12}")
BEGINNING = "0" * 64                    # what the first record of the chain follows
GRADED = ("approved", "failed")
DECIDED = ("absent", "free", "regular", "pending", "withdrawn")    # what a person says of who has no grade
# A word for each country where it says it otherwise; the meaning is one.
STATES = {
    "CL": {"approved": "aprobado", "failed": "reprobado", "absent": "ausente", "free": "libre", "regular": "regular",
           "withdrawn": "retirado", "pending": "pendiente"},
    "AR": {"approved": "aprobado", "failed": "desaprobado", "absent": "ausente", "free": "libre", "regular": "regular",
           "withdrawn": "retirado", "pending": "pendiente"},
}
MEANS = {
    "absent": "Inscrito que no se presentó: no tiene calificación.",
    "free": "Perdió la condición de regular, o no la tuvo.",
    "regular": "Cumplió asistencia y parciales; le falta la evaluación final.",
    "pending": "Se resolverá después: hará falta un acta rectificatoria.",
    "withdrawn": "Dejó el módulo antes de terminarlo.",
}


@dataclass(frozen=True)
class Row:
    """One person of an acta. The grade is kept as it was presented: no later policy changes it."""
    person_id: int
    document: str                       # "RUN 12.531.909-2"
    name: str                           # "Núñez Ibáñez, María Elena"
    state: str                          # approved | failed | absent | free | regular | withdrawn | pending | ""
    grade_home: Decimal | None = None   # on the scale that decides who passes
    words: str = ""                     # of that grade: "cinco coma ocho"
    shown: Mapping[str, str] | None = None      # scale id -> figures: "5,8"
    spelled: Mapping[str, str] | None = None    # scale id -> words
    share: Fraction | None = None       # exact: what completion and later actas compare
    raw: str = ""                       # the home grade before rounding, exact: how it was rounded
    attendance: Fraction | None = None  # 0..1
    passed: bool | None = None

    @property
    def result(self) -> str:
        """How a module's result says it (grading.values.ModuleResult.status)."""
        if self.state == "approved" and self.share is None:
            return "exempt"
        return "absent" if self.state == "absent" else ""

    @property
    def judged(self) -> tuple[str, Fraction | None]:
        """What makes two rows say the same of a person: the exact share of who has a grade, whatever a scale chosen
        later would make of it; the situation of who has none."""
        return ("graded" if self.state in GRADED and self.share is not None else self.state), self.share


@dataclass(frozen=True)
class Measure:
    """The scale policy an acta was made with, as it will always be told."""
    id: str
    name: str
    place: str


@dataclass(frozen=True)
class Signer:
    person_id: int
    name: str
    institution: str = ""


@dataclass(frozen=True)
class Content:
    """Everything that is signed. The same facts give the same bytes."""
    cohort_id: int
    cohort: str                         # "CL-2027"
    country: str
    programme: str
    module: str                         # "G1"
    title: str
    hours: int
    credits: tuple[str, ...]
    begins: str                         # ISO days, or ""
    ends: str
    bodies: tuple[tuple[str, str], ...]         # (institution, country)
    home: str                           # id of the scale that decides
    own: str                            # id of the scale of the cohort's country
    measures: tuple[Measure, ...]
    signers: tuple[Signer, ...]
    rows: tuple[Row, ...]
    rectifies: str = ""                 # folio
    rectifies_on: str = ""              # ISO day
    reason: str = ""
    resolution: str = ""
    changed: tuple[tuple[int, str], ...] = ()   # (person, what the acta it rectifies said: "5,3, aprobado")

    def to_json(self) -> str:
        return canonical(asdict(self)).decode()

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Content":
        """Raises ValueError when it is not an acta's content: nothing is read with parts left out."""
        try:
            return cls(**{**found, "credits": tuple(found["credits"]),
                          "bodies": tuple((name, country) for name, country in found["bodies"]),
                          "measures": tuple(Measure(**one) for one in found["measures"]),
                          "signers": tuple(Signer(**one) for one in found["signers"]),
                          "rows": tuple(_row(one) for one in found["rows"]),
                          "changed": tuple((person, said) for person, said in found["changed"])})
        except (TypeError, KeyError, ArithmeticError) as wrong:
            raise ValueError(f"not an acta: {wrong}") from wrong

    @property
    def digest(self) -> str:
        return digest(self.to_json().encode())

    @property
    def states(self) -> dict[str, str]:
        """The words of its country."""
        return STATES.get(self.country, STATES["CL"])

    @property
    def by_person(self) -> dict[int, Row]:
        return {row.person_id: row for row in self.rows}

    def measure(self, scale: str) -> Measure:
        return next(m for m in self.measures if m.id == scale)

    @property
    def others(self) -> tuple[Measure, ...]:
        """The presentations beside the country's own, one a country."""
        found = {self.measure(self.own).place: self.measure(self.own)}
        for measure in self.measures:
            found.setdefault(measure.place, measure)
        return tuple(m for m in found.values() if m.id != self.own)

    @property
    def older(self) -> tuple[Measure, ...]:
        """The scales by which rows of a rectified acta were presented, and that are no longer in use."""
        return tuple(m for m in self.measures if m.id != self.own and m not in self.others)

    def figures(self, row: Row, measure: Measure | None = None) -> str:
        """A row's grade as its country writes it (or another measure's): "5,8"."""
        return self._of(row.shown, measure)

    def in_words(self, row: Row) -> str:
        """"cinco coma ocho"; "eximido" of who needed no grade."""
        return self._of(row.spelled, None) or row.words

    def _of(self, told: Mapping[str, str] | None, measure: Measure | None) -> str:
        """By that scale, or by the one of the same country that a row kept its grade from."""
        wanted = measure or self.measure(self.own)
        same = [wanted.id, *(m.id for m in self.measures if m.place == wanted.place)]
        return next((told[scale] for scale in same if scale in told), "") if told else ""


def canonical(value: Any) -> bytes:
    """One text for one value: keys in order, no spaces, exact numbers as text. What is hashed and signed is this."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


EXACT = {"share": Fraction, "attendance": Fraction, "grade_home": Decimal}


def _row(found: Mapping[str, Any]) -> Row:
    return Row(**{name: EXACT[name](value) if name in EXACT and value is not None else value
                  for name, value in found.items()})


def folio(year: int, number: int) -> str:
    """"EGA-2027-000003-51": the last two figures (ISO 7064 MOD 97-10) catch any slip and any two swapped."""
    digits = mod_97_10.calc_check_digits(f"{SERIES}{year:04}{number:06}")
    return f"{SERIES}-{year:04}-{number:06}-{digits}"


def mistyped(typed: str) -> bool:
    """Has it the shape of a folio, with two last figures that do not fit the rest?"""
    packed = typed.replace("-", "")
    return bool(SHAPE.fullmatch(packed)) and not mod_97_10.is_valid(packed)


@dataclass(frozen=True)
class Decision:
    """What a person said of a row that no grade decides; the last word counts."""
    state: str = ""
    attendance: Fraction | None = None


@dataclass(frozen=True)
class Lack:
    """Why a person's row can not be presented yet."""
    person_id: int
    why: str                            # running | marking | unreleased | undecided


def state_of(known: ModuleResult, whole: ModuleResult, decision: Decision, withdrawn: bool) -> tuple[str, str]:
    """(state, what lacks). `known`: as published; `whole`: with what is marked but not published.

    A grade, an exemption and an absence that were recorded decide by themselves. Work that waits for a marker or for
    publishing has to be finished: nobody may be written down as absent whose work lies unmarked."""
    if known.status == "exempt":
        return "approved", ""
    if known.status == "absent" or (known.parts and all(part.state == "absent" for part in known.parts)):
        return "absent", ""
    if known.share is not None and not known.status:
        return ("approved" if known.passed else "failed"), ""
    if withdrawn:
        return "withdrawn", ""
    waiting = {part.state for part in known.parts} | {part.state for part in whole.parts}
    for why in ("running", "marking", "unreleased"):
        if why in waiting:
            return "", why
    if whole.share is not None:
        return "", "unreleased"
    return (decision.state, "") if decision.state in DECIDED else ("", "undecided")


def graded(row: Row, given: Iterable[Grade], home: str) -> Row:
    """The row with its grade as each scale presents it. Who passed was decided before: a least grade in a part counts
    too."""
    grades = list(given)
    own = next(g for g in grades if g.scale.id == home)
    return replace(row, grade_home=own.value, words=own.words, raw=str(own.raw),
                   shown={g.scale.id: g.written for g in grades}, spelled={g.scale.id: g.words for g in grades})


def kept(new: Row, old: Row | None) -> Row:
    """A row of an acta rectificatoria: what did not change stays as it was presented, whatever the policy is now."""
    if old is None or new.judged != old.judged:
        return new
    return replace(old, document=new.document, name=new.name, attendance=new.attendance)


@dataclass(frozen=True)
class Difference:
    """What an acta says of a person and what is so now."""
    person_id: int
    before: Row | None
    now: Row | None


def differences(before: Content, now: Content) -> tuple[Difference, ...]:
    """Whom the two judge otherwise, in the order of the new one."""
    old, new = before.by_person, now.by_person
    return tuple(Difference(p, old.get(p), new.get(p)) for p in [*new, *(p for p in old if p not in new)]
                 if p not in old or p not in new or old[p].judged != new[p].judged)


def told(row: Row | None, content: Content) -> str:
    """What an acta says of a person, in short: "5,3, aprobado"."""
    if row is None:
        return "no figuraba"
    words = STATES.get(content.country, STATES["CL"]).get(row.state, "")
    return ", ".join(part for part in (content.figures(row), words) if part)


def tally(rows: Iterable[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return counts
