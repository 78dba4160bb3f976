"""What a seminar is: its words, the state its dates put it in, and what of its dates and places can not be. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.foundation.walltime import elapsed, is_ambiguous, place, resolve
from lms.people.rules import Refused
from lms.seminars.standing import words_of as words_of

LANGUAGES = ("es", "pt", "en")          # those of public pages, the source first
THEMES = {"descentralizacion": "Descentralización", "transito": "Tránsito y seguridad vial",
          "seguridad": "Seguridad pública", "educacion": "Educación", "otros": "Otros temas"}
KINDS = {"student": "Participante del diplomado", "member": "Municipalidad socia de AMUCH",
         "guest": "Persona invitada", "public": "Público general", "online": "Asistencia en línea"}
MODES = {"venue": "Presencial", "online": "En línea", "both": "Presencial y en línea"}
STATES = {"draft": "En preparación", "announced": "Anunciado", "running": "En curso", "over": "Terminado",
          "cancelled": "Cancelado"}
MATERIALS = {"file": "Archivo", "link": "Enlace", "recording": "Grabación"}
OPEN_TO = {"public": "Cualquier persona", "registered": "Solo quienes se inscribieron"}
RESERVED = frozenset("agenda nuevo aqui puerta pantalla inscripcion invitacion entrada delegacion".split())
LONGEST = timedelta(hours=12)           # a session
WIDEST = timedelta(days=31)             # from the first session to the last


@dataclass(frozen=True)
class Sitting:
    """A session as it is written down: what two of them may get in each other's way with."""
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    mode: str = "both"
    title: str = ""
    id: int | None = None


def state(now: datetime, published_at: datetime | None, cancelled_at: datetime | None,
          starts_at: datetime | None, ends_at: datetime | None) -> str:
    """draft | announced | running | over | cancelled: read from its dates, never kept."""
    if cancelled_at is not None:
        return "cancelled"
    if published_at is None:
        return "draft"
    if starts_at is None or ends_at is None or now < starts_at:
        return "announced"
    return "running" if now < ends_at else "over"


def texts(**by_language: str) -> str:
    """Texts by language as they are kept, the empty ones left out."""
    return json.dumps({code: text for code, text in by_language.items() if text}, ensure_ascii=False)


def read(kept: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(kept or "{}")
    return found


def slug(title: str) -> str:
    """An address from a title: "Tránsito y año 2027" -> "transito-y-ano-2027"."""
    plain = "".join(c for c in unicodedata.normalize("NFD", title.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-")


def instant(local: datetime, zone: str, field: str) -> datetime:
    """The instant of a wall time; one that does not exist, or exists twice, is refused by name."""
    try:
        found = resolve(local, zone)
    except ValueError as skipped:
        raise Refused(str(skipped), field) from skipped
    if is_ambiguous(local, zone):
        raise Refused(f"El {local:%d-%m-%Y} la hora {local:%H:%M} ocurre dos veces en {place(zone)}, porque los "
                      "relojes se atrasan. Elegir una hora anterior o posterior a ese cambio.", field)
    return found


def check_sitting(one: Sitting, others: Iterable[Sitting], mode: str) -> None:
    """Refuses, by name, a session that can not be held among the others of a seminar of this mode."""
    length = elapsed(one.starts_at, one.ends_at)
    if length <= timedelta(0):
        raise Refused("La sesión termina antes de comenzar. Revisar la hora de término.", "ends")
    if length > LONGEST:
        raise Refused("Una sesión dura a lo más 12 horas. Dividirla en varias o revisar el día de término.", "ends")
    if mode != "both" and one.mode != mode:
        raise Refused(f"El seminario es «{MODES[mode]}» y la sesión no. Cambiar una de las dos cosas.", "mode")
    for other in others:
        if other.id is not None and other.id == one.id:
            continue
        if max(elapsed(one.starts_at, other.ends_at), elapsed(other.starts_at, one.ends_at)) > WIDEST:
            raise Refused(f"Queda a más de 31 días de «{other.title}»: fuera del seminario. Revisar el año y el mes.",
                          "starts")
        if meets(one, other):
            where = f"en «{one.place}»" if one.place else "en el recinto"
            raise Refused(f"A esa hora ya está «{other.title}» {where}. Indicar otra sala u otra hora.", "place")


def meets(one: Sitting, other: Sitting) -> bool:
    """Whether both would be held in one place at one time. What is only online is in nobody's way."""
    return (one.mode != "online" and other.mode != "online" and one.starts_at < other.ends_at
            and other.starts_at < one.ends_at and _room(one.place) == _room(other.place))


def _room(written: str) -> str:
    return " ".join(written.casefold().split())
