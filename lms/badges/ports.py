"""What badges ask of others: the ring of keys and, from a room above, the register of what was issued."""

from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from lms.badges.documents import BadgeFacts


class PublicKey(Protocol):
    """A key of the ring, as lms.seals tells it."""
    @property
    def kid(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def jwk(self) -> dict[str, Any]: ...
    @property
    def revoked_at(self) -> datetime | None: ...


class Ring(Protocol):
    """app.extensions["seals"]."""
    @property
    def ed25519(self) -> tuple[str, Ed25519PrivateKey]: ...
    def known(self) -> tuple[Any, ...]: ...
    def __hash__(self) -> int: ...


class Register(Protocol):
    """app.extensions["badge_register"], set by who issues what badges tell of."""

    def facts(self, session: Session, code: str) -> BadgeFacts | None:
        """Of the badge with this code; None where there is none."""

    def status_bits(self, session: Session, purpose: str, first: int, beyond: int) -> frozenset[int]:
        """The indices from `first` up to `beyond` whose bit is set: purpose is revocation or suspension."""
