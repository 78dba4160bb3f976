"""Many students at once, written in bulk: for the bench and the load tests."""

import json
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.attempts import worklist
from lms.attempts.models import Answer, Attempt, Marking, Submission
from lms.cohorts.models import Enrolment
from lms.grading import seconding
from lms.lessons.models import LessonRead
from lms.people.emails import skeleton
from lms.people.models import Person, PersonPost, UserSession
from lms.people.names import search_key, sort_key
from lms.people.queries import token_hash
from tests.programme import PROGRAMME
from tests.world import World

FIRST = 1000                # ids of the crowd begin here
G1 = PROGRAMME.modules[0]


@dataclass
class Crowd:
    world: World
    count: int

    def id(self, i: int) -> int:
        return FIRST + i

    def token(self, i: int) -> str:
        return f"token-{i}"


def listed(session: Session) -> None:
    """The list of what waits, made anew: whoever writes attempts, submissions or markings as rows must ask for it."""
    session.flush()
    worklist.rebuild(session, seconding.stages(session))


def gather(app: Flask, world: World, count: int) -> Crowd:
    """`count` students in Ana's cohort: each has read a lesson, taken G1's quiz once and handed in G1's task; a tenth
    of the tasks (at most 30) is not marked."""
    crowd, now = Crowd(world, count), world.now
    ids = [crowd.id(i) for i in range(count)]
    then = now - timedelta(days=3)
    with app.extensions["database"].transaction() as s:
        s.execute(insert(Person), [
            {"id": p, "email": f"s{p}@example.org", "email_key": skeleton(f"s{p}@example.org"), "given_names": "Nombre",
             "surname1": f"Apellido{p}", "sort_key": sort_key(f"Apellido{p}"), "search_key": search_key(f"apellido{p}"),
             "language": "es", "created_at": then} for p in ids])
        s.execute(insert(PersonPost), [{"person_id": p, "role": "student", "cohort_id": 1, "granted_at": then} for p in ids])
        s.execute(insert(Enrolment), [{"cohort_id": 1, "person_id": p, "enrolled_at": then, "withdrawn_why": ""} for p in ids])
        s.execute(insert(UserSession), [
            {"person_id": p, "token_hash": token_hash(crowd.token(i)), "device": "", "created_at": now, "seen_at": now,
             "expires_at": now + timedelta(days=30)} for i, p in enumerate(ids)])
        s.execute(insert(LessonRead), [{"cohort_id": 1, "person_id": p, "module": "G1", "lesson": "01-inicio",
                                        "read_at": then} for p in ids])
        s.execute(insert(Attempt), [
            {"id": p, "cohort_id": 1, "person_id": p, "module": "G1", "edition_id": PROGRAMME.edition, "number": 1,
             "seed": p, "started_at": then, "ends_at": then + timedelta(minutes=40),
             "submitted_at": then + timedelta(minutes=9), "by_clock": False} for p in ids])
        questions = G1.quiz.questions
        s.execute(insert(Answer), [{"attempt_id": p, "question": q.id, "value": '"a"', "key": f"{q.id}.0", "saved_at": then}
                                   for p in ids for q in questions])
        s.execute(insert(Marking), [
            {"attempt_id": p, "question": q.id, "points": Fraction((p + n) % 2), "out_of": Fraction(1), "marked_at": then,
             "levels": "", "feedback": ""} for p in ids for n, q in enumerate(questions)])
        s.execute(insert(Submission), [
            {"id": p, "cohort_id": 1, "person_id": p, "module": "G1", "edition_id": PROGRAMME.edition, "version": 1,
             "text": "Texto de la tarea. " * 40, "handed_in_at": then, "due_at": now, "receipt": "0" * 64} for p in ids])
        waiting = max(1, min(30, count // 10))
        s.execute(insert(Marking), [
            {"submission_id": p, "points": Fraction(8), "out_of": Fraction(12), "marked_at": then, "marker_id": 3,
             "levels": json.dumps([2, 2, 2, 2]), "feedback": "Bien."} for p in ids[waiting:]])
        listed(s)
        if s.get_bind().dialect.name == "postgresql":
            s.flush()
            for table in ("people", "attempts", "submissions"):
                s.connection().exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    with app.extensions["database"].engine.connect() as c:
        c.exec_driver_sql("ANALYZE")
        c.commit()
    return crowd
