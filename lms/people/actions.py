"""What is done to accounts, documents, posts and offices held: every change leaves its line in the audit trail."""

from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit, mail
from lms.people import letters, links, signing
from lms.people.emails import BadEmail, deliverable, normal, skeleton
from lms.people.identifiers import label
from lms.people.institutions import add_institution, change_institution
from lms.people.models import Affiliation, Person, PersonIdentifier, PersonPost
from lms.people.names import Name, search_key
from lms.people.passwords import hashed
from lms.people.rules import (
    Refused,
    Role,
    certificate_name_refusal,
    document_fate,
    is_staff,
    post_refusal,
    tidied,
    today,
)

__all__ = ["add_document", "add_institution", "adopt_password", "affiliate", "change_account", "change_institution",
           "close_account", "confirm_certificate_name", "confirm_password", "correct", "end_affiliation",
           "end_post", "end_posts", "grant",
           "hashed", "invite", "invite_again", "remove_document", "reopen_account"]

confirm_password = signing.confirm


def invite(session: Session, actor_id: int | None, now: datetime, *, email: str, given_names: str, surname1: str,
           surname2: str | None = None, identifier: tuple[str, str, str] | None = None, time_zone: str | None = None,
           language: str = "es", base_url: str, mailed: bool = True) -> int:
    """Open an account and, if `mailed`, send its owner a one-time link. `identifier`: (kind, country, canonical)."""
    person = Person(email=_free_email(session, email), language=language, time_zone=time_zone, created_at=now)
    _name(person, given_names, surname1, surname2)
    session.add(person)
    session.flush()
    audit.record(session, actor_id, now, "account.opened", f"person:{person.id}")
    if identifier:
        add_document(session, actor_id, now, person.id, *identifier)
    if mailed:
        links.send(session, now, person.id, "invitation", base_url)
    return person.id


def adopt_password(session: Session, person_id: int, password_hash: str) -> None:
    """Give an account a password hashed before (a demonstration's): see `hashed`."""
    session.get_one(Person, person_id).password_hash = password_hash


def invite_again(session: Session, actor_id: int, now: datetime, person_id: int, base_url: str) -> str:
    """Mail another link: an invitation, or a way to choose another password for who has one. Says which."""
    person = session.get_one(Person, person_id)
    if person.closed_at:
        raise Refused("La cuenta está cerrada. Reabrirla primero.")
    purpose = "reset" if person.password_hash else "invitation"
    links.send(session, now, person_id, purpose, base_url)
    audit.record(session, actor_id, now, f"{purpose}.sent", f"person:{person_id}")
    return purpose


def change_account(session: Session, now: datetime, person_id: int, *, given_names: str, surname1: str,
                   surname2: str | None, preferred_name: str | None, treatment: str | None, time_zone: str | None,
                   language: str) -> None:
    """What a person says of themselves."""
    person = session.get_one(Person, person_id)
    before = _full(person)
    person.preferred_name = tidied(preferred_name or "", "Nombre que prefiere", "preferred_name", 120, False) or None
    person.treatment = tidied(treatment or "", "Tratamiento", "treatment", 20, False) or None
    person.time_zone, person.language = time_zone, language
    _name(person, given_names, surname1, surname2)
    changed = {} if before == _full(person) else {"before": before, "after": _full(person)}
    audit.record(session, person_id, now, "account.changed", f"person:{person_id}", **changed)


def correct(session: Session, actor_id: int, now: datetime, person_id: int, *, given_names: str, surname1: str,
            surname2: str | None, email: str) -> None:
    """The office mends a name or an address. Another address ends the sessions, and the old one is told."""
    person = session.get_one(Person, person_id)
    before = [_full(person), person.email]
    _name(person, given_names, surname1, surname2)
    if (wanted := _free_email(session, email, person_id)) != person.email:
        mail.send(session, now, deliverable(person.email), *letters.email_changed(signing.called(person), wanted))
        person.email, person.email_key = wanted, skeleton(wanted)
        signing.expire_links(session, now, person_id)
        signing.end_sessions(session, actor_id, now, person_id)
    audit.record(session, actor_id, now, "account.corrected", f"person:{person_id}", before=before,
                 after=[_full(person), person.email])


