"""Every POST form that a page offers to somebody, with its fields filled in as a person might: found by looking, not listed."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from lms.actas import actions, closing
from lms.actas.rules import Decision
from lms.attempts.models import QuizOverride
from lms.bank.actions import add_category
from lms.certificates.models import FolioSeries
from lms.cohorts import queries as cohorts
from lms.cohorts.models import CalendarStep, Cohort, Enrolment, Signatory
from lms.completion.models import Recognition, RequirementException
from lms.foundation.outbox import OutboxJob
from lms.grading.models import Pin, PlannedRelease
from lms.people import links
from lms.people.models import Person, PersonPost, UserSession
from lms.people.queries import token_hash
from lms.seals.queries import ring
from tests import doored, hooked, interned, registered
from tests.plain import PDF, Plain, urls
from tests.programme import PROGRAMME
from tests.reported import CONTENT
from tests.sealed import sealed
from tests.seminared import plant
from tests.world import PASSWORD

ROSTER = "Nombres;Primer apellido;Correo\nRosa;Vera;rosa@example.org\n"
NEW = "montaña lluvia y tranvía"
FILLED = {      # by the name of a field; the rest stays as the page has it
    "given_names": "Rosa", "surname1": "Vera", "surname2": "Rojas", "email": "rosa.vera@example.org", "office": "Concejala",
    "reason": "Un motivo de prueba", "kind": "passport", "number": "AB123456", "country": "BR", "title": "Seminario de otoño",
    "hours": "2,5", "day": "2027-04-10", "note": "Acta 3", "name": "Rosa Vera Rojas", "short_name": "RVR", "city": "Rancagua",
    "texto": "Lo que entrego.", "feedback": "Bien **hecho**.", "given": "2,5", "code": "CL-2029", "starts_on": "2029-03-05",
    "ends_on": "2029-11-30", "date": "2027-06-01", "module": "G1", "password": NEW, "again": NEW, "current": PASSWORD,
    "held_at": "2", "role": "instructor", "cohort": "1", "institution": "2", "item": "G1.quiz", "treatment": "doña",
    "preferred_name": "Rosita", "confirmed": "1", "language": "es", "c0": "1", "c1": "1", "c2": "1", "c3": "1", "r1.q": "a",
}
# Where one value does not fit: by endpoint.
FITTING = {
    "cohorts.change_settings": {"country": "CL", "starts_on": "2027-04-05", "title": "Otra Cohorte"},
    "cohorts.new": {"country": "CL", "time_zone": "America/Santiago", "title": "Cohorte nueva"},
    "people.new_institution": {"kind": "university", "name": "Universidad de Prueba", "country": "CL"},
    "people.institution": {"kind": "university", "country": "AR"},
    "credits.record": {"kind": "attendance", "person": "1"},
    "people.sign_in": {"email": "ana@example.org", "password": PASSWORD},
    "people.add_post": {"starts_on": "", "ends_on": ""},
    "people.reset_ask": {"email": "beto@example.org"},
    "grading.publish": {"module": "G2", "item": "task"},
    "cohorts.set_signatories": {}, "cohorts.set_partners": {}, "cohorts.admissions": {"evidence": "Título visto"},
    "cohorts.calendar_step": {"opens": "2027-04-05", "opens_time": "08:00"},
    "attempts.overrides": {"who": "person:1", "extra_percent": "25", "reason": "Un motivo de prueba"},
    "grading.bank": {"text": "Falta una fuente."},
    "grading.new_scale": {"demand": "70", "name": "escala de prueba"},
    "grading.compare": {"why": "Lo pidió el consejo"},
    "grading.choose_scale": {"policy": "ar-4-2026", "role": "hidden", "why": "Un motivo de prueba"},
    "grading.correct_key": {"razon": "La fuente dice otra cosa.", "peso.a": "0", "peso.b": "100"},
    "grading.pin": {"pin_quote": "Texto", "pin_comment": "Falta una fuente."},
    "actas.rectify": {"resolution": "Resolución 7/2027"}, "actas.sign": {"password": PASSWORD}, "actas.close": {"password": PASSWORD, "book": "3", "page": "41"},
    "completion.recognise": {"institution": "Universidad de Prueba", "study": "Cooperación I"},
    "gradebook.change": {"kind": "set", "grade": "5,5"},
    "seminars.new": {"mode": "both", "time_zone": "America/Santiago", "venue": "Centro", "slug": "de-prueba", "title": "De prueba"},
    "seminars.settings": {"venue": "Otro centro", "title": "Otro título"}, "seminars.add_material": {"kind": "file", "title": "Programa"},
    "seminars.new_session": {"day": "2027-05-14", "starts": "10:00", "ends": "11:00", "ends_day": "", "title": "Otra sesión"},
    "seminars.change_session": {"day": "2027-05-12", "starts": "08:00", "ends": "09:00", "title": "Otro título"},
    "seminars.copy": {"title": "Otra vez"}, "seminars.places": {"places_public": "7"},
    "exchange.new": {"signed_on": "2027-04-01", "starts_on": "", "parties-0-institution": "1", "parties-1-institution": "2"},
    "exchange.renew": {"on": "2027-04-20", "expires_on": "2031-04-03"}, "exchange.end": {"on": "2027-04-20"},
    "internships.new_offer": {"area": "Tránsito", "places": "2"}, "internships.new_placement": {"area": "Tránsito"},
    "internships.placement_settings": {"starts_on": "2027-04-12", "ends_on": "2027-04-30"},
    "internships.add_paper": {"issuer": "Seguros del Sur"}, "internships.mid_review": {"findings": "Va bien."},
    "internships.apply": {"motivation": "Por las patrullas."},
    "bank.new": {"text": "Explique qué es la cooperación.", "name": "Ensayo de prueba"},
}
ONE = {"people-0-given_names": "Rosa", "people-0-surname1": "Vera", "people-0-email": "rosa.delegada@example.org"}
FITTING |= {
    "seminars.invitations": {"emails": "rosa@example.org", "kind": "guest", "most": "1", "language": "es"},
    "seminars.new_question": {"kind": "text", "label_es": "¿Una pregunta de prueba?"}, "seminars.question": {},
    "seminars.delegation": ONE, "seminars.new_delegation": {
        **ONE, "institution": "Municipalidad de Prueba", "country": "CL", "contact": "Rita Contacto", "email": "rita@example.org"},
    "seminars.own_answers": {"q-accesibilidad": "Rampa", "q-alergias": "maní"},
}
FITTING |= {
    "internships.add_cost": {"item": "Pasajes", "amount": "450.000"}, "internships.withdraw_cost": {}, "internships.withdraw_gift": {},
    "internships.add_gift": {"what": "Un libro", "on": "2027-04-15", "occasion": "Bienvenida", "giver": "La anfitriona"},
    "events.new": {"name": "Otro sistema", "address": "https://otro.example.org/avisos", "kinds": "acta.closed"},
    "events.change": {"name": "Otro nombre", "address": "https://otro.example.org/avisos"},
    "events.again_since": {"since": "2027-04-01T08:00"},
    "credits.open_source": {"name": "otro-registro", "title": "Otro registro", "kinds": "internship"},
}
FITTING |= {
    "seminars.open_door": {"name": "Acceso sur", "hours": "12"}, "seminars.say_minutes": {"session": "1", "minutes": "45"},
    "internships.log_hours": {"day": "2027-04-14", "starts": "09:00", "ends": "12:00", "pause": "0", "activity": "Patrulla"},
    "internships.host_link": {"name": "Hilda Anfitriona", "comment": "De acuerdo"},
}
NEVER_OFFERED = {"seminars.scan", "seminars.marks", "seminars.here", "seminars.take_survey", "seminars.to_ledger",     # when a seminar is on, or over:
                 "internships.log_sent",                # tests/web/test_presence.py, test_seminar_credits.py; a script's: test_hours_log.py
                 "seminars.register_at_once",           # Ana has registered: tests/web/test_registration.py
                 "seminars.erase_needs",                # once the seminar is over: tests/web/test_registration_office.py
                 "attempts.save", "people.sign_in_here", "grading.preview", "grading.take",         # a script's
                 "grading.undo",                        # in the word after a marking: tests/web/test_marking_desk.py
                 "certificates.issue_attendance", "certificates.issue_participation",     # nothing closed, nobody attended here:
                 "certificates.revoke_attendance", "certificates.replace_attendance",   # tests/web/test_further_certificates.py
                 "credits.arrive"}                      # no page's: another system's
GRADES = "Correo;G1 Tarea\nana@example.org;6,1\n"
QUESTION = "::sede:: ¿Dónde? {=Quito ~Lima}\n"
FILES = {"completion.recognise": ("file", "certificado.pdf", b"%PDF-1.7\n%%EOF\n"),
         "cohorts.import_roster": ("file", "nomina.csv", ROSTER.encode()),
         "gradebook.bring": ("file", "notas.csv", GRADES.encode()),
         "seminars.add_material": ("file", "programa.pdf", PDF),
         "bank.import_file": ("file", "preguntas.gift", QUESTION.encode()),
         "seminars.reports": ("file", "informe.csv", CONTENT.replace(b"60,No", b"61,No")),
         "exchange.attach": ("file", "convenio.pdf", b"%PDF-1.7\n%%EOF\n"),
         "certificates.verify_file": ("file", "certificado.pdf", b"%PDF-1.7 not one of ours")}


def rescue(plain: Plain) -> bytes:
    """A file of last resort of Ana's attempt 31."""
    return sealed(plain.app.config["SECRET_KEY"], 1, 31, [("key-of-a-file", "anio", [["r1.q", "a"]], 1, 1)])


