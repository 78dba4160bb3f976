"""Where a student finds the receipts of an attempt, and anybody the public keys that verify them."""

from base64 import b64encode

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from lms.attempts import arrivals, gates, receipts
from lms.attempts.forms import numbered
from lms.attempts.gates import room
from lms.attempts.wire import keyring
from lms.foundation.database import session
from lms.foundation.doors import OPEN, Room
from lms.people.rules import May

public = Room("receipt_keys", __name__)


@room.get("/intentos/<int:attempt_id>/recibos", allow=May.ANSWER)
def receipts_page(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """What was received of one's own attempt and when, with the proof of each answer."""
    taking = gates.taking(cohort_id, attempt_id)
    numbers = {q.id: n for n, q in numbered(taking.quiz)}
    found = arrivals.arrivals(session(), taking.sitting)
    return render_template("attempts/receipts.html", taking=taking, arrivals=found, numbers=numbers)


@room.get("/intentos/<int:attempt_id>/recibos.txt", allow=May.ANSWER)
def receipts_file(cohort_id: int, attempt_id: int) -> ResponseReturnValue:
    """All of them in one file, each with the answer it speaks of."""
    sitting, signer = gates.own(cohort_id, attempt_id), keyring().signer()
    told = [receipts.with_value(receipts.receipt(signer, sitting.person_id, sitting.id, answer), answer.value)
            for answer in arrivals.kept(session(), attempt_id) if answer.sequence]
    return Response("\n".join(told) or "# 0\n", mimetype="text/plain", headers={
        "Content-Disposition": f'attachment; filename="recibos-intento-{attempt_id}.txt"',
        "Cache-Control": "private, no-store"})


@public.get("/claves", allow=OPEN)
def keys() -> ResponseReturnValue:
    """The public keys, oldest first: those that no longer sign still verify."""
    return {"formato": "lms-claves 1", "sitio": current_app.config["URL"], "claves": told_keys(keyring().public())}


def told_keys(public_keys: dict[str, bytes]) -> list[dict[str, str]]:
    return [{"clave": name, "algoritmo": "Ed25519", "publica": b64encode(key).decode()}
            for name, key in public_keys.items()]
