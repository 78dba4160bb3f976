"""What a person recorded of a grade, weighed in: set, excused, exempt, absent, extra points, a resit. Pure, exact."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.rules import Grading, Module
from lms.catalogue.weighing import Resit
from lms.grading.scales import Scale
from lms.grading.values import Change, ModuleResult, Part, Recorded, Step

NONE, ALL = Fraction(0), Fraction(1)


def adjusted(part: Part, records: Recorded, grading: Grading, home: Scale) -> Part:
    """A part with what was recorded of it."""
    if records.base and records.kind in ("excused", "exempt"):
        return replace(part, share=None, state=records.kind, steps=(_told(records.base),))
    if records.base and records.kind == "absent":
        share = NONE if grading.absent == "least" else None
        step = _told(records.base, {"grade": home.minimum if share is not None else None})
        return replace(part, share=share, state="absent", steps=(step,))
    share, steps = _lifted(part.share, list(part.steps), records, grading.resit, home)
    if share is None or len(steps) == len(part.steps):
        return part
    return replace(part, share=share, state="marked", steps=tuple(steps))


def amended(module: Module, parts: tuple[Part, ...], share: Fraction | None, steps: Sequence[Step], records: Recorded,
            home: Scale) -> ModuleResult:
    """A module with what was recorded of the whole."""
    if records.base and records.kind in ("excused", "exempt"):
        return ModuleResult(module.code, None, True if records.kind == "exempt" else None, parts,
                            (_told(records.base),), records.kind, home)
    if records.base and records.kind == "absent":
        least = module.grading.absent == "least"
        return ModuleResult(module.code, NONE if least else None, False, parts, (_told(records.base, {
            "grade": home.minimum if least else None}),), "absent", home)
    share, said = _lifted(share, list(steps), records, module.grading.resit, home)
    if share is None:
        return ModuleResult(module.code, None, None, parts, tuple(said), home=home)
    passed = home.rounded(home.raw(share)) >= home.passing
    return ModuleResult(module.code, share, passed, parts, tuple(said), home=home)


def resit_rule(rule: Resit | None, home: Scale) -> Resit:
    """The programme's; where it says none, whoever failed may sit it, and it gives no more than passing."""
    return rule or Resit(home.minimum, home.passing - home.step, home.passing)


def may_resit(share: Fraction | None, rule: Resit | None, home: Scale) -> bool:
    """Whether a grade is in the stretch that gives a second chance."""
    rule = resit_rule(rule, home)
    return share is not None and rule.least <= home.rounded(home.raw(share)) <= rule.most


def _lifted(share: Fraction | None, steps: list[Step], records: Recorded, rule: Resit | None, home: Scale
            ) -> tuple[Fraction | None, list[Step]]:
    """What was set, then the extra points, then the resit."""
    if records.base and records.base.share is not None:
        before = None if share is None else home.rounded(home.raw(share))
        share = min(max(records.base.share, NONE), ALL)
        steps.append(_told(records.base, {"before": before, **_graded(share, home)}))
    if records.extra and records.extra.share is not None and share is not None:
        before_share, share = share, min(max(share + records.extra.share, NONE), ALL)
        steps.append(_told(records.extra, {"from": before_share, "more": records.extra.share, **_graded(share, home)}))
    if records.resit and records.resit.share is not None and share is not None:
        share, step = _resat(share, records.resit, resit_rule(rule, home), home)
        steps.append(step)
    return share, steps


def _resat(share: Fraction, change: Change, rule: Resit, home: Scale) -> tuple[Fraction, Step]:
    """The better of the first grade and the resit's, which is capped; only for who is in the stretch."""
    first = home.rounded(home.raw(share))
    again = home.rounded(home.raw(change.share or NONE))
    told = {"first": first, "again": again, "cap": rule.cap, "least": rule.least, "most": rule.most}
    if not rule.least <= first <= rule.most:
        return share, _told(change, {**told, "kind": "resit_out", **_graded(share, home)})
    given = min(again, rule.cap)
    share = max(share, home.share(Fraction(given)))
    return share, _told(change, {**told, **_graded(share, home)})


def _graded(share: Fraction, home: Scale) -> dict[str, object]:
    return {"share": share, "raw": home.raw(share), "grade": home.rounded(home.raw(share))}


def _told(change: Change, more: dict[str, object] | None = None) -> Step:
    values = {"reason": change.reason, "at": change.at, "author": change.author_id, **(more or {})}
    return Step(str(values.pop("kind", change.kind)), values)
