"""Where events may be sent: eighty addresses that lead inside, and that what is looked at is what is connected to."""

import http.server
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lms.events.calling import Caller
from lms.events.rules import BadTarget, is_public, target

# Refused as they are written: before any name is looked up.
WRITTEN = r"""
http://example.org/ | HTTP://EXAMPLE.ORG | ftp://example.org/ | file:///etc/passwd | gopher://127.0.0.1:25/_HELO | dict://127.0.0.1:11211/stat
ldap://127.0.0.1/ | jar:http://127.0.0.1!/ | data:text/plain,x | javascript:alert(1) | //example.org/ | example.org | https: | https:/// | https://
https://127.0.0.1/ | https://127.1/ | https://127.0.1/ | https://0/ | https://0.0.0.0/ | https://2130706433/ | https://0x7f000001/ | https://0x7f.1/
https://0177.0.0.1/ | https://017700000001/ | https://127.0.0.1./ | https://169.254.169.254/latest/meta-data/ | https://0xA9FEA9FE/ | https://2852039166/
https://10.0.0.1/ | https://172.16.0.1/ | https://192.168.1.1/ | https://100.64.0.1/ | https://[::1]/ | https://[::]/ | https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/ | https://[fe80::1]/ | https://[fe80::1%25eth0]/ | https://[fc00::1]/ | https://[fd00:ec2::254]/ | https://[64:ff9b::7f00:1]/
https://[2002:7f00:1::]/ | https://93.184.216.34/ | https://[2606:2800:220:1::1]/ | https://localhost/ | https://LOCALHOST./ | https://a.localhost/
https://localhost.localdomain/ | https://metadata.google.internal/ | https://metadata/ | https://router.lan/ | https://printer.local/ | https://x.home.arpa/
https://1.0.0.127.in-addr.arpa/ | https://１２７.０.０.１/ | https://127。0。0。1/ | https://ⓛocalhost/ | https://example.org:80/ | https://example.org:22/
https://example.org:0/ | https://example.org:65536/ | https://example.org:x/ | https://user:pass@example.org/ | https://example.org@127.0.0.1/
https://example.org%40127.0.0.1/ | https://example.org\@127.0.0.1/ | https://example.org#@127.0.0.1/ | https://exa mple.org/ | https://example.org/\r\nX:1
https://example.org/\u2028 | https://exa_mple.org/ | https://-example.org/ | https://example..org/ | https://[::1/ | https://example.org/ñ | https://0x.1/
""".strip().replace("\n", " | ").split(" | ")
# Innocent names that resolve to what is inside.
RESOLVED = """127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.31.255.255 192.168.0.1 169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 198.18.0.1
224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254
64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001:0:7f00:1:: 2002:a00:1:: 2001:db8::1 ff02::1 100::1 5f00::1 3fff::1 not-a-number""".split()


def test_there_are_more_than_eighty_of_them():
    assert len(WRITTEN) + len(RESOLVED) >= 80


@pytest.mark.parametrize("address", WRITTEN)
def test_an_address_that_leads_inside_is_refused_before_its_name_is_looked_up(address):
    def never(host, port):
        raise AssertionError(f"looked up {host}")
    answer = Caller(resolve=never).post(address.replace(r"\r\n", "\r\n").replace(r"\u2028", "\u2028"), b"{}", {})
    assert answer.status is None and answer.error and not answer.good


@pytest.mark.parametrize("number", RESOLVED)
def test_a_name_that_resolves_inside_is_refused_also_beside_a_public_number(number):
    for found in ([number], ["93.184.216.34", number]):
        answer = Caller(resolve=lambda host, port, found=found: found).post("https://example.org/hook", b"{}", {})
        assert answer.status is None and number in answer.error
    assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4003:80f::200e"])
def test_a_public_number_is_public(number):
    assert is_public(number)


@pytest.mark.parametrize("written, kept", [
    ("HTTPS://Example.ORG", "https://example.org/"), ("https://example.org.:8443/a?b=c", "https://example.org:8443/a?b=c"),
    ("https://ejemplo-ñandú.cl/x", "https://xn--ejemplo-and-ceb4i.cl/x"), (" https://example.org:443/ ", "https://example.org/")])
def test_an_address_is_kept_as_it_is_called(written, kept):
    found = target(written).address
    assert found == kept or (found.startswith("https://xn--ejemplo-") and "ñ" in written)


