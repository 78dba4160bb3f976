"""The bank's pages: found, written, conflicts told, versions, many changed at once and undone."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms.bank import actions, finding, queries
from lms.bank.editors import EDITORS
from lms.bank.models import BankQuestion
from lms.catalogue.kinds.amounts import Unit, Units
from lms.catalogue.kinds.cloze import Cloze, Embedded
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.kinds.markers import Marker, Place, Spots
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.randommatching import Draw, Drawn
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.rules import Hint, Media, Option, Question
from lms.foundation.audit import AuditLine
from tests.programme import ESSAY, QUESTIONS


def text(response):
    return response.get_data(as_text=True)


@pytest.fixture
def bank(app, world):
    """The course's questions in two categories; returns their numbers."""
    with app.extensions["database"].transaction() as s:
        who = (s, world.people["olga"], world.now)
        law = actions.add_category(*who, "Marco legal")
        aid = actions.add_category(*who, "Ayuda", law)
        return [actions.add(*who, q, law if n % 2 else aid, tags=["ley", "Año 1"] if n < 3 else ["ley"])
                for n, q in enumerate((*QUESTIONS, ESSAY))]


@pytest.mark.parametrize("kind", EDITORS)
def test_every_kind_has_its_editor(world, client_of, bank, kind):
    page = client_of("ivan").get(f"/banco/nueva?tipo={kind}")
    assert page.status_code == 200 and "Así se ve" in text(page)


def test_pages_open(world, client_of, bank):
    ivan = client_of("ivan")
    for url in ("/banco", "/banco?q=ano", "/banco/categorias", "/banco/categorias/1", "/banco/nueva", "/banco/repetidas",
                "/banco/importar", "/banco/exportar", f"/banco/comparar?a={bank[0]}&b={bank[1]}", "/banco/1/versiones/1",
                *(f"/banco/{i}" for i in bank), *(f"/banco/{i}/editar" for i in bank)):
        assert ivan.get(url).status_code == 200, url


# The editor -----------------------------------------------------------------------------------------------------------

def fields(response, **changed):
    """What a browser would send of the editor's form, with these values instead."""
    form = html.document_fromstring(text(response)).get_element_by_id("editor")
    return [(name, changed.pop(name, value.removeprefix("\n"))) for name, value in form.form_values()
            if name != "csrf_token"] + list(changed.items())


def save(client, url, sent, deed="guardar"):
    return client.post(url, data=MultiDict([*sent, ("hacer", deed), ("csrf_token", client.token())]))


@pytest.mark.parametrize("n", range(8))
def test_opening_and_saving_changes_nothing(app, world, client_of, bank, n):
    ivan, url = client_of("ivan"), f"/banco/{bank[n]}/editar"
    assert save(ivan, url, fields(ivan.get(url))).status_code == 303
    with app.extensions["database"].reading() as s:
        line = finding.line(s, bank[n])
        assert line.latest == 1 and line.question == replace(([*QUESTIONS, ESSAY])[n], id="")


def test_a_change_is_a_new_version_with_what_changed(app, world, client_of, bank):
    ivan, url = client_of("ivan"), f"/banco/{bank[0]}/editar"
    sent = fields(ivan.get(url), text="¿En qué año se adoptó la **Declaración de París**?", note="Negrita")
    assert save(ivan, url, sent).status_code == 303
    page = text(ivan.get(f"/banco/{bank[0]}"))
    assert "Versión 2" in page and "Negrita" in page and "**Declaración de París**" in page
    with app.extensions["database"].reading() as s:
        assert queries.question(s, bank[0]).text == "¿En qué año se adoptó la <strong>Declaración de París</strong>?"
        assert "<strong>" not in queries.question(s, bank[0], 1).text


def test_rows_are_added_moved_and_taken_away_without_a_script(world, client_of, bank):
    ivan, url = client_of("ivan"), f"/banco/{bank[6]}/editar"
    sent = fields(ivan.get(url))
    more = save(ivan, url, sent, "mas:items")
    assert more.status_code == 200 and "Elemento 5" in text(more)
    moved = dict(fields(save(ivan, url, fields(more), "sube:items:1")))
    assert (moved["items-0-text"], moved["items-1-text"]) == ("París", "Roma")
    gone = save(ivan, url, fields(more), "menos:items:0")
    assert dict(fields(gone))["items-0-text"] == "París" and "Elemento 5" not in text(gone)


