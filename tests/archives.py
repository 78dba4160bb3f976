"""Small spreadsheets and archives made by hand, so that a test may spoil one part of them."""

import io
import zipfile

import xlsxwriter

HEAD = ("Nombres", "Primer apellido", "Correo")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*cells) -> bytes:
    """An .xlsx with the heading of a roster and these rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEAD, *(cells or (("Rosa", "Vera", "rosa@example.org"),)))):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def ods(content: str = "", **more: bytes) -> bytes:
    """An .ods, its content.xml as given."""
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    body = "".join(f"<table:table-row>{(cell * 3) % row}</table:table-row>" for row in (HEAD, ("Rosa", "Vera", "rosa@example.org")))
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    whole = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
             f'<table:table table:name="A">{body}</table:table></office:spreadsheet></office:body></office:document-content>')
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": (content or whole).encode(), **more})


def zipped(parts, how=zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def changed(book: bytes, part: str, change) -> bytes:
    """A workbook with one part written anew."""
    found = parts_of(book)
    return zipped(found | {part: change(found.get(part, b"").decode()).encode()})


def laughs(levels=10) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
