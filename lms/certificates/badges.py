"""What the register of certificates tells of badges: the facts of one, and which ones no longer hold."""

import re
from decimal import Decimal
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.badges import queries as badges
from lms.badges.documents import BadgeFacts, Issuing
from lms.certificates import queries
from lms.certificates.models import CertificateEnd
from lms.certificates.queries import CertificateView
from lms.people import queries as people

# Of certificates that are badges too.
KINDS = {"final": "certificate", "module": "module", "internship": "internship"}
CREDIT = re.compile(r"(\d+(?:[.,]\d+)?) (.+)")


def facts_of(certificate: CertificateView, email: str, issuing: Issuing, named: bool = False) -> BadgeFacts | None:
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


def of_holder(session: Session, certificate: CertificateView, base_url: str, named: bool = False) -> BadgeFacts | None:
    """The same, with the address of its holder."""
    holder = people.by_id(session, [certificate.person_id])[certificate.person_id]
    return facts_of(certificate, holder.email, badges.issuing(base_url), named)


def linkedin(facts: BadgeFacts) -> str:
    """Where LinkedIn offers to add it to the profile, its fields filled in: the person sends it, or not."""
    return "https://www.linkedin.com/profile/add?" + urlencode({
        "startTask": "CERTIFICATION_NAME", "name": facts.title, "organizationName": facts.issuing.name,
        "issueYear": facts.issued_at.year, "issueMonth": facts.issued_at.month, "certUrl": facts.verify_url,
        "certId": facts.folio})


class CertificateRegister:
    """lms.badges.ports.Register, over the certificates of this installation."""

    def __init__(self, base_url: str):
        self.base_url = base_url

    def facts(self, session: Session, code: str) -> BadgeFacts | None:
        certificate = queries.by_code(session, code)
        return of_holder(session, certificate, self.base_url) if certificate else None

    def status_bits(self, session: Session, purpose: str, first: int, beyond: int) -> frozenset[int]:
        """A certificate's number is its place in the lists; nothing is ever suspended here."""
        if purpose != "revocation":
            return frozenset()
        ended = select(CertificateEnd.certificate_id).where(CertificateEnd.certificate_id >= first,
                                                            CertificateEnd.certificate_id < beyond)
        return frozenset(session.scalars(ended))
