"""Hole 6: the same deed at the same moment, on both databases, twenty rounds each: it is done exactly once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from lms.attempts.models import Attempt, Marking, Submission
from lms.certificates.models import Certificate
from lms.cohorts.models import Enrolment
from lms.credits.models import Credit
from lms.foundation.audit import AuditLine
from lms.foundation.outbox import OutboxJob
from lms.grading.models import Release
from lms.lessons.models import LessonRead
from lms.people import links, passwords
from lms.people.models import OneTimeLink, Person, PersonPost, UserSession
from lms.people.names import search_key, sort_key
from lms.people.queries import token_hash
from tests.certified import Desk
from tests.furnished import furnish
from tests.looking import act, mails, one, rows
from tests.plain import RAW, cookie_of, follow, token_of
from tests.programme import QUESTIONS

ROUNDS, CROWD = 20, 6


@pytest.fixture
def students(app, world):
    """Twenty more students of Ana's cohort, and everyone's browser: students.click("s3", url, data)."""
    with app.extensions["database"].transaction() as s:
        people = [Person(email=f"s{n}@example.org", given_names=f"Persona {n}", surname1="Prueba", sort_key=sort_key(f"Prueba {n:03}"),
                         search_key=search_key("Prueba"), created_at=world.now) for n in range(ROUNDS)]
        s.add_all(people)
        s.flush()
        for n, person in enumerate(people):
            world.people[f"s{n}"] = person.id
            s.add(PersonPost(person_id=person.id, role="student", cohort_id=1, granted_at=world.now))
            s.add(Enrolment(cohort_id=1, person_id=person.id, enrolled_at=world.now))
        for name, person_id in world.people.items():
            s.add(UserSession(person_id=person_id, token_hash=token_hash(f"token of {name}"), device="", created_at=world.now,
                              seen_at=world.now, expires_at=world.now.replace(year=2030)))
    return Crowd(app, world)


class Crowd:
    """Many browsers that click at the same moment."""

    def __init__(self, app, world):
        self.app, self.world, self.token = app, world, token_of(app)

    def browser(self, name: str) -> FlaskClient:
        browser = FlaskClient(self.app, self.app.response_class)
        values = {"_user_id": f"token of {name}"} if name != "nobody" else {}
        browser.set_cookie("lms", cookie_of(self.app, **values, csrf_token=RAW))
        return browser

    def click(self, name: str, url: str, data=None, count: int = CROWD) -> list:
        """What `count` browsers of this person are answered: a status, or what broke. `data` may be made for each."""
        start, made = Barrier(count), [(self.browser(name), data(n) if callable(data) else data or {}) for n in range(count)]

        def run(pair):
            browser, fields = pair
            start.wait()
            try:
                return browser.post(url, data={"csrf_token": self.token, **fields}).status_code
            except Exception as wrong:      # in front of a person it would be a page of status 500
                return f"{type(wrong).__name__}: {str(wrong)[:200]}"
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(run, made))

    def count(self, query) -> int:
        return one(self.app, query)


def test_an_attempt_is_begun_once_handed_in_once_and_never_a_third_time(app, world, students):
    """The quiz gives two attempts. Each round another student starts, hands in, and tries for more, all clicks at once."""
    quiz = "/cohortes/1/modulos/G1/control"
    for n in range(ROUNDS):
        name, mine = f"s{n}", Attempt.person_id == world.people[f"s{n}"]
        for number in (1, 2):
            assert set(students.click(name, quiz)) == {303}
            attempt = one(app, select(Attempt.id).where(mine).order_by(Attempt.id.desc()))
            assert students.count(select(func.count()).where(mine)) == number
            assert set(students.click(name, f"/cohortes/1/intentos/{attempt}/entrega", count=4)) == {303}
            assert students.count(select(func.count()).where(Marking.attempt_id == attempt)) == len(QUESTIONS)
        assert set(students.click(name, quiz, count=4)) == {409}
        assert students.count(select(func.count()).where(mine)) == 2
    started, submitted = (students.count(select(func.count()).where(AuditLine.deed == deed))
                          for deed in ("attempt.started", "attempt.submitted"))
    assert (started, submitted) == (2 * ROUNDS, 2 * ROUNDS)


def test_a_task_sent_many_times_at_once_is_one_version(app, world, students):
    for n in range(ROUNDS):
        assert set(students.click(f"s{n}", "/cohortes/1/modulos/G1/tarea", {"texto": "Lo mismo."}, count=4)) == {303}
    assert students.count(select(func.count()).select_from(Submission)) == ROUNDS


def test_a_link_used_by_twenty_at_once_lets_in_one(app, world, students):
    """Each with another password: one is let in, and it is that one's password."""
    for n in range(ROUNDS):
        person_id = world.people[f"s{n}"]
        act(app, links.send, world.now, person_id, "invitation", "http://localhost")
        url = "/enlace/" + mails(app)[-1].partition("/enlace/")[2][:43]
        secrets = [f"una frase larga número {k}" for k in range(20)]
        answers = students.click("nobody", url, lambda k, said=secrets: {"password": said[k], "again": said[k]}, count=20)
        assert sorted(answers) == [303] + [410] * 19
        kept = one(app, select(Person.password_hash).where(Person.id == person_id))
        assert passwords.fits(kept, secrets[answers.index(303)])
    used = rows(app, select(OneTimeLink.used_at).where(OneTimeLink.used_at.is_not(None)))
    assert len(used) == ROUNDS