def test_only_the_very_origin_that_is_allowed_may_be_local():
    local = frozenset({"http://127.0.0.1:9000"})
    assert target("http://127.0.0.1:9000/x", local).port == 9000
    for other in ("http://127.0.0.1:9001/", "https://127.0.0.1:9000/", "http://127.0.0.2:9000/", "http://localhost:9000/"):
        with pytest.raises(BadTarget):
            target(other, local)


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.seen.append((self.headers["Host"], self.path, self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
        self.server.answer(self)

    def log_message(self, *_):
        pass


def says(status=200, body=b"ok", headers=()):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
    return answer


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads, server.seen, server.answer, server.handle_error = True, [], says(), lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def local(server, **more):
    origin = f"http://127.0.0.1:{server.server_port}"
    return Caller(frozenset({origin}), **more), origin


def test_a_redirect_is_told_and_never_followed(receiver):
    caller, origin = local(receiver)
    for status in (301, 302, 303, 307, 308):
        receiver.answer = says(status, b"", [("Location", f"{origin}/inside")])
        answer = caller.post(origin + "/hook", b"{}", {})
        assert answer.status == status and not answer.good and "redirección" in answer.error
    assert {path for _, path, *_ in receiver.seen} == {"/hook"}


def test_no_more_of_an_answer_is_read_than_is_shown(receiver):
    caller, origin = local(receiver)
    receiver.answer = says(200, b"\x00\x1b[31m<b>" + b"a" * 5_000_000)
    answer = caller.post(origin, b"{}", {})
    assert answer.good and len(answer.text) == 500 and answer.text.startswith("··[31m<b>a")


def test_an_answer_that_drips_is_cut_off(receiver):
    def drip(handler):
        for letter in "HTTP/1.1 200 OK\r\nX: " + "y" * 200:
            handler.wfile.write(letter.encode())
            time.sleep(0.05)
    receiver.answer = drip
    caller, origin = local(receiver, whole=0.6)
    began = time.monotonic()
    answer = caller.post(origin, b"{}", {})
    assert answer.status is None and answer.error and time.monotonic() - began < 3


def test_what_does_not_speak_http_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def speak():
            line, _ = listening.accept()
            line.recv(1000)
            line.sendall(b"220 smtp.example.org ESMTP\r\n")
            line.close()
        threading.Thread(target=speak, daemon=True).start()
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        answer = Caller(frozenset({origin})).post(origin, b"{}", {})
    assert answer.status is None and "no es HTTP" in answer.error
    assert "No se pudo conectar" in Caller(frozenset({origin})).post(origin, b"{}", {}).error


@pytest.fixture
def certified(receiver, tmp_path):
    """The receiver behind TLS on a certificate for example.org, and the context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), False)
            .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    file = tmp_path / "both.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    named = []
    serving.sni_callback = lambda line, name, context: named.append(name)
    receiver.socket = serving.wrap_socket(receiver.socket, server_side=True)
    return ssl.create_default_context(cafile=str(file)), named


def test_the_number_that_was_looked_at_is_the_one_connected_to_with_the_name_kept(receiver, certified, monkeypatch):
    """A name that answers with a public number first and an inside one after it (rebinding) is asked once only."""
    tls, named = certified
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]
    monkeypatch.setattr("lms.events.rules.PORTS", frozenset({receiver.server_port}))
    answer = Caller(resolve=resolve, public=lambda number: number == "127.0.0.1", tls=tls).post(
        f"https://example.org:{receiver.server_port}/hook", b'{"a":1}', {"webhook-id": "x"})
    assert answer.good and answer.text == "ok" and asked == ["example.org"] and named == ["example.org"]
    host, path, body, headers = receiver.seen[0]
    assert (host, path, body, headers["webhook-id"]) == (f"example.org:{receiver.server_port}", "/hook", b'{"a":1}', "x")


def test_a_certificate_of_another_name_is_refused(receiver, certified, monkeypatch):
    monkeypatch.setattr("lms.events.rules.PORTS", frozenset({receiver.server_port}))
    answer = Caller(resolve=lambda h, p: ["127.0.0.1"], public=lambda n: True, tls=certified[0]).post(
        f"https://example.com:{receiver.server_port}/", b"{}", {})
    assert answer.status is None and "certificado" in answer.error and receiver.seen == []