FILES |= dict.fromkeys(("attempts.rescue", "attempts.rescue_any"), ("archivo", "rescate.json", rescue))


@dataclass
class Offer:
    """One form: whose page has it, where it goes, and what it says."""
    endpoint: str
    who: str
    url: str
    fields: list[tuple[str, str]]
    names: frozenset[str] = field(default=frozenset())      # all it asks, also what is left out when blank

    def send(self, plain: Plain, browser: FlaskClient | None = None, **extra: str):
        data: dict[str, object] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value)     # type: ignore[attr-defined]
        data |= {"csrf_token": plain.token, **extra}
        if self.endpoint in FILES:
            name, file_name, content = FILES[self.endpoint]
            data[name] = (BytesIO(content(plain) if callable(content) else content), file_name)
        return (browser or plain.client(self.who)).post(self.url, data=data)


PAGES: list[str] = []           # of registering, by links


def states(plain: Plain) -> str:
    """What makes the rarer forms appear: someone withdrawn, an account closed, a second session, dates of its own, a link
    mailed, somebody who has earned a certificate. Returns the address of the link."""
    world, now = plain.world, plain.world.now
    with plain.app.extensions["database"].transaction() as session:
        session.get_one(Person, world.people["gina"]).closed_at = now
        ciro = session.get_one(Person, world.people["ciro"])
        ciro.certificate_name, ciro.certificate_name_confirmed_at = "Ciro Castro", now
        session.add(Enrolment(cohort_id=1, person_id=world.people["dora"], enrolled_at=now, withdrawn_at=now,
                              withdrawn_why="Renunció"))
        session.add(UserSession(person_id=1, token_hash=token_hash("another of Ana's"), device="otro", created_at=now, seen_at=now,
                                expires_at=now + timedelta(days=9)))
        session.add(FolioSeries(series="EGL", year=2027, last=2))
        session.add(Signatory(name="Nora Firmante", office="Directora", institution="Escuela de Gobierno Local"))
        session.add(CalendarStep(cohort_id=1, module="G2", opens="+22 08:00"))
        session.add(QuizOverride(cohort_id=1, module="G1", person_id=1, content='{"attempts": 3}', reason="Sin luz",
                                 author_id=world.people["olga"], made_at=now))
        session.add(PlannedRelease(cohort_id=1, module="G1", item="task", at=now + timedelta(days=1), planned_at=now,
                                   planned_by=world.people["ivan"]))
        session.add(RequirementException(id=1, cohort_id=1, person_id=1, requirement="internship", reason="Trabajó en una red",
                                         author_id=world.people["olga"], at=now))
        session.add(Recognition(id=1, cohort_id=1, person_id=1, module="G2", study="Curso", institution="Universidad", share=None,
                                reason="Resolución 1", file_name="a.pdf", file_kind="pdf", file_size=len(PDF), sha256=sha256(PDF).hexdigest(),
                                author_id=world.people["olga"], at=now))
        session.add(Pin(tag="t31", author_id=world.people["ivan"], comment="Aquí", quote="Texto", start=0, end=5, pinned_at=now))
        add_category(session, None, now, "Vacía")
        plant(session, 2, "en-preparacion", published_at=None)
        session.flush()
        links.send(session, now, world.people["irma"], "reset", "http://localhost")
        session.flush()
        mailed = session.scalars(select(OutboxJob.payload).order_by(OutboxJob.id.desc())).first() or ""
        PAGES[:] = registered.more(plain.app, session, now, world.people["olga"])
    actas(plain)
    interned.more(world)
    return re.search(r"/enlace/[\w-]+", mailed)[0]


