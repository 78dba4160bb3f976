"""Agreements recorded, renewed and ended: each a fact of its own, with one audit line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.exchange import queries
from lms.exchange.models import Agreement, AgreementChange, AgreementParty
from lms.exchange.rules import refusals
from lms.foundation import audit
from lms.people.rules import Refused, tidied, today


@dataclass(frozen=True)
class Party:
    """Who signs for whom."""
    institution_id: int
    signatory: str = ""
    office: str = ""


@dataclass(frozen=True)
class Paper:
    """A signed paper in the store; "" where there is none."""
    sha256: str = ""
    file_name: str = ""


def record(session: Session, actor_id: int | None, now: datetime, *, title: str, object: str, signed_on: date,
           starts_on: date, expires_on: date | None, parties: Sequence[Party], paper: Paper | None = None) -> int:
    """Write down an agreement as it was signed."""
    if wrong := refusals(signed_on, starts_on, expires_on, [p.institution_id for p in parties], today(now)):
        raise Refused(wrong[0][1], wrong[0][0])
    kept = paper or Paper()
    made = Agreement(title=tidied(title, "Nombre", "title"), object=object.strip(), signed_on=signed_on,
                     starts_on=starts_on, expires_on=expires_on, sha256=kept.sha256, file_name=kept.file_name,
                     recorded_at=now, recorded_by=actor_id)
    session.add(made)
    session.flush()
    session.add_all(AgreementParty(agreement_id=made.id, institution_id=p.institution_id, position=n,
                                   signatory=tidied(p.signatory, "Firmante", "parties", 160, needed=False),
                                   office=tidied(p.office, "Cargo", "parties", 160, needed=False))
                    for n, p in enumerate(parties))
    session.flush()
    audit.record(session, actor_id, now, "agreement.recorded", f"agreement:{made.id}", expires=expires_on,
                 paper=kept.sha256[:16])
    return made.id


def attach(session: Session, actor_id: int | None, now: datetime, agreement_id: int, paper: Paper) -> None:
    """The signed paper of an agreement that was recorded without it. One that is there is never replaced."""
    row = session.scalar(select(Agreement).where(Agreement.id == agreement_id).with_for_update())
    if row is None or row.sha256:
        raise Refused("El convenio firmado ya está adjunto. Uno nuevo se registra como renovación.")
    row.sha256, row.file_name = paper.sha256, paper.file_name
    session.flush()
    audit.record(session, actor_id, now, "agreement.paper_attached", f"agreement:{agreement_id}",
                 paper=paper.sha256[:16])


def renew(session: Session, actor_id: int | None, now: datetime, agreement_id: int, *, on: date,
          expires_on: date | None, reason: str = "", paper: Paper | None = None) -> None:
    """A later last day, from the day the renewal was signed."""
    held = _standing(session, agreement_id, now)
    if on > today(now):
        raise Refused("La fecha de firma está en el futuro. Registrarla cuando esté firmada.", "on")
    if on < held.signed_on:
        raise Refused(f"Es anterior a la firma del convenio, el {held.signed_on:%d-%m-%Y}.", "on")
    if expires_on and (expires_on < on or held.expires_on and expires_on <= held.expires_on):
        raise Refused("La renovación debe vencer después de lo ya convenido"
                      f"{f', el {held.expires_on:%d-%m-%Y}' if held.expires_on else ''}.", "expires_on")
    if held.expires_on is None:
        raise Refused("Este convenio no tiene vencimiento: no hay qué renovar.", "expires_on")
    _change(session, actor_id, now, agreement_id, "renewed", on, expires_on, reason, paper)


def end(session: Session, actor_id: int | None, now: datetime, agreement_id: int, *, on: date, reason: str,
        paper: Paper | None = None) -> None:
    """No longer in force from this day on, before its term."""
    held = _standing(session, agreement_id, now)
    if on < held.signed_on:
        raise Refused(f"Es anterior a la firma del convenio, el {held.signed_on:%d-%m-%Y}.", "on")
    _change(session, actor_id, now, agreement_id, "ended", on, None, tidied(reason, "Motivo", "reason", 300), paper)


def _standing(session: Session, agreement_id: int, now: datetime) -> queries.AgreementView:
    """The agreement, alone with it until the transaction ends, when it was not ended already."""
    session.execute(select(Agreement.id).where(Agreement.id == agreement_id).with_for_update())
    held = queries.agreement(session, agreement_id, today(now))
    if held is None:
        raise Refused("Ese convenio no está en el registro.")
    if any(c.kind == "ended" for c in held.changes):
        raise Refused("Este convenio ya se dio por terminado. Uno nuevo se registra aparte.")
    return held


def _change(session: Session, actor_id: int | None, now: datetime, agreement_id: int, kind: str, on: date,
            expires_on: date | None, reason: str, paper: Paper | None) -> None:
    kept = paper or Paper()
    session.add(AgreementChange(agreement_id=agreement_id, kind=kind, on=on, expires_on=expires_on,
                                reason=reason.strip(), sha256=kept.sha256, file_name=kept.file_name, recorded_at=now,
                                recorded_by=actor_id))
    session.flush()
    audit.record(session, actor_id, now, f"agreement.{kind}", f"agreement:{agreement_id}", on=on, expires=expires_on,
                 paper=kept.sha256[:16])
