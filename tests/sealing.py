"""What tests of seals begin from: a ring of keys in a folder of its own, a paper, and the paper sealed."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lms.certificates.paper import draw
from lms.seals.papers import Institution
from lms.seals.pdf import seal
from lms.seals.ring import Ring
from lms.seals.shelf import Shelf
from tests.rules.test_paper import FINAL

NAME = "Escuela de Gobierno Local"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def ring_in(folder: Path, name: str = NAME, now: datetime = NOW) -> Ring:
    return Ring(Shelf(folder / "keys" / "seals"), Institution(name), lambda: now)


@cache
def paper() -> bytes:
    return draw(FINAL)


def sealed(ring: Ring, now: datetime = NOW, content: bytes | None = None) -> bytes:
    return seal(content or paper(), ring, now, reason="Certificado de aprobación", place="Santiago de Chile",
                box=(200.0, 149.0, 46.0, 24.0))
