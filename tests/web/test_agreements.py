"""The register of agreements: recorded as signed, renewed, ended; how each stands is computed from its dates."""

import re
from io import BytesIO

import pytest

PDF = b"%PDF-1.7\n%%EOF\n"
NEW = {"title": "Convenio marco con Quilmes", "object": "Pasantías y docencia", "signed_on": "2025-04-03",
       "expires_on": "2029-04-03", "parties-0-institution": "1", "parties-0-signatory": "Rosa Firmante Uno",
       "parties-0-office": "Directora", "parties-1-institution": "2", "parties-1-signatory": "Raúl Firmante Dos",
       "parties-1-office": "Rector"}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def olga(client_of):
    return client_of("olga")


def made(olga, **changed) -> str:
    answer = olga.send("/convenios/nuevo", {**NEW, **changed})
    assert answer.status_code == 303, text(answer)
    return answer.location


def test_an_agreement_is_recorded_with_its_parties_and_its_signed_paper(olga, client_of):
    url = made(olga, file=(BytesIO(PDF), "convenio firmado.pdf"))
    page = text(olga.get(url))
    assert "Vigente" in page and "Raúl Firmante Dos" in page and "Rector" in page and "3 de abril de 2029" in page
    paper = olga.get(f"{url}/firmado")
    assert paper.data == PDF and "attachment" in paper.headers["Content-Disposition"]
    assert "Convenio marco con Quilmes" in text(client_of("aldo").get("/convenios"))
    assert client_of("aldo").send("/convenios/nuevo", NEW).status_code == 403
    assert client_of("ana").get(url).status_code == 403


def test_the_list_says_what_is_in_force_what_expires_soon_and_what_lapsed(olga):
    made(olga)
    made(olga, title="Vence pronto", expires_on="2027-06-20")
    made(olga, title="Ya venció", expires_on="2027-04-19")
    made(olga, title="Sin término", expires_on="")
    page = text(olga.get("/convenios"))
    assert "3 vigentes. Uno vence dentro de 90 días. Uno está vencido." in page and "Vence en 61 días" in page
    assert "Ya venció" in text(olga.get("/convenios?estado=lapsed")) and "Sin término" not in text(olga.get("/convenios?estado=lapsed"))
    found = text(olga.get("/convenios?q=quilmes+pronto"))
    assert "Vence pronto" in found and "Ya venció" not in found
    assert "Ningún convenio coincide" in text(olga.get("/convenios?q=%25nada"))


def test_a_renewal_is_a_new_fact_that_moves_the_last_day(olga):
    url = made(olga, expires_on="2027-04-19")
    assert "Vencido" in text(olga.get(url))
    refused = olga.send(f"{url}/renovacion", {"on": "2027-04-20", "expires_on": "2027-04-19"})
    assert refused.status_code == 422 and "debe vencer después de lo ya convenido, el 19-04-2027" in text(refused)
    assert olga.send(f"{url}/renovacion", {"on": "2027-04-20", "expires_on": "2029-04-19",
                                           "file": (BytesIO(PDF), "renovacion.pdf")}).status_code == 303
    page = text(olga.get(url))
    assert "Vigente" in page and "19 de abril de 2029" in page and "19 de abril de 2027" in page
    assert olga.get(f"{url}/cambios/1/firmado").data == PDF


def test_an_early_end_says_why_and_is_the_last_word(olga):
    url = made(olga)
    assert olga.send(f"{url}/termino", {"on": "2027-04-20", "reason": "De común acuerdo"}).status_code == 303
    page = text(olga.get(url))
    assert "Terminado" in page and "De común acuerdo" in page and "Renovar" not in page
    again = olga.send(f"{url}/renovacion", {"on": "2027-04-20", "expires_on": "2031-04-19"})
    assert again.status_code == 422 and "ya se dio por terminado" in text(again)


@pytest.mark.parametrize(("changed", "said"), [
    ({"parties-1-institution": ""}, "al menos dos partes"),
    ({"parties-1-institution": "1"}, "dos veces"),
    ({"signed_on": "2027-05-01"}, "está en el futuro"),
    ({"expires_on": "2025-01-01"}, "Vence antes de comenzar"),
    ({"file": (b"GIF89a", "convenio.gif")}, "no es de un tipo que se reciba"),
    ({"file": (b"not a PDF", "convenio.pdf")}, "su contenido no lo es")])
def test_what_can_not_be_is_refused_by_name(olga, changed, said):
    sent = {k: (BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for k, v in changed.items()}
    answer = olga.send("/convenios/nuevo", {**NEW, **sent})
    assert answer.status_code == 422 and said in text(answer)
    assert "Todavía no hay convenios" in text(olga.get("/convenios"))


def test_the_signed_paper_may_come_later_but_is_never_replaced(olga):
    url = made(olga)
    assert "falta el convenio firmado" in text(olga.get(url))
    assert olga.send(f"{url}/firmado", {}).status_code == 422
    assert olga.send(f"{url}/firmado", {"file": (BytesIO(PDF), "c.pdf")}).status_code == 303
    assert "ya está adjunto" in text(olga.send(f"{url}/firmado", {"file": (BytesIO(PDF + b" "), "c.pdf")}))
    assert olga.get(f"{url}/firmado").data == PDF
