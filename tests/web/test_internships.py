"""An internship from offer to credits: who may what, what is refused and why, what is frozen and what the ledger gets."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from threading import Thread

import pytest
from sqlalchemy import select

from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.cohorts.models import Cohort, Enrolment
from lms.credits import queries as credits
from lms.foundation.outbox import OutboxJob, work
from lms.grading import changes
from lms.internships import queries
from lms.internships.models import Offer, Placement, PlacementEvent, WorkPlan
from lms.people.models import PersonPost
from tests.interned import ENDS, PLAN, REPORT, STARTS, at, intern, levels, papers
from tests.looking import statements
from tests.programme import PROGRAMME, QUESTIONS, module

PDF = b"%PDF-1.7\n%%EOF\n"
OFFER = {"title": "Seguridad vial en Vado Largo", "host_id": "3", "city": "Vado Largo", "area": "Tránsito", "modality": "site",
         "language": "es", "starts_on": "2027-05-03", "ends_on": "2027-05-07", "hours": "25", "places": "1", "agreement_id": "",
         "supervisor_name": "Hilda Anfitriona", "supervisor_email": "Hilda@Example.org", "requirements": "Trabajar en *tránsito*"}
STATES = ["draft", "proposed", "plan_approved", "authorised", "in_progress", "report_due", "evaluated"]


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def reading(app):
    return app.extensions["database"].reading()


def step(olga, made, name, **data) -> str:
    """Take a step by its button; what the page then says."""
    url = f"/cohortes/1/pasantias/{made.placement_id}"
    assert olga.send(f"{url}/pasos/{name}", data).status_code == 303
    return text(olga.get(url))


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_pages(app, world, client_of, state):
    made = intern(world, state)
    world.now = at(ENDS, 22)
    for who, url in (("olga", f"/cohortes/1/pasantias/{made.placement_id}"), ("ana", "/cohortes/1/pasantia"),
                     ("ivan", f"/supervision/{made.placement_id}"), ("coral", "/cohortes/1/pasantias"), ("ivan", "/supervision"),
                     ("olga", f"/cohortes/1/pasantias/{made.placement_id}/cierre")):
        answer = client_of(who).get(url)
        assert answer.status_code == 200, (who, url, text(answer))


# Offers ---------------------------------------------------------------------------------------------------------------

def offered(olga, **changed) -> str:
    assert olga.send("/cohortes/1/pasantias/ofertas/nueva", {**OFFER, **changed}).status_code == 303
    number = re.findall(r"/cohortes/1/pasantias/ofertas/(\d+)", olga.get("/cohortes/1/pasantias/ofertas").get_data(as_text=True))[-1]
    return f"/cohortes/1/pasantias/ofertas/{number}"


def test_from_offer_to_placement(app, world, client_of):
    olga, ana = client_of("olga"), client_of("ana")
    url = offered(olga, apply_by="2027-04-22")
    assert "Todavía no hay pasantías ofrecidas" in text(ana.get("/cohortes/1/pasantia"))
    assert ana.get("/cohortes/1/pasantia/ofertas/1").status_code == 404
    olga.send(f"{url}/publicar")
    page = ana.get("/cohortes/1/pasantia/ofertas/1")
    assert "<em>tránsito</em>" in page.get_data(as_text=True) and "22 de abril de 2027, 23:59" in text(page)
    assert ana.send("/cohortes/1/pasantia/ofertas/1", {"motivation": ""}).status_code == 422
    assert ana.send("/cohortes/1/pasantia/ofertas/1", {"motivation": "Por las patrullas", "file": (BytesIO(PDF), "cv.pdf")}).status_code == 303
    assert "Ya postuló" in text(ana.send("/cohortes/1/pasantia/ofertas/1", {"motivation": "Otra vez"}))
    page = text(olga.get(url))
    assert "Pérez Soto, Ana" in page and "Por las patrullas" in page
    assert olga.get(f"{url}/postulaciones/1/archivo").data == PDF and client_of("ana").get(f"{url}/postulaciones/1/archivo").status_code == 403
    olga.send(f"{url}/postulaciones/1/selected")
    assert "1 cupo, 0 libres" in text(olga.get(url))
    with reading(app) as session:
        sent = session.scalars(select(OutboxJob.payload).where(OutboxJob.kind == "mail")).all()
    assert any("ana@example.org" in m and "le asignó un cupo" in m and "http://localhost/cohortes/1/pasantia" in m for m in sent)
    page = text(ana.get("/cohortes/1/pasantia"))
    assert "Mi pasantía" in page and "Universidad del Sur" in page and "hilda @example.org" in page and "En preparación" in page


def test_after_the_last_day_nobody_applies(world, client_of):
    url = offered(client_of("olga"), apply_by="2027-04-20")
    client_of("olga").send(f"{url}/publicar")
    world.later(days=1)
    answer = client_of("ana").send("/cohortes/1/pasantia/ofertas/1", {"motivation": "Tarde"})
    assert answer.status_code == 422 and "El plazo para postular terminó" in text(answer)


def applied(app, world, client_of) -> tuple[str, list[int]]:
    """One place, and two who want it: Ana and Aldo, who studies too."""
    with app.extensions["database"].transaction() as session:
        aldo = world.people["aldo"]
        session.add(PersonPost(person_id=aldo, role="student", cohort_id=1, granted_at=world.now))
        session.add(Enrolment(cohort_id=1, person_id=aldo, enrolled_at=world.now))
    url = offered(client_of("olga"))
    client_of("olga").send(f"{url}/publicar")
    for name in ("ana", "aldo"):
        assert client_of(name).send("/cohortes/1/pasantia/ofertas/1", {"motivation": f"Soy {name}"}).status_code == 303
    return url, [1, 2]


def test_two_who_select_at_once_give_one_place(app, world, client_of):
    url, ids = applied(app, world, client_of)
    clients = [client_of("olga"), client_of("coral")]
    threads = [Thread(target=c.send, args=(f"{url}/postulaciones/{i}/selected",)) for c, i in zip(clients, ids, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(app) as session:
        assert len(session.scalars(select(Placement)).all()) == 1
    page = text(client_of("olga").get(url))
    assert page.count("Ver su pasantía") == 1 and "1 cupo, 0 libres" in page


def test_the_reserve_list_takes_the_place_that_a_cancelled_one_frees(app, world, client_of):
    url, _ids = applied(app, world, client_of)
    olga = client_of("olga")
    olga.send(f"{url}/postulaciones/1/selected")
    olga.send(f"{url}/postulaciones/2/selected")
    assert "El único cupo ya está asignado" in text(olga.get(url))
    olga.send(f"{url}/postulaciones/2/reserve")
    assert "En reserva" in text(client_of("aldo").get("/cohortes/1/pasantia"))
    olga.send("/cohortes/1/pasantias/1/pasos/cancelled", {"reason": "No puede viajar"})
    olga.send(f"{url}/postulaciones/2/selected")
    assert "Mi pasantía" in text(client_of("aldo").get("/cohortes/1/pasantia"))


def test_nobody_is_at_two_hosts_on_one_day(world, client_of):
    intern(world)
    form = {k: v for k, v in OFFER.items() if k not in ("title", "places", "requirements")} | {
        "person": str(world.people["ana"]), "time_zone": "America/Santiago", "academic_id": ""}
    answer = client_of("olga").send("/cohortes/1/pasantias/nueva", form)
    assert answer.status_code == 422 and "ya tiene una pasantía en Universidad del Sur (ficticia) del 03-05-2027" in text(answer)
    assert client_of("olga").send("/cohortes/1/pasantias/nueva", {**form, "starts_on": "2027-06-07", "ends_on": "2027-06-11"}).status_code == 303


# Plan -----------------------------------------------------------------------------------------------------------------

WRITTEN = {"objectives": PLAN.objectives, "outcomes": "\n".join(PLAN.outcomes), "products": PLAN.products, "indicators": PLAN.indicators,
           "report_hours": "2", "activities-0-what": "Revisar la ordenanza", "activities-0-since": "2027-05-03",
           "activities-0-hours": "2,5", "seen": "0"}


def test_the_three_parties_approve_the_present_version_and_no_other(app, world, client_of):
    made, ana, ivan, olga = intern(world), client_of("ana"), client_of("ivan"), client_of("olga")
    mine = f"/cohortes/1/pasantia/{made.placement_id}"
    assert ana.send(f"{mine}/plan", WRITTEN).status_code == 303
    assert "2,5" in text(ana.get("/cohortes/1/pasantia"))
    ana.send(f"{mine}/plan/1/aprobacion")
    assert "Falta que aprueben la versión 1 del plan: institución anfitriona, supervisión académica" in text(ana.get("/cohortes/1/pasantia"))
    answer = ivan.send(f"/supervision/{made.placement_id}/plan", {"version": "1", "answer": "no", "comment": ""})
    assert answer.status_code == 422 and "Decir qué debe cambiar" in text(answer)
    ivan.send(f"/supervision/{made.placement_id}/plan", {"version": "1", "answer": "no", "comment": "Falta el costo"})
    assert "Falta el costo" in text(ana.get("/cohortes/1/pasantia"))
    assert "otra versión del plan" in text(ana.send(f"{mine}/plan", WRITTEN))                   # of a page seen before
    assert ana.send(f"{mine}/plan", {**WRITTEN, "seen": "1", "indicators": "Costo por mes"}).status_code == 303
    assert "ya no es la vigente" in text(ivan.send(f"/supervision/{made.placement_id}/plan", {"version": "1", "answer": "yes"}))
    ana.send(f"{mine}/plan/2/aprobacion")
    assert ivan.send(f"/supervision/{made.placement_id}/plan", {"version": "2", "answer": "yes"}).status_code == 303
    answer = olga.send(f"/cohortes/1/pasantias/{made.placement_id}/anfitriona/plan", {"version": "2", "answer": "yes"})
    assert answer.status_code == 303 and "Plan aprobado" in text(olga.get(f"/cohortes/1/pasantias/{made.placement_id}"))
    with reading(app) as session:
        assert [p.version for p in session.scalars(select(WorkPlan).order_by(WorkPlan.id))] == [1, 2]


def test_an_approved_plan_with_a_new_version_or_other_dates_is_to_be_approved_again(app, world, client_of):
    made = intern(world, "plan_approved")
    olga, mine = client_of("olga"), f"/cohortes/1/pasantia/{made.placement_id}"
    form = {k: v for k, v in OFFER.items() if k not in ("title", "places", "requirements")} | {
        "time_zone": "America/Argentina/Buenos_Aires", "academic_id": str(world.people["ivan"]), "authority": "y", "ends_on": "2027-05-08",
        "agreement_id": str(made.agreement_id)}
    assert olga.send(f"/cohortes/1/pasantias/{made.placement_id}/datos", form).status_code == 303
    assert "falta una versión nueva" in text(olga.get(f"/cohortes/1/pasantias/{made.placement_id}"))
    client_of("ana").send(f"{mine}/plan", {**WRITTEN, "seen": "1"})
    assert "Falta que aprueben la versión 2" in text(client_of("ana").get("/cohortes/1/pasantia"))


# Papers and steps -----------------------------------------------------------------------------------------------------

def test_it_does_not_start_until_all_is_there_and_says_what_is_missing(app, world, client_of):
    made, olga = intern(world, "plan_approved"), client_of("olga")
    url = f"/cohortes/1/pasantias/{made.placement_id}"
    page = step(olga, made, "authorised")
    assert "Falta el seguro del 03-05-2027 al 07-05-2027" in page and "Falta el acuerdo del concejo" in page and "Plan aprobado" in page
    insurance = {"kind": "insurance", "issuer": "Seguros del Sur", "starts_on": "2027-05-03", "ends_on": "2027-05-06"}
    assert olga.send(f"{url}/documentos", {**insurance, "ends_on": ""}).status_code == 422
    olga.send(f"{url}/documentos", {**insurance, "file": (BytesIO(PDF), "póliza.pdf")})
    assert "El seguro no cubre el 07-05-2027" in step(olga, made, "authorised")
    assert olga.get(f"{url}/documentos/1").data == PDF
    assert client_of("ana").get(f"/cohortes/1/pasantia/{made.placement_id}/documentos/1").data == PDF
    with app.extensions["database"].transaction() as session:
        papers(session, world, queries.placement(session, made.placement_id))
    assert "Autorizada" in step(olga, made, "authorised")
    assert "Comienza el 03-05-2027: antes no" in step(olga, made, "in_progress")
    world.now = at(STARTS)
    olga.send(f"{url}/documentos/3/retiro")
    assert "Falta el acuerdo del concejo" in step(olga, made, "in_progress")
    olga.send(f"{url}/documentos", {"kind": "council", "issuer": "Concejo", "number": "113", "dated_on": "2027-04-13"})
    assert "Bitácora y enlaces" in step(olga, made, "in_progress") and "En curso" in step(olga, made, "in_progress")


def test_interrupted_and_cancelled_say_why(world, client_of):
    made, olga = intern(world, "in_progress"), client_of("olga")
    world.now = at(STARTS)
    assert "falta escribirlo" in step(olga, made, "interrupted", reason="")
    assert "Interrumpida" in step(olga, made, "interrupted", reason="Corte de camino")
    assert "Corte de camino" in text(client_of("ana").get("/cohortes/1/pasantia"))
    assert "Reanudada" in step(olga, made, "resumed")
    step(olga, made, "interrupted", reason="Otra vez")
    assert "Cancelada" in step(olga, made, "cancelled", reason="No se retoma")
    assert olga.send(f"/cohortes/1/pasantias/{made.placement_id}/pasos/closed").status_code == 404


# Report and evaluations -----------------------------------------------------------------------------------------------

def test_the_report_has_all_its_headings_and_the_last_version_counts(world, client_of):
    made, ana = intern(world, "report_due"), client_of("ana")
    world.now = at(ENDS, 22)
    url = f"/cohortes/1/pasantia/{made.placement_id}/informe"
    answer = ana.send(url, {**REPORT, "analisis": " ", "seen": "0"})
    assert answer.status_code == 422 and "Al informe le falta: Análisis." in text(answer)
    assert ana.send(url, {**REPORT, "seen": "0", "file": (BytesIO(PDF), "informe.pdf")}).status_code == 303
    assert "otra versión del informe" in text(ana.send(url, {**REPORT, "seen": "0"}))
    assert ana.send(url, {**REPORT, "seen": "1", "analisis": "Mejor"}).status_code == 303
    assert "Versión 2" in text(ana.get("/cohortes/1/pasantia")) and client_of("ivan").get(f"/supervision/{made.placement_id}/informes/2").data == PDF


def test_the_academic_supervisor_sees_and_evaluates_only_their_own(world, client_of):
    made = intern(world, "report_due")
    world.now = at(ENDS, 22)
    ivan, url = client_of("ivan"), f"/supervision/{made.placement_id}"
    assert client_of("irma").get(url).status_code == 404 and client_of("ana").get(url).status_code == 403
    sent = {f"nivel-{key}": "3" for key in levels("academic")}
    assert "todavía no se entrega" in text(ivan.send(f"{url}/evaluacion", sent))
    client_of("ana").send(f"/cohortes/1/pasantia/{made.placement_id}/informe", {**REPORT, "seen": "0"})
    answer = ivan.send(f"{url}/evaluacion", {**sent, "nivel-analisis": "9"})
    assert answer.status_code == 422 and "Falta elegir un nivel en: Análisis" in text(answer)
    assert ivan.send(f"{url}/evaluacion", {**sent, "comment": "Muy bien"}).status_code == 303
    assert "nota 7,0" in text(ivan.get(url)) and "Falta la evaluación de la institución anfitriona" in text(ivan.get(url))
    olga = client_of("olga")
    olga.send(f"/cohortes/1/pasantias/{made.placement_id}/anfitriona/evaluacion", {f"nivel-{key}": "2" for key in levels("host")})
    assert "Evaluada" in text(olga.get(f"/cohortes/1/pasantias/{made.placement_id}"))


def test_the_mid_review_is_written_while_it_is_in_progress(world, client_of):
    made, ivan = intern(world, "in_progress"), client_of("ivan")
    world.now = at(STARTS + timedelta(days=2))
    url = f"/supervision/{made.placement_id}/revision"
    assert "está en el futuro" in text(ivan.send(url, {"on": "2027-05-07", "findings": "Bien"}))
    assert ivan.send(url, {"on": "2027-05-05", "findings": "Va bien", "adjustments": "Un turno menos"}).status_code == 303
    assert "Un turno menos" in text(client_of("ana").get("/cohortes/1/pasantia"))


def test_the_participant_says_how_the_host_was(world, client_of):
    made, ana = intern(world, "report_due"), client_of("ana")
    world.now = at(ENDS, 22)
    url = f"/cohortes/1/pasantia/{made.placement_id}/encuesta"
    assert ana.send(url, {"nivel-acogida": "4"}).status_code == 422
    assert ana.send(url, {f"nivel-{key}": "4" for key in ("acogida", "guia", "plan", "aprendi", "recomiendo")}).status_code == 303
    assert "Muy de acuerdo" in text(client_of("olga").get(f"/cohortes/1/pasantias/{made.placement_id}"))


# Closing --------------------------------------------------------------------------------------------------------------

@pytest.fixture
def internship_module(app, world):
    """The cohort's programme has a module of internship, PA, of 27 hours."""
    programme = replace(PROGRAMME, modules=(*PROGRAMME.modules, module("PA", "Pasantía", QUESTIONS[:1], "internship", 18)), edition="f" * 64)
    with app.extensions["database"].transaction() as session:
        session.add(Edition(id=programme.edition, programme=programme.slug, title=programme.title, loaded_at=world.now,
                            content=pack(programme), sources=b""))
        session.flush()
        session.get_one(Cohort, 1).edition_id = programme.edition
    return programme


