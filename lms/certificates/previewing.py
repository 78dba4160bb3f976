"""What a certificate of this cohort would look like for any name before one is issued: a picture, never a paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lms.catalogue.rules import Programme
from lms.certificates import press, promise
from lms.certificates.facts import AttendanceFacts, InternshipFacts
from lms.certificates.further import certifying
from lms.certificates.promise import Holder, Sponsors, numbered
from lms.certificates.routes import HERE, place, room, shop
from lms.certificates.rules import BITS, KINDS, SERIES, code
from lms.certificates.snapshot import LANGUAGES, Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.cohorts.rules import TRACKS
from lms.foundation import leaves
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.stores import Stored
from lms.grading.queries import policies_of
from lms.people import queries as people
from lms.people.rules import May, Refused, today

NOTICE = "Muestra, sin valor."
USUAL = "María Elena Núñez Ibáñez"
# Names that papers break on: long, short, of one word, with particles, hyphens, apostrophes, letters of other tongues.
STRANGE = ("María Fernanda Graciela de los Ángeles Ñancupil Etchegaray-Muñoz", "Ng Ó", "Xochiquétzal",
           "Juan de la Cruz y de los Ríos O’Higgins Mac-Iver", "Łucja Öztürk D’Alessandro Şahin")
LONGEST = 5                     # names of the cohort that are offered to be looked at
SHARE = Fraction(4, 5)
LONG_HOST = "Confederación Nacional de Municipios y Asociación Intermunicipal de la Cuenca del Río de la Plata"
DOCUMENT = "RUN 12.345.678-5"
PREVIEWED = ("final", "participation", "enrolment", "internship")     # of a cohort, beside its modules
SEMINARS = "/seminarios/<int:seminar_id>/certificados/muestra"


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


@dataclass(frozen=True)
class Asked:
    """What the address asks to see. `form`: of admission, for the diploma."""
    name: str
    language: str
    kind: str
    form: str


@room.get(f"{HERE}/muestra", allow=May.SEE_CERTIFICATES)
def preview(cohort_id: int) -> ResponseReturnValue:
    """The paper for a name that is typed or chosen; what would refuse it is said as it would be when issuing."""
    cohort, programme, module = place(cohort_id)
    ask = asked(module)
    enrolled = [e.person_id for e in cohorts.enrolled(session(), cohort_id) if not e.withdrawn_at]
    longest = sorted(people.certificate_names(session(), enrolled).values(), key=len, reverse=True)[:LONGEST]
    return _page(ask, _refusal(sample(cohort, programme, module, ask)), longest, cohort=cohort, programme=programme,
                 module=module, own="certificates.preview", drawn="certificates.sample", at={"cohort_id": cohort_id})


@room.get(f"{HERE}/muestra/<int:number>", endpoint="sample", allow=May.SEE_CERTIFICATES)
def picture(cohort_id: int, number: int) -> ResponseReturnValue:
    """A sheet of the sample as a picture."""
    cohort, programme, module = place(cohort_id)
    return _drawn(sample(cohort, programme, module, asked(module)), number)


@room.get(SEMINARS, allow=May.SEE_CERTIFICATES)
def seminar_preview(seminar_id: int) -> ResponseReturnValue:
    """The same of a seminar's certificate of attendance."""
    ask, known = asked(None), _attended(seminar_id, "es")
    longest = sorted((f.name for f in known), key=len, reverse=True)[:LONGEST]
    return _page(ask, _refusal(attendance(known[0], ask)), longest, cohort=None, programme=None, module=None,
                 own="certificates.seminar_preview", drawn="certificates.seminar_sample", at={"seminar_id": seminar_id})


@room.get(f"{SEMINARS}/<int:number>", endpoint="seminar_sample", allow=May.SEE_CERTIFICATES)
def seminar_picture(seminar_id: int, number: int) -> ResponseReturnValue:
    ask = asked(None)
    return _drawn(attendance(_attended(seminar_id, ask.language)[0], ask), number)


def asked(module: str | None) -> Asked:
    language, kind = request.args.get("idioma", "es"), request.args.get("clase", "final")
    form = request.args.get("via", "")
    return Asked(" ".join(request.args.get("nombre", "").split())[:200] or USUAL,
                 language if language in LANGUAGES else "es",
                 "module" if module else kind if kind in PREVIEWED else "final",
                 form if form in TRACKS else "")


def sample(cohort: CohortView, programme: Programme, module: str | None, ask: Asked) -> Snapshot:
    """A promise that nobody made: this cohort's words, partners and signatories, a grade, folio 0, and a notice."""
    day, holder = today(now()), Holder(ask.name, DOCUMENT)
    sponsors = Sponsors(tuple((p.name, p.country) for p in cohorts.partners(session(), cohort.id)),
                        tuple(cohorts.signatories(session(), cohort.id, day)))
    scales = policies_of(session(), cohort.id, cohort.country)
    if ask.kind == "enrolment":
        return _numbered(promise.enrolled(cohort, programme, holder, sponsors, day, NOTICE, ask.language))
    if ask.kind == "participation":
        return _numbered(promise.took_part(cohort, programme, holder, sponsors, day, NOTICE, ask.language))
    if ask.kind == "internship":
        facts = InternshipFacts(0, 0, LONG_HOST, "São José dos Campos, Brasil", cohort.starts_on,
                                cohort.starts_on + timedelta(days=11), Fraction(81, 2), Fraction(1),
                                scales.grades(SHARE)[0].written)
        return _numbered(promise.interned(facts, cohort, programme, holder, sponsors, day, NOTICE, scales,
                                          ask.language))
    return _numbered(promise.promise(
        cohort, programme, programme.module(module) if module else None,
        Passed({m.code: SHARE for m in programme.modules}),  # type: ignore[arg-type]
        holder, sponsors, day, NOTICE, scales, ask.language, ask.form))


def attendance(facts: AttendanceFacts, ask: Asked) -> Snapshot:
    day = today(now())
    sponsors = Sponsors(certifying(session(), facts.organisers), tuple(cohorts.signatories(session(), None, day)))
    facts = replace(facts, hours=facts.hours or Fraction(15, 2))
    return _numbered(promise.attended(facts, Holder(ask.name, ""), sponsors, day, NOTICE, ask.language))


def _attended(seminar_id: int, language: str) -> list[AttendanceFacts]:
    return list(shop().facts.attended(session(), seminar_id, now(), language)) or abort(404)


def _numbered(said: Snapshot) -> Snapshot:
    return numbered(said, SERIES[said.kind], 0, code(1 << (BITS - 1)), current_app.config["URL"])


def _refusal(said: Snapshot) -> str:
    try:
        press.check(said)
    except Refused as refused:
        return refused.message
    return ""


def _page(ask: Asked, problem: str, longest: list[str], **where: object) -> ResponseReturnValue:
    kinds = {kind: KINDS[kind] for kind in PREVIEWED}
    return render_template("certificates/preview.html", ask=ask, problem=problem, longest=longest, strange=STRANGE,
                           LANGUAGES=LANGUAGES, TRACKS=TRACKS, KINDS=kinds, **where)


def _drawn(said: Snapshot, number: int) -> Response:
    try:
        paper = press.draw(said)
        drawn = leaves.Press(current_app.config["INSTANCE"] / "leaves", One(paper)).picture(
            sha256(paper).hexdigest(), number, len(paper))
    except (Refused, ValueError, leaves.Unseen):
        abort(404)
    response = Response(drawn, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
