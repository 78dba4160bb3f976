"""Is the diploma earned? One pure verdict: complete, or exactly what is missing and what to do next."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lms.catalogue.rules import Programme, Requirement
from lms.credits.rules import Hours
from lms.grading.rules import FinalResult, ModuleResult, final_result


@dataclass(frozen=True)
class Record:
    """Everything a verdict may look at, and nothing else."""
    results: dict[str, ModuleResult]        # by module code; absent: nothing done yet
    hours: Hours = Hours()
    name_confirmed: bool = False


@dataclass(frozen=True)
class Item:
    """One thing the diploma asks of a person: met or not, why, and the next step.

    kind: module | attendance | internship | certificate_name.
    why (when not met): not_started, quiz, task, marking, unreleased, failed, hours, name.
    """
    kind: str
    done: bool
    module: str | None = None
    why: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What `judge` says. Who is complete may be given the certificate; for the rest, `missing` is the whole answer."""
    items: tuple[Item, ...]
    final: FinalResult

    @property
    def missing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.done)

    @property
    def complete(self) -> bool:
        return not self.missing and self.final.share is not None

    @property
    def yours(self) -> tuple[Item, ...]:
        """What is missing that the person can do something about (the rest waits for a marker or the office)."""
        return tuple(i for i in self.missing if i.why not in ("marking", "unreleased"))

    @property
    def step_away(self) -> bool:
        return len(self.missing) == 1


def judge(programme: Programme, record: Record) -> Verdict:
    """Weigh a record against what the programme requires."""
    items = [item for requirement in programme.requirements for item in _items(programme, requirement, record)]
    return Verdict(tuple(items), final_result(programme, record.results))


def _items(programme: Programme, requirement: Requirement, record: Record) -> list[Item]:
    match requirement.kind:
        case "modules":
            return [_module(code, record.results.get(code)) for code in requirement.modules]
        case "attendance":
            return [_hours("attendance", record.hours.attendance, requirement.hours)]
        case "internship":
            return [_hours("internship", record.hours.internship, requirement.hours)]
        case "certificate_name":
            return [Item("certificate_name", record.name_confirmed, why="" if record.name_confirmed else "name")]
        case unknown:
            raise ValueError(f"the diploma requires {unknown!r}, which no rule knows")


def _module(code: str, result: ModuleResult | None) -> Item:
    if result is None or result.state == "none" and all(p.state == "none" for p in result.parts):
        return Item("module", False, code, "not_started")
    if result.share is not None:
        values = {"share": result.share}
        return Item("module", bool(result.passed), code, "" if result.passed else "failed", values)
    todo = [p.item for p in result.parts if p.state in ("none", "running")]
    waiting = "marking" if any(p.state == "marking" for p in result.parts) else "unreleased"
    return Item("module", False, code, todo[0] if todo else waiting, {"todo": todo})


def _hours(kind: str, have: Fraction, need: int) -> Item:
    done = have >= need
    return Item(kind, done, why="" if done else "hours",
                values={"have": have, "need": need, "left": max(Fraction(need) - have, Fraction(0))})


LACKING = {"marking": "corregir", "unreleased": "publicar la nota de"}      # the rest: "aprobar"


def lacking(verdict: Verdict) -> str:
    """What a person lacks, in one line for a list: "aprobar G1, S2; corregir SP; 12 h de seminario"."""
    codes: dict[str, list[str]] = {"aprobar": [], "corregir": [], "publicar la nota de": []}
    rest = []
    for item in verdict.missing:
        if item.kind == "module" and item.module:
            codes[LACKING.get(item.why, "aprobar")].append(item.module)
        elif item.kind == "certificate_name":
            rest.append("confirmar el nombre del certificado")
        else:
            what = "seminario" if item.kind == "attendance" else "pasantía"
            rest.append(f"{_number(item.values['left'])} h de {what}")
    return "; ".join([f"{what} {', '.join(of)}" for what, of in codes.items() if of] + rest) or "la nota final"


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}".removesuffix(".0").replace(".", ",")


def progress(verdict: Verdict) -> tuple[int, int]:
    """(met, asked)."""
    return sum(i.done for i in verdict.items), len(verdict.items)


def overview(verdicts: dict[int, Verdict]) -> dict[str, list[int]]:
    """Person ids by where they stand: done, step (one thing away), waiting (only markers or the office), under_way."""
    groups: dict[str, list[int]] = {"done": [], "step": [], "waiting": [], "under_way": []}
    for person, verdict in verdicts.items():
        key = ("done" if verdict.complete else "step" if verdict.step_away else
               "waiting" if not verdict.yours else "under_way")
        groups[key].append(person)
    return groups
