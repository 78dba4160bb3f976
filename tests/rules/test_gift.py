"""GIFT, read and written: the format's rules, a fault with its line for each slip, and nothing lost on the way back."""

import html
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.catalogue.formats import gift
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import lettered, percent_of, share_of
from lms.catalogue.rules import Option, Question


def one(text: str) -> Question:
    (question,), faults = gift.read(text, "q.gift")
    assert not faults, faults
    return question


def told(text: str) -> list[tuple[int | None, str]]:
    return [(fault.line, f"{fault.message} {fault.remedy}") for fault in gift.read(text, "q.gift")[1]]


def test_escapes_titles_feedback_and_general_feedback():
    q = one("::a\\:b:: ¿Cuánto es 2\\+2\\=4\\{\\}\\#\\~? {=s\\=í #sí\\: sí ~no #\\#mal\n####Dos y dos\\nson cuatro. }")
    assert (q.id, q.text) == ("a:b", "¿Cuánto es 2+2=4{}#~?")
    assert [(o.text, o.share, o.feedback) for o in q.options] == [("s=í", F(1), "sí: sí"), ("no", F(0), "#mal")]
    assert q.feedback == "Dos y dos<br> son cuatro."


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_and_a_byte_order_mark(newline):
    text = newline.join(["\ufeff// nota", "::a:: Uno {T}", "", "// otra", "::b:: Dos {", "// dentro", "=x", "~y", "}"])
    questions, faults = gift.read(text, "q")
    assert [q.id for q in questions] == ["a", "b"] and not faults


@pytest.mark.parametrize(("text", "shown"), [
    ("[html]<p>Uno <b>dos</b></p>", "Uno <b>dos</b>"), ("[plain]a *b* <c>", "a *b* &lt;c&gt;"),
    ("[markdown]a **b**", "a <strong>b</strong>"), ("[moodle]a <i>b</i>", "a <i>b</i>"),
    ("a *b* 1 < 2", "a <em>b</em> 1 &lt; 2"),
    ("[html]<script>x()</script><img src=x onerror=y()>a", "a"), ("2\\. Roma", "2. Roma"), ("1. Roma", "1. Roma"),
    ("[otro]a", "[otro]a"), ("[html]<a href\\=\"javascript\\:x()\">a</a>", '<a rel="noopener noreferrer">a</a>'),
])
def test_formats_give_safe_html(text, shown):
    (question,), _ = gift.read(f"::x::{text} {{T}}", "q")
    assert question.text == shown


@pytest.mark.parametrize(("body", "kind"), [
    ("{}", "essay"), ("{####ayuda}", "essay"), ("{TRUE}", "truefalse"), ("{F#no#sí}", "truefalse"),
    ("{=a ~b}", "single"),
    ("{~%50%a ~%50%b ~%-100%c}", "multiple"), ("{=a =b}", "short"), ("{=a->b =c->d =e->f}", "matching"),
    ("{#1..5}", "numerical"),
    ("{>\na\nb\nc}", "ordering"), ("{>3 ALL VERTICAL ABSOLUTE SHOW 123\na\nb\nc}", "ordering"),
    ("{~a->b =c}", "single"),
])
def test_the_kind_is_told_by_what_stands_between_the_braces(body, kind):
    (question,), _ = gift.read(f"::x:: P {body}", "q")
    assert question.kind == kind


def test_a_missing_word_leaves_its_place():
    assert one("::x:: La sede está en {=Quito ~Lima}, Ecuador.").text == "La sede está en _____, Ecuador."


@pytest.mark.parametrize(("body", "numbers"), [
    ("{#3}", [("3", "0", F(1))]), ("{#3.14:0.01}", [("3.14", "0.01", F(1))]), ("{#-2..-1}", [("-1.5", "0.5", F(1))]),
    ("{#\n=10:0 #ya\n=%50%10:2 #casi\n}", [("10", "0", F(1)), ("10", "2", F(1, 2))]),
    ("{#3:2~#mal}", [("3", "2", F(1)), ("0", "Infinity", F(0))]),
])
def test_numbers_with_tolerance_range_weight_and_a_word_for_who_is_wrong(body, numbers):
    q = one(f"::x:: P {body}")
    assert q.numbers == tuple((Decimal(v), Decimal(t), s) for v, t, s in numbers)
    assert len(q.options) == len(numbers)


