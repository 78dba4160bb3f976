"""A sealed paper gets a time stamp (B-T), or evidence and a time stamp (B-LTA); again when the last one ages."""

from datetime import datetime
from functools import partial

from cryptography.hazmat.primitives.serialization import Encoding

from lms.seals import clockwork, stamping
from lms.seals.inspecting import Inspection, inspect
from lms.seals.ring import Ring
from lms.seals.timekeeping import NoTimeStamp, Unsound


def extend(pdf: bytes, ring: Ring, now: datetime, authority: str, level: str) -> bytes:
    """Raises NoTimeStamp when the authority does not answer well, Unsound when the paper is not a sound one of ours."""
    before = inspect(pdf, ring, now, now)
    if not before.sound:
        raise Unsound(", ".join(before.problems))
    evidence = _evidence(pdf, ring, now, before) if level == "B-LTA" else stamping.Evidence()
    stamped = stamping.add(pdf, evidence, partial(clockwork.ask, authority))
    after = inspect(stamped, ring, now, now)
    if not after.sound:
        raise NoTimeStamp("the time stamp does not lead to a certificate in the folder of anchors: put the authority's "
                          f"there ({ring.anchors})" if "stamp" in after.problems else ", ".join(after.problems))
    return stamped


def _evidence(pdf: bytes, ring: Ring, now: datetime, found: Inspection) -> stamping.Evidence:
    """Our certificates and revocation list, those of the time-stamp authorities; what the file has is not repeated."""
    kid = next(one.kid for one in found.signatures if one.ours)
    its, chain = next((certificate, chain) for key, certificate, chain in ring.seals() if key.kid == kid)
    certificates = [one.public_bytes(Encoding.DER) for one in (its, *chain)]
    certificates += [one.dump() for one in clockwork.known_anchors(ring.anchors)]
    lists = [ring.revocations(now)]
    lists += [path.read_bytes() for path in sorted(ring.anchors.glob("*.crl"))] if ring.anchors.is_dir() else []
    return stamping.Evidence(tuple(one for one in dict.fromkeys(certificates) if one not in pdf),
                             tuple(one for one in dict.fromkeys(lists) if one not in pdf))
