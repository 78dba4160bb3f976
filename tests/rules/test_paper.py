"""The printed certificate: what it says, that it never changes, and what it refuses before anything is drawn."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from lms.certificates.paper import Snapshot, TooLong, Unprintable, check, draw, identify

CODE = "K7QM2ZP4VX9RT3WC6NHB8DGYJ5"
FOLIO = "EGL-2027-000123-04"
FINAL = Snapshot(
    kind="final", folio=FOLIO, code=CODE, verify_url=f"https://lms.example.cl/v/{FOLIO}/{CODE}",
    issued_on=date(2027, 12, 10), issued_place="Santiago de Chile", holder_name="María Elena Núñez Ibáñez",
    holder_document="RUN 12.531.909-2",
    programme="Diplomado en Cooperación Internacional y Asociativismo Intermunicipal",
    institutions=("Escuela de Gobierno Local de la Asociación de Municipalidades de Chile",
                  "Universidad Nacional de Quilmes"),
    started_on=date(2027, 4, 7), ended_on=date(2027, 11, 27), hours=270, credits=("10,0 SCT-Chile", "10,0 CRE"),
    grade="5,8", grade_words="cinco coma ocho", scale="escala de 1,0 a 7,0, nota mínima de aprobación 4,0",
    equivalence="8 de 10, tabla lineal v1",
    signatories=(("Rosa Firmante Uno", "Directora", "Escuela de Gobierno Local"),
                 ("Raúl Firmante Dos", "Rector", "Universidad Nacional de Quilmes")),
    edition="e" * 64, treatment="doña", countries=("República de Chile", "República Argentina"))
MODULE = replace(FINAL, kind="module", module="Asociativismo intermunicipal", hours=27, grade="7,0",
                 grade_words="siete coma cero", credits=("1,0 SCT-Chile",), equivalence="")
LONG = replace(FINAL, holder_name="María Fernanda Graciela de los Ángeles Ñancupil Etchegaray-Muñoz")
UNGRADED: dict[str, Any] = {"grade": "", "grade_words": "", "scale": "", "equivalence": ""}
ENROLLED = replace(FINAL, kind="enrolment", **UNGRADED)
TOOK_PART = replace(FINAL, kind="participation", credits=(), **UNGRADED)
ATTENDED = replace(LONG, kind="attendance", holder_document="", treatment="", credits=(), hours=7, minutes=30, place="Viña del Mar", programme=(
    "Seminario internacional de descentralización fiscal y seguridad municipal: experiencias de Chile, Argentina y Brasil"), **UNGRADED)
INTERNED = replace(LONG, kind="internship", host="Confederación Nacional de Municipios y Asociación Intermunicipal de la Cuenca del Plata",
                   place="São José dos Campos, Brasil", hours=40, minutes=30, credits=("1,5 SCT-Chile", "1,5 CRE"), equivalence="")
REVERSE = replace(FINAL, modules=(("G1 Cooperación internacional", 27, "5,5"), ("PA Pasantía", 27, "")))
NAMES = ["María de los Ángeles Ñuñoa Íñiguez-O'Higgins", LONG.holder_name, "<b>x</b>&amp;", "(Ana) \\ %s {0} )",
         "Ana", "José <img src='file:///etc/passwd'/> Pérez", "Ñ" * 30]


def said(pdf: bytes) -> list[tuple[str, str]]:
    """Every text of the structure tree with its role, read through the fonts' own ToUnicode tables."""
    with pikepdf.open(BytesIO(pdf)) as file:
        spoken: dict[tuple[int, int], str] = {}
        for number, page in enumerate(file.pages):
            letters = {name: reading(font) for name, font in page.Resources.Font.items()}
            mark, font = None, {}
            for operands, operator in pikepdf.parse_content_stream(page):
                match str(operator):
                    case "BDC":
                        mark = int(operands[1].MCID)
                    case "EMC":
                        mark = None
                    case "Tf":
                        font = letters[str(operands[0])]
                    case "Tj" | "TJ" if mark is not None:
                        parts = operands[0] if str(operator) == "TJ" else operands
                        text = "".join(font[code] for part in parts if isinstance(part, pikepdf.String)
                                       for code in bytes(part))
                        spoken[number, mark] = spoken.get((number, mark), "") + text
        pages = [page.objgen for page in file.pages]
        return [(role, spoken[pages.index(page), mark]) for role, page, mark, _ in leaves(file) if
                (pages.index(page), mark) in spoken]


