"""Every classic and calculated kind, with every body: hostile answers raise nothing, what is read is what is shown again."""

import json
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from lms.catalogue import wide
from lms.catalogue.formulas import BadFormula, flaw, read
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.amounts import ANY, Unit, Units
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.gradings import GRADINGS
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.randommatching import Draw, Drawn
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.rules import Option, Question

ODD = st.sampled_from("abcaZñ19.,;-%<>&\"'\\[]{}:=*\x00\x1b\ud800\u202e\u00a0🙂\r\n\t m")
CHOICES = (Option("a", "<b>uno</b>", F(1), "Sí."), Option("b", "dos", F(-1, 3)), Option("c", "tres", F(1, 2)))
PAIRS = (Option("a", "uno", F(1), match="A"), Option("b", "dos", F(1), match="B"), Option("c", "", F(1), match="<C>"))
KEYS = ((D("3.5"), D("0.1"), F(1)), (D(0), ANY, F(-1, 4)))
UNITS = (Unit("m"), Unit("cm", F(100)), Unit("<%>", F(2)))
DATA = (Dataset("a", (D(1), D("2.50"), D(0))), Dataset("b", (D(3), D(-4), D(1))))
WORDS = (Option("a", "ra*na", F(1)), Option("b", r"\*", F(1, 2)), Option("c", "*", F(-1)))


def made():
    yield from (("single", CHOICES, body) for body in (None, Choice("abc", True), Words()))
    yield from (("multiple", CHOICES, body) for body in (None, Choice("IIII"), Choice(all_or_nothing=True)))
    yield "truefalse", (Option("true", "Verdadero", F(0)), Option("false", "Falso", F(1))), None
    yield from (("short", WORDS, Words(case, accents)) for case in (True, False) for accents in (True, False))
    yield "matching", PAIRS, None
    yield from (("ordering", CHOICES, Order(grading, numbering="iii", horizontal=True)) for grading in GRADINGS)
    yield from (("ordering", CHOICES, Order(selection=drawn, count=2)) for drawn in ("random", "contiguous"))
    yield from (("essay", (), body) for body in (None, Essay("optional", "monospaced", template="<i>", attachments=-1, required=1,
                                                             kinds=(".pdf",), least_words=3, most_words=9), Essay("none", attachments=2)))
    yield from (("numerical", CHOICES[:2], Numbers(("geometric",), Units(UNITS, graded, asked=asked, left=left)))
                for graded in ("no", "response", "question") for asked in ("none", "typed", "radio", "menu") for left in (True, False))
    yield "description", (), None
    for kind in ("calculated", "calculatedsimple"):
        yield kind, (Option("a", "{a}/{b}", F(1), "{={a}}"), Option("b", "1/{a}", F(1, 2)), Option("c", "*", F(0))), Calculation(
            DATA, (Figure(), Figure(significant=True)), Units(UNITS, asked="radio"))
    yield from (("calculatedmulti", CHOICES, Calculation(DATA, single=single, numbering="ABCD")) for single in (True, False))
    yield "randommatching", (), Draw(2, pool=(Drawn("x", "1"), Drawn("y", "2"), Drawn("z", "2")))


def asked():
    for n, (kind, options, body) in enumerate(made()):
        numbers = KEYS if kind == "numerical" else ()
        q = Question(f"{kind}-{n}", kind, "¿{a}?", options, numbers=numbers, body=body)
        yield q
        if KINDS[kind].realised(q, 1) != q:
            yield replace(KINDS[kind].realised(q, 1), id=f"{q.id}-r")


ASKED = {q.id: q for q in asked()}
NAMES = st.sampled_from(sorted(ASKED))
FIELDS = st.dictionaries(st.sampled_from(["q", "q.a", "q.b", "q.c", "q.unit", "q.files", "x"]), st.lists(st.one_of(
    st.text(ODD, max_size=30), st.sampled_from(["a", "b", "1", "2", "3", "٣", "²", "true", "m", "cm", "<%>", "3,5 m", "350cm", "-1e99", "9" * 300,
                                                f"{'a' * 64}/9/x.pdf"])), max_size=4))


def every_word(kind, q, answer):
    """All that may be asked about an answer; only that nothing is raised."""
    share = kind.score(q, answer)
    assert share is None or 0 <= share <= 1
    raw = kind.raw(q, answer)
    assert raw is None or -1 <= raw <= 1
    parts = kind.parts(q, answer)
    assert all(-1 <= part.share <= 1 and part.weight >= 0 for part in parts)
    after = kind.after_tries(q, [answer, "", answer])
    assert after is None or 0 <= after <= 1
    assert all(isinstance(said, str) for said in (kind.complaint(q, answer), kind.shown(q, answer), kind.right(q), kind.feedback_for(q, answer)))
    left = kind.without_wrong(q, answer)
    assert kind.read(q, {name: list(values) for name, values in kind.given(q, left).items()}) == left
    assert isinstance(kind.responses(q, answer), tuple) and isinstance(kind.possible(q), tuple)
    assert isinstance(kind.faults(q), list) and isinstance(kind.is_blank(answer), bool)


