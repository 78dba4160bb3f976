"""The kinds GIFT has answers for: what a student sends, what it scores, what a reviewer sees."""

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from lms.catalogue.formats import gift
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.amounts import readings
from lms.catalogue.kinds.short import fits, folded
from lms.catalogue.rules import Question

TEXT = """
::anio:: ¿En qué año fue París? {
  =2005 #Correcto\\: *París*.
  ~%50%2006
  ~2003 #Fue Roma.
}

::principios:: Marque los principios. {
  ~%50%Apropiación #Bien.
  ~%50%Alineación
  ~%-50%Condicionalidad #No lo es.
  ~%-50%Deuda
}

::bapa:: El PABA es de 1978. {T #Sí lo es. #Así es.}

::sedes:: Relacione. {
  =CGLU -> Barcelona
  =UIM -> Granada
  =FLACMA -> Quito
  = -> Lima
}

::meta:: ¿Qué porcentaje? {#
  =0.7:0.05 #Bien.
  =%50%1 #Casi.
  =%0%* #No.
}

::sede:: ¿Qué organismo? {=SUBDERE =Subsecretaría de Desarrollo Regional #Completo. =%25%sub*}

::orden:: Ordene. {>
  Roma
  París
  Accra
  Busan
}

::ensayo:: Explique. {####Diga *por qué*.}
"""
QUESTIONS = {q.id: q for q in gift.read(TEXT, "quiz.gift")[0]}
ALL = st.sampled_from(sorted(QUESTIONS))
ODD = st.sampled_from("aZñ19.,;-%<>&\"'\\[]{}:\x00\x1b\ud800\u202e\u00a0🙂\r\n\t ")


def answered(name: str, **values: str | list[str]) -> str:
    q = QUESTIONS[name]
    sent = {k.replace("_", "."): v if isinstance(v, list) else [v] for k, v in values.items()}
    return KINDS[q.kind].read(q, sent)


def ids(name: str, *texts: str) -> list[str]:
    return [next(o.id for o in QUESTIONS[name].options if o.text == text) for text in texts]


def score(name: str, answer: str) -> F | None:
    return KINDS[QUESTIONS[name].kind].score(QUESTIONS[name], answer)


def number_of(text: str) -> str:
    return next(o.id for o in KINDS["matching"].choices(QUESTIONS["sedes"], 1) if o.match == text)


def test_the_example_is_well_formed_and_has_one_question_of_each_kind_that_gift_has_an_answer_for():
    assert gift.read(TEXT, "quiz.gift")[1] == []
    assert {q.kind for q in QUESTIONS.values()} == {
        "single", "multiple", "truefalse", "matching", "numerical", "short", "ordering", "essay"}


@pytest.mark.parametrize(("text", "share"), [("2005", F(1)), ("2006", F(1, 2)), ("2003", F(0))])
def test_a_single_choice_gives_the_share_of_its_option(text, share):
    assert score("anio", answered("anio", q=ids("anio", text))) == share


def test_a_single_choice_says_what_was_chosen_its_feedback_and_the_key():
    kind, q = KINDS["single"], QUESTIONS["anio"]
    answer = answered("anio", q=ids("anio", "2003"))
    assert (kind.shown(q, answer), kind.right(q), kind.feedback_for(q, answer)) == ("2003", "2005", "Fue Roma.")


def test_the_letters_of_options_do_not_tell_where_the_author_put_them():
    assert [(o.text, o.id) for o in QUESTIONS["orden"].options] == [
        ("Roma", "d"), ("París", "c"), ("Accra", "a"), ("Busan", "b")]


@pytest.mark.parametrize(("ticked", "share"), [
    (["Apropiación", "Alineación"], F(1)), (["Apropiación"], F(1, 2)),
    (["Apropiación", "Condicionalidad"], F(0)), (["Condicionalidad", "Deuda"], F(0)),
    (["Apropiación", "Alineación", "Condicionalidad", "Deuda"], F(0)),
])
def test_a_multiple_choice_sums_and_never_goes_below_nothing(ticked, share):
    assert score("principios", answered("principios", q=ids("principios", *ticked))) == share


def test_true_is_true_and_each_side_hears_its_own_feedback():
    kind, q = KINDS["truefalse"], QUESTIONS["bapa"]
    yes, no = answered("bapa", q="true"), answered("bapa", q="false")
    assert (score("bapa", yes), score("bapa", no)) == (F(1), F(0))
    assert (kind.feedback_for(q, yes), kind.feedback_for(q, no)) == ("Así es.", "Sí lo es.")
    assert [o.text for o in kind.choices(q, 7)] == ["Verdadero", "Falso"]