def reading(font: Any) -> dict[int, str]:
    """Code -> letter, from the font's ToUnicode table."""
    rows = re.findall(rb"^<(\w\w)> <(\w{4})>$", font.ToUnicode.read_bytes(), re.M)
    return {int(code, 16): chr(int(letter, 16)) for code, letter in rows}


def leaves(file: pikepdf.Pdf) -> list[tuple[str, Any, int, str]]:
    """(role, page, mark, alternative text) of each element that holds marked content."""
    found = []

    def walk(element: Any) -> None:
        kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
        for kid in kids:
            if isinstance(kid, int):
                found.append((str(element.S)[1:], element.Pg.objgen, kid, str(element.get("/Alt", ""))))
            else:
                walk(kid)

    walk(file.Root.StructTreeRoot.K)
    return found


def spoken(pdf: bytes) -> str:
    return "\n".join(text for _, text in said(pdf))


@pytest.mark.parametrize("snapshot", [FINAL, MODULE, LONG, REVERSE, ENROLLED, TOOK_PART, ATTENDED, INTERNED], ids=[
    "final", "module", "long", "reverse", "enrolled", "took part", "attended", "interned"])
def test_the_same_snapshot_gives_the_same_bytes(snapshot: Snapshot) -> None:
    first = draw(snapshot)
    assert first == draw(Snapshot.from_json(snapshot.to_json()))
    assert first != draw(replace(snapshot, hours=271))


def test_threads_do_not_mix_their_glyphs() -> None:
    expected = {name: draw(replace(FINAL, holder_name=name)) for name in NAMES[:2] * 4}
    with ThreadPoolExecutor(8) as pool:
        assert all(pdf == expected[name] for name, pdf in zip(
            NAMES[:2] * 4, pool.map(lambda name: draw(replace(FINAL, holder_name=name)), NAMES[:2] * 4), strict=True))


def test_the_surroundings_do_not_change_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(FINAL)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert draw(FINAL) == first


def test_what_a_final_certificate_says() -> None:
    text = spoken(draw(FINAL))
    for words in ("La Escuela de Gobierno Local de la Asociación de Municipalidades de Chile y la Universidad Nacional "
                  "de Quilmes certifican que doña", "María Elena Núñez Ibáñez", "RUN 12.531.909-2, aprobó el",
                  FINAL.programme, "dictado entre el 7 de abril y el 27 de noviembre de 2027, con una duración de "
                  "270 horas (10,0 SCT-Chile), con nota final 5,8 (cinco coma ocho), en escala de 1,0 a 7,0, nota "
                  "mínima de aprobación 4,0.",
                  "Se extiende el presente certificado en Santiago de Chile, a 10 de diciembre de 2027.",
                  "Duración 270 horas", "Equivalencia referencial 8 de 10, tabla lineal v1",
                  "Rosa Firmante Uno Directora Escuela de Gobierno Local", f"Folio {FOLIO}",
                  "Este diplomado no conduce a título profesional ni a grado académico.",
                  "lms.example.cl/verificar con el folio y el código K7QM 2ZP4 VX9R T3WC 6NHB 8DGY J5"):
        assert words in text


def test_what_a_module_certificate_says() -> None:
    text = spoken(draw(MODULE))
    assert "aprobó el módulo\nAsociativismo intermunicipal\ndel Diplomado en Cooperación" in text
    assert "con nota 7,0 (siete coma cero)" in text
    assert "Equivalencia" not in text


def test_a_diplomatura_is_feminine_and_one_body_certifies_alone() -> None:
    text = spoken(draw(replace(FINAL, programme="Diplomatura en Redes", institutions=FINAL.institutions[1:])))
    assert "La Universidad Nacional de Quilmes certifica que" in text
    assert "aprobó la\nDiplomatura en Redes\ndictada entre" in text
    assert "Esta diplomatura no conduce" in text