def closed(world, client_of, **form):
    made = intern(world, "evaluated")
    world.now = at(ENDS + timedelta(days=3))
    return made, client_of("olga").send(f"/cohortes/1/pasantias/{made.placement_id}/cierre", {"grade": "", "item": "-", "seen": "0", **form})


def hours(app, world):
    with reading(app) as session:
        found = credits.hours(session, 1).get(world.people["ana"])
        return found.internship if found else 0


def test_closing_freezes_hours_credits_and_grade_and_the_ledger_gets_the_hours(app, world, client_of, internship_module):
    made, answer = closed(world, client_of, item="task")
    assert answer.status_code == 303, text(answer)
    with reading(app) as session:
        event = session.scalars(select(PlacementEvent).where(PlacementEvent.kind == "closed")).one()
        frozen = json.loads(event.frozen)
        assert (frozen["minutes"], frozen["report_hours"], frozen["credits_written"], frozen["module"]) == (1500, "2", "1,0", "PA")
        assert frozen["grade"]["written"] == "6,0" and frozen["grade"]["host"] == "4.5"       # 0,4 × 4,5 + 0,6 × 7,0 = 6,0
    page = text(client_of("ana").get("/cohortes/1/pasantia"))
    assert "25 h validadas y 2 h de informe, a 27 h por crédito: 1." in page


