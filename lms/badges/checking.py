"""Is this a badge of ours that holds today? Any bytes get a verdict with named problems; nothing is fetched, ever."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lms.badges import badge_shapes, baking, reading, shapes
from lms.badges import status as lists
from lms.badges.issuers import Issuer, IssuerKey
from lms.badges.problems import Problem
from lms.badges.proofs import Unsigned, read_jwt, verify_proof
from lms.badges.shapes import address, listed, moment
from lms.badges.status import NotAList, StatusList

CLOCKS = timedelta(minutes=5)           # by which two clocks may differ
MOST_PROOFS = 4
Status = Callable[[str, str, int], bool | None]
IssuedAt = Callable[[Mapping[str, Any]], datetime | None]


@dataclass(frozen=True)
class Checked:
    ok: bool
    problems: tuple[Problem, ...]
    document: dict[str, Any] | None     # as far as it could be read; believe it only when ok
    form: str = ""                      # json | jwt
    key: IssuerKey | None = None
    notes: tuple[Problem, ...] = ()     # what was seen and left aside


def check(content: bytes, issuers: Iterable[Issuer], status: Status, now: datetime,
          issued_at: IssuedAt = lambda document: None) -> Checked:
    """`issuers`: whom to believe; `status(url, purpose, index)`: the bit of a list, None where unknown;
    `issued_at(document)`: since when the register knows it, which alone keeps badges of a key revoked later."""
    seen = _Seen(tuple(issuers), now)
    try:
        seen.read(content)
        if seen.document is not None:
            seen.look(status, issued_at)
    except Exception as wrong:          # a verdict is owed whatever came; tests allow no "broken"
        seen.problems.append(Problem("broken", type(wrong).__name__))
    problems = tuple(dict.fromkeys(seen.problems))
    return Checked(not problems, problems, seen.document, seen.form, seen.key, tuple(seen.notes))


def read_list(content: bytes, issuers: Iterable[Issuer], now: datetime) -> StatusList:
    """A status list credential (JSON or JWT) of one of these issuers, whose proof and dates hold. Raises NotAList."""
    seen = _Seen(tuple(issuers), now)
    try:
        seen.read(content)
        if seen.document is not None:
            seen.problems += shapes.credential_faults(seen.document)
            seen.dates()
            seen.trusted(None)
    except ValueError as wrong:
        raise NotAList(str(wrong)) from wrong
    if seen.problems or seen.document is None:
        raise NotAList(", ".join(problem.name for problem in seen.problems) or "nothing")
    return lists.list_of(seen.document)


class _Seen:
    """What is found out of one file, step by step."""

    def __init__(self, issuers: tuple[Issuer, ...], now: datetime):
        self.issuers, self.now = issuers, now
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.document: dict[str, Any] | None = None
        self.form, self.key = "", None  # type: tuple[str, IssuerKey | None]

    def read(self, content: bytes) -> None:
        """Document and key, from a picture, a JWT or JSON."""
        try:
            text = baking.unbake(content) if baking.is_picture(content) else content.decode("utf-8")
        except baking.NotBaked as wrong:
            return self.problem("picture", str(wrong))
        except UnicodeDecodeError:
            return self.problem("not_badge")
        text = text.strip()
        if text.startswith("{"):
            return self._json(text)
        if text.count(".") == 2 and text.startswith("ey"):
            return self._jwt(text)
        return self.problem("not_badge")

    def problem(self, name: str, detail: str = "") -> None:
        self.problems.append(Problem(name, detail))

    def _json(self, text: str) -> None:
        try:
            found = reading.read(text)
        except reading.NotJson as wrong:
            return self.problem("json", str(wrong))
        if "EnvelopedVerifiableCredential" in listed(found.get("type")):
            kind, comma, token = str(found.get("id")).partition(",")
            if comma and kind in ("data:application/vc+jwt", "data:application/jwt"):
                return self._jwt(token)
        self.form, self.document = "json", {k: v for k, v in found.items() if k != "proof"}
        proofs = listed(found.get("proof", []))
        if not proofs or len(proofs) > MOST_PROOFS:
            return self.problem("proof_missing" if not proofs else "proof_form", f"{len(proofs)} proofs")
        return self._proofs(proofs)

    def _proofs(self, proofs: list[Any]) -> None:
        """Every proof of the kind we know must be the issuer's and hold; one of a kind unknown proves nothing."""
        issuer = self.issuer()
        if issuer is None:
            return None
        known = [one for one in proofs if isinstance(one, dict) and one.get("type") == "DataIntegrityProof"]
        self.notes += [Problem("proof_ignored")] * (len(proofs) - len(known))
        if not known:
            return self.problem("proof_suite", "no DataIntegrityProof")
        for one in known:
            try:
                self.key = verify_proof(self.document or {}, one, issuer)
            except Unsigned as wrong:
                self.problems.append(wrong.problem)
                continue
            created, expires = moment(one.get("created")), moment(one.get("expires"))
            if expires and expires < self.now or created and created > self.now + CLOCKS:
                self.problem("proof_dates")
        return None

    def _jwt(self, text: str) -> None:
        self.form = "jwt"
        try:
            self.document, claims, self.key = read_jwt(text, self.issuers)
        except Unsigned as wrong:
            self.problems.append(wrong.problem)
            return
        if "proof" in self.document or "vc" in self.document:
            self.problem("second_proof")
        self._claims(claims)

    def _claims(self, claims: Mapping[str, Any]) -> None:
        """What a JWT says twice must be the same both times."""
        document = self.document or {}
        subject = document.get("credentialSubject")
        said = {"iss": address(document.get("issuer")), "jti": document.get("id"),
                "sub": subject.get("id") if isinstance(subject, dict) else None}
        for claim, value in said.items():
            if claim in claims and claims[claim] != value or claim != "sub" and claim not in claims:
                self.problem("claims", claim)
        for claim, name in (("nbf", "validFrom"), ("exp", "validUntil")):
            at = moment(document.get(name))
            if claim in claims and (at is None or claims[claim] != int(at.timestamp())):
                self.problem("claims", claim)
        if not isinstance(claims.get("iat", 0), int) or claims.get("iat", 0) > (self.now + CLOCKS).timestamp():
            self.problem("claims", "iat")

    def issuer(self) -> Issuer | None:
        named = address((self.document or {}).get("issuer"))
        found = next((one for one in self.issuers if one.id == named), None)
        if found is None and not any(problem.name == "issuer_unknown" for problem in self.problems):
            self.problem("issuer_unknown", str(named)[:200])
        return found

    def look(self, status: Status, issued_at: IssuedAt) -> None:
        """Form, dates, key and status of what was read."""
        document = self.document or {}
        self.problems += shapes.credential_faults(document)
        self.problems += badge_shapes.faults(document)
        self.dates()
        issuer = self.issuer()
        if issuer:
            self.problems += lists.problems(document, issuer, status)
        self.trusted(issued_at(document) if self.key and self.key.revoked_at else None)

    def dates(self) -> None:
        begins, ends = (moment((self.document or {}).get(name)) for name in ("validFrom", "validUntil"))
        if begins and begins > self.now + CLOCKS:
            self.problem("not_yet")
        if ends and ends < self.now:
            self.problem("expired")

    def trusted(self, at: datetime | None) -> None:
        if self.key and not self.key.trusted_at(at):
            self.problem("key_revoked")
        if self.key is None and not self.problems:
            self.problem("proof_missing")


