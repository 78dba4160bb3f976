#!/usr/bin/env python3
# ruff: noqa: UP006, UP035, UP045  (Python 3.9 reads this file too)
"""Checks certificates and badges against the register beside this file. Needs Python 3.9 or later and the package
`cryptography`; no server, no database, no network. README.txt (LEAME.txt) tells more.

    python3 verify.py certificate.pdf [...]      is this what was issued, and did it hold when the register was made?
    python3 verify.py badge.jwt [...]            the same of a badge: as JWT, or as JSON, PNG or SVG (in part)
    python3 verify.py "https://…/v/FOLIO/CODE#…" the same of the link in a QR code
    python3 verify.py                            is the bundle itself whole?

--key 0123456789abcdef    the key that must have signed the register, as the school published it: without it, you are
                          told which one signed, and whether that is the school's you must know from elsewhere
--json                    for programs
Ends with 0 when everything asked is valid, with 1 when something is not, with 2 when the bundle itself is not whole."""

import base64
import hashlib
import json
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

Answer = Tuple[str, Optional[Dict[str, Any]], Optional[Dict[str, Any]]]
HERE = Path(__file__).resolve().parent
LINK = re.compile(r"/v/([A-Z]{2,10}-\d{4}-\d{6}-\d{2})/([0-9A-Za-z]{16,40})(?:#([A-Za-z0-9_-]{120,400}))?$")
CLAIM = re.compile(rb"folio=([A-Z]{2,10}-\d{4}-\d{6}-\d{2}); code=([0-9A-Za-z]{16,40})(?![0-9A-Za-z])")
JWT = re.compile(rb"([A-Za-z0-9_-]{20,2000})\.([A-Za-z0-9_-]{20,200000})\.([A-Za-z0-9_-]{86})")
BADGE = re.compile(rb"/insignias/([0-9A-Z]{16,40})(?![0-9A-Za-z])")
DATA_INTEGRITY = (b"DataIntegrityProof", b"openbadgecredential")
RANGE = re.compile(rb"/ByteRange\s{0,64}\[ ?0 (\d{1,10}) (\d{1,10}) (\d{1,10}) ?\]")
LARGEST = 5 << 20
WORDS = {
    "valid": "VALID: it is what was issued, and held when the register was made.",
    "revoked": "REVOKED: it is what was issued, but no longer held when the register was made.",
    "replaced": "REPLACED: it is what was issued, but another stood in its place when the register was made.",
    "appended": "NOT AS ISSUED: it begins with the issued file, and something was added behind it. If that is a time "
                "stamp or a signature, a PDF reader or pdfsig tells whose.",
    "altered": "ALTERED: it names a certificate that exists, but it is not the file that was issued.",
    "unknown": "UNKNOWN: it is no certificate in this register. It may be younger than the register.",
    "forged": "FORGED: the signature in the link does not hold, or is by no key of the school.",
    "unsigned": "UNSIGNED: the link carries no signed words; only folio and code were looked up.",
    "stolen": "NOT TO BE BELIEVED: signed with a key that was revoked, and not known to be older than that.",
    "unproven": "NOT CHECKED BY THIS SMALL PROGRAM: a badge with a Data Integrity proof (JSON, PNG, SVG). It names "
                "this certificate, which anybody can write: ask for its JWT, or check it with a wallet and did.json.",
    "expired": "NOT IN FORCE: the badge's signature holds, but by its own dates it was not in force on that day.",
    "unreadable": "UNREADABLE: no file of this name, or larger than 5 MB, and no link of a certificate."}


