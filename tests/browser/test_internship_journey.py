"""An internship from offer to credits, in a real browser: nothing stands at first but the people, a cohort and the host's
institution; all else is clicked and typed by whoever does it.

Olga (the office) records the agreement, offers a place, selects Ana, appoints, insures, authorises and closes; Ana studies
and works at the host with a phone of 360 px, for a while without a network; Iván supervises for the Escuela; Hilda has no
account and only ever follows the links she is mailed.
"""

import io
import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lms.foundation import outbox
from lms.internships.rubrics import HEADINGS, RUBRICS, SHEET
from lms.people.models import Institution
from lms.people.names import sort_key
from tests.browser.acting import follow, press
from tests.browser.live import faults, nothing
from tests.browser.walk import Walk
from tests.interned import at, date

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
PDF = b"%PDF-1.7\n%%EOF\n"
HOST, OFFER = "Municipalidad de Vado Largo", "Seguridad vial en el casco histórico de Vado Largo"
HILDA = "hilda@example.org"
FIRST, SECOND, LAST = date(2027, 5, 3), date(2027, 5, 10), date(2027, 5, 14)      # two weeks, Monday to Friday


class Someone(Walk):
    """A person at a browser. What a page says of itself while there is no network is no fault of it."""

    offline = False

    def hear(self, line):
        if not (self.offline and "net::ERR_" in line.text):
            super().hear(line)

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def at_hand(self) -> None:
        """This page, in the hand: nobody is shut out of it, and nothing is wider than a phone."""
        size = self.page.viewport_size
        self.page.set_viewport_size(PHONE["viewport"])
        self.found += faults(self.page)
        self.page.set_viewport_size(size)


@dataclass
class Play:
    """Who takes part, the clock and the post."""
    app: object
    world: object
    olga: Someone
    ana: Someone
    ivan: Someone
    hilda: Someone

    def letters(self) -> list[EmailMessage]:
        """All that was mailed, the newest first."""
        outbox.work(self.app)
        return [message_from_bytes(path.read_bytes(), policy=policy.default)
                for path in sorted((self.app.config["INSTANCE"] / "mail").glob("*.eml"), reverse=True)]

    def opens(self, who: Someone, to: str, about: str) -> str:
        """They open the link in the last letter to them whose subject says this; where it led."""
        text = next(letter.get_content() for letter in self.letters() if to in letter["To"] and about in letter["Subject"])
        path = re.search(r"http://localhost(/\S+)", text)[1]
        who.page.goto(path)
        return path


@pytest.fixture
def play(app, world, browse):
    with app.extensions["database"].transaction() as session:
        session.add(Institution(kind="municipality", name=HOST, short_name="Vado Largo", country="AR", city="Vado Largo", sort_key=sort_key(HOST)))
    people = [Someone(browse(name, **options)) for name, options in (("olga", {}), ("ana", PHONE), ("ivan", {}), ("nobody", PHONE))]
    for who in people[:3]:
        who.page.goto("/inicio")
    yield Play(app, world, *people)
    for who in people:
        nothing(who.found)


def file(name: str, content: bytes = PDF, kind: str = "application/pdf") -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


def fill(page: Page, **values: str) -> None:
    """Type into fields by their labels, `Día` by `Día="2027-05-03"`; "_" stands for a blank."""
    for label, value in values.items():
        page.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).first.fill(value)


def from_menu(page: Page, words: str) -> None:
    page.locator("details.menu > summary").click()
    with page.expect_navigation():
        page.locator("details.menu").get_by_role("link", name=words).click()


def from_nav(page: Page, words: str, of: str = "Principal") -> None:
    with page.expect_navigation():
        page.get_by_role("navigation", name=of).get_by_role("link", name=words, exact=True).click()


def downloaded(page: Page, words) -> bytes:
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=words).click()
    return download.value.path().read_bytes()


def state(page: Page) -> str:
    """What stands beside the title."""
    return page.locator("h1 + .state").inner_text()


def missing_hours(play: Play) -> str:
    """What Ana's own list of what is missing says of the internship."""
    from_nav(play.ana.page, "Qué me falta")
    return play.ana.page.locator("main .todo > li", has_text="pasantía").inner_text()


# Scenes ---------------------------------------------------------------------------------------------------------------

