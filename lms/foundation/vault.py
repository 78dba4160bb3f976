"""Secrets that must be read again (to sign, to check) are kept in the database encrypted by a key that is not in it."""

from base64 import b64decode, b64encode
from binascii import Error
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask

from lms.foundation import keyfiles

NONCE = 12                      # bytes


class Unreadable(Exception):
    """What is kept was not sealed by this installation's key, or for something else."""


class Vault:
    """AES-256-GCM with a key in a file of its own; a sealed secret is bound to what it is for (`about`), so that one
    row's can not be put into another."""

    def __init__(self, folder: Path):
        self.folder = folder

    def seal(self, secret: str, about: str) -> str:
        nonce = token_bytes(NONCE)
        return b64encode(nonce + AESGCM(self._key()).encrypt(nonce, secret.encode(), about.encode())).decode()

    def read(self, sealed: str, about: str) -> str:
        try:
            raw = b64decode(sealed, validate=True)
            return AESGCM(self._key()).decrypt(raw[:NONCE], raw[NONCE:], about.encode()).decode()
        except (InvalidTag, Error, ValueError) as wrong:
            raise Unreadable(about) from wrong

    def _key(self) -> bytes:
        """Made when first wanted; of two processes that make it at once, one wins and both read the winner's."""
        path = self.folder / "key"
        if not path.exists():
            keyfiles.make_folder(self.folder)
            keyfiles.write(path, token_bytes(32))
        return path.read_bytes()


def install(app: Flask) -> None:
    app.extensions["vault"] = Vault(app.config["INSTANCE"] / "keys" / "vault")
