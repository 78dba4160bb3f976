"""What stands behind a seal: time stamps of a known authority with their evidence, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lms.seals.claims import claims

SKEW = timedelta(minutes=10)        # how far clocks may be apart


@dataclass(frozen=True)
class Stamp:
    name: str
    at: datetime | None
    holds: bool
    trusted: bool
    whole: bool


@dataclass(frozen=True)
class Trail:
    """What was read behind a seal."""
    stamps: tuple[Stamp, ...] = ()
    whole: bool = True              # nothing is there but our time stamps
    level: str = "B-B"
    at: datetime | None = None      # before when the seal stood there, by the first stamp
    until: datetime | None = None   # when the last stamp's certificate ends: renew before
    problems: tuple[str, ...] = ()


NONE = Trail()
APPENDED = Trail(whole=False, problems=("appended",))


def read(pdf: bytes, end: int, anchors: Path) -> Trail:
    """Each revision is written again from its own token and evidence, and must come out the same."""
    from lms.seals import clockwork, stamping  # noqa: PLC0415  (pyHanko: only papers with time stamps need it)
    known, found, level, until = clockwork.known_anchors(anchors), [], "B-T", None
    for claim in claims(pdf):
        if claim.end <= end:
            continue
        evidence = stamping.evidence_in(pdf[end:claim.end])
        try:
            rebuilt = stamping.add(pdf[:end], evidence, lambda _, its=claim.envelope: its)      # type: ignore[misc]
        except Exception:           # whatever a library says of bytes made to confuse it: it is not what we write
            return APPENDED
        if rebuilt != pdf[:claim.end]:
            return APPENDED
        if evidence != stamping.Evidence():
            level = "B-LTA"
        token, end = clockwork.read(claim, known), claim.end
        found.append(Stamp(claim.read.name, token.at if token else None, token is not None,
                           token is not None and token.trusted, claim.end == len(pdf)))
        until = token.until if token else None
    if end != len(pdf):
        return APPENDED
    good = all(one.holds and one.trusted for one in found)
    return Trail(tuple(found), True, level if good else "B-B", found[0].at if good else None, until,
                 () if good else ("stamp",))