ACTAS = {"submit": (3, "G1"), "sign": (3, "G2"), "close": (4, "G1"), "rectify": (4, "G2")}       # what each waits for
ACTA_PAGES = ["/cohortes/3/actas/2", "/cohortes/3/actas/3/firma", "/cohortes/4/actas/4/cierre", "/cohortes/4/actas/5/rectificacion"]


def actas(plain: Plain) -> None:
    """Four actas of two further cohorts, each a step further on; Ciro is absent in all."""
    world, now = plain.world, plain.world.now
    ivan, olga, ciro = (world.people[name] for name in ("ivan", "olga", "ciro"))
    desk = closing.Desk(plain.app.extensions["files"], ring(plain.app), "http://localhost", seal=False)
    with plain.app.extensions["database"].transaction() as session:
        for number in (3, 4):
            session.add(Cohort(id=number, code=f"CL-{number}", title=f"Cohorte {number}", edition_id=world.edition, country="CL",
                               time_zone="America/Santiago", starts_on=now.date(), ends_on=now.date(), created_at=now))
            session.flush()
            session.add(PersonPost(person_id=ivan, role="instructor", cohort_id=number, institution_id=2, granted_at=now))
            session.add(Enrolment(cohort_id=number, person_id=ciro, enrolled_at=now))
        session.flush()
        for deed, (number, module) in ACTAS.items():
            cohort = cohorts.cohort(session, number)
            made = actions.open_acta(session, ivan, now, cohort, PROGRAMME, module)
            actions.decide(session, ivan, now, cohort, made, [(ciro, Decision("absent"))])
            if deed != "submit":
                actions.submit(session, ivan, now, cohort, PROGRAMME, made, "http://localhost")
            if deed in ("close", "rectify"):
                seen = actions.standing(session, number, made).submission
                actions.sign(session, ivan, now, cohort, PROGRAMME, made, seen.sha256, "http://localhost")
            if deed == "rectify":
                closing.close(session, desk, olga, now, cohort, PROGRAMME, made)


