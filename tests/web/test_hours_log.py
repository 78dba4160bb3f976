"""The hours log, by form and as a phone sends it; and the host's supervisor, who only ever follows links."""

import io
import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from fractions import Fraction

import pytest
from PIL import Image
from sqlalchemy import select

from lms.foundation import outbox
from lms.internships import logbook, planning, queries, weekly
from lms.internships.models import (
    Evaluation,
    HostLink,
    HostLinkVisit,
    LogEntry,
    LogEvidence,
    PlanApproval,
    WeekSignature,
)
from lms.internships.plans import Activity
from lms.internships.rubrics import RUBRICS
from tests import interned

LOG = "/cohortes/1/pasantia/1/bitacora"
OFFICE = "/cohortes/1/pasantias/1"


@pytest.fixture
def working(app, world):
    """Ana works at the host: Friday afternoon of the first week, no hours told yet."""
    interned.intern(world, "in_progress")
    outbox.work(app)
    world.now = interned.at(interned.ENDS, 20)
    return world


def entry(day="2027-05-03", starts="09:00", ends="13:00", **more):
    return {"day": day, "starts": starts, "ends": ends, "pause": "0", "activity": "Entrevistas con la guardia", **more}


def told(world, key, **more):
    e = entry(**more)
    return {"key": key, "at": world.now.timestamp() * 1000, "outcome": "", "remote": False, "replaces": None, **e, "pause": 0}


def send(client, world, *items):
    return client.post(f"{LOG}/anotaciones", data=json.dumps({"clock": world.now.timestamp() * 1000, "entries": items}),
                       content_type="application/json", headers={"X-CSRF-Token": client.token()})


def photo(size=(2400, 1800)):
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x8825], exif[0x010F] = {1: "S", 2: (33.0, 26.0, 0.0)}, "Telefono"
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, "JPEG", quality=60, exif=exif)
    return made.getvalue()


def rows(app, table=LogEntry):
    with app.extensions["database"].reading() as s:
        return s.scalars(select(table)).all()


def validated(app, world):
    with app.extensions["database"].reading() as s:
        return sum(week.minutes for week in logbook.weeks(s, 1) if week.signed)


def mailed(app):
    """The link in the last mail, after whatever is due has been done."""
    outbox.work(app)
    last = max((app.config["INSTANCE"] / "mail").glob("*.eml"), key=lambda path: path.name)
    return re.search(r"/anfitriona/[\w-]+", last.read_text().replace("=\n", ""))[0]


def shown(page):
    return re.search(r'name="shown"[^>]*value="([0-9a-f]{64})"', page.text)[1]


# The log

def test_hours_of_a_day_with_a_photo_that_says_nothing_of_where(app, working, client_of):
    ana = client_of("ana")
    assert ana.send(LOG, entry(key="k" * 12, photos=(io.BytesIO(photo()), "calle.jpg")), content_type="multipart/form-data").status_code == 303
    page = ana.get(LOG).text
    assert "4 h" in page and "Entrevistas con la guardia" in page and "Por firmar" in page
    kept, = rows(app, LogEvidence)
    stored = app.extensions["files"].read(kept.sha256)
    picture = Image.open(io.BytesIO(stored))
    assert max(picture.size) == 1600 and not picture.getexif() and b"Telefono" not in stored
    assert ana.get(f"{LOG}/fotos/{kept.id}").mimetype == "image/jpeg"
    assert client_of("beto").get(f"{LOG}/fotos/{kept.id}").status_code == 403


@pytest.mark.parametrize(("changed", "words"), [
    ({"ends": "08:00"}, "posterior"), ({"day": "2027-05-08"}, "fuera de la pasantía"), ({"starts": "07:00", "ends": "18:00"}, "en un día"),
    ({"activity": ""}, "Falta completarlo"), ({"pause": "500"}, "pausa"), ({"day": "x"}, "Día"), ({"day": "2027-05-07", "starts": "16:00", "ends": "20:00"}, "futuro")])
def test_hours_that_can_not_be_are_refused_by_name_and_nothing_is_kept(app, working, client_of, changed, words):
    page = client_of("ana").send(LOG, entry(key="k" * 12) | changed)
    assert page.status_code == 422 and words in page.text and rows(app) == []
    assert "Entrevistas con la guardia" in page.text or "activity" in changed       # what was typed is still there


