"""Numbers: units, tolerances, and the answers that formulas give."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from lms.catalogue.formulas import BadFormula, flaw, read
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.amounts import ANY, Unit, Units, within
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure, drawn, put, rounded
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.rules import Option, Question
from lms.catalogue.stored import pack_question, unpack_question

METRES = (Unit("m"), Unit("cm", F(100)))
NUMERICAL = KINDS["numerical"]


def numerical(*keys, **units):
    return Question("n", "numerical", "¿Cuánto?", numbers=tuple((D(v), D(t), F(s)) for v, t, s in keys),
                    options=tuple(Option("abc"[n], v, F(s), f"oye {v}") for n, (v, t, s) in enumerate(keys)),
                    body=Numbers(units=Units(**units)) if units else None)


def score(q, number, unit=None):
    return NUMERICAL.score(q, NUMERICAL.read(q, {"q": [number]} | ({"q.unit": [unit]} if unit else {})))


@pytest.mark.parametrize(("typed", "share"), [
    ("3.14 frogs", 1), ("3.14", 1), ("3,14 m", 1), ("314cm", 1), ("314000000x10^-8m", 1), ("3.14 cm", 1), ("314 m", 0)])
def test_an_optional_unit_may_be_missing_or_unknown(typed, share):
    assert score(numerical(("3.14", "0", 1), names=METRES, asked="typed"), typed) == share


@pytest.mark.parametrize(("graded", "lost"), [("response", F(1, 10)), ("question", F(1, 5))])
def test_a_graded_unit_costs_a_share_of_what_was_earned_or_of_the_question(graded, lost):
    q = numerical(("3.14", "0", "1/2"), names=METRES, asked="typed", graded=graded, penalty=F(1, 5))
    assert [score(q, text) for text in ("3.14 m", "314 cm")] == [F(1, 2)] * 2
    assert [score(q, text) for text in ("3.14", "3.14 ranas", "3.14 cm")] == [F(1, 2) - lost] * 3
    assert score(q, "314 m") == 0


def test_a_unit_is_chosen_beside_the_number():
    q = numerical(("1.25", "0", 1), ("1.25", "0.02", "1/2"), names=METRES, asked="menu", graded="response", penalty=F(1, 2))
    assert [score(q, *given) for given in (("2", "m"), ("1,25", "m"), ("125", "cm"), ("1,25",), ("123", "cm"), ("1,23",))] \
        == [0, 1, 1, F(1, 2), F(1, 2), F(1, 4)]
    answer = NUMERICAL.read(q, {"q": ["125"], "q.unit": ["cm"]})
    assert answer == '["125","cm"]' and NUMERICAL.shown(q, answer) == "125 cm" and NUMERICAL.right(q) == "1,25 m"
    assert NUMERICAL.given(q, answer) == {"q": ("125",), "q.unit": ("cm",)}
    assert NUMERICAL.read(q, {"q": ["125"], "q.unit": ["pies"]}) == '"125"'


def test_a_unit_alone_is_no_answer():
    q = numerical(("1", "0", 1), names=METRES, asked="radio")
    answer = NUMERICAL.read(q, {"q.unit": ["m"]})
    assert NUMERICAL.is_blank(answer) and NUMERICAL.complaint(q, answer) == "Escriba un número."
    assert NUMERICAL.complaint(q, NUMERICAL.read(q, {"q": ["1"]})) == "Elija la unidad."


@pytest.mark.parametrize(("typed", "share"), [
    ("$1332", 1), ("$ 1.332", 1), ("pesos 1332", F(4, 5)), ("1332", F(4, 5)), ("1332 ranas", 0), ("$1", 0)])
def test_a_unit_may_stand_on_the_left(typed, share):
    q = numerical(("1332", "0", 1), names=(Unit("$"),), asked="typed", graded="response", penalty=F(1, 5), left=True)
    assert score(q, typed) == share


@pytest.mark.parametrize(("typed", "share"), [("5 m2", 1), ("5 o 6", 0), ("5 km", 1), ("5 6m", 0), ("2005 o 2006", 0)])
def test_a_second_number_is_no_unit(typed, share):
    """Moodle takes all behind the first number for a unit, so that "5 o 6" answers 5; a hedge is no answer here."""
    assert score(numerical(("5", "0", 1), names=(Unit("m2"),), asked="typed"), typed) == share


@pytest.mark.parametrize(("key", "typed"), [
    ("1500", "1.500"), ("1500", "1,500"), ("1500", "1500"), ("1.5", "1.500"), ("1.5", "1,5"), ("1.5", "1.5")])
def test_a_text_that_is_two_numbers_is_believed_for_either(key, typed):
    """Moodle knows one decimal mark a site. Here Chile, Argentina and Mexico answer one question: that 1500 and 1,5 are
    keys against each other is rare, while a right number with the other mark would fail often."""
    assert score(numerical((key, "0", 1)), typed) == 1


def test_of_several_keys_the_first_that_fits_counts_as_in_moodle():
    q = numerical(("5", "0", 0), ("5", "1", 1))
    assert score(q, "5") == 0 and score(q, "5,5") == 1
    assert NUMERICAL.feedback_for(q, '"5,5"') == "oye 5"


@pytest.mark.parametrize(("kind", "inside", "outside"), [
    ("nominal", ("9", "11"), ("8.99",)), ("relative", ("5", "15"), ("4.99", "15.01")),
    ("geometric", ("5", "20"), ("4.99", "20.01"))])
def test_a_tolerance_is_a_distance_a_share_or_a_factor(kind, inside, outside):
    margin = {"nominal": "1", "relative": "0.5", "geometric": "1"}[kind]
    assert all(within(F(n), D(10), D(margin), kind) for n in inside)
    assert not any(within(F(n), D(10), D(margin), kind) for n in outside)
    assert all(within(-F(n), D(-10), D(margin), kind) for n in inside)       # Moodle's factor fails under zero


def test_a_tolerance_of_nonsense_raises_nothing():
    assert not within(F(1), D("NaN"), D(1)) and not within(F(1), D(1), D("NaN")) and not within(F(1), D("1e999999"), D(1))
    assert within(F(1), D("NaN"), ANY)


@pytest.mark.parametrize(("typed", "said"), [
    ("", "Escriba un número."), ("rana", "Escriba solo un número, sin letras."), ("5 km", "Escriba solo el número, sin unidad."),
    ("1e3", "")])
def test_what_is_no_number_yet_is_told(typed, said):
    q = numerical(("5", "0", 1))
    assert NUMERICAL.complaint(q, NUMERICAL.read(q, {"q": [typed]})) == said


def test_a_numerical_answer_is_tallied_under_its_key():
    q = numerical(("3.14", "0.01", 1), ("3", "0", 0))
    tally = [(r.model, r.actual, r.share) for text in ("3,141", "3", "7") for r in NUMERICAL.responses(q, f'"{text}"')]
    assert tally == [("3,14 (± 0,01)", "3,141", 1), ("3", "3", 0), ("", "7", 0)]
    assert [(r.model, r.share) for r in NUMERICAL.possible(q)] == [("3,14 (± 0,01)", 1), ("3", 0)]


@pytest.mark.parametrize(("formula", "value"), [
    ("-2**2", -4), ("2**-1", 0.5), ("1+2*3-4/2", 5), ("7%3", 1), ("-7%3", -1), ("3>2 ? 10 : 20", 10), ("6^3", 5), ("1<<3", 8),
    ("!0", 1), ("1 && 0 || 1", 1), ("pow(2,10)", 1024), ("round(2.5)", 3), ("round(-1.005, 2)", -1.01), ("bindec(101)", 5),
    ("decbin(5)", 101), ("octdec(17)", 15), ("MAX(1, 3, 2)", 3), ("log(8, 2)", 3), ("{a}*{b_2}", 12), (".5e1", 5), ("1 <> 2", 1)])
def test_a_formula_gives_what_php_gives(formula, value):
    assert read(formula).value({"a": D(3), "b_2": D(4)}) == pytest.approx(value)


@pytest.mark.parametrize(("formula", "where"), [
    ("2 +", "Queda incompleta. (carácter 4)"), ("sin(1", "Falta «)» al final. (carácter 6)"),
    ("2 3", "No se espera «3»"), ("raiz(2)", "«raiz» no es una función que se conozca. (carácter 1)"), ("{1a}", "no es un nombre"),
    ("", "vacía"), ("pow(2)", "van 2 valores y hay 1"), ("x" * 2000, "demasiado larga"), ("(" * 500, "demasiados paréntesis")])
def test_what_is_wrong_in_a_formula_is_told_with_its_place(formula, where):
    assert where in flaw(formula)


@pytest.mark.parametrize("formula", ["1/0", "sqrt(-1)", "9**9**9", "1%0", "log(0)", "exp(1e9)", "{b}", "1<<99", "9" * 900 + "&1",
                                     "+".join(["1"] * 400) + "/0"])
def test_a_formula_without_value_says_so_and_raises_nothing_else(formula):
    with pytest.raises(BadFormula):
        read(formula).value({"a": D(1)})


@pytest.mark.parametrize(("number", "figure", "text"), [
    (9.9, Figure(), "9,90"), (2.675, Figure(), "2,68"), (1234.5, Figure(digits=2, significant=True), "1200"),
    (0.00123456, Figure(digits=3, significant=True), "0,00123"), (-1.5, Figure(digits=0), "-2"), (0.0, Figure(digits=2), "0,00"),
    (6.02214e23, Figure(digits=3, significant=True), "6,02e+23"), (0.99996, Figure(digits=3, significant=True), "1,00")])
def test_a_result_is_rounded_to_decimals_or_to_significant_figures(number, figure, text):
    assert rounded(number, figure) == text


def test_numbers_are_put_into_a_text():
    values = {"a": D("7.60"), "b": D("-2")}
    assert put("De {a} y {b}: {={a}+{b}}, {={a}*{b}/3}, {c}, {=1/0}, {={a}&gt;1}", values) == \
        "De 7,60 y -2: 5,6, -5,0666666666667, {c}, {=1/0}, 1"
    assert put("{={a}/3}", values, Figure(digits=1)) == "2,5"


def calculated(formula="{a}/{b}", kind="calculated", **more):
    body = Calculation((Dataset("a", (D(10), D(20))), Dataset("b", (D(3), D(7)))), (Figure(D(0), "nominal", 2),), **more)
    return Question("c", kind, "<p>{a} entre {b}</p>", (Option("a", formula, F(1), "Es {={a}/{b}}."),), body=body,
                    feedback="Con {b}.")


def test_a_calculated_question_asks_one_variant_as_a_numerical_question():
    q, kind = calculated(), KINDS["calculated"]
    asked = kind.realised(q, 3)
    assert kind.variants(q) == 2 and (asked.kind, asked.text, asked.feedback) == ("numerical", "<p>20 entre 7</p>", "Con 7.")
    assert asked == kind.realised(q, 1) != kind.realised(q, 2)
    assert asked.options[0].feedback == "Es 2,86." and NUMERICAL.right(asked) == "2,86"
    assert unpack_question(pack_question(asked)) == asked and unpack_question(pack_question(q)) == q


def test_who_answers_what_is_shown_as_right_is_right():
    """Moodle compares with the exact result only: with a tolerance of 0 its own key of 2,86 would be wrong."""
    asked = KINDS["calculated"].realised(calculated(), 1)
    assert [score(asked, text) for text in ("2,86", "2.86", "2,857", "286")] == [1, 1, 0, 0]


def test_answers_to_all_variants_are_tallied_under_the_formula():
    kind = KINDS["calculated"]
    both = [kind.realised(calculated(), seed) for seed in (0, 1)]
    tally = {r.model for asked in both for r in NUMERICAL.responses(asked, f'"{NUMERICAL.right(asked)}"')}
    assert tally == {"{a}/{b}"} and kind.right(calculated()) == "{a}/{b}"


def test_a_calculated_choice_has_numbers_in_its_options():
    kind = KINDS["calculatedmulti"]
    q = calculated(kind="calculatedmulti")
    options = (Option("a", "{={a}/{b}} m", F(1)), Option("b", "{a} m", F(0), "No: {={a}*2}"))
    for single, name in ((True, "single"), (False, "multiple")):
        made = Question("c", "calculatedmulti", q.text, options, body=Calculation(q.body.datasets, q.body.figures, single=single))
        asked = kind.realised(made, 0)
        assert kind.faults(made) == [] and asked.kind == name
        assert [o.text for o in asked.options] == ["3,33 m", "10 m"] and asked.options[1].feedback == "No: 20,00"


@pytest.mark.parametrize(("formula", "message"), [
    ("{a}/{c}", "No hay datos para {c}"), ("{a}/", "no se entiende"), ("{a}/({b}-7)", "Con los datos n.º 2"), ("eval({a})", "función")])
def test_a_calculated_question_that_can_not_be_asked_is_a_fault(formula, message):
    q = calculated(formula)
    assert any(message in said + remedy for said, remedy in KINDS["calculated"].faults(q)) and KINDS["calculated"].faults(calculated()) == []
    KINDS["calculated"].realised(q, 1)


def test_values_are_drawn_from_their_distribution_alike_for_the_same_seed():
    made = drawn(Dataset("a", least=D(1), most=D(1000), decimals=1, distribution="loguniform"), 100, 7)
    assert made == drawn(made, 100, 7) != drawn(made, 100, 8)
    assert all(1 <= value <= 1000 and value == round(value, 1) for value in made.values)
    assert 20 < sum(value < 31 for value in made.values) < 80       # half of them under the geometric mean
