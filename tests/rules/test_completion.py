"""Qué me falta: the verdict says exactly what is missing and why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.rules import Component, Requirement, Way
from lms.cohorts.rules import calendar
from lms.completion.risks import risks, wanted_modules
from lms.completion.rules import Closed, Recognised, Record, Waiver, judge, lacking, overview, progress
from lms.completion.supposing import Open, least_to_pass, open_items, read_grade, what_if
from lms.credits.rules import Hours
from lms.grading.rules import SCALES, Handed, ModuleResult, Sat, module_result, quiz_part, share_of, task_part
from lms.people.rules import Refused
from tests.programme import PROGRAMME, QUESTIONS, module

HALF = Decimal("0.5")


def result(module, quiz=None, task=None, running=False):
    sittings = [Sat(1, F(quiz), F(10))] if quiz is not None else []
    return module_result(module, [quiz_part(40, sittings, 2, running), task_part(60, task, HALF)])


def good(module):
    return result(module, 8, Handed(F(9), F(12)))


G1, G2 = PROGRAMME.modules
ALL = Record({"G1": good(G1), "G2": good(G2)}, Hours(F(12), F(20)), True)


def whys(record):
    return [(i.module or i.kind, i.why) for i in judge(PROGRAMME, record).missing]


def test_who_has_everything_is_complete():
    verdict = judge(PROGRAMME, ALL)
    assert verdict.complete and not verdict.missing and progress(verdict) == (5, 5)


def test_a_beginner_is_told_everything():
    assert whys(Record({})) == [("G1", "not_started"), ("G2", "not_started"), ("attendance", "hours"),
                                ("internship", "hours"), ("certificate_name", "name")]


def test_a_grade_recorded_by_hand_counts_where_nothing_was_taken_nor_handed_in():
    untouched = result(G2)
    assert whys(Record({**ALL.results, "G2": replace(untouched, share=F(4, 5), passed=True)}, ALL.hours, True)) == []
    assert whys(Record({**ALL.results, "G2": replace(untouched, share=F(1, 5), passed=False)}, ALL.hours, True)) == [("G2", "failed")]
    assert whys(Record({**ALL.results, "G2": untouched}, ALL.hours, True)) == [("G2", "not_started")]


def test_each_reason_has_its_name():
    assert whys(Record({**ALL.results, "G2": result(G2, 8)}, ALL.hours, True)) == [("G2", "task")]
    assert whys(Record({**ALL.results, "G2": result(G2, None, Handed(F(9), F(12)))}, ALL.hours, True)) == [("G2", "quiz")]
    assert whys(Record({**ALL.results, "G2": result(G2, 8, Handed(None, F(12)))}, ALL.hours, True)) == [("G2", "marking")]
    unpublished = Handed(F(9), F(12), released=False)
    assert whys(Record({**ALL.results, "G2": result(G2, 8, unpublished)}, ALL.hours, True)) == [("G2", "unreleased")]
    assert whys(Record({**ALL.results, "G2": result(G2, 1, Handed(F(1), F(12)))}, ALL.hours, True)) == [("G2", "failed")]


def test_hours_count_to_the_minute():
    almost = Record(ALL.results, Hours(F(12) - F(1, 60), F(20)), True)
    item = judge(PROGRAMME, almost).missing[0]
    assert item.kind == "attendance" and item.values["left"] == F(1, 60)


def test_what_waits_for_a_marker_is_not_the_persons_to_do():
    verdict = judge(PROGRAMME, Record({**ALL.results, "G2": result(G2, 8, Handed(None, F(12)))}, ALL.hours, True))
    assert verdict.missing and not verdict.yours and not verdict.complete


def test_the_office_sees_who_is_where():
    found = overview({1: judge(PROGRAMME, ALL), 2: judge(PROGRAMME, Record(ALL.results, ALL.hours, False)),
                      3: judge(PROGRAMME, Record({}))})
    assert found == {"done": [1], "step": [2], "waiting": [], "under_way": [3]}


# Alternatives --------------------------------------------------------------------------------------------------------

def programme(*requirements, modules=("G1", "G2", "G3", "G4")):
    made = tuple(module(code, f"Módulo {code}", QUESTIONS) for code in modules)
    return replace(PROGRAMME, modules=made, requirements=requirements, components=(Component("Todos", 100, modules),),
                   by_code={m.code: m for m in made})


def marks(asked, **quiz):
    """Module results: a code's quiz points of ten (and a good task); who is not named has done nothing."""
    return {m.code: result(m, quiz[m.code], Handed(F(9), F(12))) if m.code in quiz else result(m) for m in asked.modules}


TWO_OF = programme(Requirement("modules", ("G1",)), Requirement("modules", ("G2", "G3", "G4"), least=2, name="Electivos"))
EITHER = programme(Requirement("modules", ("G1", "G2")), Requirement("any", name="Práctica", least=1, ways=(
    Way("modules", ("G3", "G4")), Way("internship", hours=40))))


