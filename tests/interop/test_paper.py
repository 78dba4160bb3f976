"""The printed certificate read back by other people's readers: poppler for text and picture, ZXing for the QR."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from lms.certificates.paper import Snapshot, draw
from tests.rules.test_paper import ATTENDED, ENROLLED, FINAL, INTERNED, LONG, MODULE, TOOK_PART

poppler = pytest.mark.skipif(not (shutil.which("pdftoppm") and shutil.which("pdftotext")),
                             reason="pdftoppm and pdftotext are not installed (apt-get install poppler-utils)")
WORDS = "A" * 271       # as long as the signed words of a code get
DRAW = ("import sys; from hashlib import sha256; from lms.certificates.paper import Snapshot, draw; "
        "print(sha256(draw(Snapshot.from_json(sys.stdin.read()))).hexdigest())")


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


@poppler
@pytest.mark.parametrize("resolution", ["100", "150"])
@pytest.mark.parametrize("snapshot", [FINAL, MODULE, LONG, replace(LONG, proof=WORDS), replace(ATTENDED, proof=WORDS), ENROLLED, INTERNED],
                         ids=["final", "module", "long", "signed", "attended", "enrolled", "interned"])
def test_the_qr_leads_to_the_verification_page(snapshot: Snapshot, resolution: str, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(draw(snapshot))
    run("pdftoppm", "-r", resolution, "-gray", "-png", "-singlefile", tmp_path / "paper.pdf", tmp_path / "paper")
    with Image.open(tmp_path / "paper.png") as picture:
        codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [snapshot.link]


@poppler
@pytest.mark.parametrize("name", ["María de los Ángeles Ñuñoa Íñiguez-O'Higgins", "<b>x</b>&amp;", FINAL.holder_name])
def test_poppler_finds_name_folio_and_programme(name: str, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(draw(replace(FINAL, holder_name=name)))
    text = " ".join(run("pdftotext", "-raw", tmp_path / "paper.pdf", "-").split())
    for words in (name, FINAL.folio, FINAL.programme, FINAL.holder_document, "cinco coma ocho"):
        assert words in text


@poppler
@pytest.mark.parametrize(("snapshot", "words"), [
    (ENROLLED, "tiene matrícula vigente, a la fecha de esta constancia, en el Diplomado"),
    (TOOK_PART, "participó en el Diplomado"), (ATTENDED, "asistió al seminario Seminario internacional"),
    (INTERNED, "cumplió una pasantía en Confederación"), (replace(FINAL, form="degree"), "Diploma La Escuela"),
    (replace(FINAL, form="office"), "con ingreso por cargo público o experiencia, aprobó el Diplomado"),
    (replace(INTERNED, language="pt"), "realizou um estágio em"), (replace(ATTENDED, language="en"), "attended the seminar"),
    (replace(ENROLLED, language="pt"), "tem matrícula ativa"), (replace(TOOK_PART, language="en"), "took part in")], ids=lambda one: one if isinstance(one, str) else one.kind)
def test_poppler_reads_every_kind_in_its_order(snapshot: Snapshot, words: str, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(draw(snapshot))
    text = " ".join(run("pdftotext", "-raw", tmp_path / "paper.pdf", "-").split())
    assert words in text and snapshot.folio in text and all(name.split(" de ")[0] in text for name in snapshot.institutions)


@poppler
def test_poppler_finds_it_tagged_with_embedded_fonts(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(draw(FINAL))
    card = run("pdfinfo", tmp_path / "paper.pdf")
    assert "Tagged:          yes" in card and "841.89 x 595.276 pts (A4)" in card and "10 12:00:00 2027" in card
    tree = run("pdfinfo", "-struct-text", tmp_path / "paper.pdf")
    assert "H1 (block)" in tree and "Figure" in tree and FINAL.holder_name in tree
    fonts = [line.split() for line in run("pdffonts", tmp_path / "paper.pdf").splitlines()[2:]]
    assert len(fonts) == 3 and all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


def test_another_process_draws_the_same_bytes() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run([sys.executable, "-c", DRAW], input=LONG.to_json().encode(), env=environment, check=True,
                           capture_output=True, timeout=60).stdout.decode().strip()
    assert other == sha256(draw(LONG)).hexdigest()
