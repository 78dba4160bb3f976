"""X.509 papers of our own keys: the school's certification authority, its signing certificates, its revocation list."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

AUTHORITY_YEARS, SEAL_YEARS = 40, 12
MARGIN = timedelta(days=1)                  # a certificate begins a day early: clocks that read it may be behind
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")           # RFC 9336
ADOBE_SIGNING = ObjectIdentifier("1.2.840.113583.1.1.5")            # "Adobe authentic documents trust", read by Acrobat
# NSS (pdfsig, Okular, Evince) knows no usage for documents: without the one for mail it refuses the certificate.
USAGES = (DOCUMENT_SIGNING, ADOBE_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
LONGEST_NAME = 64                           # ub-common-name of X.520


@dataclass(frozen=True)
class Institution:
    """Who signs, as its certificates say it."""
    name: str
    country: str = "CL"


def key_name(public: PublicKeyTypes) -> str:
    """What a key is called: the beginning of the SHA-256 of its SubjectPublicKeyInfo."""
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()[:16]


def _name(institution: Institution, what: str, number: int) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, institution.country),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, institution.name[:LONGEST_NAME]),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{what} {number:06}"),
        x509.NameAttribute(NameOID.COMMON_NAME, institution.name[:LONGEST_NAME])])


def _builder(subject: x509.Name, issuer: x509.Name, public: PublicKeyTypes, begins: datetime,
             ends: datetime) -> x509.CertificateBuilder:
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
            .public_key(public)     # type: ignore[arg-type]  # wider than what we make
            .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False))  # type: ignore[arg-type]


def _usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


def authority(institution: Institution, key: EllipticCurvePrivateKey, number: int, now: datetime) -> x509.Certificate:
    """The certificate of the school's own authority: signed by itself, trusted by whoever got it from the school."""
    name = _name(institution, "Autoridad de sellos", number)
    return (_builder(name, name, key.public_key(), now - MARGIN, years_after(now, AUTHORITY_YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(key, hashes.SHA256()))


def signing(institution: Institution, public: EllipticCurvePublicKey | RSAPublicKey, number: int, now: datetime,
            issuer: x509.Certificate, issuer_key: EllipticCurvePrivateKey) -> x509.Certificate:
    """The certificate of a key that seals papers. No addresses in it: it is read when this server is gone."""
    name = _name(institution, "Sello", number)
    ends = min(years_after(now, SEAL_YEARS), issuer.not_valid_after_utc)
    above = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (_builder(name, issuer.subject, public, now - MARGIN, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(USAGES), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), critical=False)
            .sign(issuer_key, hashes.SHA256()))


def revocations(issuer: x509.Certificate, key: EllipticCurvePrivateKey, revoked: list[tuple[int, datetime, bool]],
                now: datetime) -> bytes:
    """The list of revoked certificates, in DER: (serial number, since when, was the key stolen)."""
    number = int(now.timestamp())
    listed = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(now)
    listed = listed.next_update(years_after(now, 1)).add_extension(x509.CRLNumber(number), critical=False)
    listed = listed.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value), critical=False)
    for serial, at, stolen in revoked:
        why = x509.ReasonFlags.key_compromise if stolen else x509.ReasonFlags.cessation_of_operation
        listed = listed.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            .add_extension(x509.CRLReason(why), critical=False).build())
    return listed.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def years_after(moment: datetime, years: int) -> datetime:
    return moment.astimezone(UTC) + timedelta(days=round(365.25 * years))
