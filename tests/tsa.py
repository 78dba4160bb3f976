"""A time-stamp authority on this machine: a small RFC 3161 server, with an authority above it that anchors may name."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(name: str, issuer: str, key, issuer_key, *, ca: bool, begins: datetime, ends: datetime, usage=None):
    made = (x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False))
    if usage:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())


class Authority:
    """It stamps any hash that it is sent, at the time its clock tells."""

    def __init__(self, name: str = "Autoridad de tiempo de prueba", begins=datetime(2020, 1, 1, tzinfo=UTC), years: int = 30,
                 number: int = 0):
        self.now: datetime | None = None
        self.asked, self.answer, self.status, self.delay = 0, None, 200, 0.0
        ends = begins + timedelta(days=365 * years)
        root_key, key = rsa_key(2 * number), rsa_key(2 * number + 1)
        self.root = certificate(f"{name}, raíz", f"{name}, raíz", root_key, root_key, ca=True, begins=begins, ends=ends)
        self.certificate = certificate(name, f"{name}, raíz", key, root_key, ca=False, begins=begins, ends=ends,
                                       usage=ExtendedKeyUsageOID.TIME_STAMPING)
        self.key = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))

    def stamp(self, request: bytes) -> bytes:
        store = SimpleCertificateStore()
        stamper = DummyTimeStamper(self._asn1(self.certificate), self.key, store, fixed_dt=self.now or datetime.now(UTC))
        return stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()

    def token(self, digest: bytes) -> bytes:
        """Without the network, for forgers."""
        asked = tsp.TimeStampReq({"version": "v1", "nonce": 7, "cert_req": True, "message_imprint": {
            "hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}})
        return tsp.TimeStampResp.load(self.stamp(asked.dump()))["time_stamp_token"].dump()

    def anchor(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.root.serial_number:x}.pem").write_bytes(self.root.public_bytes(Encoding.PEM))

    @staticmethod
    def _asn1(one: x509.Certificate) -> asn1.Certificate:
        return asn1.Certificate.load(one.public_bytes(Encoding.DER))


@contextmanager
def served(authority: Authority):
    """Its address on the loopback."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            authority.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = authority.stamp(body) if authority.answer is None else authority.answer
            self.send_response(authority.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
