"""The figures of questions are those that others computed from the same marks."""

import csv
import json
from math import isclose
from pathlib import Path

import pytest

from lms.grading import statistics

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "quiz-engine" / "moodle-statistics-00-03"
SLOTS = range(1, 8)
CLOSE, LOOSE = 1e-6, 1e-5               # relative, as the material says
FIELDS = {"facility": ("facility", 1, CLOSE), "sd": ("deviation", 1, CLOSE), "markvariance": ("variance", 1, CLOSE),
          "othermarkvariance": ("rest_variance", 1, CLOSE), "covariance": ("covariance", 1, LOOSE),
          "covariancemax": ("greatest_covariance", 1, LOOSE), "effectiveweight": ("weight", 100, LOOSE),
          "discriminationindex": ("discrimination", 100, LOOSE), "discriminativeefficiency": ("efficiency", 100, LOOSE)}


def table(name: str) -> list[dict[str, str]]:
    with (MATERIAL / "fixtures" / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def marks() -> dict[str, list[float]]:
    if not MATERIAL.exists():
        pytest.skip("the shared material is not on this machine")
    rows = table("results00.csv")
    return {str(slot): [float(row[f"slots.{slot}.mark"]) for row in rows] for slot in SLOTS}


def test_the_figures_of_each_question_are_those_of_the_spreadsheet(marks):
    found = statistics.report(marks, dict.fromkeys(marks, 1.0), [True] * 25)
    checked = 0
    for row in table("qstats00.csv"):
        if row["subqname"] or row["variant"]:
            continue
        for theirs, (ours, scale, tolerance) in FIELDS.items():
            if row[theirs]:
                assert isclose(getattr(found.items[row["slot"]], ours) * scale, float(row[theirs]), rel_tol=tolerance), theirs
                checked += 1
    assert checked == 9 * 7


def test_a_variant_is_judged_by_those_who_were_asked_it(marks):
    steps, totals = table("steps00.csv"), [sum(row) for row in zip(*marks.values(), strict=True)]
    for row in table("qstats00.csv"):
        if not (row["subqname"] or row["variant"]):
            continue
        column, wanted = ("variants.2", row["variant"]) if row["variant"] else ("randqs.1", row["subqname"])
        asked = [i for i, step in enumerate(steps) if step[column] == wanted]
        found = statistics.item([marks[row["slot"]][i] for i in asked], [totals[i] for i in asked], 1.0,
                                drawn=bool(row["subqname"]))
        assert found.count == int(row["s"])
        for name in ("facility", "sd", "discriminationindex", "discriminativeefficiency"):
            ours, scale, tolerance = FIELDS[name]
            assert isclose(getattr(found, ours) * scale, float(row[name]), rel_tol=tolerance), name


def test_the_figures_of_the_whole_quiz_are_those_of_the_spreadsheet(marks):
    told = json.loads((MATERIAL / "quiz-stats-00.json").read_text())
    found = statistics.report(marks, dict.fromkeys(marks, 1.0), [True] * 25).quiz
    pairs = {"median": found.median, "first_attempts_avg": found.first_mean, "all_attempts_avg": found.mean,
             "standard_deviation": found.deviation, "skewness": found.skewness, "kurtosis": found.kurtosis,
             "cic_percent": found.consistency * 100, "error_ratio_percent": found.error_ratio * 100,
             "standard_error": found.standard_error}
    for name, ours in pairs.items():
        assert isclose(ours, told[name], rel_tol=1.5e-5), name
    assert found.count == told["first_attempts_count"] and found.few


def test_too_few_attempts_or_equal_marks_give_no_figure_instead_of_a_wrong_one():
    nobody = statistics.report({"a": [], "b": []}, {"a": 1, "b": 1}, [])
    assert nobody.quiz.count == 0 and nobody.quiz.mean is None and nobody.items["a"].facility is None
    one = statistics.report({"a": [1], "b": [0]}, {"a": 1, "b": 1}, [True])
    assert one.items["a"].facility == 1 and one.items["a"].discrimination is None and one.quiz.deviation is None
    equal = statistics.report({"a": [1, 1], "b": [1, 1]}, {"a": 1, "b": 1}, [True, True])
    assert equal.items["a"].discrimination is None and equal.items["a"].efficiency is None
    assert equal.quiz.consistency is None and equal.quiz.skewness is None


def test_a_question_without_points_has_no_facility():
    assert statistics.item([0, 0], [3, 4], 0).facility is None


def test_answers_are_counted_by_part_the_most_frequent_first():
    found = statistics.tallies(["x", "y", "y"], lambda answer: [("1", "key", answer, 1.0), ("2", "", "z", 0.0)])
    assert [(t.part, t.actual, t.count) for t in found] == [("1", "y", 2), ("1", "x", 1), ("2", "z", 3)]
    assert found[0].rate == 2 / 3
