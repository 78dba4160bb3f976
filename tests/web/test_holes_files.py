"""Holes 12, 14, 15, 16 and 22: archives that leave their folder, entities, formulas, files that would run, and paths.

The hostile files are made here, none is kept. (Bombs: test_holes_bombs.py.)
"""

import csv
import io
import json
import re
import socket
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.attempts.models import SubmissionFile
from lms.catalogue import figures
from lms.cohorts.models import Cohort
from lms.foundation import spreadsheet
from lms.people.models import Institution, Person
from tests.archives import SHEET, changed, laughs, ods, parts_of, workbook, zipped
from tests.looking import one, rows
from tests.offered import ROSTER
from tests.plain import urls

IMPORT = "/cohortes/1/nomina/importar"
TASK = "/cohortes/1/modulos/G1/tarea"
CANARY = "canary-of-a-local-file-93b1"
JSON = {"Accept": "application/json"}


def send(plain, content: bytes, name="nomina.xlsx", who="coral", url=IMPORT, part="file"):
    return plain.client(who).post(url, data={"csrf_token": plain.token, part: (io.BytesIO(content), name)})


def shown(plain, answer) -> str:
    """The page a sent file led to."""
    return (plain.client("coral").get(answer.location) if answer.status_code == 303 else answer).get_data(as_text=True)


# 12: archives ----------------------------------------------------------------------------------------------------------

NAMES = ("../evil.txt", "../../../../../../tmp/evil.txt", "/tmp/evil.txt", "..\\..\\evil.txt", "C:\\evil.txt", "\\\\host\\share\\evil.txt",
         "xl/../../evil.txt", "./../evil.txt", "xl/worksheets/../../../evil.txt", "..%2f..%2fevil.txt", "....//....//evil.txt", "~/evil.txt",
         "evil.txt/", "../", "con", "x" * 300, "evil\u202etxt", "\u2025/evil.txt", "xl/workbook.xml/../evil.txt", "$(touch evil.txt)")


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def symlink(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info, target.encode()


@pytest.mark.parametrize("kind", ["plain", "xlsx", "ods"])
def test_no_archive_writes_beside_its_place(plain, kind):
    """20 names x 3 kinds of archive: what is kept is the file as sent, under its hash, and nothing else anywhere."""
    base = {"plain": {}, "xlsx": parts_of(workbook()), "ods": parts_of(ods())}[kind]
    around = [plain.folder, plain.folder.parent, Path("/tmp"), Path.cwd()]
    before, kept = {p for folder in around for p in folder.iterdir()}, everything(plain.folder / "files")
    for name in NAMES:
        answer = send(plain, zipped([*base.items(), (name, b"evil"), symlink("link", "/etc/passwd")]), f"{kind}.xlsx")
        assert answer.status_code in (303, 422), name
        assert "root:" not in shown(plain, answer)
    assert not [p for folder in around for p in folder.iterdir() if p not in before and "evil" in p.name]
    for path in everything(plain.folder / "files") - kept:
        assert path.is_dir() and len(path.name) == 2 or re.fullmatch("[0-9a-f]{64}", path.name), path


def test_a_part_that_is_a_link_or_there_twice_is_read_as_data(plain):
    book = parts_of(workbook())
    link = symlink("xl/sharedStrings.xml", "/etc/passwd")
    for parts in ([(n, c) for n, c in book.items() if n != link[0].filename] + [link],):
        answer = send(plain, zipped(parts))
        assert answer.status_code in (303, 422) and "root:" not in shown(plain, answer)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([*book.items(), ("xl/worksheets/sheet1.xml", b"<worksheet/>")])
    assert send(plain, twice).status_code in (303, 422)


# 14: entities of XML ---------------------------------------------------------------------------------------------------

def doctypes(url: str) -> list[str]:
    return [f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>', f'<!DOCTYPE x [<!ENTITY e PUBLIC "-//x" "{url}">]>', f'<!DOCTYPE x SYSTEM "{url}">',
            f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}"> %p;]>',
            f'<!DOCTYPE x [<!ENTITY % f SYSTEM "{url}"><!ENTITY % d "<!ENTITY e \'%f;\'>"> %d;]>',
            f'<?xml-stylesheet href="{url}" type="text/xsl"?>']