def test_folios_have_no_gap_and_no_double_whoever_clicks(app, world, students, monkeypatch):
    """Two people of the office issue to the same two persons at once."""
    desk = Desk(app, world, monkeypatch)
    desk.has_earned(*(f"s{n}" for n in range(ROUNDS)))
    for n in range(0, ROUNDS, 2):
        ids = [world.people[f"s{n}"], world.people[f"s{n + 1}"]]
        answers = students.click("olga", "/cohortes/1/certificados/emitir", lambda k, ids=ids: {"persona": str(ids[k % 2])}, count=4)
        assert set(answers) == {303}
    found = rows(app, select(Certificate.number, Certificate.person_id).order_by(Certificate.number))
    assert [number for number, _ in found] == list(range(1, ROUNDS + 1)) and len({person for _, person in found}) == ROUNDS


def test_someone_new_enrolled_by_many_at_once_is_one_account_one_enrolment_and_one_letter(app, world, students):
    """Whoever clicks second is told so, never shown a broken page."""
    before, answers = students.count(select(func.count(Person.id))), []
    for n in range(ROUNDS):
        answers += students.click("coral", "/cohortes/1/nomina/inscribir", {
            "email": f"nueva{n}@example.org", "given_names": "Nueva", "surname1": f"Persona {n}"}, count=4)
    assert students.count(select(func.count(Person.id))) == before + ROUNDS
    assert students.count(select(func.count(OneTimeLink.id))) == students.count(select(func.count(OutboxJob.id))) == ROUNDS
    assert students.count(select(func.count(Enrolment.id)).where(Enrolment.cohort_id == 1)) == 1 + 2 * ROUNDS
    assert set(answers) <= {303, 409, 422}, [a for a in answers if a not in (303, 409, 422)][:1]


def test_who_has_an_account_is_enrolled_once(app, world, students):
    """Twenty rounds of withdrawing and taking back, each by many."""
    enrolment = one(app, select(Enrolment.id).where(Enrolment.person_id == world.people["s0"]))
    post = (PersonPost.person_id == world.people["s0"], PersonPost.role == "student", PersonPost.ended_at.is_(None))
    for _ in range(ROUNDS):
        assert set(students.click("coral", f"/cohortes/1/nomina/{enrolment}/retiro", {"reason": "Renuncia"}, count=3)) == {303}
        assert students.count(select(func.count()).where(*post)) == 0
        assert set(students.click("coral", f"/cohortes/1/nomina/{enrolment}/reincorporacion", count=3)) == {303}
        assert students.count(select(func.count()).where(*post)) == 1
    assert students.count(select(func.count()).where(AuditLine.deed == "enrolment.withdrawn")) == ROUNDS
    assert students.count(select(func.count()).where(AuditLine.deed == "enrolment.resumed")) == ROUNDS


def test_hours_written_and_taken_back_by_many_at_once_stand_once(app, world, students):
    for n in range(ROUNDS):
        written = students.click("coral", "/cohortes/1/creditos/nuevo", {
            "key": f"key-{n}", "person": str(world.people[f"s{n}"]), "kind": "attendance", "title": "Seminario", "hours": "2",
            "day": "2027-04-10"}, count=3)
        assert set(written) == {303}
        credit = one(app, select(Credit.id).where(Credit.reference == f"key-{n}"))
        back = students.click("coral", f"/cohortes/1/creditos/{credit}/retiro", {"reason": "Error de tipeo"}, count=3)
        assert set(back) <= {303, 404, 409}, back
    assert students.count(select(func.count(Credit.id)).where(Credit.withdraws_id.is_(None))) == ROUNDS
    assert students.count(select(func.count(Credit.id)).where(Credit.withdraws_id.is_not(None))) == ROUNDS


