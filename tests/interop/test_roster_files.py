"""One roster in every form that offices save it in gives the same people; what is no roster is told in every form."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from lms.cohorts import batches
from lms.foundation.spreadsheet import Unreadable

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "user-csv"
needs_material = pytest.mark.skipif(not MATERIAL.is_dir(), reason=f"no test material at {MATERIAL}")

ROWS = [("Nombres", "Apellido paterno", "Apellido materno", "Correo electrónico", "RUN", "Municipalidad", "Fecha"),
        ("María José", "Núñez", "Ibáñez", "maria@example.org", "12531909-2", "Ñuñoa", "28-02-1975"),
        ("Íñigo", "Peña", "", "inigo@example.org", "20347878-k", "Vicuña", ""),
        ("Zoé", "O'Higgins", "Güell", "zoe@example.org", "10000013-3", "Aysén", "1975-13-01")]
EXPECTED = [(2, "Núñez Ibáñez, María José", "125319092", "Municipalidad de Ñuñoa", True),
            (3, "Peña, Íñigo", "20347878K", "Municipalidad de Vicuña", True),
            (4, "O'Higgins Güell, Zoé", None, "Municipalidad de Aysén", False)]


def delimited(separator, encoding, newline="\r\n"):
    return "".join(separator.join(row) + newline for row in ROWS).encode(encoding)


def xlsx():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return file.getvalue()


def ods():
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{''.join(cell.format(escape(c)) for c in row)}</table:table-row>" for row in ROWS)
    spaces = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{n}="{spaces}:{n}:1.0"' for n in ("office", "table", "text"))
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
               f'<office:spreadsheet><table:table table:name="Hoja1">{rows}</table:table></office:spreadsheet>'
               "</office:body></office:document-content>")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (f'<manifest:manifest xmlns:manifest="{spaces}:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


FORMS = {
    "utf-8 ;": delimited(";", "utf-8"), "utf-8 with its mark ,": delimited(",",
                                                                           "utf-8-sig"), "cp1252 ;": delimited(";",
                                                                                                               "cp1252"),
    "utf-16 with tabs": delimited("\t", "utf-16"), "cp1252 with tabs, unix": delimited("\t", "cp1252", "\n"),
    "macintosh ;": delimited(";", "mac_roman", "\r"), "ms-dos ;": delimited(";", "cp850"), "xlsx": xlsx(), "ods": ods()}


@pytest.mark.parametrize("form", FORMS)
def test_one_roster_saved_in_many_ways_gives_the_same_people(form):
    sheet = batches.read("nómina", FORMS[form], "CL")
    assert [(e.row, e.name.formal, e.document and e.document[2], e.institution,
             e.good) for e in sheet.entries] == EXPECTED
    faults = [r.message for r in sheet.entries[2].remarks if r.fault]
    assert len(faults) == 2 and "sería" in faults[0] and "mes 13 no existe" in faults[1]


@needs_material
def test_the_same_small_table_is_told_to_be_no_roster_in_the_same_words_whatever_saved_it():
    told = set()
    for path in sorted((MATERIAL / "govuk-notify" / "spreadsheet_files" / "equivalents").iterdir()):
        with pytest.raises(Unreadable) as refusal:
            batches.read(path.name, path.read_bytes(), "CL")
        told.add((refusal.value.message, refusal.value.remedy))
    assert len(told) == 1 and "Correo electrónico" in told.pop()[0]


@needs_material
@pytest.mark.parametrize("name", ["upload_users.csv", "upload_users_profile.csv", "upload_users_cohorts.csv",
                                  "upload_users_email_matching.csv", "upload_users_themes.csv"])
def test_another_platforms_list_of_users_is_read_as_a_roster(name):
    path = MATERIAL / "moodle" / "lib" / "tests" / "fixtures" / name
    sheet = batches.read(name, path.read_bytes(), "CL")
    lines = [line.split(",") for line in path.read_text().splitlines() if line.strip()]
    at = {heading: lines[0].index(heading) for heading in ("firstname", "lastname", "email")}
    assert [(e.name.given, e.name.surname1, e.email) for e in sheet.entries] == [
        (row[at["firstname"]], row[at["lastname"]], row[at["email"]]) for row in lines[1:]]
    assert dict(sheet.columns.ignored)["password"].startswith("Las claves no se importan")
    assert all(entry.good for entry in sheet.entries)


@needs_material
def test_a_list_of_courses_is_no_roster():
    path = next((MATERIAL / "moodle").rglob("courses.csv"))
    with pytest.raises(Unreadable, match="Faltan"):
        batches.read("courses.csv", path.read_bytes(), "CL")
