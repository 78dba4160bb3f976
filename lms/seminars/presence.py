"""Writing and reading who was there: what the door sends, what the office says, and the marks that take others back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.database import insert_of
from lms.people import names
from lms.seminars.marks import Mark, Presence, Sitting, presences
from lms.seminars.models import DoorDevice, PresenceMark, Registration, RegistrationEvent, Seminar, SeminarSession
from lms.seminars.standing import words_of

EARLY = timedelta(hours=12)         # before the first session and after the last one, when nobody is at the door
AHEAD = timedelta(minutes=2)        # a clock may be that much ahead
GRACE = timedelta(days=7)           # after its end, in which a device may still send what it saw before it
MOST = 100                          # marks at once
SHUT = {"cancelled": "Su inscripción está anulada.", "refused": "Su inscripción fue rechazada.",
        "expired": "La oferta de cupo venció sin respuesta."}
HELD = ("confirmed",)               # any other state is let in, and the door is told


class Refused(ValueError):
    """A mark that can not be taken; the message is for the person at the door."""


@dataclass(frozen=True)
class Door:
    """A device, its seminar and the sessions of it."""
    id: int
    does: str
    name: str
    seminar_id: int
    session_id: int | None
    title: str
    zone: str
    expires_at: datetime
    ended_at: datetime | None
    sittings: tuple[Sitting, ...]

    def open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def called(self, language: str) -> str:
        """The seminar's title."""
        return words_of(language, json.loads(self.title))


@dataclass(frozen=True)
class Seen:
    """What a device saw: whose code, which way, when by its own clock set right."""
    key: str
    code: str
    way: str                        # in | out
    at: datetime
    reading: str = ""               # that it was kept on the device for a while, or its clock was wrong


@dataclass(frozen=True)
class Told:
    """What the door is answered for one mark."""
    ok: bool
    words: str = ""                 # why not; or what to know of the person all the same
    name: str = ""
    kind: str = ""


def door(session: Session, token_hash: str) -> Door | None:
    """The device of a link, whatever its state. One statement."""
    return _door(session, DoorDevice.token_hash == token_hash)


def door_by_id(session: Session, device_id: int) -> Door | None:
    """The device that a code on a screen names."""
    return _door(session, DoorDevice.id == device_id)


def _door(session: Session, which: ColumnElement[bool]) -> Door | None:
    rows = session.execute(
        select(DoorDevice.id, DoorDevice.does, DoorDevice.name, DoorDevice.seminar_id, DoorDevice.session_id,
               Seminar.titles, Seminar.time_zone, DoorDevice.expires_at, DoorDevice.ended_at,
               SeminarSession.id, SeminarSession.starts_at, SeminarSession.ends_at)
        .join(Seminar, Seminar.id == DoorDevice.seminar_id)
        .outerjoin(SeminarSession, (SeminarSession.seminar_id == Seminar.id) & SeminarSession.cancelled_at.is_(None))
        .where(which).order_by(SeminarSession.starts_at)).all()
    if not rows:
        return None
    return Door(*rows[0][:9], tuple(Sitting(*row[9:]) for row in rows if row[9] is not None))


def _state() -> object:
    """The last event's kind: the state of a registration."""
    return (select(RegistrationEvent.kind).where(RegistrationEvent.registration_id == Registration.id)
            .order_by(RegistrationEvent.id.desc()).limit(1).scalar_subquery())


def known(session: Session, seminar_id: int, codes: Iterable[str]) -> dict[str, tuple[int, str, str, str]]:
    """Ticket or short code -> (registration id, name, kind, state). One statement."""
    codes = list(codes)
    rows = session.execute(
        select(Registration.id, Registration.code, Registration.short_code, Registration.given_names,
               Registration.surname1, Registration.surname2, Registration.kind, _state())
        .where(Registration.seminar_id == seminar_id,
               or_(Registration.code.in_(codes), Registration.short_code.in_([c for c in codes if c]))))
    found = {}
    for id, code, short, given, surname1, surname2, kind, state in rows:
        found[code] = found[short or code] = (id, names.Name(given, surname1, surname2).full, kind, state or "")
    return found


def take(session: Session, now: datetime, door: Door, seen: Sequence[Seen], source: str = "scan") -> dict[str, Told]:
    """Write what a device saw: key -> what to tell. Each key is one fact, however often it comes. Two statements."""
    people = known(session, door.seminar_id, {s.code for s in seen})
    told, rows = {}, []
    for s in seen:
        person = people.get(s.code)
        if why := refusal(door, s, person, now):
            told[s.key] = Told(False, why, person[1] if person else "")
            continue
        assert person is not None
        told[s.key] = Told(True, "" if person[3] in HELD else "Sin cupo confirmado: avisar a la oficina.", person[1],
                           person[2])
        rows.append({"seminar_id": door.seminar_id, "session_id": door.session_id, "registration_id": person[0],
                     "kind": s.way, "source": source, "reference": s.key, "at": s.at, "device_id": door.id,
                     "recorded_at": now, "note": s.reading})
    if rows:
        session.execute(insert_of(session.get_bind().dialect.name)(PresenceMark).values(rows)
                        .on_conflict_do_nothing(index_elements=["seminar_id", "reference"]))
    return told


def refusal(door: Door, seen: Seen, person: tuple[int, str, str, str] | None, now: datetime) -> str:
    """Why a mark can not stand; empty when it can. Pure."""
    if person is None:
        return "Ese código no es de este seminario. Buscar a la persona por su nombre."
    if person[3] in SHUT:
        return SHUT[person[3]]
    if seen.at > now + AHEAD:
        return "La hora está en el futuro. Revisar el reloj del teléfono."
    if not door.sittings:
        return "El seminario no tiene sesiones."
    if not door.sittings[0].starts_at - EARLY <= seen.at <= max(s.ends_at for s in door.sittings) + EARLY:
        return "A esa hora no había sesión de este seminario."
    return ""


