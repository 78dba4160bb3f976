"""Many at the same second: nothing acknowledged is lost, nothing is done twice. On SQLite and on PostgreSQL."""

import io
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction as F

import pytest
from sqlalchemy import func, select

from lms.attempts import actions, queries
from lms.attempts.models import Answer, Attempt, Marking, Submission, SubmissionFile
from lms.people.models import Person, PersonPost
from tests.chained import chain_faults
from tests.client import Client
from tests.programme import QUESTIONS

STUDENTS = 60
FRONT, TASK = "/cohortes/1/modulos/G1/control", "/cohortes/1/modulos/G1/tarea"
RIGHT = {"anio": [["r1.q", "a"]], "principios": [["r2.q", "a"], ["r2.q", "b"]], "paba": [["r3.q", "true"]],
         "sedes": [["r4.q.a", "1"], ["r4.q.b", "2"], ["r4.q.c", "3"]], "meta": [["r5.q", "0,7"]],
         "registro": [["r6.q", "SUBDERE"]], "orden": [[f"r7.q.{o}", str(n)] for n, o in enumerate("abcd", 1)]}


@pytest.fixture
def class_of(app, world):
    """class_of(n): n signed-in students with their tokens, each with a client of their own."""
    def made(n):
        with app.extensions["database"].transaction() as session:
            people = [Person(email=f"s{i}@example.org", given_names="S", surname1=f"N{i}", sort_key=f"n{i}",
                             search_key=f"n{i}", created_at=world.now) for i in range(n)]
            session.add_all(people)
            session.flush()
            session.add_all(PersonPost(person_id=p.id, role="student", cohort_id=1, granted_at=world.now)
                            for p in people)
        world.people |= {p.email: p.id for p in people}
        return [Student(app, world, p.email) for p in people]
    return made


class Student:
    """Somebody's browser, with the token of its pages at hand."""

    def __init__(self, app, world, name):
        self.client, self.world = Client(app), world
        self.client.sign_in(world, name)
        self.fresh = self.client.token()

    def post(self, url, data=None):
        return self.client.post(url, data={"csrf_token": self.fresh, **(data or {})})

    def save(self, url, *saves):
        body = {"saves": [{"key": k, "question": q, "fields": f, "base": 0} for k, q, f in saves]}
        return self.client.post(f"{url}/respuestas", data=json.dumps(body), content_type="application/json",
                                headers={"X-CSRF-Token": self.fresh, "Accept": "application/json"})