def test_the_ledger_the_verdict_and_the_grade_change_by_exactly_this(app, world, client_of, internship_module):
    assert "20 h más de pasantía" in text(client_of("ana").get("/cohortes/1/que-me-falta"))
    made, _answer = closed(world, client_of, item="task")
    assert work(app) and hours(app, world) == 25
    assert "h más de pasantía" not in text(client_of("ana").get("/cohortes/1/que-me-falta"))
    with reading(app) as session:
        assert [(e.source, e.hours, e.title) for e in credits.entries(session, 1)] == [("pasantias", 25, "Universidad del Sur (ficticia)")]
        found, = changes.history(session, 1, world.people["ana"])
        assert (found.module, found.item, found.kind) == ("PA", "task", "set")
        one, = queries.closed(session, 1)
        assert (one.host, one.hours, one.credits, str(one.grade), one.credits_written) == ("Universidad del Sur (ficticia)", 25, 1, "6.0", "1,0")
    work(app)
    assert hours(app, world) == 25                                          # asked again, nothing doubles


def test_a_reopened_closing_takes_its_hours_back_and_closes_again_as_a_new_fact(app, world, client_of):
    made, _answer = closed(world, client_of)
    work(app)
    olga, url = client_of("olga"), f"/cohortes/1/pasantias/{made.placement_id}"
    assert "hay que decir el motivo" in (olga.send(f"{url}/reapertura", {"reason": ""}), text(olga.get(url)))[1]
    olga.send(f"{url}/reapertura", {"reason": "Faltaba un día"})
    work(app)
    assert hours(app, world) == 0 and "Evaluada" in text(olga.get(url))
    with reading(app) as session:
        assert queries.closed(session, 1) == []
    world.later(hours=1)
    olga.send(f"{url}/cierre", {"grade": "", "item": "-", "seen": "0"})
    work(app)
    assert hours(app, world) == 25
    with reading(app) as session:
        assert len(credits.entries(session, 1)) == 3


