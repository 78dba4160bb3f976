"""Hole 24: what comes over the wire to the server we start ourselves: fifty requests that two servers might read in two ways.

gunicorn as `lms serve` starts it, and raw sockets: each is refused, or is one request with one answer.
"""

import os
import re
import socket
import subprocess
import time

import pytest

from lms.foundation.commands import _server, serve
from lms.foundation.settings import ROOT
from tests.plain import RAW, cookie_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there gunicorn does not run")


@pytest.fixture(scope="module")
def server(made_once, tmp_path_factory):
    """(port, a signed cookie of Olga's, its folder) of a server started as `lms serve` starts it."""
    folder = tmp_path_factory.mktemp("wire")
    made_once.restore()
    (folder / "lms.sqlite").write_bytes(made_once.kept)
    (folder / "secret").write_text(made_once.app.config["SECRET_KEY"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "LMS_INSTANCE": str(folder), "PYTHONPATH": str(ROOT), "LMS_URL": "http://localhost", "LMS_SMTP": "", "LMS_DATABASE": "", "LMS_PROXIES": "0"}
    usual = {option.name: option.default for option in serve.params}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(_server(str(port), usual["workers"], usual["threads"]), cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, f"lms={cookie_of(made_once.app, _user_id=made_once.tokens['olga'], csrf_token=RAW)}", folder
    finally:
        process.terminate()
        process.wait(20)


def say(port: int, raw: bytes, more: bytes = b"", wait: float = 3) -> bytes:
    """All that is answered to these bytes until the server has no more to say."""
    with socket.create_connection(("127.0.0.1", port), 5) as wire:
        wire.settimeout(wait)
        told = b""
        try:
            wire.sendall(raw)
            if more:
                time.sleep(0.05)
                wire.sendall(more)
            wire.shutdown(socket.SHUT_WR)
            while chunk := wire.recv(65536):
                told += chunk
        except OSError:             # cut off, which is an answer too
            pass
    return told


def statuses(told: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3})", told)]


HOST = b"Host: localhost\r\n"
INNER = b"GET /accesibilidad HTTP/1.1\r\nHost: localhost\r\nX-Inner: 1\r\n\r\n"
CHUNK = b"0\r\n\r\n"


def post(headers: bytes, body: bytes, line: bytes = b"POST /ingresar HTTP/1.1\r\n") -> bytes:
    return line + HOST + headers + b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n" + body


SIZE = str(len(CHUNK + INNER)).encode()
REQUESTS = {        # what two servers might read in two ways
    "CL and TE": post(b"Content-Length: " + SIZE + b"\r\nTransfer-Encoding: chunked\r\n", CHUNK + INNER),
    "TE and CL": post(b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"5c\r\n" + INNER + b"\r\n" + CHUNK),
    **{f"TE written {te!r}": post(b"Content-Length: " + SIZE + b"\r\n" + te + b"\r\n", CHUNK + INNER) for te in (
        b"Transfer-Encoding: xchunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"Transfer-Encoding:\tchunked", b"Transfer-Encoding:\x0bchunked",
        b"Transfer-Encoding: \x0cchunked", b"X: X\nTransfer-Encoding: chunked", b"Transfer-Encoding\r\n : chunked", b" Transfer-Encoding: chunked", b"Transfer-Encoding: identity",
        b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: chunked, chunked", b'Transfer-Encoding: "chunked"', b"Transfer-Encoding: CHUNKED",
        b"transfer-encoding: cow", b"Transfer_Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked;x=y", b"Transfer-Encoding:chunked\x00", b"Transfer-Encoding: \xffchunked")},
    **{f"CL written {cl!r}": post(cl + b"\r\n", CHUNK + INNER) for cl in (
        b"Content-Length: 5\r\nContent-Length: " + SIZE, b"Content-Length: 5, " + SIZE, b"Content-Length: +5", b"Content-Length: -5", b"Content-Length: 0x5", b"Content-Length: 5_0", b"Content-Length:  5 ",
        b"Content-Length: 5\x00", b"Content-Length: ", b"Content-Length: 5.0", b"Content-Length : 5", b"Content_Length: 5", b"Content-Length: 99999999999999999999999", b"Content-Length: \xb2")},
    "a bare LF": b"POST /ingresar HTTP/1.1\nHost: localhost\nContent-Length: 5\n\n" + CHUNK + INNER,
    "a bare CR": b"GET /ayuda HTTP/1.1\rHost: localhost\r\rGET /accesibilidad HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "LF within a header": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"X: a\nGET /accesibilidad HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a NUL within a header": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\nConnection: close\r\n\r\n",
    "a folded header": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"X: a\r\n Content-Length: 50\r\nConnection: close\r\n\r\n" + INNER,
    "a chunk with a sign": post(b"Transfer-Encoding: chunked\r\n", b"+5\r\nhello\r\n" + CHUNK + INNER),
    "a chunk with 0x": post(b"Transfer-Encoding: chunked\r\n", b"0x5\r\nhello\r\n" + CHUNK + INNER),
    "a chunk of a terabyte": post(b"Transfer-Encoding: chunked\r\n", b"ffffffffff\r\nhello"),
    "a chunk that is shorter": post(b"Transfer-Encoding: chunked\r\n", b"5\r\nhel\r\n" + CHUNK + INNER),
    "a chunk with a bare LF": post(b"Transfer-Encoding: chunked\r\n", b"5\nhello\n0\n\n" + INNER),
    "a trailer that is a header": post(b"Transfer-Encoding: chunked\r\n", b"0\r\nContent-Length: 100\r\nCookie: lms=x\r\n\r\n" + INNER),
    "two hosts": b"GET /ayuda HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "no host": b"GET /ayuda HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a whole address": b"GET http://evil.example/ayuda HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "a path with spaces": b"GET /ayuda HTTP/1.1 x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "version 0.9": b"GET /ayuda\r\n", "version 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "version 1.9": b"GET /ayuda HTTP/1.9\r\n" + HOST + b"Connection: close\r\n\r\n",
    "an upgrade": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "CONNECT": b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"\r\n", "TRACE": b"TRACE /ayuda HTTP/1.1\r\n" + HOST + b"Cookie: lms=canary\r\nConnection: close\r\n\r\n",
    "a method in small letters": b"get /ayuda HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "a long line": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", "a long header": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET /ayuda HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 500 + b"\r\n",
    "underscores for dashes": b"GET /cuenta HTTP/1.1\r\n" + HOST + b"X_Forwarded_For: 1.2.3.4\r\nRemote_Addr: 1.2.3.4\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_no_request_hides_another(server, name):
    """One request, one answer, or a refusal. Where a second answer comes it is a refusal, never the page that was hidden."""
    told = say(server[0], REQUESTS[name])
    found = statuses(told)
    assert len(found) <= 2 and not any(status >= 500 and status not in (501, 505) for status in found), (found, told[:300])
    assert told.count(b"<h1") <= 1 and b"evil.example" not in told and b"canary" not in told
    assert found[1:] in ([], [400]), (found, told[-500:])
    if name.startswith(("CL and", "TE and", "TE written b'Transfer-Encoding : ", "CL written b'Content-Length: 5\\r")):
        assert found == [400] or found == [] or found[0] in (400, 501), found


def test_there_are_fifty_of_them():
    assert len(REQUESTS) >= 50


def test_the_server_still_serves_and_says_nothing_of_itself(server):
    port, cookie, folder = server
    told = say(port, b"GET /cuenta HTTP/1.1\r\n" + HOST + f"Cookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
    assert statuses(told) == [200] and b"Olga" in told and b"no-store" in told
    head = told.partition(b"\r\n\r\n")[0].lower()
    assert b"werkzeug" not in head and b"python" not in head and not re.search(rb"gunicorn/\d", head)
    assert b"Traceback" not in (folder / "log").read_bytes()


def test_the_prefix_a_sender_names_is_not_believed(server):
    """gunicorn takes SCRIPT_NAME from a header when the sender is this machine, as every proxy here is."""
    port = server[0]
    for header in (b"SCRIPT_NAME: //evil.example", b"Script_Name: //evil.example", b"Script-Name: //evil.example", b"PATH_INFO: /bitacora", b"Path-Info: /bitacora"):
        told = say(port, b"GET //evil.example/inicio HTTP/1.1\r\n" + HOST + header + b"\r\nConnection: close\r\n\r\n")
        place = re.search(rb"(?im)^location: (\S+)", told)
        assert place is None or not place[1].startswith(b"//"), (header, place and place[1])
        assert b'href="//evil.example' not in told and b'action="//evil.example' not in told, header


def test_ten_slow_senders_hold_no_one_up(server):
    """Bytes that come one by one, from phones or on purpose: the others are answered meanwhile."""
    port = server[0]
    slow = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(10)]
    try:
        for wire in slow:
            wire.sendall(b"POST /ingresar HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na")
        time.sleep(0.3)
        assert statuses(say(port, b"GET /ayuda HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", wait=5)) == [200]
    finally:
        for wire in slow:
            wire.close()
