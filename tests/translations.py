"""Compiles the message catalogues: `python -m tests.translations` writes each .mo beside its .po."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HOME = Path(__file__).parents[1] / "lms" / "foundation" / "translations"


def compiled(po: Path) -> bytes:
    out = BytesIO()
    with po.open("rb") as file:
        catalogue = read_po(file)
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 11, 25, tzinfo=UTC)      # else it is now
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    for path in HOME.glob("*.po"):
        path.with_suffix(".mo").write_bytes(compiled(path))
