"""The whole of what grades and certificates promise, by persons in a browser and by programs that are not ours.

Two instructors sign an acta, the office closes it; a grade is found wrong and the acta is rectified. Certificates of the
cohort of 300 are issued while the worker is killed twice. One is issued again with a corrected name, one is revoked.
pdfsig, other people's badge verifiers, the page saved for use without connection, and the public page judge each.
"""

import json
import sys
import warnings
from datetime import date
from fractions import Fraction as F
from hashlib import sha256

import pytest
from sqlalchemy import func, insert, select

from lms.catalogue import queries as catalogue
from lms.certificates import queries
from lms.certificates.models import Certificate, CertificateOutcome
from lms.cohorts import queries as cohorts
from lms.credits.models import Credit
from lms.grading import changes
from lms.people import actions as people
from tests import independent
from tests.browser.acting import asked, close, follow, press, saved_page, sign
from tests.browser.live import nothing
from tests.browser.walk import Walk
from tests.certified import newcomers
from tests.crowd import listed
from tests.serving import Server, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
PEOPLE, COHORT = 300, 2
PATIENCE = 40_000           # ms: the worker uses every core meanwhile


@pytest.fixture
def cohort(app, world):
    """Everybody's marks and hours, through the office's own actions; of Beto it is said that he did not take G1."""
    with app.extensions["database"].transaction() as s:
        ids = [world.people["beto"], *newcomers(s, PEOPLE - 1, COHORT, world.now)]
        people.confirm_certificate_name(s, ids[0], world.now, ids[0], "Alberto Gimenes")
        found = cohorts.cohort(s, COHORT)
        programme = catalogue.programme(s, found.edition_id)
        for n, person in enumerate(ids):
            for module in ("G1", "G2"):
                if (n, module) != (0, "G1"):
                    changes.change(s, world.people["olga"], world.now, found, programme, person, module, "", kind="set",
                                   share=F(65 + n % 36, 100), reason="Según planilla del docente", seen=0)
        s.execute(insert(Credit), [
            {"source": "office", "reference": f"{person}-{kind}", "kind": kind, "cohort_id": COHORT, "person_id": person,
             "title": "Seminario AMUCH-FLACMA", "hours": F(20), "day": date(2027, 4, 10), "recorded_at": world.now, "note": ""}
            for person in ids for kind in ("attendance", "internship")])
        listed(s)
    return ids


def test_from_the_grade_to_a_certificate_that_anyone_can_check(app, world, cohort, browse, chromium, client_of, tmp_path):
    ivan, irma, olga = (Walk(browse(name)) for name in ("ivan", "irma", "olga"))
    for walk in (ivan, irma, olga):
        walk.page.set_default_timeout(PATIENCE)
    with Server(app, lease=2, real=True) as server:
        rectified(ivan, irma, olga)
        issued_under_fire(app, server, olga)
    new, revoked = corrected(app, world, browse, olga)
    nothing([*ivan.found, *irma.found, *olga.found])
    with app.extensions["database"].reading() as s:
        register = {c.id: c for c in queries.of_cohort(s, COHORT, "final")}
    papers = {c.id: app.extensions["files"].read(c.sha256) for c in register.values()}
    assert all(sha256(papers[c.id]).hexdigest() == c.sha256 for c in register.values())
    assert sorted(int(c.folio[9:15]) for c in register.values()) == list(range(1, PEOPLE + 2))     # each once, none missing
    old = next(c for c in register.values() if c.state == "replaced")
    plain = next(c for c in register.values() if c.state == "valid" and c.id != new)
    assert old.snapshot.holder_name == "Alberto Gimenes" and register[new].snapshot.holder_name == "Alberto Giménez"
    cases = {"valid": plain, "new": register[new], "replaced": old, "revoked": register[revoked]}
    by_pdfsig(cases, papers, tmp_path)
    by_badge_verifiers(client_of, cases, {c.id for c in register.values() if c.end})
    by_the_saved_page(chromium, client_of, cases, register, tmp_path)
    by_the_public_page(browse, cases, papers)


