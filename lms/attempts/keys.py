"""The keys that sign receipts, in INSTANCE/keys/receipts: made on first use; one signs, the old ones still verify."""

from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from lms.attempts.receipts import Signer, key_id
from lms.foundation import keyfiles
from lms.foundation.syncing import sync_folder


@dataclass
class Keyring:
    """000001.pem signs; once it is retired, only 000001.pub is left of it and 000002.pem signs."""
    folder: Path
    site: str
    _seen: int = -1                     # when the folder last changed, as far as this process knows
    _signer: Signer | None = field(default=None, repr=False)

    def signer(self) -> Signer:
        """Who signs now. Asked at each save: one look at the folder, and nothing is read while it is unchanged."""
        with suppress(FileNotFoundError):
            if self._signer and self.folder.stat().st_mtime_ns == self._seen:
                return self._signer
        if not self._private():
            self._make(1)
        seen = self.folder.stat().st_mtime_ns
        key = _load(self._private()[-1])
        self._signer, self._seen = Signer(self.site, key_id(_public(key)), key), seen
        return self._signer

    def public(self) -> dict[str, bytes]:
        """Name -> 32 bytes of every key that ever signed, oldest first."""
        self.signer()
        found = {path.stem: _public(_load(path)) for path in self._private()}
        found |= {path.stem: b64decode(path.read_text()) for path in self.folder.glob("*.pub")}
        return {key_id(key): key for _, key in sorted(found.items())}

    def rotate(self) -> str:
        """Begin with a new key and forget how to sign with the old ones. Returns the new one's name."""
        self.signer()
        old = self._private()
        self._make(int(old[-1].stem) + 1)
        for path in old:
            keyfiles.write(path.with_suffix(".pub"), b64encode(_public(_load(path))) + b"\n")
            path.unlink()
        sync_folder(self.folder)
        return self.signer().key_id

    def _private(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]*.pem"))

    def _make(self, number: int) -> None:
        """A key is on the disk before it signs anything. Of two processes that make the first, one wins."""
        keyfiles.make_folder(self.folder)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        keyfiles.write(self.folder / f"{number:06}.pem", pem)
        sync_folder(self.folder)
        sync_folder(self.folder.parent)


def _load(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
