"""What a module comes to for a verdict: the closed acta first, else the marks, else a recognised study. Pure."""

from collections.abc import Collection, Mapping

from lms.catalogue.rules import Programme
from lms.completion.facts import Closed, Recognised, Record
from lms.grading.rules import HOME, FinalResult, ModuleResult, Scale, final_result

LEFT_OUT = ("excused", "exempt")        # statuses that the final grade does not count


def settled(code: str, record: Record) -> tuple[ModuleResult | None, str]:
    """(what the module comes to, by what: "" the marks | acta | recognition)."""
    own, row, known = record.results.get(code), record.closed.get(code), record.recognised.get(code)
    if row and row.state == "approved":
        return _of_acta(code, row, own, home_of(record)), "acta"
    if known and not (row is None and own and own.passed):
        return _of_study(code, known, home_of(record)), "recognition"
    if row:
        return _of_acta(code, row, own, home_of(record)), "acta"
    return own, ""


def home_of(record: Record) -> Scale:
    """The scale that decides who passes."""
    return next((r.home for r in record.results.values()), HOME)


def _of_acta(code: str, row: Closed, own: ModuleResult | None, home: Scale) -> ModuleResult:
    """As it was closed, whatever was marked since."""
    graded = row.state in ("approved", "failed")
    return ModuleResult(code, row.share if graded else None, row.state == "approved", own.parts if own else (), (),
                        "" if graded else row.state, home)


def _of_study(code: str, known: Recognised, home: Scale) -> ModuleResult:
    return ModuleResult(code, known.share, True, (), (), "" if known.share is not None else "exempt", home)


def final(programme: Programme, record: Record, spared: Collection[str]) -> tuple[FinalResult, bool]:
    """(the final grade, whether there is nothing to be graded). `spared`: modules that are not asked of this person."""
    counted: Mapping[str, ModuleResult] = record.results
    if spared or not record.plain:
        home = home_of(record)
        counted = {m.code: found for m in programme.modules if (found := _counted(m.code, record, spared, home))}
    graded = {code for c in programme.components for code in c.modules}
    ungraded = all(code in counted and counted[code].status in LEFT_OUT for code in graded)
    return final_result(programme, counted), ungraded


def _counted(code: str, record: Record, spared: Collection[str], home: Scale) -> ModuleResult | None:
    found, _by = settled(code, record)
    waived = f"module:{code}" in record.waivers and (found is None or found.share is None)
    if code in spared or waived:
        return ModuleResult(code, None, True, (), (), "exempt", home)
    return found
