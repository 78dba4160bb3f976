"""A short survey after a seminar: that somebody answered, and what was answered, are kept apart."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.foundation.database import insert_of
from lms.foundation.language import _
from lms.seminars.models import SurveyAnswer, SurveyTaken

QUESTIONS = {"temas": _("Los temas sirven a mi trabajo"), "exposiciones": _("Las exposiciones fueron claras"),
             "dialogo": _("Hubo lugar para preguntar y aportar"), "organizacion": _("La organización fue buena"),
             "recomiendo": _("Recomendaría este seminario")}
ANSWERS = {"1": _("Muy en desacuerdo"), "2": _("En desacuerdo"), "3": _("Ni una cosa ni la otra"),
           "4": _("De acuerdo"), "5": _("Muy de acuerdo")}
COMMENT = "comentario"
LEAST = 3                   # sheets below which nothing is shown: one of two would be known by the other


@dataclass(frozen=True)
class Results:
    """What was answered, by question and answer; remarks in no order that tells who wrote them."""
    sheets: int
    counts: Mapping[str, Mapping[str, int]]
    comments: tuple[str, ...]

    def mean(self, question: str) -> float | None:
        told = self.counts.get(question, {})
        number = sum(told.values())
        return round(sum(int(a) * n for a, n in told.items()) / number, 1) if number else None


def taken(session: Session, registration_id: int) -> bool:
    return session.get(SurveyTaken, registration_id) is not None


def answer(session: Session, seminar_id: int, registration_id: int, answers: Mapping[str, str], comment: str) -> bool:
    """Keep a sheet; False when this person has answered before."""
    new = session.execute(insert_of(session.get_bind().dialect.name)(SurveyTaken)
                          .values(registration_id=registration_id).on_conflict_do_nothing()
                          .returning(SurveyTaken.registration_id)).scalar()
    if new is None:
        return False
    sheet = secrets.token_hex(16)
    told = {**{code: answers[code] for code in QUESTIONS}, **({COMMENT: comment.strip()} if comment.strip() else {})}
    session.add_all(SurveyAnswer(seminar_id=seminar_id, sheet=sheet, question=code, value=value)
                    for code, value in told.items())
    return True


def results(session: Session, seminar_id: int) -> Results:
    rows = session.execute(select(SurveyAnswer.sheet, SurveyAnswer.question, SurveyAnswer.value)
                           .where(SurveyAnswer.seminar_id == seminar_id).order_by(SurveyAnswer.sheet)).all()
    counts = {code: Counter(value for _s, question, value in rows if question == code) for code in QUESTIONS}
    sheets = len({sheet for sheet, _q, _v in rows})
    if sheets < LEAST:
        return Results(sheets, {}, ())
    return Results(sheets, counts, tuple(value for _s, question, value in rows if question == COMMENT))
