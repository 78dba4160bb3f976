"""Standard Webhooks: how a message between systems is signed, and known to be whole, recent and theirs. Pure."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
KEY = 32                        # bytes of a secret of ours; others' may have from 24 to 64
LONGEST_ID = 100                # characters of a message's id
MOST_SIGNATURES = 20            # in one header


class Unsigned(ValueError):
    """Not to be believed. `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str, status: int = 401):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def secret_of(key: bytes) -> str:
    """A key as it is shown and kept: whsec_ and base64."""
    return PREFIX + b64encode(key).decode()


def key_of(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        raise ValueError("a secret is whsec_ and base64") from None
    if not 24 <= len(key) <= 64:
        raise ValueError("a secret has from 24 to 64 bytes")
    return key


def signature(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """`v1,` and base64 of the HMAC-SHA256 of id.timestamp.body."""
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + b64encode(hmac.new(key_of(secret), signed, sha256).digest()).decode()


def headers(secrets: Iterable[str], message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers; one signature for each secret that holds, so that a secret can be changed without a gap."""
    seconds = int(now.timestamp())
    return {"webhook-id": message_id, "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signature(s, message_id, seconds, body) for s in secrets)}


def check(secrets: Iterable[str], message_id: str | None, stamp: str | None, signatures: str | None, body: bytes,
          now: datetime) -> str:
    """The message's id, when one of the secrets signed it within five minutes; raises Unsigned with the reason."""
    if not (message_id and stamp and signatures):
        raise Unsigned("headers_missing", "Faltan encabezados: webhook-id, webhook-timestamp y webhook-signature.",
                       400)
    if len(message_id) > LONGEST_ID or not (message_id.isascii() and message_id.isprintable()) or " " in message_id:
        raise Unsigned("bad_id", f"webhook-id lleva hasta {LONGEST_ID} caracteres ASCII, sin espacios.", 400)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unsigned("bad_timestamp", "webhook-timestamp son los segundos desde 1970, en cifras.", 400)
    offered = [s.encode() for s in signatures.split(" ")[:MOST_SIGNATURES] if s.startswith("v1,")]
    good = False
    for secret in secrets:          # every one with every one, so that the time taken tells nothing
        wanted = signature(secret, message_id, int(stamp), body).encode()
        for one in offered:
            good |= hmac.compare_digest(wanted, one)
    if not good:
        raise Unsigned("bad_signature", "Ninguna firma es de un secreto vigente sobre este mismo cuerpo.")
    if abs(int(now.timestamp()) - int(stamp)) > TOLERANCE.total_seconds():
        raise Unsigned("too_old", "La marca de tiempo está a más de 5 minutos de la hora actual. "
                       "Enviar de nuevo, con la hora de ahora y firma nueva.")
    return message_id
