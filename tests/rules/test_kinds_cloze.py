"""Cloze: its notation read and written as Moodle's, its parts weighed, and Moodle's own walkthroughs."""

import csv
import json
import re
import time
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import cloze_notation
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.rules import Hint, Question
from lms.catalogue.stored import pack_question, unpack_question
from tests.gapped import CLOZE
from tests.rules.test_kinds import ODD

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material"
ENGINE, XML = MATERIAL / "quiz-engine", MATERIAL / "moodle-xml"
KIND = KINDS["cloze"]


def cloze(source: str, **more) -> Question:
    found = cloze_notation.read(source)
    assert found.troubles == (), found.troubles
    return Question("q", "cloze", found.text, body=Cloze(found.parts), **more)


def only(source: str):
    (part,) = cloze(source).body.parts
    return part


def answered(q: Question, *given_: str | list[str]) -> str:
    """An answer by what people see: the text typed, or the text of the option chosen."""
    sent = {}
    for part, said in zip(q.body.parts, given_, strict=True):
        ids = {o.text: o.id for o in part.question.options} if part.question.kind in ("single", "multiple") else {}
        sent[f"q.{part.id}"] = [ids.get(text, text) for text in ([said] if isinstance(said, str) else said)]
    return KIND.read(q, sent)


# Scored ---------------------------------------------------------------------------------------------------------------

def test_each_part_is_scored_by_its_own_kind_and_weighs_what_it_says():
    right = answered(CLOZE, "interior", "0,72", "1978", ["CGLU", "UIM"], "Granada")
    assert KIND.score(CLOZE, right) == 1 and [p.weight for p in KIND.parts(CLOZE, right)] == [
        F(1, 7), F(2, 7), F(1, 7), F(2, 7), F(1, 7)]
    some = answered(CLOZE, "Gobierno", "siete", "2005", ["CGLU", "SUBDERE"], "Granada")
    assert KIND.score(CLOZE, some) == (F(1, 2) + 1) / 7
    assert KIND.shown(CLOZE, some) == "1: Gobierno; 2: siete; 3: 2005; 4: CGLU; SUBDERE; 5: Granada"


def test_a_wrong_choice_may_take_from_the_other_parts_but_never_below_nothing():
    assert KIND.score(CLOZE, answered(CLOZE, "interior", "", "1800", [], "")) == F(1, 14)
    assert KIND.score(CLOZE, answered(CLOZE, "", "", "1800", [], "")) == 0


def test_what_the_author_says_is_told_by_part():
    said = KIND.feedback_for(CLOZE, answered(CLOZE, "Interior", "0.7", "2005", [], ""))
    assert said == "<b>1:</b> Así es.<br><b>2:</b> Del INB.<br><b>3:</b> Ese año fue París."


def test_what_is_missing_is_told_by_its_place():
    assert KIND.complaint(CLOZE, "") == "Falta responder."
    assert KIND.complaint(CLOZE, answered(CLOZE, "x", "0.7", "", [], "Quito")) == "Falta llenar espacios: 3, 4."
    assert KIND.complaint(CLOZE, answered(CLOZE, "x", "0.7", "1978", ["UIM"], "Quito")) == ""


def test_a_next_try_keeps_the_parts_that_are_right():
    kept = KIND.without_wrong(CLOZE, answered(CLOZE, "Gobierno", "0.7", "2005", ["CGLU", "UIM"], "Quito"))
    assert kept == answered(CLOZE, "", "0.7", "", ["CGLU", "UIM"], "")


@pytest.mark.parametrize(("source", "message"), [
    ("{1:MULTICHOICE:=Apple#Correct}", "menos de dos alternativas"), ("{1:MC:Pear~%50%Apple}", "puntaje completo"),
    ("{1:SA:%50%x}", "puntaje completo"), ("{0:SA:=x}", "Ninguna respuesta da puntos"), ("{1:MR:a~b}", "correcta"),
    ("{1:MC:=a~A~b}", "repetida"),
])
def test_a_part_that_is_not_well_formed_is_told(source, message):
    faults = KIND.faults(cloze(f"Texto {source}"))
    assert any(message in what and remedy for what, remedy in faults), faults


