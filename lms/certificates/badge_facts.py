"""What a certificate says as a badge. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from lms.badges import documents
from lms.badges.documents import BadgeFacts, Issuing
from lms.certificates.kinds import KINDS as KNOWN

# Of certificates that are badges too.
KINDS = {code: kind.badge for code, kind in KNOWN.items() if kind.badge}
CREDIT = re.compile(r"(\d+(?:[.,]\d+)?) (.+)")


def facts_of(certificate: Any, email: str, issuing: Issuing, named: bool = False) -> BadgeFacts | None:
    """The badge of a certificate; None where its kind has none. `named`: the holder chose to show their name."""
    s, kind = certificate.snapshot, KINDS.get(certificate.snapshot.kind)
    if kind is None:
        return None
    credit = CREDIT.fullmatch(s.credits[0]) if s.credits else None
    return BadgeFacts(
        kind=kind, code=certificate.code, folio=certificate.folio, index=certificate.id,
        issued_at=certificate.issued_at.replace(microsecond=0), title=s.title, programme=s.programme, edition=s.edition,
        institutions=s.institutions, hours=s.hours, started_on=s.started_on, ended_on=s.ended_on,
        verify_url=s.verify_url, language=s.language, credits=Decimal(credit[1].replace(",", ".")) if credit else None,
        credit_unit=credit[2] if credit else "", email=email, name=s.holder_name if named else "", notice=s.notice,
        issuing=issuing)


def linkedin(facts: BadgeFacts) -> str:
    """Where LinkedIn offers to add it to the profile, its fields filled in: the person sends it, or not."""
    return "https://www.linkedin.com/profile/add?" + urlencode({
        "startTask": "CERTIFICATION_NAME", "name": facts.title, "organizationName": facts.issuing.name,
        "issueYear": facts.issued_at.year, "issueMonth": facts.issued_at.month, "certUrl": facts.verify_url,
        "certId": facts.folio})


def vouched(certificate: Any, document: Mapping[str, Any], status_url: str) -> bool:
    """Does a badge say just what this certificate of the register says? Then it may be as old as the certificate; of
    one that says anything else, a stolen key is the likelier author. A register without contents vouches for none."""
    if not hasattr(certificate, "snapshot"):
        return False
    facts = facts_of(certificate, "", Issuing(status_url.partition("/insignias/")[0], ""))
    return facts is not None and documents.agrees(document, facts)
