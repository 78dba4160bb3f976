"""What is told to other systems, to which addresses it may go, and when it is tried again. Pure."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PING = "ping"


@dataclass(frozen=True)
class Kind:
    """An event as others may know it. `carries`: what of the audit line's detail goes out, beside the subject's id."""
    words: str
    carries: tuple[str, ...] = ()


# Numbers of rows and folios only: no name, no address, no document, no reason that somebody wrote. docs/events.md is
# held against this table by a test.
PUBLISHED: dict[str, Kind] = {
    "enrolment.created": Kind("Inscripción", ("person",)),
    "enrolment.resumed": Kind("Inscripción retomada", ("person",)),
    "enrolment.withdrawn": Kind("Retiro de la cohorte"),
    "acta.closed": Kind("Acta cerrada", ("folio", "sequence", "rectifies")),
    "certificate.issued": Kind("Certificado emitido", ("folio", "person")),
    "certificate.revoked": Kind("Certificado anulado", ("folio", "person")),
    "certificate.replaced": Kind("Certificado reemplazado", ("folio", "by", "person")),
    "credit.recorded": Kind("Crédito registrado", ("kind", "source", "person", "hours")),
    "credit.withdrawn": Kind("Crédito retirado"),
    "seminar.registered": Kind("Inscripción en un seminario", ("seminar", "kind", "state")),
    "internship.closed": Kind("Pasantía cerrada", ("person",)),
    "internship.reopened": Kind("Pasantía reabierta", ("person",)),
}


def body(kind: str, at: datetime, subject: str, cohort_id: int | None, detail: Mapping[str, object]) -> bytes:
    """What is sent, the same bytes each time: {type, timestamp, data}."""
    thing, _, number = subject.partition(":")
    data: dict[str, object] = {}
    if kind in PUBLISHED:
        data = {"object": thing, "id": int(number) if number.isdigit() else number, "cohort": cohort_id,
                **{name: detail[name] for name in PUBLISHED[kind].carries if name in detail}}
    told = {"type": kind, "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


# --- where it may go ---------------------------------------------------------------------------------------------

PORTS = frozenset({443, 8443})
LONGEST = 500                   # characters of an address
INSIDE = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa",
          "arpa", "test", "invalid", "onion", "alt")        # names that are never of the open network
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# A number by any of its spellings: 127.1, 0x7f.1, 0177.0.0.1, 2130706433. The last label decides, as browsers have it.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
V6 = ip_network("2000::/3")     # all that has been given out; of it, what leads elsewhere or nowhere:
V6_NOT = tuple(ip_network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"))
V4_NOT = tuple(ip_network(n) for n in (
    "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "192.175.48.0/24", "198.18.0.0/15", "224.0.0.0/3"))


@dataclass(frozen=True)
class Target:
    """An address taken apart: what is resolved, what is connected to and what is asked for are these, nothing else."""
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        usual = {"https": 443, "http": 80}[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if self.port == usual else f":{self.port}")

    @property
    def address(self) -> str:
        return self.origin + self.path


class BadTarget(ValueError):
    """An address to which nothing may be sent; the message says why, in Spanish."""


def target(text: str, local: frozenset[str] = frozenset()) -> Target:
    """Read an address, or refuse it. `local`: origins this installation allows all the same (tests, one machine)."""
    text = text.strip(" ")
    if len(text) > LONGEST:
        raise BadTarget(f"La dirección no puede pasar de {LONGEST} caracteres.")
    if re.search(r"[\x00-\x20\x7f-\xa0\\\u200b-\u200f\u2028-\u202f]", text):
        raise BadTarget("La dirección no puede llevar espacios, barras invertidas ni caracteres de control.")
    scheme, colon, _rest = text.partition("://")
    if not colon or scheme.lower() not in ("https", "http"):
        raise BadTarget("La dirección debe empezar con https://")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadTarget("La dirección no se entiende: revisar el nombre y el puerto.") from None
    if "@" in parts.netloc or parts.fragment or "#" in text:
        raise BadTarget("La dirección no puede llevar usuario, contraseña ni fragmento (#).")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise BadTarget("Escribir la ruta con %XX donde lleve tildes o eñes.")
    usual = {"https": 443, "http": 80}[scheme.lower()]
    found = Target(scheme.lower(), _ascii(parts.hostname or ""), usual if port is None else port, path)
    if found.origin in local:
        return found
    if found.scheme != "https":
        raise BadTarget("La dirección debe empezar con https:// : lo que se envía va cifrado.")
    if port is not None and found.port not in PORTS:
        raise BadTarget(f"El puerto debe ser {' o '.join(map(str, sorted(PORTS)))}.")
    if why := host_refusal(found.host):
        raise BadTarget(why)
    return found


def _ascii(host: str) -> str:
    """The name as DNS knows it: full-width digits and dots and upper case are read as what they become."""
    host = unicodedata.normalize("NFKC", host).lower().removesuffix(".")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise BadTarget("El nombre del servidor no se entiende.") from None


def host_refusal(host: str) -> str | None:
    """Why nothing is sent to a server of this name; None when its numbers may be looked up."""
    labels = host.split(".")
    if ":" in host or NUMBER.fullmatch(labels[-1]):
        return "Escribir el nombre del servidor, no su número IP."
    if len(host) > 253 or not all(NAME.fullmatch(label) for label in labels):
        return "El nombre del servidor no se entiende."
    if len(labels) < 2 or any(host == name or host.endswith(f".{name}") for name in INSIDE):
        return "Ese nombre es de una red interna. Solo se envía a servidores públicos de internet."
    return None


def is_public(number: str) -> bool:
    """Is this IP number of the open network? What is not surely so, is not."""
    try:
        ip = ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        return ip in V6 and ip.is_global and not any(ip in net for net in V6_NOT)
    assert isinstance(ip, IPv4Address)
    return ip.is_global and not any(ip in net for net in V4_NOT)


# --- when it is tried again --------------------------------------------------------------------------------------

BACK_OFF = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
MOST_TRIES = len(BACK_OFF) + 1  # of one delivery: about two days
PAUSE_AFTER = 12                # failures in a row of one address: then it is left alone until somebody looks
GONE = 410                      # an answer that asks for nothing more ever
OVERLAP = timedelta(hours=24)   # how long the old secret still signs beside the new one


@dataclass(frozen=True)
class Answer:
    """What came of calling. `status` is None where there was no answer, and `error` says why."""
    status: int | None
    text: str = ""
    error: str = ""
    ms: int = 0

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def down(self) -> bool:
        """Is it the server that is not well, rather than this one message that is refused?"""
        return self.status is None or self.status >= 500 or self.status in (408, 425, 429)


def wait(failures: int) -> timedelta:
    """After so many failures in a row."""
    return BACK_OFF[min(max(failures, 1), len(BACK_OFF)) - 1]
