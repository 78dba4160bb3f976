"""The hours log: entries as facts, photos beside them, and what a week comes to for who signs it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lms.foundation import audit
from lms.internships.hours import Entry, Limits, Signed, faults, monday
from lms.internships.models import LogEntry, LogEvidence, Placement, PlacementEvent, WeekSignature, WorkPlan
from lms.internships.plans import digest, read
from lms.internships.states import state

OPEN = ("in_progress", "report_due")        # states in which hours may be told
MOST_PHOTOS = 4                             # of an entry


class Refused(ValueError):
    """An entry that can not be taken: all that is wrong with it, for the person."""


@dataclass(frozen=True)
class Book:
    """A placement as far as its log goes."""
    id: int
    cohort_id: int
    person_id: int
    academic_id: int | None
    host_id: int
    time_zone: str
    limits: Limits
    supervisor: str
    state: str
    planned: object = None

    def today(self, now: datetime) -> tuple[date, str]:
        """Day and wall time at the host."""
        there = now.astimezone(ZoneInfo(self.time_zone))
        return there.date(), f"{there:%H:%M}"


@dataclass(frozen=True)
class Photo:
    id: int
    sha256: str
    file_name: str
    size: int


@dataclass(frozen=True)
class Line:
    """An entry as it stands, with its photos and whether the host signed it."""
    entry: Entry
    reference: str
    received_at: datetime
    late: int                       # whole hours between writing and arriving
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Week:
    """A week of the log: its entries, and what the host last said of it."""
    monday: date
    lines: tuple[Line, ...]
    signature: Signed | None
    comment: str = ""

    @property
    def minutes(self) -> int:
        return sum(line.entry.minutes for line in self.lines)

    @property
    def signed(self) -> bool:
        """All of it, as it stands now."""
        return self.signature is not None and self.signature.signed and \
            {line.entry.id for line in self.lines} == set(self.signature.entries)


def book(session: Session, placement_id: int, now: datetime, *, person_id: int | None = None,
         cohort_id: int | None = None, hold: bool = False) -> Book | None:
    """The log of a placement; of this person, or of this cohort, only. Two statements; `hold` keeps other devices of
    the same person waiting until this transaction ends."""
    query = select(Placement).where(Placement.id == placement_id)
    if person_id is not None:
        query = query.where(Placement.person_id == person_id)
    if cohort_id is not None:
        query = query.where(Placement.cohort_id == cohort_id)
    placed = session.scalar(query.with_for_update() if hold else query)
    if placed is None:
        return None
    steps = session.scalars(select(PlacementEvent.kind).where(PlacementEvent.placement_id == placement_id)
                            .order_by(PlacementEvent.id))
    there = now.astimezone(ZoneInfo(placed.time_zone)).date()
    return Book(placed.id, placed.cohort_id, placed.person_id, placed.academic_id, placed.host_id, placed.time_zone,
                Limits(placed.starts_on, placed.ends_on, placed.student_regime), placed.supervisor_name,
                state(steps, placed.ends_on, there), placed.hours)


def lines(session: Session, placement_id: int) -> list[Line]:
    """The entries that stand: neither replaced nor withdrawn, in order of time. Two statements."""
    later = aliased(LogEntry)
    rows = session.scalars(
        select(LogEntry).where(LogEntry.placement_id == placement_id, LogEntry.withdrawn.is_(False),
                               ~exists().where(later.replaces_id == LogEntry.id))
        .order_by(LogEntry.day, LogEntry.starts, LogEntry.id)).all()
    photos: dict[int, list[Photo]] = defaultdict(list)
    for photo in session.scalars(select(LogEvidence).join(LogEntry, LogEntry.id == LogEvidence.entry_id)
                                 .where(LogEntry.placement_id == placement_id).order_by(LogEvidence.id)):
        photos[photo.entry_id].append(Photo(photo.id, photo.sha256, photo.file_name, photo.size))
    return [Line(_entry(row), row.reference, row.received_at, _hours(row.received_at - row.written_at),
                 tuple(photos[row.id])) for row in rows]


def signatures(session: Session, placement_id: int) -> list[tuple[Signed, str]]:
    """What the host said of the weeks, in the order it was said, each with its comment."""
    w = WeekSignature
    rows = session.execute(select(w.week, w.entries, w.signed, w.minutes, w.comment)
                           .where(w.placement_id == placement_id).order_by(w.id))
    return [(Signed(week, frozenset(json.loads(ids)), signed, minutes), comment)
            for week, ids, signed, minutes, comment in rows]


def weeks(session: Session, placement_id: int) -> list[Week]:
    """The log by weeks, the newest first. Three statements."""
    by_week: dict[date, list[Line]] = defaultdict(list)
    for line in lines(session, placement_id):
        by_week[line.entry.week].append(line)
    said = {signed.week: (signed, comment) for signed, comment in signatures(session, placement_id)}
    return [Week(week, tuple(by_week[week]), *said.get(week, (None, ""))) for week in sorted(by_week, reverse=True)]


def write(session: Session, now: datetime, on: Book, entry: Entry, reference: str, written_at: datetime,
          replaces: int | None = None) -> tuple[int, bool]:
    """Write one entry: (its id, whether it is new). The same reference is one entry. Raises Refused with all faults."""
    known = session.scalar(select(LogEntry.id).where(LogEntry.placement_id == on.id, LogEntry.reference == reference))
    if known is not None:
        return known, False
    standing = lines(session, on.id)
    _replaceable(standing, replaces, on)
    others = [line.entry for line in standing if line.entry.id != replaces]
    wrong = faults(entry, others, on.limits, *on.today(now))
    if not entry.activity.strip():
        wrong = (*wrong, "Falta decir qué se hizo.")
    if wrong:
        raise Refused(" ".join(wrong))
    return _add(session, now, on, entry, reference, written_at, replaces, False), True


def withdraw(session: Session, now: datetime, on: Book, entry_id: int) -> None:
    """Take an entry back: a new row that replaces it by nothing."""
    standing = lines(session, on.id)
    _replaceable(standing, entry_id, on)
    line = next(line for line in standing if line.entry.id == entry_id)
    _add(session, now, on, line.entry, f"retiro:{entry_id}", now, entry_id, True)


def _replaceable(standing: Sequence[Line], entry_id: int | None, on: Book) -> None:
    if on.state not in OPEN:
        raise Refused("La bitácora recibe horas desde que la pasantía comienza hasta que se evalúa.")
    if entry_id is not None and entry_id not in {line.entry.id for line in standing}:
        raise Refused("Esa anotación ya fue corregida o retirada. Recargar la página para ver la que vale.")


def _add(session: Session, now: datetime, on: Book, entry: Entry, reference: str, written_at: datetime,
         replaces: int | None, withdrawn: bool) -> int:
    row = LogEntry(placement_id=on.id, reference=reference, day=entry.day, starts=entry.starts, ends=entry.ends,
                   pause=entry.pause, activity=entry.activity.strip(), outcome=entry.outcome, remote=entry.remote,
                   written_at=min(written_at, now), received_at=now, replaces_id=replaces, withdrawn=withdrawn)
    session.add(row)
    session.flush()
    audit.record(session, on.person_id, now, "hours.withdrawn" if withdrawn else "hours.logged", f"log:{row.id}",
                 on.cohort_id, placement=on.id, day=str(entry.day), minutes=entry.minutes, replaces=replaces)
    return row.id


def attach(session: Session, now: datetime, on: Book, entry_id: int, digest: str, name: str, size: int) -> bool:
    """Put a photo beside an entry; False when it is there already or there are enough."""
    there = session.scalars(select(LogEvidence.sha256).where(LogEvidence.entry_id == entry_id)).all()
    if digest in there or len(there) >= MOST_PHOTOS:
        return False
    session.add(LogEvidence(entry_id=entry_id, sha256=digest, file_name=name[:200], media_type="image/jpeg", size=size,
                            added_at=now))
    return True


def photo(session: Session, placement_id: int, photo_id: int) -> Photo | None:
    row = session.scalar(select(LogEvidence).join(LogEntry, LogEntry.id == LogEvidence.entry_id).where(
        LogEvidence.id == photo_id, LogEntry.placement_id == placement_id))
    return Photo(row.id, row.sha256, row.file_name, row.size) if row else None


def sheet(on: Book, week: date, shown: Iterable[Line]) -> tuple[str, str]:
    """(canonical JSON, its SHA-256) of what the host signs of a week: these entries, word for word. Pure."""
    content = {"placement": on.id, "week": str(week), "entries": [_told(line) for line in shown]}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, sha256(text.encode()).hexdigest()


def sign(session: Session, now: datetime, on: Book, week: Week, *, signed: bool, comment: str, name: str,
         link_id: int | None = None, by_id: int | None = None) -> int:
    """The host's word on a week as it stands: signed, or returned with a comment."""
    row = WeekSignature(
        placement_id=on.id, week=week.monday, entries=json.dumps(sorted(line.entry.id for line in week.lines)),
        minutes=week.minutes, sha256=sheet(on, week.monday, week.lines)[1], signed=signed, comment=comment.strip(),
        at=now, link_id=link_id, by_id=by_id, name=name.strip())
    session.add(row)
    session.flush()
    audit.record(session, by_id, now, "week.signed" if signed else "week.returned", f"week:{row.id}", on.cohort_id,
                 placement=on.id, week=str(week.monday), minutes=week.minutes)
    return row.id


def outcomes(session: Session, placement_id: int) -> list[tuple[str, str]]:
    """What the present plan wants to reach, each under a name that stays its own when the plan is reordered."""
    content = session.scalar(select(WorkPlan.content).where(WorkPlan.placement_id == placement_id)
                             .order_by(WorkPlan.version.desc()).limit(1))
    return [(digest(text)[:12], text) for text in read(content)[0].outcomes] if content else []


def week_of(found: Iterable[Week], day: date) -> Week | None:
    return next((week for week in found if week.monday == monday(day)), None)


def _told(line: Line) -> Mapping[str, object]:
    e = line.entry
    return {"id": e.id, "day": str(e.day), "starts": e.starts, "ends": e.ends, "pause": e.pause, "activity": e.activity,
            "outcome": e.outcome, "remote": e.remote, "photos": [photo.sha256 for photo in line.photos]}


def _hours(time: timedelta) -> int:
    return int(time.total_seconds() // 3600)


def _entry(row: LogEntry) -> Entry:
    return Entry(row.day, row.starts, row.ends, row.pause, row.id, row.remote, row.activity, row.outcome)
