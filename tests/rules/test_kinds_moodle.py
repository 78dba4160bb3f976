"""The classic kinds against Moodle 4.5's own tables: wildcards, numbers, tolerances, formulas, variants."""

import csv
import html
import json
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path

import pytest

from lms.catalogue.formulas import flaw
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.amounts import Unit, Units, parse, within
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.kind import dump
from lms.catalogue.kinds.short import Words
from lms.catalogue.rules import Option, Question

ENGINE = Path(__file__).parents[2].parent / "shared" / "material" / "quiz-engine"
if not ENGINE.is_dir():
    pytest.skip("the test material of others is not beside this repository", allow_module_level=True)


def table(name):
    return json.loads((ENGINE / name).read_text())


def short(pattern, body=None):
    return Question("q", "short", "¿?", (Option("a", html.escape(pattern, False), F(1)),), body=body)


@pytest.mark.parametrize("case", table("shortanswer-wildcards.json")["cases"], ids=lambda c: f"{c['response']}~{c['pattern']}")
def test_a_short_answer_meets_a_pattern_as_in_moodle(case):
    """Moodle lets accents count always; we forgive them unless the question says otherwise (Words.accents): a Spanish
    keyboard is not at hand everywhere, and who writes "Bogota" knows the city."""
    q = short(case["pattern"], Words(case=not case["ignore_case"], accents=True))
    kind = KINDS["short"]
    assert kind.score(q, kind.read(q, {"q": [case["response"]]})) == F(case["match"])


@pytest.mark.parametrize("case", table("numerical-parse.json")["cases"], ids=lambda c: c["input"])
def test_a_number_is_read_as_moodle_reads_it(case):
    """Moodle reads one number, by the language of its site. We also believe the other reading of a text that has two
    ("3.142": three and a bit, or three thousand): people of two countries with different marks answer here, and a
    right number must not fail for its mark."""
    said = parse(case["input"], Units((Unit("m"), Unit("cm", F(100))), asked="typed"))
    wanted = case["expected"]
    if wanted is None:
        assert said.numbers == frozenset()
        return
    number = F(Decimal(f"{wanted['int'] or '0'}.{wanted['dec'] or '0'}e{wanted['exp'] or '0'}"))
    assert number in said.numbers and said.unit == wanted["unit"]


@pytest.mark.parametrize("case", table("numerical-tolerance.json")["cases"], ids=lambda c: f"{c['type']} {c['answer']}")
def test_a_tolerance_takes_in_and_leaves_out_what_moodle_does(case):
    key, margin = Decimal(str(case["answer"])), Decimal(str(case["tolerance"] or 0))
    for number in case["in"]:
        assert within(F(Decimal(str(number))), key, margin, case["type"]), number
    for number in case["out"]:
        assert not within(F(Decimal(str(number))), key, margin, case["type"]), number


@pytest.mark.parametrize("formula", table("calculated-formulas.json")["accept"])
def test_a_formula_moodle_accepts_is_read(formula):
    assert flaw(formula) == ""


@pytest.mark.parametrize("formula", table("calculated-formulas.json")["reject"])
def test_a_formula_moodle_refuses_is_refused_saying_where(formula):
    assert "carácter" in flaw(formula)


def sum_with_variants():
    said = table("question-definitions.json")["calculatedsimple"]["sumwithvariants"]
    values = list(said["variants"].values())
    body = Calculation(tuple(Dataset(name, tuple(Decimal(str(v[name])) for v in values)) for name in "ab"),
                       (Figure(Decimal(str(said["tolerance"])), said["tolerance_type"]),))
    return Question("sum", "calculatedsimple", said["text"], (Option("a", said["formula"], F(1)),), body=body)


def attempts(folder):
    steps, results = (csv.DictReader((ENGINE / folder / "fixtures" / f"{name}00.csv").read_text().splitlines())
                      for name in ("steps", "results"))
    marks = {row["quizattempt"]: row for row in results}
    return [(step, marks[step["quizattempt"]]) for step in steps]


@pytest.mark.parametrize("folder", ["moodle-walkthrough", "moodle-statistics-00-03"])
def test_a_calculated_variant_scores_as_in_moodles_walkthrough(folder):
    q, kind = sum_with_variants(), KINDS["calculatedsimple"]
    assert kind.variants(q) == 10 and kind.faults(q) == []
    for step, marks in attempts(folder):
        asked = kind.realised(q, int(step["variants.2"]) - 1)
        numerical = KINDS[asked.kind]
        answer = numerical.read(asked, {"q": [step["responses.2.answer"]]})
        assert numerical.score(asked, answer) == F(marks["slots.2.mark"]), step


@pytest.mark.parametrize("folder", ["moodle-walkthrough", "moodle-statistics-00-03"])
def test_two_of_four_scores_as_in_moodles_walkthrough(folder):
    said = table("question-definitions.json")["multichoice"]["two_of_four"]
    ids = {text: "abcd"[n] for n, (text, _) in enumerate(said["choices"])}
    q = Question("m", "multiple", said["text"], tuple(Option(ids[t], t, F(str(share))) for t, share in said["choices"]))
    assert KINDS["multiple"].faults(q) == []
    for step, marks in attempts(folder):
        ticked = [ids[text] for text in ids if step[f"responses.5.{text}"] == "1"]
        assert KINDS["multiple"].score(q, dump(ticked)) == F(marks["slots.5.mark"]), step


def test_ticking_more_than_there_are_right_ones_gives_nothing():
    """As question-definitions.json says of Moodle; only where no option takes points away, since there the sum itself
    guards against ticking all."""
    q = Question("m", "multiple", "¿?", tuple(Option(i, i, F(share)) for i, share in
                                              (("a", "1/2"), ("b", "0"), ("c", "1/2"), ("d", "0"))))
    score = KINDS["multiple"].score
    assert [score(q, dump(ids)) for ids in (["a", "c"], ["a", "b"], ["a", "b", "c"], list("abcd"))] == [1, F(1, 2), 0, 0]


@pytest.mark.parametrize("folder", ["moodle-walkthrough", "moodle-statistics-00-03"])
def test_matching_scores_as_in_moodles_walkthrough(folder):
    said = table("question-definitions.json")["match"]["foursubq"]
    options = [Option("abcd"[n], left, F(1), match=right) for n, (left, right) in enumerate(said["pairs"])]
    options += [Option("z", "", F(1), match=text) for text in said["extra_answers"]]
    q = Question("m", "matching", said["text"], tuple(options))
    assert KINDS["matching"].faults(q) == []
    for step, marks in attempts(folder):
        answer = {option.id: step[f"responses.3.{option.text}"] for option in options if option.text}
        assert abs(KINDS["matching"].score(q, dump(answer)) - F(marks["slots.3.mark"])) < F(1, 100), step