@pytest.fixture
def bait(tmp_path):
    """(the file whose words must not come out, the address nobody must ask)."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    with socket.create_server(("127.0.0.1", 0)) as ear:
        ear.setblocking(False)
        yield [secret.as_uri(), str(secret), f"http://127.0.0.1:{ear.getsockname()[1]}/x.dtd"]
        with pytest.raises(BlockingIOError):
            ear.accept()


def test_no_entity_of_a_workbook_is_followed(plain, bait):
    """Six kinds of reference x three addresses in the parts of an .xlsx and an .ods."""
    count = 0
    for url in bait:
        for number, doctype in enumerate(doctypes(url)):
            kind = ("xl/sharedStrings.xml", SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "content.xml")[(number + count) % 6]
            book = ods() if kind == "content.xml" else workbook()
            bad = changed(book, kind, lambda t, d=doctype: t.replace("?>", "?>" + d, 1).replace("Rosa", "&e;").replace("<t>", "<t>&e;", 1))
            try:
                read = repr(spreadsheet.read("a.xlsx", bad))
            except spreadsheet.Unreadable as refused:
                read = str(refused)
            assert CANARY not in read, (kind, doctype)
            count += 1
    assert count == 18
    answer = send(plain, changed(workbook(), "xl/sharedStrings.xml", lambda t: t.replace("?>", "?>" + doctypes(bait[0])[0], 1).replace("Rosa", "&e;")))
    assert answer.status_code in (303, 422) and CANARY not in shown(plain, answer)


def test_no_entity_of_a_figure_is_followed(bait):
    shapes = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&e;</text></svg>',
              '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xi="http://www.w3.org/2001/XInclude" viewBox="0 0 9 9"><text>'
              '<xi:include parse="text" href="%s"/></text></svg>',
              '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><image xlink:href="%s"/></svg>',
              '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><use href="%s#x"/><style>@import url(%s);</style></svg>']
    for url in bait:
        for text in [d + shapes[0] for d in doctypes(url)] + [s.replace("%s", url) for s in shapes[1:]]:
            for encoding in ("utf-8", "utf-16", "utf-16-be"):
                drawn = figures.read(text.encode(encoding), "a.svg", 1, "Una figura")
                assert CANARY not in drawn.markup and url not in drawn.markup and "&e;" not in drawn.markup, text
                assert drawn.faults or encoding != "utf-8"


def test_a_figure_of_a_billion_laughs_is_refused_before_it_is_read():
    drawn = figures.read((laughs() + '<svg viewBox="0 0 9 9"><text>&l9;</text></svg>').encode(), "a.svg", 1, "x")
    assert not drawn.markup and drawn.faults
    nested = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + "<g>" * 20_000
    assert figures.read(nested.encode(), "a.svg", 1, "x").faults


# 15: formulas ----------------------------------------------------------------------------------------------------------

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "'=1+1",
            "''=1+1", '=HYPERLINK("http://evil.example";"x")', '"=1+1', "=1+1;x", "-@x", "+A1", '=IMPORTXML("http://evil.example","//a")')
EXPORTS = {"seminars.report_rows",                  # tests/web/test_attendance_import.py
           "cohorts.roster_file", "cohorts.refused_rows", "cohorts.template",
           "grading.figures_csv",                   # tests/web/test_statistics.py
           "gradebook.sheet",                       # tests/web/test_gradebook.py
           "seminars.registrations_file", "seminars.public_list", "seminars.minutes_file",              # tests/web/test_registration_office.py
           "internships.journey_file", "internships.my_journey_file", "internships.summary_file",      # tests/web/test_travel.py
           "completion.overall_file", "completion.everywhere_file"}         # tests/web/test_completion.py
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def test_every_page_that_is_a_table_is_tried_here(plain):
    assert {endpoint for endpoint, method, url in urls(plain.app) if method == "GET" and url.endswith((".csv", ".xlsx", ".ods", ".tsv"))} == EXPORTS


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_an_export_is_a_formula_and_each_comes_back_as_it_was(plain, formula):
    kept = " ".join(formula.split())
    with plain.app.extensions["database"].transaction() as session:
        person, place = session.get_one(Person, 1), session.get_one(Institution, 4)
        person.given_names = person.surname1 = formula
        person.surname2, place.name = None, formula
    answer = plain.client("olga").get("/cohortes/1/nomina.csv")
    header, *lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    for cell in (cell for line in (header, *lines) for cell in line):
        assert not cell.lstrip(" \xa0").startswith(COMPUTED), cell
    table = spreadsheet.read("nomina.csv", answer.data)
    assert any(kept in " ".join(row.cells[0].split()) for row in table.rows) and any(" ".join(row.cells[2].split()) == kept for row in table.rows)
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.mimetype == "text/csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in answer.headers["Cache-Control"]
    cell = formula.replace('"', '""')
    sent = send(plain, f'Nombres;Primer apellido;Correo;"{cell}"\n"{cell}";"{cell}";"{cell}";"{cell}"\n'.encode(), "n.csv")
    if sent.status_code == 303:
        left = plain.client("coral").get(sent.location.replace("/importar?", "/importar/problemas.csv?"))
        for cell in (cell for line in csv.reader(io.StringIO(left.data.decode("utf-8-sig"), newline=""), delimiter=";") for cell in line):
            assert not cell.lstrip(" \xa0").startswith(COMPUTED), cell


def test_the_name_of_an_export_is_only_a_name(plain):
    with plain.app.extensions["database"].transaction() as session:
        session.get_one(Cohort, 1).code = 'a"; x=../..'
    for url in ("/cohortes/1/nomina.csv", "/cohortes/1/nomina/plantilla.csv"):
        head = plain.client("olga").get(url).headers["Content-Disposition"]
        assert "\n" not in head and head.count("attachment") == 1


# 16: files that would run ----------------------------------------------------------------------------------------------

RUNS = b"<html><script>pwn()</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="pwn()"><script>pwn()</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(pwn())>>>>endobj\n%%EOF\n"
DOCX = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": RUNS})
UPLOADS = [     # (file name, content)
    *((f"ficha.{kind}", content) for kind in ("pdf", "docx") for content in (
        PDF, PDF + RUNS, RUNS + PDF, SVG + PDF, b"GIF89a/*" + PDF, DOCX, DOCX + RUNS, RUNS + DOCX, RUNS, SVG, b"MZ" + b"\0" * 300,
        b"\x7fELF" + b"\0" * 300, b"#!/bin/sh\n", b"<?php system($_GET[0]); ?>")),
    *((name, PDF) for name in (
        "ficha.html", "ficha.svg", "ficha.pdf.html", "ficha.html.pdf", "ficha.pdf\0.html", "ficha.html\0.pdf", "ficha.php.pdf", ".htaccess.pdf",
        "ficha.pdf;.html", "ficha.pdf/..", "../../ficha.pdf", "C:\\ficha.pdf", 'fi"cha.pdf', "fi\r\ncha.pdf", "ficha\u202efdp.exe.pdf",
        "<img src=x onerror=pwn()>.pdf", "ficha.PDF", "ficha.pdf ", "ficha.pdf.", "a" * 300 + ".pdf", "ñandú.pdf", "%2e%2e%2fficha.pdf")),
]


@pytest.mark.parametrize("n", range(len(UPLOADS)))
def test_what_is_handed_in_comes_back_as_a_thing_to_save_and_never_as_a_page(plain, n):
    """Refused, or kept and given back: attached, unsniffed, in a sandbox that runs nothing; to its owner and to the marker."""
    name, content = UPLOADS[n]
    before = one(plain.app, select(SubmissionFile.id).order_by(SubmissionFile.id.desc()))
    answer = send(plain, content, name, "ana", TASK, "archivos")
    assert answer.status_code in (303, 422), name
    kept = [r for r in rows(plain.app, select(SubmissionFile.id, SubmissionFile.name, SubmissionFile.kind)) if r.id > before]
    assert len(kept) == (answer.status_code == 303)
    for file_id, kept_name, kind in kept:
        assert kind in ("pdf", "docx") and kept_name.lower().endswith(("pdf", "docx"))
        assert kept_name.isprintable() and not set(kept_name) & set('/\\"<>\u202e') and len(kept_name) <= 120
        for who, url in (("ana", f"/cohortes/1/archivos/{file_id}"), ("ivan", f"/cohortes/1/corregir/archivos/{file_id}")):
            given = plain.client(who).get(url, headers={"Range": "bytes=0-3"})
            head = given.headers
            assert given.status_code == 200 and given.data == content
            assert head["Content-Disposition"].startswith("attachment; ") and "\r" not in head["Content-Disposition"]
            assert head["X-Content-Type-Options"] == "nosniff" and head["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert head["Cache-Control"] == "private, no-store" and head["Cross-Origin-Resource-Policy"] == "same-origin"
            assert given.mimetype == ("application/pdf" if kind == "pdf" else "application/octet-stream")


@pytest.mark.parametrize("name", ["a\0b.csv", "../../nomina.csv", "C:\\x\\nomina.csv", "no\r\nmina.csv", "x\u202evsc.exe", "<b>.csv", "n" * 400 + ".csv"])
def test_the_name_of_a_roster_is_kept_as_a_name(plain, name):
    sent = send(plain, ROSTER.encode(), name)
    assert sent.status_code in (303, 422)
    if sent.status_code == 303:
        answer = plain.send(plain.client("coral"), "/cohortes/1/nomina/importar/confirmar", {"archivo": sent.location.partition("archivo=")[2]})
        assert answer.status_code == 303
        kept = [row["file_name"] for row in plain.tables()["roster_batches"]][-1]
        assert kept.isprintable() and not set(kept) & set("/\\\u202e") and len(kept) <= 200


def test_what_is_ours_is_served_as_what_it_is(plain):
    """Styles, script, icons and fonts: unsniffed, and harmless when opened by themselves."""
    assets = [p.name for p in (plain.folder / "static").iterdir() if p.suffix != ".gz"]
    assert len(assets) > 5
    for name in assets:
        given = plain.client().get(f"/s/{name}")
        assert given.status_code == 200 and given.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in given.headers["Content-Security-Policy"] and "Access-Control-Allow-Origin" not in given.headers
        given.close()


# 22: paths -------------------------------------------------------------------------------------------------------------

def encodings() -> list[str]:
    dots = ("..", "%2e%2e", "%252e%252e", ".%2e", "..%00", "..%0d%0a", "%c0%ae%c0%ae", "%uff0e%uff0e", "．．", "....", "..;", "%2e%2e%00", "..\\", ".\u200b.")
    slashes = ("/", "%2f", "%252f", "\\", "%5c", "//", "%c0%af", "／", "/./")
    found = [(d + s) * 6 + "etc" + s + "passwd" for d in dots for s in slashes[:5]]
    found += ["/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "C:\\windows\\win.ini", "\\\\host\\share", "~root", "~/.ssh/id_rsa",
              "../secret", "../lms.sqlite", "../files", "../mail/000001.eml", "../../secret", "..%2fsecret", "....//secret", "..\\secret", "secret",
              ".git/config", "../.git/config", "wsgi.py", "../wsgi.py", "%2e%2e/secret", "app.css/../../secret", "./../secret", "%00", "..%ff/secret"]
    return found


LEAKS = ("root:x:", "SQLite format 3", "create_app", "[core]", "a key of the tests of holes", "Return-Path", "def ")
PLACES = ("/s/%s", "/cohortes/1/archivos/%s", "/cohortes/1/corregir/archivos/%s", "/mis-certificados/%s.pdf", "/cohortes/1/certificados/%s.pdf",
          "/catalogo/%s", "/cohortes/1/modulos/%s", "/cohortes/1/modulos/G1/lecciones/%s", "/v/%s/x", "/enlace/%s", "/%s")


def test_no_path_leaves_its_place(plain):
    """96 writings of a path x every address that names a file, a page or a word: nothing of the disk is ever shown."""
    (plain.folder / "secret").write_text("a key of the tests of holes")
    paths, asked = encodings(), 0
    assert len(paths) >= 80
    browsers = {who: plain.client(who) for who in ("ana", "olga", "ivan")}
    for place in PLACES:
        who = "ana" if "archivos" in place and "corregir" not in place or "modulos" in place else "ivan" if "corregir" in place else "olga"
        plain.app.extensions["verification_pace"].counts.clear()
        for n, path in enumerate(paths):
            url = (place % path).encode().decode("latin-1")        # as a server hands it on
            answer = browsers[who].get("/", headers=JSON, environ_overrides={"PATH_INFO": url, "REMOTE_ADDR": f"192.0.2.{n}"})
            text = answer.get_data(as_text=True)
            assert answer.status_code in (303, 308, 400, 403, 404, 405, 410), (url, answer.status_code)
            assert not any(leak in text for leak in LEAKS), url
            assert answer.status_code != 308 or re.match("(http://localhost)?/(?![/\\\\])", answer.location), (url, answer.location)
            asked += 1
    assert asked > 900


@pytest.mark.parametrize("header", ["../../../../etc/passwd", "es/../../../etc/passwd", "..%2fpt", "pt\0", "/etc/passwd", "es_AR.po", "x" * 500])
def test_a_language_is_one_of_ours_whatever_is_asked(plain, header):
    browser = plain.client()
    browser.set_cookie("language", header.replace("\0", "%00"))
    page = browser.get("/ayuda", headers={"Accept-Language": header.replace("\0", "")}).get_data(as_text=True)
    assert '<html lang="es">' in page and "root:x:" not in page
    assert plain.send(browser, "/idioma", {"language": header, "next": "/ayuda"}).headers.get("Set-Cookie") is None


def test_time_is_not_read_from_a_path(plain):
    """A zone is named by a page for its clock: a name, never a file."""
    for zone in ("../../etc/passwd", "America/Argentina/../../../etc/passwd", "/etc/localtime", "America/Argentina/x\0", "America/Argentina/Zz"):
        raw = json.dumps({"saves": [{"key": f"abcdefgh{abs(hash(zone)) % 1000}", "question": "anio", "base": 0, "fields": [["r1.q", "a"]]}]})
        answer = plain.client("ana").post("/cohortes/1/intentos/50/respuestas", query_string={"zona": zone}, data=raw, content_type="application/json",
                                          headers={"X-CSRF-Token": plain.token})
        assert answer.status_code in (200, 404), (zone, answer.status_code)