def test_overlapping_hours_are_refused_and_the_same_form_twice_is_one_entry(app, working, client_of):
    ana = client_of("ana")
    for _ in range(2):
        assert ana.send(LOG, entry(key="k" * 12)).status_code == 303
    assert len(rows(app)) == 1
    page = ana.send(LOG, entry(key="q" * 12, starts="12:00", ends="15:00"))
    assert page.status_code == 422 and "Se superpone" in page.text


def test_an_entry_is_corrected_by_another_and_withdrawn_without_being_lost(app, working, client_of):
    ana = client_of("ana")
    ana.send(LOG, entry(key="k" * 12))
    form = ana.get(f"{LOG}?corregir=1").text
    assert 'value="09:00"' in form and "Guardar la corrección" in form
    assert ana.send(LOG, entry(key="q" * 12, ends="14:00", replaces="1")).status_code == 303
    assert "5 h" in ana.get(LOG).text and len(rows(app)) == 2
    late = ana.send(LOG, entry(key="z" * 12, ends="12:00", replaces="1"))
    assert late.status_code == 422 and "ya fue corregida" in late.text
    ana.send(f"{LOG}/2/retiro")
    assert "Todavía no hay horas anotadas" in ana.get(LOG).text and len(rows(app)) == 3


def test_a_phone_sends_what_it_kept_however_often_and_photos_after(app, working, client_of):
    ana = client_of("ana")
    items = [told(working, "phone-key-1"), told(working, "phone-key-2", starts="12:00", ends="14:00"),
             {"key": "phone-photo-1", "of": "phone-key-1", "name": "a.jpg", "data": b64encode(photo((800, 600))).decode()},
             {"key": "phone-photo-2", "of": "nobody-knows", "name": "a.jpg", "data": b64encode(b"no photo").decode()}]
    for _ in range(2):
        results = send(ana, working, *items).json["results"]
        assert [results[item["key"]]["ok"] for item in items] == [True, False, True, False]
    assert "Se superpone" in results["phone-key-2"]["words"] and "no se aceptó" in results["phone-photo-2"]["words"]
    assert len(rows(app)) == 1 and len(rows(app, LogEvidence)) == 1


def test_nobody_writes_in_anothers_log(working, client_of):
    assert send(client_of("beto"), working, told(working, "phone-key-1")).status_code == 403
    assert client_of("ana").get("/cohortes/1/pasantia/2/bitacora").status_code == 404
    assert send(client_of("ana"), working, {"key": "x"}).status_code == 422


def test_before_it_begins_no_hours_are_taken(world, client_of):
    interned.intern(world, "authorised")
    page = client_of("ana").send(LOG, entry(key="k" * 12))
    assert page.status_code == 422 and "desde que la pasantía comienza" in page.text


# The host's signature

def test_a_week_is_signed_by_a_link_that_serves_once(app, working, client_of):
    ana, hilda = client_of("ana"), client_of("nobody")
    ana.send(LOG, entry(key="k" * 12))
    assert ana.send(f"{LOG}/semanas/2027-05-03/firma").status_code == 303
    link = mailed(app)
    page = hilda.get(link)
    assert "Entrevistas con la guardia" in page.text and "4 h" in page.text and page.headers["Referrer-Policy"] == "no-referrer"
    done = hilda.send(link, {"shown": shown(page), "decision": "yes", "name": "Hilda Anfitriona"})
    assert done.status_code == 200 and "Quedó firmado" in done.text and validated(app, working) == 240
    again = hilda.send(link, {"shown": shown(page), "decision": "yes", "name": "Hilda Anfitriona"})
    assert again.status_code == 410 and "ya se usó" in again.text and len(rows(app, WeekSignature)) == 1
    assert [v.deed for v in rows(app, HostLinkVisit)] == ["used", "refused: used"]
    assert "Firmada por la institución" in ana.get(LOG).text


def test_what_changed_meanwhile_is_shown_before_it_is_signed(app, working, client_of):
    ana, hilda = client_of("ana"), client_of("nobody")
    ana.send(LOG, entry(key="k" * 12))
    ana.send(f"{LOG}/semanas/2027-05-03/firma")
    link = mailed(app)
    old = shown(hilda.get(link))
    ana.send(LOG, entry(key="q" * 12, starts="14:00", ends="16:00"))
    page = hilda.send(link, {"shown": old, "decision": "yes", "name": "Hilda"})
    assert page.status_code == 409 and "cambiaron" in page.text and "6 h" in page.text and not rows(app, WeekSignature)
    assert hilda.send(link, {"shown": shown(page), "decision": "yes", "name": "Hilda"}).status_code == 200
    assert validated(app, working) == 360