def an_agreement_is_recorded(play: Play) -> None:
    page = play.olga.page
    from_menu(page, "Convenios")
    follow(page, "Registrar convenio")
    fill(page, Nombre="Convenio marco con Vado Largo", Objeto="Pasantías de autoridades y equipos municipales.", Firmado_el="2027-04-12", Vence_el="2029-04-12")
    for number, institution, signatory in ((1, "Escuela de Gobierno Local de la Asociación de Municipalidades de Chile", "Rosa Firmante"),
                                           (2, HOST, "Marta Intendenta")):
        party = page.get_by_role("group", name=f"Parte {number}")
        party.get_by_label("Institución").select_option(label=institution)
        party.get_by_label("Firmante").fill(signatory)
    page.get_by_label("Convenio firmado").set_input_files(file("convenio-firmado.pdf"))
    play.olga.at_hand()
    press(page, "Registrar")
    assert HOST in play.olga.words and "Vigente" in play.olga.words
    assert downloaded(page, "convenio-firmado.pdf") == PDF
    play.olga.at_hand()


def an_offer_is_published(play: Play) -> None:
    page = play.olga.page
    from_nav(page, "Cohortes")
    follow(page, "CL-2027")
    from_nav(page, "Pasantías", "Páginas de la cohorte")
    follow(page, "Ofertas y postulaciones")
    follow(page, "Nueva oferta")
    page.get_by_label("Institución anfitriona", exact=True).select_option(label=HOST)
    page.get_by_label(re.compile("^Convenio")).select_option(label="Convenio marco con Vado Largo")
    fill(page, Nombre_de_la_oferta=OFFER, Ciudad="Vado Largo", Área="Dirección de Tránsito", Comienza_el=f"{FIRST}", Termina_el=f"{LAST}", Horas="16,5",
         Cupos="1", Se_postula_hasta="2027-04-23", Qué_se_hará="Acompañar **patrullas escolares** y estimar lo que cuestan.", Requisitos="Trabajar en tránsito.")
    play.olga.at_hand()
    press(page, "Guardar")
    follow(page, OFFER)
    press(page, "Publicar")
    play.olga.at_hand()


def ana_applies_and_is_selected(play: Play) -> None:
    page = play.ana.page
    from_nav(page, "Pasantía")
    play.ana.at_hand()
    follow(page, OFFER)
    expect(page.locator("main strong", has_text="patrullas escolares")).to_be_visible()
    page.get_by_label("Por qué le interesa").fill("En Pucón las hacemos con voluntarios y nadie sabe lo que cuestan.")
    page.get_by_label("Currículum").set_input_files(file("curriculum-ana.pdf"))
    play.ana.at_hand()
    press(page, "Postular")
    assert "Postulación enviada" in page.locator(".told").inner_text()
    page = play.olga.page
    page.reload()
    assert "nadie sabe lo que cuestan" in play.olga.words and downloaded(page, "curriculum-ana.pdf") == PDF
    press(page, re.compile("^Seleccionar"))
    assert "1 cupo, 0 libres" in play.olga.words


def it_gets_its_supervisors(play: Play) -> None:
    """The offer named nobody: Hilda for the host, Iván for the Escuela; and Ana is a councillor."""
    page = play.olga.page
    follow(page, "Ver su pasantía")
    follow(page, "Cambiar datos")
    fill(page, Quien_supervisa="Hilda Anfitriona", Su_correo=HILDA, Su_cargo="Directora de Tránsito", Contacto_de_emergencia="Pedro Soto, +56 9 0000 0000")
    page.get_by_label("Hora oficial").select_option("America/Argentina/Buenos_Aires")
    page.get_by_label(re.compile("^Supervisión académica")).select_option(label="Ledesma, Iván")
    page.get_by_label("Es alcalde").check()
    play.olga.at_hand()
    press(page, "Guardar")
    assert "Hilda Anfitriona, Directora de Tránsito" in play.olga.words and "Ley 18.695, art. 79 ll" in play.olga.words