def test_some_of_several_modules_are_enough_and_the_rest_is_not_graded():
    one = judge(TWO_OF, Record(marks(TWO_OF, G1=8, G2=8)))
    assert [i.kind for i in one.missing] == ["group"] and one.missing[0].left == 1 and one.missing[0].why == "choose"
    assert lacking(one) == "completar 1 de 3 en «Electivos»" and not one.complete
    two = judge(TWO_OF, Record(marks(TWO_OF, G1=8, G2=8, G4=8)))
    assert two.complete and two.final.share is not None and set(two.shares) == {"G1", "G2", "G4"}
    failing = judge(TWO_OF, Record(marks(TWO_OF, G1=8, G2=8, G4=8) | {"G3": result(TWO_OF.module("G3"), 0, Handed(F(0), F(12)))}))
    assert failing.complete and failing.final.share == two.final.share       # what one need not pass does not weigh


def test_a_or_b():
    record = Record(marks(EITHER, G1=8, G2=8, G3=8), Hours())
    assert judge(EITHER, record).missing[0].why == "choose"
    assert judge(EITHER, replace(record, hours=Hours(internship=F(40)))).complete
    assert judge(EITHER, Record(marks(EITHER, G1=8, G2=8, G3=8, G4=8))).complete
    half = replace(record, results={**record.results, "G4": result(EITHER.module("G4"), 8, Handed(None, F(12)))})
    verdict = judge(EITHER, half)
    assert verdict.missing[0].why == "marking" and not verdict.yours


def test_what_stands_in_two_requirements_is_still_asked():
    both = programme(Requirement("modules", ("G1", "G2"), least=1, name="Uno"), Requirement("modules", ("G2",)), modules=("G1", "G2"))
    verdict = judge(both, Record(marks(both, G1=8)))
    assert [i.module for i in verdict.missing] == ["G2"] and verdict.final.share is None


# What is decided by other facts --------------------------------------------------------------------------------------

THEN = datetime(2027, 4, 20, 15, tzinfo=UTC)


def waiver(key):
    return {key: Waiver(1, 1, key, "Acuerdo 7", "Olga Ibáñez", THEN)}


def recognised(code, share=None):
    return {code: Recognised(1, 1, code, "Curso", "Universidad", "Resolución 1", "Olga Ibáñez", THEN, share=share)}


def closed(code, state, share=None):
    return {code: Closed("EGA-2027-000001-31", 1, THEN, state, share)}


def test_an_exception_meets_what_is_missing_and_nothing_else():
    record = Record({"G1": good(G1), "G2": result(G2)}, Hours(F(12), F(20)), True, waivers=waiver("module:G2"))
    verdict = judge(PROGRAMME, record)
    assert verdict.complete and verdict.items[1].by == "exception" and not verdict.passed("G2")
    assert verdict.final.share == judge(PROGRAMME, ALL).final.share          # of what has a grade
    assert judge(PROGRAMME, replace(ALL, waivers=waiver("module:G2"))).items[1].by == ""
    name = replace(ALL, name_confirmed=False, waivers=waiver("attendance"))
    assert whys(name) == [("certificate_name", "name")]
    group = Record(marks(TWO_OF, G1=8), waivers=waiver("group:Electivos"))
    hours = judge(EITHER, Record(marks(EITHER, G1=8, G2=8), waivers=waiver("internship")))
    assert [i.why for i in hours.missing] == ["choose"]                      # hours of a way are not those asked of all
    assert judge(TWO_OF, group).complete


def test_a_recognised_study_counts_with_its_grade_or_without():
    record = replace(ALL, results={"G1": good(G1), "G2": result(G2)})
    with_grade, without = (judge(PROGRAMME, replace(record, recognised=recognised("G2", share))) for share in (F(1), None))
    assert with_grade.complete and without.complete and with_grade.final.share > without.final.share
    assert with_grade.items[1].by == "recognition" and not with_grade.passed("G2") and "G2" not in without.shares
    own = judge(PROGRAMME, replace(ALL, recognised=recognised("G2", F(1))))
    assert own.items[1].by == "" and own.passed("G2")                        # what was passed here stays ours


def test_who_has_all_recognised_needs_no_final_grade():
    record = Record({}, Hours(F(12), F(20)), True, recognised={**recognised("G1"), **recognised("G2")})
    verdict = judge(PROGRAMME, record)
    assert verdict.complete and verdict.ungraded and verdict.final.share is None


