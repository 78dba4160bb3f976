"""What a certificate of this cohort would look like for any name before one is issued: a picture, never a paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import sha256

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lms.catalogue.rules import Programme
from lms.certificates import press
from lms.certificates.promise import Holder, Sponsors, numbered, promise
from lms.certificates.routes import HERE, place, room
from lms.certificates.rules import BITS, SERIES, code
from lms.certificates.snapshot import LANGUAGES, Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import leaves
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import local
from lms.foundation.stores import Stored
from lms.grading.queries import policies_of
from lms.people import queries as people
from lms.people.rules import HOME_ZONE, May, Refused

NOTICE = "Muestra, sin valor."
USUAL = "María Elena Núñez Ibáñez"
# Names that papers break on: long, short, of one word, with particles, hyphens, apostrophes, letters of other tongues.
STRANGE = ("María Fernanda Graciela de los Ángeles Ñancupil Etchegaray-Muñoz", "Ng Ó", "Xochiquétzal",
           "Juan de la Cruz y de los Ríos O’Higgins Mac-Iver", "Łucja Öztürk D’Alessandro Şahin")
LONGEST = 5                     # names of the cohort that are offered to be looked at
SHARE = Fraction(4, 5)


@dataclass(frozen=True)
class Final:
    share: Fraction | None = SHARE


@dataclass(frozen=True)
class Passed:
    """A verdict as a paper reads it: everything passed with the same grade."""
    shares: dict[str, Fraction]
    final: Final = field(default_factory=Final)


@dataclass(frozen=True)
class One:
    """A store of one file, for the press that draws pictures: a sample is kept nowhere else."""
    content: bytes

    def put(self, stream: object, most: int) -> Stored:
        raise OSError("a sample is not kept")

    def read(self, digest: str) -> bytes:
        return self.content

    def chunks(self, digest: str) -> Iterator[bytes]:
        yield self.content

    def holds(self, digest: str) -> bool:
        return True


@room.get(f"{HERE}/muestra", allow=May.SEE_CERTIFICATES)
def preview(cohort_id: int) -> ResponseReturnValue:
    """The paper for a name that is typed or chosen; what would refuse it is said as it would be when issuing."""
    cohort, programme, module = place(cohort_id)
    name, language = asked()
    problem = ""
    try:
        press.check(sample(cohort, programme, module, name, language))
    except Refused as refused:
        problem = refused.message
    enrolled = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
    longest = sorted(people.certificate_names(session(), enrolled).values(), key=len, reverse=True)[:LONGEST]
    return render_template("certificates/preview.html", cohort=cohort, programme=programme, module=module, name=name,
                           problem=problem, longest=longest, strange=STRANGE, language=language,
                           LANGUAGES=LANGUAGES)


@room.get(f"{HERE}/muestra/<int:number>", endpoint="sample", allow=May.SEE_CERTIFICATES)
def picture(cohort_id: int, number: int) -> ResponseReturnValue:
    """A sheet of the sample as a picture."""
    cohort, programme, module = place(cohort_id)
    name, language = asked()
    try:
        paper = press.draw(sample(cohort, programme, module, name, language))
        drawn = leaves.Press(current_app.config["INSTANCE"] / "leaves", One(paper)).picture(
            sha256(paper).hexdigest(), number, len(paper))
    except (Refused, ValueError, leaves.Unseen):
        abort(404)
    response = Response(drawn, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def asked() -> tuple[str, str]:
    """(name, language) that the address asks for."""
    language = request.args.get("idioma", "es")
    return " ".join(request.args.get("nombre", "").split())[:200] or USUAL, language if language in LANGUAGES else "es"


def sample(cohort: CohortView, programme: Programme, module: str | None, name: str, language: str) -> Snapshot:
    """A promise that nobody made: this cohort's words, partners and signatories, a grade, folio 0, and a notice."""
    sponsors = Sponsors(tuple((p.name, p.country) for p in cohorts.partners(session(), cohort.id)),
                        tuple(cohorts.signatories(session(), cohort.id)))
    day: date = local(now(), HOME_ZONE).date()
    said = promise(cohort, programme, programme.module(module) if module else None,
                   Passed({m.code: SHARE for m in programme.modules}),  # type: ignore[arg-type]
                   Holder(name, "RUN 12.345.678-5"), sponsors, day, NOTICE,
                   policies_of(session(), cohort.id, cohort.country), language)
    return numbered(said, SERIES["module" if module else "final"], 0, code(1 << (BITS - 1)), current_app.config["URL"])