def rectified(ivan, irma, olga):
    """The acta, and the acta that corrects it: Beto had been examined after all."""
    ivan.page.goto(f"/cohortes/{COHORT}/actas")
    ivan.page.get_by_role("button", name="Abrir acta G1").click()
    ivan.page.wait_for_url("**/actas/*")
    ivan.page.get_by_label("Situación").last.select_option("absent")
    press(ivan.page, "Guardar situaciones")
    press(ivan.page, "Presentar para la firma")
    url = ivan.page.url
    sign(ivan, url, 0)
    sign(irma, url, 0)
    close(olga, url, 0)
    assert "EGA-2027-000001-" in olga.page.locator("main").inner_text()
    olga.page.goto(f"/cohortes/{COHORT}/certificados")
    assert f"Revisar y emitir {PEOPLE - 1}" in olga.page.locator("main").inner_text()      # an absent one is not issued to
    olga.page.goto(url)
    follow(olga.page, "Rectificar")
    olga.page.get_by_label("Motivo de la rectificación").fill("Rindió y figuraba ausente.")
    olga.page.get_by_label("Resolución que la ordena").fill("Resolución interna 7/2027")
    press(olga.page, "Abrir acta rectificatoria")
    later = olga.page.url
    ivan.page.goto(f"/cohortes/{COHORT}/libro/2/G1")
    ivan.page.get_by_role("textbox", name="Nota").fill("6,0")
    ivan.page.get_by_label("Motivo").fill("Rindió el 14 de abril; faltaba pasar su nota.")
    press(ivan.page, "Registrar el cambio")
    ivan.page.goto(later)
    press(ivan.page, "Presentar para la firma")
    sign(ivan, later, 0)
    sign(irma, later, 0)
    close(olga, later, 0)
    olga.go(f"/cohortes/{COHORT}/actas")
    text = olga.page.locator("main").inner_text()
    assert "Rectificada por EGA-2027-000002-" in text and "Rectifica EGA-2027-000001-" in text


