"""What the register of certificates tells of badges: the facts of one, and which ones no longer hold."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.badges import queries as badges
from lms.badges.documents import BadgeFacts
from lms.certificates import queries
from lms.certificates.badge_facts import facts_of
from lms.certificates.models import CertificateEnd
from lms.certificates.queries import CertificateView
from lms.people import queries as people


def of_holder(session: Session, certificate: CertificateView, base_url: str, named: bool = False) -> BadgeFacts | None:
    """A certificate's badge, with the address of its holder as a hash."""
    person = certificate.person_id
    email = people.by_id(session, [person])[person].email if person else ""
    return facts_of(certificate, email, badges.issuing(base_url), named)


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
