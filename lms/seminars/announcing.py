"""What the office writes about a seminar: announced, changed, published, cancelled; its sessions, places, speakers."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.language import local
from lms.people.rules import Refused
from lms.seminars import rules
from lms.seminars.models import Seminar, SeminarMaterial, SeminarPlaces, SeminarSession, Speaker
from lms.seminars.reminders import plan_change
from lms.seminars.rules import Sitting, read, words_of

Columns = Mapping[str, Any]             # of the row, by name, as the models have them
IN_CALENDARS = ("titles", "mode", "time_zone", "city", "venue", "address", "slug")
ONLY_THEN = "Agregar al menos una sesión antes de publicar."


def create(session: Session, actor_id: int, now: datetime, columns: Columns) -> int:
    """A seminar in preparation: nobody sees it before it is published."""
    _check_window(columns, ())
    row = Seminar(created_at=now, created_by=actor_id, slug=_free_slug(session, columns), **_without(columns, "slug"))
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "seminar.created", f"seminar:{row.id}", slug=row.slug)
    return row.id


def change(session: Session, actor_id: int, now: datetime, seminar_id: int, columns: Columns) -> None:
    """Its sessions keep the times of the clock on the wall where the zone changes."""
    row = session.get_one(Seminar, seminar_id)
    slug = columns["slug"] or row.slug
    if slug != row.slug:
        if row.published_at is not None:
            raise Refused("La dirección ya se publicó y hay enlaces que llevan a ella: no cambia.", "slug")
        _check_slug(session, slug)
    columns = {**columns, "slug": slug}
    sessions = _rows(session, seminar_id)
    _check_window(columns, sessions)
    for one in sessions:
        if columns["mode"] != "both" and one.mode != columns["mode"]:
            raise Refused(f"La sesión «{_title(one)}» es «{rules.MODES[one.mode]}». Cambiarla primero.", "mode")
        if columns["time_zone"] != row.time_zone:
            one.starts_at, one.ends_at = (_moved(at, row.time_zone, columns["time_zone"])
                                          for at in (one.starts_at, one.ends_at))
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if changed:
        session.execute(update(Seminar).where(Seminar.id == seminar_id).values(**changed))
        if set(changed) & set(IN_CALENDARS):
            _moved_on(session, now, row)
        audit.record(session, actor_id, now, "seminar.changed", f"seminar:{seminar_id}", changed=list(changed))


def publish(session: Session, actor_id: int, now: datetime, seminar_id: int) -> bool:
    """Show it to everybody; False: it already was."""
    row = session.get_one(Seminar, seminar_id)
    if row.published_at is not None or row.cancelled_at is not None:
        return False
    if not _rows(session, seminar_id):
        raise Refused(ONLY_THEN)
    row.published_at = now
    audit.record(session, actor_id, now, "seminar.published", f"seminar:{seminar_id}", slug=row.slug)
    return True


def cancel(session: Session, actor_id: int, now: datetime, seminar_id: int, reason: str) -> bool:
    """For good: its page and the calendars that hold it say so. False: it already was."""
    row = session.get_one(Seminar, seminar_id)
    if row.cancelled_at is not None:
        return False
    row.cancelled_at, row.cancelled_why = now, reason
    row.sequence += 1
    audit.record(session, actor_id, now, "seminar.cancelled", f"seminar:{seminar_id}", reason=reason)
    return True


def put_session(session: Session, actor_id: int, now: datetime, seminar_id: int, session_id: int | None,
                columns: Columns) -> int:
    """A session, new or changed. It is refused where it can not be held among the others."""
    seminar = session.get_one(Seminar, seminar_id)
    rows = _rows(session, seminar_id)
    rules.check_sitting(Sitting(columns["starts_at"], columns["ends_at"], columns["place"], columns["mode"],
                                id=session_id), map(_sitting, rows), seminar.mode)
    row = next((one for one in rows if one.id == session_id), None) if session_id else None
    if row is None:
        row = SeminarSession(seminar_id=seminar_id, code=_next_code(session, seminar_id), **columns)
        session.add(row)
    elif any(getattr(row, name) != value for name, value in columns.items()):
        session.execute(update(SeminarSession).where(SeminarSession.id == row.id).values(**columns))
    else:
        return row.id
    _moved_on(session, now, seminar)
    audit.record(session, actor_id, now, "seminar.session_set", f"seminar:{seminar_id}", sitting=row.code,
                 starts_at=row.starts_at, ends_at=row.ends_at)
    return row.id


def cancel_session(session: Session, actor_id: int, now: datetime, seminar_id: int, session_id: int,
                   cancelled: bool = True) -> bool:
    """Take a session off the programme, or put it back where it still can be held."""
    row = session.get(SeminarSession, session_id)
    if row is None or row.seminar_id != seminar_id or (row.cancelled_at is not None) == cancelled:
        return False
    seminar = session.get_one(Seminar, seminar_id)
    if not cancelled:
        rules.check_sitting(_sitting(row), map(_sitting, _rows(session, seminar_id)), seminar.mode)
    row.cancelled_at = now if cancelled else None
    _moved_on(session, now, seminar)
    audit.record(session, actor_id, now, "seminar.session_cancelled" if cancelled else "seminar.session_returned",
                 f"seminar:{seminar_id}", sitting=row.code)
    session.flush()
    return True


def put_speaker(session: Session, actor_id: int, now: datetime, seminar_id: int, speaker_id: int | None,
                columns: Columns) -> None:
    row = session.get(Speaker, speaker_id) if speaker_id else None
    if row is None:
        last = session.scalar(select(Speaker.position).where(Speaker.seminar_id == seminar_id)
                              .order_by(Speaker.position.desc()).limit(1))
        session.add(Speaker(seminar_id=seminar_id, position=0 if last is None else last + 1, **columns))
    else:
        session.execute(update(Speaker).where(Speaker.id == row.id).values(**columns))
    audit.record(session, actor_id, now, "seminar.speaker_set", f"seminar:{seminar_id}", name=columns["name"])


def remove_speaker(session: Session, actor_id: int, now: datetime, seminar_id: int, speaker_id: int) -> bool:
    row = session.get(Speaker, speaker_id)
    if row is None or row.seminar_id != seminar_id:
        return False
    session.delete(row)
    audit.record(session, actor_id, now, "seminar.speaker_removed", f"seminar:{seminar_id}", name=row.name)
    return True


def set_places(session: Session, actor_id: int, now: datetime, seminar_id: int, places: Mapping[str, int | None]
               ) -> None:
    """All at once: a kind that is absent may not register by itself any more; who did keeps the place."""
    before: dict[str, int | None] = dict(
        session.execute(select(SeminarPlaces.kind, SeminarPlaces.places)
                        .where(SeminarPlaces.seminar_id == seminar_id)).all())
    if before == places:
        return
    session.execute(delete(SeminarPlaces).where(SeminarPlaces.seminar_id == seminar_id))
    session.add_all(SeminarPlaces(seminar_id=seminar_id, kind=kind, places=most) for kind, most in places.items())
    audit.record(session, actor_id, now, "seminar.places_set", f"seminar:{seminar_id}", places=dict(places))


def add_material(session: Session, actor_id: int, now: datetime, seminar_id: int, columns: Columns) -> int:
    """`columns`: with the hash of a file that the store already keeps, or an address."""
    row = SeminarMaterial(seminar_id=seminar_id, added_at=now, added_by=actor_id, **columns)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "seminar.material_added", f"seminar:{seminar_id}", title=row.title)
    return row.id


def withdraw_material(session: Session, actor_id: int, now: datetime, seminar_id: int, material_id: int) -> bool:
    row = session.get(SeminarMaterial, material_id)
    if row is None or row.seminar_id != seminar_id or row.withdrawn_at is not None:
        return False
    row.withdrawn_at = now
    audit.record(session, actor_id, now, "seminar.material_withdrawn", f"seminar:{seminar_id}", title=row.title)
    return True


def _moved_on(session: Session, now: datetime, row: Seminar) -> None:
    """What calendars show of it has changed: they are told so, and so is who is coming."""
    row.sequence += 1
    session.flush()
    plan_change(session, now, row.id)


def _rows(session: Session, seminar_id: int) -> list[SeminarSession]:
    row = SeminarSession
    return list(session.scalars(select(row).where(row.seminar_id == seminar_id, row.cancelled_at.is_(None))
                                .order_by(row.starts_at)))


def _sitting(row: SeminarSession) -> Sitting:
    return Sitting(row.starts_at, row.ends_at, row.place, row.mode, _title(row), row.id)


def _title(row: SeminarSession) -> str:
    return words_of("es", read(row.titles))


def _moved(at: datetime, before: str, after: str) -> datetime:
    """The same time of the clock on the wall, in another zone."""
    return rules.instant(local(at, before).replace(tzinfo=None), after, "time_zone")


def _check_window(columns: Columns, sessions: Iterable[SeminarSession]) -> None:
    opens, closes = columns.get("opens_at"), columns.get("closes_at")
    if opens and closes and closes <= opens:
        raise Refused("La inscripción cierra antes de abrir. Revisar las dos fechas.", "closes")
    last = max((one.ends_at for one in sessions), default=None)
    if last and any(at and at > last for at in (opens, closes)):
        raise Refused("La inscripción pasa del término del seminario. Revisar el año y el mes.",
                      "closes" if closes and closes > last else "opens")


def _check_slug(session: Session, slug: str) -> None:
    if slug in rules.RESERVED or slug.isdigit():
        raise Refused(f"La dirección «{slug}» la usa otra página. Elegir otra, por ejemplo con el año.", "slug")
    if session.scalar(select(Seminar.id).where(Seminar.slug == slug)):
        raise Refused(f"Otro seminario ya tiene la dirección «{slug}». Elegir otra, por ejemplo con el año.", "slug")


def _free_slug(session: Session, columns: Columns) -> str:
    """The one asked for, or one made of the title that no other seminar has."""
    if columns["slug"]:
        _check_slug(session, columns["slug"])
        return str(columns["slug"])
    stem = rules.slug(words_of("es", json.loads(columns["titles"])))[:74] or "seminario"
    stem = f"seminario-{stem}" if stem in rules.RESERVED or stem.isdigit() else stem
    taken = set(session.scalars(select(Seminar.slug).where(Seminar.slug.startswith(stem))))
    return next(s for s in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)


def _next_code(session: Session, seminar_id: int) -> str:
    codes = set(session.scalars(select(SeminarSession.code).where(SeminarSession.seminar_id == seminar_id)))
    return next(code for n in range(1, len(codes) + 2) if (code := f"S{n}") not in codes)


def _without(columns: Columns, name: str) -> dict[str, Any]:
    return {key: value for key, value in columns.items() if key != name}
