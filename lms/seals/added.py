"""What an incremental update may be made of, byte by byte: objects that its table lists, the table, the trailer. Bytes
that nothing points at, which some reader might one day find, are no part of a signature."""

import re
from typing import Any

BLANK = re.compile(rb"(?:[\0\t\n\f\r ]+|%[^\r\n]{0,500})")
OBJECT = re.compile(rb"\d{1,10}[\0\t\n\f\r ]{1,9}\d{1,5}[\0\t\n\f\r ]{1,9}obj\b")
ENTRIES = re.compile(rb"xref[\t\n\r ]{1,9}(?:\d{1,10} \d{1,10}[\t ]{0,9}[\r\n]{1,2}"
                     rb"(?:\d{10} \d{5} [nf][\t\r\n ]{1,2}){0,99999}){1,9999}")
START = re.compile(rb"startxref[\t\n\r ]{1,9}(\d{1,10})")
LONGEST_TRAILER = 8 << 10


def listed(reader: Any, before: int) -> set[int]:
    """Where the tables of the later revisions say that objects stand."""
    found = set()
    for revision in range(before + 1, reader.xrefs.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            where = reader.xrefs.get_historical_ref(reference, revision)
            if isinstance(where, int):
                found.add(where)
    return found


def well_made(pdf: bytes, start: int, known: set[int]) -> bool:
    """From `start` on. Each step goes forward, so it ends."""
    known = known | {int(where) for where in START.findall(pdf, start)}     # a table that is itself an object
    at = start
    while at < len(pdf):
        if (found := BLANK.match(pdf, at)) or (found := ENTRIES.match(pdf, at)) or (found := START.match(pdf, at)):
            at = found.end()
        elif found := OBJECT.match(pdf, at):
            end = pdf.find(b"endobj", found.end())
            if at not in known or end < 0:
                return False
            at = end + len(b"endobj")
        elif pdf.startswith(b"trailer", at):
            end = pdf.find(b"startxref", at, at + LONGEST_TRAILER)
            if end < 0 or b" obj" in pdf[at:end]:
                return False
            at = end
        else:
            return False
    return True
