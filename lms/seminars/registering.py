"""Who is let in by somebody else: invitations of the office, and delegations that one person registers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lms.foundation import audit, mail
from lms.people import emails
from lms.people.queries import token_hash
from lms.people.rules import Refused
from lms.seminars import letters
from lms.seminars.entries import NOBODY, By, Head, RegistrationView, Who, limits, registrations
from lms.seminars.letters import Desk
from lms.seminars.models import Delegation, Registration, RegistrationEvent, SeminarInvitation
from lms.seminars.places import held, move, register, room
from lms.seminars.standing import OVER, first

MOST_ADDRESSES = 500
MOST_DELEGATES = 20
_ADDRESS = re.compile(r"<([^<>]{3,254})>")
_BETWEEN = re.compile(r"[;,\t]")


class Line(NamedTuple):
    """A line of a pasted list."""
    number: int
    text: str
    email: str = ""
    fault: str = ""


def addresses(text: str) -> list[Line]:
    """A pasted list, an address a line or several: what is good, and what is wrong with the rest, by line. Pure."""
    found: list[Line] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for part in filter(None, (p.strip() for p in _BETWEEN.split(line[:4000]))):
            inner = _ADDRESS.search(part)
            try:
                email = emails.normal(inner[1] if inner else part)
            except emails.BadEmail as wrong:
                found.append(Line(number, part[:100], fault=str(wrong)))
                continue
            first_line = seen.setdefault(emails.skeleton(email), number)
            again = first_line != number or any(one.email == email for one in found)
            found.append(Line(number, part[:100], email, f"Ya está en la línea {first_line}." if again else ""))
    return found


@dataclass(frozen=True)
class InvitationView:
    """An invitation and how many have registered by it."""
    id: int
    seminar_id: int
    email: str
    kind: str
    most: int
    sent_at: datetime
    ended_at: datetime | None
    used: int
    standing: int               # of those, who has not cancelled since

    @property
    def left(self) -> int:
        """For one person it works once; of a delegation, who goes may be replaced."""
        taken = self.used if self.most == 1 else self.standing
        return 0 if self.ended_at else max(self.most - taken, 0)


def _invitations(session: Session, *where: object) -> list[InvitationView]:
    i, r, e = SeminarInvitation, Registration, RegistrationEvent
    last = select(func.max(e.id)).where(e.registration_id == r.id).correlate(r).scalar_subquery()
    standing = func.coalesce(func.sum(case((e.kind.in_(OVER), 0), (e.kind.is_(None), 0), else_=1)), 0)
    rows = session.execute(
        select(i.id, i.seminar_id, i.email, i.kind, i.most, i.sent_at, i.ended_at, func.count(r.id), standing)
        .outerjoin(r, r.invitation_id == i.id).outerjoin(e, e.id == last).where(*where)  # type: ignore[arg-type]
        .group_by(i.id).order_by(i.sent_at.desc(), i.id))
    return [InvitationView(*row) for row in rows]


def invitations(session: Session, seminar_id: int) -> list[InvitationView]:
    return _invitations(session, SeminarInvitation.seminar_id == seminar_id)


def invitation(session: Session, token: str) -> InvitationView | None:
    found = _invitations(session, SeminarInvitation.token_hash == token_hash(token))
    return found[0] if found else None


def invite(session: Session, actor_id: int, now: datetime, desk: Desk, seminar: Head, to: Sequence[str], kind: str,
           most: int, language: str) -> int:
    """Mail a link to each address; an earlier one of the same address is worth nothing from now on."""
    for email in to:
        for old in session.scalars(select(SeminarInvitation).where(
                SeminarInvitation.seminar_id == seminar.id, SeminarInvitation.email == email,
                SeminarInvitation.ended_at.is_(None))):
            old.ended_at = now
        token = token_urlsafe(24)
        session.add(SeminarInvitation(seminar_id=seminar.id, email=email, kind=kind, most=most, language=language,
                                      token_hash=token_hash(token), sent_at=now, sent_by=actor_id))
        mail.send(session, now, emails.deliverable(email), *letters.invitation(desk, seminar, language, token, most))
    audit.record(session, actor_id, now, "seminar.invited", f"seminar:{seminar.id}", kind=kind, count=len(to))
    return len(to)


def accept(session: Session, now: datetime, desk: Desk, invitation_id: int, who: Who, answers: Mapping[str, str]
           ) -> RegistrationView:
    """Register one person by an invitation, as long as it lets somebody in."""
    [found] = _invitations(session, SeminarInvitation.id == invitation_id)
    held(session, found.seminar_id)
    [found] = _invitations(session, SeminarInvitation.id == invitation_id)
    if not found.left:
        raise Refused("Esta invitación ya se usó. Pedir otra a quien la envió.")
    return register(session, now, found.seminar_id, found.kind, who, answers, By(invitation_id=found.id), desk)[0]


def end_invitation(session: Session, actor_id: int, now: datetime, seminar_id: int, invitation_id: int) -> bool:
    row = session.get(SeminarInvitation, invitation_id)
    if row is None or row.seminar_id != seminar_id or row.ended_at is not None:
        return False
    row.ended_at = now
    audit.record(session, actor_id, now, "seminar.invitation_ended", f"seminar:{seminar_id}", invitation=invitation_id)
    return True


@dataclass(frozen=True)
class DelegationView:
    """A delegation as its contact sees it."""
    id: int
    seminar_id: int
    institution: str
    country: str
    contact: str
    email: str
    language: str
    members: tuple[tuple[int, str, str, str], ...]      # (registration id, name, address, state)
    besides: tuple[tuple[str, str, str], ...]           # who was registered before: (name, address, state to show)


def delegate(session: Session, now: datetime, desk: Desk, seminar_id: int, kind: str, contact: str, email: str,
             people: Sequence[Who], by: By = NOBODY) -> int:
    """A new delegation: each person is registered and written to, its contact is mailed the link to the list."""
    seminar, token = held(session, seminar_id), token_urlsafe(24)
    lead = people[0]
    row = Delegation(seminar_id=seminar_id, institution=lead.institution, country=lead.country, contact=contact,
                     email=email, language=lead.language, token_hash=token_hash(token), made_at=now)
    session.add(row)
    session.flush()
    add(session, now, desk, row.id, kind, people, by)
    letter = letters.delegation(desk, seminar, lead.language, contact, token)
    mail.send(session, now, emails.deliverable(email), *letter)
    audit.record(session, None, now, "delegation.made", f"delegation:{row.id}", seminar=seminar_id)
    return row.id


def add(session: Session, now: datetime, desk: Desk, delegation_id: int, kind: str, people: Sequence[Who],
        by: By = NOBODY) -> None:
    """Register more persons of a delegation. Who was registered already is mailed their own link, and their contact is
    shown what they would be shown of anybody: nobody learns so who else has registered."""
    row = session.get_one(Delegation, delegation_id)
    held(session, row.seminar_id)
    by = By(by.actor_id, delegation_id, by.invitation_id or _invited_by(session, delegation_id))
    if by.invitation_id is not None:
        [found] = _invitations(session, SeminarInvitation.id == by.invitation_id)
        if len(people) > found.left:
            raise Refused("Hay más personas que las que admite la invitación.")
    elif kind not in limits(session, row.seminar_id):
        raise Refused("Ya no hay inscripción abierta para esta delegación.")
    besides = json.loads(row.besides)
    for who in people:
        new_state = _would_be(session, row.seminar_id, kind)
        view, new = register(session, now, row.seminar_id, kind, who, by=by, desk=desk)
        if not new and view.delegation_id != delegation_id:
            name = " ".join(part for part in (who.given_names, who.surname1, who.surname2) if part)
            besides = [b for b in besides if b[1] != who.email] + [[name, who.email, new_state]]
    row.besides = json.dumps(besides, ensure_ascii=False)


def _invited_by(session: Session, delegation_id: int) -> int | None:
    """The invitation by which a delegation came, which bounds who may be added to it later too."""
    return session.scalar(select(Registration.invitation_id).where(
        Registration.delegation_id == delegation_id, Registration.invitation_id.is_not(None)).limit(1))


def _would_be(session: Session, seminar_id: int, kind: str) -> str:
    return first(*room(session, seminar_id, kind))


def delegation(session: Session, token: str) -> DelegationView | None:
    row = session.scalars(select(Delegation).where(Delegation.token_hash == token_hash(token))).one_or_none()
    if row is None:
        return None
    members = [v for v in registrations(session, row.seminar_id) if v.delegation_id == row.id]
    return DelegationView(row.id, row.seminar_id, row.institution, row.country, row.contact, row.email, row.language,
                          tuple((v.id, v.name, v.email, v.state) for v in members),
                          tuple((b[0], b[1], b[2]) for b in json.loads(row.besides)))


def kind_of(session: Session, delegation: DelegationView) -> str:
    """The kind by which its persons are registered: as the first of them was."""
    kind = session.scalar(select(Registration.kind).where(Registration.delegation_id == delegation.id)
                          .order_by(Registration.id).limit(1))
    return kind or next(iter(limits(session, delegation.seminar_id)), "member")


def take_out(session: Session, now: datetime, desk: Desk, delegation: DelegationView, email: str) -> bool:
    """The contact takes a person off: a registration of the delegation is cancelled; another's is only left off it."""
    row = session.get_one(Delegation, delegation.id)
    besides = json.loads(row.besides)
    if any(b[1] == email for b in besides):
        row.besides = json.dumps([b for b in besides if b[1] != email], ensure_ascii=False)
        return True
    member = next((m for m in delegation.members if m[2] == email and m[3] not in OVER), None)
    if member is None:
        return False
    move(session, now, delegation.seminar_id, member[0], "cancelled",
         By(note=f"Retirada de la delegación por {delegation.contact}."), desk)
    return True




def may_ask_again(session: Session, view: RegistrationView) -> bool:
    """Whether their kind still may register by itself, or they came by invitation."""
    row = session.get_one(Registration, view.id)
    return row.invitation_id is not None or view.kind in limits(session, row.seminar_id)


def called(session: Session, delegation_id: int) -> str:
    """A delegation in one line, for the office."""
    row = session.get_one(Delegation, delegation_id)
    return f"{row.institution}, por {row.contact} ({row.email})"
