"""`./dev bench --bulk`: a Teams report of 1 000 people and 5 000 joins, from its bytes to minutes, and taken in whole; beside
the least it needs: the file cut, its times read, the stays united and the same rows written. Limit: 0.5 s of CPU to merge.
Alone: `python -m tests.bench_attendance`."""

import csv
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert

from lms.seminars import importing, reported
from lms.seminars.marks import Sitting
from lms.seminars.models import AttendanceReport, PresenceMark, RegistrationEvent
from lms.seminars.models import Registration as R
from lms.seminars.report_marks import counted, facts, window
from lms.seminars.reports import read
from lms.seminars.reports.attendees import attendees
from tests import seminared, world

PEOPLE, JOINS = 1000, 5000
BEGIN = datetime(2027, 5, 12, 10)
SITTING = Sitting(1, seminared.BEGINS, seminared.BEGINS + seminared.LONG)
HEAD = "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"


def file() -> bytes:
    """Five stays of each, overlapping as those of two devices do."""
    rows = []
    for n in range(JOINS):
        who, start = n % PEOPLE, BEGIN + timedelta(seconds=n * 37 % 4800 - 300)
        end = start + timedelta(seconds=600 + n % 900)
        rows.append(f"Persona {who} Ficticia\t{said(start)}\t{said(end)}\t{(600 + n % 900) // 60}m {n % 60}s\tp{who}@example.org\tAttendee")
    return "\r\n".join(["1. Summary", "Meeting title\tSeminario", "", "2. Participants", "", "3. In-Meeting Activities", HEAD, *rows]).encode("utf-16")


def said(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"


FILE = file()


def merged() -> dict[str, int]:
    """Pure: bytes to seconds within the session."""
    report = read("teams.csv", FILE, window=window(SITTING, seminared.ZONE))
    assert len(report.joins) == JOINS
    return {one.key: counted(facts(one.joins, seminared.ZONE, SITTING), SITTING) for one in attendees(report.joins)}


def furnish(database) -> None:
    with database.transaction() as s:
        seminared.plant(s)
        s.execute(insert(R.__table__), [
            {"id": n + 1, "seminar_id": 1, "code": f"t{n}", "short_code": "", "kind": "public", "given_names": f"Persona {n}", "surname1": "Ficticia",
             "sort_key": "", "email": f"p{n}@example.org", "email_key": f"p{n}@example.org", "language": "es", "country": "CL", "institution": "",
             "office": "", "registered_at": world.NOW} for n in range(PEOPLE)])
        s.execute(insert(RegistrationEvent.__table__), [{"registration_id": n + 1, "kind": "confirmed", "at": world.NOW, "note": ""} for n in range(PEOPLE)])
        seminared.sequences(s)


def deeds(database) -> tuple[Callable[[], None], Callable[[], None], Callable[[], None]]:
    """(ours, the floor, what takes it away again)."""
    furnish(database)

    def ours() -> None:
        with database.transaction() as s:
            place = reported.place(s, 1, 1)
            made, _new = importing.receive(s, None, world.NOW, place, "teams.csv", "0" * 64, "teams", reported.Reading())
            _place, view = reported.report(s, 1, 1, made)
            parsed = reported.parsed(place, view.file_name, FILE, view.reading)
            assert importing.apply(s, None, world.NOW, place, view, parsed, {}) > PEOPLE

    def floor() -> None:
        stays: dict[str, list[tuple[datetime, datetime]]] = {}
        for name, start, end, *_rest in csv.reader(io.StringIO(FILE.decode("utf-16").split(HEAD)[1].strip()), delimiter="\t"):
            stays.setdefault(name, []).append((datetime.strptime(start, "%m/%d/%y, %I:%M:%S %p").replace(tzinfo=UTC),
                                               datetime.strptime(end, "%m/%d/%y, %I:%M:%S %p").replace(tzinfo=UTC)))
        for some in stays.values():
            last = None
            for start, end in sorted(some):
                last = max(end, last or end) if start <= (last or end) else end
        with database.transaction() as s:
            s.execute(insert(PresenceMark.__table__), [
                {"seminar_id": 1, "session_id": 1, "registration_id": n % PEOPLE + 1, "kind": "interval", "source": "report", "reference": f"{n}-{i}",
                 "at": a, "until": b, "recorded_at": world.NOW, "note": ""} for n, some in enumerate(stays.values()) for i, (a, b) in enumerate(some)])

    def after() -> None:
        with database.transaction() as s:
            for table in (PresenceMark, AttendanceReport):
                s.execute(delete(table.__table__))

    return ours, floor, after


def main() -> None:
    merged()
    began = time.process_time()
    assert len(merged()) == PEOPLE
    print(f"{PEOPLE} people, {JOINS} joins, {len(FILE) >> 10} kB read and merged in {time.process_time() - began:.2f} s of CPU (limit 0.50)")


if __name__ == "__main__":
    main()
