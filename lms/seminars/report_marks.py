"""From the stays of a report to the facts it brings about a session: intervals where sure, else minutes. Pure."""

import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from lms.foundation import walltime
from lms.seminars.intervals import Interval, clipped, merged
from lms.seminars.marks import Sitting
from lms.seminars.reports.shape import Join, Report


class Fact(NamedTuple):
    """A mark to write: an interval with both ends, or minutes without."""
    kind: str                   # interval | minutes
    at: datetime
    until: datetime | None
    minutes: int | None


class Told(NamedTuple):
    """A mark of a report that stands in the house already."""
    reference: str
    void: bool
    by_office: bool             # taken back by a person, not by undoing the import


def instant(wall: datetime, zone: str) -> datetime:
    """The instant of a wall time; of an hour that the clocks skip, the one after the change."""
    return wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def window(sitting: Sitting, zone: str) -> tuple[datetime, datetime]:
    """A session by the clock of a zone."""
    begin, end = (at.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
                  for at in (sitting.starts_at, sitting.ends_at))
    return begin, end


def facts(joins: Iterable[Join], zone: str, sitting: Sitting) -> tuple[Fact, ...]:
    """What a caller's rows say of the session. Stays wholly outside of it say nothing of it."""
    found = []
    for join in joins:
        if join.waiting:
            continue
        if join.joined is None or join.left is None:
            minutes = _minutes(join.seconds or 0)
            found += [Fact("minutes", sitting.starts_at, None, minutes)] if minutes else []
            continue
        stay = Interval(instant(join.joined, zone), instant(join.left, zone))
        inside = clipped([stay], sitting.starts_at, sitting.ends_at)
        if not inside or not inside[0].seconds:
            continue
        if join.certain:
            found.append(Fact("interval", stay.start, stay.end, None))
        elif minutes := _minutes(min(join.seconds or 0, inside[0].seconds)):
            found.append(Fact("minutes", inside[0].start, None, minutes))
    return tuple(dict.fromkeys(found))


def counted(found: Iterable[Fact], sitting: Sitting) -> int:
    """Seconds that these facts come to: the union of intervals, or the most that any row tells, within the session."""
    found = list(found)
    stays = merged(clipped([Interval(f.at, f.until) for f in found if f.until], sitting.starts_at, sitting.ends_at))
    most = max((f.minutes * 60 for f in found if f.minutes), default=0)
    return min(max(sum(i.seconds for i in stays), most), sitting.seconds)


def reference(fact: Fact, sitting_id: int, registration_id: int) -> str:
    """The same for the same fact, whichever report brings it."""
    said = f"{fact.at:%Y%m%d%H%M%S}-{fact.until:%Y%m%d%H%M%S}" if fact.until else f"m{fact.minutes}"
    return f"report:{sitting_id}:{registration_id}:{said}"


def fresh(wanted: str, told: Mapping[str, list[Told]]) -> str | None:
    """The reference to write a fact under; nothing when it stands, or when the office took it back."""
    earlier = told.get(wanted, [])
    if any(not t.void or t.by_office for t in earlier):
        return None
    return f"{wanted}~{len(earlier) + 1}" if earlier else wanted


def overlap(report: Report, zone: str, sitting: Sitting) -> int:
    """Seconds of the session during which the report has somebody in the meeting, or the meeting going on."""
    stays = [Interval(instant(j.joined, zone), instant(j.left, zone)) for j in report.joins if j.joined and j.left]
    if not stays and report.starts and report.ends:
        stays = [Interval(instant(report.starts, zone), instant(report.ends, zone))]
    return sum(i.seconds for i in merged(clipped(stays, sitting.starts_at, sitting.ends_at)))


def fitting(report: Report, zone: str, sitting: Sitting) -> tuple[str, ...]:
    """Other zones by whose clock the meeting would cover much more of the session, hence worth asking about."""
    first, last = report.first, report.last
    if first is None or last is None or report.utc:
        return ()
    covers = {}
    for name in (zone, *walltime.ZONES, "UTC"):
        whole = [Interval(instant(first, name), instant(last, name))]
        covers[name] = sum(i.seconds for i in clipped(whole, sitting.starts_at, sitting.ends_at))
    return tuple(name for name, covered in covers.items()
                 if covered * 2 > sitting.seconds and (covered - covers[zone]) * 4 > sitting.seconds)


def _minutes(seconds: int) -> int:
    return (seconds + 30) // 60
