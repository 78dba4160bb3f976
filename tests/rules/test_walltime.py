"""Wall time: every edge vector of the domain reference, §4.1 to §4.3, and what always holds."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.walltime import (
    TZDATA,
    ZONES,
    NoSuchTime,
    day_start,
    deadline_passed,
    elapsed,
    is_ambiguous,
    place,
    resolve,
    two_sides,
)

SANTIAGO, EASTER, BUENOS_AIRES = "America/Santiago", "Pacific/Easter", "America/Argentina/Buenos_Aires"
STEADY = ["America/Coyhaique", "America/Punta_Arenas", BUENOS_AIRES]


def wall(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(("local", "zone", "instant", "twice"), [
    ("2026-04-04 22:59", SANTIAGO, "2026-04-05 01:59", False),
    ("2026-04-04 23:59", SANTIAGO, "2026-04-05 03:59", True),
    ("2026-04-04 23:00", SANTIAGO, "2026-04-05 03:00", True),
    ("2026-04-05 00:00", SANTIAGO, "2026-04-05 04:00", False),
    ("2026-09-05 23:59", SANTIAGO, "2026-09-06 03:59", False),
    ("2027-04-03 23:59", SANTIAGO, "2027-04-04 03:59", True),
    ("2026-04-04 21:30", EASTER, "2026-04-05 03:30", True),
    *(("2026-04-04 23:59", zone, "2026-04-05 02:59", False) for zone in STEADY),
])
def test_resolve(local: str, zone: str, instant: str, twice: bool) -> None:
    assert resolve(wall(local), zone) == utc(instant)
    assert resolve(wall(local), zone).utcoffset() == dt.timedelta()
    assert is_ambiguous(wall(local), zone) is twice


@pytest.mark.parametrize(("local", "zone", "first"), [
    ("2026-09-06 00:00", SANTIAGO, "2026-09-06 01:00"), ("2026-09-06 00:59:59", SANTIAGO, "2026-09-06 01:00"),
    ("2027-09-05 00:15", SANTIAGO, "2027-09-05 01:00"), ("2026-09-05 22:30", EASTER, "2026-09-05 23:00"),
    ("2011-12-30 05:00", "Pacific/Apia", "2011-12-31 00:00"),
])
def test_times_that_do_not_exist(local: str, zone: str, first: str) -> None:
    with pytest.raises(NoSuchTime) as refusal:
        resolve(wall(local), zone)
    assert refusal.value.first_valid == wall(first)
    assert not is_ambiguous(wall(local), zone)
    resolve(refusal.value.first_valid, zone)


def test_the_refusal_says_which_change_and_what_to_choose() -> None:
    with pytest.raises(NoSuchTime) as refusal:
        resolve(wall("2026-09-06 00:15"), SANTIAGO)
    assert refusal.value.message == ("El domingo 6 de septiembre de 2026 la hora 00:15 no existe en Chile: "
                                     "a las 00:00 los relojes se adelantan a las 01:00.")
    assert refusal.value.remedy == "La primera hora válida es 01:00; elija esa o una posterior."


@pytest.mark.parametrize(("date", "zone", "instant"), [
    ("2026-09-06", SANTIAGO, "2026-09-06 04:00"), ("2026-04-05", SANTIAGO, "2026-04-05 04:00"),
    ("2026-04-04", SANTIAGO, "2026-04-04 03:00"), ("2026-07-15", BUENOS_AIRES, "2026-07-15 03:00"),
    ("2025-11-02", "America/Havana", "2025-11-02 04:00"),     # 00:00 twice: the day begins the first time
])
def test_a_day_begins(date: str, zone: str, instant: str) -> None:
    assert day_start(dt.date.fromisoformat(date), zone) == utc(instant)


def test_the_true_length_of_a_night_with_a_change() -> None:
    zone = zoneinfo.ZoneInfo(SANTIAGO)
    start, end = wall("2026-04-04 22:30").replace(tzinfo=zone), wall("2026-04-05 00:30").replace(tzinfo=zone)
    assert end - start == dt.timedelta(hours=2)               # what Python says, and why `elapsed` exists
    assert elapsed(start, end) == dt.timedelta(hours=3)


def test_the_minute_of_the_deadline_is_in_time() -> None:
    due = resolve(wall("2026-04-04 23:59"), SANTIAGO)
    assert not deadline_passed(utc("2026-04-05 03:59:59.999999"), due)
    assert deadline_passed(utc("2026-04-05 04:00"), due)
    second_time = wall("2026-04-04 23:59").replace(tzinfo=zoneinfo.ZoneInfo(SANTIAGO), fold=1)
    assert not deadline_passed(second_time, due)


def test_an_instant_without_a_zone_and_a_wall_time_with_one_are_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        deadline_passed(wall("2026-04-05 04:00"), utc("2026-04-05 04:00"))
    with pytest.raises(ValueError, match="carries no zone"):
        resolve(utc("2026-04-05 04:00"), SANTIAGO)


@pytest.mark.parametrize(("instant", "zone", "hour"), [
    *(("2026-07-15 22:00", zone, hour) for zone, hour in [
        (SANTIAGO, "18:00"), ("America/Punta_Arenas", "19:00"), ("America/Coyhaique", "19:00"), (BUENOS_AIRES, "19:00"),
        ("America/Sao_Paulo", "19:00"), ("America/Montevideo", "19:00"), ("America/La_Paz", "18:00"),
        ("America/Caracas", "18:00"), ("America/Havana", "18:00"), ("America/Lima", "17:00"),
        ("America/Bogota", "17:00"), ("America/Mexico_City", "16:00"), ("America/Guatemala", "16:00"),
        (EASTER, "16:00")]),
    ("2027-01-15 22:00", SANTIAGO, "19:00"), ("2027-01-15 22:00", BUENOS_AIRES, "19:00"),
    ("2027-01-15 22:00", EASTER, "17:00"),
])
def test_one_instant_in_many_places(instant: str, zone: str, hour: str) -> None:
    assert two_sides(utc(instant), zone, zone) == ((hour, ZONES[zone]),)


@pytest.mark.parametrize(("change", "before", "after"), [
    ("2026-04-05 03:00", -3, -4), ("2026-09-06 04:00", -4, -3), ("2027-04-04 03:00", -3, -4),
    ("2027-09-05 04:00", -4, -3), ("2028-04-02 03:00", -3, -4), ("2028-09-03 04:00", -4, -3),
    ("2029-04-08 03:00", -3, -4), ("2029-09-02 04:00", -4, -3)])
def test_changes_of_the_clocks_of_santiago(change: str, before: int, after: int) -> None:
    zone = zoneinfo.ZoneInfo(SANTIAGO)
    assert (utc(change) - dt.timedelta(seconds=1)).astimezone(zone).utcoffset() == dt.timedelta(hours=before)
    assert utc(change).astimezone(zone).utcoffset() == dt.timedelta(hours=after)


def test_two_sides() -> None:
    assert two_sides(utc("2027-07-17 02:00"), SANTIAGO, BUENOS_AIRES) == (("22:00", "Chile"), ("23:00", "su hora"))
    assert two_sides(utc("2027-01-17 02:00"), SANTIAGO, BUENOS_AIRES) == (("23:00", "Chile"),)
    assert two_sides(utc("2027-07-17 03:59"), SANTIAGO, BUENOS_AIRES) == (
        ("23:59", "Chile"), ("00:59", "su hora, sábado 17"))


def test_places() -> None:
    assert [ZONES[zone] for zone in (SANTIAGO, "America/Coyhaique", "America/Punta_Arenas", EASTER)] == [
        "Chile", "Aysén", "Magallanes", "Rapa Nui"]
    argentine = [zone for zone in zoneinfo.available_timezones() if zone.startswith("America/Argentina/")]
    assert len(argentine) == 13
    assert {place(zone) for zone in argentine} == {"Argentina"}
    assert place("America/New_York") == "New York"
    assert len(set(ZONES.values())) == len(ZONES)


def test_zones_come_from_the_pinned_package() -> None:
    assert zoneinfo.TZPATH == ()
    assert TZDATA >= "2025b"                                  # the first with America/Coyhaique
    for zone in ZONES:
        zoneinfo.ZoneInfo(zone)


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2037, 12, 31)), st.sampled_from(sorted(ZONES)))
def test_resolve_there_and_back(local: dt.datetime, zone: str) -> None:
    try:
        instant = resolve(local, zone)
    except NoSuchTime as refusal:
        assert refusal.first_valid > local
        instant, local = resolve(refusal.first_valid, zone), refusal.first_valid
    assert instant.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) == local
    earlier = local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).astimezone(dt.UTC)
    assert (earlier < instant) is is_ambiguous(local, zone)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2037, 12, 31)), st.sampled_from(sorted(ZONES)))
def test_days_follow_each_other(date: dt.date, zone: str) -> None:
    length = day_start(date + dt.timedelta(days=1), zone) - day_start(date, zone)
    assert dt.timedelta(hours=22) < length < dt.timedelta(hours=26)
    assert day_start(date, zone).astimezone(zoneinfo.ZoneInfo(zone)).date() == date