def test_another_grade_than_the_proposed_one_needs_its_reason(app, world, client_of):
    made, answer = closed(world, client_of, grade="6,5")
    assert answer.status_code == 422 and "Motivo del cambio de nota: falta escribirlo" in text(answer)
    url = f"/cohortes/1/pasantias/{made.placement_id}/cierre"
    assert "La nota va de 1,0 a 7,0" in text(client_of("olga").send(url, {"grade": "7,5", "reason": "Sí", "item": "-"}))
    assert client_of("olga").send(url, {"grade": "6,5", "reason": "Presentó ante el concejo", "item": "-"}).status_code == 303
    assert "Presentó ante el concejo" in text(client_of("ana").get("/cohortes/1/pasantia"))


def test_it_does_not_close_before_it_is_evaluated(world, client_of):
    made = intern(world, "report_due")
    world.now = at(ENDS, 22)
    url = f"/cohortes/1/pasantias/{made.placement_id}/cierre"
    assert "Falta el informe final" in text(client_of("olga").get(url))
    assert client_of("olga").send(url, {"grade": "", "item": "-"}).status_code == 422
    assert client_of("coral").get(url).status_code == 200 and client_of("aldo").get(url).status_code == 403


def test_what_is_closed_is_written_no_more(world, client_of):
    made, _answer = closed(world, client_of)
    olga, url = client_of("olga"), f"/cohortes/1/pasantias/{made.placement_id}"
    answer = olga.send(f"{url}/documentos", {"kind": "other", "issuer": "Alguien"})
    assert answer.status_code == 422 and "ya no se agregan documentos" in text(answer)
    mine = f"/cohortes/1/pasantia/{made.placement_id}"
    assert client_of("ana").send(f"{mine}/informe", {**REPORT, "seen": "1"}).status_code == 422
    assert client_of("ana").send(f"{mine}/plan", {**WRITTEN, "seen": "1"}).status_code == 422