def marks(session: Session, seminar_id: int, registration_ids: Iterable[int] | None = None) -> dict[int, list[Mark]]:
    """Registration id -> its facts, taken-back ones and their takers included. One statement."""
    query = select(PresenceMark.id, PresenceMark.registration_id, PresenceMark.session_id, PresenceMark.kind,
                   PresenceMark.source, PresenceMark.at, PresenceMark.until, PresenceMark.minutes,
                   PresenceMark.voids_id, PresenceMark.note).where(PresenceMark.seminar_id == seminar_id)
    if registration_ids is not None:
        query = query.where(PresenceMark.registration_id.in_(list(registration_ids)))
    found: dict[int, list[Mark]] = defaultdict(list)
    for row in session.execute(query.order_by(PresenceMark.id)):
        found[row.registration_id].append(Mark(*row))
    return found


def sittings(session: Session, seminar_id: int) -> tuple[Sitting, ...]:
    """The sessions that were held, or will be. One statement."""
    return tuple(Sitting(*row) for row in session.execute(
        select(SeminarSession.id, SeminarSession.starts_at, SeminarSession.ends_at)
        .where(SeminarSession.seminar_id == seminar_id, SeminarSession.cancelled_at.is_(None))
        .order_by(SeminarSession.starts_at, SeminarSession.id)))


def present(session: Session, seminar_id: int, now: datetime, registration_ids: Iterable[int] | None = None
            ) -> Mapping[int, dict[int, Presence]]:
    """Registration id -> session id -> presence. Two statements for any number of people."""
    held = sittings(session, seminar_id)
    return {who: presences(told, held, now) for who, told in marks(session, seminar_id, registration_ids).items()}


def say(session: Session, actor_id: int, now: datetime, seminar_id: int, registration_id: int, sitting: Sitting,
        minutes: int, reason: str, reference: str) -> bool:
    """The office's word on somebody's minutes of a session, which counts before all else; False: told already."""
    if not 0 <= minutes * 60 <= sitting.seconds:
        raise Refused(f"La sesión dura {sitting.seconds // 60} minutos: escribir de 0 a {sitting.seconds // 60}.")
    return _add(session, actor_id, now, seminar_id, Mark(
        0, registration_id, sitting.id, "manual", "office", sitting.starts_at, minutes=minutes, note=reason), reference)


def take_back(session: Session, actor_id: int, now: datetime, seminar_id: int, mark_id: int, reason: str) -> bool:
    """Void one mark by another; False when it was void already or is none of this seminar's."""
    told = session.execute(select(PresenceMark.registration_id, PresenceMark.session_id, PresenceMark.at).where(
        PresenceMark.id == mark_id, PresenceMark.seminar_id == seminar_id, PresenceMark.kind != "void")).one_or_none()
    return told is not None and _add(session, actor_id, now, seminar_id, Mark(
        0, told.registration_id, told.session_id, "void", "office", told.at, voids_id=mark_id, note=reason),
        f"void:{mark_id}")


def tick(session: Session, actor_id: int, now: datetime, seminar_id: int, sitting: Sitting, wanted: set[int],
         shown: set[int]) -> tuple[int, int]:
    """The list of a session as it was ticked: (added, taken back). Who was not on that page stays as they are."""
    ticked = {m.registration_id: m for m in listed(marks(session, seminar_id, shown), sitting.id)}
    added = [_whole(sitting, who) for who in sorted(wanted & shown - set(ticked))]
    nth = session.scalar(select(func.count()).select_from(PresenceMark).where(
        PresenceMark.seminar_id == seminar_id, PresenceMark.session_id == sitting.id)) or 0
    done = sum(_add(session, actor_id, now, seminar_id, mark, f"list:{sitting.id}:{mark.registration_id}:{nth}")
               for mark in added)
    gone = sum(take_back(session, actor_id, now, seminar_id, ticked[who].id, "Desmarcado en la lista.")
               for who in sorted(set(ticked) - wanted))
    return done, gone


def _whole(sitting: Sitting, registration_id: int) -> Mark:
    """Present from beginning to end, by the list."""
    return Mark(0, registration_id, sitting.id, "interval", "list", sitting.starts_at, sitting.ends_at)


def listed(found: Mapping[int, Sequence[Mark]], session_id: int) -> list[Mark]:
    """The ticks of a session's list that hold. Pure."""
    return [m for told in found.values() for m in told if m.source == "list" and m.session_id == session_id
            and m.kind == "interval" and not any(v.voids_id == m.id for v in told)]


def counts(session: Session, seminar_id: int, now: datetime) -> dict[int, int]:
    """Session id -> how many have been there so far."""
    found: dict[int, int] = defaultdict(int)
    for sessions in present(session, seminar_id, now).values():
        for session_id, there in sessions.items():
            found[session_id] += there.seconds > 0
    return found


def _add(session: Session, actor_id: int, now: datetime, seminar_id: int, mark: Mark, reference: str) -> bool:
    values = {**mark._asdict(), "seminar_id": seminar_id, "reference": reference[:80], "recorded_at": now,
              "recorded_by": actor_id}
    del values["id"]
    made = session.execute(insert_of(session.get_bind().dialect.name)(PresenceMark).values(values)
                           .on_conflict_do_nothing().returning(PresenceMark.id)).scalar()
    if made is not None:
        audit.record(session, actor_id, now, f"presence.{mark.kind}", f"registration:{mark.registration_id}",
                     seminar=seminar_id, sitting=mark.session_id, minutes=mark.minutes, reason=mark.note)
    return made is not None