def test_matching_counts_pairs_and_a_distractor_asks_nothing():
    some = answered("sedes", q_a=number_of("Barcelona"), q_b=number_of("Quito"))
    assert some == '{"a":"Barcelona","b":"Quito"}' and score("sedes", some) == F(1, 3)
    assert KINDS["matching"].shown(QUESTIONS["sedes"], some) == "CGLU → Barcelona; UIM → Quito; FLACMA → —"
    assert sorted(o.match for o in KINDS["matching"].choices(QUESTIONS["sedes"], 3)) == [
        "Barcelona", "Granada", "Lima", "Quito"]


@pytest.mark.parametrize(("typed", "share"), [
    ("0,7", F(1)), ("0.70 %", F(1)), ("0,65", F(1)), ("0,6499", F(0)), (" 0 , 75 ", F(1)), ("1", F(1, 2)),
    ("siete", F(0)), ("", F(0)), ("1e99", F(0)), ("NaN", F(0)), ("Infinity", F(0)), ("−0,7", F(0)),
])
def test_a_number_is_taken_with_comma_or_point_and_its_tolerance_is_exact(typed, share):
    assert score("meta", answered("meta", q=typed)) == share


@pytest.mark.parametrize(("typed", "numbers"), [
    ("1.234,5", {F(2469, 2)}), ("1,234.5", {F(2469, 2)}), ("1.234.567", {F(1234567)}), ("1234,5", {F(2469, 2)}),
    ("1.500", {F(3, 2), F(1500)}), ("0,125", {F(1, 8)}), ("1 234", {F(1234)}), ("$ 12.000.000", {F(12_000_000)}),
    ("1.23.4", set()), (",", set()), ("1,2,3", set()), ("-.5", {F(-1, 2)}), ("12.34,5", set()), ("3e2", {F(300)}),
])
def test_numbers_as_people_write_them(typed, numbers):
    assert readings(typed) == numbers


@pytest.mark.parametrize(("typed", "share"), [
    ("subdere", F(1)), ("  SUBDERE ", F(1)), ("subsecretaria de  desarrollo regional", F(1)),
    ("Subsecretaría de Desarrollo Regional", F(1)), ("subterráneo", F(1, 4)), ("sub", F(1, 4)), ("otra", F(0)),
])
def test_a_short_answer_forgives_case_accents_and_spaces(typed, share):
    assert score("sede", answered("sede", q=typed)) == share


def test_a_short_answer_keeps_the_enie_apart_and_reads_its_asterisks():
    assert folded("AÑO") == folded("an\u0303o") != folded("ano")
    assert fits(folded("Ley 18.695"), "ley *") and not fits(folded("leyes"), "ley *") and fits("2*2", r"2\*2")
    assert not fits("a" * 200 + "b", "*a" * 60 + "*c")         # thirty asterisks do not take for ever


def test_ordering_counts_items_in_their_place():
    d, c, a, b = (o.id for o in QUESTIONS["orden"].options)
    answer = answered("orden", **{f"q_{d}": "1", f"q_{c}": "2", f"q_{a}": "4", f"q_{b}": "3"})
    assert score("orden", answer) == F(1, 2)
    assert KINDS["ordering"].shown(QUESTIONS["orden"], answer) == "1. Roma; 2. París; 3. Busan; 4. Accra"


def test_an_essay_waits_for_a_person_unless_nothing_was_written():
    assert score("ensayo", answered("ensayo", q="Porque sí.\r\nY más.")) is None
    assert score("ensayo", answered("ensayo", q="  \r\n ")) == 0
    assert len(answered("ensayo", q="x" * 90_000)) == 20_002
    assert KINDS["essay"].right(QUESTIONS["ensayo"]) == "Diga por qué."


@settings(max_examples=50, deadline=None)
@given(name=ALL, sent=st.dictionaries(
    st.sampled_from(["q", "q.a", "q.b", "q.c", "q.d", "q.zz", "x"]),
    st.lists(st.one_of(st.text(ODD, max_size=40), st.sampled_from(
        ["a", "b", "1", "2", "٣", "²", "true", "\x00", "9" * 300])), max_size=4)))
