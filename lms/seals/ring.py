"""The ring of the school's keys: one seals papers, one signs badges and QR codes, the old ones still verify."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time_ns
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
    load_pem_public_key,
)

from lms.foundation import keyfiles
from lms.seals import papers, tokens
from lms.seals.jwk import jwk_of
from lms.seals.keys import PdfKey, Private, PublicKey, ecdsa, pem_of, public_pem_of
from lms.seals.shelf import Kept, Shelf

BEFORE_END = timedelta(days=60)             # a seal whose certificate ends sooner is followed by a new one by itself
TICK = 50_000_000                           # ns: so long a folder may change twice and say the same time


class UnknownKey(LookupError):
    """No key of this name is on the ring."""


@dataclass
class _Seen:
    """What was read from the folder while it had this age."""
    age: int = -1
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    public: tuple[PublicKey, ...] = ()
    loaded: dict[str, Any] = field(default_factory=dict, repr=False)


class Ring:
    def __init__(self, shelf: Shelf, institution: papers.Institution, clock: Callable[[], datetime],
                 token: tokens.Address | None = None, anchors: Path | None = None):
        self.shelf, self.institution, self.clock, self.token = shelf, institution, clock, token
        self.anchors = anchors or shelf.folder.parent / "anchors"       # whose time stamps and signatures are known
        self._seen = _Seen()

    # What others use -------------------------------------------------------------------------------------------------

    def pdf_signer(self, now: datetime) -> PdfKey:
        """The key that seals papers; the first one is made here, and one whose certificate is about to end followed."""
        key = self._signing("seal")
        if not key.facts.get("token") and self._certificate(key.stem).not_valid_after_utc - now < BEFORE_END:
            self.rotate("seal", now)
            key = self._signing("seal")
        found: PdfKey = self._loaded(f"pdf {key.stem}", lambda: self._pdf_key(key))
        return found

    @property
    def ed25519(self) -> tuple[str, Ed25519PrivateKey]:
        """(kid, key) that signs badges and QR codes."""
        stem = self._signing("badge").stem
        found: tuple[str, Ed25519PrivateKey] = self._loaded(f"badge {stem}", lambda: self._badge_key(stem))
        return found

    def public(self) -> tuple[PublicKey, ...]:
        """Every key there ever was, oldest first."""
        for what in ("seal", "badge"):
            self._signing(what)
        return self._fresh().public

    def known(self) -> tuple[PublicKey, ...]:
        """The same, but a ring without keys is left without: what only reads makes none."""
        return self._fresh().public

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """(kid, signature) by the key of badges and QR codes."""
        kid, key = self.ed25519
        return kid, key.sign(message)

    def verify(self, kid: str, message: bytes, signature: bytes, at: datetime) -> bool:
        """Did our Ed25519 key of this name sign it, and is it to be believed of the moment `at`?

        `at` is when the message was signed, as known from elsewhere (the register, a time stamp): who stole a key
        writes into the message what he likes."""
        for known in self.known():
            if known.kid == kid and known.kind == "badge":
                public = load_pem_public_key(known.pem.encode())
                if isinstance(public, Ed25519PublicKey) and known.trusted_at(at):
                    with suppress(InvalidSignature):
                        public.verify(signature, message)
                        return True
        return False

    def seals(self) -> tuple[tuple[PublicKey, x509.Certificate, tuple[x509.Certificate, ...]], ...]:
        """Every key that ever sealed papers, with its certificate and its authority's."""
        seen = self._fresh()
        told = {key.kid: key for key in seen.public}
        found: tuple[tuple[PublicKey, x509.Certificate, tuple[x509.Certificate, ...]], ...] = self._loaded(
            "seals", lambda: tuple((told[self._kid(key.stem)], self._certificate(key.stem),
                                    (self._certificate(key.facts["authority"]),)) for key in seen.kept["seal"]))
        return found

    def revocations(self, now: datetime) -> bytes:
        """The list of revoked seals, signed by the authority that issued the present one, in DER."""
        above = self._authority()
        revoked = [(self._certificate(key.stem).serial_number, key.revoked_at, key.stolen)
                   for key in self._fresh().kept["seal"] if key.revoked_at and key.facts["authority"] == above.stem]
        private = self._private(above.stem)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{above.stem} holds no elliptic curve key")
        return papers.revocations(self._certificate(above.stem), private, revoked, now)

    # What changes the ring -------------------------------------------------------------------------------------------

    def rotate(self, what: str, now: datetime) -> str:
        """Begin with a new seal, badge key or authority (and then a new seal too); returns the new one's name."""
        with keyfiles.alone(self.shelf.folder):
            for kind in ("authority", "seal") if what == "authority" else (what,):
                old = [key for key in self.shelf.keys(kind) if key.signs]
                stem = self._make(kind, now)
                for key in old:
                    self.shelf.end(key, now)
        self._seen = _Seen()
        return self._kid(stem)

    def revoke(self, kid: str, at: datetime, reason: str, now: datetime, *, stolen: bool = True) -> PublicKey:
        """From `at` on, nothing it signed is to be believed; it is destroyed now, and the next use makes a new one."""
        known = next((key for key in self.known() if key.kid == kid), None)
        if known is None:
            raise UnknownKey(kid)
        with keyfiles.alone(self.shelf.folder):
            kept = next(key for key in self.shelf.keys(known.kind) if self._kid(key.stem) == kid)
            if not self.shelf.revoke(kept, at, reason, stolen):
                raise ValueError("revoked before")
            if not kept.until:
                self.shelf.end(kept, now)
        self._seen = _Seen()
        if known.kind == "authority":
            self.rotate("authority", now)
        return next(key for key in self.known() if key.kid == kid)

    # Reading and making ----------------------------------------------------------------------------------------------

    def _fresh(self) -> _Seen:
        """What the folder holds; read again only when it changed. One look at the folder a use."""
        try:
            age = self.shelf.folder.stat().st_mtime_ns
        except FileNotFoundError:
            age = 0
        if age != self._seen.age or time_ns() - age < TICK:
            kept = {what: self.shelf.keys(what) for what in ("authority", "seal", "badge")}
            told = tuple(self._told(what, key) for what, keys in kept.items() for key in keys)
            self._seen = _Seen(age, kept, tuple(sorted(told, key=lambda key: key.since)))
        return self._seen

    def _signing(self, what: str) -> Kept:
        if found := [key for key in self._fresh().kept[what] if key.signs]:
            return found[-1]
        with keyfiles.alone(self.shelf.folder):
            if not any(key.signs for key in self.shelf.keys(what)):         # nobody made it while we waited
                self._make(what, self.clock())
        self._seen = _Seen()
        return [key for key in self._fresh().kept[what] if key.signs][-1]

    def _authority(self) -> Kept:
        return self._signing("authority")

    def _make(self, what: str, now: datetime) -> str:
        """Only within `alone`."""
        number = self.shelf.next_number(what)
        stem = f"{what}-{number:06}"
        if what == "badge":
            badge = Ed25519PrivateKey.generate()
            self.shelf.keep(stem, now, {"pem": pem_of(badge), "pub": public_pem_of(badge)}, {})
            return stem
        if what == "authority":
            key = ec.generate_private_key(ec.SECP256R1())
            made = papers.authority(self.institution, key, number, now)
            self.shelf.keep(stem, now, {"pem": pem_of(key), "crt": made.public_bytes(Encoding.PEM)}, {})
            return stem
        signs = [key.stem for key in self.shelf.keys("authority") if key.signs]
        above = signs[-1] if signs else self._make("authority", now)
        issuer_key = self._private(above)
        if self.token:
            parts, public = {}, tokens.public_key(self.token)
            if any(self._kid(key.stem) == papers.key_name(public) for key in self.shelf.keys("seal")):
                raise tokens.NoToken(f"The key {self.token.key!r} of the token has sealed before. Make a new pair "
                                     "there with another label, and name that in LMS_PKCS11.")
        else:
            key = ec.generate_private_key(ec.SECP256R1())
            parts, public = {"pem": pem_of(key)}, key.public_key()
        made = papers.signing(self.institution, public, number, now, self._certificate(above), issuer_key)  # type: ignore[arg-type]
        self.shelf.keep(stem, now, {**parts, "crt": made.public_bytes(Encoding.PEM)},
                        {"authority": above, **({"token": self.token.told} if self.token else {})})
        return stem

    def _told(self, what: str, key: Kept) -> PublicKey:
        path = self.shelf.path(key.stem, "pub" if what == "badge" else "crt")
        pem = path.read_text("ascii")
        public = load_pem_public_key(pem.encode()) if what == "badge" else self._certificate(key.stem).public_key()
        kid = papers.key_name(public)
        chain = [] if what == "badge" else [self._certificate(key.stem)]
        return PublicKey(kid, what, jwk_of(public, kid, chain), pem, key.since.astimezone(UTC), key.until,
                         key.revoked_at, key.reason)

    def _kid(self, stem: str) -> str:
        if stem.startswith("badge"):
            return papers.key_name(load_pem_public_key(self.shelf.path(stem, "pub").read_bytes()))
        return papers.key_name(self._certificate(stem).public_key())

    def _certificate(self, stem: str) -> x509.Certificate:
        found: x509.Certificate = self._loaded(f"crt {stem}", lambda: x509.load_pem_x509_certificate(
            self.shelf.path(stem, "crt").read_bytes()))
        return found

    def _private(self, stem: str) -> Private:
        key = load_pem_private_key(self.shelf.path(stem, "pem").read_bytes(), None)
        if not isinstance(key, Private):
            raise TypeError(f"{stem}.pem holds no key of ours")
        return key

    def _pdf_key(self, key: Kept) -> PdfKey:
        made, above = self._certificate(key.stem), self._certificate(key.facts["authority"])
        sign = tokens.signer(self.token, made) if key.facts.get("token") else ecdsa(self._private(key.stem))
        return PdfKey(papers.key_name(made.public_key()), made, (above,), sign)

    def _badge_key(self, stem: str) -> tuple[str, Ed25519PrivateKey]:
        key = self._private(stem)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{stem}.pem holds no Ed25519 key")
        return papers.key_name(key.public_key()), key

    def _loaded(self, name: str, load: Callable[[], Any]) -> Any:
        loaded = self._seen.loaded
        if name not in loaded:
            loaded[name] = load()
        return loaded[name]
