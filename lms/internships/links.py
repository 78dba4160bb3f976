"""Links for the host's supervisor, who has no account: one purpose, one use, some days, and a record of every visit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.foundation import audit, mail, outbox
from lms.internships.link_letters import letter
from lms.internships.models import HostLink, HostLinkVisit, Placement
from lms.people import queries as people
from lms.people.queries import token_hash

HOLDS = timedelta(days=21)          # how long a link may be used
JOB = "internships.ask"
PURPOSES = {"plan": "Aprobar el plan de trabajo", "week": "Firmar las horas de una semana",
            "evaluation": "Evaluar la pasantía"}


class Refused(ValueError):
    """A link that can not be made; the message is for who asked for it."""


@dataclass(frozen=True)
class Link:
    """A link as it stands; its token is known only to who received the mail."""
    id: int
    placement_id: int
    purpose: str
    subject: str                    # the plan's version, or the week's Monday
    sent_to: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """used | revoked | expired | open"""
        if self.used_at or self.revoked_at:
            return "used" if self.used_at else "revoked"
        return "expired" if now >= self.expires_at else "open"


def ask(session: Session, now: datetime, placement_id: int, purpose: str, subject: str = "", *, url: str,
        actor_id: int | None = None) -> int:
    """Mail the host's supervisor a link for one purpose; an earlier one for the same that nobody used is revoked.
    `url` is this installation's address. Raises Refused where no supervisor is named."""
    placed = session.get_one(Placement, placement_id)
    if not placed.supervisor_email:
        raise Refused("Falta el correo de quien supervisa en la institución anfitriona: escribirlo en la pasantía.")
    revoke(session, now, placement_id, purpose, subject)
    token = token_urlsafe(24)
    link = HostLink(placement_id=placement_id, purpose=purpose, subject=subject, token_hash=token_hash(token),
                    sent_to=placed.supervisor_email, made_at=now, made_by=actor_id, expires_at=now + HOLDS)
    session.add(link)
    session.flush()
    who = people.by_id(session, [placed.person_id])[placed.person_id]
    title, text = letter(placed.language, purpose, subject, placed.supervisor_name, who.name,
                         _address(url, token, placed.language), link.expires_at, placed.time_zone)
    mail.send(session, now, placed.supervisor_email, title, text)
    audit.record(session, actor_id, now, "host.asked", f"link:{link.id}", placed.cohort_id, placement=placement_id,
                 purpose=purpose, about=subject)
    return link.id


def _address(url: str, token: str, language: str) -> str:
    """Of the page, in the language of the placement where that is not the pages' own."""
    return f"{url.rstrip('/')}/anfitriona/{token}" + (f"?idioma={language[:2]}" if language[:2] in ("pt", "en") else "")


def soon(session: Session, now: datetime, placement_id: int, purpose: str, subject: str = "") -> None:
    """Ask once what is written now has been kept: the worker knows this installation's address."""
    outbox.put(session, now, JOB, placement_id=placement_id, purpose=purpose, subject=subject)


def waiting(session: Session, now: datetime, placement_id: int, purpose: str, subject: str) -> bool:
    """Has the host a link for this that still holds?"""
    return session.scalar(select(HostLink.id).where(
        HostLink.placement_id == placement_id, HostLink.purpose == purpose, HostLink.subject == subject,
        HostLink.used_at.is_(None), HostLink.revoked_at.is_(None), HostLink.expires_at > now).limit(1)) is not None


def revoke(session: Session, now: datetime, placement_id: int, purpose: str | None = None, subject: str | None = None,
           link_id: int | None = None, actor_id: int | None = None) -> int:
    """End links that nobody used: of a purpose and its subject, or one. How many there were."""
    which = [HostLink.placement_id == placement_id, HostLink.used_at.is_(None), HostLink.revoked_at.is_(None)]
    for column, value in ((HostLink.purpose, purpose), (HostLink.subject, subject), (HostLink.id, link_id)):
        if value is not None:
            which.append(column == value)  # type: ignore[arg-type]
    ids = list(session.scalars(update(HostLink).where(*which).values(revoked_at=now).returning(HostLink.id)))
    session.add_all(HostLinkVisit(link_id=one, at=now, deed="revoked") for one in ids)
    if ids:
        audit.record(session, actor_id, now, "host.link_revoked", f"placement:{placement_id}", links=ids)
    return len(ids)


def found(session: Session, token: str) -> Link | None:
    """The link of a token, whatever its state."""
    row = session.scalar(select(HostLink).where(HostLink.token_hash == token_hash(token)))
    return _view(row) if row else None


def use(session: Session, now: datetime, link: Link) -> bool:
    """Take the link's only use; False when another had it first, or it ended meanwhile."""
    taken = session.execute(update(HostLink).where(
        HostLink.id == link.id, HostLink.used_at.is_(None), HostLink.revoked_at.is_(None), HostLink.expires_at > now)
        .values(used_at=now)).rowcount  # type: ignore[attr-defined]
    note(session, now, link, "used" if taken else "refused")
    return bool(taken)


def note(session: Session, now: datetime, link: Link, deed: str) -> None:
    """Write that somebody came with the link."""
    session.add(HostLinkVisit(link_id=link.id, at=now, deed=deed))


def links(session: Session, placement_id: int) -> list[tuple[Link, list[tuple[datetime, str]]]]:
    """The links of a placement, the newest first, each with what happened with it."""
    rows = [_view(row) for row in session.scalars(select(HostLink).where(HostLink.placement_id == placement_id)
                                                  .order_by(HostLink.id.desc()))]
    visits: dict[int, list[tuple[datetime, str]]] = {row.id: [] for row in rows}
    for link_id, at, deed in session.execute(
            select(HostLinkVisit.link_id, HostLinkVisit.at, HostLinkVisit.deed)
            .where(HostLinkVisit.link_id.in_(visits)).order_by(HostLinkVisit.id)):
        visits[link_id].append((at, deed))
    return [(row, visits[row.id]) for row in rows]


def _view(row: HostLink) -> Link:
    return Link(row.id, row.placement_id, row.purpose, row.subject, row.sent_to, row.made_at, row.expires_at,
                row.used_at, row.revoked_at)
