"""The audit trail as the office and the auditor read it: who did what to what, when, in words."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.foundation.audit import AuditLine
from lms.people.directory import COHORTS
from lms.people.queries import by_id
from lms.people.rules import ROLE_WORDS, Role

PAGE = 50
DEEDS = {
    "sign_in.accepted": "Ingreso", "sign_in.refused": "Ingreso rechazado", "sign_out": "Salida",
    "session.ended": "Sesión terminada", "password.changed": "Contraseña cambiada",
    "password.refused": "Contraseña actual equivocada", "reset.asked": "Enlace de contraseña pedido",
    "reset.sent": "Enlace de contraseña enviado", "reset.used": "Contraseña elegida con un enlace",
    "invitation.sent": "Invitación enviada otra vez", "invitation.used": "Invitación aceptada",
    "account.opened": "Cuenta abierta", "account.changed": "Datos propios cambiados",
    "account.corrected": "Datos corregidos por la oficina", "account.closed": "Cuenta cerrada",
    "account.reopened": "Cuenta reabierta", "document.recorded": "Documento registrado",
    "document.declared": "Documento declarado por la persona", "document.verified": "Documento verificado",
    "document.displaced": "Documento declarado que era de otra persona, quitado",
    "document.removed": "Documento quitado", "certificate_name.confirmed": "Nombre del certificado confirmado",
    "post.granted": "Papel dado", "post.ended": "Papel terminado", "affiliation.recorded": "Cargo registrado",
    "affiliation.ended": "Cargo terminado", "institution.added": "Institución agregada",
    "institution.changed": "Institución cambiada",
    "edition.loaded": "Edición cargada", "cohort.created": "Cohorte creada", "cohort.changed": "Cohorte cambiada",
    "cohort.partners_set": "Instituciones de la cohorte fijadas", "cohort.signatories_set": "Firmantes fijados",
    "office.begun": "Firmante desde una fecha", "office.ended": "Firmante hasta una fecha",
    "admission.recorded": "Vía de ingreso registrada",
    "calendar.changed": "Calendario cambiado", "extension.given": "Prórroga dada",
    "enrolment.created": "Inscripción", "enrolment.resumed": "Inscripción retomada", "enrolment.withdrawn": "Retiro",
    "roster.imported": "Nómina importada", "roster.undone": "Importación deshecha",
    "report.received": "Informe de asistencia subido", "report.applied": "Informe de asistencia importado",
    "report.undone": "Informe de asistencia deshecho", "lesson.read": "Lección leída",
    "attempt.started": "Control comenzado", "attempt.submitted": "Control entregado",
    "task.handed_in": "Tarea entregada", "work.marked": "Trabajo corregido", "marks.published": "Notas publicadas",
    "work.opinion": "Una de dos correcciones", "work.handed_over": "Trabajo pasado a otra persona",
    "work.pinned": "Nota puesta en un trabajo", "work.unpinned": "Nota retirada de un trabajo",
    "comment.kept": "Comentario guardado", "rubric.changed": "Rúbrica cambiada",
    "second.planned": "Regla de la segunda corrección", "release.planned": "Publicación programada",
    "release.withdrawn": "Publicación programada retirada", "task.rules_changed": "Reglas de una tarea cambiadas",
    "credit.recorded": "Crédito registrado", "credit.withdrawn": "Crédito retirado",
    "subscription.made": "Sistema suscrito a avisos", "subscription.changed": "Suscripción a avisos cambiada",
    "subscription.secret_changed": "Secreto nuevo de una suscripción", "subscription.paused": "Avisos en pausa",
    "subscription.resumed": "Avisos reanudados", "subscription.ended": "Suscripción a avisos terminada",
    "subscription.pinged": "Aviso de prueba enviado", "delivery.asked_again": "Avisos enviados otra vez",
    "hook.opened": "Entrada abierta a un sistema", "hook.ended": "Entrada de un sistema cerrada",
    "hook.secret_added": "Secreto nuevo de una entrada", "hook.secret_ended": "Secreto de una entrada terminado",
    "credits.pulled": "Créditos consultados", "certificate.issued": "Certificado emitido",
    "certificate.revoked": "Certificado anulado", "certificate.replaced": "Certificado reemplazado",
    "bank.category_added": "Categoría del banco agregada", "bank.category_changed": "Categoría del banco cambiada",
    "bank.category_removed": "Categoría del banco quitada",
    "bank.question_added": "Pregunta agregada al banco", "bank.question_written": "Versión de una pregunta guardada",
    "bank.question_placed": "Pregunta cambiada de categoría o etiquetas", "bank.question_retired": "Pregunta retirada",
    "bank.question_returned": "Pregunta devuelta al banco", "bank.changed_many": "Varias preguntas cambiadas",
    "bank.change_undone": "Cambio de varias preguntas deshecho", "bank.merged": "Pregunta repetida retirada",
    "bank.imported": "Preguntas importadas", "bank.import_undone": "Importación de preguntas deshecha",
    "bank.loaded": "Preguntas de un curso puestas en el banco",
    "bank.used": "Preguntas del banco puestas en un control",
    "quiz.planned": "Control ajustado o compuesto",
    "seminar.created": "Seminario creado", "seminar.changed": "Seminario cambiado",
    "seminar.published": "Seminario publicado", "seminar.cancelled": "Seminario cancelado",
    "seminar.session_set": "Sesión de seminario guardada", "seminar.session_cancelled": "Sesión de seminario cancelada",
    "seminar.session_returned": "Sesión de seminario repuesta", "seminar.speaker_set": "Ponente guardado",
    "seminar.speaker_removed": "Ponente retirado", "seminar.places_set": "Cupos de un seminario fijados",
    "seminar.material_added": "Material de seminario publicado",
    "seminar.material_withdrawn": "Material de seminario retirado",
    "seminar.registered": "Inscripción a un seminario", "seminar.invited": "Invitaciones a un seminario enviadas",
    "seminar.invitation_ended": "Invitación a un seminario retirada", "delegation.made": "Delegación inscrita",
    "seminar.question": "Pregunta de inscripción guardada",
    "seminar.question_retired": "Pregunta de inscripción retirada", "registration.asked": "Inscripción pedida",
    "registration.confirmed": "Inscripción confirmada", "registration.waiting": "Inscripción en lista de espera",
    "registration.offered": "Cupo de seminario ofrecido", "registration.expired": "Oferta de cupo vencida",
    "registration.cancelled": "Inscripción anulada", "registration.refused": "Inscripción rechazada",
    "registration.corrected": "Inscripción corregida", "needs.erased": "Necesidades borradas",
    "agreement.recorded": "Convenio registrado", "agreement.paper_attached": "Convenio firmado adjuntado",
    "agreement.renewed": "Convenio renovado", "agreement.ended": "Convenio terminado",
    "offer.made": "Oferta de pasantía creada", "offer.changed": "Oferta de pasantía cambiada",
    "offer.published": "Oferta de pasantía publicada", "offer.closed": "Oferta de pasantía cerrada",
    "offer.applied": "Postulación a una pasantía", "application.selected": "Postulación seleccionada",
    "application.reserve": "Postulación en reserva", "application.declined": "Postulación no seleccionada",
    "application.withdrawn": "Postulación retirada", "plan.written": "Plan de pasantía escrito",
    "plan.approved": "Plan de pasantía aprobado", "plan.objected": "Cambios pedidos a un plan de pasantía",
    "report.handed_in": "Informe de pasantía entregado", "placement.made": "Pasantía creada",
    "travel.cost_added": "Costo de viaje anotado", "travel.cost_withdrawn": "Costo de viaje retirado",
    "travel.gift_added": "Regalo anotado", "travel.gift_withdrawn": "Regalo retirado",
    "placement.changed": "Pasantía cambiada", "placement.paper_added": "Documento de pasantía agregado",
    "placement.paper_withdrawn": "Documento de pasantía retirado", "placement.reviewed": "Pasantía revisada",
    "placement.evaluated": "Pasantía evaluada", "placement.proposed": "Pasantía propuesta",
    "placement.plan_approved": "Plan de pasantía aprobado por las tres partes",
    "placement.replanned": "Plan de pasantía cambiado", "placement.returned": "Pasantía devuelta a la propuesta",
    "placement.authorised": "Pasantía autorizada", "placement.in_progress": "Pasantía iniciada",
    "placement.report_due": "Horas de pasantía terminadas", "placement.interrupted": "Pasantía interrumpida",
    "placement.resumed": "Pasantía reanudada", "placement.cancelled": "Pasantía cancelada",
    "internship.closed": "Pasantía cerrada", "internship.reopened": "Pasantía reabierta",
}
SUBJECTS = {
    "person": "Persona", "institution": "Institución", "cohort": "Cohorte", "enrolment": "Inscripción",
    "batch": "Lote de nómina", "attempt": "Intento", "submission": "Entrega", "credit": "Crédito",
    "certificate": "Certificado", "edition": "Edición", "module": "Módulo", "lesson": "Lección", "source": "Fuente",
    "bank": "Pregunta del banco", "category": "Categoría del banco", "change": "Cambio del banco",
    "import": "Importación de preguntas", "quiz": "Control de", "work": "Trabajo", "comment": "Comentario",
    "subscription": "Suscripción", "delivery": "Aviso enviado", "hook": "Entrada",
    "planned": "Publicación programada", "placement": "Pasantía", "offer": "Oferta de pasantía",
    "registration": "Inscripción a seminario", "delegation": "Delegación",
    "seminar": "Seminario", "agreement": "Convenio", "report": "Informe de asistencia"}
DETAILS = {
    "to": "a", "pin": "nota", "shared": "compartido", "at": "hora", "rules": "reglas", "mode": "qué",
    "across": "otra institución", "percent": "muestra", "tolerance": "tolerancia",
    "close": "si son cercanas", "far": "si difieren",
    "role": "papel", "module": "módulo", "kind": "tipo", "country": "país", "before": "antes", "after": "después",
    "device": "equipo", "sessions": "sesiones", "name": "nombre", "reason": "motivo", "why": "motivo",
    "institution": "institución", "number": "número", "version": "versión", "hours": "horas", "title": "título",
    "file": "archivo", "fields": "campos", "person": "persona", "ended": "terminadas", "marks": "notas",
    "source": "fuente", "programme": "programa", "code": "código", "taken": "tomados", "item": "parte",
    "question": "pregunta", "until": "hasta", "folio": "folio", "files": "archivos", "days_late": "días tarde",
    "ends_at": "termina", "institutions": "instituciones", "offices": "cargos", "by": "por", "known": "conocidas",
    "refused": "rechazadas", "rows": "filas", "error": "error", "opens": "se abre", "quiz_due": "vence el control",
    "task_due": "vence la tarea", "category": "categoría", "status": "estado", "parent": "dentro de",
    "change": "cambio", "questions": "preguntas", "categories": "categorías", "settings": "ajustes", "slots": "lugares",
    "since": "desde", "seminar": "seminario", "retired": "retirada", "sitting": "sesión",
    "state": "estado", "count": "cuántas", "answers": "respuestas", "invitation": "invitación",
    "platform": "plataforma", "facts": "datos", "people": "personas", "undecided": "por decidir"}
UNTOLD = ("marking", "instead_of", "receipt", "edition", "ends_at")     # for whoever asks the database, not for reading
VALUES = {"quiz": "control", "task": "tarea", "attendance": "asistencia a seminario", "internship": "pasantía",
          "office": "oficina", "cl_run": "RUN", "ar_dni": "DNI", "ar_cuil": "CUIL", "passport": "pasaporte",
          "title": "nombre", "starts_on": "comienzo", "ends_on": "término", "country": "país",
          "time_zone": "hora oficial"}


@dataclass(frozen=True)
class Line:
    id: int
    at: datetime
    who: str                    # "" for the system or for someone not signed in
    deed: str
    subject: str
    subject_person: int | None
    cohort: str
    detail: tuple[tuple[str, str], ...]


def lines(session: Session, *, person_ids: list[int] | None = None, deed: str = "", cohort_id: int | None = None,
          before: int | None = None) -> tuple[list[Line], int | None]:
    """The newest lines that fit, and the id before which to ask for more. Three statements, however long the trail."""
    query = select(AuditLine, COHORTS.c.code).outerjoin(COHORTS, COHORTS.c.id == AuditLine.cohort_id)
    if person_ids is not None:
        query = query.where(or_(AuditLine.actor_id.in_(person_ids),
                                AuditLine.subject.in_([f"person:{i}" for i in person_ids])))
    if deed:
        query = query.where(AuditLine.deed == deed)
    if cohort_id:
        query = query.where(AuditLine.cohort_id == cohort_id)
    if before:
        query = query.where(AuditLine.id < before)
    rows = session.execute(query.order_by(AuditLine.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    told = [{k: v for k, v in json.loads(line.detail).items() if v not in (None, "", []) and k not in UNTOLD}
            for line, _ in shown]
    people = {line.actor_id for line, _ in shown} | {_person(line.subject) for line, _ in shown} | {
        detail["person"] for detail in told if isinstance(detail.get("person"), int)}
    names = {i: view.formal for i, view in by_id(session, [i for i in people if i]).items()}
    return ([_line(line, code, detail, names) for (line, code), detail in zip(shown, told, strict=True)],
            shown[-1][0].id if len(rows) > PAGE else None)


def _line(line: AuditLine, code: str | None, told: dict[str, object], names: dict[int, str]) -> Line:
    person_id = _person(line.subject)
    kind, _, key = line.subject.partition(":")
    key, _, part = key.partition(".") if kind == "module" else (key, "", "")
    key = key.rpartition(":")[2] if kind == "quiz" else key         # its cohort has a column of its own
    subject = names.get(person_id or 0) or ("" if key == "unknown" else f"{SUBJECTS.get(kind, kind)} {key}".strip())
    subject += f", {VALUES.get(part, part)}" if part else ""
    detail = tuple((DETAILS.get(k, k), _shown(k, v, names)) for k, v in told.items())
    return Line(line.id, line.at, names.get(line.actor_id or 0, ""), DEEDS.get(line.deed, line.deed), subject,
                person_id if person_id in names else None, code or "", detail)


def _person(subject: str) -> int | None:
    kind, _, key = subject.partition(":")
    return int(key) if kind == "person" and key.isdigit() else None


def _shown(key: str, value: object, names: dict[int, str]) -> str:
    if key == "role" and value in ROLE_WORDS:
        return ROLE_WORDS[Role(value)]
    if key == "person" and isinstance(value, int):
        return names.get(value, str(value))
    if isinstance(value, list):
        return ", ".join(VALUES.get(str(v), str(v)) for v in value)
    return VALUES.get(str(value), str(value)) if key in ("kind", "source", "item") else str(value)
