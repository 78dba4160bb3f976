"""The way of an acta in a browser: two instructors sign, the office closes, a grade is found wrong, the acta is rectified."""

from fractions import Fraction as F

import pytest

from tests.actas import Registry
from tests.browser.acting import close, follow, press, sign
from tests.browser.live import nothing
from tests.browser.walk import Walk


@pytest.fixture
def registry(app, world, monkeypatch):
    registry = Registry(app, world, monkeypatch)
    for name, module, share in (("ana", "G1", F(82, 100)), ("beto", "G1", F(4, 10))):
        registry.set(name, module, share)
    registry.crowd(4, cohort_id=2)
    return registry


def test_two_sign_the_office_closes_and_a_wrong_grade_is_rectified(registry, browse):
    ivan, irma, olga = (Walk(browse(name)) for name in ("ivan", "irma", "olga"))
    registry.set("beto", "G1", "none")
    ivan.go("/cohortes/2/actas")
    ivan.page.get_by_role("button", name="Abrir acta G1").click()
    ivan.page.wait_for_url("**/actas/*")
    ivan.look(2)
    ivan.page.get_by_label("Situación").last.select_option("absent")
    press(ivan.page, "Guardar situaciones")
    press(ivan.page, "Presentar para la firma")
    url = ivan.page.url
    sign(ivan, url)
    sign(irma, url)
    close(olga, url)
    assert "EGA-2027-000001-" in olga.page.locator("main").inner_text()
    olga.look(2)
    registry.set("beto", "G1", F(7, 10))        # he had been examined after all
    olga.go(url)
    assert "Rectificar: hoy no es lo que dice el acta" in olga.page.locator("main").inner_text()
    follow(olga.page, "Abrir acta rectificatoria")
    olga.send(olga.page.url)
    olga.page.get_by_label("Motivo de la rectificación").fill("Rindió y figuraba ausente.")
    olga.page.get_by_label("Resolución que la ordena").fill("Resolución interna 7/2027")
    press(olga.page, "Abrir acta rectificatoria")
    later = olga.page.url
    olga.look(2)
    ivan.page.goto(later)
    press(ivan.page, "Presentar para la firma")
    sign(ivan, later)
    sign(irma, later)
    close(olga, later)
    olga.go("/cohortes/2/actas")
    text = olga.page.locator("main").inner_text()
    assert "Rectificada por EGA-2027-000002-" in text and "Rectifica EGA-2027-000001-" in text
    nothing([*ivan.found, *irma.found, *olga.found])


def test_the_pages_of_a_closed_acta_and_a_transcript_are_for_everyone(registry, browse):
    acta = registry.closed()
    found = registry.view(acta).closed
    for name, urls in (("ana", ["/cohortes/1/concentracion"]), ("aldo", ["/cohortes/1/actas", f"/cohortes/1/actas/{acta}"]),
                       ("nobody", [f"/a/{found.folio}/{found.code}"])):
        walk = Walk(browse(name))
        for url in urls:
            walk.go(url)
        nothing(walk.found)