def test_places_and_parts_must_fit():
    q = cloze("Una {1:SA:=x} y otra {1:SA:=y}.")
    faults = KIND.faults(Question("q", "cloze", "Una {#1}, {#1} y {#7}.", body=q.body))
    assert len(faults) == 3 and KIND.faults(Question("q", "cloze", "Nada.", body=Cloze(())))


# Moodle's walkthroughs ------------------------------------------------------------------------------------------------

def rows(name: str) -> list[dict[str, str]]:
    path = ENGINE / "moodle-walkthrough" / "fixtures" / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moodles() -> Question:
    rows("results00.csv")
    said = json.loads((ENGINE / "question-definitions.json").read_text())["multianswer"]["twosubq"]
    return cloze(said["cloze"], penalty=F("0.3333333"), hints=(Hint("Otra vez"),) * said["hints"])


def test_the_marks_of_every_deferred_walkthrough_are_moodles():
    q, marks = moodles(), {row["quizattempt"]: row["slots.7.mark"] for row in rows("results00.csv")}
    seen = [row for row in rows("steps00.csv") if row["responses.7.1.answer"] or row["responses.7.2.answer"]]
    for row in seen:
        answer = answered(q, row["responses.7.1.answer"], row["responses.7.2.answer"])
        assert round(float(KIND.score(q, answer)), 2) == round(float(marks[row["quizattempt"]]), 2), row
    assert len(seen) == 10


def test_the_marks_of_every_interactive_walkthrough_are_moodles():
    q, tries = moodles(), defaultdict(list)
    for row in rows("steps01.csv"):
        if row["responses.1.-submit"] == "1":
            tries[row["quizattempt"]].append(answered(q, row["responses.1.1.answer"], row["responses.1.2.answer"]))
    for row in rows("results01.csv"):
        assert round(100 * float(KIND.after_tries(q, tries[row["quizattempt"]])), 2) == round(
            float(row["slots.1.mark"]), 2), row


# Read and written -----------------------------------------------------------------------------------------------------

def test_every_form_of_moodles_example_is_read_as_moodle_reads_it():
    path = XML / "moodle-format" / "multianswer" / "tests" / "fixtures" / "multianswer-all-types.xml"
    judge = XML / "_moodle-parse" / path.relative_to(XML).with_name(path.name + ".json")
    if not path.exists():
        pytest.skip(f"{path} is not here")
    found = cloze_notation.read(re.search(r"<!\[CDATA\[(.*?)\]\]>", path.read_text(), re.DOTALL)[1])
    said = json.loads(judge.read_text())["questions"][0]
    assert found.text == said["questiontext"] and found.troubles == ()
    layouts = {"list": 0, "column": 1, "row": 2, "line": None}
    for part in found.parts:
        moodles, q = said["options"]["questions"][part.id], part.question
        assert part.weight == int(moodles["defaultmark"]) and layouts[part.layout] == moodles.get("layout")
        assert q.shuffle == bool(moodles.get("shuffleanswers")) and bool(q.body) == bool(moodles.get("usecase"))
        assert [float(o.share) for o in q.options] == pytest.approx([float(f) for f in moodles["fraction"]])
        assert [o.feedback for o in q.options] == [f["text"] for f in moodles["feedback"]]
        if q.kind == "numerical":
            assert [(v, t) for v, t, _ in q.numbers] == [(int(a), int(t)) for a, t in zip(
                moodles["answer"], moodles["tolerance"], strict=True)]
    assert cloze_notation.read(cloze_notation.write(found.text, found.parts)) == found


def test_the_marks_inside_an_answer():
    part = only(r"{2:SAC:=a\}b\~c\#d#Bien \# y \} ya~%33.33333%&#126;x&amp;#125;~%-50,5%R&amp;#D~*#No}")
    assert [(o.text, o.share, o.feedback) for o in part.question.options] == [
        ("a}b~c#d", 1, "Bien # y } ya"), ("~x}", F(1, 3), ""), ("R&amp;", F(-505, 1000), "D"), ("*", 0, "No")]
    assert part.weight == 2 and part.question.body.case


def test_a_key_is_compared_letter_by_letter_and_an_option_is_html():
    assert only("{1:SA:=H<sub>2</sub>O}").question.options[0].text == "H&lt;sub&gt;2&lt;/sub&gt;O"
    assert [o.text for o in only("{1:MC:=H<sub>2</sub>O<script>x</script>~a &lt; b}").question.options] == [
        "H<sub>2</sub>O", "a &lt; b"]


