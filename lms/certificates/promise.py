"""What a certificate will say, gathered from the facts of the day it is issued. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from lms.catalogue.rules import Module, Programme
from lms.certificates.facts import AttendanceFacts, InternshipFacts, whole
from lms.certificates.rules import folio
from lms.certificates.snapshot import Snapshot
from lms.cohorts.queries import CohortView
from lms.completion.rules import Verdict
from lms.foundation.spanish import decimal_words
from lms.grading.queries import Policies, usual_policies
from lms.seals.queries import SEAL_NOTE

SEAL_NOTES = {      # what the signature legally is, as seals.queries.SEAL_NOTE says it in Spanish
    "pt": "Assinatura eletrônica simples (Chile, Lei 19.799). Assinatura eletrônica (Argentina, Lei 25.506).",
    "en": "Simple electronic signature (Chile, Law 19.799). Electronic signature (Argentina, Law 25.506)."}
PLACE = "Santiago de Chile"                     # where the Escuela issues
COUNTRIES = {"CL": "República de Chile", "AR": "República Argentina"}
CREDITS = {"CL": ("SCT-Chile", "CRE"), "AR": ("CRE", "SCT-Chile")}      # the country's own first
SCALE_OF = {"CL": "escala chilena", "AR": "escala argentina"}


@dataclass(frozen=True)
class Holder:
    """To whom, as the person confirmed it."""
    name: str
    document: str


@dataclass(frozen=True)
class Sponsors:
    """Who certifies, (name, country), and who signs, (name, office, institution)."""
    bodies: tuple[tuple[str, str], ...]
    signatories: tuple[tuple[str, str, str], ...]


def promise(cohort: CohortView, programme: Programme, module: Module | None, verdict: Verdict, holder: Holder,
            sponsors: Sponsors, day: date, notice: str = "", policies: Policies | None = None,
            language: str = "es", track: str = "") -> Snapshot:
    """Everything but folio, code and address: see `numbered`. `policies`: the cohort's scales; `track`: how they were
    admitted."""
    scales = policies or usual_policies(cohort.country)
    hours = module.hours if module else programme.hours
    share = _shares(verdict).get(module.code) if module else verdict.final.share
    return Snapshot(
        kind="module" if module else "final",
        holder_name=holder.name, holder_document=holder.document, programme=programme.title,
        started_on=cohort.starts_on, hours=hours,
        ended_on=max(min(cohort.ends_on, day), cohort.starts_on),       # a paper does not tell of days to come
        credits=_credits(Fraction(hours, programme.credit_hours), cohort.country),
        module=module.title if module else "", edition=cohort.edition_id,
        modules=() if module else _modules(programme, verdict, scales), form="" if module else track,
        **_common(sponsors, day, notice, language),
        **(_graded(share, scales) if share is not None else {}))


def took_part(cohort: CohortView, programme: Programme, holder: Holder, sponsors: Sponsors, day: date,
              notice: str = "", language: str = "es") -> Snapshot:
    """Of who was there to the end and did not pass: neither grade nor credits."""
    return Snapshot(
        kind="participation", holder_name=holder.name, holder_document=holder.document, programme=programme.title,
        started_on=cohort.starts_on, ended_on=cohort.ends_on, hours=programme.hours, edition=cohort.edition_id,
        **_common(sponsors, day, notice, language))


def enrolled(cohort: CohortView, programme: Programme, holder: Holder, sponsors: Sponsors, day: date, notice: str = "",
             language: str = "es") -> Snapshot:
    """Of who studies in the cohort that day."""
    return Snapshot(
        kind="enrolment", holder_name=holder.name, holder_document=holder.document, programme=programme.title,
        started_on=cohort.starts_on, ended_on=cohort.ends_on, hours=programme.hours, edition=cohort.edition_id,
        credits=_credits(Fraction(programme.hours, programme.credit_hours), cohort.country),
        **_common(sponsors, day, notice, language))


def attended(facts: AttendanceFacts, holder: Holder, sponsors: Sponsors, day: date, notice: str = "",
             language: str = "es") -> Snapshot:
    """Of who was at a seminar long enough."""
    hours, minutes = whole(facts.hours)
    return Snapshot(
        kind="attendance", holder_name=holder.name, holder_document=holder.document, programme=facts.title,
        started_on=facts.started_on, ended_on=facts.ended_on, hours=hours, minutes=minutes, place=facts.place,
        form="online" if facts.online else "", **_common(sponsors, day, notice, language))


def interned(facts: InternshipFacts, cohort: CohortView, programme: Programme, holder: Holder, sponsors: Sponsors,
             day: date, notice: str, scales: Policies, language: str = "es") -> Snapshot:
    """Of who did an internship, once it is closed."""
    hours, minutes = whole(facts.hours)
    return Snapshot(
        kind="internship", holder_name=holder.name, holder_document=holder.document, programme=programme.title,
        started_on=facts.started_on, ended_on=facts.ended_on, hours=hours, minutes=minutes, host=facts.host,
        place=facts.place, credits=_credits(facts.credits, cohort.country) if facts.credits else (),
        edition=cohort.edition_id, **_common(sponsors, day, notice, language),
        **({"grade": facts.grade, "grade_words": decimal_words(facts.grade), "scale": scales.own.name}
           if facts.grade else {}))


def _common(sponsors: Sponsors, day: date, notice: str, language: str) -> dict[str, Any]:
    return {"folio": "", "code": "", "verify_url": "", "issued_on": day, "issued_place": PLACE, "notice": notice,
            "institutions": tuple(name for name, _ in sponsors.bodies), "language": language,
            "countries": tuple(COUNTRIES.get(country, "") for _, country in sponsors.bodies),
            "signatories": sponsors.signatories, "seal_note": SEAL_NOTES.get(language, SEAL_NOTE)}


def numbered(snapshot: Snapshot, series: str, number: int, code: str, base_url: str) -> Snapshot:
    """The promise with its place in the register."""
    given = folio(series, snapshot.issued_on.year, number)
    return replace(snapshot, folio=given, code=code, verify_url=f"{base_url}/v/{given}/{code}")


def _shares(verdict: Verdict) -> dict[str, Fraction]:
    return verdict.shares


def _modules(programme: Programme, verdict: Verdict, scales: Policies) -> tuple[tuple[str, int, str], ...]:
    shares = _shares(verdict)
    return tuple((m.title, m.hours, scales.grade(shares[m.code]).written if m.code in shares else "–")
                 for m in programme.modules)


def _graded(share: Fraction, scales: Policies) -> dict[str, str]:
    """The grade in the cohort's own scale, and the other country's for reference."""
    own, *others = scales.grades(share)
    told = [f"{one.written} de {one.scale.written(one.scale.maximum)}, "
            f"{SCALE_OF.get(one.scale.country, one.scale.name)}" for one in others]
    return {"grade": own.written, "grade_words": own.words, "scale": own.scale.name, "equivalence": "; ".join(told)}


def _credits(number: Fraction, country: str) -> tuple[str, ...]:
    shown = f"{float(number):.1f}".removesuffix(".0").replace(".", ",")
    return tuple(f"{shown} {unit}" for unit in CREDITS[country])
