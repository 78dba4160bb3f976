"""What a stranger sees of a file, with and without scripts, on a phone and on a desk: axe finds nothing."""

import json

import pytest

from lms.badges import queries as badges
from lms.certificates import queries
from lms.certificates.badges import facts_of
from tests.browser.live import AXE, STANDARD
from tests.certified import Desk

PDF, PNG, TEXT = "application/pdf", "image/png", "application/json"


@pytest.fixture
def files(app, world, monkeypatch):
    """Name -> (title, media type, content)."""
    desk = Desk(app, world, monkeypatch)
    desk.has_earned("ana")
    made = desk.issue("ana")
    with desk.read() as session:
        certificate = queries.one(session, 1, made)
    true = desk.shop.store.read(certificate.sha256)
    facts = facts_of(certificate, "ana@example.org", badges.issuing("http://localhost", app))
    badge = badges.baked(facts, app.extensions["seals"], "png")
    return {"good": ("Certificado vigente", PDF, true), "badge": ("Certificado vigente", PNG, badge),
            "appended": ("Copia con agregados", PDF, true + b"\n"),
            "altered": ("Copia alterada", PDF, true.replace(b"/Type", b"/Typo", 1)),
            "other": ("No es un documento de la Escuela", PDF, b"%PDF-1.7\n"),
            "bad": ("Insignia que no vale", TEXT, badges.as_json(facts, app.extensions["seals"]).replace("54 horas", "99 horas").encode()),
            "none": ("Verificar un certificado", TEXT, b"hola")}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_each_answer(site, files, chromium, width, scripts):
    context = chromium.new_context(java_script_enabled=scripts, base_url=site.url, locale="es-CL", viewport={"width": width, "height": 800})
    page, told = context.new_page(), []
    page.on("console", lambda said: told.append(said.text) if "422" not in said.text else None)
    for name, (title, media, content) in files.items():
        page.goto("/verificar")
        page.set_input_files("#file", {"name": name, "mimeType": media, "buffer": content})
        page.click("form[action$='/archivo'] button")
        page.wait_for_selector("h1")
        assert page.inner_text("h1") == title, name
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run({runOnly: " + json.dumps(STANDARD) + "})")
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], name
    context.close()
    assert told == []
