"""Every page, as each person who may enter it, on a phone and on a desk, by day and by night: axe finds nothing, nothing is
wider than the window, and the console stays empty."""

from datetime import timedelta
from fractions import Fraction

import pytest
from flask import abort
from sqlalchemy import delete

from lms.attempts.models import Attempt, Marking
from lms.foundation.doors import OPEN, Room
from lms.grading.models import Release
from lms.people.models import PersonPost
from tests import crowd
from tests.browser.live import nothing
from tests.browser.walk import SEED, Walk
from tests.furnished import furnish
from tests.web.test_doors import PEOPLE, ROWS

FILES = ("seminars.worker", "seminars.expected_list", "internships.log_worker", "internships.log_photo", "internships.host_photo", "internships.journey_file", "internships.my_journey_file", "internships.summary_file", "exchange.paper", "exchange.change_paper", "internships.application_file", "internships.paper", "internships.my_paper", "internships.report_file", "internships.my_report", "internships.supervised_report", "seminars.calendar_file", "seminars.session_file", "seminars.material_file", "seminars.registrations_file", "seminars.minutes_file", "seminars.public_list", "certificates.offline", "badges.badge", "badges.did", "badges.did_below", "badges.issuer", "badges.picture", "badges.status", "certificates.my_badge_file",
         "actas.download", "actas.my_transcript_file", "actas.transcript_file", "certificates.download", "certificates.my_file", "attempts.file", "attempts.leaf", "attempts.state", "grading.file", "grading.leaf",
         "attempts.receipts_file", "people.sign_in_here", "receipt_keys.keys", "seals.jwks", "seals.pem", "seals.revoked",
         "bank.export_file", "grading.figures_csv", "gradebook.sheet", "certificates.everything", "certificates.sample", "certificates.seminar_papers", "certificates.seminar_paper", "certificates.seminar_sample", "completion.overall_file", "completion.everywhere_file", "seminars.report_rows", "home.dates", "health.health", "home.robots", "cohorts.template", "cohorts.roster_file", "cohorts.refused_rows")
MORE = {        # what the table of doors has one address for and people see in several shapes
    "ana": ["/cohortes/1/intentos/32/recibos", "/cohortes/1/intentos/32", "/cohortes/1/intentos/32?pagina=2", "/cohortes/1/intentos/32/entrega",
            "/cohortes/1/modulos/G2", "/cohortes/1/modulos/G2/lecciones/01-inicio", "/cohortes/1/modulos/G2/tarea",
            "/cohortes/1/modulos/G2/control", "/cohortes/1/modulos/G2/resultado", "/cohortes/1/intentos/31/revision"],
    "ivan": ["/cohortes/1/corregir/entregas/1000", "/cohortes/2/publicar", "/por-corregir?cohorte=1"],
    "olga": [*(f"/cohortes/1/certificados?ver={tab}" for tab in ("listos", "paso", "pendientes", "emitidos", "terminados")),
             "/cohortes/1/certificados?modulo=G1", "/cohortes/2/nomina", "/cohortes/2/avance", "/cohortes/2/creditos",
             "/cohortes/2/certificados", "/seminarios?tema=educacion", "/personas?q=nadie", "/bitacora?desde=2020-01-01", "/cohortes/1/avance/1000"],
    "nobody": ["/clave?enviado=1", "/seminarios/agenda?tema=educacion",
               "/seminarios/descentralizacion-quilmes-2027?hora=America/Mexico_City"],
}
REFUSED = {     # page and how the address of its form ends (the first form unless told)
    "nobody": [("/verificar", "/archivo"), ("/clave", ""), ("/ingresar", "")],
    "ana": [("/cohortes/1/modulos/G1/tarea", ""), ("/cuenta", ""), ("/cuenta", "/documentos"), ("/cuenta/clave", ""),
            ("/cuenta/nombre-certificado", "")],
    "ivan": [("/cohortes/1/rescate", ""), ("/cohortes/1/corregir/intentos/31/ensayo", "/ensayo"),
             ("/cohortes/1/corregir/entregas/31", "/entregas/31")],
    "olga": [("/seminarios/nuevo", ""), ("/seminarios/1/sesiones/nueva", ""), ("/seminarios/1/ponentes/nueva", ""),
             ("/seminarios/1/materiales/nuevo", ""), ("/seminarios/1/cancelacion", ""), ("/cohortes/1/certificados/1/reemplazar", ""), ("/cohortes/1/certificados/1/anular", ""),
             ("/cohortes/1/calendario/G1", ""), ("/cohortes/1/nomina/inscribir", ""), ("/cohortes/1/nomina/1/prorrogas", ""),
             ("/cohortes/1/nomina/importar", ""), ("/cohortes/nueva", ""), ("/cohortes/1/datos", ""),
             ("/cohortes/1/nomina/1/retiro", ""), ("/cohortes/1/creditos", "/nuevo"),
             ("/cohortes/1/creditos/1/retiro", ""), ("/personas/1/datos", ""), ("/instituciones/2", ""),
             ("/instituciones/nueva", ""), ("/personas/nueva", ""), ("/personas/1", "/papeles"), ("/personas/1", "/cargos"),
             ("/personas/1", "/documentos")],
}
EMPTY = {
    "ana": ["/inicio", "/cohortes/1/modulos", "/cohortes/1/notas", "/cohortes/1/que-me-falta", "/mis-certificados",
            "/cohortes/1/modulos/G1/resultado", "/cohortes/1/modulos/G1/tarea", "/cuenta/sesiones"],
    "ivan": ["/inicio", "/por-corregir", "/cohortes/1/publicar"],
    "olga": ["/inicio", "/cohortes/1/nomina", "/cohortes/1/avance", "/cohortes/1/creditos", "/cohortes/1/certificados",
             "/personas?q=nadie", "/bitacora"],
}


