"""What can be said of a file somebody was given: a paper or a badge. The register decides; signatures are checked
beside it and shown. Any bytes get an answer, within bounds, and nothing is fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Protocol

from lms.badges import baking, checking
from lms.badges.issuers import Issuer
from lms.badges.status import SIZE
from lms.certificates.badge_facts import vouched
from lms.certificates.identity import claims, revisions, transcript
from lms.certificates.rules import End
from lms.seals import pdf as seals
from lms.seals.queries import Ring

LARGEST = 5 << 20               # bytes of a file that is looked at
MOST_ADDED = 1 << 20            # bytes behind our paper that are read for signatures made outside
NOBODYS = {"foreign", "own_name", "several", "broken"}     # what a PDF is called that the register does not know


class Entry(Protocol):
    """A certificate, as a register knows it."""
    @property
    def folio(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def end(self) -> End | None: ...


class Register(Protocol):
    """The database, or an escrow."""
    def by_hash(self, digest: str) -> Any: ...
    def by_claim(self, folio: str, code: str) -> Any: ...
    def by_code(self, code: str) -> Any: ...
    def acta_by_hash(self, digest: str) -> tuple[Any, str] | None: ...
    def acta_by_claim(self, folio: str, code: str) -> tuple[Any, str] | None: ...
    def ended(self, index: int) -> bool | None: ...
    def original(self, certificate: Any) -> bytes | None: ...


@dataclass(frozen=True)
class Finding:
    """`answer`: valid, revoked, replaced (by the register, of a file that is what we issued); altered, appended (a
    changed copy of one of ours); acta, acta_rectified (the file that was closed), acta_altered, acta_appended;
    transcript (of the day `day`, by its seal: no register of them is kept); sealed (ours, but none of these); own_name,
    foreign, several, broken, unknown (PDFs of others); bad_badge, foreign_badge; empty, too_large, other (no PDF and no
    badge)."""
    answer: str
    form: str = ""                          # pdf | badge
    sha256: str = ""
    certificate: Any = None                 # Entry
    inspection: Any = None                  # seals.inspecting.Inspection
    badge: checking.Checked | None = None
    stamped: bool = False                   # the file is the paper with a time stamp behind it
    signers: tuple[Any, ...] = field(default=())        # seals.outside.Signer: who signed it outside, after us
    acta: Any = None                        # actas.queries.ClosedView
    rectified_by: str = ""                  # folio of the acta that corrects it
    day: date | None = None                 # of a transcript

    @property
    def genuine(self) -> bool:
        """Is it what we issued, whether or not it still holds?"""
        return self.answer in ("valid", "revoked", "replaced")


@dataclass(frozen=True)
class Bench:
    """What checking needs."""
    register: Register
    ring: Ring
    issuer: Issuer                          # of badges: ourselves

    def check(self, content: bytes, now: datetime) -> Finding:
        if not content:
            return Finding("empty")
        if len(content) > LARGEST:
            return Finding("too_large")
        digest = sha256(content).hexdigest()
        named = next((one for claim in claims(content) if (one := self.register.by_claim(*claim))), None)
        if named or b"%PDF-" in content[:1024]:
            return self._pdf(content, digest, named, now)
        return self._badge(content, digest, now)

    def _pdf(self, content: bytes, digest: str, named: Entry | None, now: datetime) -> Finding:
        if known := self.register.by_hash(digest):
            seen = seals.inspect(content, self.ring, now, known.issued_at)
            return Finding(known.state, "pdf", digest, known, seen, stamped=digest != known.sha256)
        for before in revisions(content):
            if known := self.register.by_hash(sha256(before).hexdigest()):
                return self._longer(content, digest, known, now)
        if acta := self._acta(content, digest, now):
            return acta
        seen = seals.inspect(content, self.ring, now)
        if named:
            return Finding("altered", "pdf", digest, named, seen)
        if seen.sound and (day := transcript(content)):
            return Finding("transcript", "pdf", digest, None, seen, day=day)
        answer = "sealed" if seen.sound else next((p for p in seen.problems if p in NOBODYS), "unknown")
        return Finding(answer, "pdf", digest, None, seen)

    def _acta(self, content: bytes, digest: str, now: datetime) -> Finding | None:
        """The paper of a closed acta, or a changed copy of one."""
        known, answer = self.register.acta_by_hash(digest), "acta"
        if known is None:
            earlier = (self.register.acta_by_hash(sha256(before).hexdigest()) for before in revisions(content))
            known, answer = next(filter(None, earlier), None), "acta_appended"
        if known is None:
            named = (self.register.acta_by_claim(*claim) for claim in claims(content))
            known, answer = next(filter(None, named), None), "acta_altered"
        if known is None:
            return None
        acta, later = known
        return Finding("acta_rectified" if later and answer == "acta" else answer, "pdf", digest, acta=acta,
                       inspection=seals.inspect(content, self.ring, now, acta.closed_at), rectified_by=later)

    def _longer(self, content: bytes, digest: str, known: Any, now: datetime) -> Finding:
        """It begins with a paper of ours: is what follows a time stamp, a signature made outside, or anything else?"""
        seen = seals.inspect(content, self.ring, now, known.issued_at)
        if seen.sound:
            return Finding(known.state, "pdf", digest, known, seen, stamped=True)
        original = self.register.original(known)
        if original and len(content) - len(original) <= MOST_ADDED:
            accepted = seals.accept(original, content, self.ring, now)
            if not isinstance(accepted, tuple) and self.ring.institution.name not in {s.name for s in accepted.signers}:
                return Finding(known.state, "pdf", digest, known, seen, signers=accepted.signers)
        return Finding("appended", "pdf", digest, known, seen)

    def _badge(self, content: bytes, digest: str, now: datetime) -> Finding:
        def issued_at(document: Mapping[str, Any]) -> datetime | None:
            known = self.register.by_code(_code(document))
            return known.issued_at if known and vouched(known, document, self.issuer.status) else None
        checked = checking.check(content, [self.issuer], self._bit, now, issued_at)
        names = {problem.name for problem in checked.problems}
        if "not_badge" in names:
            return Finding("other", "", digest)
        known = self.register.by_code(_code(checked.document or {}))
        if names <= {"revoked"} and known:
            return Finding(known.state, "badge", digest, known, badge=checked)
        if names == {"picture"} and baking.is_picture(content):
            return Finding("other", "badge", digest, badge=checked)
        return Finding("foreign_badge" if "issuer_unknown" in names else "bad_badge", "badge", digest,
                       None if "issuer_unknown" in names else known, badge=checked)

    def _bit(self, url: str, purpose: str, index: int) -> bool | None:
        if purpose != "revocation" or not url.startswith(self.issuer.status):
            return False if purpose == "suspension" else None       # nothing is ever suspended here
        number = url.removeprefix(self.issuer.status).removeprefix("revocation/")
        return self.register.ended(int(number) * SIZE + index) if number.isdecimal() and len(number) < 6 else None


def _code(document: Mapping[str, Any]) -> str:
    """The code of the certificate a badge belongs to, as its address ends; believe it only of a badge that holds."""
    address = document.get("id")
    return address.rpartition("/")[2][:40] if isinstance(address, str) else ""
