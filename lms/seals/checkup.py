"""What is wrong with the keys of an installation, and how to mend it."""

from datetime import timedelta

from cryptography import x509
from flask import Flask

from lms.foundation.clock import now
from lms.foundation.health import Finding
from lms.seals import queries
from lms.seals.tokens import NoToken

SOON = timedelta(days=365)
REMEDY = {"authority": "Run `lms seals rotate authority`, and publish the new certificate.",
          "seal": "Make a new key pair in the token, name it in LMS_PKCS11, and run `lms seals rotate seal`."}


def findings(app: Flask) -> list[Finding]:
    """Looks only: makes no key."""
    return [_folder(app), _certificates(app), _token(app), _stamps(app)]


def doctor(app: Flask) -> Finding:
    """The same in one line, for `lms doctor`."""
    wrong = [one for one in findings(app) if not one.well]
    return Finding("seals", not wrong, "; ".join(one.says for one in wrong) or "keys and certificates are in order",
                   "Run `lms seals check`." if wrong else "")


def _folder(app: Flask) -> Finding:
    folder = queries.ring(app).shelf.folder
    loose = [path.name for path in (folder.parent, folder, *(folder.glob("*.pem") if folder.is_dir() else ()))
             if path.exists() and path.stat().st_mode & 0o077]
    return Finding("keys", not loose, f"others can read {', '.join(loose)}" if loose else "for this user only",
                   f"chmod -R go-rwx {folder.parent}" if loose else "")


def _certificates(app: Flask) -> Finding:
    ring = queries.ring(app)
    for key in ring.known():
        if key.kind in ("authority", "seal") and key.until is None:
            ends = x509.load_pem_x509_certificate(key.pem.encode()).not_valid_after_utc
            by_hand = key.kind == "authority" or ring.token         # a seal in a file is followed by itself
            if by_hand and ends - now() < SOON:
                return Finding(key.kind, False, f"its certificate ends on {ends:%Y-%m-%d}", REMEDY[key.kind])
    count = len(ring.known())
    return Finding("authority", True, f"{count} keys known" if count else "no key yet: the first paper makes them")


def _token(app: Flask) -> Finding:
    ring = queries.ring(app)
    if ring.token is None:
        return Finding("token", True, "not used: the seal's key is a file")
    try:
        ring.pdf_signer(now()).sign(b"lms seals check")
        return Finding("token", True, f"signs ({ring.token.told})")
    except NoToken as wrong:
        return Finding("token", False, str(wrong), "See docs/signatures.md, PKCS#11.")


def _stamps(app: Flask) -> Finding:
    stamping, ring = app.extensions["stamping"], queries.ring(app)
    if not stamping.authority:
        return Finding("time stamps", True, "none: papers are sealed at level B-B")
    if not ring.anchors.is_dir() or not any(ring.anchors.iterdir()):
        return Finding("time stamps", False, f"{stamping.level} is wanted, but no certificate is in {ring.anchors}",
                       "Put the authority's root certificate there, or its stamps are not believed.")
    return Finding("time stamps", True, f"{stamping.level} by {stamping.authority.rpartition('@')[2]}")
