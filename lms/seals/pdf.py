"""Sealing and inspecting papers. pyHanko (0.5 s, 44 MiB) is loaded by the first use, not in every web process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lms.seals.ring import Ring
from lms.seals.wording import Box


def seal(pdf: bytes, ring: Ring, now: datetime, *, reason: str, place: str, box: Box | None = None,
         page: int = 0) -> bytes:
    """The paper with the school's electronic signature (PAdES B-B), certified: later only signatures may be added.

    `box` (x, y, width, height in millimetres from the top left corner) is where a reader shows the field; what it says
    there is drawn by the paper. The same paper sealed with the same key at the same second gives the same bytes."""
    from lms.seals import signing  # noqa: PLC0415  (pyHanko: 0.5 s and 44 MiB that most web processes never need)
    return signing.seal(pdf, ring.pdf_signer(now), now, reason=reason, place=place, box=box, page=page)


def ready(ring: Ring, now: datetime) -> None:
    """Load what sealing needs, before anybody waits for it."""
    from lms.seals import signing  # noqa: F401, PLC0415  (see seal)
    ring.pdf_signer(now)


def inspect(pdf: bytes, ring: Ring, now: datetime, recorded_at: datetime | None = None) -> Any:
    """seals.inspecting.Inspection: is this paper ours, whole and unchanged? Never raises."""
    from lms.seals import inspecting  # noqa: PLC0415  (asn1crypto: 0.1 s of each cold start)
    return inspecting.inspect(pdf, ring, now, recorded_at)


def extend(pdf: bytes, ring: Ring, now: datetime, authority: str, level: str) -> bytes:
    """The same sealed paper with a time stamp behind it (B-T, B-LTA): its bytes begin with the ones it had."""
    from lms.seals import extending  # noqa: PLC0415  (pyHanko: 0.5 s and 44 MiB; only the worker stamps)
    return extending.extend(pdf, ring, now, authority, level)


def accept(original: bytes, uploaded: bytes, ring: Ring, now: datetime, *, free: Sequence[tuple[int, Box]] = ()) -> Any:
    """seals.outside.Accepted, or a tuple of problems: is this the frozen paper, signed outside, and nothing else?"""
    from lms.seals import outside  # noqa: PLC0415  (pyHanko)
    return outside.accept(original, uploaded, ring, now, free=free)


def stamped_until(pdf: bytes, ring: Ring) -> datetime | None:
    """When the certificate behind the last time stamp of a sound paper ends."""
    from lms.seals import inspecting  # noqa: PLC0415  (asn1crypto, and pyHanko where there are stamps)
    return inspecting.stamped_until(pdf, ring)
