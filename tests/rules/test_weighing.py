"""A programme's grading as data: categories, drop and keep, extra credit, resit, exemption, excused, absent; each explained."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.rules import Component
from lms.catalogue.weighing import Category, Exemption, Grading, Item, Resit
from lms.grading.adjusting import may_resit
from lms.grading.policies import Policies, standing
from lms.grading.rules import final_result, module_result
from lms.grading.scales import HOME, SCALES, grade
from lms.grading.values import Change, ModuleResult, Part, recorded
from lms.grading.weighing import _any_final
from lms.grading.wording import explain, explain_final
from tests.programme import PROGRAMME

G1 = PROGRAMME.modules[0]
NOW = datetime(2027, 4, 20, 15, tzinfo=UTC)
CHILE = standing("CL")


def share(grade_):
    return HOME.share(F(grade_))


def part(item, grade_, weight=50, name=""):
    return Part(item, weight, None if grade_ is None else share(grade_), "none" if grade_ is None else "marked", name=name)


def module(**grading):
    return replace(G1, task=replace(G1.task, must_pass=False), grading=Grading(**grading))


def written(result):
    return None if result.share is None else grade(result.share, HOME).written


def said(result, policies=CHILE):
    return "\n".join(map(str, explain(result, policies)))


def change(kind, grade_=None, item="", share_=None, number=1):
    return Change(number, 1, "G1", item, kind, share_ if grade_ is None else share(grade_), "Consta en acta 3", 6, NOW)


# Ways to weigh --------------------------------------------------------------------------------------------------------

ITEMS = (Item("foro", "Foro", 20), Item("bitacora", "Bitácora", 20), Item("charla", "Charla", 10, extra=True))


def test_own_items_weigh_beside_quiz_and_task():
    m = module(items=ITEMS[:2])
    parts = [part("quiz", "5.0", 30), part("task", "6.0", 30), part("foro", "7.0", 20, "Foro"), part("bitacora", "4.0", 20)]
    found = module_result(m, parts)
    assert written(found) == "5,5" and "20 % × 7,0 (Foro)" in said(found).replace("\xa0", " ")
    assert module_result(m, [*parts[:3], part("bitacora", None, 20)]).share is None


def test_a_category_counts_as_one_figure_and_drops_its_lowest():
    m = module(items=tuple(Item(f"c{n}", f"Control {n}", 1) for n in (1, 2, 3)), categories=(
        Category("controles", "Controles", 60, ("c1", "c2", "c3"), "mean", drop=1),))
    parts = [part("task", "5.0", 40), *(part(f"c{n}", g, 1, f"Control {n}") for n, g in ((1, "2.0"), (2, "6.0"), (3, "6.5")))]
    found = module_result(m, parts)
    assert written(found) == "5,8"                          # 0,4 x 5,0 + 0,6 x 6,3
    text = said(found)
    assert "Controles, promedio: No cuenta lo más bajo: Control 1 2,0. (6,0 (Control 2) + 6,5 (Control 3)) ÷ 2 = 6,25" in text
    kept = replace(m, grading=replace(m.grading, categories=(replace(m.grading.categories[0], drop=0, keep=1),)))
    assert written(module_result(kept, parts)) == "5,9"     # 0,4 x 5,0 + 0,6 x 6,5


def test_categories_nest():
    m = module(items=(Item("a", "A", 1), Item("b", "B", 1)), categories=(
        Category("fuera", "Fuera", 60, ("dentro", "quiz"), "mean"), Category("dentro", "Dentro", 1, ("a", "b"), "highest")))
    found = module_result(m, [part("quiz", "4.0", 1), part("task", "5.0", 40), part("a", "3.0", 1), part("b", "6.0", 1)])
    assert written(found) == "5,0"                          # highest 6,0; with the quiz 5,0; with the task 5,0


def test_extra_credit_lifts_and_is_not_needed():
    m = module(items=(ITEMS[2],))
    parts = [part("quiz", "4.0", 40), part("task", "4.0", 60)]
    assert written(module_result(m, [*parts, part("charla", None, 10)])) == "4,0"
    lifted = module_result(m, [*parts, part("charla", "7.0", 10, "Charla")])
    assert written(lifted) == "4,6" and "extra 10 % × (7,0 − 1,0) (Charla)" in said(lifted)
    assert written(module_result(m, [part("quiz", "7.0", 40), part("task", "7.0", 60), part("charla", "7.0", 10)])) == "7,0"
    assert written(module_result(m, [*parts, part("charla", "1.0", 10)])) == "4,0"


@pytest.mark.parametrize("how, comes_to", [("lowest", "3,0"), ("highest", "6,0"), ("median", "4,5"), ("mean", "4,5"),
                                           ("simple_weighted_mean", "4,2"), ("natural", "4,2"), ("mode", "6,0")])
def test_every_way_to_total(how, comes_to):
    """Of 3,0 out of 12 points and 6,0 out of 8."""
    m = module(how=how, points=(12, 8))
    assert written(module_result(m, [part("quiz", "3.0"), part("task", "6.0")])) == comes_to


def test_points_are_averaged_where_the_programme_says_so():
    m = module(unit="points")
    parts = [Part("quiz", 50, F(1, 5), "marked"), Part("task", 50, F(1), "marked")]
    found = module_result(m, parts)
    assert found.share == F(3, 5) and "50 % × 20 % (Control)" not in said(found)
    assert "(20 % (Control) + 100 % (Tarea)) ÷ 2 = 60 %" in said(found).replace("\xa0", " ")


def test_what_is_missing_waits_or_does_not_count_or_is_none():
    parts = [part("quiz", "5.0", 40), part("task", None, 60)]
    assert [written(module_result(module(missing=how), parts)) for how in ("wait", "skip", "zero")] == [None, "5,0", "2,6"]


def test_unrounded_partials_are_averaged_as_they_are_and_say_so():
    parts = [part("quiz", "3.85"), part("task", "3.95")]
    exact = replace(HOME, id="cl-x", round_first=False)
    assert (module_result(module(), parts).passed, module_result(module(), parts, exact).passed) == (True, False)
    found = module_result(module(), parts, exact)
    assert "50 % × 3,85 (Control) + 50 % × 3,95 (Tarea) = 3,9." in said(found, Policies(exact, (exact,))).replace("\xa0", " ")


# Conditions -----------------------------------------------------------------------------------------------------------

def test_a_component_under_the_least_grade_fails_whatever_the_mean():
    strict = replace(HOME, id="cl-y", least=D("4.0"))
    parts = [part("quiz", "3.5", 40), part("task", "7.0", 60)]
    for m, home in ((module(), strict), (module(least=D("4.0")), HOME)):
        found = module_result(m, parts, home)
        assert (grade(found.share, home, home).written, found.passed) == ("3,9", False)
        assert "Control tiene 3,5 y se pide 4,0: el total no pasa de 3,9." in said(found)
    assert module_result(module(least=D("3.5")), parts).passed
    inner = module(items=(Item("a", "A", 1), Item("b", "B", 1)), categories=(
        Category("cat", "Talleres", 40, ("a", "b"), "mean", least=D("4.0")),))
    found = module_result(inner, [part("task", "7.0", 60), part("a", "3.0", 1), part("b", "3.0", 1)])
    assert not found.passed and "Talleres tiene 3,0 y se pide 4,0" in said(found)


def test_who_does_well_is_exempt_unless_they_have_a_mark():
    m = module(exemption=Exemption("task", D("5.5")))
    spared = module_result(m, [part("quiz", "5.5", 40), part("task", None, 60)])
    assert (written(spared), spared.part("task").state, spared.state) == ("5,5", "exempt", "marked")
    assert "el resto tiene 5,5 y desde 5,5 se exime" in said(spared)
    assert module_result(m, [part("quiz", "5.4", 40), part("task", None, 60)]).share is None
    assert written(module_result(m, [part("quiz", "7.0", 40), part("task", "4.0", 60)])) == "5,2"


RESIT = Resit(D("3.7"), D("3.9"), D("4.0"))


@pytest.mark.parametrize("first, again, comes_to", [
    ("3.8", "6.5", "4,0"), ("3.8", "3.9", "3,9"), ("3.8", "2.0", "3,8"), ("3.7", "4.0", "4,0"), ("3.6", "6.5", "3,6"),
    ("4.5", "6.5", "4,5"), ("3.9", "7.0", "4,0")])
def test_a_resit_is_for_who_came_near_and_is_capped(first, again, comes_to):
    m = module(resit=RESIT)
    parts = [part("quiz", first), part("task", first)]
    found = module_result(m, parts, records=recorded([change("resit", again)]))
    assert written(found) == comes_to and "Examen recuperativo" in said(found)
    assert may_resit(module_result(m, parts).share, RESIT, HOME) == (D("3.7") <= D(first) <= D("3.9"))


def test_without_a_rule_a_resit_is_for_who_failed_and_gives_no_more_than_passing():
    found = module_result(module(), [part("quiz", "2.0"), part("task", "2.0")], records=recorded([change("resit", "6.0")]))
    assert written(found) == "4,0" and "tenía 2,0 (de 1,0 a 3,9 da derecho); obtuvo 6,0, que vale a lo más 4,0" in said(found)


# What a person recorded -----------------------------------------------------------------------------------------------

PARTS = [part("quiz", "5.0", 40), part("task", "6.0", 60)]


def test_a_grade_set_by_hand_stands_with_its_reason():
    found = module_result(module(), PARTS, records=recorded([change("set", "7.0", "quiz")]))
    assert written(found) == "6,4"
    assert "Nota registrada a mano: 7,0 en lugar de 5,0. Motivo: Consta en acta 3 (20-04-2027)." in said(
        module_result(module(), [Part("quiz", 40, share("5.0"), "marked"), PARTS[1]], records=recorded([change("set", "7.0", "quiz")])))
    whole = module_result(module(), PARTS, records=recorded([change("set", "4.0")]))
    assert written(whole) == "4,0" and whole.passed
    waiting = module_result(module(), [PARTS[0], part("task", None, 60)], records=recorded([change("set", "5.0", "task")]))
    assert written(waiting) == "5,0"


def test_excused_and_exempt_items_do_not_count_and_an_absence_is_the_least():
    excused = module_result(module(), PARTS, records=recorded([change("excused", item="task")]))
    assert (written(excused), excused.part("task").state) == ("5,0", "excused") and "no cuenta" in said(excused)
    must = replace(module(), task=G1.task)
    assert module_result(must, [PARTS[0], part("task", "1.0", 60)], records=recorded([change("exempt", item="task")])).passed
    absent = module_result(module(), PARTS, records=recorded([change("absent", item="task")]))
    assert written(absent) == "2,6" and "Ausente: vale 1,0." in said(absent)
    none = module_result(module(absent="none"), PARTS, records=recorded([change("absent", item="task")]))
    assert (none.share, none.passed, none.status) == (None, False, "absent")
    nobody = module_result(module(), PARTS, records=recorded([change("excused", item="task"), change("excused", item="quiz")]))
    assert nobody.share is None


def test_a_whole_module_excused_exempt_or_absent():
    def of(kind, **grading):
        return module_result(module(**grading), PARTS, records=recorded([change(kind)]))
    assert (of("excused").share, of("excused").passed, of("excused").status) == (None, None, "excused")
    assert (of("exempt").share, of("exempt").passed, of("exempt").status) == (None, True, "exempt")
    assert (of("absent").share, of("absent").passed, of("absent").status) == (0, False, "absent")
    assert (of("absent", absent="none").share, of("absent", absent="none").passed) == (None, False)


def test_extra_points_add_and_cleared_takes_all_back():
    more = change("extra", item="quiz", share_=F(1, 10))
    lifted = module_result(module(), PARTS, records=recorded([more]))
    assert lifted.part("quiz").share == share("5.0") + F(1, 10) and "Puntos extra" in said(lifted)
    history = [change("set", "2.0", "quiz"), more, change("resit", "6.0", "quiz"), change("cleared", item="quiz")]
    assert module_result(module(), PARTS, records=recorded(history)).share == module_result(module(), PARTS).share
    last = recorded([change("excused", item="quiz"), change("set", "4.0", "quiz", number=2)])
    assert last["quiz"].kind == "set" and last["quiz"].base.id == 2


# The diploma ----------------------------------------------------------------------------------------------------------

def of(code, grade_, status=""):
    return ModuleResult(code, None if grade_ is None else share(grade_), None if grade_ is None else F(grade_) >= 4, (), (), status)


def programme(*components, **grading):
    return replace(PROGRAMME, components=components, grading=Grading(**grading))


FOUR = {code: of(code, g) for code, g in (("A", "4.0"), ("B", "5.0"), ("C", "6.0"), ("D", "7.0"))}


def final(made, results=FOUR):
    return final_result(made, results)


def test_components_drop_nest_and_lift():
    usual = programme(Component("Módulos", 60, ("A", "B")), Component("Proyecto", 40, ("C",)))
    assert written(final(usual)) == "5,1"                   # 0,6 x 4,5 + 0,4 x 6,0
    dropped = programme(Component("Módulos", 60, ("A", "B", "D"), drop=1), Component("Proyecto", 40, ("C",)))
    assert written(final(dropped)) == "6,0"                 # 0,6 x 6,0 + 0,4 x 6,0
    nested = programme(Component("Todo", 100, (), "weighted_mean"), Component("Uno", 30, ("A",), within="Todo"),
                       Component("Otro", 70, ("D",), within="Todo"))
    assert written(final(nested)) == "6,1"
    extra = programme(Component("Módulos", 100, ("A",)), Component("Diplomado", 10, ("D",), extra=True))
    assert written(final(extra)) == "4,6" and written(final(extra, {"A": FOUR["A"], "D": of("D", None)})) == "4,0"
    text = "\n".join(map(str, explain_final(final(dropped), CHILE)))
    assert "Módulos, promedio: No cuenta lo más bajo: A 4,0. (5,0 (B) + 7,0 (D)) ÷ 2 = 6. Nota 6,0." in text


def test_components_under_their_least_and_exempt_ones():
    strict = programme(Component("Módulos", 80, ("D",)), Component("Proyecto", 20, ("A",), least=D("5.0")))
    assert written(final(strict)) == "3,9"
    exam = programme(Component("Módulos", 70, ("C", "D")), Component("Examen", 30, ("E",), exempt=D("6.0")))
    spared = final(exam)
    assert written(spared) == "6,5" and "Eximición: Examen: el resto tiene 6,5" in "\n".join(map(str, explain_final(spared, CHILE)))
    assert written(final(exam, {**FOUR, "E": of("E", "4.0")})) == "5,8"
    assert final(exam, {**FOUR, "D": of("D", "5.0")}).share is None


def test_excused_modules_leave_the_mean_and_an_absent_one_without_grade_is_waited_for():
    usual = programme(Component("Módulos", 60, ("A", "B")), Component("Proyecto", 40, ("C",)))
    assert written(final(usual, {**FOUR, "A": of("A", None, "excused")})) == "5,4"
    assert written(final(usual, {**FOUR, "C": of("C", None, "exempt")})) == "4,5"
    assert final(usual, {**FOUR, "C": of("C", None, "absent")}).share is None
    assert final(usual, {**FOUR, "C": of("C", None)}).share is None and final(usual, {}).share is None


GRADES = st.lists(st.one_of(st.none(), st.fractions(0, 1, max_denominator=240)), min_size=4, max_size=4)


@given(GRADES, st.sampled_from(["half_up", "half_even", "half_down", "up", "down"]), st.integers(1, 99))
@settings(max_examples=200)
def test_whole_numbers_give_what_fractions_give(shares, rounding, weight):
    home = replace(HOME, rounding=rounding)
    usual = programme(Component("Módulos", weight, ("A", "B", "C")), Component("Proyecto", 100 - weight, ("D",)))
    results = {code: ModuleResult(code, s, None, (), (), home=home) for code, s in zip("ABCD", shares, strict=True)}
    quick, slow = final_result(usual, results), _any_final(usual, results, home)
    assert quick.share == slow.share and list(quick.steps) == list(slow.steps)


@given(st.lists(st.tuples(st.fractions(0, 1, max_denominator=60), st.integers(1, 99)), min_size=2, max_size=2))
def test_the_usual_module_is_the_general_rule_s(figures):
    parts = [Part(name, weight, s, "marked") for name, (s, weight) in zip(("quiz", "task"), figures, strict=True)]
    general = module(categories=(Category("todo", "Todo", 100, ("quiz", "task")),))
    assert module_result(module(), parts).passed == module_result(general, parts).passed


def test_a_table_explains_itself():
    tabled = replace(SCALES["AR"], id="ar-t", name="tabla del convenio", table=((D("1.0"), D(1)), (D("4.0"), D(4)), (D("7.0"), D(10))))
    found = module_result(module(), PARTS)
    assert "Argentina: por la tabla de equivalencias «tabla del convenio», desde 4,0 corresponde 4" in said(
        found, Policies(HOME, (HOME, tabled)))
