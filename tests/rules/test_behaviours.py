"""How questions behave while they are answered: Moodle's walkthroughs as facts, and what a student may rely on."""

import json
from fractions import Fraction as F
from pathlib import Path

import pytest

from lms.attempts.behaviours import BEHAVIOURS, Case, Step, behaviour_of, certainty
from lms.catalogue.rules import Hint, Option, Question, Quiz
from tests.programme import ESSAY, QUESTIONS

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "quiz-engine" / "behaviours.json"
CASES = json.loads(MATERIAL.read_text())["cases"] if MATERIAL.exists() else []
THIRD = F(3333333, 10_000_000)
ASKED = {
    "mc_single": Question("mc", "single", "Elija.", (Option("right", "Sí", F(1)), Option("wrong", "No", -THIRD)), penalty=THIRD),
    "sa": Question("sa", "short", "Un anfibio:", (Option("a", "frog", F(1)), Option("b", "toad", F(4, 5)), Option("c", "*", F(0))),
                   penalty=THIRD),
    "tf": Question("tf", "truefalse", "Es así.", (Option("true", "Verdadero", F(1)), Option("false", "Falso", F(0))), penalty=F(1)),
    "mc_multi": Question("mm", "multiple", "Impares.", (Option("One", "1", F(1, 2)), Option("Two", "2", F(0)),
                                                        Option("Three", "3", F(1, 2)), Option("Four", "4", F(0))), penalty=THIRD),
}
NAMES = {"deferredfeedback": "deferred", "immediatefeedback": "immediate", "interactive": "interactive", "adaptive": "adaptive",
         "adaptivenopenalty": "adaptive_free", "deferredcbm": "cbm", "immediatecbm": "cbm_immediate", "manualgraded": "manual"}
WORDS = {"right": "gradedright", "partial": "gradedpartial", "wrong": "gradedwrong", "waiting": "needsgrading"}
FIRST, OTHER = [Hint("Piense en el agua."), Hint("Empieza con r.")], Hint("…")


def stored(value) -> tuple[str, int | None]:
    """What our kinds would keep of an answer of the material."""
    if isinstance(value, dict):
        return stored(value.get("answer"))[0], value.get("certainty")
    if isinstance(value, bool):
        value = "true" if value else "false"
    return json.dumps(value) if value else "", None


@pytest.mark.skipif(not CASES, reason="the material is not here")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_walks_as_in_moodle(case):
    question, most = ASKED[case["question"]], F(case["max"])
    hints = tuple(Hint(f"Pista {n}") for n in range(case.get("hints", 0)))
    behaviour, asked = BEHAVIOURS[NAMES[case["behaviour"]]], Case(Question(**{**vars(question), "hints": hints}), below_zero=True)
    state, by_hand = behaviour.begun(asked), None
    for action, value, name, mark in case["steps"]:
        if action == "manual":
            by_hand = F(value)
        elif action == "finish":
            state = behaviour.finished(asked, state)
        else:
            answer, sure = (state.answer, None) if value is None else stored(value)
            act = {"submit": "check", "tryagain": "again"}.get(action, "")
            state = behaviour.taken(asked, state, Step(answer, act, sure))
        points = by_hand if by_hand is not None else None if state.share is None else state.share * most
        assert points == mark if mark is None else abs(float(points) - mark) < 1e-5, (action, value)
        if by_hand is None:
            assert WORDS.get(state.name, state.name) == name, (action, value)


def fold(behaviour: str, question: Question, *steps: Step, finished: bool = True):
    return BEHAVIOURS[behaviour].fold(Case(question), steps, finished)


def hinted(question: Question, *hints: Hint) -> Question:
    return Question(**{**vars(question), "hints": hints})


