"""Everything a certificate says, frozen when it is issued."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal, TypeAlias

from lms.certificates.kinds import KINDS

Kind: TypeAlias = Literal["final", "module", "enrolment", "participation", "attendance", "internship"]
LANGUAGES = {"es": "Español", "pt": "Português", "en": "English"}       # a paper may be written in
FOLIO = r"[A-Z]{2,10}-\d{4}-\d{6}-\d{2}"
CODE = r"[0-9A-Za-z]{16,40}"
# How each field is called to the person who has to mend it.
CALLED = {
    "kind": "clase de certificado", "language": "idioma", "folio": "folio", "code": "código de verificación",
    "verify_url": "dirección de verificación", "issued_place": "lugar de emisión",
    "holder_name": "nombre para el certificado", "holder_document": "documento de identidad",
    "treatment": "tratamiento", "programme": "título del programa", "module": "título del módulo",
    "institutions": "instituciones", "countries": "países de las instituciones", "credits": "créditos",
    "grade": "nota", "grade_words": "nota en palabras", "scale": "escala de notas",
    "equivalence": "equivalencia referencial", "modules": "módulos", "signatories": "firmantes",
    "edition": "edición", "notice": "aviso", "seal_note": "nota de la firma electrónica",
    "proof": "palabras firmadas del código QR", "form": "forma del texto", "host": "lugar de la pasantía",
    "place": "ciudad",
}


@dataclass(frozen=True)
class Snapshot:
    """A promise: the paper is drawn from this and from nothing else."""
    kind: Kind
    folio: str                                      # "EGL-2027-000123-04"
    code: str                                       # unguessable; in one piece, grouped only on paper
    verify_url: str                                 # ends with the code
    issued_on: date
    issued_place: str                               # "Santiago de Chile"
    holder_name: str                                # as its holder confirmed it
    holder_document: str                            # "RUN 12.531.909-2"
    programme: str                                  # "Diplomado en …"; of attendance, the seminar
    institutions: tuple[str, ...]                   # full names, the school first
    started_on: date
    ended_on: date
    hours: int
    credits: tuple[str, ...] = ()                   # "10,0 SCT-Chile", "10,0 CRE"; the first is said in the text
    grade: str = ""                                 # "5,8"
    grade_words: str = ""                           # "cinco coma ocho"
    scale: str = ""                                 # "escala de 1,0 a 7,0, nota mínima de aprobación 4,0"
    equivalence: str = ""                           # "8 de 10, tabla lineal v1"
    module: str = ""                                # title of the module, of a module's certificate
    modules: tuple[tuple[str, int, str], ...] = ()  # (title, hours, grade): a second sheet, when there are any
    signatories: tuple[tuple[str, str, str], ...] = ()      # (name, office, institution)
    edition: str = ""                               # digest of the programme's files
    notice: str = ""                                # "Documento de demostración, sin valor."
    treatment: str = ""                             # "doña", "don"
    countries: tuple[str, ...] = ()                 # beneath each institution: "República Argentina"
    seal_note: str = ""                             # said of the electronic signature; empty: its place is left blank
    language: str = "es"
    proof: str = ""                                 # what the QR says behind the address: certificates.link
    form: str = ""                                  # of its words: degree | office (how they were admitted), online
    host: str = ""                                  # of an internship: where it was done
    place: str = ""                                 # "Rosario, Argentina": of an internship or a seminar
    minutes: int = 0                                # beyond the whole hours

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """Raises ValueError when the text is not a snapshot: a promise is never read with parts left out."""
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("not a snapshot")
        for name in ("issued_on", "started_on", "ended_on"):
            if name in found:
                found[name] = date.fromisoformat(found[name])
        try:
            return cls(**{name: _frozen(value) for name, value in found.items()})
        except TypeError as wrong:
            raise ValueError(f"not a snapshot: {wrong}") from wrong

    def texts(self) -> Iterator[tuple[str, str]]:
        """Each text that is printed, with the name of its field."""
        for each in fields(self):
            for text in _texts(getattr(self, each.name)):
                yield each.name, text

    @property
    def link(self) -> str:
        """What the QR says."""
        return f"{self.verify_url}#{self.proof}" if self.proof else self.verify_url

    @property
    def title(self) -> str:
        """What was passed, attended or done."""
        known = KINDS.get(self.kind)
        return str(getattr(self, known.title)) if known else self.programme


def well_formed(folio: str, code: str) -> bool:
    return bool(re.fullmatch(FOLIO, folio) and re.fullmatch(CODE, code))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
