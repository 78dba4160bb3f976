"""Files of questions: seen before anything is written, taken in with duplicates marked, undone, written again."""

import io
import re

import pytest
from lxml import html
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from lms.bank import finding, queries
from lms.bank.models import BankQuestion
from lms.catalogue.formats import FORMATS
from lms.foundation.audit import AuditLine
from tests.web.test_bank import bank, text  # noqa: F401

GIFT = """$CATEGORY: Redes/Ciudades

::sede:: ¿Dónde está la sede de Mercociudades? {=Montevideo #Así es. ~Lima ~Quito}

::paba2:: El PABA se adoptó en 1978. {T#Fue en 1978.#Así es.}

::sede2:: ¿Dónde está la sede de Mercociudades? {=Montevideo #Así es. ~Lima ~Quito}

::mala:: ¿Sin correcta? {~Una ~Otra}
"""


def upload(client, content=GIFT, name="redes.gift", **more):
    return client.post("/banco/importar", data={"csrf_token": client.token(), "file": (io.BytesIO(content.encode()), name),
                                                **more}, content_type="multipart/form-data")


def preview(client, **more):
    found = upload(client, **more)
    assert found.status_code == 303
    return found.location, client.get(found.location)


def count(app):
    with app.extensions["database"].reading() as s:
        return s.scalar(select(func.count()).select_from(BankQuestion))


def confirm(client, page, **changed):
    form = next(f for f in html.document_fromstring(text(page)).forms if "confirmar" in (f.action or ""))
    data = [(n, v) for n, v in form.form_values() if n not in changed and n != "csrf_token"] + list(changed.items())
    return client.post("/banco/importar/confirmar", data=MultiDict([*data, ("csrf_token", client.token())]))


def test_nothing_is_written_until_it_is_confirmed(app, world, client_of, bank):  # noqa: F811
    ivan = client_of("ivan")
    before = count(app)
    _url, page = preview(ivan)
    assert "Todavía no se ha guardado nada" in text(page) and "Redes/Ciudades" in text(page)
    assert "Igual a la 1 de este archivo" in text(page) and count(app) == before
    made = confirm(ivan, page)
    assert made.status_code == 303
    with app.extensions["database"].reading() as s:
        found = finding.ids(s, finding.Asked(imported=1))
        lines = finding.lines(s, found)
        assert [x.code for x in lines][:1] == ["sede"] and count(app) == before + len(lines)
        assert queries.tree(s).path(lines[0].category_id) == "Redes/Ciudades"
        assert s.scalars(select(AuditLine.deed).where(AuditLine.subject == "import:1")).all() == ["bank.imported"]
    assert "Ya está en el banco" in text(preview(ivan)[1])
    near = preview(ivan, content=GIFT.replace("la sede de", "hoy la sede de"))[1]
    assert "Parecida a una del banco" in text(near)


def test_an_import_is_undone_as_a_whole(app, world, client_of, bank):  # noqa: F811
    ivan = client_of("ivan")
    assert confirm(ivan, preview(ivan)[1], categoria="2").status_code == 303
    with app.extensions["database"].reading() as s:
        assert "Ayuda/Redes/Ciudades" in queries.tree(s).path(finding.lines(s, finding.ids(s, finding.Asked(imported=1)))[0].category_id)
    assert "se retira" in text(ivan.get("/banco/importaciones/1/deshacer"))
    assert ivan.send("/banco/importaciones/1/deshacer").status_code == 303
    assert "Deshecha" in text(ivan.get("/banco/importaciones/1"))
    with app.extensions["database"].reading() as s:
        assert finding.ids(s, finding.Asked(imported=1)) == [] and len(finding.ids(s, finding.Asked(imported=1, state="all"))) >= 2


@pytest.mark.parametrize("content", ["", "nada", "\x00\x01", "<?xml version='1.0'?><x/>", "PK\x03\x04basura"])
def test_what_holds_no_questions_is_told(world, client_of, content):
    refused = upload(client_of("ivan"), content, "preguntas.txt")
    assert refused.status_code == 422 and "No se encontraron preguntas" in text(refused)


def test_a_file_is_carried_for_who_sent_it_only(world, client_of, bank):  # noqa: F811
    url, _page = preview(client_of("ivan"))
    assert client_of("irma").get(url).status_code == 422
    assert client_of("ivan").get(url + "x").status_code == 422


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if f.write])
def test_what_is_written_tells_what_it_loses_and_is_read_again(app, world, client_of, bank, name):  # noqa: F811
    aldo = client_of("aldo")
    report = aldo.get(f"/banco/exportar?formato={name}")
    assert report.status_code == 200 and FORMATS[name].label in text(report)
    file = aldo.get(f"/banco/exportar/archivo?formato={name}&pregunta=1&pregunta=3")
    assert file.status_code == 200 and "attachment" in file.headers["Content-Disposition"]
    ending = re.search(r'filename="([^"]+)"', file.headers["Content-Disposition"])[1]
    parcel = FORMATS[name].read(ending, file.data)
    assert parcel.questions or "no se puede decir" in text(report)      # a file of gaps has no place for a choice