@settings(max_examples=300, deadline=None)
@given(name=NAMES, sent=FIELDS)
def test_what_a_browser_sends_is_read_and_shown_again_the_same(name, sent):
    q = ASKED[name]
    kind = KINDS[q.kind]
    answer = kind.read(q, sent)
    answer.encode()
    assert not answer or json.loads(answer)
    assert kind.read(q, {k: list(v) for k, v in kind.given(q, answer).items()}) == answer
    every_word(kind, q, answer)


@settings(max_examples=300, deadline=None)
@given(name=NAMES, answer=st.one_of(st.text(ODD, max_size=60), st.sampled_from([
    '[["a"]]', '{"a":{}}', '{"a":true}', "[" * 9000, '"a', "null", "7", '["a",null]', '{"a":1e400}', "1" * 5000, '["3,5","m"]', '["3",5]',
    '{"text":5,"files":"x"}', '{"text":"x","files":[1,"a/b/c"]}', '{"a":1,"b":1,"c":1}', '{"a":[1]}', '["a",{"b":1}]', '["",""]', '{"a":"A","b":"B"}'])))
def test_an_answer_that_is_not_ours_raises_nothing(name, answer):
    q = ASKED[name]
    every_word(KINDS[q.kind], q, answer)
    KINDS[q.kind].given(q, answer)


@settings(max_examples=100, deadline=None)
@given(name=NAMES, seed=st.integers(0, 10**18))
def test_the_same_seed_asks_the_same_question(name, seed):
    q = ASKED[name]
    kind = KINDS[q.kind]
    asked = kind.realised(q, seed)
    assert asked == kind.realised(q, seed % kind.variants(q)) and KINDS[asked.kind].realised(asked, seed) == asked
    assert KINDS[asked.kind].choices(asked, seed) == KINDS[asked.kind].choices(asked, seed)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789.eE+-*/%()<>=!&|^~?:,{}ab sinpowlogx\t\n#٣\u00a0"), max_size=60))
def test_no_formula_raises_anything_but_what_is_wrong_with_it(text):
    if not flaw(text):
        try:
            assert isinstance(read(text).value({"a": D(2), "b": D("1E+9999999")}), float)
        except BadFormula:
            pass


def environment():
    found = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
                        loader=PrefixLoader({"catalogue": FileSystemLoader("lms/catalogue/templates"), "t": DictLoader({
                            "x": "{% import kind.template as k %}{{ k.field(q, kind.given(q, answer), kind.choices(q, 5), 'p:', 'label') }}",
                            "up": "{% import kind.template as k %}{{ k.uploads(q, {}, 'p:') }}"})}))
    found.install_null_translations(newstyle=True)
    found.filters.update(wide=wide.wide, wide_pieces=wide.wide_pieces)
    return found


@pytest.mark.parametrize("name", sorted(ASKED))
def test_each_field_is_labelled_and_sends_what_its_kind_reads(name, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    q = ASKED[name]
    kind = KINDS[q.kind]
    sent = {"q": ['"><script>'], "q.unit": ["<%>"], "q.a": ["1"], "q.files": [f"{'a' * 64}/9/<script>.pdf"]}
    html = environment().get_template("t/x").render(q=q, kind=kind, answer=kind.read(q, sent))
    assert "<script" not in html and "style=" not in html and "value=\"<" not in html
    for field, values in kind.given(q, kind.read(q, sent)).items():
        assert f'name="p:{field}"' in html or not values, field
    assert html.count("<label") + html.count("aria-label=") + html.count("aria-labelledby=") >= html.count("<select") + html.count("<textarea")
    assert all(html.count(f'id="{mark}"') == 1 for mark in ("p:hint",) if mark in html)


def test_files_are_added_with_the_kinds_a_question_takes(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    q = Question("e", "essay", "¿?", body=Essay(attachments=3, required=1, kinds=(".pdf", ".odt")))
    html = environment().get_template("t/up").render(q=q, kind=KINDS["essay"])
    assert 'accept=".pdf,.odt"' in html and " multiple" in html and "Caben 3 archivos más." in html
    assert not environment().get_template("t/up").render(q=replace(q, body=None), kind=KINDS["essay"]).strip()
