"""What a file claims to be, read from its bytes without any PDF library: any web process may look."""

import re
from collections.abc import Iterator
from datetime import date

from lms.certificates.snapshot import CODE, FOLIO

READ = 5 << 20                          # bytes of a file in which folio and code are looked for
RANGE = re.compile(rb"/ByteRange[\0\t\n\f\r ]{0,64}\[ ?0 (\d{1,10}) (\d{1,10}) (\d{1,10}) ?\]")
MOST = 8                                # claims that are believed to be worth asking the register about
CLAIM = re.compile(rf"folio=({FOLIO}); code=({CODE})(?![0-9A-Za-z])".encode())
TRANSCRIPT = re.compile(rb"transcript=([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")    # of a transcript's keywords


def claims(pdf: bytes) -> Iterator[tuple[str, str]]:
    """Each different folio and code a file claims, in the order they stand: one pass, whatever the bytes are.

    A paper says it twice (in its properties and in its XMP), so that one damaged byte does not hide the other.
    Claims only, to tell an altered copy from an unknown paper: what holds is the register's record and hash.
    """
    seen: set[tuple[str, str]] = set()
    for found in CLAIM.finditer(pdf[:READ].replace(b"\0", b"")):       # without the zeros UTF-16 reads like ASCII
        claim = (found[1].decode(), found[2].decode())
        if claim not in seen:
            seen.add(claim)
            yield claim
        if len(seen) == MOST:
            return


def identify(pdf: bytes) -> tuple[str, str] | None:
    """The first claim of a file, if it makes any."""
    return next(claims(pdf), None)


def transcript(pdf: bytes) -> date | None:
    """The day of the transcript this file claims to be; believe it only of one whose seal holds."""
    found = TRANSCRIPT.search(pdf[:READ])
    try:
        return date.fromisoformat(found[1].decode()) if found else None
    except ValueError:
        return None


def revisions(pdf: bytes) -> Iterator[bytes]:
    """The file as it was when each of its signatures was made, the longest first, as they claim it themselves."""
    ends = {sum(int(number) for number in found.groups()[1:]) for found in RANGE.finditer(pdf[:READ])}
    for end in sorted((end for end in ends if 0 < end < len(pdf)), reverse=True)[:MOST]:
        yield pdf[:end]
