"""When an attempt begins and ends, what it scores, when a task is late, what a receipt says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction as F
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attempts import rules
from lms.attempts.answering import leaf, minutes_left, zone
from lms.attempts.forms import Malformed, answers, fields, saves
from lms.attempts.rules import AttemptFact, Paper, ScoreFact, Sitting
from lms.catalogue.rules import Section
from lms.cohorts.rules import Locked
from tests.programme import ESSAY, PROGRAMME, QUESTIONS

NOON = datetime(2027, 4, 20, 15, 0, tzinfo=UTC)
DUE = datetime(2027, 5, 1, 2, 0, tzinfo=UTC)            # 30 April 2027, 22:00 in Chile
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
G1, G2 = (module.quiz for module in PROGRAMME.modules)
RIGHT = {"anio": '"a"', "principios": '["a","b"]', "paba": '"true"', "meta": '"0,7"', "registro": '"subdere"',
         "sedes": '{"a":"Barcelona","b":"Granada","c":"Montevideo"}', "orden": '{"a":1,"b":2,"c":3,"d":4}'}


def sitting(**changed):
    return replace(Sitting(1, 1, 1, "G1", "e" * 64, 1, 7, NOON, NOON + 40 * MINUTE), **changed)


def test_the_bell_rings_when_the_minutes_are_up():
    assert rules.bell(NOON, 40, DUE) == NOON + 40 * MINUTE


def test_the_bell_rings_earlier_when_the_deadlines_minute_has_gone_by():
    assert rules.bell(DUE - 10 * MINUTE, 40, DUE) == DUE + MINUTE


def test_the_end_is_told_as_people_say_it():
    assert rules.told_end(NOON, NOON + 40 * MINUTE, 40) == NOON + 40 * MINUTE
    assert rules.told_end(DUE - 10 * MINUTE, DUE + MINUTE, 40) == DUE == rules.told_end(NOON, DUE + MINUTE, None)


@pytest.mark.parametrize(("minutes", "due", "bell"), [
    (None, None, None), (None, DUE, DUE + MINUTE), (5, None, NOON + 5 * MINUTE)])
def test_without_minutes_or_deadline_the_other_decides(minutes, due, bell):
    assert rules.bell(NOON, minutes, due) == bell


@pytest.mark.parametrize(("after", "rung", "open_", "overdue"), [
    (-SECOND, False, True, False), (0 * SECOND, True, True, False), (30 * SECOND, True, True, False),
    (30 * SECOND + timedelta(microseconds=1), True, False, True)])
def test_answers_on_their_way_have_thirty_seconds_after_the_bell(after, rung, open_, overdue):
    mine, now = sitting(), NOON + 40 * MINUTE + after
    assert rules.rung(mine, now) == rung and rules.overdue(mine, now) == overdue
    assert rules.open_for_answers(mine, now) == open_


def test_what_was_handed_in_takes_no_more_answers():
    assert not rules.open_for_answers(sitting(submitted_at=NOON), NOON)


def test_an_attempt_without_limit_stays_open():
    assert rules.open_for_answers(sitting(ends_at=None), NOON + 900 * DAY)


@pytest.mark.parametrize("time_up, ended, expected", [
    ("submit", {}, "running"), ("abandon", {}, "running"),
    ("submit", {"submitted_at": NOON, "by_clock": True}, "mark"), ("abandon", {"submitted_at": NOON}, "mark"),
    ("grace", {"by_clock": True}, "hand_in"),       # who had no connection could not press the button in time
    ("submit", {"by_clock": True}, "hand_in"), ("abandon", {"by_clock": True}, "abandoned")])
def test_what_accepting_a_file_of_answers_does_to_an_attempt(time_up, ended, expected):
    assert rules.accepting(sitting(**ended), time_up) == expected


@pytest.mark.parametrize(("locked", "due", "used", "now", "why"), [
    (None, DUE, 0, NOON, None), (None, None, 1, NOON, None), (Locked(until=DUE), DUE, 0, NOON, "locked"),
    (None, DUE, 2, NOON, "used_up"), (None, DUE, 0, DUE + 59 * SECOND, None), (None, DUE, 0, DUE + MINUTE, "past_due")])
def test_why_an_attempt_may_not_begin(locked, due, used, now, why):
    tried = [sitting(number=n, submitted_at=NOON) for n in range(1, used + 1)]
    refusal = rules.may_start(locked, due, 2, tried, now)
    assert (refusal and refusal.why) == why


def test_the_last_answer_counts_in_whatever_order_the_rows_come():
    assert rules.folded([(3, "a", "tres"), (1, "a", "uno"), (2, "b", "dos")]) == {"a": "tres", "b": "dos"}


def test_a_whole_right_attempt_has_all_the_points():
    assert rules.scores(G1, RIGHT) == {q.id: q.points for q in QUESTIONS}


def test_a_blank_attempt_has_none_and_waits_for_nobody():
    assert rules.scores(G2, {}) == {q.id: F(0) for q in G2.questions}


def test_an_essay_with_text_waits_for_a_person():
    assert rules.score(ESSAY, '"La cooperación entre gobiernos locales."') is None
    assert "ensayo" not in rules.scores(G2, {"ensayo": '"algo"'})


def test_an_essay_counts_nothing_until_it_is_marked_and_then_its_points():
    attempt = AttemptFact(1, 1, 1, "G2", 1, "e", NOON, None, NOON, tuple(
        ScoreFact(q.id, q.points, q.points, None, NOON) for q in QUESTIONS[:3]))
    assert rules.share(G2, attempt) == F(3, 6)
    marked = replace(attempt, scores=(*attempt.scores, ScoreFact("ensayo", F(5, 2), F(3), 9, NOON)))
    assert rules.share(G2, marked) == F(11, 12)


@pytest.mark.parametrize("counts, share", [("best", F(1)), ("last", F(1, 4)), ("first", F(1, 2)), ("mean", F(7, 12))])
def test_the_quiz_says_which_attempt_counts(counts, share):
    assert rules.counted(counts, [F(1, 2), F(1), F(1, 4)]) == share
    assert rules.counted(counts, []) == 0


def test_a_section_begins_on_a_page_of_its_own():
    quiz = replace(G1, per_page=3, sections=(Section(1, "Uno"), Section(5, "Dos"), Section(6, "Tres")))
    assert [rules.page_of(quiz, n) for n in range(1, 8)] == [1, 1, 1, 2, 3, 4, 4] and rules.pages(quiz) == 4


def test_pairs_without_their_match_are_told_apart_from_no_answer():
    sedes, orden = QUESTIONS[3], QUESTIONS[6]
    assert rules.partly(sedes, '{"a":"Barcelona"}') and rules.partly(orden, '{"a":1}')
    assert not rules.partly(sedes, RIGHT["sedes"]) and not rules.partly(sedes, "")


def test_the_unanswered_are_named_by_number():
    assert rules.unanswered(G1, {**RIGHT, "paba": "", "meta": ""}) == [3, 5]


def test_questions_fall_on_pages_of_four():
    assert [rules.page_of(G1, n) for n in (1, 4, 5, 7)] == [1, 1, 2, 2] and rules.pages(G1) == 2


def test_a_page_that_does_not_exist_is_the_nearest():
    assert [leaf(sitting(), G1, {}, n).number for n in (-3, 0, 1, 2, 99)] == [1, 1, 1, 2, 2]


@pytest.mark.parametrize(("late_by", "days"), [
    (-SECOND, 0), (0 * SECOND, 0), (59 * SECOND, 0), (MINUTE, 1), (DAY, 1), (DAY + 59 * SECOND, 1), (DAY + MINUTE, 2),
    (3 * DAY + 59 * SECOND, 3), (3 * DAY + MINUTE, 4)])
def test_days_late_are_full_or_part_and_the_deadlines_minute_is_in_time(late_by, days):
    assert rules.days_late(DUE + late_by, DUE) == days


def test_without_deadline_nothing_is_late():
    assert rules.days_late(NOON, None) == 0 and rules.may_hand_in(None, None, 0, NOON) is None


@pytest.mark.parametrize(("late_by", "why"), [(3 * DAY + 59 * SECOND, None), (3 * DAY + MINUTE, "too_late")])
def test_a_task_is_refused_after_the_late_days(late_by, why):
    refusal = rules.may_hand_in(None, DUE, 3, DUE + late_by)
    assert (refusal and refusal.why) == why


def test_late_days_count_true_hours_over_a_change_of_clocks():
    saturday = datetime(2027, 4, 4, 2, 0, tzinfo=UTC)       # 3 April, 23:00 in Chile; that night the clocks go back
    assert rules.days_late(saturday + 24 * HOUR, saturday) == 1 and rules.days_late(saturday + 25 * HOUR, saturday) == 2


def test_a_receipt_can_be_computed_again_from_what_it_says():
    text = rules.receipt_text(cohort_id=1, person_id=2, module="G1", version=3, handed_in_at=NOON, text="Año ñandú",
                              files=[Paper("ficha.pdf", "pdf", 9, "a" * 64)])
    assert text == ("lms-entrega 1\ncohorte 1\nparticipante 2\nmodulo G1\nversion 3\n"
                    "recibida 2027-04-20T15:00:00.000000+00:00\n"
                    f"texto {sha256('Año ñandú'.encode()).hexdigest()}\narchivo {'a' * 64} 9 ficha.pdf\n")
    assert rules.receipt(text) == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("sent", "kept"), [
    ("informe.pdf", "informe.pdf"), ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\Ana\\ficha año.docx", "ficha año.docx"),
    ("a\x00b\r\nX: y.pdf", "abX y.pdf"), ("\u202efdp.exe.pdf", "fdp.exe.pdf"), ("", "archivo"), ("/", "archivo"),
    (".pdf", "pdf"), ("...", "archivo"), ("n" * 300 + ".pdf", "n" * 100 + ".pdf"), ('<b>"x".pdf', "bx.pdf")])
def test_a_file_keeps_its_name_without_what_could_mislead(sent, kept):
    assert rules.file_name(sent) == kept


@given(st.text(max_size=400))
def test_no_name_ever_leaves_its_folder(sent):
    name = rules.file_name(sent)
    assert name and len(name) <= 120 and not set(name) & set('/\\\x00\n\r"') and name not in (".", "..")


def test_answers_are_read_by_the_kind_of_their_question():
    pairs = [("r1.q", "a"), ("r2.q", "b"), ("r2.q", "a"), ("r4.q.b", "2"), ("r9.q", "x"), ("csrf_token", "y")]
    assert answers(G1, [1, 2, 4, 5], pairs) == {
        "anio": '"a"', "principios": '["a","b"]', "sedes": '{"b":"Granada"}', "meta": ""}


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40))))
def test_no_form_ever_breaks_the_reading(pairs):
    assert set(answers(G1, range(1, 8), [*pairs, ("r3.q", "\0\ud800")])) == {q.id for q in QUESTIONS}


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"saves":[]}', b'{"saves":{}}', b'{"saves":[1]}', b"\xff\xfe",
    *(b'{"saves":[{"key":%s,"question":%s,"fields":%s,"base":%s}]}' % bad for bad in [
        (b'"short"', b'"anio"', b"[]", b"0"), (b'"abcdefgh%"', b'"anio"', b"[]", b"0"), (b"1", b'"anio"', b"[]", b"0"),
        (b'"abcdefgh"', b'"\\u0000"', b"[]", b"0"), (b'"abcdefgh"', b'"\\ud800"', b"[]", b"0"),
        (b'"abcdefgh"', b'"anio"', b'[["a"]]', b"0"), (b'"abcdefgh"', b'"anio"', b'[["a",1]]', b"0"),
        (b'"abcdefgh"', b'"anio"', b"{}", b"0"), (b'"abcdefgh"', b'"anio"', b"[]", b"true"),
        (b'"abcdefgh"', b'"anio"', b"[]", b"-1"), (b'"abcdefgh"', b'"anio"', b"[]", b"1e3"),
        (b'"abcdefgh"', b'"anio"', b"[]", b"99999999999999999999999")])])
def test_a_script_that_is_not_ours_is_malformed(body):
    with pytest.raises(Malformed):
        saves(body, NOON)


def test_one_request_does_not_name_a_question_or_a_key_twice():
    with pytest.raises(Malformed):
        saves(b'{"saves":[{"key":"abcdefgh","question":"a","fields":[],"base":0},'
              b'{"key":"abcdefgh","question":"b","fields":[],"base":0}]}', NOON)


def test_field_names_say_question_and_field():
    assert fields([("r12.q.a", "1"), ("r1234.q", "x"), ("r1.x", "y"), ("R1.q", "z")]) == {12: {"q.a": ["1"]}}


@pytest.mark.parametrize(("left", "minutes"), [(40 * MINUTE, 40), (39 * MINUTE + SECOND, 40), (SECOND, 1), (-DAY, 0)])
def test_minutes_left_are_rounded_up(left, minutes):
    assert minutes_left(sitting(ends_at=NOON + left), NOON) == minutes


def test_a_page_names_only_zones_we_show():
    assert zone("Pacific/Easter") == "Pacific/Easter" and zone("../../etc") == "America/Santiago"
    assert zone("America/Argentina/Ushuaia") == "America/Argentina/Ushuaia"
    assert zone("America/Argentina/../x") == "America/Santiago"
