"""The work plan: versions of it, and the three parties' word on the present one."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.language import _
from lms.internships import links, notices, placing, plans, queries
from lms.internships.models import PlanApproval, WorkPlan
from lms.internships.plans import Plan
from lms.internships.queries import PlacementView
from lms.internships.rules import PARTIES, PLANNING, STATES
from lms.people import queries as people
from lms.people.rules import Refused, tidied


def write(session: Session, actor_id: int, now: datetime, placement: PlacementView, plan: Plan, seen: int) -> int:
    """A new version, when something changed; approvals of an earlier one do not carry over. `seen`: the version that
    was on the page, 0 for none."""
    _row, standing = placing.held(session, placement.id, now)
    told = queries.record(session, placement.id)
    if standing.state not in PLANNING:
        raise Refused(f"La pasantía está «{STATES[standing.state]}»: el plan ya no se cambia. Si debe cambiar, la "
                      "oficina la devuelve a la propuesta.")
    latest = told.plan.version if told.plan else 0
    if latest != seen:
        raise Refused("Mientras tanto se guardó otra versión del plan. Revisarla antes de guardar la suya.")
    fresh = queries.placement(session, placement.id)
    assert fresh is not None
    if wrong := plans.faults(plan, fresh.starts_on, fresh.ends_on):
        raise Refused(" ".join(wrong), "activities")
    names = people.by_id(session, [fresh.academic_id] if fresh.academic_id else [])
    academic = names[fresh.academic_id].name if fresh.academic_id in names else ""
    content = plans.canonical(plan, fresh.terms(academic))
    if told.plan and told.plan.sha256 == plans.digest(content):
        return latest
    made = WorkPlan(placement_id=placement.id, version=latest + 1, content=content, sha256=plans.digest(content),
                    written_at=now, written_by=actor_id)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "plan.written", f"placement:{placement.id}", placement.cohort_id,
                 version=made.version)
    if standing.state == "plan_approved":
        placing.step_back(session, actor_id, now, placement)
    return made.version


def approve(session: Session, now: datetime, placement: PlacementView, version: int, party: str, approved: bool, *,
            name: str, comment: str = "", by_id: int | None = None, link_id: int | None = None) -> str:
    """A party's yes, or what it wants changed, to exactly this version. Its last word is its only one. The new state.

    The host's comes by a link (`link_id`), or from the office with a paper of theirs (`by_id`)."""
    _row, standing = placing.held(session, placement.id, now)
    told = queries.record(session, placement.id)
    if party not in PARTIES:
        raise Refused("Esa parte no aprueba el plan.")
    if told.plan is None or told.plan.version != version:
        raise Refused(_("La versión %(n)d ya no es la vigente del plan. Leer la última antes de aprobarla.") % {
            "n": version})
    if standing.state != "proposed" and (party != "participant" or standing.state != "draft"):
        raise Refused(_("La pasantía está «%(state)s»: el plan ya no espera aprobación.") % {
            "state": _(STATES[standing.state])})
    if approved and told.plan.plan.gaps:
        raise Refused(f"Al plan le falta: {', '.join(told.plan.plan.gaps)}.")
    if approved and not standing.facts.plan_current:
        raise Refused(_("Cambiaron las fechas, las horas o quienes supervisan: primero falta una versión nueva del "
                        "plan."))
    if not approved and not comment.strip():
        raise Refused(_("Decir qué debe cambiar."), "comment")
    if told.said(party) is not None:
        raise Refused(_answered(party, version))
    try:
        with session.begin_nested():
            session.add(PlanApproval(plan_id=told.plan.id, party=party, approved=approved, at=now, by_id=by_id,
                                     link_id=link_id, comment=comment.strip()[:1000],
                                     name=tidied(name, "Nombre", "name", 160)))
            session.flush()
    except IntegrityError:
        raise Refused(_answered(party, version)) from None
    audit.record(session, by_id, now, "plan.approved" if approved else "plan.objected", f"placement:{placement.id}",
                 placement.cohort_id, version=version, by=party)
    if standing.state == "draft" and approved:      # who writes it proposes it
        placing.take(session, by_id, now, placement, "proposed")
    if party != "participant" and not approved:
        notices.soon(session, now, placement.id, "plan", str(version), name, comment)
    if party == "participant" and approved:
        notices.soon(session, now, placement.id, "answer", str(version))
        if placement.supervisor_email:
            links.soon(session, now, placement.id, "plan", str(version))
    return placing.advance(session, by_id, now, placement)


def _answered(party: str, version: int) -> str:
    return _("%(party)s ya se pronunció sobre la versión %(n)d.") % {"party": _(PARTIES[party]), "n": version}
