"""Opens, decides, presents, signs and annuls actas. Each is refused in words, and then nothing was done."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.actas import letters, queries
from lms.actas.drafting import Draft, draft
from lms.actas.models import Acta, ActaDecision, ActaEnd, ActaSignature, ActaSubmission
from lms.actas.queries import View
from lms.actas.rules import DECIDED, Decision, differences
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.foundation import audit, mail
from lms.people import queries as people
from lms.people.rules import Refused, Role

ADDRESS = "{base}/cohortes/{cohort}/actas/{acta}"
LACKING = {
    "running": "tiene un control en curso", "marking": "tiene trabajos sin corregir",
    "unreleased": "tiene notas corregidas sin publicar", "undecided": "no tiene nota: decir si fue ausente, libre, "
    "regular, pendiente o retirado"}


def open_acta(session: Session, actor_id: int, now: datetime, cohort: CohortView, programme: Programme,
              module: str) -> int:
    """The open acta of this module: the one there is, or a new one."""
    if programme.module(module) is None:
        raise Refused("El programa de la cohorte no tiene ese módulo.", "module")
    cohorts.hold(session, cohort.id)
    for view in queries.of_cohort(session, cohort.id):
        if view.acta.module == module and view.state in ("open", "submitted", "signed"):
            return view.acta.id
    if found := queries.in_force(session, cohort.id, [module]).get(module):
        raise Refused(f"El acta de este módulo ya está cerrada: {found.folio}. Se corrige con un acta rectificatoria.")
    return _open(session, now, Acta(cohort_id=cohort.id, module=module, opened_at=now, opened_by=actor_id))


def rectify(session: Session, actor_id: int, now: datetime, cohort: CohortView, acta_id: int, reason: str,
            resolution: str) -> int:
    """Open an acta that will correct a closed one: from now on, and until it is closed, its grades may change."""
    cohorts.hold(session, cohort.id)
    old = standing(session, cohort.id, acta_id)
    if old.closed is None or old.state != "closed":
        raise Refused(f"El acta ya fue rectificada por {old.rectified_by}: rectificar esa." if old.rectified_by else
                      "Solo se rectifica un acta cerrada. Mientras no lo esté, se corrige la nota y se presenta otra "
                      "vez.")
    if again := session.scalar(select(Acta.id).where(
            Acta.rectifies == old.closed.sequence, ~select(ActaEnd).where(ActaEnd.acta_id == Acta.id).exists())):
        return again
    return _open(session, now, Acta(cohort_id=cohort.id, module=old.acta.module, rectifies=old.closed.sequence,
                                    reason=reason.strip(), resolution=resolution.strip(), opened_at=now,
                                    opened_by=actor_id))


def decide(session: Session, actor_id: int, now: datetime, cohort: CohortView, acta_id: int,
           said: Iterable[tuple[int, Decision]]) -> int:
    """What is said of people without a grade, and of attendance; returns how many said something new."""
    cohorts.hold(session, cohort.id)
    unclosed(standing(session, cohort.id, acta_id))
    before, members = queries.decisions(session, acta_id), {e.person_id for e in cohorts.enrolled(session, cohort.id)}
    count = 0
    for person_id, decision in said:
        if person_id not in members or decision.state not in ("", *DECIDED):
            raise Refused("Esa persona no está en el acta, o esa situación no existe.")
        if decision.attendance is not None and not 0 <= decision.attendance <= 1:
            raise Refused("La asistencia va de 0 a 100 %.")
        if decision != before.get(person_id, Decision()):
            session.add(ActaDecision(acta_id=acta_id, person_id=person_id, state=decision.state,
                                     attendance=decision.attendance, decided_by=actor_id, decided_at=now))
            audit.record(session, actor_id, now, "acta.decided", f"acta:{acta_id}", cohort.id, person=person_id,
                         state=decision.state)
            count += 1
    session.flush()
    return count


def submit(session: Session, actor_id: int, now: datetime, cohort: CohortView, programme: Programme, acta_id: int,
           base_url: str) -> int:
    """Present it for signature as it is now; what was presented before, and its signatures, no longer count."""
    cohorts.hold(session, cohort.id)
    view = unclosed(standing(session, cohort.id, acta_id))
    now_so = drafted(session, cohort, programme, view)
    complete(session, now_so)
    if not now_so.content.signers:
        raise Refused("El módulo no tiene docentes en esta cohorte: nadie puede firmar el acta. Darle un docente.")
    if view.rectifies and not differences(view.rectifies.content, now_so.content) and _same_words(view, now_so):
        raise Refused(f"No hay nada que rectificar: dice lo mismo que {view.rectifies.folio}. Corregir primero la "
                      "nota, o anular esta acta.")
    if view.submission and view.submission.sha256 == now_so.content.digest:
        return view.submission.id               # sent twice, or nothing changed: what is signed stays signed
    made = ActaSubmission(acta_id=acta_id, content=now_so.content.to_json(), sha256=now_so.content.digest,
                          submitted_by=actor_id, submitted_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor_id, now, "acta.submitted", f"acta:{acta_id}", cohort.id, sha256=made.sha256)
    letter = letters.to_sign(now_so.content, ADDRESS.format(base=base_url, cohort=cohort.id, acta=acta_id))
    _write(session, now, [s.person_id for s in now_so.content.signers], letter)
    return made.id


def sign(session: Session, actor_id: int, now: datetime, cohort: CohortView, programme: Programme, acta_id: int,
         seen: str, base_url: str) -> None:
    """An instructor signs what they saw: it must still be what was presented, and what is so now."""
    cohorts.hold(session, cohort.id)
    view = unclosed(standing(session, cohort.id, acta_id))
    if view.submission is None:
        raise Refused("El acta todavía no se presenta para su firma.")
    if actor_id not in {s.person_id for s in view.submission.content.signers}:
        raise Refused("Firman los docentes del módulo que figuran en el acta.")
    if actor_id in view.submission.signatures:
        raise Refused("Usted ya firmó esta acta.")
    if view.submission.sha256 != seen:
        raise Refused("El acta se presentó otra vez después de que usted la abrió. Revisarla y firmar lo que dice "
                      "ahora.")
    unchanged(view, drafted(session, cohort, programme, view))
    session.add(ActaSignature(submission_id=view.submission.id, person_id=actor_id, sha256=seen, signed_at=now))
    session.flush()
    audit.record(session, actor_id, now, "acta.signed", f"acta:{acta_id}", cohort.id, sha256=seen)
    if view.submission.waiting == (actor_id,):
        letter = letters.to_close(view.submission.content,
                                  ADDRESS.format(base=base_url, cohort=cohort.id, acta=acta_id))
        _write(session, now, [p.id for p, _ in people.holders(session, Role.OFFICE, None)], letter)


def annul(session: Session, actor_id: int, now: datetime, cohort: CohortView, acta_id: int, reason: str,
          base_url: str) -> None:
    """Before it is closed, with a reason; it stays in the list as annulled and has no folio."""
    cohorts.hold(session, cohort.id)
    view = unclosed(standing(session, cohort.id, acta_id))
    session.add(ActaEnd(acta_id=acta_id, reason=reason.strip(), ended_at=now, ended_by=actor_id))
    session.flush()
    audit.record(session, actor_id, now, "acta.annulled", f"acta:{acta_id}", cohort.id, reason=reason.strip())
    if view.submission:
        letter = letters.returned(view.submission.content, reason.strip(),
                                  ADDRESS.format(base=base_url, cohort=cohort.id, acta=acta_id))
        _write(session, now, [s.person_id for s in view.submission.content.signers], letter)


# What closing asks too ------------------------------------------------------------------------------------------------

def standing(session: Session, cohort_id: int, acta_id: int) -> View:
    found = queries.one(session, cohort_id, acta_id)
    if found is None:
        raise Refused("Esa acta no existe en esta cohorte.")
    return found


def unclosed(view: View) -> View:
    if view.closed:
        raise Refused(f"El acta ya está cerrada con el folio {view.closed.folio}. Se corrige con un acta "
                      "rectificatoria.")
    if view.end:
        raise Refused("El acta fue anulada. Abrir otra.")
    return view


def drafted(session: Session, cohort: CohortView, programme: Programme, view: View) -> Draft:
    return draft(session, cohort, programme, view.acta, view.rectifies)


def complete(session: Session, now_so: Draft) -> None:
    """Refused with who lacks what."""
    if now_so.lacks:
        names = people.by_id(session, [lack.person_id for lack in now_so.lacks])
        first = [f"{names[lack.person_id].name} {LACKING[lack.why]}" for lack in now_so.lacks[:3]]
        more = f"; y {len(now_so.lacks) - 3} más" if len(now_so.lacks) > 3 else ""
        raise Refused(f"El acta no está completa: {'; '.join(first)}{more}.")
    if not now_so.content.rows:
        raise Refused("El acta no tiene a nadie: la cohorte no tiene inscritos en este módulo.")


def unchanged(view: View, now_so: Draft) -> None:
    """Refused when what was presented is no longer so, saying of whom."""
    if view.submission is None or view.submission.sha256 == now_so.content.digest:
        return
    changed = differences(view.submission.content, now_so.content)
    names = [row.name for row in (d.now or d.before for d in changed) if row]
    told = f" ({'; '.join(names[:3])}{'; y otras' if len(names) > 3 else ''})" if names else ""
    raise Refused(f"Algo cambió desde que el acta se presentó{told}: lo que se firmaría ya no es así. Presentarla otra "
                  "vez y firmar de nuevo.")


def _same_words(view: View, now_so: Draft) -> bool:
    """Whether names, documents and attendance are those of the acta it rectifies too."""
    old = view.rectifies.content.rows if view.rectifies else ()
    return old == now_so.content.rows


def _open(session: Session, now: datetime, acta: Acta) -> int:
    session.add(acta)
    session.flush()
    audit.record(session, acta.opened_by, now, "acta.opened", f"acta:{acta.id}", acta.cohort_id, module=acta.module,
                 **({"rectifies": acta.rectifies, "reason": acta.reason} if acta.rectifies else {}))
    session.flush()
    return acta.id


def _write(session: Session, now: datetime, person_ids: Iterable[int], letter: tuple[str, str]) -> None:
    session.flush()
    for person in people.by_id(session, person_ids).values():
        mail.send(session, now, person.email, *letter)