def test_the_notice_stands_on_every_sheet() -> None:
    notice = "Documento de demostración, sin valor."
    assert spoken(draw(replace(REVERSE, notice=notice))).count(notice) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_as_it_is_written(name: str) -> None:
    pdf = draw(replace(FINAL, holder_name=name))
    assert name in spoken(pdf).split("\n")
    with pikepdf.open(BytesIO(pdf)) as file:
        assert str(file.docinfo.Title) == f"Certificado de aprobación: {name}"
        with file.open_metadata() as card:
            assert card["dc:title"] == f"Certificado de aprobación: {name}"
            assert card["pdfuaid:part"] == "1"


def test_decomposed_letters_are_composed() -> None:
    assert draw(replace(FINAL, holder_name="Nu\u0301n\u0303ez"))
    assert "\nNúñez\n" in spoken(draw(replace(FINAL, holder_name="Nu\u0301n\u0303ez")))


@pytest.mark.parametrize("snapshot", [FINAL, MODULE, REVERSE], ids=["final", "module", "reverse"])
def test_every_face_is_embedded_and_only_in_part(snapshot: Snapshot) -> None:
    with pikepdf.open(BytesIO(draw(snapshot))) as file:
        fonts = [found for found in file.objects if isinstance(found, pikepdf.Dictionary) and
                 found.get("/Type") == "/Font"]
        assert len(fonts) == 3
        for font in fonts:
            assert str(font.BaseFont).startswith("/AAAAAA+")
            assert len(font.FontDescriptor.FontFile2.read_bytes()) < 20_000
            assert "/ToUnicode" in font


def test_it_can_be_read_without_seeing_it() -> None:
    with pikepdf.open(BytesIO(draw(FINAL))) as file:
        assert str(file.Root.Lang) == "es-CL"
        assert file.Root.MarkInfo.Marked
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert str(file.Root.StructTreeRoot.K.S) == "/Document"
        roles = [role for role, *_ in leaves(file)]
        assert roles.count("H1") == 1 and roles.count("Figure") == 1 and set(roles) == {"H1", "P", "Figure"}
        assert [alt for role, _, _, alt in leaves(file) if role == "Figure"] == [
            f"Código QR que abre la página de verificación: {FINAL.verify_url}"]
        assert file.pages[0].Tabs == "/S" and file.pages[0].StructParents == 0
        assert not file.check_pdf_syntax()
    assert ("H1", "Certificado de aprobación") in said(draw(FINAL))


@pytest.mark.parametrize("snapshot", [FINAL, REVERSE], ids=["final", "reverse"])
def test_every_mark_is_content_or_artifact(snapshot: Snapshot) -> None:
    with pikepdf.open(BytesIO(draw(snapshot))) as file:
        found = leaves(file)
        for number, page in enumerate(file.pages):
            depth, marks = 0, []
            for operands, operator in pikepdf.parse_content_stream(page):
                match str(operator):
                    case "BDC":
                        depth += 1
                        marks.append(int(operands[1].MCID))
                    case "BMC":
                        assert operands[0] == "/Artifact"
                        depth += 1
                    case "EMC":
                        depth -= 1
                    case "Tj" | "TJ" | "S" | "f" | "Do":
                        assert depth == 1
            assert marks == list(range(len(marks)))
            assert [mark for _, at, mark, _ in found if at == page.objgen] == marks
            assert len(file.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1]) == len(marks)


def test_microtext_is_not_read_aloud() -> None:
    assert "UNIVERSIDAD NACIONAL" not in spoken(draw(FINAL))


def test_the_modules_are_a_table() -> None:
    words = said(draw(REVERSE))
    assert [text for role, text in words if role == "TH"] == ["Módulo", "Horas", "Nota"]
    assert [text for role, text in words if role == "TD"] == [
        "G1 Cooperación internacional", "27", "5,5", "PA Pasantía", "27", "—", "Total y nota final", "54", "5,8"]


