"""Calling another system's address: the number it resolves to is looked at, and that very number is connected to."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer

from lms.events.rules import Answer, BadTarget, Target, is_public, target

CONNECT = 4.0                   # seconds to connect, to each number
WHOLE = 10.0                    # seconds for everything after the name is resolved: then the line is cut
NUMBERS = 2                     # of those a name resolves to are tried
MOST_ANSWER = 2000              # bytes of an answer that are read
SHOWN = 500                     # characters of it that are kept
AGENT = "lms-events/1"

Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Plain(http.client.HTTPConnection):
    """A connection to a number that was looked at, speaking to the name it was looked up for."""

    def __init__(self, to: Target, number: str, tls: ssl.SSLContext | None):
        super().__init__(to.host, to.port, timeout=CONNECT)
        self.number, self.tls, self.name, self.late = number, tls, to.host, False

    def connect(self) -> None:
        line = socket.create_connection((self.number, self.port), CONNECT)
        self.sock = line
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            self.sock = self.tls.wrap_socket(line, server_hostname=self.name)

    def cut(self) -> None:
        """End it from another thread: whoever waits on it is told at once."""
        self.late = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)     # the line's own, under TLS too


@dataclass(frozen=True)
class Caller:
    """How this installation calls out. Tests bring their own resolver, certificate authority and what is public."""
    local: frozenset[str] = frozenset()         # origins allowed though they are http, or on this machine
    resolve: Resolver = resolve
    public: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    whole: float = WHOLE

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Never raises: whatever goes wrong is the answer. No redirect is followed, no proxy is asked."""
        began = time.monotonic()
        try:
            to = target(address, self.local)
            answer = self._first(to, self._numbers(to), body, headers)
        except BadTarget as why:
            answer = Answer(None, error=str(why))
        except OSError as wrong:                # TLS errors are OSErrors too
            answer = Answer(None, error=_told(wrong))
        except (http.client.HTTPException, ValueError) as wrong:
            answer = Answer(None, error=f"La respuesta no es HTTP: {type(wrong).__name__}")
        return Answer(answer.status, answer.text, answer.error[:200], round((time.monotonic() - began) * 1000))

    def _numbers(self, to: Target) -> Sequence[str]:
        """What the name resolves to; one number that is not public refuses them all."""
        found = self.resolve(to.host, to.port)
        if not found:
            raise BadTarget("El nombre del servidor no existe.")
        if to.origin not in self.local and (inside := [n for n in found if not self.public(n)]):
            raise BadTarget(f"El nombre lleva a una red interna ({inside[0]}). Solo se envía a servidores públicos.")
        return found[:NUMBERS]

    def _first(self, to: Target, numbers: Sequence[str], body: bytes, headers: Mapping[str, str]) -> Answer:
        """By the first number that can be connected to; what has begun to be sent is sent to no other."""
        wrong: OSError | None = None
        for number in numbers:
            line = _Plain(to, number, self.tls if to.scheme == "https" else None)
            watch = Timer(self.whole, line.cut)
            watch.daemon = True
            watch.start()
            try:
                try:
                    line.connect()
                except OSError as failed:
                    wrong = failed
                    continue
                line.sock.settimeout(self.whole)
                answer = _exchange(line, to, body, headers)
                if line.late:                   # what was read is what had come until the line was cut
                    raise TimeoutError
                return answer
            finally:
                watch.cancel()
                line.close()
        raise wrong or OSError("no number")


def _exchange(line: _Plain, to: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    line.request("POST", to.path, body, {
        "Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close", **headers})
    response = line.getresponse()
    text = response.read(MOST_ANSWER).decode("utf-8", "replace")
    shown = "".join(c if c.isprintable() or c == "\n" else "·" for c in text)[:SHOWN]
    if 300 <= response.status < 400:
        return Answer(response.status, shown, "Responde con una redirección; ninguna se sigue. Corregir la dirección.")
    error = "" if 200 <= response.status < 300 else f"Respondió {response.status}."
    return Answer(response.status, shown, error)


def _told(wrong: OSError) -> str:
    if isinstance(wrong, ssl.SSLCertVerificationError):
        return f"Su certificado no vale para ese nombre: {wrong.verify_message}."
    if isinstance(wrong, socket.gaierror):
        return "El nombre del servidor no se encuentra."
    if isinstance(wrong, TimeoutError):
        return "No respondió a tiempo."
    if isinstance(wrong, ssl.SSLError):
        return f"No se pudo hablar cifrado con el servidor: {wrong.reason or 'TLS'}."
    return f"No se pudo conectar: {wrong.strerror or 'la conexión se cortó'}."