def test_what_is_wrong_is_told_at_its_field_and_a_draft_may_be_unfinished(app, world, client_of, bank):
    ivan, url = client_of("ivan"), "/banco/nueva?tipo=single"
    sent = fields(ivan.get(url), **{"text": "¿Cuál?", "answers-0-text": "Una", "answers-1-text": "Una",
                                    "answers-0-share": "cien"})
    refused = save(ivan, url, sent)
    assert refused.status_code == 422 and "Escribir un número" in text(refused)
    assert 'href="#answers-0-share"' in text(refused)
    sent = fields(refused, **{"answers-0-share": "50"})
    refused = save(ivan, url, sent)
    assert refused.status_code == 422 and "está repetida" in text(refused) and "Poner 100 en la correcta" in text(refused)
    assert save(ivan, url, fields(refused, status="draft")).status_code == 303
    with app.extensions["database"].reading() as s:
        made = s.scalars(select(BankQuestion).order_by(BankQuestion.id.desc())).first()
        assert made.ready == 0 and (made.id, 1) not in queries.drawable(s, made.category_id)


def test_two_people_at_once_lose_nothing(app, world, client_of, bank):
    ivan, irma, url = client_of("ivan"), client_of("irma"), f"/banco/{bank[0]}/editar"
    first, second = ivan.get(url), irma.get(url)
    assert save(ivan, url, fields(first, feedback="De Iván.")).status_code == 303
    told = save(irma, url, fields(second, feedback="De Irma."))
    assert told.status_code == 409 and "Iván Ledesma" in text(told) and "De Irma." in text(told) and "De Iván." in text(told)
    assert save(irma, url, fields(told)).status_code == 303
    with app.extensions["database"].reading() as s:
        assert [v.question.feedback for v in queries.versions(s, bank[0])] == [
            "De Irma.", "De Iván.", "Roma, París, Accra, Busan."]


def test_an_old_version_comes_back_as_a_new_one(app, world, client_of, bank):
    ivan, url = client_of("ivan"), f"/banco/{bank[0]}/editar"
    save(ivan, url, fields(ivan.get(url), feedback="Otro."))
    assert ivan.send(f"/banco/{bank[0]}/versiones/1/restaurar", {"sobre": "2"}).status_code == 303
    assert ivan.send(f"/banco/{bank[0]}/versiones/1/restaurar", {"sobre": "2"}).status_code == 409
    with app.extensions["database"].reading() as s:
        assert queries.question(s, bank[0]).feedback == "Roma, París, Accra, Busan."
        assert [v.number for v in queries.versions(s, bank[0])] == [3, 2, 1]


def test_it_is_tried_as_a_student_would(world, client_of, bank):
    aldo = client_of("aldo")
    right = text(aldo.send(f"/banco/{bank[0]}", {"hacer": "comprobar", "p.q": "a"}))
    assert "Correcto: París, 2005." in right and "1 de 1 punto" in right
    assert "Ese año fue Roma." in text(aldo.send(f"/banco/{bank[0]}", {"hacer": "comprobar", "p.q": "b"}))


# Found and changed ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("query, found", [
    ("q=ANO+adopto", 1), ("q=paris", 3), ("categoria=1", 8), ("categoria=2", 4), ("etiqueta=año 1", 3), ("tipo=essay", 1),
    ("estado=retired", 0), ("q=xyz", 0), ("estado=draft", 0), ("categoria=999", 0)])
def test_what_a_list_shows(world, client_of, bank, query, found):
    page = html.document_fromstring(text(client_of("ivan").get(f"/banco?{query}")))
    assert len(page.xpath("//tbody/tr")) == found


def many(client, ids, deed, **more):
    return client.post("/banco/cambios", data=MultiDict([("csrf_token", client.token()), ("hacer", deed), ("volver", "/banco"),
                                                         *(("pregunta", i) for i in ids), *more.items()]))


@pytest.mark.parametrize("deed, more, seen", [
    ("move", {"a_categoria": "2"}, lambda x: x.category_id), ("tag", {"etiquetas": "difícil, ley"}, lambda x: x.tags),
    ("untag", {"etiquetas": "LEY"}, lambda x: x.tags), ("points", {"numero": "2,5"}, lambda x: x.question.points),
    ("penalty", {"numero": "25"}, lambda x: x.question.penalty), ("retire", {}, lambda x: bool(x.retired_at))])
