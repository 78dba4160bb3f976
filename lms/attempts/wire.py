"""The script's way of saving: answers as they are given, and what a page asks when it comes back to life."""

from typing import Any

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from lms.attempts import answering, attachments, forms, gates, queries, receipts, rules, saving
from lms.attempts.forms import Malformed, Save
from lms.attempts.gates import room
from lms.attempts.keys import Keyring
from lms.attempts.queries import Sheet
from lms.attempts.rules import Kept
from lms.attempts.saving import Closed, KeyReused
from lms.catalogue.rules import Quiz
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import token
from lms.foundation.language import local
from lms.people.rules import May


@room.post("/intentos/<int:attempt_id>/respuestas", allow=May.ANSWER)
def save(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """Answers as they are given. Three statements. The acknowledgement is sent only if the commit that follows it
    succeeds: see foundation.database."""
    try:
        wanted = forms.saves(request.get_data(), now())
        sheet = queries.sheet(session(), cohort_id, gates.me().person_id, attempt_id, [s.key for s in wanted],
                              [s.question for s in wanted]) or abort(404)
        quiz = gates.asked(sheet.sitting)[0]
        sent = forms.sent(quiz, wanted)
        if gates.left_behind(quiz, sheet.sitting, sheet.last, sent):
            raise Closed
        sent = attachments.honest(session(), attempt_id, quiz, {q: a.value for q, a in sheet.last.items()}, sent)
        kept = saving.save(session(), sheet, sent, now())
    except Malformed:
        return {"error": "malformed"}, 422
    except Closed:
        return {"error": "closed", "now": now().timestamp()}, 409
    except KeyReused:
        return {"error": "key_reused"}, 409
    return _acknowledged(sheet, quiz, wanted, kept)


def _acknowledged(sheet: Sheet, quiz: Quiz, wanted: list[Save], kept: dict[str, Kept]) -> dict[str, Any]:
    """What was kept and when, its receipt, and what another device had put there that the sender did not know of."""
    zone, signer = answering.zone(request.args.get("zona", "")), keyring().signer()
    saved: dict[str, Any] = {}
    for save in wanted:
        mine, other = kept[save.key], sheet.last.get(save.question)
        saved[save.key] = {"id": mine.id, "at": f"{local(mine.saved_at, zone):%H:%M:%S}", "sequence": mine.sequence,
                           "receipt": receipts.receipt(signer, sheet.sitting.person_id, sheet.sitting.id, mine)}
        if other and save.base < other.id < mine.id and other.value != mine.value:
            saved[save.key]["other"] = answering.told(quiz, save.question, other, other.key, zone)
    return {"saved": saved, "now": now().timestamp()}


def keyring() -> Keyring:
    found: Keyring = current_app.extensions["receipt_keys"]
    return found


@room.get("/intentos/<int:attempt_id>/respuestas", allow=May.ANSWER)
def state(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """A fresh token, the server's clock, the newest answers' ids."""
    sitting = gates.own(cohort_id, attempt_id)
    given = queries.given(session(), attempt_id)
    return {"token": token(), "now": now().timestamp(), "closed": not rules.open_for_answers(sitting, now()),
            "last": {question: answer.id for question, answer in given.items()}}
