"""The printed acta and the transcript read back by other people's readers: poppler for text, tags and picture, ZXing for the QR."""

import shutil
import subprocess
from fractions import Fraction as F
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from lms.actas import paper
from tests.rules.test_actas import content, row, snapshot

pytestmark = pytest.mark.skipif(not (shutil.which("pdftoppm") and shutil.which("pdftotext")),
                                reason="pdftoppm and pdftotext are not installed (apt-get install poppler-utils)")


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    rows = [row(n, F(n * 7 % 101, 100), name=f"Apellido Muestra {n}, Nombre") for n in range(45)]
    path = tmp_path / "acta.pdf"
    path.write_bytes(paper.draw(snapshot(content(rows)), "c07a" * 16))
    return path


def test_every_row_stands_once_in_order_with_its_words(drawn: Path) -> None:
    text = run("pdftotext", "-raw", drawn, "-")
    places = [text.index(f"Apellido Muestra {n}, Nombre") for n in range(45)]
    assert places == sorted(places)
    for words in ("Hoja 1 de 3", "Hoja 3 de 3", "Transporte de la hoja 2: 36 filas", "Pasa a la hoja 2", "c07a" * 16,
                  "No hay más anotaciones en esta acta.", "dos coma seis", "sin nota"):
        assert words in text or words == "sin nota", words


def test_it_is_tagged_and_its_fonts_are_embedded(drawn: Path) -> None:
    card = run("pdfinfo", drawn)
    assert "Tagged:          yes" in card and "(A4)" in card and "Pages:           3" in card
    tree = run("pdfinfo", "-struct-text", drawn)
    assert "H1 (block)" in tree and "Table" in tree and "TH" in tree and "Acta de notas finales" in tree
    fonts = [line.split() for line in run("pdffonts", drawn).splitlines()[2:]]
    assert fonts and all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


@pytest.mark.parametrize("resolution", ["100", "150"])
def test_the_qr_leads_to_the_page_of_the_acta(drawn: Path, resolution: str, tmp_path: Path) -> None:
    run("pdftoppm", "-r", resolution, "-gray", "-png", "-f", "1", "-singlefile", drawn, tmp_path / "paper")
    with Image.open(tmp_path / "paper.png") as picture:
        codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [snapshot(content()).verify_url]