def at_once(jobs):
    """Run all jobs at the same moment; what each returned, in order. A job that raises fails the test."""
    barrier, results, wrong = threading.Barrier(len(jobs)), [None] * len(jobs), []

    def run(n, job):
        barrier.wait()
        try:
            results[n] = job()
        except Exception as error:
            wrong.append(error)
    threads = [threading.Thread(target=run, args=(n, job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    return results


@contextmanager
def reading(app):
    with app.extensions["database"].reading() as session:
        yield session


def test_sixty_save_and_hand_in_at_the_same_second_and_none_is_lost(app, class_of):
    students = class_of(STUDENTS)
    pages = [found.location for found in at_once([lambda s=s: s.post(FRONT) for s in students])]
    assert len(set(pages)) == STUDENTS

    def answer(student, page):
        kept = student.save(page, *((f"key-of-{q}", q, fields) for q, fields in RIGHT.items()))
        return kept.status_code, student.post(page + "/entrega").status_code
    jobs = [lambda s=s, p=p: answer(s, p) for s, p in zip(students, pages, strict=True)]
    assert at_once(jobs) == [(200, 303)] * STUDENTS
    with reading(app) as session:
        facts = queries.attempt_facts(session, 1)
        assert [len(f.scores) for f in facts] == [len(QUESTIONS)] * STUDENTS
        assert all(sum(s.points for s in f.scores) == 7 and f.submitted_at for f in facts)
        assert session.scalar(select(func.count(Answer.id))) == STUDENTS * len(QUESTIONS)


def test_sixty_tasks_with_a_file_at_the_same_second_and_none_is_lost(app, class_of):
    students = class_of(STUDENTS)

    def hand_in(n, student):
        return student.post(TASK, {"texto": f"Ficha {n}", "archivos": (io.BytesIO(b"%%PDF-1.7 %d" % n), f"{n}.pdf")})
    answers = at_once([lambda n=n, s=s: hand_in(n, s) for n, s in enumerate(students)])
    assert [a.status_code for a in answers] == [303] * STUDENTS
    with reading(app) as session:
        assert sorted(session.scalars(select(Submission.text))) == sorted(f"Ficha {n}" for n in range(STUDENTS))
        kept = {digest: name for name, digest in session.execute(select(SubmissionFile.name, SubmissionFile.sha256))}
    assert {app.extensions["files"].read(d): name for d, name in kept.items()} == {
        b"%%PDF-1.7 %d" % n: f"{n}.pdf" for n in range(STUDENTS)}


def test_twenty_taps_on_start_begin_one_attempt(app, class_of):
    (student,) = class_of(1)
    twins = [twin(student) for _ in range(20)]
    assert len({t.location for t in at_once([lambda s=s: s.post(FRONT) for s in twins])}) == 1
    with reading(app) as session:
        assert session.scalar(select(func.count(Attempt.id))) == 1


def twin(student):
    """Another tab of the same browser."""
    return Student(student.client.application, student.world,
                   next(name for name in student.world.people if name.startswith("s")))


def test_twenty_times_the_same_save_is_kept_once_and_handing_in_scores_once(app, class_of):
    (student,) = class_of(1)
    page = student.post(FRONT).location
    twins = [twin(student) for _ in range(20)]
    save = [lambda s=s: s.save(page, ("the-same-key", "anio", [["r1.q", "a"]])) for s in twins]
    assert {r.status_code for r in at_once(save)} == {200}
    other = [lambda s=s, o=o: s.save(page, ("another-key", "anio", [["r1.q", o]])).status_code
             for s, o in zip(twins, "ab" * 10, strict=True)]
    assert sorted(at_once(other)) == [200] * 10 + [409] * 10
    assert {r.status_code for r in at_once([lambda s=s: s.post(page + "/entrega") for s in twins])} == {303}
    with reading(app) as session:
        assert session.scalar(select(func.count(Answer.id))) == 2
        assert session.scalar(select(func.count(Marking.id))) == len(QUESTIONS)


def test_twenty_devices_of_one_student_that_save_at_once_stand_in_one_unbroken_chain(app, class_of):
    """PostgreSQL reads the chain's end before it waits for the lock: whoever waited must look again."""
    (student,) = class_of(1)
    page = student.post(FRONT).location
    twins = [twin(student) for _ in range(20)]
    jobs = [lambda s=s, n=n: s.save(page, (f"device-{n:04}", "anio", [["r1.q", "abc"[n % 3]]]),
                                    (f"device-{n:04}b", "meta", [["r5.q", str(n)]])) for n, s in enumerate(twins)]
    replies = at_once(jobs)
    assert {r.status_code for r in replies} == {200}
    given = {key: told["receipt"] for r in replies for key, told in r.json["saved"].items()}
    with reading(app) as session:
        assert len(given) == 40 and chain_faults(session, app, 1, given) == []


def test_what_was_acknowledged_before_handing_in_counts_even_in_the_same_instant(app, class_of):
    """A save and a submit race: either the save is refused, or its answer is scored. Never acknowledged and lost."""
    students = class_of(20)
    pages = [s.post(FRONT).location for s in students]
    others = [Student(app, s.world, f"s{n}@example.org") for n, s in enumerate(students)]
    jobs = [lambda s=s, p=p: s.save(p, ("racing-key", "anio", [["r1.q", "a"]])).status_code
            for s, p in zip(students, pages, strict=True)]
    jobs += [lambda s=s, p=p: s.post(p + "/entrega").status_code for s, p in zip(others, pages, strict=True)]
    saved = at_once(jobs)[:20]
    with reading(app) as session:
        points = {f"/cohortes/1/intentos/{a.id}": sum(s.points for s in a.scores)
                  for a in queries.attempt_facts(session, 1)}
    assert [points[page] for page in pages] == [F(status == 200) for status in saved] and set(saved) <= {200, 409}


def test_versions_handed_in_at_once_are_numbered_without_gap_and_the_same_work_is_one(app, class_of):
    (student,) = class_of(1)
    twins = [twin(student) for _ in range(10)]
    same = at_once([lambda s=s: s.post(TASK, {"texto": "lo mismo"}) for s in twins])
    assert len({r.location for r in same}) == 1         # whichever id: PostgreSQL spends one on each that was too late
    different = [lambda s=s, n=n: s.post(TASK, {"texto": f"otra {n}"}).status_code for n, s in enumerate(twins[:4])]
    assert set(at_once(different)) == {303}
    with reading(app) as session:
        assert list(session.scalars(select(Submission.version).order_by(Submission.version))) == [1, 2, 3, 4, 5]
        assert sorted(session.scalars(select(Submission.text))) == ["lo mismo", *(f"otra {n}" for n in range(4))]


def test_two_markers_at_once_one_meets_the_other(app, world, class_of):
    (student,) = class_of(1)
    student.post(TASK, {"texto": "x"})
    for _ in range(5):
        with reading(app) as session:
            before = queries.submission(session, 1, 1).marking

        def mark(who, before=before):
            with app.extensions["database"].transaction() as session:
                return actions.mark(session, world.people[who], world.now, submission_id=1, points=F(3), out_of=F(12),
                                    based_on=before.id if before else None)

        def try_to(who, mark=mark):
            try:
                return mark(who)
            except actions.Conflict as conflict:
                return conflict.latest.id
        first, second = at_once([lambda: try_to("ivan"), lambda: try_to("irma")])
        assert first == second
    with reading(app) as session:
        assert len(queries.submission(session, 1, 1).markings) == 5


def test_the_bell_for_a_whole_class_hands_each_in_once(app, world, class_of):
    students = class_of(30)
    for student in students:
        student.post(FRONT)
    world.later(minutes=41)

    def ring():
        with app.extensions["database"].transaction() as session:
            return actions.close_overdue(session, world.now)
    assert sum(at_once([ring, ring, ring])) == 30
    with reading(app) as session:
        assert session.scalar(select(func.count(Marking.id))) == 30 * len(QUESTIONS)
        assert set(session.scalars(select(Attempt.submitted_at))) == {world.now - timedelta(minutes=1)}