@pytest.mark.parametrize(("field", "text", "called"), [
    ("holder_name", "Ana 😀 Pérez", "Nombre para el certificado"), ("holder_name", "Ana\u202ePérez", "Nombre"),
    ("holder_name", "Ana\x00", "Nombre"), ("programme", "Diplomado 漢", "Título del programa"),
    ("issued_place", "San\u200btiago", "Lugar de emisión"), ("holder_name", "محمد", "Nombre"),
    ("holder_name", "Ana G\u0303uarani", "Nombre"),
])
def test_what_no_face_has_is_refused_by_name(field: str, text: str, called: str) -> None:
    with pytest.raises(Unprintable) as refused:
        check(replace(FINAL, **{field: text}))
    assert str(refused.value).startswith(called) and "U+" in str(refused.value) and "Bórrelo" in str(refused.value)


def test_signatories_are_looked_at_too() -> None:
    with pytest.raises(Unprintable, match="Firmantes"):
        check(replace(FINAL, signatories=(("Rosa ☎", "Directora", "Escuela"),)))


@pytest.mark.parametrize(("changes", "called"), [
    ({"holder_name": "María de los Ángeles " * 10}, "Nombre para el certificado"),
    ({"holder_name": "Ñ" * 120}, "Nombre para el certificado"),
    ({"programme": "Diplomado en Cooperación " * 20}, "título del programa"),
    ({"institutions": ("Universidad Nacional de Tres de Febrero",) * 6}, "Instituciones"),
    ({"signatories": (("Rosa Firmante", "Directora", "Escuela"),) * 9}, "Firmantes"),
    ({"credits": ("10,0 créditos de una unidad con un nombre que no termina nunca",) * 3}, "Créditos"),
    ({"notice": "Sin valor. " * 30}, "Aviso"),
    ({"verify_url": "https://lms.example.cl/" + "v" * 200}, "Dirección de verificación"),
    ({"modules": (("Módulo", 27, "5,5"),) * 40}, "Módulos"),
])
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], called: str) -> None:
    with pytest.raises(TooLong, match=called):
        check(replace(FINAL, **changes))


@pytest.mark.parametrize("changes", [
    {"holder_name": " "}, {"folio": "EGL-1"}, {"code": "corto"}, {"institutions": ()}, {"kind": "internship"}, {"kind": "transcript"},
    {"kind": "module"}, {"ended_on": date(2027, 1, 1)}])
def test_what_a_certificate_can_not_be_without(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        check(replace(FINAL, **changes))


def test_up_to_three_bodies_and_three_signatories_fit() -> None:
    body = "Universidad Nacional de Tres de Febrero"
    check(replace(LONG, institutions=(*FINAL.institutions, body), signatories=(*FINAL.signatories,
          ("María Fernanda Firmante Tres", "Secretaria Académica", body))))


def test_a_snapshot_comes_back_from_json_or_not_at_all() -> None:
    assert Snapshot.from_json(REVERSE.to_json()) == REVERSE
    for wrong in ("", "[]", "{}", "null", '{"kind": "final"}', FINAL.to_json().replace("hours", "minutes")):
        with pytest.raises(ValueError):
            Snapshot.from_json(wrong)


def test_a_file_says_which_paper_it_claims_to_be() -> None:
    pdf = draw(FINAL)
    assert identify(pdf) == (FOLIO, CODE)
    place = pdf.index(b"stream") + 20
    altered = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1:]
    assert altered != pdf and identify(altered) == (FOLIO, CODE)
    assert identify(pdf[:len(pdf) // 2] + b"x" * 9 + pdf[len(pdf) // 2:]) == (FOLIO, CODE)
    assert identify(f"folio={FOLIO}; code={CODE}".encode("utf-16-be")) == (FOLIO, CODE)


@pytest.mark.parametrize("file", [b"", b"%PDF-1.7", b"\0" * 9, bytes(range(256)) * 40, b"folio=" * 9999,
                                  b"folio=EGL-2027-000123-04; code=", f"folio={FOLIO}; code={'K' * 400}".encode()])
def test_other_files_claim_nothing(file: bytes) -> None:
    assert identify(file) is None


def test_a_hostile_file_costs_little() -> None:
    file = (b"folio=" + b"A" * 10 + b"-2027-") * 2_000_000
    begun = time.process_time()
    assert identify(file) is None
    assert time.process_time() - begun < 1