def close_account(session: Session, actor_id: int, now: datetime, person_id: int) -> None:
    """Nobody signs in with it any more; what its owner did stays. It can be opened again."""
    if actor_id == person_id:
        raise Refused("Nadie puede cerrar su propia cuenta desde aquí. Pedirlo a otra persona de la oficina.")
    _keep_an_office(session, person_id)
    session.get_one(Person, person_id).closed_at = now
    signing.expire_links(session, now, person_id)
    signing.end_sessions(session, actor_id, now, person_id)
    audit.record(session, actor_id, now, "account.closed", f"person:{person_id}")


def reopen_account(session: Session, actor_id: int, now: datetime, person_id: int) -> None:
    session.get_one(Person, person_id).closed_at = None
    audit.record(session, actor_id, now, "account.reopened", f"person:{person_id}")


def confirm_certificate_name(session: Session, actor_id: int, now: datetime, person_id: int, name: str) -> None:
    """The exact text that will be printed, as its owner read and accepted it."""
    name = tidied(name, "Nombre para el certificado", "name")
    if reason := certificate_name_refusal(name):
        raise Refused(reason, "name")
    person = session.get_one(Person, person_id)
    person.certificate_name, person.certificate_name_confirmed_at = name, now
    audit.record(session, actor_id, now, "certificate_name.confirmed", f"person:{person_id}", name=name)


def add_document(session: Session, actor_id: int | None, now: datetime, person_id: int, kind: str, country: str,
                 value: str) -> None:
    """Record an identity document in canonical form; two people can not hold the same. One's own is declared only."""
    declared = actor_id == person_id
    found = session.scalar(select(PersonIdentifier).where(
        PersonIdentifier.kind == kind, PersonIdentifier.country == country, PersonIdentifier.value == value))
    fate = document_fate(found.person_id if found else None, bool(found and found.declared), person_id, declared)
    if found and fate == "verified":
        found.declared = False
        session.flush()
        audit.record(session, actor_id, now, "document.verified", f"person:{person_id}", kind=kind, country=country)
        return
    if found and fate == "displaced":
        audit.record(session, actor_id, now, "document.displaced", f"person:{found.person_id}", kind=kind)
        session.delete(found)
        session.flush()
    elif found:
        where = "esta cuenta" if found.person_id == person_id else "otra cuenta"
        if where == "otra cuenta" and actor_id != person_id:        # staff may know whose; the person may not
            where = f"la cuenta de {_full(session.get_one(Person, found.person_id))}"
        raise Refused(f"{label(kind)} ya registrado en {where}.", "number")
    session.add(PersonIdentifier(person_id=person_id, kind=kind, country=country, value=value, declared=declared,
                                 recorded_at=now))
    session.flush()
    audit.record(session, actor_id, now, "document.declared" if declared else "document.recorded",
                 f"person:{person_id}", kind=kind, country=country)


def remove_document(session: Session, actor_id: int, now: datetime, person_id: int, document_id: int) -> bool:
    """Take away one that was recorded by mistake, so that its true holder can record it."""
    found = session.get(PersonIdentifier, document_id)
    if found is None or found.person_id != person_id:
        return False
    session.delete(found)
    audit.record(session, actor_id, now, "document.removed", f"person:{person_id}", kind=found.kind)
    return True


def grant(session: Session, actor_id: int | None, now: datetime, person_id: int, role: Role, *,
          cohort_id: int | None = None, institution_id: int | None = None, module: str | None = None,
          starts_on: date | None = None, ends_on: date | None = None) -> int:
    """Give a post, from a day and until a day if these are told; the same post given twice is one."""
    if refusal := post_refusal(actor_id, person_id, role, cohort_id, institution_id):
        raise Refused(refusal[1], refusal[0])
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())      # given twice at once is one
    held = session.scalar(select(PersonPost.id).where(
        PersonPost.person_id == person_id, PersonPost.role == role, PersonPost.ended_at.is_(None),
        or_(PersonPost.ends_on.is_(None), PersonPost.ends_on >= today(now)),
        PersonPost.cohort_id.is_not_distinct_from(cohort_id), PersonPost.module.is_not_distinct_from(module),
        PersonPost.institution_id.is_not_distinct_from(institution_id)).limit(1))
    if held:
        return held
    post = PersonPost(person_id=person_id, role=role, cohort_id=cohort_id, institution_id=institution_id,
                      module=module, granted_at=now, granted_by=actor_id, starts_on=starts_on, ends_on=ends_on)
    session.add(post)
    session.flush()
    if is_staff(frozenset({role})):
        signing.shorten_sessions(session, now, person_id)
    audit.record(session, actor_id, now, "post.granted", f"person:{person_id}", cohort_id, role=role, module=module)
    return post.id


