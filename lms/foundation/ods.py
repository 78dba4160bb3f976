"""An OpenDocument spreadsheet, written row by row in flat memory. Cells are numbers or text, never formulas.

Source: OASIS OpenDocument 1.3, part 3: the least package that LibreOffice and Excel open without a question.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

UNSAID = re.compile("[\x00-\x08\x0a-\x1f\ud800-\udfff\ufffe\uffff]")
Value = str | Decimal | int | None

_SPACES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible")))
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_HEAD = (_XML + '<office:document-content {} office:version="1.3"><office:automatic-styles>'
         '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
         '</style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name={}>')
_FOOT = "</table:table></office:spreadsheet></office:body></office:document-content>"
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (_XML + '<manifest:manifest '
             'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
             f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
             '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
             "</manifest:manifest>")


def write(file: IO[bytes], title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """One sheet into an open file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), _KIND, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w") as content, io.TextIOWrapper(content, "utf-8") as text:
            text.write(_HEAD.format(_SPACES, quoteattr(_clean(title))))
            text.write(_row(header, ' table:style-name="head"'))
            for row in rows:
                text.write(_row(row))
            text.write(_FOOT)


def _row(cells: Sequence[Value], style: str = "") -> str:
    return f"<table:table-row>{''.join(_cell(value, style) for value in cells)}</table:table-row>"


def _cell(value: Value, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return (f'<table:table-cell{style} office:value-type="string"><text:p>{escape(_clean(value))}</text:p>'
                "</table:table-cell>")
    return (f'<table:table-cell{style} office:value-type="float" office:value="{value}"><text:p>'
            f'{str(value).replace(".", ",")}</text:p></table:table-cell>')


def _clean(text: str) -> str:
    """A space for what XML can not say."""
    return UNSAID.sub(" ", text)
