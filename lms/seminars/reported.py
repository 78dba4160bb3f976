"""A report of a session as it was sent, and what it would bring: read anew each time from the file itself."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people import queries as people
from lms.seminars import entries
from lms.seminars.entries import RegistrationView
from lms.seminars.marks import Sitting
from lms.seminars.matching import Alias, Book, Match, Registered, book, match
from lms.seminars.models import AttendanceReport, AttendeeAlias, PresenceMark, Seminar, SeminarSession
from lms.seminars.report_marks import Fact, Told, counted, facts, fitting, fresh, overlap, reference, window
from lms.seminars.reports import Report, read
from lms.seminars.reports.attendees import Attendee, attendees

IGNORED = 0                     # in place of a registration: "count nobody"
SOURCE = "report"


@dataclass(frozen=True)
class Place:
    """A session and its seminar, as far as reports go."""
    seminar_id: int
    titles: Mapping[str, str]
    zone: str
    sitting: Sitting
    session_titles: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """What was answered about a file, and decided about its callers."""
    zone: str = ""
    order: str = ""
    columns: Mapping[str, int] | None = None
    heads: tuple[str, ...] = ()
    chosen: Mapping[str, int] = field(default_factory=dict)     # caller -> registration, or IGNORED

    def written(self) -> str:
        return json.dumps({name: value for name, value in vars(self).items() if value}, ensure_ascii=False)


@dataclass(frozen=True)
class ReportView:
    """A report as it was sent, and what became of it."""
    id: int
    file_name: str
    sha256: str
    platform: str
    reading: Reading
    uploaded_at: datetime
    uploaded_by: int | None
    applied_at: datetime | None
    undone_at: datetime | None

    @property
    def stands(self) -> bool:
        return self.applied_at is not None and self.undone_at is None


@dataclass(frozen=True)
class Line:
    """One caller: who it is taken for, what that brings, how much of it is new."""
    attendee: Attendee
    match: Match
    facts: tuple[Fact, ...]
    seconds: int                # within the session
    new: int
    manual: bool                # the office has said their minutes: those count, whatever a report says

    @property
    def ignored(self) -> bool:
        return self.match.registration_id == IGNORED


@dataclass(frozen=True)
class Review:
    report: Report
    zone: str
    lines: tuple[Line, ...]
    overlap: int                # seconds of the session that the report covers
    people: Mapping[int, RegistrationView]
    book: Book = field(default_factory=Book)
    zones: tuple[str, ...] = ()     # by whose clock it would fit, or fit better by far
    others: tuple[tuple[int, Mapping[str, str]], ...] = ()      # sessions of the seminar that it fits: (id, titles)

    @property
    def known(self) -> list[Line]:
        return [line for line in self.lines if line.match.registration_id]

    @property
    def left_out(self) -> list[Line]:
        """Those of whom somebody said that they count for nobody."""
        return [line for line in self.lines if line.ignored and line.facts]

    @property
    def open(self) -> list[Line]:
        """Those about whom nobody has decided, and who were there at all."""
        return [line for line in self.lines if line.match.registration_id is None and line.facts]

    @property
    def dated(self) -> bool:
        return self.report.first is not None

    @property
    def elsewhere(self) -> bool:
        """Is it the report of another meeting?"""
        return self.dated and not self.overlap

    @property
    def refusal(self) -> str:
        if self.report.questions:
            return "Falta responder lo que el archivo no dice."
        return "El informe no coincide en ningún minuto con la sesión: es de otra reunión." if self.elsewhere else ""


def place(session: Session, seminar_id: int, session_id: int) -> Place | None:
    row = session.execute(_places().where(Seminar.id == seminar_id, SeminarSession.id == session_id)).one_or_none()
    return _place(row) if row else None


def report(session: Session, seminar_id: int, session_id: int, report_id: int) -> tuple[Place, ReportView] | None:
    """A report and the session it is for. One statement."""
    row = session.execute(
        _places().add_columns(*_REPORT).join(AttendanceReport, AttendanceReport.session_id == SeminarSession.id)
        .where(Seminar.id == seminar_id, SeminarSession.id == session_id, AttendanceReport.id == report_id)
    ).one_or_none()
    return (_place(row[:7]), _view(row[7:])) if row else None


def reports(session: Session, session_id: int) -> list[ReportView]:
    rows = session.execute(select(*_REPORT).where(AttendanceReport.session_id == session_id)
                           .order_by(AttendanceReport.id.desc()))
    return [_view(row) for row in rows]


def review(session: Session, place: Place, view: ReportView, parsed: tuple[Report, str]) -> Review:
    """What the report would bring now; of one that can not be brought in here, where it may belong. Four statements for
    any number of callers."""
    found, zone = parsed
    covered = overlap(found, zone, place.sitting)
    empty = Review(found, zone, (), covered, {}, zones=fitting(found, zone, place.sitting))
    if empty.refusal:
        return replace(empty, others=_others(session, place, found, zone))
    registered = {r.id: r for r in entries.registrations(session, place.seminar_id)}
    known = _book(session, registered.values())
    marks, manual = told(session, place.sitting.id)
    lines = tuple(_line(one, known, view.reading.chosen, zone, place.sitting, marks, manual)
                  for one in attendees(found.joins))
    return replace(empty, lines=lines, people=registered, book=known)


def parsed(place: Place, name: str, content: bytes, reading: Reading) -> tuple[Report, str]:
    """The report and the zone of its clock: the one it says, the one answered, or the seminar's."""
    zone = reading.zone or place.zone
    ways: dict[str, Any] = {"order": reading.order, "mapping": reading.columns}
    found = read(name, content, window=window(place.sitting, zone), **ways)
    if found.utc:
        zone = "UTC"
        found = read(name, content, window=window(place.sitting, zone), **ways)
    return found, zone


