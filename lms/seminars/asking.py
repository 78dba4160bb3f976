"""The questions of a seminar as the office keeps them, and what was answered to them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.foundation import audit, outbox
from lms.people.rules import Refused
from lms.seminars.models import Registration, RegistrationAnswer, SeminarQuestion
from lms.seminars.questions import USUAL, Question
from lms.seminars.standing import ERASED

ERASES = "seminars.erase_needs"         # a job of the outbox


def questions(session: Session, seminar_id: int, retired: bool = False) -> tuple[Question, ...]:
    """In the order in which they are asked. One statement."""
    query = select(SeminarQuestion).where(SeminarQuestion.seminar_id == seminar_id)
    if not retired:
        query = query.where(SeminarQuestion.retired_at.is_(None))
    rows = session.scalars(query.order_by(SeminarQuestion.position, SeminarQuestion.id))
    return tuple(_question(row) for row in rows)


def _question(row: SeminarQuestion) -> Question:
    when = json.loads(row.shown_when) if row.shown_when else None
    return Question(row.code, row.kind, json.loads(row.labels),
                    tuple((o["code"], o["labels"]) for o in json.loads(row.options)), row.required, row.restricted,
                    (when["question"], tuple(when["is"])) if when else None, row.position, row.id)


def answered(session: Session, seminar_id: int) -> set[str]:
    """Codes of the questions that somebody has answered: their kind and options stay as they are."""
    return set(session.scalars(select(RegistrationAnswer.question).distinct().join(
        Registration, Registration.id == RegistrationAnswer.registration_id).where(
            Registration.seminar_id == seminar_id)))


def answers(session: Session, registration_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Registration id -> question -> the last answer. One statement."""
    rows = session.execute(select(RegistrationAnswer.registration_id, RegistrationAnswer.question,
                                  RegistrationAnswer.value).where(
        RegistrationAnswer.registration_id.in_(list(registration_ids))).order_by(RegistrationAnswer.id))
    found: dict[int, dict[str, str]] = {}
    for registration_id, question, value in rows:
        found.setdefault(registration_id, {})[question] = value
    return found


def answer(session: Session, now: datetime, registration_id: int, told: Mapping[str, str],
           asked: Iterable[Question], ends_at: datetime | None) -> None:
    """Write what changed. A question that is left empty, after an answer, is answered with nothing."""
    before = answers(session, [registration_id]).get(registration_id, {})
    restricted = False
    for question in asked:
        value = told.get(question.code, "")
        if value == before.get(question.code, ""):
            continue
        restricted = restricted or question.restricted
        session.add(RegistrationAnswer(registration_id=registration_id, question=question.code, value=value, at=now))
    if restricted and ends_at:
        outbox.put(session, now, ERASES, run_after=ends_at + ERASED, registration_id=registration_id)


def keep(session: Session, actor_id: int, now: datetime, seminar_id: int, question: Question) -> int:
    """Add a question, or change the one whose id it has. What was answered keeps its kind and its options."""
    _still_met(session, seminar_id, question)
    row = session.get(SeminarQuestion, question.id) if question.id else None
    if row is None:
        row = SeminarQuestion(seminar_id=seminar_id, code=question.code, kind=question.kind, restricted=False,
                              position=_next(session, seminar_id))
        session.add(row)
    elif row.seminar_id != seminar_id:
        raise Refused("Esa pregunta es de otro seminario.")
    elif row.code in answered(session, seminar_id):
        _same(_question(row), question)
    row.kind, row.required, row.restricted = question.kind, question.required, question.restricted
    row.labels = json.dumps(dict(question.labels), ensure_ascii=False)
    row.options = json.dumps([{"code": c, "labels": dict(w)} for c, w in question.options], ensure_ascii=False)
    row.shown_when = json.dumps({"question": question.when[0], "is": list(question.when[1])}) if question.when else ""
    session.flush()
    audit.record(session, actor_id, now, "seminar.question", f"seminar:{seminar_id}", question=row.code)
    return row.id


def _same(before: Question, after: Question) -> None:
    kept = {code for code, _ in after.options}
    if before.kind != after.kind or before.restricted != after.restricted:
        raise Refused("Ya hay respuestas: el tipo y la reserva no se cambian. Retirarla y hacer otra.", "kind")
    if any(code not in kept for code, _ in before.options):
        raise Refused("Ya hay respuestas: se pueden agregar opciones, no quitar las que había.", "options_es")
    if before.kind == "consent" and dict(before.labels) != dict(after.labels):
        raise Refused("Ya hay quienes consintieron con ese texto. Retirar la pregunta y hacer otra.", "label_es")


def _still_met(session: Session, seminar_id: int, question: Question) -> None:
    """What other questions hang on is still there."""
    kept = {code for code, _ in question.choices}
    for other in questions(session, seminar_id):
        if other.when and other.when[0] == question.code and not set(other.when[1]) <= kept:
            raise Refused(f"«{other.label('es')}» depende de una opción que se quita. Cambiar primero esa pregunta.",
                          "options_es")


def new_code(session: Session, seminar_id: int) -> str:
    """Of a question yet to be: never one that was used."""
    used = set(session.scalars(select(SeminarQuestion.code).where(SeminarQuestion.seminar_id == seminar_id)))
    return next(code for code in (f"p{n}" for n in range(1, len(used) + 2)) if code not in used)


def add_usual(session: Session, actor_id: int, now: datetime, seminar_id: int) -> int:
    """Accessibility, food and photographs, in the three languages; those that are there already are left alone."""
    known = set(session.scalars(select(SeminarQuestion.code).where(SeminarQuestion.seminar_id == seminar_id)))
    added = [q for q in USUAL if q.code not in known]
    for question in added:
        keep(session, actor_id, now, seminar_id, question)
    return len(added)


def _next(session: Session, seminar_id: int) -> int:
    last = session.scalar(select(func.max(SeminarQuestion.position)).where(SeminarQuestion.seminar_id == seminar_id))
    return (last or 0) + 1


def retire(session: Session, actor_id: int, now: datetime, seminar_id: int, question_id: int) -> bool:
    """Ask it no more. One that nobody has answered goes altogether."""
    row = _own(session, seminar_id, question_id)
    if row is None:
        return False
    if any(q.when and q.when[0] == row.code for q in questions(session, seminar_id)):
        raise Refused("Otra pregunta depende de esta. Cambiar o retirar primero la otra.")
    if row.code in answered(session, seminar_id):
        row.retired_at = now
    else:
        session.delete(row)
    audit.record(session, actor_id, now, "seminar.question_retired", f"seminar:{seminar_id}", question=row.code)
    return True


def raise_up(session: Session, seminar_id: int, question_id: int) -> bool:
    """One place earlier; never before the question on which it depends."""
    ordered = list(questions(session, seminar_id))
    place = next((i for i, q in enumerate(ordered) if q.id == question_id), 0)
    if place == 0:
        return False
    if (when := ordered[place].when) and when[0] == ordered[place - 1].code:
        raise Refused("Depende de la pregunta anterior: va después de ella.")
    ordered.insert(place - 1, ordered.pop(place))
    for position, question in enumerate(ordered, start=1):
        session.get_one(SeminarQuestion, question.id).position = position
    return True


def _own(session: Session, seminar_id: int, question_id: int) -> SeminarQuestion | None:
    row = session.get(SeminarQuestion, question_id)
    return row if row is not None and row.seminar_id == seminar_id and row.retired_at is None else None