def test_a_correction_after_the_signature_asks_for_another(app, working, client_of):
    ana = client_of("ana")
    ana.send(LOG, entry(key="k" * 12))
    ana.send(f"{LOG}/semanas/2027-05-03/firma")
    link = mailed(app)
    client_of("nobody").send(link, {"shown": shown(client_of("nobody").get(link)), "decision": "yes", "name": "Hilda"})
    ana.send(LOG, entry(key="q" * 12, ends="12:00", replaces="1"))
    assert validated(app, working) == 0 and "Cambió después de firmada" in ana.get(LOG).text


def test_a_week_returned_says_why_and_waits_for_its_correction(app, working, client_of):
    ana, hilda = client_of("ana"), client_of("nobody")
    ana.send(LOG, entry(key="k" * 12))
    ana.send(f"{LOG}/semanas/2027-05-03/firma")
    link = mailed(app)
    page = hilda.get(link)
    assert "Decir qué habría que cambiar" in hilda.send(link, {"shown": shown(page), "decision": "no", "name": "Hilda"}).text
    assert hilda.send(link, {"shown": shown(page), "decision": "no", "name": "Hilda", "comment": "El lunes salió a las 12."}).status_code == 200
    assert "El lunes salió a las 12." in ana.get(LOG).text and validated(app, working) == 0


def test_a_link_is_revoked_expires_and_is_replaced(app, working, client_of):
    ana, olga, hilda = client_of("ana"), client_of("olga"), client_of("nobody")
    ana.send(LOG, entry(key="k" * 12))
    ana.send(f"{LOG}/semanas/2027-05-03/firma")
    first = mailed(app)
    assert olga.send(f"{OFFICE}/enlaces/week/2027-05-03").status_code == 303
    second = mailed(app)
    assert hilda.get(first).status_code == 410 and "reemplazado" in hilda.get(first).text and hilda.get(second).status_code == 200
    ids = re.findall(r"/enlaces/(\d+)/fin", olga.get(f"{OFFICE}/bitacora").text)
    assert len(ids) == 1
    olga.send(f"{OFFICE}/enlaces/{ids[0]}/fin")
    assert hilda.get(second).status_code == 410
    olga.send(f"{OFFICE}/enlaces/week/2027-05-03")
    third = mailed(app)
    working.later(days=22)
    assert "venció" in hilda.get(third).text and hilda.get("/anfitriona/nada").status_code == 404


def test_on_mondays_the_host_is_asked_for_the_week_that_ended_and_only_once(app, working, client_of):
    client_of("ana").send(LOG, entry(key="k" * 12))
    asked = []
    for day in (date(2027, 5, 7), date(2027, 5, 10), date(2027, 5, 17)):
        with app.extensions["database"].transaction() as s:
            asked.append(weekly.ask_for_weeks(s, interned.at(day), "https://escuela.example"))
    assert asked == [0, 1, 0]


# The plan and the evaluation

def test_the_host_approves_exactly_the_version_that_was_sent(app, world, client_of):
    interned.intern(world, "proposed")
    hilda, link = client_of("nobody"), mailed(app)
    page = hilda.get(link)
    assert "Describir una patrulla escolar" in page.text and "Hilda Anfitriona" in page.text
    assert hilda.send(link, {"shown": "0" * 64, "decision": "yes", "name": "Hilda Anfitriona"}).status_code == 422
    assert hilda.send(link, {"shown": shown(page), "decision": "yes", "name": "Hilda Anfitriona"}).status_code == 200
    approvals = {a.party: a for a in rows(app, PlanApproval)}
    assert approvals["host"].approved and approvals["host"].link_id and approvals["host"].by_id is None
    assert hilda.get(link).status_code == 410