def test_the_second_try_pays_less_and_shows_the_first_hint_in_between():
    question = hinted(ASKED["sa"], *FIRST)
    wrong = fold("interactive", question, Step('"newt"', "check"), finished=False)
    assert (wrong.retry, wrong.left, wrong.hint, wrong.share) == (True, 2, FIRST[0], None)
    right = fold("interactive", question, Step('"newt"', "check"), Step('"newt"', "again"), Step('"frog"', "check"))
    assert right.share == 1 - THIRD and not right.open


def test_the_last_try_closes_the_question_whatever_it_was():
    question = hinted(ASKED["sa"], FIRST[0])
    state = fold("interactive", question, Step('"a"', "check"), Step("", "again"), Step('"b"', "check"), finished=False)
    assert (state.name, state.open, state.left, state.share) == ("wrong", False, 0, F(0))


def test_what_arrives_after_a_question_is_closed_changes_nothing():
    state = fold("immediate", ASKED["tf"], Step('"false"', "check"), Step('"true"'), Step('"true"', "check"))
    assert (state.name, state.answer, state.share) == ("wrong", '"false"', F(0))


def test_while_a_hint_is_shown_only_the_button_goes_on():
    question = hinted(ASKED["sa"], *FIRST)
    state = fold("interactive", question, Step('"newt"', "check"), Step('"frog"'), Step('"frog"', "check"), finished=False)
    assert state.retry and state.answer == '"newt"' and len(state.tried) == 1


def test_a_try_that_was_not_checked_is_marked_on_handing_in():
    question = hinted(ASKED["sa"], *FIRST)
    state = fold("interactive", question, Step('"newt"', "check"), Step('"newt"', "again"), Step('"frog"'))
    assert (state.name, state.share) == ("right", 1 - THIRD)


def test_adaptive_without_penalty_takes_nothing():
    tries = [Step('"newt"', "check"), Step('"frog"', "check")]
    assert fold("adaptive_free", ASKED["sa"], *tries).share == 1
    assert fold("adaptive", ASKED["sa"], *tries).share == 1 - THIRD


def test_certainty_has_to_be_told_before_a_question_is_checked():
    state = fold("cbm_immediate", ASKED["tf"], Step('"true"', "check"), finished=False)
    assert state.name == "invalid" and "seguro" in state.complaint
    assert fold("cbm_immediate", ASKED["tf"], Step('"true"', "check", 2)).share == 2
    assert fold("cbm_immediate", ASKED["tf"], Step('"false"', "check", 3)).share == -6
    assert fold("cbm_immediate", ASKED["tf"], Step('"false"')).share == 0


def test_the_report_of_certainty_is_moodles():
    report = certainty.report([(F(1), F(1), 3), (F(1), F(1), 3), (F(1), F(0), 1), (F(1), F(1), 2)])
    assert (report.average, report.accuracy) == (F(8, 4), F(3, 4))
    assert report.bonus == (F(2) - F(1)) / 10          # three right of four: always "2" would have made 1 a point
    assert [(c, n) for c, n, _ in report.counts] == [(1, 1), (2, 1), (3, 2)]
    assert certainty.report([]) is None


def test_what_was_left_blank_is_told_apart_in_the_report():
    report = certainty.report([(F(1), F(1), 3), (F(1), None, None)])
    assert (report.accuracy, report.questions, report.counts) == (F(1, 2), 2, ((3, 1, F(1)),))
    assert (report.answered.accuracy, report.answered.average, report.answered.questions) == (1, 3, 1)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_an_essay_waits_for_a_person_in_every_behaviour(behaviour):
    how = behaviour_of(Quiz("", 1, (ESSAY,), behaviour=behaviour), ESSAY)
    assert how.fold(Case(ESSAY), [Step('"algo"', "check")], True).name == "waiting"
    assert how.fold(Case(ESSAY), [], True).name == "gaveup"


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.kind)
def test_no_answer_at_all_is_never_worth_more_than_nothing(behaviour, question):
    state = fold(behaviour, question)
    assert state.name == "gaveup" and not state.share and not state.open
