"""Who is done, who is a step away, who may fall behind and why: of a cohort, of one person, of all cohorts."""

from collections.abc import Iterator

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import queries
from lms.completion.queries import Progress
from lms.completion.risks import KINDS
from lms.completion.routes import room
from lms.completion.rules import lacking, progress
from lms.completion.wording import GROUPS, risk_line, risk_words, said
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.files import download
from lms.foundation.language import _
from lms.foundation.spreadsheet import write_csv
from lms.people import current_actor
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import May, permits

PAGE = 100              # people on a page of a cohort
SOME = 12               # cohorts on a page of all
HERE = "/cohortes/<int:cohort_id>/avance"


@room.get(HERE, allow=May.SEE_PROGRESS)
def overall(cohort_id: int) -> ResponseReturnValue:
    cohort, programme, found = _progress(cohort_id)
    wanted, chosen = _chosen(found)
    names = [p for p in people.by_id(session(), found.verdicts).values() if p.id in chosen]
    pages = max(1, -(-len(names) // PAGE))
    number = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    return render_template(
        "completion/overall.html", cohort=cohort, programme=programme, found=found, wanted=wanted, total=len(names),
        people=names[(number - 1) * PAGE:number * PAGE], number=number, pages=pages, progress=progress,
        lacking=lacking, groups=GROUPS, counts=_counts(found), risk_words=risk_words)


@room.get(f"{HERE}.csv", allow=May.SEE_PROGRESS)
def overall_file(cohort_id: int) -> ResponseReturnValue:
    cohort, _programme, found = _progress(cohort_id)
    _wanted, chosen = _chosen(found)
    names = [p for p in people.by_id(session(), found.verdicts).values() if p.id in chosen]
    head = (_("Participante"), _("Correo"), _("Situación"), _("Requisitos cumplidos"), _("Requisitos"), _("Falta"),
            _("En riesgo por"))
    return _csv(write_csv(head, _lines(found, names)), f"avance-{cohort.code}.csv")


@room.get(f"{HERE}/<int:person_id>", allow=May.SEE_PROGRESS)
def person(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort = cohorts.cohort(session(), cohort_id, person_id) or abort(404)
    if person_id not in {e.person_id for e in cohorts.enrolled(session(), cohort_id)}:
        abort(404)
    programme = catalogue.programme(session(), cohort.edition_id)
    own = queries.own(session(), cohort, programme, person_id)
    waivers, studies = queries.history(session(), cohort_id, person_id)
    authors = people.by_id(session(), {row.author_id for row in (*waivers, *studies)} | {person_id})
    return render_template(
        "completion/person.html", cohort=cohort, programme=programme, verdict=own.verdict, record=own.record,
        who=authors[person_id], progress=progress(own.verdict), now=now(), waivers=waivers, studies=studies,
        authors=authors, said=said)


@room.get(f"{HERE}/reconocimientos/<int:recognition_id>/respaldo", allow=May.SEE_PROGRESS)
def evidence(cohort_id: int, recognition_id: int) -> ResponseReturnValue:
    file = queries.evidence(session(), cohort_id, recognition_id) or abort(404)
    return download(file.name, file.kind, file.size, file.sha256)


@room.get("/avance", endpoint="everywhere", allow=Anywhere(May.SEE_PROGRESS))
def all_cohorts() -> ResponseReturnValue:
    found = _mine()
    pages = max(1, -(-len(found) // SOME))
    number = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    shown = [(c, _of(c)[1]) for c in found[(number - 1) * SOME:number * SOME]]
    return render_template("completion/everywhere.html", shown=shown, number=number, pages=pages, groups=GROUPS,
                           counts=_counts, total=len(found), today=now().date())


@room.get("/avance.csv", endpoint="everywhere_file", allow=Anywhere(May.SEE_PROGRESS))
def all_cohorts_file() -> ResponseReturnValue:
    head = (_("Código"), _("Cohorte"), _("Inicio"), _("Término"), _("Participantes"), *map(_, GROUPS.values()))
    rows = []
    for cohort in _mine():
        found = _of(cohort)[1]
        rows.append([cohort.code, cohort.title, f"{cohort.starts_on:%d-%m-%Y}", f"{cohort.ends_on:%d-%m-%Y}",
                     str(found.people), *(str(_counts(found)[key]) for key in GROUPS)])
    return _csv(write_csv(head, rows), "avance.csv")


def _mine() -> list[CohortView]:
    """The cohorts this person may look into, newest first."""
    actor = current_actor()
    ids = None if permits(actor, May.SEE_PROGRESS) else [
        p.cohort_id for p in actor.posts if p.cohort_id and permits(actor, May.SEE_PROGRESS, p.cohort_id)]
    return cohorts.cohorts(session(), ids)


def _of(cohort: CohortView) -> tuple[Programme, Progress]:
    programme = catalogue.programme(session(), cohort.edition_id)
    return programme, queries.progress_of(session(), cohort, programme, now())


def _progress(cohort_id: int) -> tuple[CohortView, Programme, Progress]:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    return cohort, *_of(cohort)


def _chosen(found: Progress) -> tuple[str, set[int]]:
    """(the group that is asked for, who is in it): one of GROUPS, or one reason of those at risk."""
    wanted = request.args.get("grupo", "")
    if wanted in KINDS:
        return wanted, {i for i, those in found.risks.items() if any(r.kind == wanted for r in those)}
    if wanted == "risk":
        return wanted, set(found.risks)
    return (wanted, set(found.groups[wanted])) if wanted in found.groups else ("", set(found.verdicts))


def _counts(found: Progress) -> dict[str, int]:
    return {key: len(found.risks) if key == "risk" else len(found.groups[key]) for key in GROUPS}


def _lines(found: Progress, names: list[PersonView]) -> Iterator[list[str]]:
    group = {person: key for key, ids in found.groups.items() for person in ids}
    for one in names:
        verdict = found.verdicts[one.id]
        done, asked = progress(verdict)
        yield [one.formal, one.email, _(GROUPS[group[one.id]]), str(done), str(asked),
               "" if verdict.complete else lacking(verdict), risk_line(found.risks.get(one.id, ()))]


def _csv(content: bytes, name: str) -> Response:
    return Response(content, mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"})
