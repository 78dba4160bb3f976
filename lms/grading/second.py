"""Two people mark the same work without seeing each other: who is asked, and what their opinions come to. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from hashlib import sha256

MODES = {"none": "No", "sample": "Una muestra", "all": "Todos los trabajos"}
CLOSE = {"mean": "Vale el promedio", "first": "Vale la primera corrección"}
FAR = {"third": "Decide una tercera persona", "talk": "Las dos personas acuerdan una nota", "mean": "Vale el promedio",
       "first": "Vale la primera corrección"}


@dataclass(frozen=True)
class Plan:
    """How an item is marked a second time in a cohort."""
    mode: str = "none"
    percent: int = 20               # of the works, where a sample is
    tolerance: int = 10             # % of the points: up to there two opinions are close
    close: str = "mean"
    far: str = "third"
    across: bool = True             # the second is of another institution

    def dumped(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def takes(self, tag: str) -> bool:
        """Whether a piece is marked twice. Of a quiz the whole attempt is drawn; nobody can foresee or choose it."""
        if self.mode == "sample":
            drawn = sha256(f"muestra {tag.partition('.')[0]}".encode()).digest()
            return int.from_bytes(drawn[:4], "big") % 100 < self.percent
        return self.mode == "all"


def loaded(text: str) -> Plan:
    return Plan(**json.loads(text)) if text else Plan()


@dataclass(frozen=True)
class Voice:
    """What one of the markers says of a piece."""
    role: str                       # first | second | third
    points: Fraction
    out_of: Fraction
    levels: str
    feedback: str
    marker_id: int
    institution_id: int | None
    marked_at: datetime


Voices = Mapping[str, Voice]


@dataclass(frozen=True)
class Outcome:
    """What opinions come to: somebody else is needed, or `points` by a rule."""
    need: str = ""                  # second | third | talk
    rule: str = ""                  # mean | first | third
    points: Fraction = Fraction(0)
    levels: str = ""
    feedback: str = ""


def outcome(plan: Plan, voices: Voices) -> Outcome:
    """By the stated rule, and by nothing else."""
    first, second, third = (voices.get(role) for role in ("first", "second", "third"))
    if third:
        return Outcome("", "third", third.points, third.levels, third.feedback)
    if first is None or second is None:
        return Outcome("second")
    rule = plan.close if close(plan, first, second) else plan.far
    if rule in ("third", "talk"):
        return Outcome(rule)
    if rule == "first":
        return Outcome("", "first", first.points, first.levels, first.feedback)
    words = "\n\n".join(dict.fromkeys(v.feedback for v in (first, second) if v.feedback))
    return Outcome("", "mean", (first.points + second.points) / 2,
                   first.levels if first.levels == second.levels else "", words)


def close(plan: Plan, first: Voice, second: Voice) -> bool:
    """Whether two opinions differ by no more than the tolerance."""
    return abs(first.points - second.points) * 100 <= plan.tolerance * first.out_of


def role_for(plan: Plan, voices: Voices, person_id: int, institution_id: int | None) -> str | None:
    """In which role a person may speak now: their own again, the next one wanted, `talk`, or none."""
    done = outcome(plan, voices)
    for role, voice in voices.items():
        if voice.marker_id == person_id:
            return "talk" if done.need == "talk" else role if done.need else None
    if not voices:
        return "first"
    if done.need == "second":
        first = voices["first"]
        apart = not plan.across or first.institution_id is None or first.institution_id != institution_id
        return "second" if apart else None
    return "third" if done.need == "third" else None