def test_the_acta_goes_first():
    failed = judge(PROGRAMME, replace(ALL, closed=closed("G2", "failed", F(1, 2))))
    assert [(i.module, i.why, i.by) for i in failed.missing] == [("G2", "failed", "acta")]
    approved = judge(PROGRAMME, Record({"G1": good(G1), "G2": result(G2)}, Hours(F(12), F(20)), True,
                                       closed=closed("G2", "approved", F(9, 10))))
    assert approved.complete and approved.passed("G2") and approved.shares["G2"] == F(9, 10)
    for state in ("absent", "free", "regular", "withdrawn", "pending"):
        verdict = judge(PROGRAMME, replace(ALL, closed=closed("G2", state)))
        assert [i.why for i in verdict.missing] == ["absent" if state == "absent" else "acta"] and verdict.final.share is None
    assert judge(PROGRAMME, replace(ALL, closed=closed("G2", "failed", F(1, 2)), recognised=recognised("G2", F(1)))).complete
    assert judge(PROGRAMME, replace(ALL, closed=closed("G2", "failed", F(1, 2)), waivers=waiver("module:G2"))).complete


def test_what_grading_exempts_is_done_and_what_it_excuses_is_not():
    for status, done in (("exempt", True), ("excused", False), ("absent", False)):
        spared = ModuleResult("G2", None, done or None, (), (), status)
        item = judge(PROGRAMME, replace(ALL, results={"G1": good(G1), "G2": spared})).items[1]
        assert (item.done, item.why) == (done, "" if done else status)


# Adding facts never un-completes -------------------------------------------------------------------------------------

CODES = ("G1", "G2", "G3", "G4")
KEYS = (*(f"module:{c}" for c in CODES), "attendance", "internship", "group:Electivos", "group:Práctica")
ASKED = programme(
    Requirement("modules", ("G1",)), Requirement("attendance", hours=12), Requirement("certificate_name"),
    Requirement("modules", ("G2", "G3", "G4"), least=2, name="Electivos"),
    Requirement("any", name="Práctica", least=1, ways=(Way("internship", hours=20), Way("modules", ("G2", "G4")))))
SHARES = {"G1": F(4, 5), "G2": F(3, 10), "G3": F(9, 10), "G4": F(7, 10)}
codes = st.frozensets(st.sampled_from(CODES))


@st.composite
def records(draw):
    results = {}
    for m in ASKED.modules:
        quiz, task = draw(st.sampled_from([(None, None), (None, 9), (8, None), (8, 9), (1, 1)]))
        results[m.code] = result(m, quiz, None if task is None else Handed(F(task), F(12)))
    return Record(results, Hours(F(draw(st.integers(0, 14))), F(draw(st.integers(0, 25)))), draw(st.booleans()),
                  waivers={k: w for k in draw(st.frozensets(st.sampled_from(KEYS))) for w in waiver(k).values()},
                  recognised={c: r for c in draw(codes) for r in recognised(c, draw(st.sampled_from([None, SHARES[c]]))).values()})


@st.composite
def more(draw, record):
    """The record with further facts, none of them worse than what stood."""
    results = dict(record.results)
    for m in ASKED.modules:
        if draw(st.booleans()) and not results[m.code].passed:
            results[m.code] = draw(st.sampled_from([result(m, 8, Handed(F(9), F(12))), result(m, 1, Handed(F(1), F(12))), results[m.code]]))
    return replace(
        record, results=results, name_confirmed=record.name_confirmed or draw(st.booleans()),
        hours=Hours(record.hours.attendance + draw(st.integers(0, 9)), record.hours.internship + draw(st.integers(0, 9))),
        waivers={k: w for k in draw(st.frozensets(st.sampled_from(KEYS))) for w in waiver(k).values()} | record.waivers,
        recognised={c: r for c in draw(codes) for r in recognised(c, SHARES[c]).values()} | record.recognised)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_adding_facts_never_un_completes(data):
    record = data.draw(records())
    verdict = judge(ASKED, record)
    richer = judge(ASKED, data.draw(more(record)))
    assert {i.key for i in verdict.items if i.done} <= {i.key for i in richer.items if i.done}
    assert not verdict.complete or richer.complete
    assert verdict.complete == (not verdict.missing and (verdict.final.share is not None or verdict.ungraded))


@given(records())
@settings(max_examples=100, deadline=None)
def test_no_item_is_both_done_and_missing_and_each_miss_says_why(record):
    verdict = judge(ASKED, record)
    assert all(bool(item.why) != item.done for item in verdict.leaves)
    assert len(verdict.missing) + sum(i.done for i in verdict.items) == len(ASKED.requirements)
    if verdict.missing:
        assert lacking(verdict) != "la nota final"


# What if -------------------------------------------------------------------------------------------------------------

