"""What would be printed of the kinds beside the diploma's own: enrolment, attendance at a seminar, internship."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from lms.catalogue import queries as catalogue
from lms.certificates import press, promise
from lms.certificates.facts import AttendanceFacts, Facts
from lms.certificates.issuing import Draft, Shop
from lms.certificates.promise import Holder, Sponsors, numbered
from lms.certificates.queries import CertificateView
from lms.certificates.rules import BITS, SERIES, code, participation_refusal
from lms.certificates.snapshot import LANGUAGES, Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries as completion
from lms.grading.queries import policies_of
from lms.people import queries as people
from lms.people.rules import Refused, today

Found = Mapping[int, Draft | Refused]       # by person, registration or placement: a draft, or why there is none
UNSIGNED = "Nadie firma los certificados de la Escuela ese día. Agregar quién firma en «Firmantes de la Escuela»."
UNSIGNED_HERE = "La cohorte no tiene quien firme. Agregar los firmantes en los datos de la cohorte."


def enrolment(session: Session, shop: Shop, now: datetime, cohort: CohortView, person_ids: Sequence[int],
              language: str = "es") -> Found:
    """Of who studies in the cohort today."""
    day, programme = today(now), catalogue.programme(session, cohort.edition_id)
    enrolled = {e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at}
    documents, sponsors = people.documents(session, person_ids, cohort.country), _sponsors(session, cohort, now)
    names = people.certificate_names(session, person_ids)

    def one(person: int) -> Draft:
        if person not in enrolled:
            raise Refused("No está inscrita en la cohorte, o se retiró. Revisar la nómina.")
        if day > cohort.ends_on:
            raise Refused("La cohorte terminó: ya no hay matrícula vigente que certificar.")
        if not sponsors.signatories:
            raise Refused(UNSIGNED_HERE)
        name = names.get(person) or people.certificate_name(session, person)[0]
        said = promise.enrolled(cohort, programme, Holder(name, documents.get(person, "")), sponsors, day, shop.notice,
                                language)
        return Draft(person, _checked(shop, said), cohort.id, about=f"day:{day.isoformat()}")
    return _each(person_ids, one)


def participation(session: Session, shop: Shop, now: datetime, cohort: CohortView, person_ids: Sequence[int],
                  language: str = "es") -> Found:
    """Of who was there to the end of the cohort and did not pass."""
    day, programme = today(now), catalogue.programme(session, cohort.edition_id)
    refusals, sponsors = took_part(session, cohort, person_ids, now), _sponsors(session, cohort, now)
    names = people.certificate_names(session, person_ids)
    documents = people.documents(session, person_ids, cohort.country)

    def one(person: int) -> Draft:
        if why := refusals.get(person, "No está inscrita en la cohorte, o se retiró. Revisar la nómina."):
            raise Refused(why)
        if person not in names:
            raise Refused("No ha confirmado el nombre del certificado. Pedirle que lo confirme en su cuenta.")
        if not sponsors.signatories:
            raise Refused(UNSIGNED_HERE)
        said = promise.took_part(cohort, programme, Holder(names[person], documents.get(person, "")), sponsors, day,
                                 shop.notice, language)
        return Draft(person, _checked(shop, said), cohort.id)
    return _each(person_ids, one)


def took_part(session: Session, cohort: CohortView, person_ids: Sequence[int] | None, now: datetime) -> dict[int, str]:
    """Person enrolled -> why they are given no certificate of participation; "" for who may be."""
    enrolled = [e.person_id for e in cohorts.enrolled(session, cohort.id) if not e.withdrawn_at]
    asked = [p for p in enrolled if person_ids is None or p in person_ids]
    verdicts = completion.verdicts(session, cohort, catalogue.programme(session, cohort.edition_id), asked)
    ended = today(now) > cohort.ends_on
    return {p: participation_refusal(verdicts[p], ended=ended) or "" for p in asked}


def attendance(session: Session, shop: Shop, now: datetime, seminar_id: int, registration_ids: Sequence[int],
               language: str = "es") -> Found:
    """Of who attended a seminar; they may have no account. No language: each paper in that of its registration."""
    known = {f.registration_id: f for f in shop.facts.attended(session, seminar_id, now, language or "es")}
    accounts = [f.person_id for f in known.values() if f.person_id]
    names, documents = people.certificate_names(session, accounts), people.documents(session, accounts, "CL")
    signatories, day = tuple(cohorts.signatories(session, None, today(now))), today(now)
    bodies = certifying(session, next(iter(known.values())).organisers) if known else ()

    def one(registration: int) -> Draft:
        if (facts := known.get(registration)) is None:
            raise Refused("No consta entre quienes asistieron al seminario.")
        if refusal := unattended(facts):
            raise Refused(refusal)
        if not signatories:
            raise Refused(UNSIGNED)
        holder = Holder(names.get(facts.person_id or 0) or facts.name, documents.get(facts.person_id or 0, ""))
        own = language or (facts.language if facts.language in LANGUAGES else "es")
        said = promise.attended(facts.told_in(own), holder, Sponsors(bodies, signatories), day, shop.notice, own)
        return Draft(facts.person_id, _checked(shop, said), None, about=f"seminar:{seminar_id}", email=facts.email,
                     holder="" if facts.person_id else f"registration:{registration}")
    return _each(registration_ids, one)


def internship(session: Session, shop: Shop, now: datetime, cohort: CohortView, placement_ids: Sequence[int],
               language: str = "es") -> Found:
    """Of closed placements."""
    known = {f.placement_id: f for f in shop.facts.closed(session, cohort.id)}
    ids, programme = [f.person_id for f in known.values()], catalogue.programme(session, cohort.edition_id)
    names, documents = people.certificate_names(session, ids), people.documents(session, ids, cohort.country)
    sponsors, scales = _sponsors(session, cohort, now), policies_of(session, cohort.id, cohort.country)

    def one(placement: int) -> Draft:
        if (facts := known.get(placement)) is None:
            raise Refused("La pasantía no está cerrada: la constancia se emite con su cierre.")
        if facts.person_id not in names:
            raise Refused("No ha confirmado el nombre del certificado. Pedirle que lo confirme en su cuenta.")
        if not sponsors.signatories:
            raise Refused(UNSIGNED_HERE)
        holder = Holder(names[facts.person_id], documents.get(facts.person_id, ""))
        said = promise.interned(facts, cohort, programme, holder, sponsors, today(now), shop.notice, scales, language)
        return Draft(facts.person_id, _checked(shop, said), cohort.id, about=f"placement:{placement}")
    return _each(placement_ids, one)


def again(session: Session, shop: Shop, now: datetime, cohort: CohortView | None, old: CertificateView) -> Draft:
    """The same certificate from what is true today. Raises Refused when it is no longer so."""
    number = int(old.about.rpartition(":")[2]) if old.kind in ("attendance", "internship") else 0
    language = old.snapshot.language
    if old.kind == "participation" and cohort and old.person_id:
        found: Found = participation(session, shop, now, cohort, [old.person_id], language)
    elif old.kind == "enrolment" and cohort and old.person_id:
        found = enrolment(session, shop, now, cohort, [old.person_id], language)
    elif old.kind == "internship" and cohort:
        found = internship(session, shop, now, cohort, [number], language)
    else:
        found = attendance(session, shop, now, number, [_registration(session, shop, old, now)], language)
    draft = next(iter(found.values()))
    if isinstance(draft, Refused):
        raise draft
    return replace(draft, about=old.about)


def email(session: Session, facts: Facts, certificate: CertificateView, now: datetime) -> str:
    """Of who has no account; "" when their registration is no longer there."""
    if not certificate.holder:
        return ""
    known = facts.attended(session, int(certificate.about.rpartition(":")[2]), now, "es")
    number = int(certificate.holder.rpartition(":")[2])
    return next((f.email for f in known if f.registration_id == number), "")


def _registration(session: Session, shop: Shop, certificate: CertificateView, now: datetime) -> int:
    if certificate.holder:
        return int(certificate.holder.rpartition(":")[2])
    known = shop.facts.attended(session, int(certificate.about.rpartition(":")[2]), now, "es")
    return next((f.registration_id for f in known if f.person_id == certificate.person_id), 0)


def unattended(facts: AttendanceFacts) -> str:
    """Why this person is given no certificate of attendance; "" when they are."""
    if not facts.over:
        return "El seminario no ha terminado."
    return "" if facts.hours > Fraction(0) else "No alcanzó la asistencia que pide el seminario."


def _sponsors(session: Session, cohort: CohortView, now: datetime) -> Sponsors:
    return Sponsors(tuple((p.name, p.country) for p in cohorts.partners(session, cohort.id)),
                    tuple(cohorts.signatories(session, cohort.id, today(now))))


def certifying(session: Session, organisers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Who certifies a seminar: the Escuela, and with it whoever else organises."""
    known = people.institutions(session)
    schools = [i for i in known if i.kind == "school"][:1]
    named = {name.casefold(): i for i in known for name in (i.name, i.short_name) if name}
    bodies = [(i.name, i.country) for i in schools]
    for name in organisers:
        found = named.get(name.casefold())
        body = (found.name, found.country) if found else (name, "")
        if not any(body[0].casefold() in whole.casefold() for whole, _ in bodies):      # "Escuela … de la Asociación …"
            bodies.append(body)
    return tuple(bodies)


def _checked(shop: Shop, said: Snapshot) -> Snapshot:
    whole = numbered(said, SERIES[said.kind], 0, code(shop.bits(BITS)), shop.base_url)
    press.check(whole)
    return whole


def _each(ids: Sequence[int], one: Callable[[int], Draft]) -> Found:
    found: dict[int, Draft | Refused] = {}
    for number in ids:
        try:
            found[number] = one(number)
        except Refused as refused:
            found[number] = refused
    return found