def offers(plain: Plain, link: str) -> dict[str, Offer]:
    """Endpoint -> its form, for every POST endpoint that some page leads to."""
    found: dict[str, Offer] = {}
    match = plain.app.url_map.bind("localhost").match
    pages = [url for _e, method, url in urls(plain.app) if method == "GET"]
    pages += ["/cohortes/1/intentos/50", "/cohortes/1/intentos/50/entrega", f"/personas/{plain.world.people['gina']}", "/personas/2",
              "/cohortes/1/nomina?estado=todas", "/cohortes/1/publicar/G2/task", "/cohortes/1/certificados?ver=emitidos", link,
              "/cohortes/1/calendario/G2", "/cohortes/1/modulos/G1/claves/anio", "/banco/comparar?a=1&b=2", "/banco/nueva?tipo=essay",
              "/seminarios/2", doored.HOST, *ACTA_PAGES, *interned.PAGES, *hooked.PAGES, *PAGES, "/banco/categorias/2", uploaded(plain), uploaded(plain, "olga", "/cohortes/1/libro/importar", "notas.csv", GRADES), uploaded(plain, "olga", "/banco/importar", "preguntas.gift", QUESTION)]
    for who in ("nobody", "ana", "ivan", "coral", "olga"):
        browser = plain.client(who)
        for url in pages:
            page = browser.get(url)
            if page.mimetype != "text/html" or page.status_code != 200:
                continue
            document = html.document_fromstring(page.get_data(as_text=True))
            for form in document.iter("form"):
                if form.get("method") != "post":
                    continue
                for element in document.xpath("//*[@form=$id]", id=form.get("id") or "-"):       # its own, wherever it stands
                    form.append(element)
                for action in [form.get("action") or url, *form.xpath(".//button/@formaction")]:
                    endpoint, _ = match(urlsplit(action).path, method="POST")
                    found.setdefault(endpoint, Offer(endpoint, who, action, *_filled(form, endpoint)))
    return found


def uploaded(plain: Plain, who: str = "coral", url: str = "/cohortes/1/nomina/importar", name: str = "nomina.csv",
             content: str = ROSTER) -> str:
    """Where sending a file leads: the page on which it is confirmed."""
    sent = plain.client(who).post(url, data={"csrf_token": plain.token, "file": (BytesIO(content.encode()), name)})
    assert sent.status_code == 303
    return sent.location


def _filled(form, endpoint: str) -> tuple[list[tuple[str, str]], frozenset[str]]:
    fitting, fields, names, seen = FITTING.get(endpoint), [], set(), set()
    for element in form.iter("input", "select", "textarea", "button"):
        name, kind = element.get("name"), element.get("type", "text")
        if not name or name == "csrf_token":
            continue
        names.add(name)
        value = (fitting or {}).get(name, None if fitting == {} else FILLED.get(name))
        if kind == "file" or (kind in ("radio", "checkbox") or element.tag == "button") and name in seen:
            continue
        if element.tag == "select":
            offered = [o.get("value", "") for o in element.iter("option")]
            chosen = [o.get("value", "") for o in element.iter("option") if o.get("selected") is not None]
            value = value if value in offered else chosen[0] if chosen else offered[0] if offered else ""
        elif kind in ("radio", "checkbox") or element.tag == "button":
            value = element.get("value", "on")
        elif kind == "hidden" or value is None:
            value = (element.text or "") if element.tag == "textarea" else element.get("value", "")
        seen.add(name)
        fields.append((name, value))
    return fields, frozenset(names)