def the_plan_is_approved_by_all_three(play: Play) -> None:
    page = play.ana.page
    play.opens(play.ana, "ana@example.org", "Su postulación")
    assert state(page) == "En preparación" and "Hilda Anfitriona" in play.ana.words
    follow(page, "Escribir el plan")
    fill(page, Objetivos="Describir una patrulla escolar y estimar su costo mensual.", Resultados="Explica cómo se financia.\nDescribe el procedimiento.",
         Productos="Una ficha de buena práctica.", Indicadores="Ficha aceptada por la tutora.", Horas_para_preparar="2")
    for number, (what, since, until, hours) in enumerate((("Revisar la ordenanza", FIRST, FIRST, "4"), ("Acompañar patrullas", FIRST, LAST, "12,5")), 1):
        row = page.get_by_role("group", name=f"Actividad {number}")
        fill(row, Actividad=what, Desde=f"{since}", Hasta=f"{until}", Horas=hours)
    play.ana.at_hand()
    press(page, "Guardar el plan")
    press(page, "Aprobar y proponer la versión 1")
    assert state(page) == "Propuesta"
    play.ana.at_hand()
    page = play.ivan.page
    play.opens(play.ivan, "ivan@example.org", "Pasantía de Ana Pérez Soto: espera su respuesta al plan")
    page.get_by_label("Respuesta").select_option(label="La apruebo")
    play.ivan.at_hand()
    press(page, "Enviar la respuesta sobre la versión 1")
    page = play.hilda.page
    play.opens(play.hilda, HILDA, "Plan de trabajo de Ana Pérez Soto")
    assert "Describir una patrulla escolar" in play.hilda.words and "16,5 h" in play.hilda.words
    expect(page.get_by_label("Nombre de quien firma")).to_have_value("Hilda Anfitriona")
    play.hilda.at_hand()
    press(page, "Aprobar este plan")
    assert "Quedó firmado" in play.hilda.words
    play.hilda.at_hand()


def it_is_authorised_with_its_papers_and_not_before(play: Play) -> None:
    page = play.olga.page
    page.reload()
    assert state(page) == "Plan aprobado"
    press(page, "Autorizar")
    refused = page.locator(".told").inner_text()
    assert "Falta el seguro del 03-05-2027 al 14-05-2027" in refused and "Falta el acuerdo del concejo" in refused and state(page) == "Plan aprobado"
    for kind, values in (("Seguro", {"Quién_lo_emite": "Seguros del Sur (ficticia)", "Número": "P-77", "Cubre_desde": f"{FIRST}", "Cubre_hasta": f"{LAST}"}),
                         ("Acuerdo del concejo", {"Quién_lo_emite": "Concejo Municipal de Pucón", "Número": "112", "Con_fecha": "2027-04-16"})):
        page.locator("summary", has_text="Agregar un documento").click()
        page.get_by_label("Documento", exact=True).select_option(label=kind)
        fill(page, **values)
        page.get_by_label("Archivo").set_input_files(file(f"{kind.lower()}.pdf"))
        play.olga.at_hand()
        press(page, "Agregar")
    press(page, "Autorizar")
    assert state(page) == "Autorizada"
    press(page, "Dar inicio")
    assert "Comienza el 03-05-2027: antes no" in page.locator(".told").inner_text()
    play.world.now = at(FIRST, 11)
    press(page, "Dar inicio")
    assert state(page) == "En curso"


def write(page: Page, day: date, starts: str, ends: str, activity: str) -> None:
    fill(page, Día=f"{day}", Desde=starts, Hasta=ends, Qué_se_hizo=activity)


def ana_logs_hours(play: Play, day: date, starts: str, ends: str, activity: str, total: str) -> None:
    """On the phone, in under half a minute; `total` is what the week comes to then."""
    page, begun = play.ana.page, time.monotonic()
    write(page, day, starts, ends, activity)
    page.get_by_role("button", name="Anotar", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(f"^Semana .*: {total}$"))).to_be_visible()
    assert time.monotonic() - begun < 30
    expect(page.locator("span[data-state]")).to_have_text("Todo enviado")


def photo() -> dict:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Telefono"
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(made, "JPEG", exif=exif)
    return file("esquina.jpg", made.getvalue(), "image/jpeg")


def a_week_is_told_once_without_a_network(play: Play) -> None:
    page = play.ana.page
    play.world.now = at(FIRST, 20)
    from_nav(page, "Pasantía")
    follow(page, "Bitácora de horas")
    ana_logs_hours(play, FIRST, "09:00", "13:00", "Lectura de la ordenanza de tránsito", "4 h")
    page.wait_for_function("caches.open('log').then(kept => kept.match(location.pathname)).then(Boolean)")
    play.world.now = at(date(2027, 5, 5), 20)
    page.clock.set_system_time(play.world.now)
    play.ana.offline = True
    page.context.set_offline(True)
    page.reload()                                                       # the page kept since Monday
    expect(page.get_by_label("Día")).to_have_value("2027-05-05")
    write(page, date(2027, 5, 5), "08:30", "13:00", "Patrulla en la escuela 4, sin señal")
    page.get_by_label("Fotos").set_input_files([photo()])
    page.get_by_role("button", name="Anotar", exact=True).click()
    expect(page.locator("span[data-state]")).to_have_text("1 anotación en este equipo, sin enviar")
    page.reload()                                                       # the bus drives on, the browser was closed
    expect(page.locator("[data-waiting]")).to_contain_text("Patrulla en la escuela 4")
    play.ana.at_hand()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name=re.compile("^Semana .*: 8 h 30 min$"))).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="Foto 1")).to_be_visible()
    play.ana.offline = False


