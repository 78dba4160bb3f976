"""The course of an internship, what each step asks, which hours count and what they are worth."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction as F

import pytest

from lms.catalogue.rules import Requirement, Way
from lms.internships.hours import Entry, Limits, Signed, credits, faults, proposal, validated, written
from lms.internships.plans import Activity, Plan, Terms, canonical, digest, read
from lms.internships.plans import faults as plan_faults
from lms.internships.rubrics import RUBRICS, missing, report_gaps, share
from lms.internships.rules import (
    PARTIES,
    STEPS,
    Facts,
    asked_module,
    asks,
    needs_council,
    next_step,
    refusals,
    selection_refusal,
    state,
    uncovered,
)
from tests.programme import PROGRAMME, QUESTIONS, module

MONDAY, FRIDAY = date(2027, 5, 3), date(2027, 5, 7)
ALL = frozenset(PARTIES)
READY = Facts(MONDAY, FRIDAY, "AR", F(25), authority=True, host_supervisor=True, academic_supervisor=True, plan=1,
              approved=ALL, covers=((MONDAY, FRIDAY),), council=(date(2027, 4, 12),))


def said(step: str, now: str, facts: Facts, today: date = MONDAY) -> str:
    return " ".join(refusals(step, now, facts, today))


# States ---------------------------------------------------------------------------------------------------------------

def test_the_state_is_the_fold_of_the_steps():
    assert state([], FRIDAY, MONDAY) == "draft"
    assert state(["proposed", "plan_approved", "authorised", "in_progress"], FRIDAY, MONDAY) == "in_progress"
    assert state(["proposed", "plan_approved", "replanned"], FRIDAY, MONDAY) == "proposed"


def test_who_is_in_progress_after_the_last_day_owes_the_report():
    begun = ["proposed", "plan_approved", "authorised", "in_progress"]
    assert state(begun, FRIDAY, FRIDAY) == "in_progress"
    assert state(begun, FRIDAY, FRIDAY + timedelta(days=1)) == "report_due"


def test_resumed_goes_back_to_where_it_was_interrupted():
    assert state(["proposed", "plan_approved", "authorised", "interrupted", "resumed"], FRIDAY, MONDAY) == "authorised"
    assert state(["proposed", "plan_approved", "authorised", "in_progress", "interrupted", "resumed"], FRIDAY, MONDAY) == "in_progress"
    assert state(["proposed", "plan_approved", "authorised", "in_progress", "interrupted", "cancelled"], FRIDAY, MONDAY) == "cancelled"


def test_a_step_is_only_taken_from_where_it_starts():
    for name, step in STEPS.items():
        for now in ("draft", "closed", "cancelled"):
            if now not in step.start:
                assert "no se puede" in said(name, now, READY)


def test_the_way_leads_from_draft_to_closed_and_ends():
    now, seen = "draft", []
    while following := next_step(now):
        seen.append(now := STEPS[following].to)
    assert seen == ["proposed", "plan_approved", "authorised", "in_progress", "report_due", "evaluated", "closed"]
    assert next_step("cancelled") == next_step("closed") == ""


# What stands in the way -----------------------------------------------------------------------------------------------

def test_who_has_everything_may_begin():
    assert refusals("authorised", "plan_approved", READY, MONDAY) == ()
    assert refusals("in_progress", "authorised", READY, MONDAY) == ()


@pytest.mark.parametrize(("changed", "words"), [
    ({"plan": 0}, "Falta el plan de trabajo"),
    ({"plan_gaps": ("los indicadores",)}, "le falta: los indicadores"),
    ({"plan_current": False}, "falta una versión nueva"),
    ({"approved": frozenset({"participant", "academic"})}, "Falta que aprueben la versión 1 del plan: institución anfitriona"),
    ({"approved": frozenset({"participant"}), "objected": frozenset({"academic"})}, "Supervisión académica pidió cambios"),
    ({"host_supervisor": False}, "Falta quien supervisa en la institución anfitriona"),
    ({"academic_supervisor": False}, "Falta quien supervisa por la Escuela"),
    ({"covers": ()}, "Falta el seguro del 03-05-2027 al 07-05-2027"),
    ({"covers": ((MONDAY, FRIDAY - timedelta(days=1)),)}, "El seguro no cubre el 07-05-2027"),
    ({"covers": ((MONDAY + timedelta(days=2), FRIDAY),)}, "El seguro no cubre del 03-05-2027 al 04-05-2027"),
    ({"council": ()}, "Falta el acuerdo del concejo"),
    ({"council": (MONDAY,)}, "debe ser anterior al inicio"),
    ({"agreement": "lapsed"}, "ya no está vigente"),
    ({"hours": F(0)}, "Faltan las horas")])
def test_each_thing_that_is_missing_keeps_it_from_beginning_and_is_named(changed, words):
    facts = replace(READY, **changed)
    assert words in said("in_progress", "authorised", facts) and words in said("authorised", "plan_approved", facts)


def test_all_that_is_missing_is_said_at_once():
    bare = Facts(MONDAY, FRIDAY, "AR", F(25), authority=True)
    assert len(refusals("in_progress", "authorised", bare, MONDAY)) == 5


def test_it_does_not_begin_before_its_first_day():
    assert "Comienza el 03-05-2027" in said("in_progress", "authorised", READY, MONDAY - timedelta(days=1))


def test_the_council_agrees_where_an_authority_leaves_the_country_or_stays_away_long():
    assert needs_council(READY) == "sale del país"
    at_home = replace(READY, country="CL")
    assert needs_council(at_home) == "" and needs_council(replace(at_home, ends_on=MONDAY + timedelta(days=9))) == ""
    assert needs_council(replace(at_home, ends_on=MONDAY + timedelta(days=10))) == "dura más de 10 días"
    assert needs_council(replace(READY, authority=False)) == "" and needs_council(replace(READY, modality="remote")) == ""


def test_several_policies_cover_together():
    assert uncovered([(MONDAY, MONDAY), (MONDAY + timedelta(days=1), FRIDAY)], MONDAY, FRIDAY) is None
    assert uncovered([(MONDAY, MONDAY), (FRIDAY, FRIDAY)], MONDAY, FRIDAY) == (MONDAY + timedelta(days=1), FRIDAY - timedelta(days=1))


def test_hours_end_with_the_last_day_or_with_the_planned_hours():
    early = replace(READY, validated=24 * 60)
    assert "aún no están validadas las 25 h" in said("report_due", "in_progress", early, FRIDAY - timedelta(days=1))
    assert said("report_due", "in_progress", early, FRIDAY) == ""
    assert said("report_due", "in_progress", replace(READY, validated=25 * 60), MONDAY) == ""


def test_closing_asks_report_both_evaluations_and_validated_hours():
    assert said("closed", "evaluated", READY) == ("Falta el informe final. Falta la evaluación de la institución anfitriona. Falta la "
                                                 "evaluación de la supervisión académica. No hay horas validadas: la institución "
                                                 "anfitriona debe firmar las semanas de la bitácora.")
    done = replace(READY, report=1, evaluated=frozenset({"host", "academic"}), validated=60)
    assert said("closed", "evaluated", done) == "" and said("evaluated", "report_due", done) == ""


def test_places_are_counted():
    assert selection_refusal(2, 1) is None and "Los 2 cupos" in selection_refusal(2, 2) and "único cupo" in selection_refusal(1, 1)


# Hours ----------------------------------------------------------------------------------------------------------------

HERE = Limits(MONDAY, FRIDAY)
NINE = Entry(MONDAY, "09:00", "13:00", id=1)


@pytest.mark.parametrize(("entry", "words"), [
    (Entry(MONDAY - timedelta(days=1), "09:00", "10:00"), "fuera de la pasantía"),
    (Entry(FRIDAY, "09:00", "10:00"), "en el futuro"),
    (Entry(MONDAY + timedelta(days=1), "09:00", "12:01"), "en el futuro"),
    (Entry(MONDAY, "12:59", "14:00"), "Se superpone con lo ya anotado de 09:00 a 13:00"),
    (Entry(MONDAY, "14:00", "13:00"), "debe ser posterior"),
    (Entry(MONDAY, "23:00", "01:00"), "medianoche"),
    (Entry(MONDAY, "24:00", "25:00"), "de 00:00 a 23:59"),
    (Entry(MONDAY, "14:00", "15:00", 60), "pausa"),
    (Entry(MONDAY, "14:00", "18:01"), "lo más que se reconoce en un día son 8 h")])
def test_what_an_hour_can_not_be(entry, words):
    assert words in " ".join(faults(entry, [NINE], HERE, MONDAY + timedelta(days=1), "12:00"))


def test_what_is_well_is_taken():
    assert faults(Entry(MONDAY, "13:00", "17:00"), [NINE], HERE, MONDAY, "17:00") == ()
    assert faults(Entry(MONDAY, "14:00", "18:30", 30), [NINE], HERE, MONDAY) == ()


def test_the_argentine_student_regime_is_20_hours_a_week():
    week = [Entry(MONDAY + timedelta(days=n), "09:00", "14:00", id=n + 1) for n in range(4)]
    more = Entry(FRIDAY, "09:00", "09:30")
    assert faults(more, week, HERE, FRIDAY) == ()
    assert "20 h (régimen de estudiantes" in " ".join(faults(more, week, replace(HERE, student_regime=True), FRIDAY))


def test_only_what_the_host_last_signed_counts():
    other = Entry(MONDAY, "14:00", "15:00", id=2)
    first = Signed(MONDAY, frozenset({1}), True)
    assert validated([NINE, other], []) == 0 and validated([NINE, other], [first]) == 240
    assert validated([NINE, other], [first, Signed(MONDAY, frozenset({1, 2}), True)]) == 300
    assert validated([NINE, other], [first, Signed(MONDAY, frozenset({1, 2}), False)]) == 0
    assert validated([other], [first]) == 0             # the signed entry was replaced
    assert written(390) == "6 h 30 min" and written(480) == "8 h" and written(45) == "45 min"


def test_27_hours_are_a_credit_and_40_are_no_more_than_the_module():
    assert credits(F(27), F(0), 27, F(1)) == 1 and credits(F(40), F(0), 27, F(1)) == 1
    assert credits(F(20), F(7), 27, F(1)) == 1 and credits(F(27, 2), F(0), 27, F(1)) == F(1, 2)


def test_the_grade_is_40_host_and_60_academic_and_both_must_pass():
    both = proposal(F(8, 10), F(9, 10))
    assert str(both.value) == "6.0" and both.passed and both.sentence.endswith("6,0.")         # 0,4 × 5,5 + 0,6 × 6,3
    failed = proposal(F(1, 2), F(1))
    assert str(failed.value) == "3.9" and not failed.passed and "al menos 4,0" in failed.sentence
    assert str(proposal(F(6, 10), F(6, 10)).value) == "4.0" and proposal(F(6, 10), F(6, 10)).passed


# Plan and rubrics -----------------------------------------------------------------------------------------------------

TERMS = Terms("Vado Largo", "Vado Largo, AR", "2027-05-03", "2027-05-07", "25", "Presencial", "Hilda <h@example.org>", "Iván", 3)


def test_the_same_plan_is_the_same_bytes_and_reads_back():
    plan = Plan("Describir", ("Explica",), (Activity("Leer", "2027-05-03", "2027-05-04", "5"),), "Ficha", "Aceptada", "2")
    text = canonical(plan, TERMS)
    assert read(text) == (plan, TERMS) and digest(text) == digest(canonical(plan, TERMS)) and plan.gaps == ()
    assert digest(canonical(replace(plan, products="Otra"), TERMS)) != digest(text) != digest(canonical(plan, replace(TERMS, hours="26")))
    assert Plan().gaps[0] == "los objetivos" and len(Plan().gaps) == 5


def test_activities_lie_within_the_placement():
    assert "fuera de las fechas" in plan_faults(Plan(activities=(Activity("Leer", "2027-05-08"),)), MONDAY, FRIDAY)[0]
    assert "termina antes" in plan_faults(Plan(activities=(Activity("Leer", "2027-05-05", "2027-05-04"),)), MONDAY, FRIDAY)[0]


def test_a_rubric_is_complete_or_says_what_it_lacks():
    full = {c.key: 3 for c in RUBRICS["host"]}
    assert share("host", full) == 1 and share("host", dict.fromkeys(full, 2)) == F(2, 3) and share("participant", {}) is None
    assert missing("host", {}) and missing("host", full) == ()
    assert report_gaps({})[0] == "Propósito y plan" and len(report_gaps({})) == 18


def test_a_programme_asks_for_an_internship_by_its_module_or_its_requirement():
    assert asks(PROGRAMME) and asked_module(PROGRAMME) is None                                  # 20 h are required
    none = replace(PROGRAMME, requirements=PROGRAMME.requirements[:1])
    assert not asks(none)
    pa = module("PA", "Pasantía", QUESTIONS[:1], "internship")
    assert asked_module(replace(none, modules=(*none.modules, pa))) == pa
    either = Requirement("any", least=1, ways=(Way("internship", hours=20), Way("modules", ("G1",))))
    assert asks(replace(none, requirements=(either,)))