def test_a_lesson_read_on_many_devices_is_read_once(app, world, students):
    for n in range(ROUNDS):
        assert set(students.click(f"s{n}", "/cohortes/1/modulos/G1/lecciones/01-inicio/leida", count=3)) == {303}
    assert students.count(select(func.count()).select_from(LessonRead)) == ROUNDS


def test_marks_published_by_many_at_once_are_published_once_and_told_once(app, world, students):
    furnish(app, world)
    if app.extensions["database"].engine.dialect.name == "postgresql":
        follow(app)
    url, told = "/cohortes/1/publicar", 0
    for n in range(ROUNDS):
        with app.extensions["database"].transaction() as session:
            session.add(Marking(submission_id=31, points=n % 3, out_of=12, levels="[0, 0, 0, 0]", feedback="", marker_id=world.people["ivan"],
                                marked_at=world.now))
        answers = students.click("olga", url, {"module": "G1", "item": "task", "marks": "1"}, count=3)
        assert set(answers) <= {303, 409}, answers
        told += 1
        assert students.count(select(func.count(Release.id))) == told
        assert students.count(select(func.count(OutboxJob.id))) == told
        world.later(minutes=1)


def test_a_post_given_by_many_clicks_at_once_is_one(app, world, students):
    """Two would be a way to keep what was taken away: ending one leaves the other."""
    for n in range(ROUNDS):
        person = world.people[f"s{n}"]
        assert set(students.click("olga", f"/personas/{person}/papeles", {"role": "auditor"}, count=3)) == {303}
        assert students.count(select(func.count()).where(PersonPost.person_id == person, PersonPost.role == "auditor")) == 1


@pytest.mark.parametrize("url, data, table, where", [
    ("/instituciones/nueva", {"kind": "university", "name": "Universidad Nueva %d", "country": "CL"}, "institutions", "name LIKE 'Universidad Nueva%%'"),
    ("/personas/nueva", {"email": "otra%d@example.org", "given_names": "Otra", "surname1": "Persona", "kind": "cl_run", "country": ""},
     "people", "email LIKE 'otra%%'"),
    ("/cohortes/nueva", {"code": "ZZ-%d", "title": "Otra", "country": "CL", "time_zone": "America/Santiago", "starts_on": "2028-03-06",
                         "ends_on": "2028-11-30", "edition": "e" * 64}, "cohorts", "code LIKE 'ZZ-%%'"),
], ids=["institution", "person", "cohort"])
def test_what_many_make_at_once_is_made_once_and_breaks_no_page(app, world, students, url, data, table, where):
    answers = []
    for n in range(ROUNDS):
        answers += students.click("olga", url, {k: v % n if "%d" in v else v for k, v in data.items()}, count=3)
    with app.extensions["database"].reading() as session:
        made = session.execute(text(f"SELECT count(*) FROM {table} WHERE {where.replace('%%', '%')}")).scalar()
    assert made == ROUNDS
    assert set(answers) <= {303, 409, 422}, [a for a in answers if a not in (303, 409, 422)][:1]


def test_a_document_recorded_by_two_at_once_has_one_holder(app, world, students):
    answers = []
    for n in range(0, ROUNDS, 2):
        number = {"kind": "passport", "number": f"AB{n:06}", "country": "BR"}
        start = Barrier(2)

        def record(name, number=number, start=start):
            browser = students.browser(name)
            start.wait()
            try:
                return browser.post("/cuenta/documentos", data={"csrf_token": students.token, **number}).status_code
            except Exception as wrong:      # in front of a person it would be a page of status 500
                return f"{type(wrong).__name__}: {str(wrong)[:200]}"
        with ThreadPoolExecutor(2) as pool:
            answers += list(pool.map(record, (f"s{n}", f"s{n + 1}")))
    with app.extensions["database"].reading() as session:
        assert session.execute(text("SELECT count(*) FROM person_identifiers WHERE kind = 'passport'")).scalar() == ROUNDS // 2
    assert set(answers) <= {303, 409, 422}, [a for a in answers if a not in (303, 409, 422)][:1]