@pytest.fixture
def full(app, world):
    """Ana's things, thirty fellow students, her attempt that runs, and marks that are published."""
    furnish(app, world)
    crowd.gather(app, world, 30)
    then = world.now - timedelta(minutes=5)
    with app.extensions["database"].transaction() as s:
        s.add(Attempt(id=32, cohort_id=1, person_id=world.people["ana"], edition_id=world.edition, module="G1", number=1,
                      seed=3, started_at=then, ends_at=then + timedelta(minutes=40)))
        s.add(Marking(submission_id=31, points=Fraction(9), out_of=Fraction(12), marker_id=world.people["ivan"],
                      marked_at=then, levels="[2, 2, 2, 3]", feedback="Bien **fundado**.\n\n- Falta una fuente."))
        s.add(Marking(attempt_id=31, question="ensayo", points=Fraction(2), out_of=Fraction(3), marked_at=then,
                      marker_id=world.people["ivan"], feedback="De acuerdo."))
        for module, item in (("G1", "task"), ("G2", "quiz")):
            s.add(Release(cohort_id=1, module=module, item=item, released_at=world.now, released_by=world.people["ivan"]))
    return world


def rows_of(name):
    return [(endpoint, url) for endpoint, method, url, cells in ROWS if method == "GET" and endpoint not in FILES
            and cells.split()[PEOPLE.index(name)] == "i"]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_of_the_table_for_each_who_may_enter(browse, full, name):
    walk = Walk(browse(name))
    for endpoint, url in rows_of(name):
        may = [who for who in PEOPLE if (endpoint, url) in rows_of(who)]
        if may[(SEED + len(endpoint)) % len(may)] != name:      # axe looks at it as another person today
            walk.kinds.add(endpoint)
        walk.go(url.replace("EDITION", full.edition), endpoint)
    for url in MORE.get(name, []):
        walk.go(url, looks=1)
    nothing(walk.found)


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_sent_empty_comes_back_with_what_is_missing(browse, full, name):
    walk = Walk(browse(name))
    for url, action in REFUSED[name]:
        walk.send(url, action)
    nothing(walk.found)


@pytest.mark.parametrize("name", EMPTY)
def test_where_there_is_nothing_yet_the_page_says_so(browse, world, name):
    walk = Walk(browse(name))
    for url in EMPTY[name]:
        walk.go(url, looks=1)
    nothing(walk.found)


def test_a_person_without_a_role_is_told_so(app, browse, world):
    with app.extensions["database"].transaction() as s:
        s.execute(delete(PersonPost).where(PersonPost.person_id == world.people["beto"]))
    walk = Walk(browse("beto"))
    walk.go("/inicio")
    nothing(walk.found)


@pytest.fixture
def troubled(app):
    """The same app with a page that fails in the way it is asked to."""
    room = Room("trouble", __name__)

    @room.get("/falla/<int:status>", allow=OPEN)
    def fail(status):
        if status == 500:
            raise RuntimeError("asked for")
        abort(status)
    app.register_blueprint(room)
    app.extensions["doors"] |= room.doors
    app.config["PROPAGATE_EXCEPTIONS"] = False


@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_each_error_is_a_page_with_a_way_on(troubled, browse, full, name):
    walk = Walk(browse(name))
    for status in (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503):
        walk.go(f"/falla/{status}", looks=1, status=status)
        if not walk.page.locator("main a").count():
            walk.found.append(f"{status}: no way on")
    walk.go("/enlace/nada", looks=1, status=410)
    walk.go("/v/EGL-2027-000001-63/ABCDEFGH", looks=1, status=404)
    nothing(walk.found)
