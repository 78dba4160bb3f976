"""The names platforms show: without "(Externo)" or "(Guest)", with the original name apart; and their keys."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lms.people import names as spelling
from lms.seminars.reports.heads import normal
from lms.seminars.reports.shape import Join

LONGEST = 254

_ADDED = set((
    "externo|externa|external|no comprobado|no comprobada|no verificado|no verificada|sin verificar|unverified"
    "|nao verificado|nao verificada|guest|invitado|invitada|convidado|convidada|anonimo|anonima|anonymous"
    "|anonymous guest|invitado anonimo|host|co host|cohost|anfitrion|anfitriona|anfitriao|coanfitrion|me|yo|eu"
    "|host me|co host me|anfitrion yo|coanfitrion yo|she her|she her hers|he him|he him his|they them|ella|el|elle"
    "|ela dela|ele dele|organizador|organizer|presenter|moderador|fuera de la organizacion|federado|federated"
    "|in person|presencial|web").split("|"))
_DEVICE = re.compile(r"^[\W\d]*(iphone|ipad|ipod|macbook|mac|samsung|galaxy|sm [a-z0-9]+|huawei|honor|xiaomi|redmi"
                     r"|poco|motorola|moto|android|lenovo|laptop|desktop|pc|notebook|tablet|celular|telefono|phone"
                     r"|usuario|user|zoom|guest|invitado|convidado|admin|administrador|sala|oficina|windows|chrome"
                     r"|hp|dell|asus|acer)\b")


@dataclass(frozen=True)
class Attendee:
    """All rows of one caller: of one address, or, without any, of one name."""
    key: str
    name: str
    shown: str
    original: str
    email: str
    joins: tuple[Join, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the names this caller may be known by, likeliest first."""
        texts = dict.fromkeys(text for join in self.joins for text in (join.original, join.name))
        return tuple(dict.fromkeys(key for text in texts for key in name_keys(text)))

    @property
    def device(self) -> bool:
        """Is this a device's name, good for this once only?"""
        return not self.email and bool(_DEVICE.match(spelling.search_key(self.name)))


def split(shown: str) -> tuple[str, str]:
    """("Carmen Núñez", "Municipalidad de Pucón") of "Carmen Núñez (Municipalidad de Pucón)", without added words."""
    name, original = shown.strip(), ""
    for _ in range(4):
        begin = max(name.rfind("("), name.rfind("["))
        if begin < 1 or not name.endswith((")", "]")):
            break
        before, inside = name[:begin].strip(), name[begin + 1:-1].strip()
        if original and inside and normal(inside) not in _ADDED:
            break
        name, original = before, original if normal(inside) in _ADDED else inside or original
    return name.strip(), original


def name_keys(text: str) -> tuple[str, ...]:
    """How a name is compared: as it stands, turned round at a comma, and without what follows a dash or a bar."""
    found: list[str] = []
    bare = re.sub(r"^[\d\W_]+", "", text[:LONGEST].replace("_", " "))
    for part in (bare, *re.split(r" [-–—|/] | ?\| ?", bare)[:1]):
        surname, comma, given = part.partition(",")
        found += [f"{given} {surname}"] if comma and given.strip() else [part]
    keys = (" ".join(re.sub(r"[^\w ]", " ", spelling.search_key(one)).split()) for one in found)
    return tuple(dict.fromkeys(key for key in keys if key))


def attendees(joins: Iterable[Join]) -> tuple[Attendee, ...]:
    """The callers of a report in order of appearance; who only waited to be let in is none."""
    groups: dict[str, list[Join]] = defaultdict(list)
    for join in joins:
        if not join.waiting:
            groups[join.email.casefold() or f"={spelling.search_key(join.shown)}"].append(join)
    return tuple(_one(key, rows) for key, rows in groups.items())


def _one(key: str, rows: list[Join]) -> Attendee:
    original = next((j.original for j in rows if j.original), "")
    return Attendee(key[:LONGEST], rows[0].name, rows[0].shown, original, rows[0].email, tuple(rows))
