"""A message from a system that pushes: believed, applied whole or refused by name, and answered the same again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.credits import actions
from lms.credits.arriving import Arrived, Unread, read
from lms.credits.models import PushDelivery, PushSecret, PushSource
from lms.foundation.database import Database
from lms.foundation.vault import Unreadable, Vault
from lms.foundation.webhooks import Unsigned, check

MOST_REFUSED = 200              # unsigned messages of a source written down in an hour: the rest are only answered


@dataclass(frozen=True)
class Answer:
    """What is sent back, as JSON; a refusal is a problem (RFC 9457)."""
    status: int
    told: dict[str, Any]
    again: bool = False             # the first answer, to the same message


def about(source_id: int) -> str:
    """What the vault binds a secret to."""
    return f"push:{source_id}"


def problem(status: int, code: str, detail: str) -> Answer:
    return Answer(status, {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail})


def receive(database: Database, vault: Vault, now: datetime, name: str, headers: Mapping[str, str], body: bytes,
            allows: Callable[[], bool]) -> Answer:
    """Nothing is written, and no write lock taken, before the signature is known to be good. `allows`: whether this
    address may still be wrong once more in this minute."""
    with database.reading() as session:
        source = session.scalar(select(PushSource).where(PushSource.name == name))
        sealed = _sealed(session, source.id, now) if source else []
    if source is None:
        return problem(404, "unknown_source", "Ninguna fuente tiene esta dirección.")
    if source.ended_at is not None:
        return problem(410, "source_ended", "Esta fuente terminó: no se recibe nada más de ella.")
    try:
        message_id = check([vault.read(s, about(source.id)) for s in sealed], headers.get("webhook-id"),
                           headers.get("webhook-timestamp"), headers.get("webhook-signature"), body, now)
    except Unreadable:
        return problem(503, "secret_unreadable", "El secreto no se puede leer aquí. La oficina debe hacer uno nuevo.")
    except Unsigned as wrong:
        if not allows():
            return problem(429, "too_many", "Demasiados mensajes mal firmados. Esperar un minuto.")
        with database.transaction() as session:
            _note_refused(session, now, source.id, body, wrong)
        return problem(wrong.status, wrong.code, wrong.message)
    with database.transaction() as session:
        return _once(session, now, source, message_id, body)


def _sealed(session: Session, source_id: int, now: datetime) -> list[str]:
    return list(session.scalars(select(PushSecret.sealed).where(
        PushSecret.source_id == source_id, or_(PushSecret.until.is_(None), PushSecret.until > now))))


def _once(session: Session, now: datetime, source: PushSource, message_id: str, body: bytes) -> Answer:
    """The place of this id is taken first: of two that come at once, the second waits and gets the first's answer."""
    row = PushDelivery(source_id=source.id, message_id=message_id, body_sha256=sha256(body).hexdigest(),
                       received_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return _known(session, source.id, message_id, row.body_sha256)
    answer = _applied(session, now, source, body, row)
    row.status, row.code = answer.status, str(answer.told.get("code") or answer.told.get("result"))
    row.answer = json.dumps(answer.told, ensure_ascii=False)
    return answer


def _known(session: Session, source_id: int, message_id: str, digest: str) -> Answer:
    first = session.scalars(select(PushDelivery).where(
        PushDelivery.source_id == source_id, PushDelivery.message_id == message_id)).one()
    if first.body_sha256 != digest:
        return problem(409, "id_reused", "Ese webhook-id ya llegó con otro cuerpo. Un mensaje nuevo lleva un id nuevo.")
    first.repeats += 1
    return Answer(first.status, json.loads(first.answer), again=True)


def _applied(session: Session, now: datetime, source: PushSource, body: bytes, row: PushDelivery) -> Answer:
    try:
        arrived = read(body)
        row.kind, row.reference = arrived.type, arrived.fact.reference
        if arrived.kind not in source.kinds.split():
            raise Unread("kind_not_allowed", f"Esta fuente no anota {arrived.kind}.", 403)
        with session.begin_nested():            # refused half way, nothing of it stays
            return Answer(200, _taken(session, now, source, arrived))
    except Unread as wrong:
        return problem(wrong.status, wrong.code, wrong.words)
    except actions.Refused as wrong:
        return problem(422, "refused", str(wrong))


def _taken(session: Session, now: datetime, source: PushSource, arrived: Arrived) -> dict[str, Any]:
    cohort = next((c for c in cohorts.cohorts(session, None) if c.code == arrived.cohort), None)
    if cohort is None:
        raise Unread("unknown_cohort", "Ninguna cohorte tiene ese código.")
    known = actions.known_of(session, source.name, {arrived.fact.reference}).get(arrived.fact.reference)
    if arrived.fact.withdrawn and (known is None or known.kind != arrived.kind):
        raise Unread("unknown_reference", "Nada se anotó con esa referencia.", 404)
    new = actions.take(session, now, cohort, source.name, arrived.group, arrived.fact,
                       actions.enrolled(session, cohort.id), known)
    result = "already" if not new else "withdrawn" if arrived.fact.withdrawn else "recorded"
    written = known or actions.known_of(session, source.name, {arrived.fact.reference})[arrived.fact.reference]
    return {"result": result, "reference": arrived.fact.reference, "credit": written.id}


def _note_refused(session: Session, now: datetime, source_id: int, body: bytes, wrong: Unsigned) -> None:
    lately = session.scalar(select(func.count()).select_from(PushDelivery).where(
        PushDelivery.source_id == source_id, PushDelivery.message_id.is_(None),
        PushDelivery.received_at > now - timedelta(hours=1))) or 0
    if lately < MOST_REFUSED:
        session.add(PushDelivery(source_id=source_id, body_sha256=sha256(body).hexdigest(), received_at=now,
                                 status=wrong.status, code=wrong.code,
                                 answer=json.dumps({"detail": wrong.message}, ensure_ascii=False)))
