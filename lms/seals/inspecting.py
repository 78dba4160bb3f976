"""Is this paper ours, whole and unchanged? Decided by bytes: never by how some reader would show it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lms.foundation.logs import log
from lms.seals import envelope, stamps
from lms.seals.claims import Claim, claims
from lms.seals.keys import PublicKey
from lms.seals.ring import Ring

LARGEST = 5 << 20                   # bytes


@dataclass(frozen=True)
class Signed:
    """One signature of a file. A time stamp is one too (`stamp`)."""
    name: str                       # as its certificate says, which anybody may have written: believe it only if `ours`
    at: datetime | None             # of a time stamp by its authority; else by the signer's own word
    level: str                      # B-B | B-T | B-LTA of our seal; "" of others
    intact: bool                    # what it covers is what was signed
    trusted: bool                   # its key is ours (or of a known time-stamp authority), and was good at that time
    whole: bool                     # it covers the whole file, but for our time stamps behind it
    ours: bool
    kid: str = ""
    stamp: bool = False


@dataclass(frozen=True)
class Inspection:
    """What a file's signatures prove. `problems` are codes: seals.wording.problem_words() says each to a person."""
    signatures: tuple[Signed, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """One own signature, intact, trusted, covering the whole file, nothing after it but our time stamps."""
        own = [one for one in self.signatures if one.ours]
        return (not self.problems and len(own) == 1 and own[0].intact and own[0].trusted and own[0].whole
                and all(one.ours or (one.stamp and one.trusted) for one in self.signatures))


def inspect(pdf: bytes, ring: Ring, now: datetime, recorded_at: datetime | None = None) -> Inspection:
    """Never raises, whatever the bytes. `recorded_at`: when our own register took this paper in, if it knows it; with
    it, or a time stamp, a paper sealed before its key was revoked stays good. Without, only by the paper's own word,
    which who stole the key writes too."""
    if len(pdf) > LARGEST:
        return Inspection(problems=("too_large",))
    if not pdf.startswith(b"%PDF-"):
        return Inspection(problems=("not_pdf",))
    try:
        return _inspect(pdf, ring, now, recorded_at)
    except Exception as wrong:      # a stranger's file must not break the page that checks it; the log tells us of it
        log.error("inspection", exc_info=wrong)
        return Inspection(problems=("unreadable",))


def _inspect(pdf: bytes, ring: Ring, now: datetime, recorded_at: datetime | None) -> Inspection:
    found = claims(pdf)
    seals = [(claim, seal) for claim in found if (seal := _seal_of(claim, ring))]
    if len(seals) == 1 and pdf[:seals[0][0].end].count(b"/ByteRange") == 1:
        return _judge(pdf, *seals[0], ring, now, recorded_at)
    return _not_ours(found, ring, twice=bool(seals))


def stamped_until(pdf: bytes, ring: Ring) -> datetime | None:
    """When the certificate behind the last time stamp ends; None where there is none."""
    ends = [claim.end for claim in claims(pdf) if _seal_of(claim, ring)]
    return stamps.read(pdf, ends[0], ring.anchors).until if ends and ends[0] < len(pdf) else None


@dataclass(frozen=True)
class Seal:
    """One of our keys with its certificates."""
    key: PublicKey
    certificate: x509.Certificate


def _seal_of(claim: Claim, ring: Ring) -> Seal | None:
    """Which of our keys made this signature? By the key, never by the name."""
    if not claim.tidy:
        return None
    for key, certificate, chain in ring.seals():
        its_own = certificate.public_bytes(Encoding.DER) in claim.envelope
        if its_own and envelope.genuine(claim.envelope, claim.digest(), certificate, chain):
            return Seal(key, certificate)
    return None


def _judge(pdf: bytes, claim: Claim, seal: Seal, ring: Ring, now: datetime,
           recorded_at: datetime | None) -> Inspection:
    """A seal of ours that holds: what stands behind it, and was the key good when it was made?"""
    trail = stamps.read(pdf, claim.end, ring.anchors) if len(pdf) > claim.end else stamps.NONE
    problems = list(trail.problems)
    said = claim.said_time
    proved = min((at for at in (trail.at, recorded_at) if at), default=None)
    key, trusted = seal.key, True
    if key.revoked_at and not (proved and key.trusted_at(proved)):
        trusted = False
        problems.append("revoked")
    if said is None or not _in_service(seal, said) or said > min(now, proved or now) + stamps.SKEW:
        trusted = False
        problems.append("expired")
    own = Signed(common_name(seal.certificate), said, trail.level, True, trusted, trail.whole, True, key.kid)
    after = tuple(Signed(one.name, one.at, "", one.holds, one.trusted, one.whole, False, "", True)
                  for one in trail.stamps)
    others = () if trail.whole else tuple(_told(other, pdf) for other in claims(pdf)
                                          if other.end > claim.end and other.read.readable)
    return Inspection((own, *(after or others)), tuple(dict.fromkeys(problems)))


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


def _in_service(seal: Seal, at: datetime) -> bool:
    """Was the certificate valid, and had the key not been destroyed yet?"""
    ends = min(seal.certificate.not_valid_after_utc, (seal.key.until or datetime.max.replace(tzinfo=UTC)))
    return seal.certificate.not_valid_before_utc <= at and (at <= ends or at - ends < stamps.SKEW)


def _not_ours(found: list[Claim], ring: Ring, twice: bool) -> Inspection:
    """No seal of ours that holds, or more than one."""
    told = tuple(_told(claim, claim.pdf) for claim in found if claim.read.readable)
    if twice:
        problem = "several"
    elif not told:
        problem = "empty" if found else "no_signature"
    elif any(_says_ours(claim, ring) for claim in found):
        problem = "broken"
    elif any(one.name in {ring.institution.name, *(common_name(its) for _, its, _ in ring.seals())} for one in told):
        problem = "own_name"
    else:
        problem = "foreign"
    return Inspection(told, (problem,))


def _says_ours(claim: Claim, ring: Ring) -> bool:
    """Does it carry one of our own certificates, though it does not hold?"""
    its = claim.read.certificate
    return its is not None and any(its.dump() == certificate.public_bytes(Encoding.DER)
                                   for _, certificate, _ in ring.seals())


def _told(claim: Claim, pdf: bytes) -> Signed:
    at = claim.said_time
    return Signed(claim.read.name, at.astimezone(UTC) if at else None, "", claim.read.holds, False,
                  claim.end == len(pdf), False, "", claim.read.stamp)