def issued_under_fire(app, server, olga):
    """The office asks for all of them; the worker is killed at a quarter and at the half."""
    def done() -> int:
        with app.extensions["database"].reading() as s:
            return s.scalar(select(func.count()).select_from(CertificateOutcome))
    olga.page.goto(f"/cohortes/{COHORT}/certificados")
    follow(olga.page, f"Revisar y emitir {PEOPLE}")
    press(olga.page, f"Emitir {PEOPLE} certificados")
    batch = olga.page.url
    for share in (PEOPLE // 4, PEOPLE // 2):
        wait_until(lambda share=share: done() >= share, 180)
        assert done() < PEOPLE
        wait_until(lambda: server.kill("worker"))
        olga.page.goto("about:blank")                   # and the tab is closed meanwhile
    wait_until(lambda: done() == PEOPLE, 180)
    olga.go(batch)
    assert f"{PEOPLE} emitidos, 0 sin emitir" in olga.page.locator("main").inner_text()
    with app.extensions["database"].reading() as s:
        found = s.scalars(select(Certificate).order_by(Certificate.number)).all()
        assert [c.number for c in found] == list(range(1, PEOPLE + 1)) and len({c.person_id for c in found}) == PEOPLE


def corrected(app, world, browse, olga):
    """Beto corrects how his name is printed and is given another; somebody's is revoked. The ids of both."""
    beto = Walk(browse("beto"))
    beto.page.goto("/cuenta/nombre-certificado")
    beto.page.get_by_label("Nombre").fill("Alberto Giménez")
    press(beto.page, "Ver cómo se imprime")
    press(beto.page, "Confirmar este nombre")
    nothing(beto.found)
    with app.extensions["database"].reading() as s:
        old, wrong = (s.scalar(select(Certificate.id).where(Certificate.person_id == person))
                      for person in (world.people["beto"], s.scalar(select(func.max(Certificate.person_id)))))
    olga.go(f"/cohortes/{COHORT}/certificados/{old}/reemplazar")
    olga.page.get_by_label("Motivo del reemplazo").fill("Corrección del nombre")
    press(olga.page, "Emitir el que reemplaza")
    olga.go(f"/cohortes/{COHORT}/certificados/{wrong}/anular")
    olga.page.get_by_label("Motivo de la anulación").fill("Emitido por error")
    press(olga.page, "Anular el certificado")
    with app.extensions["database"].reading() as s:
        return queries.living(s, COHORT, world.people["beto"], None), wrong


def by_pdfsig(cases, papers, tmp_path):
    """A signature says that the file is as it was issued; whether it still holds is the register's to say."""
    file = tmp_path / "paper.pdf"
    for certificate in cases.values():
        true = papers[certificate.id]
        for content, verdict in ((true, "total"), (true + b"\n% more\n", "partial"), (true.replace(b"/Type", b"/Typo", 1), "bad")):
            file.write_bytes(content)
            assert independent.pdfsig(file) == verdict, certificate.folio


def by_badge_verifiers(client_of, cases, ended):
    """joserfc reads the JWT, pyld the canonical form; the keys and the status list are the ones published."""
    stranger, contexts = client_of("nobody"), independent.contexts()
    for state, certificate in cases.items():
        token = stranger.get(f"/insignias/{certificate.code}.jwt").get_data(as_text=True)
        whole = json.loads(stranger.get(f"/insignias/{certificate.code}.json").data)
        head = json.loads(independent.unpadded(token.split(".")[0]))
        jwk = json.loads(stranger.get(head["kid"].replace("http://localhost", "")).data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")             # joserfc calls the old name of the algorithm deprecated
            claims = independent.jwt_of(token, jwk)
            assert independent.jwt_of(token[:-8] + "AAAAAAAA", jwk) is None
        assert claims and claims["jti"].endswith(certificate.code), state
        assert independent.proof_holds(whole, independent.key_of(jwk), contexts)
        assert not independent.proof_holds({**whole, "name": "Doctorado"}, independent.key_of(jwk), contexts)
        for status in (claims["credentialStatus"], whole["credentialStatus"]):
            listed = json.loads(stranger.get(status["statusListCredential"].replace("http://localhost", "")).data)
            assert independent.proof_holds(listed, independent.key_of(jwk), contexts)
            assert independent.revoked(listed, int(status["statusListIndex"])) == (state in ("replaced", "revoked")), state
    assert [n for n in range(1, 400) if independent.revoked(listed, n)] == sorted(ended)


def by_the_saved_page(chromium, client_of, cases, register, tmp_path):
    context, page = saved_page(chromium, client_of("nobody"), tmp_path / "saved.html")
    wanted = {"valid": "Firma auténtica", "replaced": "Certificado reemplazado", "revoked": "Certificado anulado"}
    for certificate in cases.values():
        assert asked(page, certificate.snapshot.link)[0] == wanted[certificate.state]
    name = asked(page, cases["new"].snapshot.link)[1]
    assert "Alberto Giménez" in name
    every = sorted(register.values(), key=lambda c: c.id)
    told = page.evaluate("links => Promise.all(links.map(async link => (await judge(link))[1]))", [c.snapshot.link for c in every])
    assert told == [wanted[c.state] for c in every] and page.told == []
    spoilt = [c.snapshot.link[:-8] + "AAAAAAAA" for c in cases.values()]
    assert set(page.evaluate("links => Promise.all(links.map(async link => (await judge(link))[1]))", spoilt)) <= {
        "Firma falsa", "No se pudo leer"}
    context.close()


def by_the_public_page(browse, cases, papers):
    walk = Walk(browse("nobody"))
    wanted = {"valid": "Certificado vigente", "replaced": "Certificado reemplazado", "revoked": "Certificado anulado"}
    for certificate in cases.values():
        true = papers[certificate.id]
        for content, title in ((true, wanted[certificate.state]), (true.replace(b"/Type", b"/Typo", 1), "Copia alterada"),
                               (true + b"\n", "Copia con agregados")):
            walk.page.goto("/verificar")
            walk.page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content})
            press(walk.page, "Comparar")
            assert walk.page.inner_text("h1") == title
    nothing(walk.found)