def hilda_signs_the_first_week(play: Play) -> None:
    press(play.ana.page, "Pedir la firma")
    page = play.hilda.page
    link = play.opens(play.hilda, HILDA, "Horas de Ana Pérez Soto")
    assert "Lectura de la ordenanza" in play.hilda.words and "8 h 30 min" in play.hilda.words
    play.hilda.at_hand()
    with page.expect_download() as saved:                               # as every file that somebody handed in: saved, not shown
        page.get_by_role("link", name="Foto 1").click()
    with Image.open(saved.value.path()) as seen:
        assert seen.size == (1600, 1067)
    press(page, "Firmar estas horas")
    assert "Quedó firmado" in play.hilda.words
    page.goto(link)                                                     # she finds the mail again a day later
    assert "Este enlace ya se usó el 05-05-2027" in play.hilda.words and not page.get_by_role("button", name="Firmar").count()
    play.hilda.at_hand()


def hilda_returns_the_second_and_signs_it_corrected(play: Play) -> None:
    page, world = play.ana.page, play.world
    world.now = at(date(2027, 5, 11), 20)
    page.reload()
    assert "Firmada por la institución" in play.ana.words
    ana_logs_hours(play, SECOND, "09:00", "13:00", "Entrevistas con la guardia urbana", "4 h")
    ana_logs_hours(play, date(2027, 5, 11), "09:00", "13:00", "Cuentas de la patrulla, con Hacienda", "8 h")
    press(page, "Pedir la firma")
    play.opens(play.hilda, HILDA, "semana del 10-05-2027")
    play.hilda.page.get_by_label("Comentario").fill("El lunes salió a las 12.")
    press(play.hilda.page, "Devolver con un comentario")
    assert "Quedó devuelto" in play.hilda.words
    play.opens(play.ana, "ana@example.org", "piden cambios en las horas de la semana del 10-05-2027")
    assert "Devuelta" in play.ana.words and "El lunes salió a las 12." in play.ana.words
    follow(page, re.compile("^Corregir 10.*09:00"))
    fill(page, Hasta="12:00")
    play.ana.at_hand()
    page.get_by_role("button", name="Guardar la corrección").click()
    expect(page.get_by_role("heading", name=re.compile("^Semana .*: 7 h$"))).to_be_visible()
    press(page, "Pedir la firma")
    play.opens(play.hilda, HILDA, "semana del 10-05-2027")
    assert "7 h" in play.hilda.words and "09:00–12:00" in play.hilda.words
    press(play.hilda.page, "Firmar estas horas")
    page.reload()
    assert play.ana.words.count("Firmada por la institución") == 2 and "15 h 30 min de 16,5 h" in play.ana.words
    play.ana.at_hand()


def the_report_is_handed_in(play: Play) -> None:
    play.world.now = at(LAST, 21)
    play.olga.page.reload()
    press(play.olga.page, "Dar por terminadas las horas")
    page = play.ana.page
    from_nav(page, "Pasantía")
    assert state(page) == "Informe pendiente"
    follow(page, "Entregar el informe")
    for name in (HEADINGS | SHEET).values():
        page.get_by_label(name, exact=True).fill(f"Lo que se dice de: {name}.")
    page.get_by_label("Informe con figuras").set_input_files(file("informe.pdf"))
    play.ana.at_hand()
    press(page, "Entregar")
    assert "Informe entregado" in page.locator(".told").inner_text() and downloaded(page, "informe.pdf") == PDF


def judge(page: Page, party: str, words: str) -> None:
    for criterion in RUBRICS[party]:
        page.get_by_role("group", name=criterion.name).get_by_label(words).check()


def both_evaluate(play: Play) -> None:
    page = play.hilda.page
    play.opens(play.hilda, HILDA, "su evaluación")
    judge(page, "host", "Logrado")
    page.get_by_label("Comentario").fill("Preguntó mucho y bien.")
    play.hilda.at_hand()
    press(page, "Enviar la evaluación")
    assert "Quedó firmado" in play.hilda.words
    page = play.ivan.page
    from_menu(page, "Pasantías que superviso")
    assert "espera su evaluación" in play.ivan.words
    follow(page, "Pérez Soto, Ana")
    follow(page, "Evaluar")
    judge(page, "academic", "Destacado")
    play.ivan.at_hand()
    press(page, "Guardar la evaluación")
    assert state(page) == "Evaluada"


