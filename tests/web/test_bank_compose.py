"""A cohort's quiz composed of the edition, the bank and a draw; taken by a student; where the bank says it is used."""

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from lms.attempts import planning
from lms.attempts.models import Attempt
from lms.attempts.plan import Slot
from lms.bank import queries
from tests.web.test_bank import bank, text  # noqa: F401

URL = "/cohortes/1/modulos/G1/control/preguntas"


def sent(response, **changed):
    form = html.document_fromstring(text(response)).get_element_by_id("componer")
    return [(name, value) for name, value in form.form_values()
            if name != "csrf_token" and name not in changed] + list(changed.items())


def press(client, page, deed, **changed):
    return client.post(URL, data=MultiDict([*sent(page, **changed), ("hacer", deed), ("csrf_token", client.token())]))


def slots(app):
    with app.extensions["database"].reading() as s:
        return planning.plan_of(s, 1, "G1")[1].slots


def test_it_begins_with_the_edition_and_is_ordered_by_buttons(app, world, client_of, bank):  # noqa: F811
    ivan = client_of("ivan")
    page = ivan.get(URL)
    assert "Ahora pregunta lo de la edición" in text(page) and "7 preguntas, 7 puntos" in text(page)
    page = press(ivan, page, "bajar:0")
    page = press(ivan, page, "quitar:6")
    assert press(ivan, page, "guardar", **{"puntos-0": "2,5", "seccion-2": "Segunda parte"}).status_code == 303
    found = slots(app)
    assert [s.edition for s in found] == ["principios", "anio", "paba", "sedes", "meta", "registro"]
    assert (found[0].points, found[2].section) == ("5/2", "Segunda parte")
    again = ivan.get(URL)
    assert "6 preguntas, 7,5 puntos" in text(again)
    assert press(ivan, again, "edicion").status_code == 303 and slots(app) is None


def test_a_draw_says_how_many_there_are_and_refuses_more(app, world, client_of, bank):  # noqa: F811
    ivan = client_of("ivan")
    draw = {"categoria": "1", "con_etiquetas": "año 1"}
    refused = press(ivan, ivan.get(URL), "sortear", cuantas="4", **draw)
    assert refused.status_code == 422 and "tiene 3 preguntas listas y libres" in text(refused)
    page = press(ivan, ivan.get(URL), "sortear", cuantas="3", **draw)
    assert page.status_code == 200 and "(hay 3)" in text(page)
    refused = press(ivan, page, "sortear", cuantas="6", categoria="1", con_etiquetas="")
    assert refused.status_code == 422
    page = press(ivan, page, "sortear", cuantas="5", categoria="1", con_etiquetas="")
    assert press(ivan, page, "guardar").status_code == 303
    assert slots(app)[7:] == (*[Slot(category=1, tags=("año 1",))] * 3, *[Slot(category=1)] * 5)


def test_found_in_the_bank_picked_and_taken(app, world, client_of, bank):  # noqa: F811
    ivan, ana = client_of("ivan"), client_of("ana")
    page = press(ivan, ivan.get(URL), "buscar", buscar="organismo registro")
    assert "¿Qué organismo lleva el registro" in text(page)
    page = press(ivan, page, "agregar", de_banco=str(bank[5]))
    for _n in range(7):
        page = press(ivan, page, "quitar:0")
    page = press(ivan, page, "sortear", cuantas="2", categoria="1", con_etiquetas="año 1")
    assert press(ivan, page, "guardar").status_code == 303
    assert "Vista de" in text(ivan.get(f"{URL}/vista"))
    assert ana.send("/cohortes/1/modulos/G1/control").status_code == 303
    with app.extensions["database"].reading() as s:
        assert s.query(Attempt).one().sheet
        uses = queries.uses(s, bank[5], 1)
        assert [(u.words, u.drawn) for u in uses if u.cohort_id == 1][-1] == ("CL-2027 · G1", False)
    seen = text(ivan.get(f"/banco/{bank[5]}"))
    assert "CL-2027 · G1" in seen and "1 intento" in seen and "Puede salir sorteada" in text(ivan.get(f"/banco/{bank[0]}"))


def test_two_people_composing_are_told(world, client_of, bank):  # noqa: F811
    ivan, coral = client_of("ivan"), client_of("coral")
    first, second = ivan.get(URL), coral.get(URL)
    assert press(ivan, press(ivan, first, "quitar:0"), "guardar").status_code == 303
    told = press(coral, press(coral, second, "quitar:1"), "guardar")
    assert told.status_code == 409 and "Otra persona cambió este control" in text(told)
    assert press(coral, told, "guardar").status_code == 303


@pytest.mark.parametrize("name, status", [("ana", 403), ("aldo", 403), ("irma", 403), ("coral", 200), ("olga", 200)])
def test_who_composes(world, client_of, name, status):
    assert client_of(name).get(URL).status_code == status


@pytest.mark.parametrize("state", ["x", "[[1,2]]", '[[{"edition":"zz","tags":[]},1]]', '[[{"tags":[]},1]]',
                                   '[[{"bank":1,"category":2,"tags":[]},1]]', '[[{"category":1,"tags":[]},100000]]'])
def test_what_was_tampered_with_is_refused(world, client_of, state):
    assert client_of("ivan").send(URL, {"tablero": state, "hacer": "guardar"}).status_code == 400