def remembered(session: Session, seminar_id: int, heads: Iterable[str]) -> Reading:
    """How the last report was read: the zone of this seminar's, and the columns of a file with the same heads."""
    heads, zone, columns = tuple(heads), "", None
    rows = session.execute(select(AttendanceReport.seminar_id, AttendanceReport.reading)
                           .order_by(AttendanceReport.id.desc()).limit(200))
    for row in rows:
        reading = _reading(row.reading)
        if row.seminar_id == seminar_id and not zone:
            zone = reading.zone
        if columns is None and reading.columns and reading.heads == heads:
            columns = reading.columns
    return Reading(zone=zone, columns=columns, heads=heads if columns else ())


_REPORT = (AttendanceReport.id, AttendanceReport.file_name, AttendanceReport.sha256, AttendanceReport.platform,
           AttendanceReport.reading, AttendanceReport.uploaded_at, AttendanceReport.uploaded_by,
           AttendanceReport.applied_at, AttendanceReport.undone_at)


def _places() -> Any:
    s = SeminarSession
    return (select(Seminar.id, Seminar.titles, Seminar.time_zone, s.id, s.starts_at, s.ends_at, s.titles)
            .join(s, s.seminar_id == Seminar.id))


def _place(row: Any) -> Place:
    return Place(row[0], json.loads(row[1]), row[2], Sitting(*row[3:6]), json.loads(row[6]))


def _view(row: Any) -> ReportView:
    return ReportView(row[0], row[1], row[2], row[3], _reading(row[4]), *row[5:9])


def _reading(text: str) -> Reading:
    held = json.loads(text)
    return Reading(**{**held, "heads": tuple(held.get("heads", ()))})


def _book(session: Session, registered: Iterable[RegistrationView]) -> Book:
    registered = list(registered)
    accounts = people.by_id(session, {r.person_id for r in registered if r.person_id})
    rows = session.execute(select(AttendeeAlias.kind, AttendeeAlias.value, AttendeeAlias.email_key))
    return book([Registered(r.id, r.name, (r.email, *(accounts[p].email for p in [r.person_id] if p in accounts)))
                 for r in registered], (Alias(*row) for row in rows))


def told(session: Session, session_id: int) -> tuple[dict[str, list[Told]], set[int]]:
    """(reference -> the marks written under it, registrations whose minutes the office said) of a session."""
    rows = session.execute(
        select(PresenceMark.id, PresenceMark.registration_id, PresenceMark.kind, PresenceMark.source,
               PresenceMark.reference, PresenceMark.voids_id).where(PresenceMark.session_id == session_id)).all()
    takers = {row.voids_id: row.source for row in rows if row.kind == "void"}
    found: dict[str, list[Told]] = defaultdict(list)
    for row in rows:
        if row.kind != "void" and row.source == SOURCE:
            found[row.reference.partition("~")[0]].append(
                Told(row.reference, row.id in takers, takers.get(row.id, SOURCE) != SOURCE))
    return found, {row.registration_id for row in rows if row.kind == "manual" and row.id not in takers}


def _others(session: Session, place: Place, found: Report, zone: str) -> tuple[tuple[int, Mapping[str, str]], ...]:
    rows = session.execute(select(SeminarSession.id, SeminarSession.starts_at, SeminarSession.ends_at,
                                  SeminarSession.titles).where(SeminarSession.seminar_id == place.seminar_id))
    return tuple((row.id, json.loads(row.titles)) for row in rows if row.id != place.sitting.id
                 and overlap(found, zone, Sitting(row.id, row.starts_at, row.ends_at)))


def _line(one: Attendee, known: Book, chosen: Mapping[str, int], zone: str, sitting: Sitting,
          marks: Mapping[str, list[Told]], manual: set[int]) -> Line:
    found = Match(IGNORED, "ignored") if chosen.get(one.key) == IGNORED else match(one, known, chosen)
    brought, who = facts(one.joins, zone, sitting), found.registration_id
    new = sum(fresh(reference(fact, sitting.id, who), marks) is not None for fact in brought) if who else 0
    return Line(one, found, brought, counted(brought, sitting), new, bool(who) and who in manual)


