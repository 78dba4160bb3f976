"""The chain of closed actas: what a record freezes, what binds it to the one before, what is wrong with one. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lms.actas.rules import BEGINNING, Content, canonical, digest, folio

SIGNED = b"lms acta\n"                  # what the school's key signs of a record begins with this
HEAD = b"lms acta head\n"


@dataclass(frozen=True)
class Signed:
    """An instructor's signature, as the paper tells it."""
    person_id: int
    name: str
    institution: str
    at: str                             # ISO, UTC


@dataclass(frozen=True)
class Snapshot:
    """All that a closed acta says. The paper is drawn from this and from nothing else."""
    acta_id: int
    submission_id: int
    sequence: int
    year: int
    number: int
    folio: str
    code: str
    verify_url: str
    previous: str                       # the link of the record before
    previous_folio: str
    closed_at: str                      # ISO, UTC
    closed_by: int
    closer: str                         # the name of who closed it
    opened_at: str
    opened_by: int
    decisions_sha256: str               # of what was said of those without a grade: actas.queries.decided
    submitted_at: str
    submitted_by: int
    signatures: tuple[Signed, ...]
    content_sha256: str                 # what was signed
    content: Content
    rectifies: int | None = None        # the sequence of the record it corrects
    book: str = ""                      # where a register on paper has it: libro and folio
    page: str = ""
    notice: str = ""                    # "Documento de demostración, sin valor."

    def to_json(self) -> str:
        return canonical(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """Raises ValueError when the text is not a snapshot."""
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("not a snapshot")
        try:
            return cls(**{**found, "signatures": tuple(Signed(**one) for one in found["signatures"]),
                          "content": Content.from_dict(found["content"])})
        except (TypeError, KeyError) as wrong:
            raise ValueError(f"not a snapshot: {wrong}") from wrong

    @property
    def title(self) -> str:
        return "Acta rectificatoria" if self.content.rectifies else "Acta de notas finales"


@dataclass(frozen=True)
class Record:
    """A row of the register, as it is found."""
    sequence: int
    acta_id: int
    submission_id: int
    cohort_id: int
    module: str
    rectifies: int | None
    year: int
    number: int
    folio: str
    code: str
    snapshot: str
    sha256: str
    previous: str
    paper_sha256: str
    link: str
    kid: str
    signature: str
    closed_at: datetime
    closed_by: int


def link(sequence: int, sha256: str, previous: str, paper_sha256: str) -> str:
    """What the next record and the head hold on to."""
    return digest(canonical([sequence, sha256, previous, paper_sha256]))


def signed(bound: str) -> bytes:
    """What the school's key signs of a record."""
    return SIGNED + bound.encode()


ALIKE = ("acta_id", "submission_id", "sequence", "year", "number", "folio", "code", "previous", "rectifies",
         "closed_by")


def faults(record: Record, before: Record | None) -> list[str]:
    """What a record says that can not be, by itself and after the one before it."""
    found = []
    if record.sequence != (before.sequence if before else 0) + 1:
        found.append("no sigue al anterior: falta o sobra un registro")
    if record.previous != (before.link if before else BEGINNING):
        found.append("no está enlazado con el registro anterior")
    return found + by_itself(record)


def by_itself(record: Record) -> list[str]:
    """What is wrong with a record whatever stands before it."""
    found = []
    if digest(record.snapshot.encode("utf-8", "replace")) != record.sha256:
        found.append("su contenido no corresponde a su huella")
    if link(record.sequence, record.sha256, record.previous, record.paper_sha256) != record.link:
        found.append("su enlace no corresponde a lo que enlaza")
    try:
        snapshot = Snapshot.from_json(record.snapshot)
    except ValueError:
        return [*found, "su contenido no se puede leer"]
    return found + _unlike(record, snapshot) + _within(snapshot)


def _unlike(record: Record, snapshot: Snapshot) -> list[str]:
    """Columns beside the snapshot that say otherwise."""
    columns = [name for name in ALIKE if getattr(record, name) != getattr(snapshot, name)]
    columns += [name for name, said in (("cohort_id", snapshot.content.cohort_id), ("module", snapshot.content.module))
                if getattr(record, name) != said]
    if record.closed_at.isoformat() != snapshot.closed_at:
        columns.append("closed_at")
    return [f"la columna {name} no dice lo mismo que el contenido" for name in columns]


def _within(snapshot: Snapshot) -> list[str]:
    """What a snapshot contradicts itself in."""
    found = []
    if snapshot.folio != folio(snapshot.year, snapshot.number):
        found.append("su folio no corresponde a su año y número")
    if snapshot.content.digest != snapshot.content_sha256:
        found.append("lo firmado no es lo que contiene")
    if {s.person_id for s in snapshot.signatures} != {s.person_id for s in snapshot.content.signers}:
        found.append("no lo firman sus docentes")
    return found


@dataclass(frozen=True)
class Head:
    """The end of the chain at a moment, signed: who keeps one can tell whether what came before is still so."""
    sequence: int
    link: str
    folio: str
    at: str                             # ISO, UTC
    kid: str = ""
    signature: str = ""                 # base64

    @property
    def message(self) -> bytes:
        return HEAD + canonical([self.sequence, self.link, self.folio, self.at])

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Head":
        try:
            found: Mapping[str, Any] = json.loads(text)
            return cls(**{**found, "sequence": int(found["sequence"])})
        except (TypeError, KeyError, ValueError) as wrong:
            raise ValueError(f"not a head: {wrong}") from wrong
