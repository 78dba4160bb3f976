"""The gradebook's page."""

from dataclasses import replace

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.actas import queries as actas
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation.database import session
from lms.foundation.doors import Room
from lms.foundation.language import _
from lms.gradebook import queries
from lms.gradebook.asking import Asked
from lms.gradebook.printing import cells, foot, head
from lms.gradebook.queries import Seen
from lms.gradebook.rules import PAGE, VIEWS, detailed, shown, spread
from lms.grading import queries as grading
from lms.people import current_actor
from lms.people.rules import Actor, May, Role, graded_modules, permits

room = Room("gradebook", __name__)
ACTAS = {"open": ("draft", _("Acta abierta")), "submitted": ("released", _("Acta presentada")),
         "signed": ("released", _("Acta firmada")), "closed": ("locked", _("Acta cerrada"))}


@room.get("/cohortes/<int:cohort_id>/libro", allow=May.SEE_GRADEBOOK)
def book(cohort_id: int) -> ResponseReturnValue:
    """Participants by modules, or by the items of one of them."""
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    asked = asked_of(cohort)
    found = seen_of(cohort, asked)
    pages = max(1, -(-len(found.book.lines) // PAGE))
    lines = found.book.lines[(asked.page - 1) * PAGE:asked.page * PAGE]
    if asked.person:            # whatever the page shows of the others, this one stays where it is
        lines = found.book.of(asked.person) or abort(404)
        found = replace(found, book=shown(found.book, asked.view))
    sides = [s for s in found.policies.shown if asked.scale in ("ambas", s.place)] or [found.policies.own]
    place = found.book.telling()
    return render_template(
        "gradebook/book.html", cohort=cohort, seen=found, asked=asked, pages=pages, rows=cells(found, lines, sides),
        foot=foot(found), head=head, sides=found.policies.shown, column=found.book.columns[place],
        actas={v.acta.module: v.state for v in actas.of_cohort(session(), cohort_id) if v.state in ACTAS},
        ACTAS=ACTAS, compared=grading.compares(session(), cohort_id),
        spread=spread(found.book.grades(place), found.policies.home))


def asked_of(cohort: CohortView) -> Asked:
    programme = queries.programme_of(session(), cohort)
    mine = own_modules(current_actor(), cohort.id)
    code = request.args.get("modulo", "")
    module = programme.module(code) if code else None
    if code and (module is None or mine is not None and code not in mine):
        abort(404)
    view, scale = request.args.get("ver", VIEWS[0]), request.args.get("escala", "")
    return Asked(cohort.id, request.args.get("buscar", "")[:80], view if view in VIEWS else VIEWS[0],
                 scale[:40], module, mine,
                 max(request.args.get("pagina", 1, int), 1), request.args.get("detalle") == "si" and module is None,
                 request.args.get("persona", 0, int))


def seen_of(cohort: CohortView, asked: Asked) -> Seen:
    programme = queries.programme_of(session(), cohort)
    who = queries.taking_part(session(), cohort.id, asked.words)
    every = [c for c in detailed(programme) if asked.modules is None or c.module in asked.modules]
    return queries.seen(session(), cohort, programme, who, module=asked.module, modules=asked.modules,
                        view=VIEWS[0] if asked.person else asked.view,
                        wanted=every if asked.detail else ())


def own_modules(actor: Actor, cohort_id: int) -> frozenset[str] | None:
    """An instructor's modules; None: all, and the final grade, for who has to do with the whole cohort."""
    others = [p for p in actor.posts if p.role is not Role.INSTRUCTOR]
    whole = permits(Actor(**{**vars(actor), "posts": frozenset(others)}), May.SEE_GRADEBOOK, cohort_id)
    return None if whole else graded_modules(actor, cohort_id)
