"""Hole 13: small things that unpack, nest, repeat or compare to much more than they are: refused within 5 s and 200 MB.

Each is tried in a process of its own with that ceiling, which then must still answer.
"""

import os
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.archives import SHEET, changed, laughs, ods, parts_of, workbook, zipped
from tests.web.test_holes_files import TASK, send

SECONDS, MEMORY = 5, 200 << 20


def in_a_process_of_its_own(deed) -> str:
    """What `deed` answers ("" is well) within 5 s of computing and 200 MB more than this process has."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        told = "it did not end"
        try:
            held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
            spent = resource.getrusage(resource.RUSAGE_SELF)
            most = int(spent.ru_utime + spent.ru_stime) + SECONDS + 1
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            told = deed() or ""
        except BaseException as wrong:
            told = f"{type(wrong).__name__}: {str(wrong)[:300]}"
        finally:
            os.write(writing, told.encode())
            os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    return told if os.WIFEXITED(status) else f"killed by signal {os.WTERMSIG(status)}: too long, or too much memory"


def lying(book: bytes, part: str) -> bytes:
    """The size the directory tells of a part is small, whatever it unpacks to."""
    made = bytearray(book)
    at = made.rfind(part.encode()) - 46             # the last header of that name: the directory's
    made[at + 24:at + 28] = struct.pack("<I", 100)
    return bytes(made)


def packed(size: int) -> bytes:
    """So many bytes of nothing in gzip, made without having them all at once."""
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(press.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + press.flush()


def shared(text: str) -> str:
    return f'{text}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1"><si><t>%s</t></si></sst>'


def png(width: int, height: int) -> bytes:
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9)) + chunk(b"IEND", b""))


SAME = '<c t="s"><v>0</v></c>' * 100
CELL = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
ROSTERS = {         # name of a bomb -> the file
    "a sheet of a gigabyte of spaces": lambda: changed(workbook(), SHEET, lambda t: t.replace("<sheetData>", "<sheetData>" + " " * (1 << 26))),
    "a sheet that lies about its size": lambda: lying(
        changed(workbook(), SHEET, lambda t: t.replace("<sheetData>", "<sheetData>" + " " * (1 << 26))), SHEET),
    "long strings shared by every cell": lambda: changed(changed(workbook(), "xl/sharedStrings.xml", lambda t: shared("") % ("x" * 30_000)), SHEET, lambda t: CELL % "".join(
        f'<row r="{r}">{SAME}</row>' for r in range(1, 900))),
    "a billion laughs": lambda: changed(workbook(), "xl/sharedStrings.xml", lambda t: shared(laughs()) % "&l9;"),
    "quadratic laughs": lambda: changed(workbook(), "xl/sharedStrings.xml", lambda t: shared(
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>') % ("&a;" * 20_000)),
    "a cell in the last corner": lambda: changed(workbook(), SHEET, lambda t: CELL % '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'),
    "a hundred thousand parts": lambda: zipped([*parts_of(workbook()).items(), *((f"x/{n}", b"") for n in range(60_000))], zipfile.ZIP_STORED),
    "archives within archives": lambda: zipped({"xl/workbook.xml": zipped({"a.zip": zipped({"b": b"\0" * (20 << 20)})})}),
    "a hundred thousand nested elements": lambda: changed(workbook(), SHEET, lambda t: CELL % ("<a>" * 100_000)),
    "an .ods that repeats a row a million times": lambda: changed(ods(), "content.xml", lambda t: t.replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">', 1).replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')),
    "an old .xls of nonsense": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600_000,
    "five megabytes of brackets in a heading": lambda: b"(" * 130_000 + b";" + b"(" * 130_000 + b";Correo\nA;B;c@d.cl\n",
    "brackets in every row": lambda: b"Nombres;Primer apellido;Correo;Pa\xc3\xads\n" + b"".join(b"A;B;c%d@d.cl;" % n + b"(" * 30_000 + b"\n" for n in range(100)),
    "marks on one letter": lambda: ("Nombres;Primer apellido;Correo\nA" + "\u0300\u0327" * 50_000 + ";B;c@d.cl\n").encode(),
    "marks on one letter of an address": lambda: ("Nombres;Primer apellido;Correo\nA;B;c" + "\u0300\u0327" * 50_000 + "@d.cl\n").encode(),
    "quotes that never close": lambda: b'Nombres;Primer apellido;Correo\n"' + b'""' * 2_000_000,
    "two million columns": lambda: b";" * 2_000_000 + b"\nA;B\n",
    "two million rows": lambda: b"Nombres;Primer apellido;Correo\n" + b"A;B;C\n" * 800_000,
    "two million blank rows": lambda: b"Nombres;Primer apellido;Correo\n" + b";;\n" * 1_600_000,
    "gzip": lambda: packed(1 << 28),
    "half of UTF-16": lambda: b"\xff\xfe" + b"a\0" * 2_000_000 + b"x",
}


@pytest.mark.parametrize("name", ROSTERS)
def test_a_roster_that_is_a_bomb_is_refused(plain, name):
    content = ROSTERS[name]()
    assert len(content) < 7 << 20, len(content)

    def deed():
        answer = send(plain, content, "nomina.csv" if not content.startswith((b"PK", b"\xd0\xcf", b"\x1f")) else "nomina.xlsx")
        if answer.status_code == 303:
            answer = plain.client("coral").get(answer.location)
        return "" if answer.status_code in (200, 413, 422) else f"status {answer.status_code}"
    plain.app.extensions["database"].engine.dispose()
    assert in_a_process_of_its_own(deed) == ""


def body(plain, kind, raw, url="/cohortes/1/intentos/50/respuestas", who="ana", **headers):
    return plain.client(who).post(url, data=raw, content_type=kind, headers={"X-CSRF-Token": plain.token, **headers}).status_code


def multipart(parts) -> bytes:
    return b"".join(b"--b\r\n" + p + b"\r\n" for p in parts) + b"--b--\r\n"


def field(name: bytes, value: bytes = b"") -> bytes:
    return b'Content-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
MARKS = "A" + "\u0300\u0327" * 150_000
BODIES = {      # name of a bomb -> (its status, what to send)
    "JSON a million deep": ((422,), lambda p: body(p, "application/json", b"[" * 1_000_000)),
    "JSON objects a hundred thousand deep": ((422,), lambda p: body(p, "application/json", b'{"saves":' * 100_000)),
    "a number of a million digits": ((422,), lambda p: body(p, "application/json", b'{"saves": ' + b"9" * 1_000_000 + b"}")),
    "a number beyond all numbers": ((422,), lambda p: body(p, "application/json", b'{"saves": [{"key": "abcdefgh", "question": "anio", "base": 1e999, "fields": []}]}')),
    "eighty thousand keys": ((422,), lambda p: body(p, "application/json", ("{" + ",".join(f'"k{n}":0' for n in range(80_000)) + "}").encode())),
    "JSON of two megabytes": ((413,), lambda p: body(p, "application/json", b" " * (2 << 20))),
    "JSON packed with gzip": ((422,), lambda p: body(p, "application/json", packed(1 << 28), **{"Content-Encoding": "gzip"})),
    "a form packed with gzip": ((400, 422), lambda p: body(p, FORM, packed(1 << 21), "/cuenta", **{"Content-Encoding": "gzip"})),
    "a form of two megabytes": ((413,), lambda p: body(p, FORM, b"a=" + b"x" * (2 << 20), "/cuenta")),
    "a form of thirty megabytes of fields": ((413,), lambda p: body(p, FORM, b"a&" * (15 << 20), "/ingresar", "nobody")),
    "a hundred thousand fields": ((422,), lambda p: body(p, FORM, b"&".join(b"a%d=" % n for n in range(100_000)), "/cuenta")),
    "one field seventy thousand times": ((303, 422), lambda p: body(p, FORM, b"given_names=&" * 70_000, "/cuenta")),
    "two thousand parts": ((413,), lambda p: body(p, PARTS, multipart(field(b"a%d" % n) for n in range(2_000)), TASK)),
    "a hundred thousand parts": ((413,), lambda p: body(p, PARTS, multipart(field(b"a") for n in range(100_000)), TASK)),
    "a part whose head is a megabyte": ((400, 413, 422), lambda p: body(p, PARTS, multipart([field(b"x" * (1 << 20))]), TASK)),
    "parts without an end": ((400, 413, 422), lambda p: body(p, PARTS, b"--b\r\n" + field(b"texto", b"x" * 500_000), TASK)),
    "a boundary everywhere": ((303, 400, 413, 422), lambda p: body(p, PARTS, b"--b\r\n" + field(b"texto", b"\r\n--" * 200_000) + b"\r\n--b--", TASK)),
    "no boundary": ((400, 422), lambda p: body(p, "multipart/form-data", b"x" * 100_000, TASK)),
    "a file of 35 megabytes": ((413,), lambda p: body(p, PARTS, multipart([b'Content-Disposition: form-data; name="archivos"; filename="a.pdf"\r\n\r\n' + b"%PDF" + b"\0" * (35 << 20)]), TASK)),
    "a picture of 50 000 x 50 000": ((422,), lambda p: send(p, png(50_000, 50_000), "a.png", "ana", TASK, "archivos").status_code),
    "a picture to be verified": ((422,), lambda p: send(p, png(50_000, 50_000), "a.pdf", "nobody", "/verificar/archivo").status_code),
    "five megabytes of claims to be verified": ((200,), lambda p: send(p, b"%PDF-1.7" + b"folio=EGL-2027-000001-10; code=" * 160_000, "a.pdf", "nobody", "/verificar/archivo").status_code),
    "marks in a password": ((422,), lambda p: body(p, PARTS, multipart([field(b"csrf_token", p.token.encode()), field(b"email", b"ana@example.org"), field(b"password", MARKS.encode())]), "/ingresar", "nobody")),
    "marks in an address": ((422,), lambda p: body(p, PARTS, multipart([field(b"csrf_token", p.token.encode()), field(b"email", (MARKS + "@a.cl").encode()), field(b"password", b"x")]), "/ingresar", "nobody")),
    "marks in an address for a link": ((303, 422), lambda p: body(p, PARTS, multipart([field(b"csrf_token", p.token.encode()), field(b"email", (MARKS + "@a.cl").encode())]), "/clave", "nobody")),
    "marks in a new password": ((422,), lambda p: body(p, PARTS, multipart([field(b"csrf_token", p.token.encode()), *(field(n, MARKS.encode()) for n in (b"current", b"password", b"again"))]), "/cuenta/clave")),
    "marks in one's present password": ((422,), lambda p: body(p, PARTS, multipart([field(b"csrf_token", p.token.encode()), field(b"current", MARKS.encode()), *(field(n, b"una frase bastante larga") for n in (b"password", b"again"))]), "/cuenta/clave")),
    "marks in names": ((422,), lambda p: body(p, PARTS, multipart(field(n, MARKS.encode()) for n in (b"given_names", b"surname1", b"surname2", b"preferred_name", b"treatment")), "/cuenta")),
    "marks in a name to be printed": ((422,), lambda p: body(p, PARTS, multipart([field(b"name", MARKS.encode())]), "/cuenta/nombre-certificado")),
    "marks in a document": ((422,), lambda p: body(p, PARTS, multipart([field(b"kind", b"cl_run"), field(b"number", MARKS.encode())]), "/cuenta/documentos")),
    "marks in a task": ((303, 422), lambda p: body(p, PARTS, multipart([field(b"texto", MARKS.encode())]), TASK)),
    "marks in an answer": ((303,), lambda p: body(p, PARTS, multipart([field(b"pagina", b"2"), field(b"r6.q", MARKS.encode())]), "/cohortes/1/intentos/50")),
    "marks in a search": ((200,), lambda p: p.client("olga").get("/personas", query_string={"q": MARKS}).status_code),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_a_bomb_is_refused(plain, name):
    """Within 5 s and 200 MB, by a page that says what was wrong; the process goes on serving."""
    status, deed = BODIES[name]
    plain.app.extensions["database"].engine.dispose()

    def run():
        answer = deed(plain)
        healthy = plain.client().get("/ingresar").status_code
        return "" if answer in status and healthy == 200 else f"status {answer}, then {healthy}"
    assert in_a_process_of_its_own(run) == ""
