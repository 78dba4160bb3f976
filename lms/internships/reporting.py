"""The mid review, the final report and the evaluations of an internship: each a new row."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.language import _
from lms.internships import links, notices, placing, queries, rubrics
from lms.internships.models import Evaluation, FinalReport, MidReview
from lms.internships.queries import PlacementView
from lms.internships.rules import PARTIES, STATES
from lms.people.rules import Refused, tidied

LONGEST = 12000         # characters below one heading
REPORTING = ("in_progress", "report_due", "evaluated")
EVALUATING = {"host": ("in_progress", "report_due"), "academic": ("report_due",),
              "participant": ("in_progress", "report_due", "evaluated", "closed")}


def review(session: Session, actor_id: int, now: datetime, placement: PlacementView, on: date, findings: str,
           adjustments: str = "") -> None:
    """How it goes, half way."""
    _row, standing = placing.held(session, placement.id, now)
    if standing.state not in ("in_progress", "interrupted"):
        raise Refused(f"La pasantía está «{STATES[standing.state]}»: la revisión se hace mientras está en curso.")
    if on > placement.today(now):
        raise Refused("La fecha está en el futuro.", "on")
    if on < placement.starts_on:
        raise Refused("La fecha es anterior al inicio de la pasantía.", "on")
    session.add(MidReview(placement_id=placement.id, on=on, findings=_text(findings, "Cómo va", "findings"),
                          adjustments=_text(adjustments, "Qué se ajusta", "adjustments", False), written_at=now,
                          written_by=actor_id))
    session.flush()
    audit.record(session, actor_id, now, "placement.reviewed", f"placement:{placement.id}", placement.cohort_id)


def hand_in(session: Session, actor_id: int, now: datetime, placement: PlacementView, content: Mapping[str, str],
            seen: int, sha256: str = "", file_name: str = "") -> int:
    """A version of the report; the last one counts. Refused with the headings that are empty."""
    _row, standing = placing.held(session, placement.id, now)
    told = queries.record(session, placement.id)
    if standing.state not in REPORTING:
        raise Refused(f"La pasantía está «{STATES[standing.state]}»: el informe se entrega desde que está en curso y "
                      "hasta que se cierra.")
    if told.report and told.report.version != seen:
        raise Refused("Mientras tanto se entregó otra versión del informe. Revisarla antes de entregar la suya.")
    if gaps := rubrics.report_gaps(content):
        raise Refused(f"Al informe le falta: {', '.join(gaps)}.")
    kept = {key: _text(content[key], name, key) for key, name in (rubrics.HEADINGS | rubrics.SHEET).items()}
    version = (told.report.version if told.report else 0) + 1
    same = not sha256 and told.report is not None           # the file of the version before goes on
    session.add(FinalReport(placement_id=placement.id, version=version, handed_in_at=now,
                            content=json.dumps(kept, ensure_ascii=False),
                            sha256=told.report.sha256 if same and told.report else sha256,
                            file_name=told.report.file_name if same and told.report else file_name))
    session.flush()
    audit.record(session, actor_id, now, "report.handed_in", f"placement:{placement.id}", placement.cohort_id,
                 version=version)
    placing.advance(session, actor_id, now, placement)
    if version == 1:
        notices.soon(session, now, placement.id, "evaluation")
    if told.evaluation("host") is None and placement.supervisor_email:
        links.soon(session, now, placement.id, "evaluation")
    return version


def evaluate(session: Session, now: datetime, placement: PlacementView, party: str, levels: Mapping[str, int], *,
             name: str, comment: str = "", by_id: int | None = None, link_id: int | None = None) -> str:
    """By the rubric of the party; the last one counts. The new state.

    The host's comes by a link (`link_id`), or from the office with a paper of theirs (`by_id`)."""
    _row, standing = placing.held(session, placement.id, now)
    told = queries.record(session, placement.id)
    if party not in PARTIES:
        raise Refused("Esa parte no evalúa.")
    if standing.state not in EVALUATING[party]:
        raise Refused(_too_soon(party, standing.state))
    if party == "academic" and told.report is None:
        raise Refused("La supervisión académica evalúa cuando está el informe final: todavía no se entrega.")
    if wanting := rubrics.missing(party, levels):
        raise Refused(_("Falta elegir un nivel en: %(names)s.") % {"names": ", ".join(map(_, wanting))}, "levels")
    session.add(Evaluation(placement_id=placement.id, party=party, levels=json.dumps(dict(levels)), at=now, by_id=by_id,
                           share=rubrics.share(party, levels), link_id=link_id,
                           comment=_text(comment, "Comentario", "comment", False),
                           name=tidied(name, "Nombre", "name", 160)))
    session.flush()
    audit.record(session, by_id, now, "placement.evaluated", f"placement:{placement.id}", placement.cohort_id, by=party)
    return placing.advance(session, by_id, now, placement)


def _too_soon(party: str, state: str) -> str:
    since = " / ".join(_(STATES[s]) for s in EVALUATING[party][:2])
    return _("La pasantía está «%(state)s»: esta evaluación se hace cuando está «%(when)s».") % {
        "state": _(STATES[state]), "when": since}


def _text(text: str, label: str, field: str, needed: bool = True) -> str:
    words = text.replace("\0", "").strip()
    if needed and not words:
        raise Refused(f"{label}: falta escribirlo.", field)
    if len(words) > LONGEST:
        raise Refused(f"{label}: no puede pasar de {LONGEST} caracteres.", field)
    return words
