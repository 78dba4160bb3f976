"""What everybody may open is said in one language from top to bottom: the pages of seminars, of a host's supervisor and of
verification, with things on them. What stands there in Spanish in every language is what somebody wrote, not the house."""

import re
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.foundation.language import load
from lms.foundation.outbox import OutboxJob
from lms.internships import links as asking
from lms.internships.models import HostLink, Placement
from lms.internships.rubrics import LEVELS, RUBRICS
from lms.internships.states import MODALITIES, PARTIES, STATES
from lms.people.queries import token_hash
from lms.seminars import survey
from lms.seminars.door_forms import WAYS
from lms.seminars.letters import Desk
from lms.seminars.presence import SHUT
from lms.seminars.registration_forms import OFFER_KINDS
from tests import doored, registered
from tests.seminared import LONG, S3, SLUG, STARTS

SEMINAR = f"/seminarios/{SLUG}"
HOST = "/anfitriona"
ALWAYS = {"Brasil", "Español", "Español (Argentina)", "Português", "English", "Escuela de Gobierno Local · Asociación de Municipalidades de Chile",
          "localhost/seminarios/aqui", "12 abr. 2027, 09:00–13:00"}
SHOWN = ("aria-label", "placeholder", "title", "alt")


@pytest.fixture
def open_pages(plain):
    """Addresses by name, each with what is sent to it where it answers a form; the clock stands after the last session."""
    now, world = plain.world.now, plain.world
    with plain.app.extensions["database"].transaction() as s:
        own = registered.more(plain.app, s, now, world.people["olga"])[:7]
        for token, placement, purpose, subject in (("plan", 1, "plan", "1"), ("pauta", 1, "evaluation", ""), ("vieja", 1, "plan", "0")):
            s.add(HostLink(placement_id=placement, purpose=purpose, subject=subject, token_hash=token_hash(token),
                           sent_to="hilda@example.org", made_at=now, expires_at=now + timedelta(days=90)))
        s.add(HostLink(placement_id=1, purpose="plan", subject="1", token_hash=token_hash("usada"), sent_to="hilda@example.org",
                       made_at=now, expires_at=now, used_at=now))
        s.add(HostLink(placement_id=1, purpose="plan", subject="1", token_hash=token_hash("vencida"), sent_to="hilda@example.org",
                       made_at=now, expires_at=now))
        folio = s.get_one(Certificate, 1).folio
    mine = f"/seminarios/inscripcion/{Desk(plain.app.config['URL'], plain.app.config['SECRET_KEY']).token(1)}"
    return [(url, None) for url in (
        "/seminarios/agenda", SEMINAR, f"{SEMINAR}/inscripcion", f"{SEMINAR}/inscripcion/recibida", f"{SEMINAR}/delegacion",
        f"{SEMINAR}/materiales/1", *own, mine, f"{mine}/minutos", f"{mine}/encuesta", "/seminarios/entrada/code-1", doored.DOOR, doored.SCREEN,
        "/seminarios/aqui", "/seminarios/aqui/nada", doored.HOST, *(f"{HOST}/{t}" for t in ("plan", "pauta", "vieja", "usada", "vencida")),
        "/verificar", f"/v/{folio}/{'A' * 26}", "/v/x/y", "/a/x/y", "/ingresar", "/clave", "/llaves")] + [
        (f"{SEMINAR}/inscripcion", {}), (f"{SEMINAR}/delegacion", {}), (doored.DOOR, {"codigo": "XXXX", "sentido": "in"}),
        ("/seminarios/aqui", {"ticket": "P000001", "shown": "XXXXXX", "sentido": "in"}), (f"{mine}/encuesta", {}), (doored.HOST, {}), (f"{HOST}/plan", {}),
        (f"{HOST}/pauta", {"name": "Hilda", "nivel-plan": "2"})]


def said(response):
    """The sentences of a page, without what it says to be in Spanish."""
    page = html.document_fromstring(response.get_data(as_text=True))
    for part in page.xpath("//script | //style | //code | //option | //*[@lang='es'][not(self::html)]"):
        part.drop_tree()
    words = {*page.xpath("//text()"), *(v for name in SHOWN for v in page.xpath(f"//@{name}")),
             *(v for part in page.iter() for name, v in part.attrib.items() if name.startswith("data-") and " " in v)}
    return {" ".join(text.split()) for text in words if re.search(r"[^\W\d_]{3}", text)}


def pieces(text):
    """A sentence without its values, codes and hashes."""
    return [piece.strip() for piece in re.split(r"%\(\w+\)[sd]|\b[0-9a-f]{16,}\b|\b[A-Z\d]+\b|[·,:–.]", text) if re.search(r"[^\W\d_]{3}", piece)]


def written(plain):
    """All that anybody wrote into the database, as one text."""
    return "\n".join(str(value) for rows in plain.tables().values() for row in rows for value in row.values() if isinstance(value, str))


def answer(plain, url, sent, code):
    browser = plain.client()
    browser.set_cookie("language", code)
    return browser.get(url) if sent is None else plain.send(browser, url, sent)


@pytest.mark.parametrize("code", ["pt", "en"])
def test_open_pages_are_in_one_language(plain, open_pages, code):
    mixed = set()
    for later in (timedelta(0), STARTS[S3] + LONG + timedelta(hours=1) - plain.world.now):      # before, and after the seminar
        plain.world.now += later
        for url, sent in open_pages:
            plain.app.extensions["registration_pace"].counts.clear()
            here, there = (answer(plain, url, sent, language) for language in (code, "es"))
            assert here.status_code == there.status_code
            if here.mimetype == "text/html" and here.status_code not in (303, 302):
                mixed |= said(here) & said(there)
    texts = written(plain)
    alike = {piece for text, words in load(code)._catalog.items() if text == words for piece in pieces(text)}       # "Programa", in Portuguese
    assert not {text for text in mixed - ALWAYS for piece in pieces(text)
                if piece not in alike | ALWAYS and piece not in texts}


@pytest.mark.parametrize("code", ["pt", "en"])
def test_words_that_pages_choose_from_lists_are_translated(code):
    """No extractor finds what is looked up by a state, a level or an answer."""
    lists = [LEVELS, MODALITIES, STATES, PARTIES, asking.PURPOSES, survey.QUESTIONS, survey.ANSWERS, WAYS, SHUT, OFFER_KINDS]
    words = {w for one in lists for w in one.values()} | {w for c in RUBRICS["host"] for w in (c.name, c.description)}
    assert not words - set(load(code)._catalog)


@pytest.mark.parametrize("language, spoken", [("pt", "Assinar a semana de"), ("en", "Sign the week of"), ("es", "Firmar la semana del")])
def test_the_link_mailed_to_a_host_opens_in_the_language_of_the_placement(plain, language, spoken):
    """Whatever the browser asks for; what they choose on the page is kept from then on."""
    with plain.app.extensions["database"].transaction() as s:
        s.get_one(Placement, 1).language = language
        asking.ask(s, plain.world.now, 1, "week", str(doored.WEEK), url="http://localhost")
        link = re.search(r"/anfitriona/[\w?=-]+", s.scalars(select(OutboxJob.payload).order_by(OutboxJob.id.desc())).first())[0]
    browser = plain.client()
    assert spoken in browser.get(link, headers={"Accept-Language": "es-CL"}).get_data(as_text=True)
    chosen = plain.send(browser, "/idioma", {"language": "en", "next": link.partition("?")[0]}).location
    assert "Sign the week of" in browser.get(chosen).get_data(as_text=True)