def end_posts(session: Session, actor_id: int | None, now: datetime, person_id: int, role: Role,
              cohort_id: int | None) -> int:
    """End every post of this role the person holds there."""
    ids = session.scalars(select(PersonPost.id).where(
        PersonPost.person_id == person_id, PersonPost.role == role, PersonPost.ended_at.is_(None),
        PersonPost.cohort_id.is_not_distinct_from(cohort_id))).all()
    return sum(end_post(session, actor_id, now, person_id, post_id) for post_id in ids)


def end_post(session: Session, actor_id: int | None, now: datetime, person_id: int, post_id: int) -> bool:
    """End one post, from the next click on; False when the person holds none such."""
    post = session.get(PersonPost, post_id)
    if post is None or post.person_id != person_id or post.ended_at:
        return False
    if post.role == Role.OFFICE:
        _keep_an_office(session, person_id)
    post.ended_at = now
    audit.record(session, actor_id, now, "post.ended", f"person:{person_id}", post.cohort_id, role=post.role)
    return True


def affiliate(session: Session, actor_id: int | None, now: datetime, person_id: int, institution_id: int,
              office: str) -> int:
    """Record the office held in an institution; the one held there before ends."""
    office = tidied(office, "Cargo", "office", most=120)
    held = session.scalars(select(Affiliation).where(
        Affiliation.person_id == person_id, Affiliation.institution_id == institution_id,
        Affiliation.ends_on.is_(None))).all()
    if same := next((a for a in held if a.office == office), None):
        return same.id
    for earlier in held:
        earlier.ends_on = today(now)
    made = Affiliation(person_id=person_id, institution_id=institution_id, office=office)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "affiliation.recorded", f"person:{person_id}", institution=institution_id)
    return made.id


def end_affiliation(session: Session, actor_id: int, now: datetime, person_id: int, affiliation_id: int) -> bool:
    ended = session.execute(update(Affiliation).where(
        Affiliation.id == affiliation_id, Affiliation.person_id == person_id, Affiliation.ends_on.is_(None))
        .values(ends_on=today(now)))
    if ended.rowcount:      # type: ignore[attr-defined]
        audit.record(session, actor_id, now, "affiliation.ended", f"person:{person_id}")
    return bool(ended.rowcount)     # type: ignore[attr-defined]


def _name(person: Person, given_names: str, surname1: str, surname2: str | None) -> None:
    """The three names, tidy, and the keys by which the person is sorted and found."""
    person.given_names = tidied(given_names, "Nombres", "given_names", 120)
    person.surname1 = tidied(surname1, "Primer apellido", "surname1", 80)
    person.surname2 = tidied(surname2 or "", "Segundo apellido", "surname2", 80, needed=False) or None
    name = Name(person.given_names, person.surname1, person.surname2)
    person.sort_key = name.order[:300]
    person.search_key = search_key(f"{name.full} {person.preferred_name or ''}")[:300]


def _full(person: Person) -> str:
    return Name(person.given_names, person.surname1, person.surname2).full


def _free_email(session: Session, email: str, own_id: int | None = None) -> str:
    """The stored form of an address that is nobody else's, nor looks like anybody else's."""
    try:
        wanted = normal(email)
    except BadEmail as bad:
        raise Refused(str(bad), "email") from None
    taken = session.execute(select(Person.id, Person.email).where(Person.email_key == skeleton(wanted))).first()
    if taken and taken.id != own_id:
        raise Refused("Ya hay una cuenta con este correo." if taken.email == wanted else
                      "Hay otra cuenta con un correo que a la vista es igual. Revisarlo letra por letra.", "email")
    return wanted


def _keep_an_office(session: Session, person_id: int) -> None:
    others = session.scalar(select(func.count(PersonPost.id)).join(Person, Person.id == PersonPost.person_id).where(
        PersonPost.role == Role.OFFICE, PersonPost.ended_at.is_(None), PersonPost.person_id != person_id,
        Person.closed_at.is_(None)))
    mine = session.scalar(select(func.count(PersonPost.id)).where(
        PersonPost.role == Role.OFFICE, PersonPost.ended_at.is_(None), PersonPost.person_id == person_id))
    if mine and not others:
        raise Refused("Es la última persona de la oficina: sin ella nadie podría administrar. "
                      "Dar antes ese papel a otra.")