def test_whatever_a_browser_sends_is_read_kept_and_scored_between_0_and_1(name, sent):
    q = QUESTIONS[name]
    kind = KINDS[q.kind]
    answer = kind.read(q, sent)
    share = kind.score(q, answer)
    assert share is None or 0 <= share <= 1
    answer.encode()                         # a lone surrogate would raise here
    assert "\x00" not in answer
    assert kind.is_blank(answer) == (answer == "")
    back = kind.given(q, answer)
    assert kind.read(q, {k: list(v) for k, v in back.items()}) == answer
    assert isinstance(kind.shown(q, answer), str) and isinstance(kind.feedback_for(q, answer), str)


@settings(max_examples=50, deadline=None)
@given(name=ALL, answer=st.one_of(st.text(ODD, max_size=60), st.sampled_from(
    ['[["a"]]', '{"a":{}}', '{"a":true}', "[" * 9000, '"a', "null", "7", '["a",null]', '{"a":1e400}', "1" * 5000])))
def test_a_stored_answer_that_is_not_ours_scores_nothing_and_raises_nothing(name, answer):
    q = QUESTIONS[name]
    kind = KINDS[q.kind]
    share = kind.score(q, answer)
    assert share is None or 0 <= share <= 1
    kind.shown(q, answer), kind.given(q, answer), kind.feedback_for(q, answer), kind.is_blank(answer)


@settings(max_examples=50, deadline=None)
@given(name=ALL, seed=st.integers(0, 10**9))
def test_an_attempt_always_shows_the_same_options_in_the_same_order(name, seed):
    q = QUESTIONS[name]
    shown = KINDS[q.kind].choices(q, seed)
    assert shown == KINDS[q.kind].choices(q, seed)
    assert q.kind == "matching" or not shown or sorted(o.id for o in shown) == sorted(o.id for o in q.options)


def test_different_attempts_see_different_orders():
    q = QUESTIONS["orden"]
    assert len({KINDS["ordering"].choices(q, seed) for seed in range(40)}) > 10


@pytest.mark.parametrize(("body", "message"), [
    ("{~a ~b}", "Ninguna alternativa es correcta"), ("{=a =b ~c}", "más de una alternativa correcta"),
    ("{=a ~A ~b}", "está repetida"), ("{=a ~ ~b}", "vacía"), ("{~%40%a ~%50%b ~%-10%c}", "suman 90 y no 100"),
    ("{=a -> b =c -> d}", "menos de tres pares"),
    ("{#=%50%3}", "puntaje completo"),
    ("{=a -> x =b -> x =c -> x}", "mismo lado derecho"), ("{#5..1}", "negativa"), ("{=%50%a}", "puntaje completo"),
    ("{=*}", "Cualquier texto"), ("{>\na\nb}", "menos de tres"), ("{=a -> b =c -> d =e ->}", "no tiene lado derecho"),
])
def test_what_is_not_well_formed_is_told(body, message):
    faults = gift.read(f"::x:: Pregunta {body}", "q")[1]
    assert any(message in fault.message and fault.remedy for fault in faults), faults


def environment() -> Environment:
    found = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                        extensions=["jinja2.ext.i18n"], loader=PrefixLoader({
                            "catalogue": FileSystemLoader("lms/catalogue/templates"), "t": DictLoader({
                                "x": "{% import kind.template as k %}{{ k.field(q, kind.given(q, answer), "
                                     "kind.choices(q, 5), 'p:', 'label') }}"})}))
    found.install_null_translations()       # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_each_field_shows_what_was_answered_under_names_its_kind_reads(name, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    q: Question = QUESTIONS[name]
    kind = KINDS[q.kind]
    sent = {"anio": {"q": ["a"]}, "principios": {"q": ["a", "b"]}, "bapa": {"q": ["false"]}, "sedes": {"q.a": ["3"]},
            "meta": {"q": ['1"><x']}, "sede": {"q": ["</textarea><b>"]}, "orden": {"q.a": ["2"], "q.b": ["2"]},
            "ensayo": {"q": ["</textarea><script>"]}}[name]
    html = environment().get_template("t/x").render(q=q, kind=kind, answer=kind.read(q, sent))
    assert all(f'name="p:{field}"' in html for field in kind.given(q, ""))
    assert "<script" not in html and "<x" not in html and 'aria-labelledby="label"' in html and "style=" not in html
    marks = html.count(" checked") + html.count(" selected")
    assert marks == {"anio": 1, "principios": 2, "bapa": 1, "sedes": 1, "orden": 2}.get(name, 0)


def test_the_source_of_a_matching_question_does_not_give_the_key_away():
    q = QUESTIONS["sedes"]
    assert not any(o.id == p.id for o in KINDS["matching"].choices(q, 1) for p in q.options)