def test_the_host_evaluates_by_the_rubric(app, world, client_of):
    interned.intern(world, "report_due")
    world.now = interned.at(interned.ENDS, 21)
    olga, hilda = client_of("olga"), client_of("nobody")
    assert olga.send(f"{OFFICE}/enlaces/evaluation/-").status_code == 303
    link = mailed(app)
    levels = {f"nivel-{c.key}": "3" for c in RUBRICS["host"]}
    page = hilda.send(link, {**levels, "nivel-calidad": "9", "name": "Hilda"})
    assert page.status_code == 422 and "Calidad del trabajo" in page.text and not rows(app, Evaluation), page.text
    assert hilda.send(link, {**levels, "name": "Hilda", "comment": "Muy buen trabajo."}).status_code == 200
    assert rows(app, Evaluation)[0].share == 1 and hilda.get(link).status_code == 410


def test_a_link_of_one_purpose_is_asked_for_only_when_something_is_wanted(app, working, client_of):
    olga = client_of("olga")
    assert olga.send(f"{OFFICE}/enlaces/plan/7").status_code == 404
    assert olga.send(f"{OFFICE}/enlaces/week/2020-01-06").status_code == 404
    assert olga.send(f"{OFFICE}/enlaces/nada/-").status_code == 404


def test_the_log_of_another_cohort_is_not_found(working, client_of):
    assert client_of("coral").get(f"{OFFICE}/bitacora").status_code == 200
    assert client_of("olga").get("/cohortes/2/pasantias/1/bitacora").status_code == 404
    working.later(days=timedelta(1).days)


# Who is told what

def told_by_mail(app, to):
    """(subject, text) of the last mail to somebody, after whatever is due has been done."""
    outbox.work(app)
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted((app.config["INSTANCE"] / "mail").glob("*.eml"))]
    last = next((letter for letter in reversed(letters) if to in letter["To"]), None)
    return (last["Subject"], last.get_content()) if last else ("", "")


def test_a_plan_that_waits_or_came_back_is_told_by_mail_while_it_is_so(app, world, client_of):
    interned.intern(world, "proposed")
    subject, text = told_by_mail(app, "ivan@")
    assert subject == "Pasantía de Ana Pérez Soto: espera su respuesta al plan" and "http://localhost/supervision/1" in text
    client_of("ivan").send("/supervision/1/plan", {"version": "1", "answer": "no", "comment": "Falta el costo por mes."})
    subject, text = told_by_mail(app, "ana@")
    assert subject == "Su pasantía: piden cambios en el plan de trabajo, versión 1"
    assert "Iván Ledesma" in text and "Falta el costo por mes." in text and "http://localhost/cohortes/1/pasantia/1" in text


def test_what_was_mended_before_the_mail_left_is_not_told(app, world, client_of):
    interned.intern(world, "proposed")
    client_of("ivan").send("/supervision/1/plan", {"version": "1", "answer": "no", "comment": "Falta el costo por mes."})
    with app.extensions["database"].transaction() as s:
        planning.write(s, world.people["ana"], world.now, queries.placement(s, 1), replace(interned.PLAN, indicators="Costo por mes"), 1)
    assert told_by_mail(app, "ana@") == ("", "") == told_by_mail(app, "ivan@")


def test_the_host_has_one_letter_for_one_question(app, world, client_of):
    interned.intern(world)
    with app.extensions["database"].transaction() as s:
        interned.planned(s, world, queries.placement(s, 1))
    client_of("ana").send("/cohortes/1/pasantia/1/plan/1/aprobacion")
    outbox.work(app)
    page = client_of("nobody").get(mailed(app))
    assert page.status_code == 200 and "5 h" in page.text and "/1 h" not in page.text and len(rows(app, HostLink)) == 1


def test_a_plan_s_hours_are_written_as_people_write_them(app, world, client_of):
    interned.intern(world)
    plan = replace(interned.PLAN, activities=(Activity("Acompañar", hours="25/2"),), report_hours="3/2")
    with app.extensions["database"].transaction() as s:
        placed = queries.placement(s, 1)
        planning.approve(s, world.now, placed, planning.write(s, placed.person_id, world.now, placed, plan, 0), "participant", True, name="Ana", by_id=1)
    page = client_of("nobody").get(mailed(app))
    assert "12,5 h" in page.text and "Horas para el informe: 1,5." in page.text and "/2" not in page.text.split("SHA-256")[0].split("<main")[1]


def test_a_number_with_a_comma_stands_in_its_field(world, client_of):
    interned.intern(world, hours=Fraction(33, 2))
    assert re.search(r'<input(?=[^>]*name="hours")(?=[^>]*value="16,5")(?=[^>]*type="text")', client_of("olga").get(f"{OFFICE}/datos").text)