class Bundle:
    """The register beside this file, once its signature and every file it names were found right."""

    def __init__(self, folder: Path, wanted: str = "") -> None:
        told, signature = (folder / "register.json").read_bytes(), (folder / "register.sig").read_bytes()
        self.register = json.loads(told)
        self.keys = {key["kid"]: key for key in self.register["keys"] if key["kind"] == "badge"}
        self.signed_by = self.register["signed_by"]
        if wanted and wanted.lower() != self.signed_by:
            raise ValueError(f"the register is signed by {self.signed_by}, not by {wanted}")
        if not self.holds(self.signed_by, told, signature):
            raise ValueError("the signature of register.json does not hold")
        if self.keys[self.signed_by]["revoked_at"]:
            raise ValueError("register.json is signed by a key it says is revoked")
        for name, digest in self.register["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise ValueError(f"{name} is not the file that was packed")
        self.marks = {one["mark"]: one for one in self.register["certificates"]}
        self.hashes = {digest: one for one in self.register["certificates"]
                       for digest in [one["sha256"], *one["stamped"]]}

    def holds(self, kid: str, message: bytes, signature: bytes) -> bool:
        """Did the key of this name sign it? A key is named by its own hash, so a name can not be given to another."""
        if kid not in self.keys:
            return False
        public = load_pem_public_key(self.keys[kid]["pem"].encode())
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if not isinstance(public, Ed25519PublicKey) or hashlib.sha256(spki).hexdigest()[:16] != kid:
            return False
        try:
            public.verify(signature, message)
            return True
        except InvalidSignature:
            return False

    def check(self, what: str) -> Answer:
        """(answer, the register's entry or None, what the link says or None)."""
        found, path = LINK.search(what.strip()), Path(what)
        if found and not path.is_file():
            return self.link(*found.groups())
        if not path.is_file() or path.stat().st_size > LARGEST:
            return "unreadable", None, None
        return self.file(path.read_bytes())

    def file(self, content: bytes) -> Answer:
        text = JWT.fullmatch(content.strip())
        if text:
            return self.badge(*text.groups())
        named = BADGE.search(content) if any(sign in content for sign in DATA_INTEGRITY) else None
        if named and b"%PDF-" not in content[:1024]:
            known = self.marks.get(mark(named[1].decode()))
            return "unproven" if known else "unknown", known, None
        known = self.hashes.get(hashlib.sha256(content).hexdigest())
        if known:
            return known["state"], known, None
        ends = {sum(map(int, found.groups()[1:])) for found in RANGE.finditer(content)}
        for end in sorted((end for end in ends if 0 < end < len(content)), reverse=True)[:8]:
            known = self.hashes.get(hashlib.sha256(content[:end]).hexdigest())
            if known:
                return "appended", known, None
        for folio, code in list(dict.fromkeys(CLAIM.findall(content.replace(b"\0", b""))))[:8]:
            known = self.marks.get(mark(code.decode()))
            if known and known["folio"] == folio.decode():
                return "altered", known, None
        return "unknown", None, None

    def badge(self, head: bytes, body: bytes, signature: bytes) -> Answer:
        """A VC-JWT (Open Badges 3.0): its key by the name its header gives, its certificate by the code in its id."""
        told, says = json.loads(unpadded(head)), json.loads(unpadded(body))
        kid = str(told["kid"]).rpartition("/")[2]
        known = self.marks.get(mark(str(says["id"]).rpartition("/")[2]))
        signed = head + b"." + body
        ours = {issuer(says), says["iss"]} == {self.register["issuer"]} and says["id"] == says["jti"] and str(
            says["id"]).startswith(self.register["url"] + "/insignias/")
        if (not ours or told["alg"] != "EdDSA" or set(told) - {"alg", "kid", "typ"}
                or not self.holds(kid, signed, unpadded(signature))):
            return "forged", None, None
        if self.keys[kid]["revoked_at"]:
            return "stolen", known, None
        said = {"title": says.get("name", ""), "from": says.get("validFrom", ""), "to": says.get("validUntil", "")}
        now = datetime.fromisoformat(self.register["made_at"]).timestamp()
        if known and known["state"] == "valid" and not says["nbf"] <= now < says.get("exp", now + 1):
            return "expired", known, said
        return known["state"] if known else "unknown", known, said

    def link(self, folio: str, code: str, text: Optional[str]) -> Answer:
        known = self.marks.get(mark(code))
        known = known if known and known["folio"] == folio else None
        if not text:
            return ("unsigned" if known and known["state"] == "valid" else known["state"] if known else "unknown",
                    known, None)
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        told, signature = packed[:-64], packed[-64:]
        message = f"lms-qr 1\n{folio}\n{code}\n".encode() + told
        kid = told[1:9].hex()
        if text != base64.urlsafe_b64encode(packed).rstrip(b"=").decode() or len(told) < 19 or told[0] != 1:
            return "forged", known, None
        if not self.holds(kid, message, signature):
            return "forged", known, None
        before = self.register["signed_before_revocation"].get(kid, [])
        if self.keys[kid]["revoked_at"] and hashlib.sha512(message).hexdigest()[:32] not in before:
            return "stolen", known, None
        return known["state"] if known else "unknown", known, words(told)


def unpadded(text: bytes) -> bytes:
    """base64url without its `=`, in its one right form."""
    found = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(found).rstrip(b"=") != text:
        raise ValueError("not base64url")
    return found


def issuer(says: Dict[str, Any]) -> Any:
    whose = says.get("issuer")
    return whose.get("id") if isinstance(whose, dict) else whose


def mark(code: str) -> str:
    return hashlib.sha512(("lms-mark 1\n" + code).encode()).hexdigest()[:32]


def words(told: bytes) -> Dict[str, Any]:
    days = [str(date(2000, 1, 1) + timedelta(int.from_bytes(told[at:at + 2], "big"))) for at in (10, 12, 14)]
    name = 19 + told[18]
    return {"holder": told[19:name].decode(), "title": told[name:].decode(), "issued": days[0], "from": days[1],
            "to": days[2], "hours": int.from_bytes(told[16:18], "big")}


def main(given: List[str]) -> int:
    as_json = "--json" in given
    given = [one for one in given if one != "--json"]
    wanted = ""
    if "--key" in given[:-1]:
        at = given.index("--key")
        wanted = given[at + 1]
        del given[at:at + 2]
    if any(one in ("-h", "--help") for one in given):
        print(__doc__)
        return 0
    try:
        bundle = Bundle(HERE, wanted)
    except Exception as wrong:          # whatever was done to it
        print(f"THE BUNDLE IS NOT WHOLE: {wrong}", file=sys.stderr)
        return 2
    answers: List[Dict[str, Any]] = []
    for what in given:
        try:
            answer, known, said = bundle.check(what)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError):
            answer, known, said = "forged", None, None
        answers.append({"asked": what, "answer": answer, "register": known, "link_says": said})
    if as_json:
        print(json.dumps({"made_at": bundle.register["made_at"], "signed_by": bundle.signed_by, "answers": answers},
                         ensure_ascii=False, indent=1))
    else:
        tell(bundle, answers, wanted)
    return 1 if any(one["answer"] != "valid" for one in answers) else 0


def tell(bundle: Bundle, answers: List[Dict[str, Any]], wanted: str) -> None:
    compare = "." if wanted else ": compare it with what the school published."
    print(f"Register of {bundle.register['name']}, made {bundle.register['made_at']}: whole, {len(bundle.marks)} "
          f"certificates, signed by key {bundle.signed_by}{compare}")
    for one in answers:
        print(f"\n{one['asked'][:200]}\n  {WORDS[one['answer']]}")
        for facts in (one["register"], one["link_says"]):
            for name, value in (facts or {}).items():
                if name not in ("mark", "index", "state") and value:
                    print(f"  {name:12} {value}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