def it_is_closed(play: Play) -> None:
    page = play.olga.page
    page.reload()
    assert "Preguntó mucho y bien." in play.olga.words and "por su enlace" in play.olga.words
    follow(page, "Cierre: horas, créditos y nota")
    assert "Horas validadas 15 h 30 min" in play.olga.words and "Créditos 0,6" in play.olga.words and "Nota propuesta 6,0" in play.olga.words
    assert "15,5 h validadas y 2 h de informe, a 27 h por crédito" in play.olga.words
    play.olga.at_hand()
    press(page, "Cerrar la pasantía")
    assert state(page) == "Cerrada"
    play.olga.at_hand()
    outbox.work(play.app)


def hilda_was_not_pestered(play: Play) -> None:
    """One letter for each thing that was asked of her: the plan, two weeks, one of them again, the evaluation."""
    assert sum(HILDA in letter["To"] for letter in play.letters()) == 5


def the_ledger_has_them(play: Play) -> None:
    page = play.olga.page
    from_nav(page, "Cohortes")
    follow(page, "CL-2027")
    from_nav(page, "Créditos", "Páginas de la cohorte")
    row = page.locator("main table tbody tr")
    assert row.count() == 1
    for words in ("Pérez Soto, Ana", "Pasantía", HOST, "De Pasantías de la Escuela", "14 may. 2027", "15,5 h"):
        assert words in row.inner_text()


def issue(play: Play, outcome: str) -> None:
    press(play.olga.page, "Emitir 1 certificado")
    outbox.work(play.app)                                               # what `lms work` does meanwhile
    expect(play.olga.page.get_by_text(outcome)).to_be_visible()         # the page looks again by itself


def ana_confirms_her_name(page: Page) -> None:
    from_nav(page, "Qué me falta")
    follow(page, "Confirmar el nombre")
    press(page, "Ver cómo se imprime")
    press(page, "Confirmar este nombre")


def a_stranger_believes_the_certificate(play: Play, stranger: Page) -> None:
    page = play.olga.page
    from_nav(page, "Certificados", "Páginas de la cohorte")
    follow(page, "Constancias")
    play.olga.at_hand()
    issue(play, "0 emitidos, 1 sin emitir")
    assert "No ha confirmado el nombre del certificado" in play.olga.words
    ana_confirms_her_name(play.ana.page)
    follow(page, "Ir a la lista")
    issue(play, "1 emitido, 0 sin emitir")
    page = play.ana.page
    from_nav(page, "Certificados")
    assert "vigente" in play.ana.words.lower() and HOST in play.ana.words
    paper = downloaded(page, "Descargar el PDF")
    stranger.goto("/verificar")
    stranger.locator("input[type=file]").set_input_files(file("constancia.pdf", paper))
    press(stranger, "Comparar")
    assert stranger.inner_text("h1") == "Certificado vigente"
    follow(page, "Ver la página pública")
    for words in (stranger.locator(".cert").inner_text(), play.ana.words):
        assert "Ana Pérez Soto" in words and HOST in words and "15 horas y 30 min" in words and "6,0" not in words
    play.ana.at_hand()


def test_an_internship_from_offer_to_credits(play, browse):
    before = missing_hours(play)
    assert "20 h más de pasantía" in before
    an_agreement_is_recorded(play)
    an_offer_is_published(play)
    ana_applies_and_is_selected(play)
    it_gets_its_supervisors(play)
    the_plan_is_approved_by_all_three(play)
    it_is_authorised_with_its_papers_and_not_before(play)
    a_week_is_told_once_without_a_network(play)
    hilda_signs_the_first_week(play)
    hilda_returns_the_second_and_signs_it_corrected(play)
    the_report_is_handed_in(play)
    both_evaluate(play)
    assert missing_hours(play) == before                                # signed hours count when the internship is closed
    it_is_closed(play)
    hilda_was_not_pestered(play)
    the_ledger_has_them(play)
    assert "4,5 h más de pasantía" in missing_hours(play) and "Lleva 15,5 de 20 horas" in missing_hours(play)
    play.ana.at_hand()
    a_stranger_believes_the_certificate(play, browse("nobody").new_page())
