"""All grades of a cohort computed at once are those computed from the facts one by one, whatever happened to the work."""

from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import delete, insert

from lms.attempts.models import Answer, Attempt, Marking, Submission
from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.grading import policies, queries
from lms.grading.models import GradeChange, Release
from lms.grading.rules import final_result
from tests.crowd import gather
from tests.programme import PROGRAMME

COUNT = 60


def attempts_of(random, person, module, then):
    """None, one or two sittings, the last perhaps running or abandoned."""
    found = []
    for number in range(1, random.choice([1, 2, 2, 3, 3])):
        done, left = random.random() < 0.8, random.random() < 0.1
        found.append({"cohort_id": 1, "person_id": person, "module": module.code, "edition_id": PROGRAMME.edition, "number": number,
                      "seed": 1, "started_at": then, "submitted_at": then if done else None, "by_clock": left and not done})
    return found


def marks_of(random, questions, then, people=(None,)):
    """Each question marked once, or by several in turn, or not yet."""
    for q in questions:
        for n in range(random.choice([0, 1, 1, 1, 1, 2, 3])):
            person = random.choice(people) if q.kind != "essay" else 3
            yield {"question": q.id, "points": q.points * Fraction(random.randint(0, 4), 4), "out_of": q.points, "levels": "", "feedback": "",
                   "marker_id": person if n else (3 if q.kind == "essay" else None), "marked_at": then + timedelta(hours=random.randint(0, 96))}


@pytest.fixture(params=[1, 2])
def cohort_of_all_sorts(request, app, world):
    random, then = Random(request.param), world.now - timedelta(days=6)
    crowd = gather(app, world, COUNT)
    with app.extensions["database"].transaction() as s:
        for table in (Marking, Answer, Attempt, Submission):
            s.execute(delete(table))
        for person in map(crowd.id, range(COUNT)):
            for module in PROGRAMME.modules:
                for row in attempts_of(random, person, module, then):
                    made = s.execute(insert(Attempt).values(**row).returning(Attempt.id)).scalar_one()
                    for mark in marks_of(random, module.quiz.questions, then, (None, 3)):
                        s.execute(insert(Marking).values(attempt_id=made, **mark))
                for version in range(1, random.choice([1, 2, 2, 3])):
                    made = s.execute(insert(Submission).values(
                        cohort_id=1, person_id=person, module=module.code, edition_id=PROGRAMME.edition, version=version, text="x",
                        handed_in_at=then + timedelta(hours=random.randint(-40, 60)), due_at=random.choice([then, then, None]),
                        receipt="0" * 64, late=random.choice(["", "", "2 points 3", "0.25 grade 5"])).returning(Submission.id)).scalar_one()
                    for _ in range(random.choice([0, 1, 1, 2])):
                        s.execute(insert(Marking).values(
                            submission_id=made, points=Fraction(random.randint(0, 24), 2), out_of=Fraction(12), levels="", feedback="",
                            marker_id=3, marked_at=then + timedelta(hours=random.randint(0, 96)), question=None))
            if random.random() < 0.3:
                s.execute(insert(GradeChange).values(
                    cohort_id=1, person_id=person, module="G1", item=random.choice(["", "quiz", "task"]),
                    kind=random.choice(["set", "excused", "exempt", "absent", "resit", "extra"]), share=Fraction(1, 2), reason="x",
                    author_id=6, at=then))
        for module, item, hours in (("G1", "task", 50), ("G2", "quiz", 60), ("G2", "task", 70))[:3 if request.param == 1 else 2]:
            s.execute(insert(Release).values(cohort_id=1, module=module, item=item, released_at=then + timedelta(hours=hours)))
    return crowd


@pytest.mark.parametrize("hide", [True, False])
def test_at_once_is_as_one_by_one(app, cohort_of_all_sorts, hide):
    ids = [*map(cohort_of_all_sorts.id, range(COUNT)), 1, 2]
    with app.extensions["database"].reading() as s:
        cohort = cohorts.cohort(s, 1)
        programme = catalogue.programme(s, cohort.edition_id)
        one_by_one = queries.judged(s, programme, queries.facts(s, 1, ids, hide=hide), ids, hide)
        at_once = queries.results(s, cohort, programme, ids, hide)
        assert policies.of(s, 1, "CL") == policies.standing("CL")
        states = set()
        for person in ids:
            for code, result in one_by_one[person].items():
                states |= {part.state for part in result.parts}
                assert at_once[person][code] == result, (person, code)
            assert final_result(programme, at_once[person]).share == final_result(programme, one_by_one[person]).share
        assert states >= {"none", "running", "marking", "marked"} and ("unreleased" in states) == hide
        again = queries.results(s, cohort, programme, ids, hide, modules=["G2"])
        assert all(list(found) == ["G2"] and found["G2"] == one_by_one[person]["G2"] for person, found in again.items())