def test_a_supposed_grade_is_weighed_as_a_real_one():
    record = Record({"G1": good(G1), "G2": result(G2)}, Hours(F(12), F(20)), True)
    found = what_if(PROGRAMME, record, {("G2", "quiz"): F(8, 10), ("G2", "task"): F(9, 12)})
    assert found.verdict.complete and found.verdict.final.share == judge(PROGRAMME, ALL).final.share
    assert record.results["G2"].share is None                                # the real one is as it was
    assert what_if(PROGRAMME, record, {}).verdict == judge(PROGRAMME, record)
    assert not what_if(PROGRAMME, record, {("G2", "quiz"): F(1)}).verdict.complete


def test_only_what_is_to_come_can_be_supposed():
    record = Record({"G1": good(G1), "G2": result(G2, 8)}, Hours(), True)
    assert [(o.module, o.item) for o in open_items(PROGRAMME, record)] == [("G2", "task")]
    for decided in ({"recognised": recognised("G2")}, {"waivers": waiver("module:G2")}, {"closed": closed("G2", "pending")}):
        assert not open_items(PROGRAMME, replace(record, **decided))
    lost = replace(record, results={**record.results, "G2": result(G2, 2, Handed(F(2), F(12)))})
    assert [(o.module, o.item) for o in open_items(PROGRAMME, lost)] == [("G2", "resit")]
    assert what_if(PROGRAMME, lost, {("G2", "resit"): F(1)}).record.results["G2"].passed
    assert not what_if(PROGRAMME, lost, {("G2", "resit"): F(1, 10)}).record.results["G2"].passed


def test_the_least_grade_that_is_enough_is_the_least():
    record = Record({"G1": good(G1), "G2": result(G2, None, Handed(F(9), F(12)))}, Hours(), True)
    one = Open("G2", "quiz")
    for own in SCALES.values():
        least = least_to_pass(PROGRAMME, record, one, own)
        def passes(value, own=own):
            return what_if(PROGRAMME, record, {("G2", "quiz"): share_of(value, own)}).record.results["G2"].passed
        assert passes(least) and (least == own.minimum or not passes(least - own.step))
    hopeless = Record({"G2": result(G2, None, Handed(F(0), F(12)))})
    assert least_to_pass(PROGRAMME, hopeless, one, SCALES["CL"]) is None    # its task must be passed


@pytest.mark.parametrize(("written", "read"), [("5,5", "5.5"), (" 7 ", "7"), ("", None), ("1.0", "1.0")])
def test_a_grade_is_read_as_people_write_it(written, read):
    assert read_grade(written, Decimal("1.0"), Decimal("7.0")) == (read if read is None else Decimal(read))


@pytest.mark.parametrize("written", ["0,9", "7,1", "x", "NaN", "Infinity", "1e9", "٥", "5,5,5", "1" * 40])
def test_what_is_no_grade_is_refused(written):
    with pytest.raises(Refused):
        read_grade(written, Decimal("1.0"), Decimal("7.0"))


# Who may fall behind -------------------------------------------------------------------------------------------------

def risky(record, now, last=None, home=None):
    windows = calendar(PROGRAMME, date(2027, 4, 5), "America/Santiago")
    start = datetime(2027, 4, 5, tzinfo=UTC)
    found = risks(PROGRAMME, record, judge(PROGRAMME, record), windows, last, start, date(2027, 11, 27), now)
    return [(r.kind, r.module, r.item) for r in found]


NOTHING_DONE = Record({"G1": result(G1), "G2": result(G2)})


def test_each_reason_of_risk_has_its_fact():
    at = lambda month, day: datetime(2027, month, day, 15, tzinfo=UTC)       # noqa: E731
    assert risky(NOTHING_DONE, at(4, 10)) == []
    assert risky(NOTHING_DONE, at(4, 19)) == [("quiet", "", "")]
    assert risky(NOTHING_DONE, at(4, 25), last=at(4, 24)) == [("soon", "G1", "quiz")]
    assert risky(NOTHING_DONE, at(5, 2), last=at(4, 30)) == [("overdue", "G1", "quiz"), ("soon", "G1", "task")]
    assert risky(NOTHING_DONE, at(12, 10)) == [("overdue", m, i) for m in ("G1", "G2") for i in ("quiz", "task")]   # nobody is quiet after the end
    failed = replace(NOTHING_DONE, results={"G1": result(G1, 1, Handed(F(1), F(12))), "G2": result(G2)})
    assert risky(failed, at(4, 10)) == []                                    # a second chance is left
    assert risky(replace(failed, closed=closed("G1", "failed", F(1, 9))), at(4, 10)) == [("failed", "G1", "")]
    assert risky(replace(NOTHING_DONE, waivers=waiver("module:G1")), at(5, 2), last=at(5, 1)) == []
    assert risky(ALL, at(12, 10)) == []


def test_nobody_is_late_in_a_module_they_did_not_choose():
    begun = Record({**marks(TWO_OF, G1=8), "G3": result(TWO_OF.module("G3"), 8)})
    assert wanted_modules(judge(TWO_OF, begun)) == ["G3"]
