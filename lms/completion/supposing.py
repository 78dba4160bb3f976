"""What if: the verdict with supposed grades where there is none yet. Pure: nothing is written, nothing else changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.rules import Module, Programme
from lms.completion.facts import Record
from lms.completion.rules import Verdict, judge
from lms.completion.standing import home_of, settled
from lms.grading.rules import Change, Part, Recorded, Records, Scale, may_resit, module_result, share_of
from lms.people.rules import Refused

RESIT = "resit"
TO_COME = ("none", "running", "marking", "unreleased")      # states of a part without grade
Supposed = Mapping[tuple[str, str], Fraction]       # (module, item or RESIT) -> share
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)         # a supposition has no date
NOBODY = 0


@dataclass(frozen=True)
class Open:
    """One grade that is still to come."""
    module: str
    item: str               # a part's, or RESIT
    name: str = ""
    weight: int = 0


def open_items(programme: Programme, record: Record) -> list[Open]:
    """The grades to come of a person, in the programme's order; none of what is closed, recognised or waived."""
    found: list[Open] = []
    for module in programme.modules:
        result = record.results.get(module.code)
        waived = f"module:{module.code}" in record.waivers
        if result is None or result.status or waived or settled(module.code, record)[1]:
            continue
        found += [Open(module.code, p.item, p.name, p.weight) for p in result.parts
                  if p.share is None and p.state in TO_COME]
        if result.passed is False and not resat(record, module.code) and may_resit(
                result.share, module.grading.resit, result.home):
            found.append(Open(module.code, RESIT))
    return found


def resat(record: Record, module: str) -> bool:
    """Whether a second chance was already taken in a module."""
    result = record.results.get(module)
    return result is not None and any(s.kind.startswith(RESIT) for s in (
        *result.steps, *(s for p in result.parts for s in p.steps)))


def supposed(programme: Programme, record: Record, shares: Supposed,
             kept: Mapping[str, Records] | None = None) -> Record:
    """The record as it would be. `kept`: module -> what was recorded of it by hand."""
    results = dict(record.results)
    for module in programme.modules:
        mine = {item: share for (code, item), share in shares.items() if code == module.code}
        result = results.get(module.code)
        if mine and result is not None:
            parts = [_marked(p, mine[p.item]) if p.item in mine and p.share is None else p for p in result.parts]
            results[module.code] = module_result(module, parts, result.home, _whole(
                module, mine, (kept or {}).get(module.code, {}).get("", Recorded())))
    return replace(record, results=results)


def _marked(part: Part, share: Fraction) -> Part:
    return replace(part, share=share, state="marked", steps=())


def _whole(module: Module, mine: Mapping[str, Fraction], kept: Recorded) -> Records:
    """What is recorded of the whole module, with a supposed resit. Its items are in the parts already."""
    if RESIT in mine:
        kept = replace(kept, resit=Change(0, NOBODY, module.code, "", RESIT, mine[RESIT], "", NOBODY, LONG_AGO))
    return {"": kept} if kept != Recorded() else {}


def least_to_pass(programme: Programme, record: Record, one: Open, own: Scale,
                  kept: Mapping[str, Records] | None = None) -> Decimal | None:
    """The least grade of one's own scale in one item with which its module is passed; None where none is enough, or
    where something else of the module is still without grade."""
    home = home_of(record)

    def passes(grade: Decimal) -> bool:
        share = share_of(grade, own, home)
        found = supposed(programme, record, {(one.module, one.item): share}, kept).results[one.module]
        return found.share is not None and bool(found.passed)

    low, high = 0, int((own.maximum - own.minimum) / own.step)
    if not passes(own.maximum):
        return None
    while low < high:                       # passing grows with the grade
        middle = (low + high) // 2
        if passes(own.minimum + middle * own.step):
            high = middle
        else:
            low = middle + 1
    return own.minimum + low * own.step


@dataclass(frozen=True)
class WhatIf:
    """What would come of it: the record and its verdict beside the real ones."""
    record: Record
    verdict: Verdict


def what_if(programme: Programme, record: Record, shares: Supposed, kept: Mapping[str, Records] | None = None
            ) -> WhatIf:
    found = supposed(programme, record, shares, kept)
    return WhatIf(found, judge(programme, found))


def read_grade(text: str, low: Decimal, high: Decimal) -> Decimal | None:
    """A grade as a person writes it, "5,5"; None for an empty field. Refused where it is none of the scale's."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text if text.isascii() and len(text) < 12 else "x")
    except ArithmeticError:
        raise Refused("Escribir una nota, con coma si hace falta: 5,5.") from None
    if not value.is_finite() or not low <= value <= high:
        raise Refused(f"La nota va de {low} a {high}".replace(".", ",") + ".")
    return value
