"""The printed sheet of a journey read back by poppler and pikepdf: every fact once, in order, tagged, on as many sheets as it needs."""

import shutil
import subprocess
from fractions import Fraction as F
from pathlib import Path

import pikepdf
import pytest

from lms.internships import travel_paper
from lms.internships.plans import Activity, Plan
from lms.internships.travel import NOTICE, Gift
from tests.rules.test_travel import cost, date, journey

pytestmark = pytest.mark.skipif(not (shutil.which("pdftoppm") and shutil.which("pdftotext")),
                                reason="pdftoppm and pdftotext are not installed (apt-get install poppler-utils)")
LONG = journey(
    plan=Plan("Un párrafo largo. " * 220, (), tuple(Activity(f"Actividad número {n} con un nombre que ocupa bastante sitio", "2027-05-03", "2027-05-04", "5/2")
                                                  for n in range(30))),
    costs=tuple(cost(n, F(1000 * n + 1), note=f"Factura {n}") for n in range(60)), missing=("Carta de invitación: todavía no hay.",),
    gifts=tuple(Gift(n, f"Regalo {n}", date(2027, 5, 5), "Recepción", "Intendencia") for n in range(12)))


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


def drawn(folder: Path, told) -> Path:
    path = folder / "ficha.pdf"
    path.write_bytes(travel_paper.draw(told))
    return path


def words(path: Path) -> str:
    return " ".join(run("pdftotext", "-raw", path, "-").split())


def test_it_says_what_the_law_asks(tmp_path):
    text = words(drawn(tmp_path, journey()))
    for said in ("Ana Pérez Soto", "Concejala, Municipalidad de Pucón", "Municipio de Vado Largo (ficticio)", "Vado Largo, Argentina",
                 "Del 3 de mayo de 2027 al 7 de mayo de 2027 (5 días)", "Describir", "Recorrer", "2,5", "N.º 7, del 20-04-2027, Concejo Municipal",
                 "CLP 1.000", "USD 312,50", "Municipalidad", "Costo total: USD 312,50", "Un libro", "Intendencia", NOTICE, "Hoja 1 de"):
        assert said in text, said
    assert "Falta para que esté completa" not in text


def test_what_is_missing_stands_before_all_else_and_no_gift_is_said_to_be_none(tmp_path):
    text = words(drawn(tmp_path, journey(missing=("Acuerdo del concejo: todavía no hay.",), papers=(), costs=(), gifts=(), plan=Plan())))
    assert text.index("Acuerdo del concejo: todavía no hay.") < text.index("Objeto del viaje")
    for said in ("No hay costos anotados.", "No se ha informado ninguno.", "Decreto No hay", "Todavía no se ha escrito."):
        assert said in text, said


def test_a_long_one_goes_on_over_sheets_and_loses_nothing(tmp_path):
    path = drawn(tmp_path, LONG)
    text = words(path)
    for said in ([f"Actividad número {n} " for n in range(30)] + [f"Factura {n} " for n in range(60)] + [f"Regalo {n} " for n in range(12)]):
        assert text.count(said) == 1, said
    assert text.count("Un párrafo largo.") == 220
    with pikepdf.open(path) as paper:
        count = len(paper.pages)
    assert count > 3 and f"Hoja {count} de {count}" in text and text.count("Ficha de viaje, continuación.") == count - 1
    low = max(float(line.split('yMax="')[1].split('"')[0]) for line in run("pdftotext", "-bbox", path, "-").splitlines() if "<word" in line)
    assert low < 842 - 20


def test_it_is_tagged_in_spanish_with_a_title_and_its_fonts(tmp_path):
    path = drawn(tmp_path, LONG)
    card = run("pdfinfo", path)
    assert "Tagged:          yes" in card and "(A4)" in card and "Ficha de viaje: Ana Pérez Soto" in card
    tree = run("pdfinfo", "-struct-text", path)
    assert "H1 (block)" in tree and "H2 (block)" in tree and "Table" in tree and "TH" in tree
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in (line.split() for line in run("pdffonts", path).splitlines()[2:]))
    with pikepdf.open(path) as paper:
        assert str(paper.Root.Lang) == "es-CL" and bool(paper.Root.ViewerPreferences.DisplayDocTitle)


def test_the_same_facts_give_the_same_bytes():
    assert travel_paper.draw(LONG) == travel_paper.draw(LONG)


@pytest.mark.parametrize("odd", ["🚌 日本 \u202e\u0000", "x" * 300, "https://example.org/" + "a" * 250, "á" * 200, "W " * 150])
def test_no_text_keeps_it_from_being_drawn_or_runs_over_the_edge(tmp_path, odd):
    told = journey(person=odd[:60], office=odd, host=odd[:200], city=odd[:120], area=odd[:160], supervisor=odd[:200], costs=(cost(note=odd[:300]),),
                   gifts=(Gift(1, odd[:200], date(2027, 5, 5), odd[:200], odd[:200]),), plan=Plan(odd * 3, (), (Activity(odd[:300]),)))
    path = drawn(tmp_path, told)
    edges = [float(line.split('xMax="')[1].split('"')[0]) for line in run("pdftotext", "-bbox", path, "-").splitlines() if "<word" in line]
    assert max(edges) <= 190.5 / 25.4 * 72