@pytest.mark.parametrize(("percent", "share"), [
    ("50", F(1, 2)), ("33.33333", F(1, 3)), ("33.33", F(1, 3)), ("66.66667", F(2, 3)), ("14.28571", F(1, 7)),
    ("12.5", F(1, 8)),
    ("-100", F(-1)), ("33.3", F(333, 1000)), ("33", F(33, 100)), ("5", F(1, 20)),
])
def test_weights_are_exact_fractions(percent, share):
    assert share_of(percent) == share


SLIPS = """::a:: Uno {~1 ~2}

::b:: Dos {
  =1
  ~%33,3%2

::a:: Tres {#3,14}

Cuatro {T}

Un texto sin respuesta

::f:: Seis {V}

::g:: Siete {=bien <b>fuerte</b> ~mal}

::h:: Ocho {=a ~b
::i:: Nueve {T}
::j:: Diez {T}
"""


def test_every_slip_is_told_with_its_line_and_the_rest_is_kept():
    questions, faults = gift.read(SLIPS, "q")
    assert [(f.line, f.message) for f in faults] == [
        (1, "Ninguna alternativa es correcta."),
        (3, "La llave { no se cierra dentro de la pregunta."),
        (7, "«3,14» no es un número."),
        (9, "La pregunta no tiene título."),
        (11, "El texto no tiene respuesta: no es una pregunta."),
        (13, "La respuesta no empieza con =."),
        (15, "Hay HTML suelto: «<b>»."), (15, "Hay HTML suelto: «</b>»."),
        (17, "La llave { no se cierra dentro de la pregunta."),
        (18, "Falta una línea en blanco entre dos preguntas."), (19, "Falta una línea en blanco entre dos preguntas."),
    ]
    assert [q.id for q in questions] == ["a", "pregunta-3", "f", "g", "i", "j"]
    assert all(fault.remedy for fault in faults)


@pytest.mark.parametrize(("text", "line", "words"), [
    ("::x:: P {#3,14}", 1, "Escriba el decimal con punto: 3.14."),
    ("::x:: P {\n=a\n~%50,5%b\n~c}", 3, "«%50,5%» no es un peso."),
    ("::x:: P {~%150%a ~b}", 1, "no es un peso"),
    ("::x:: P {T}\n\n\n::x:: Q {F}", 4, "ya se usó en la línea 1"),
    ("::x:: P {T}\n::y:: Q {F}", 2, "línea en blanco"),
    ("$CATEGORY: a/b\n::x:: P {T}", 2, "después de $CATEGORY"),
    ("P }", 1, "llave }"), ("::x P {T}", 1, "título no se cierra"),
    ("::x:: P {=a -> b\n=c\n=d -> e}", 2, "no es un par"),
    ("::x:: P {=a #mire http\\://x.cl/?id=3\n~b}", 1, "signo = sin escapar"),
    ("::x:: P {T} y {F}", 1, "otra llave"), ("::x:: [a](javascript\\:x) {T}", 1, "no se acepta"),
    ("::x:: ![a](figures/b.svg) {T}", 1, "imagen"), ("::x:: {T}", 1, "enunciado"),
])
def test_each_slip_has_its_line_and_its_remedy(text, line, words):
    assert any(at == line and words in said for at, said in told(text)), told(text)


def test_a_question_cut_by_a_blank_line_is_one_fault_and_the_next_is_good():
    questions, faults = gift.read("::a:: P {\n=a\n\n~b\n}\n\n::b:: Q {T}", "q")
    assert [q.id for q in questions] == ["b"] and [f.line for f in faults] == [1]


def test_two_questions_without_a_blank_line_between_are_both_kept():
    questions, _ = gift.read("::x:: P {T}\n::y:: Q {F}", "q")
    assert [q.id for q in questions] == ["x", "y"]


