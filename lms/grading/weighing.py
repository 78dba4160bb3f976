"""A module's result from its parts, the diploma's from its modules, by the rules of the programme. Pure, exact."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.rules import Component, Grading, Module, Programme
from lms.grading.adjusting import adjusted, amended
from lms.grading.aggregation import Rule
from lms.grading.scales import HOME, Scale, mean
from lms.grading.values import FinalResult, Later, ModuleResult, Part, Records, Step
from lms.grading.weigher import Leaf, Pot, Weighed, Weigher

# A module -------------------------------------------------------------------------------------------------------------

def module_result(module: Module, parts: Sequence[Part], home: Scale = HOME, records: Records | None = None
                  ) -> ModuleResult:
    """Its parts weighed as the programme says; a task that must be passed and is not caps the module below the pass
    mark, and so does a part below the least grade; then what a person recorded of the whole."""
    grading = module.grading
    parts = [adjusted(p, records[p.item], grading, home) if records and p.item in records else p for p in parts]
    if not grading.plain:
        parts = _exempted(module, [_placed(p, grading) for p in parts], home)
    whole = records.get("") if records else None
    counting = [p for p in parts if p.state not in ("excused", "exempt")]
    share, steps = _plainly(module, counting, home) if grading.plain and home.least is None else _weighed(
        module, counting, home)
    if share is not None:
        share, steps = _must_pass(module, counting, share, steps, home)
    if whole:
        return amended(module, tuple(parts), share, steps, whole, home)
    if not parts or share is None:
        absent = "absent" if any(p.state == "absent" and p.share is None for p in parts) else ""
        return ModuleResult(module.code, None, False if absent else None, tuple(parts), (), absent, home)
    return ModuleResult(module.code, share, home.rounded(home.raw(share)) >= home.passing, tuple(parts), tuple(steps),
                        home=home)


def _placed(part: Part, grading: Grading) -> Part:
    """A part with the category it stands in, and whether it is extra credit."""
    own = grading.item(part.item)
    within = next((c.name for c in grading.categories if part.item in c.items), "")
    extra = own.extra if own else part.item in grading.extra
    told = part.weight if within or extra or grading.how == "weighted_mean" else 0      # what counts for nothing
    return replace(part, within=within, extra=extra, weight=told)


def _plainly(module: Module, parts: Sequence[Part], home: Scale) -> tuple[Fraction | None, list[Step]]:
    """As it always was: the weighted mean of all parts."""
    shares = [(p.share, p.weight) for p in parts if p.share is not None]
    if not parts or len(shares) < len(parts):
        return None, []
    share = mean(shares, home)
    terms = [{"item": p.item, "weight": p.weight, "grade": home.rounded(home.raw(s))}
             for p, (s, _) in zip(parts, shares, strict=True)]
    return share, [Step("mean", {"terms": terms, "raw": home.raw(share), "grade": home.rounded(home.raw(share)),
                                 "exact": not home.round_first, "raws": [home.raw(s) for s, _ in shares]})]


def _weighed(module: Module, parts: Sequence[Part], home: Scale) -> tuple[Fraction | None, list[Step]]:
    weigher = Weigher(home, module.grading)
    found = weigher.weigh(pot_of(module, parts))
    if found.figure is None:
        return None, []
    return _capped(weigher.share(found.figure), [*found.steps], found.under, home)


def _capped(share: Fraction, steps: list[Step], under: Sequence[Step], home: Scale) -> tuple[Fraction, list[Step]]:
    ceiling = Fraction(home.passing - home.step)
    if under and home.raw(share) > ceiling:
        return home.share(ceiling), [*steps, *(replace(s, values={**s.values, "capped": home.passing - home.step})
                                               for s in under)]
    return share, steps


def _must_pass(module: Module, parts: Sequence[Part], share: Fraction, steps: list[Step], home: Scale
               ) -> tuple[Fraction, list[Step]]:
    task = next((p.share for p in parts if p.item == "task"), None)
    if module.task and module.task.must_pass and task is not None and home.rounded(home.raw(task)) < home.passing:
        ceiling = Fraction(home.passing - home.step)
        if home.raw(share) > ceiling:
            return home.share(ceiling), [*steps, Step("must_pass", {
                "task": home.rounded(home.raw(task)), "passing": home.passing, "grade": home.passing - home.step})]
    return share, steps


def pot_of(module: Module, parts: Sequence[Part]) -> Pot:
    """A module's parts in their categories; what is excused is not among them."""
    grading, points = module.grading, dict(zip(("quiz", "task"), module.grading.points, strict=True))
    leaves: dict[str, Leaf | Pot] = {}
    for p in parts:
        own = grading.item(p.item)
        given = next((s.values["out_of"] for s in p.steps if s.kind == "points"), points.get(p.item, 100))
        leaves[p.item] = Leaf(p.item, p.name, p.share, Fraction(p.weight), Fraction(own.points if own else given),
                              p.extra)
    by_code = {c.code: c for c in grading.categories}

    def built(code: str) -> Leaf | Pot | None:
        if code not in by_code:
            return leaves.get(code)
        c = by_code[code]
        inside = tuple(one for item in c.items if (one := built(item)))
        return Pot(c.code, c.name, Rule(c.how, c.drop, c.keep), inside, Fraction(c.weight), c.extra, c.least
                   ) if inside else None
    top = [code for code in (*leaves, *by_code) if code not in grading.inside]
    inside = tuple(one for code in top if (one := built(code)))
    return Pot("", "", Rule(grading.how, grading.drop, grading.keep), inside)