def test_numbers_have_their_tolerance():
    q = only("{:NUMERICAL:=3,5:0.25~%50%-1e3~*}").question
    assert [(float(v), float(t), s) for v, t, s in q.numbers] == [(3.5, 0.25, 1), (-1000, 0, F(1, 2)), (0, float("inf"), 0)]


def test_the_right_ones_of_a_multiresponse_share_the_whole():
    assert [o.share for o in only("{1:MR:=a~=b~c~d}").question.options] == [F(1, 2), F(1, 2), F(-1, 2), F(-1, 2)]
    assert [o.share for o in only("{1:MR:%100%a~%50%b~%0%c~%-25%d}").question.options] == [F(2, 3), F(1, 3), 0, F(-1, 4)]
    assert [o.share for o in only("{1:MR:=a~%0%b}").question.options] == [1, 0]


@pytest.mark.parametrize(("source", "place", "message"), [
    ("ya {1:MULTICHOICE}", 3, "no tiene respuestas"), ("{1:SA:=x", 0, "no termina"), ("{1:SA:=x\\}", 0, "no termina"),
    ("{1:ENSAYO:=x}", 0, "no es una clase"), ("{3:NUMERICAL:=zero}", 0, "no es un número"), ("{1:SA:}", 0, "no tiene"),
    ("{1:SA:%150%x}", 0, "no es un peso"),
])
def test_what_can_not_be_read_is_told_with_its_place(source, place, message):
    ((at, what, remedy),) = cloze_notation.read(source).troubles
    assert at == place and message in what and remedy


WORD = st.text("ab =%~#}{\\&;<>*\"ñ/.", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=200, deadline=None)
@given(words=st.lists(WORD, min_size=2, max_size=4, unique=True), name=st.sampled_from(sorted(cloze_notation.NAMES)),
       shares=st.lists(st.sampled_from([F(1), F(0), F(1, 3), F(-1, 2)]), min_size=4, max_size=4))
def test_written_and_read_again_it_is_the_same(words, name, shares):
    escape = [re.sub(r"[}~#\\]", lambda m: f"&#{ord(m[0])};", w.replace("&", "&amp;").replace("<", "&lt;")) for w in words]
    weights = ["=" if share == 1 else f"%{float(share * 100):.5f}%" for share in shares]
    source = "{1:" + name + ":" + "~".join(f"{w}{text}#{text}" for w, text in zip(weights, escape, strict=False)) + "}"
    if name == "NUMERICAL":
        source = "{1:NM:" + "~".join(f"{w}{n}:0.{n}#{text}" for n, (w, text) in enumerate(zip(weights, escape, strict=False))) + "}"
    found = cloze_notation.read(source)
    written = cloze_notation.write(found.text, found.parts)
    again = cloze_notation.read(written)
    assert again.parts == found.parts, written
    if found.parts:
        q = Question("q", "cloze", found.text, body=Cloze(found.parts))
        assert unpack_question(pack_question(q)) == q


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(ODD, max_size=8), st.sampled_from(
    ["{1:SA:", "{2:MR:", "{:NM:", "{9999:MULTICHOICE_HS:", "=", "~", "#", "}", "\\}", "%50%", "&amp;#", "{#1}", "*"])), max_size=30))
def test_nothing_a_file_says_breaks_the_reader(bits):
    found = cloze_notation.read("".join(bits))
    q = Question("q", "cloze", found.text, body=Cloze(found.parts))
    KIND.faults(q), KIND.choices(q, 1), KIND.right(q), KIND.wording(q)
    cloze_notation.read(cloze_notation.write(found.text, found.parts))


@pytest.mark.parametrize("bit", ["{1:SA:", "{1:SA:=a}", "{1:XX:", "{1:SA:~", "{1:SA:=a#", "\\", "&amp;#", "{#1}"])
def test_a_long_hostile_text_is_read_at_once(bit):
    began = time.process_time()
    found = cloze_notation.read(bit * 40_000)
    assert time.process_time() - began < 1 and len(found.parts) <= cloze_notation.MOST
