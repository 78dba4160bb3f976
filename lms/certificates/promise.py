"""What a certificate will say, gathered from the facts of the day it is issued. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from lms.catalogue.rules import Module, Programme
from lms.certificates.rules import folio
from lms.certificates.snapshot import Snapshot
from lms.cohorts.queries import CohortView
from lms.completion.rules import Verdict
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
            language: str = "es") -> Snapshot:
    """Everything but folio, code and address: see `numbered`. `policies`: the cohort's scales."""
    scales = policies or usual_policies(cohort.country)
    hours = module.hours if module else programme.hours
    share = _shares(verdict).get(module.code) if module else verdict.final.share
    return Snapshot(
        kind="module" if module else "final", folio="", code="", verify_url="", issued_on=day, issued_place=PLACE,
        holder_name=holder.name, holder_document=holder.document, programme=programme.title,
        institutions=tuple(name for name, _ in sponsors.bodies),
        countries=tuple(COUNTRIES.get(country, "") for _, country in sponsors.bodies),
        started_on=cohort.starts_on, hours=hours,
        ended_on=max(min(cohort.ends_on, day), cohort.starts_on),       # a paper does not tell of days to come
        credits=_credits(Fraction(hours, programme.credit_hours), cohort.country),
        module=module.title if module else "", signatories=sponsors.signatories, edition=cohort.edition_id,
        modules=() if module else _modules(programme, verdict, scales), notice=notice, language=language,
        seal_note=SEAL_NOTES.get(language, SEAL_NOTE),
        **(_graded(share, scales) if share is not None else {}))


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