def test_many_are_changed_and_put_back(app, world, client_of, bank, deed, more, seen):
    ivan = client_of("ivan")

    def now():
        with app.extensions["database"].reading() as s:
            return [seen(x) for x in finding.lines(s, bank)]
    before = now()
    assert many(ivan, bank[1:4], deed, **more).status_code == 303
    assert now()[1:4] != before[1:4] and now()[4:] == before[4:]
    assert "Deshacer" in text(ivan.get("/banco"))
    assert ivan.send("/banco/cambios/1/deshacer").status_code == 303
    assert now() == before
    assert ivan.send("/banco/cambios/1/deshacer").status_code == 303 and now() == before
    with app.extensions["database"].reading() as s:
        assert s.scalars(select(AuditLine.deed).where(AuditLine.subject == "change:1")).all() == [
            "bank.changed_many", "bank.change_undone"]


def test_a_whole_list_is_changed_without_marking_each(app, world, client_of, bank):
    client_of("ivan").send("/banco/cambios?etiqueta=año+1", {"hacer": "points", "numero": "4", "todas": "1"})
    with app.extensions["database"].reading() as s:
        assert [x.question.points for x in finding.lines(s, bank)] == [4, 4, 4, 1, 1, 1, 1, 3]


def test_the_same_and_nearly_the_same_are_found_and_one_stays(app, world, client_of, bank):
    with app.extensions["database"].transaction() as s:
        who = (s, world.people["olga"], world.now)
        same = actions.add(*who, replace(QUESTIONS[0], points=F(3)), 1, tags=["copia"])
        near = actions.add(*who, replace(QUESTIONS[5], text="¿Qué organismo lleva hoy el registro de asociaciones "
                                                            "municipales de Chile?"), 1)
        assert finding.exact(s) == [[bank[0], same]]
        assert [pair[:2] for pair in finding.near(s)] == [(bank[5], near)]
    ivan = client_of("ivan")
    page = text(ivan.get("/banco/repetidas"))
    assert f"a={bank[0]}&amp;b={same}" in page and f"a={bank[5]}&amp;b={near}" in page
    assert ivan.send("/banco/comparar", {"a": bank[0], "b": same, "quedarse": bank[0]}).status_code == 303
    with app.extensions["database"].reading() as s:
        assert finding.exact(s) == [] and finding.line(s, same).retired_at
        assert set(finding.line(s, bank[0]).tags) == {"Año 1", "copia", "ley"}


def test_a_draw_takes_what_is_ready_and_has_all_the_tags(app, world, bank):
    with app.extensions["database"].transaction() as s:
        assert len(queries.drawable(s, 1)) == 8 and len(queries.drawable(s, 1, below=False)) == 4
        assert [i for i, _ in queries.drawable(s, 1, tags=["AÑO 1", "ley"])] == bank[:3]
        actions.retire(s, None, world.now, bank[0])
        assert [i for i, _ in queries.drawable(s, 1, tags=["año 1"])] == bank[1:3]
        assert queries.question(s, bank[1]).id == f"b{bank[1]}" and queries.question(s, bank[1]).tags == ("Año 1", "ley")


def test_categories_hang_together(app, world, client_of, bank):
    ivan = client_of("ivan")
    assert ivan.send("/banco/categorias", {"name": "Redes", "parent": "2", "programme": "", "institution": "0"}
                     ).status_code == 303
    within = ivan.send("/banco/categorias/1", {"name": "Marco legal", "parent": "3", "programme": "", "institution": "0"})
    assert within.status_code == 422 and "dentro de sí misma" in text(within)
    twice = ivan.send("/banco/categorias", {"name": "redes", "parent": "2", "programme": "", "institution": "0"})
    assert twice.status_code == 422 and "Ya hay una categoría" in text(twice)


# Every kind -----------------------------------------------------------------------------------------------------------