def _exempted(module: Module, parts: list[Part], home: Scale) -> list[Part]:
    """Who has the grade in the rest is spared the item, unless it has a mark."""
    rule = module.grading.exemption
    part = next((p for p in parts if rule and p.item == rule.item), None)
    if rule is None or part is None or part.share is not None or part.state in ("excused", "exempt", "absent"):
        return parts
    rest, _ = _weighed(module, [p for p in parts if p is not part and p.state not in ("excused", "exempt")], home)
    if rest is None or home.rounded(home.raw(rest)) < rule.least:
        return parts
    step = Step("exempted", {"grade": home.rounded(home.raw(rest)), "least": rule.least})
    return [replace(p, state="exempt", steps=(step,)) if p is part else p for p in parts]


# The diploma ----------------------------------------------------------------------------------------------------------

def final_result(programme: Programme, results: Mapping[str, ModuleResult], home: Scale | None = None) -> FinalResult:
    """None until every module that counts has its share, unless the programme says otherwise."""
    scale = home or next((r.home for r in results.values()), HOME)
    if programme.plain and scale.round_first and scale.least is None:
        return _plain_final(programme, results, scale)
    return _any_final(programme, results, scale)


def _plain_final(programme: Programme, results: Mapping[str, ModuleResult], scale: Scale) -> FinalResult:
    """The usual programme in whole numbers: the same figures, ten times as fast; the steps are `_any_final`'s."""
    total = weights = 0
    for component in programme.components:
        units = [results[code].units if code in results else None for code in component.modules]
        if None in units:
            if any(code in results and results[code].status for code in component.modules):
                return _any_final(programme, results, scale)
            return FinalResult(None, (), scale)
        total += component.weight * scale.whole(sum(units), len(units))         # type: ignore[arg-type]
        weights += component.weight
    if not weights:
        return FinalResult(None, (), scale)
    return FinalResult(_share(scale, total, weights * 10 ** scale.decimals),
                       Later(lambda: _any_final(programme, results, scale).steps), scale)


def _share(scale: Scale, total: int, weights: int) -> Fraction:
    """The share a mean grade stands for; a cohort has few different ones."""
    known = scale.known_shares
    if (found := known.get((total, weights))) is None:
        if len(known) > 5000:
            known.clear()
        found = known[total, weights] = scale.share(Fraction(total, weights))
    return found


def _any_final(programme: Programme, results: Mapping[str, ModuleResult], scale: Scale) -> FinalResult:
    weigher = Weigher(scale, programme.grading)
    pots = [pot for c in programme.components if not c.within and (pot := _component(programme, c, results))]
    spared: list[Step] = []
    for c in programme.components:
        if c.exempt is not None and not c.within:
            pots, said = _spared(weigher, programme, c, pots)
            spared += said
    rule = programme.grading
    found = weigher.weigh(Pot("", "", Rule(rule.how, rule.drop, rule.keep), tuple(pots))) if pots else Weighed(None)
    if found.figure is None:
        return FinalResult(None, (), scale)
    share, steps = _capped(weigher.share(found.figure), [*spared, *found.steps], found.under, scale)
    return FinalResult(share, tuple(steps), scale)


def _component(programme: Programme, component: Component, results: Mapping[str, ModuleResult]) -> Pot | None:
    """A component with its modules and what is within it; None where all of it is excused."""
    inside: list[Leaf | Pot] = []
    for code in component.modules:
        result = results.get(code)
        if result is None or result.status not in ("excused", "exempt"):
            inside.append(Leaf(code, code, result.share if result else None))
    inside += [pot for c in programme.components if c.within == component.name
               and (pot := _component(programme, c, results))]
    return Pot(component.name, component.name, Rule(component.how, component.drop, component.keep), tuple(inside),
               Fraction(component.weight), component.extra, component.least) if inside else None


def _spared(weigher: Weigher, programme: Programme, component: Component, pots: list[Pot]
            ) -> tuple[list[Pot], list[Step]]:
    """Without a component that a good grade in the rest spares, unless it has a grade."""
    mine = next((p for p in pots if p.code == component.name), None)
    rest = [p for p in pots if p is not mine]
    if mine is None or component.exempt is None or not rest or weigher.weigh(mine, False).figure is not None:
        return pots, []
    rule = programme.grading
    found = weigher.weigh(Pot("", "", Rule(rule.how, rule.drop, rule.keep), tuple(rest))).figure
    if found is None or weigher.grade(found) < component.exempt:
        return pots, []
    return rest, [Step("exempted", {"name": component.name, "grade": weigher.grade(found), "least": component.exempt})]
