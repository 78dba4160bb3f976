"""Time stamps (RFC 3161): asked of the authority the settings name, put in order, checked against known anchors."""

import asyncio
import ssl
import time
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from secrets import randbits
from urllib.parse import unquote, urlsplit

from asn1crypto import cms, pem, tsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from lms.seals.claims import Claim
from lms.seals.timekeeping import NoTimeStamp

PATIENCE = 10                       # seconds a time-stamp authority has for each step
DEADLINE = 20                       # and for all of them
LARGEST = 64 << 10                  # bytes of its answer
MOST = 12                           # certificates in a token


def ask(url: str, digest: bytes) -> bytes:
    """A token over this SHA-256 from the authority of the settings; raises NoTimeStamp. No other address is ever asked:
    it follows no redirect, and none of the addresses that certificates name."""
    nonce = randbits(63)
    asked = tsp.TimeStampReq({
        "version": "v1", "nonce": nonce, "cert_req": True,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}})
    answer = _post(url, asked.dump())
    try:
        told = tsp.TimeStampResp.load(answer, strict=True)
        status = told["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise NoTimeStamp(f"the time-stamp authority refused: {status}")
        token = ordered(told["time_stamp_token"].dump())
        info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
        if info["nonce"].native != nonce or info["message_imprint"]["hashed_message"].native != digest:
            raise NoTimeStamp("the time-stamp authority answered something else than what was asked")
    except NoTimeStamp:
        raise
    except Exception as wrong:  # whatever a library says of an answer that is none
        raise NoTimeStamp(f"the time-stamp authority's answer is not to be read: {type(wrong).__name__}") from wrong
    return token


def _post(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoTimeStamp("LMS_TSA is not an address that begins with https:// or http://")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    if parts.username:
        told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(told.encode()).decode()
    end, got = time.monotonic() + DEADLINE, b""
    line: HTTPConnection = (
        HTTPSConnection(parts.hostname, parts.port, timeout=PATIENCE, context=ssl.create_default_context())
        if parts.scheme == "https" else HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE))
    try:
        line.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = line.getresponse()
        if answer.status != 200:
            raise NoTimeStamp(f"the time-stamp authority answered {answer.status}")
        while chunk := answer.read1(1 << 13):
            got += chunk
            if len(got) > LARGEST or time.monotonic() > end:
                raise NoTimeStamp("the time-stamp authority's answer is too long, or too slow")
    except (OSError, HTTPException, ValueError) as wrong:
        raise NoTimeStamp(f"the time-stamp authority can not be reached: {type(wrong).__name__} {wrong}") from wrong
    finally:
        line.close()
    return got


def ordered(token: bytes) -> bytes:
    """The same statement in DER with the certificates that lead upwards from its signer, and nothing that is not signed
    or told by what is: then there is one way only to write it, and a changed byte shows."""
    told = cms.ContentInfo.load(token)
    signed = told["content"]
    signer, = signed["signer_infos"]
    kind = {"algorithm": signer["digest_algorithm"]["algorithm"].native}
    scheme = signer["signature_algorithm"]
    chain = _upwards(signer, [one.chosen for one in signed["certificates"]])
    signer["digest_algorithm"], signed["digest_algorithms"] = kind, [kind]
    signer["signature_algorithm"] = {"algorithm": f"{kind['algorithm']}_ecdsa" if scheme.signature_algo == "ecdsa"
                                     else "rsassa_pkcs1v15"}
    signer["sid"] = cms.SignerIdentifier("issuer_and_serial_number", {
        "issuer": chain[0].issuer, "serial_number": chain[0].serial_number})
    signer["version"], signed["version"] = "v1", "v3"
    signer["unsigned_attrs"], signed["crls"], signed["certificates"] = None, None, chain
    found: bytes = told.dump(force=True)
    return found


def _upwards(signer: cms.SignerInfo, bag: list[x509.Certificate]) -> list[x509.Certificate]:
    sid = signer["sid"]
    first = next(one for one in bag if (
        one.serial_number == sid.chosen["serial_number"].native and one.issuer == sid.chosen["issuer"]
        if sid.name == "issuer_and_serial_number" else one.key_identifier == sid.native))
    chain = [first]
    while (above := next((one for one in bag if one.subject == chain[-1].issuer and one not in chain), None)) and \
            len(chain) < MOST:
        chain.append(above)
    return chain


@dataclass(frozen=True)
class Token:
    """What a token proves, and until when its authority's certificate runs."""
    name: str
    at: datetime
    until: datetime
    trusted: bool


def read(claim: Claim, anchors: Iterable[x509.Certificate]) -> Token | None:
    """None when it does not hold: another hash, a broken signature, a token not in order."""
    its = claim.read
    if not (its.holds and its.stamp and its.certificate):
        return None
    try:
        signed = cms.ContentInfo.load(claim.envelope, strict=True)["content"]
        known = signed["encap_content_info"]["content"].parsed
        if ordered(claim.envelope) != claim.envelope:
            return None
        at: datetime = known["gen_time"].native
        bag = [one.chosen for one in signed["certificates"]]
        return Token(its.name, at, its.certificate.not_valid_after, _led_back(its.certificate, bag, list(anchors), at))
    except Exception:           # whatever a library says of bytes made to confuse it: it is no token
        return None


def _led_back(certificate: x509.Certificate, bag: list[x509.Certificate], anchors: list[x509.Certificate],
              at: datetime) -> bool:
    """Does it lead to an anchor, for time stamps, as things stood at that moment, and is every certificate needed?"""
    if len(bag) > MOST:
        return False
    others = [one for one in bag if one.dump() != certificate.dump()]
    context = ValidationContext(trust_roots=anchors, other_certs=others, moment=at, allow_fetching=False,
                                revocation_mode="soft-fail")
    try:
        path = asyncio.run(CertificateValidator(certificate, validation_context=context).async_validate_usage(
            set(), {"time_stamping"}, extended_optional=False))
    except Exception:           # no path, or none that can be read
        return False
    used = {one.dump() for one in path} | {one.dump() for one in anchors}
    return all(one.dump() in used for one in bag)


def known_anchors(folder: Path) -> list[x509.Certificate]:
    """The certificates in this folder: of time-stamp authorities, and of those who certify signatures made outside."""
    found = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if path.suffix.lower() in (".pem", ".crt", ".cer", ".der"):
            with suppress(Exception):           # what is no certificate is no anchor
                octets = path.read_bytes()
                told = pem.unarmor(octets, multiple=True) if pem.detect(octets) else [("CERTIFICATE", {}, octets)]
                found += [x509.Certificate.load(one, strict=True) for kind, _, one in told if kind == "CERTIFICATE"]
    return found