def test_a_placement_of_another_cohort_or_person_is_not_found(app, world, client_of):
    made = intern(world, "evaluated")
    beto = client_of("beto")
    assert beto.get(f"/cohortes/2/pasantia/{made.placement_id}").status_code == 404
    assert beto.get(f"/cohortes/1/pasantia/{made.placement_id}").status_code == 403
    assert client_of("olga").get(f"/cohortes/2/pasantias/{made.placement_id}").status_code == 404
    with app.extensions["database"].transaction() as session:               # an offer of one cohort is none of the other
        session.add(Offer(id=90, cohort_id=1, host_id=3, country="AR", city="X", area="Y", title="Z", modality="site", places=1,
                          starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 2), hours=8, made_at=world.now, published_at=world.now))
    assert beto.get("/cohortes/2/pasantia/ofertas/90").status_code == 404
    assert client_of("olga").get("/cohortes/2/pasantias/ofertas/90").status_code == 404


# Cost -----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("who", "path"), [("ana", "/cohortes/1/pasantia"), ("ana", "/cohortes/1/pasantia/ofertas"), ("ana", "/cohortes/1/pasantia/1/plan")])
def test_a_participants_page_asks_six_statements_at_most(app, world, client_of, who, path):
    intern(world, "report_due")
    world.now = at(ENDS, 22)
    browser = client_of(who)
    browser.get(path)                               # what a process asks once
    with statements(app) as ran:
        assert browser.get(path).status_code == 200
    assert len(ran) <= 6, ran


@pytest.mark.parametrize("path", ["/cohortes/1/pasantias", "/supervision"])
def test_a_list_asks_as_many_statements_for_many_as_for_one(app, world, client_of, path):
    browser, counts = client_of("ivan" if path == "/supervision" else "olga"), []
    for month in range(5, 10):
        intern(world, "proposed", starts_on=date(2027, month, 3), ends_on=date(2027, month, 7))
        browser.get(path)
        with statements(app) as ran:
            browser.get(path)
        counts.append(len(ran))
    assert len(set(counts)) == 1 and counts[0] <= 8, counts