PICTURE = "/medios/" + "a" * 64 + ".png"
MAP = (Media("mapa.png", "a" * 64, 10),)
ONE = Question("1", "single", "", (Option("a", "Lima", F(0)), Option("b", "Santiago", F(1), "Sí")))
EXAMPLES = {
    "description": Question("", "description", "<p>Lea esto.</p><ul><li>Uno</li><li>Dos</li></ul>"),
    "cloze": Question("", "cloze", "La capital es {#1}, de {#2}.", body=Cloze((
        Embedded("1", F(1), ONE, "list"), Embedded("2", F(2), Question("2", "numerical", "", (
            Option("a", "1541:2", F(1), "Bien"),), numbers=((D(1541), D(2), F(1)),)))))),
    "gapselect": Question("", "gapselect", "La [[1]] de [[2]].", body=stock([("sede", 1, False), ("Lima", 2, False),
                                                                          ("base", 1, False), ("Quito", 2, False)])),
    "dragwords": Question("", "dragwords", "La [[1]] de [[2]].", body=stock([("sede", 1, True), ("Lima", 2, False)])),
    "dragimage": Question("", "dragimage", "Ponga.", media=MAP, body=Picture(PICTURE, 60, 40, (
        Drag("a", "Norte"), Drag("b", "Sur", 2, True)), (Zone("1", 3, 4, "b", "abajo"), Zone("2", 9, 9, "a", "arriba")), "Mapa")),
    "markers": Question("", "markers", "Señale.", media=MAP, body=Spots(PICTURE, 60, 40, (Marker("a", "Norte", 2),), (
        Place("1", "circle", "10,10;5", "a"), Place("2", "polygon", "1,1;9,1;5,9", "a")), True, "Mapa")),
    "calculated": Question("", "calculated", "¿{a} más {b}?", (Option("a", "{a}+{b}", F(1), "Bien"),), body=Calculation(
        (Dataset("a", (D(1), D(2))), Dataset("b", (D("1.5"), D(3)), "loguniform", D(1), D(9), 2)),
        (Figure(D("0.1"), "nominal", 3, True),), Units((Unit("m"), Unit("cm", F(100))), "response", F(1, 10), "typed"))),
    "calculatedmulti": Question("", "calculatedmulti", "¿{a} por 2?", (
        Option("a", "{={a}*2}", F(1)), Option("b", "{={a}+2}", F(0), "No")), body=Calculation(
        (Dataset("a", (D(1), D(3))),), (Figure(), Figure(digits=1)), single=False, numbering="abc")),
    "randommatching": Question("", "randommatching", "Una.", body=Draw(2, False, (
        Drawn("Chile", "Santiago"), Drawn("Perú", "Lima"), Drawn("Ecuador", "Quito")))),
    "numerical": Question("", "numerical", "¿Cuánto?", (Option("a", "5:0.1", F(1), "Sí"), Option("b", "*", F(0), "No")),
                          numbers=((D(5), D("0.1"), F(1)), (D(0), D("Infinity"), F(0))),
                          body=Numbers(("relative", "nominal"), Units((Unit("kg"),), asked="menu"))),
    "multiple": Question("", "multiple", "¿Cuáles?", (Option("a", "A", F(1, 3)), Option("b", "B", F(1, 3)), Option(
        "c", "C", F(1, 3)), Option("d", "D", F(-1, 13))), body=Choice("123", True, True), said=("Sí", "Casi", "No"),
        hints=(Hint("Piense", True), Hint("Mire", False, True)), penalty=F(1, 7), points=F(4, 3)),
    "essay": Question("", "essay", "Explique.", points=F(3), body=Essay(
        "optional", "editor", 15, "Primero:\n\nDespués:", 50, 200, 2, 1, (".pdf", ".docx"), 5000, "<strong>Ojo</strong>")),
    "ordering": Question("", "ordering", "Ordene.", tuple(Option(i, i.upper(), F(1)) for i in "abcd"),
                         body=Order("longest_ordered", "random", 3, True, "abc", False)),
    "short": Question("", "short", "¿Quién?", (Option("a", "O&amp;M *", F(1)), Option("b", "otro", F(1, 2), "Casi")),
                      body=Words(True, True)),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_comes_out_of_its_form_as_it_went_in(app, world, client_of, bank, kind):
    with app.extensions["database"].transaction() as s:
        made = actions.add(s, None, world.now, EXAMPLES[kind], 1)
    ivan, url = client_of("ivan"), f"/banco/{made}/editar"
    page = ivan.get(url)
    again = save(ivan, url, fields(page), "ver")            # the page after one of its buttons says the same
    assert fields(again) == fields(page)
    assert save(ivan, url, fields(again, note="x")).status_code == 303
    with app.extensions["database"].reading() as s:
        line = finding.line(s, made)
        assert line.question == EXAMPLES[kind] and line.latest == 1
    assert ivan.get(f"/banco/{made}").status_code == 200
    assert ivan.send(f"/banco/{made}", {"hacer": "comprobar"}).status_code == 200


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_bears_what_nobody_would_type(app, world, client_of, bank, kind):
    """Every field with words, with a huge number, with nothing: told or kept, never broken."""
    with app.extensions["database"].transaction() as s:
        made = actions.add(s, None, world.now, EXAMPLES[kind], 1)
    ivan, url = client_of("ivan"), f"/banco/{made}/editar"
    own = {"based_on", "media", "category", "status", "semilla", "sizes", "penalty"}
    for said in ("<script>alert(1)</script>{#99} [[7]] {z}", "9" * 40, "-1\0"):
        sent = [(n, v if n in own else said) for n, v in fields(ivan.get(url))]
        for deed in ("valores", "guardar"):
            page = save(ivan, url, sent, deed)
            assert page.status_code in (200, 303, 409, 422)
            assert "<script>alert" not in text(page)


@pytest.mark.parametrize("kind, changed, place", [
    ("dragimage", {"zones-1-drag": "7"}, "zones-1-x"), ("dragimage", {"alt": ""}, "alt"), ("markers", {"places-0-coords": "x"},
                                                                                         "places-0-"),
    ("cloze", {"text": "Sin huecos"}, "text"), ("gapselect", {"text": "[[9]]"}, "text"),
    ("calculated", {"formulas-0-formula": "{a}+{c}"}, "datasets"), ("numerical", {"units-0-name": "", "asked": "menu"}, "units"),
    ("essay", {"least_words": "900"}, "most_words"), ("randommatching", {"choose": "9"}, "choose"),
    ("ordering", {"count": "9"}, "count"), ("short", {"answers-0-share": "20", "answers-1-share": "10"}, "answers")])
def test_each_fault_stands_at_its_field_in_plain_words(app, world, client_of, bank, kind, changed, place):
    with app.extensions["database"].transaction() as s:
        made = actions.add(s, None, world.now, EXAMPLES[kind], 1)
    ivan, url = client_of("ivan"), f"/banco/{made}/editar"
    refused = save(ivan, url, fields(ivan.get(url), **changed))
    page = html.document_fromstring(text(refused))
    links = page.xpath("//div[contains(@class,'error-list')]//a/@href | //*[@class='error']/ancestor::fieldset[@id]/@id")
    assert refused.status_code == 422 and any(place in link for link in links), links
    for said in page.xpath("//p[@class='error']"):
        assert not set("=~%") & set(said.text_content())


def test_the_first_question_of_an_empty_bank_has_a_place(app, world, client_of):
    ivan, url = client_of("ivan"), "/banco/nueva?tipo=truefalse"
    assert save(ivan, url, fields(ivan.get(url), text="El PABA es de 1978.")).status_code == 303
    with app.extensions["database"].reading() as s:
        assert queries.tree(s).path(finding.line(s, 1).category_id) == "General"


def test_an_empty_category_can_be_taken_away_and_no_other(app, world, client_of, bank):
    ivan = client_of("ivan")
    ivan.send("/banco/categorias", {"name": "Vacía", "parent": "0", "programme": "", "institution": "0"})
    assert "Quitar esta categoría" in text(ivan.get("/banco/categorias/3"))
    ivan.send("/banco/categorias/3/quitar")
    ivan.send("/banco/categorias/2/quitar")
    with app.extensions["database"].reading() as s:
        assert set(queries.tree(s).by_id) == {1, 2}


def test_pairs_to_draw_come_from_the_short_answers_of_a_category(world, client_of, bank):
    ivan, url = client_of("ivan"), "/banco/nueva?tipo=randommatching"
    filled = dict(fields(save(ivan, url, fields(ivan.get(url), category="1"), "llenar")))
    assert "SUBDERE" in filled.values()
