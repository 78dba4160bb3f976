"""Which column is what: by the words of its head (Spanish, English, Portuguese), its place, or what it holds."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache

from lms.seminars.reports.times import duration, moment

FIELDS = ("name", "first", "last", "original", "email", "upn", "joined", "left", "seconds", "waiting", "role", "action",
          "at", "attended", "guest")
IN_ORDER = {2: ("name", "joined", "left", "seconds", "email", "upn", "role"),       # of Teams' numbered sections
            3: ("name", "joined", "left", "seconds", "email", "role")}
LONGEST_HEAD = 120

_EXACT = {
    "name": "name", "nombre": "name", "nome": "name", "participant": "name", "participante": "name", "attendee": "name",
    "asistente": "name", "username": "name", "usuario": "name", "user": "name", "first name": "first",
    "given name": "first", "nombres": "first", "nombre de pila": "first", "primeiro nome": "first",
    "primer nombre": "first", "last name": "last", "surname": "last", "family name": "last", "apellido": "last",
    "apellidos": "last", "sobrenome": "last", "ultimo nome": "last", "original name": "original",
    "nombre original": "original", "nome original": "original", "timestamp": "at", "marca de tiempo": "at",
    "marca temporal": "at", "fecha y hora": "at", "data e hora": "at", "carimbo de data hora": "at", "hora": "at",
    "time": "at", "attended": "attended", "asistio": "attended", "participou": "attended", "compareceu": "attended",
    "rol": "role", "role": "role", "funcao": "role", "papel": "role", "mail": "email", "correo": "email",
    "entrada": "joined", "ingreso": "joined", "salida": "left", "saida": "left", "duration": "seconds",
    "duracion": "seconds", "duracao": "seconds", "first seen": "joined", "first seen at": "joined",
    "last seen": "left", "last seen at": "left", "hora de inicio": "joined", "start time": "joined",
    "inicio": "joined", "hora de fin": "left", "hora de finalizacion": "left", "end time": "left", "fin": "left",
    "hora de termino": "left", "entry time": "joined", "tiempo": "seconds", "minutos": "seconds", "minutes": "seconds"}
_NEVER = re.compile(r"\b(record\w*|grabacion|gravacao|descargo|disclaimer|consent\w*|engagement|participacion activa"
                    r"|country|region|pais|registr\w*|inscri\w*|approval|aprobacion|host|anfitrion|anfitriao|topic|tema"
                    r"|topico|meeting id|id de (la )?reunion|source|fuente|participants|participantes|asistentes"
                    r"|attendees|department|connection)\b")
_WORDS = (      # in this order: "Correo electrónico del participante" is an address, not a name
    ("waiting", re.compile(r"\b(waiting|espera)\b")),
    ("upn", re.compile(r"\bupn\b|\b(participant|user) id\b|\bid d[eo]l? (participante|usuario)\b")),
    ("email", re.compile(r"\b(e ?mails?|correo)\b")),
    ("action", re.compile(r"\b(action|accion|acao)\b")),
    ("seconds", re.compile(r"\bdura(tion|cion|cao)\b|\b(time|tiempo|tempo) (in|en|na|no|total|de permanencia)\b")),
    ("left", re.compile(r"\b(leave|left|exit|exited|leaving|salida|salir|salio|saida|sair|saiu|abandon\w+"
                        r"|desconexion)\b")),
    ("joined", re.compile(r"\b(join|joined|joining|unirse|unio|union|entrada|entrar|entro|entrou|ingres\w+"
                          r"|incorpor\w+|acceso|acesso|conexion)\b")),
    ("guest", re.compile(r"\b(guest|invitad[oa]|convidad[oa]|extern[oa])\b")),
    ("role", re.compile(r"\b(role|rol|funcao|papel)\b")),
    ("name", re.compile(r"\b(name|nombre|nome)\b")))


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Without case, accents, punctuation: how two spellings of a head are found to be one."""
    bare = unicodedata.normalize("NFKD", text[:LONGEST_HEAD].casefold())
    return " ".join(re.sub(r"[^\w]|_", " ", "".join(c for c in bare if not unicodedata.combining(c))).split())


@lru_cache(maxsize=4096)
def meaning(head: str) -> str:
    """The field that a head names, or nothing."""
    words = normal(head)
    if not words or "@" in head or words[0].isdigit():
        return ""
    if words in _EXACT:
        return _EXACT[words]
    waits = _WORDS[0][1].search(words)
    if _NEVER.search(words) and not waits:
        return ""
    return next((field for field, sign in _WORDS if sign.search(words)), "")


def columns(cells: Sequence[str]) -> dict[str, int]:
    """Field -> column; of two columns that mean the same the first, and of a name in two columns both."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if field := meaning(cell):
            found.setdefault(field, at)
    if "last" in found and "first" not in found and "name" in found:
        found["first"] = found.pop("name")
    return found


def enough(found: Mapping[str, int]) -> bool:
    """Can attendance be read from these columns?"""
    who = "name" in found or "first" in found or "email" in found
    return who and ("joined" in found or "seconds" in found or ("action" in found and "at" in found))


def is_head(cells: Sequence[str]) -> bool:
    """Is this row the head of a table of attendance? A meeting's own line of heads has no column of names."""
    held = [cell for cell in cells if cell.strip()]
    if len(held) < 2 or any("@" in cell or cell[:1].isdigit() or len(cell) > LONGEST_HEAD for cell in held):
        return False
    found = columns(cells)
    return enough(found) and ("name" in found or "first" in found)


def unit(head: str) -> int:
    """Seconds in one of what a plain number of this column counts."""
    words = normal(head)
    return 1 if re.search(r"\bse[cg]\w*", words) else 3600 if re.search(r"\b(hours?|horas?|hrs?)\b", words) else 60


def summed_up(heads: Sequence[str]) -> bool:
    """Does a row tell the first entry and the last exit, instead of one stay?"""
    sign = re.compile(r"\b(first join|last leave|primer[ao]?|primeir[ao]|ultim[ao]|first seen)\b")
    return any(sign.search(normal(head)) for head in heads)


def completed(found: dict[str, int], rows: Sequence[Sequence[str]], width: int, section: int) -> dict[str, int]:
    """Columns whose heads say nothing, told by what they hold and where they stand."""
    found, taken = dict(found), set(found.values())
    held = guessed(rows, width, taken)
    for field, at in held.items():
        if field not in found and at not in found.values() and not (field == "name" and "first" in found):
            found[field] = at
    for at, field in enumerate(IN_ORDER.get(section, ())):
        if field not in found and at < width and at not in found.values() and field in ("name", "role"):
            found[field] = at
    return found


def guessed(rows: Sequence[Sequence[str]], width: int, taken: Set[int] = frozenset()) -> dict[str, int]:
    """Field -> column, from what the rows hold: the first of addresses, moments, lengths; of the rest, a name."""
    found: dict[str, int] = {}
    signs: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
        (("email",), lambda text: "@" in text), (("joined", "left"), lambda text: moment(text) is not None),
        (("seconds",), lambda text: duration(text) is not None),
        (("name",), lambda text: any(c.isalpha() for c in text)))
    free = [at for at in range(width) if at not in taken]
    for fields, holds in signs:
        for field in fields:
            for at in free:
                held = [row[at] for row in rows if at < len(row) and row[at]]
                if held and sum(map(holds, held)) * 10 >= len(held) * 8 and at not in found.values():
                    found[field] = at
                    break
    return found
