"""From minutes to the ledger and the verdict; what somebody sees of theirs; the survey."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, insert, select

from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.completion import queries as completion
from lms.credits import queries as credits
from lms.credits.rules import Hours
from lms.foundation import outbox
from lms.seminars import counting
from lms.seminars.models import PresenceMark, Seminar, SurveyAnswer, SurveyTaken
from lms.seminars.registration_pages import desk
from tests import seminared
from tests.seminared import LONG, S1, S2, S3, SEMINAR, STARTS

BASE = f"/seminarios/{SEMINAR}"
RULE = counting.written(counting.CreditRule((counting.Tier(75, 2, Fraction(8)), counting.Tier(75, 3, Fraction(12)))))
OVER = STARTS[S3] + LONG + timedelta(hours=1)


@pytest.fixture
def over(app, world):
    """The seminar is over. Ana was at two sessions of three, whole; a stranger at none."""
    world.now = OVER
    with app.extensions["database"].transaction() as s:
        seminared.plant(s)
        seminared.registered(s, 1, person_id=None, email="ana@example.org", kind="student", names=("Ana", "Pérez"))
        seminared.registered(s, 2)
        seminared.sequences(s)
        s.get_one(Seminar, SEMINAR).credit_rule = RULE
        for session_id in (S1, S2):
            there(s, 1, session_id)


def there(session, number, session_id, minutes=90, kind="interval"):
    starts = STARTS[session_id]
    session.execute(insert(PresenceMark).values(
        seminar_id=SEMINAR, session_id=session_id, registration_id=number, kind=kind, source="list" if kind == "interval" else "office",
        reference=f"{kind}-{number}-{session_id}-{minutes}", at=starts, until=starts + timedelta(minutes=minutes) if kind == "interval" else None,
        minutes=None if kind == "interval" else minutes, recorded_at=starts))


def hours(app, world):
    with app.extensions["database"].reading() as s:
        return credits.hours(s, world.chile).get(world.people["ana"], Hours()).attendance


def asked(app, client_of):
    assert client_of("olga").send(f"{BASE}/minutos/libro").status_code == 303
    outbox.work(app)


def own(app, number):
    with app.test_request_context():
        return f"/seminarios/inscripcion/{desk().token(number)}"


def test_the_minutes_of_everybody_and_what_they_earn(client_of, over):
    page = client_of("olga").get(f"{BASE}/minutos").text
    assert "Pérez, Ana" in page and "<b>8 h</b>" in page and "Ganan horas: 1 de 2" in page
    assert "Pérez, Ana" not in client_of("olga").get(f"{BASE}/minutos?ver=nada").text
    table = client_of("olga").get(f"{BASE}/minutos.csv").get_data().decode("utf-8-sig")
    assert '"Pérez, Ana";"ana@example.org"' in table and '"90";"90";"0";"180";"8,0"' in table


def test_the_hours_come_into_the_ledger_once_and_change_the_verdict(app, world, client_of, over):
    def missing():
        with app.extensions["database"].reading() as s:
            cohort = cohorts.cohort(s, world.chile)
            verdict = completion.verdicts(s, cohort, catalogue.programme(s, cohort.edition_id), [world.people["ana"]])[world.people["ana"]]
            return [item.values for item in verdict.items if item.kind == "attendance"]
    before = missing()
    for _ in range(2):
        asked(app, client_of)
    assert hours(app, world) == 8
    after = missing()
    assert before != after or not before                                # by exactly this fact
    with app.extensions["database"].reading() as s:
        assert [(e.source, e.title, e.hours) for e in credits.entries(s, world.chile) if e.person_id == world.people["ana"]][0] == (
            "seminarios", "Descentralización y seguridad pública local", 8)


def test_a_count_that_changes_is_a_withdrawal_and_a_new_fact(app, world, client_of, over):
    asked(app, client_of)
    with app.extensions["database"].transaction() as s:
        there(s, 1, S3, 80, "manual")
    asked(app, client_of)
    assert hours(app, world) == 12
    with app.extensions["database"].transaction() as s:
        there(s, 1, S3, 0, "manual")
        there(s, 1, S2, 0, "manual")
    asked(app, client_of)
    assert hours(app, world) == 0
    with app.extensions["database"].transaction() as s:
        there(s, 1, S2, 90, "manual")
    asked(app, client_of)
    assert hours(app, world) == 8                                       # as once before, and yet a fact of its own
    with app.extensions["database"].reading() as s:
        mine = [e for e in credits.entries(s, world.chile) if e.person_id == world.people["ana"] and e.source == "seminarios"]
    assert sum(e.withdraws_id is None for e in mine) == 3 and sum(e.withdraws_id is not None for e in mine) == 2


def test_until_it_is_over_nothing_is_earned(app, world, client_of, over):
    world.now = STARTS[S3]
    asked(app, client_of)
    assert hours(app, world) == 0
    assert "pasan al libro de créditos cuando el seminario termina" in client_of("olga").get(f"{BASE}/minutos").text


def test_the_office_writes_the_rule(app, world, client_of, over):
    olga, url = client_of("olga"), f"{BASE}/horas"
    good = {"tiers-0-percent": "80", "tiers-0-sessions": "2", "tiers-0-hours": "7,5"}
    assert olga.send(url, good).status_code == 303
    assert "7,5 h" in olga.get(f"{BASE}/minutos").text
    for changed, words in (({"tiers-0-sessions": "9"}, "3 sesiones que cuentan"), ({"tiers-0-hours": ""}, "Tramo 1: completar"),
                           ({"tiers-0-percent": "x"}, "Tramo 1"), ({"tiers-1-percent": "80", "tiers-1-sessions": "3", "tiers-1-hours": "2"}, "daría menos horas")):
        page = olga.send(url, good | changed)
        assert page.status_code == 422 and words in page.text, words
    assert "7,5 h" in olga.get(f"{BASE}/minutos").text


def test_a_person_sees_their_minutes_how_they_were_counted_and_what_they_earn(app, world, client_of, over):
    page = client_of("nobody").get(f"{own(app, 1)}/minutos")
    assert page.status_code == 200 and "180 de 270 min" in page.text and "Gana 8 horas." in page.text
    assert "10:00 h–11:30 h" in re.sub(r"\s", " ", page.text)
    assert "faltan 1" in page.text and client_of("nobody").get("/seminarios/inscripcion/nada/minutos").status_code == 404


def test_the_survey_is_answered_once_and_kept_without_who(app, world, client_of, over):
    phone, url = client_of("nobody"), f"{own(app, 1)}/encuesta"
    answers = dict.fromkeys(("temas", "exposiciones", "dialogo", "organizacion", "recomiendo"), "4")
    assert phone.send(url, answers | {"temas": ""}).status_code == 422
    for _ in range(2):
        assert phone.send(url, answers | {"comment": "Más tiempo."}).status_code == 303
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).select_from(SurveyTaken)) == 1
        rows = s.scalars(select(SurveyAnswer)).all()
    assert len(rows) == 6 and {c.name for c in SurveyAnswer.__table__.columns} == {"id", "seminar_id", "sheet", "question", "value"}
    page = client_of("olga").get(f"{BASE}/encuesta").text
    assert "Más tiempo." not in page and "desde 3 respuestas" in page   # one sheet would be known


def test_results_are_shown_from_three_sheets_on(app, client_of, over):
    with app.extensions["database"].transaction() as s:
        for n in range(3):
            s.add_all(SurveyAnswer(seminar_id=SEMINAR, sheet=f"{n:032}", question=q, value=str(3 + n)) for q in ("temas", "recomiendo"))
        s.add(SurveyAnswer(seminar_id=SEMINAR, sheet=f"{0:032}", question="comentario", value="Muy <b>bueno</b>."))
    page = client_of("olga").get(f"{BASE}/encuesta").text
    assert "4,0 de 5" in page and "Muy &lt;b&gt;bueno&lt;/b&gt;." in page


def test_before_its_first_session_has_ended_there_is_no_survey(app, world, client_of, over):
    world.now = STARTS[S1] + timedelta(minutes=30)
    assert client_of("nobody").get(f"{own(app, 1)}/encuesta").status_code == 404