def test_hostile_files_are_answered_quickly():
    for text in ("{" * 5_000, "::" * 5_000, "::x:: " + "[" * 2_000 + "{T}", "::x:: P {" + "~a" * 500 + "}",
                 "::x:: P {=" + "*a" * 500 + "}", "#" * 5_000, "::x:: P {" + "#" * 5_000 + "}", "\\" * 5_000,
                 "%" * 5_000,
                 "::x:: P {~" + "%" * 5_000 + "}", "}\n::" * 500, "::x:: P {>" + "\n- - -" * 200 + "}"):
        gift.read(text, "q")


WORDS = st.text(st.sampled_from("ab ñÁ1.,-<>&*_`\\~=#{}:%\"'[]()!/|→\n"), min_size=1, max_size=14)
SHARES = st.sampled_from([F(1, 2), F(1, 3), F(2, 3), F(1, 6), F(1, 7), F(-1, 2), F(-1, 3), F(0)])


@st.composite
def questions(draw) -> Question:
    """Questions as the reader makes them: texts are what a plain text becomes."""
    def text() -> str:
        (q,), _ = gift.read(f"::x::[plain]{escaped(draw(WORDS))} {{}}", "q")
        assume(plain(q.text))
        return q.text

    def feedback() -> str:
        return text() if draw(st.booleans()) else ""

    kind = draw(st.sampled_from(sorted(gift.SAYABLE)))
    texts = [text() for _ in range(draw(st.integers(3, 5)))]
    assume(len({plain(t).casefold() for t in texts}) == len(texts))
    ids = lettered([plain(t) for t in texts])
    made = {
        "single": lambda: [Option(i, t, draw(SHARES) if n else F(1), feedback())
                           for n, (i, t) in enumerate(zip(ids, texts, strict=True))],
        "multiple": lambda: [Option(i, t, draw(SHARES), feedback()) for i, t in zip(ids, texts, strict=True)],
        "truefalse": lambda: [Option("true", "Verdadero", F(1), feedback()),
                              Option("false", "Falso", F(0), feedback())],
        "matching": lambda: [Option("abcde"[n], t, F(1), match=plain(text())) for n, t in enumerate(texts)],
        "ordering": lambda: [Option(i, t, F(1)) for i, t in zip(ids, texts, strict=True)],
        "short": lambda: [Option(i, html.escape(plain(t), False), F(1), feedback())
                          for i, t in zip(ids, texts, strict=True)],
    }.get(kind, list)()
    if kind == "short":
        assume(not any("->" in plain(o.text) or plain(o.text)[0] == "[" for o in made))
    numbers = ()
    if kind == "numerical":
        numbers = ((Decimal("3.5"), Decimal("0.25"), F(1)), (Decimal("3"), Decimal("0"), F(1, 3)))
        made = [Option("a", "3.5:0.25", F(1), feedback()), Option("b", "3", F(1, 3), feedback())]
    return Question("id " + plain(text()), kind, text(), tuple(made), F(kind != "description"), "" if kind == "description" else feedback(),
                    numbers)


def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "~=#{}:\\" else "\\n" if c == "\n" else c for c in text)


@settings(max_examples=50, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=3, unique_by=lambda q: q.id))
def test_what_is_written_reads_back_the_same(made):
    again, _ = gift.read(gift.write(made), "q")
    assert list(again) == made


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("ab ={}~#:%->\n\\$/.[]1<"), max_size=80))
def test_no_text_breaks_the_reader_and_every_fault_has_a_line_of_the_file(text):
    found, faults = gift.read(text, "q")
    assert all(fault.line and 1 <= fault.line <= text.count("\n") + 1 for fault in faults)
    assert all(KINDS[q.kind].score(q, "") == 0 for q in found)


def test_percent_is_written_as_moodle_does():
    assert [percent_of(share) for share in (F(1, 3), F(-1, 2), F(1), F(1, 8))] == ["33.33333", "-50", "100", "12.5"]
