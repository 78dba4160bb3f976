"""Is the diploma earned? One pure verdict: complete, or exactly what is missing and what to do next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lms.catalogue.rules import Programme, Requirement, Way
from lms.completion.facts import Closed as Closed
from lms.completion.facts import Recognised as Recognised
from lms.completion.facts import Record as Record
from lms.completion.facts import Waiver as Waiver
from lms.completion.standing import final, settled
from lms.grading.rules import FinalResult, ModuleResult

NOT_YOURS = ("marking", "unreleased", "acta")       # what waits for a marker or the office


@dataclass(frozen=True)
class Item:
    """One thing the diploma asks of a person: met or not, why, and the next step.

    kind: module | attendance | internship | certificate_name | group.
    why (when not met): not_started, an item's code (quiz, task, …), marking, unreleased, failed, absent, excused, acta,
    hours, name, choose.
    by (what decided): "" marks, hours or the person | acta | recognition | exempt | exception.
    """
    kind: str
    done: bool
    module: str | None = None
    why: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    name: str = ""                                  # of a group
    least: int = 0                                  # of its ways, how many are enough
    ways: "tuple[tuple[Item, ...], ...]" = ()

    @property
    def key(self) -> str:
        """What a recorded exception calls it."""
        return f"module:{self.module}" if self.kind == "module" else f"group:{self.name}" if self.ways else self.kind

    @property
    def met(self) -> int:
        """Of a group: how many of its ways are done."""
        return sum(all(item.done for item in way) for way in self.ways)

    @property
    def left(self) -> int:
        return max(self.least - self.met, 0)


@dataclass(frozen=True)
class Verdict:
    """What `judge` says. Who is complete may be given the certificate; for the rest, `missing` is the whole answer."""
    items: tuple[Item, ...]
    final: FinalResult
    ungraded: bool = False                          # nothing of theirs is graded: all was recognised or waived

    @property
    def missing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.done)

    @property
    def complete(self) -> bool:
        return not self.missing and (self.final.share is not None or self.ungraded)

    @property
    def yours(self) -> tuple[Item, ...]:
        """What is missing that the person can do something about (the rest waits for a marker or the office)."""
        return tuple(i for i in self.missing if i.why not in NOT_YOURS)

    @property
    def step_away(self) -> bool:
        return len(self.missing) == 1

    @property
    def leaves(self) -> Iterator[Item]:
        """Every item, those within groups too."""
        for item in self.items:
            yield item
            for way in item.ways:
                yield from way

    def passed(self, module: str) -> bool:
        """Whether a module was passed here, by marks or acta: what a certificate of the module asks."""
        return any(i.done and i.module == module and i.by in ("", "acta") for i in self.leaves)

    @property
    def shares(self) -> dict[str, Fraction]:
        """Module -> its result, of those that have one."""
        return {i.module: i.values["share"] for i in self.leaves if i.module and "share" in i.values}


def judge(programme: Programme, record: Record) -> Verdict:
    """Weigh a record against what the programme requires."""
    items = tuple(item for requirement in programme.requirements for item in _items(requirement, record))
    found, ungraded = final(programme, record, _spared(items))
    return Verdict(items, found, ungraded)


def _spared(items: tuple[Item, ...]) -> set[str]:
    """Modules of a choice that is met without them."""
    groups = [item for item in items if item.ways]
    if not groups:
        return set()
    asked = {i.module for i in items if i.module} | {
        i.module for g in groups if not g.done for way in g.ways for i in way if i.module}
    return {i.module for g in groups if g.done for way in g.ways for i in way
            if i.module and not i.done and i.module not in asked}


def _items(requirement: Requirement, record: Record) -> list[Item]:
    if requirement.grouped:
        return [_group(requirement, record)]
    match requirement.kind:
        case "modules":
            return [_module(code, record) for code in requirement.modules]
        case "attendance" | "internship":
            return [_waived(_hours(requirement.kind, requirement.hours, record), record)]
        case "certificate_name":
            return [Item("certificate_name", record.name_confirmed, why="" if record.name_confirmed else "name")]
        case unknown:
            raise ValueError(f"the diploma requires {unknown!r}, which no rule knows")


def _group(requirement: Requirement, record: Record) -> Item:
    """Some of several ways are enough."""
    ways = tuple(_way(way, record) for way in requirement.alternatives)
    waiting = sum(all(i.done or i.why in NOT_YOURS for i in way) for way in ways) >= requirement.least
    met = sum(all(i.done for i in way) for way in ways) >= requirement.least
    return _waived(Item("group", met, why="" if met else "marking" if waiting else "choose", name=requirement.name,
                        least=requirement.least, ways=ways), record)


def _way(way: Way, record: Record) -> tuple[Item, ...]:
    if way.kind == "modules":
        return tuple(_module(code, record) for code in way.modules)
    return (_hours(way.kind, way.hours, record),)       # an exception of hours asked elsewhere is none of these


def _waived(item: Item, record: Record) -> Item:
    """Met, where an exception says so and nothing else does."""
    if item.done or not record.waivers or item.key not in record.waivers:
        return item
    return Item(item.kind, True, item.module, "", item.values, "exception", item.name, item.least, item.ways)


def _module(code: str, record: Record) -> Item:
    result, by = settled(code, record)
    return _waived(_judged(code, result, by), record)


def _judged(code: str, result: ModuleResult | None, by: str) -> Item:
    if result is not None and result.status:
        if result.status == "exempt":
            return Item("module", True, code, by=by or "exempt")
        values = {} if result.share is None else {"share": result.share}
        return Item("module", False, code, result.status if result.status in ("absent", "excused") else "acta",
                    {**values, "state": result.status}, by)
    if result is None or not by and result.share is None and result.state == "none" and all(
            p.state == "none" for p in result.parts):
        return Item("module", False, code, "not_started")
    if result.share is not None:
        return Item("module", bool(result.passed), code, "" if result.passed else "failed", {"share": result.share}, by)
    todo = [p.item for p in result.parts if p.state in ("none", "running")]
    waiting = "marking" if any(p.state == "marking" for p in result.parts) else "unreleased"
    return Item("module", False, code, todo[0] if todo else waiting, {"todo": todo})


def _hours(kind: str, need: int, record: Record) -> Item:
    have: Fraction = getattr(record.hours, kind)
    done = have >= need
    return Item(kind, done, why="" if done else "hours",
                values={"have": have, "need": need, "left": max(Fraction(need) - have, Fraction(0))})


# In a line, and of many ----------------------------------------------------------------------------------------------

LACKING = {"marking": "corregir", "unreleased": "publicar la nota de", "acta": "resolver el acta de"}
APPROVE = "aprobar"             # the rest


def lacking(verdict: Verdict) -> str:
    """What a person lacks, in one line for a list: "aprobar G1, S2; corregir SP; 12 h de seminario"."""
    codes: dict[str, list[str]] = {words: [] for words in (APPROVE, *LACKING.values())}
    rest = []
    for item in verdict.missing:
        if item.kind == "module" and item.module:
            codes[LACKING.get(item.why, APPROVE)].append(item.module)
        elif item.kind == "certificate_name":
            rest.append("confirmar el nombre del certificado")
        elif item.kind == "group":
            rest.append(f"{'corregir' if item.why == 'marking' else 'completar'} {item.left} de "
                        f"{len(item.ways)} en «{item.name}»")
        else:
            what = "seminario" if item.kind == "attendance" else "pasantía"
            rest.append(f"{number(item.values['left'])} h de {what}")
    return "; ".join([f"{what} {', '.join(of)}" for what, of in codes.items() if of] + rest) or "la nota final"


def number(value: Fraction) -> str:
    """12 and 7,5."""
    return f"{float(value):.1f}".removesuffix(".0").replace(".", ",")


def progress(verdict: Verdict) -> tuple[int, int]:
    """(met, asked)."""
    return sum(i.done for i in verdict.items), len(verdict.items)


def overview(verdicts: Mapping[int, Verdict]) -> dict[str, list[int]]:
    """Person ids by where they stand: done, step (one thing away), waiting (only markers or the office), under_way."""
    groups: dict[str, list[int]] = {"done": [], "step": [], "waiting": [], "under_way": []}
    for person, verdict in verdicts.items():
        key = ("done" if verdict.complete else "step" if verdict.step_away else
               "waiting" if not verdict.yours else "under_way")
        groups[key].append(person)
    return groups
