"""The sheet of a journey, the calendar of stays and the sums: amounts as people write them, what is missing, what collides."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction as F

import pytest

from lms.cohorts.rules import Window
from lms.foundation.engagements import Engagement
from lms.foundation.spreadsheet import write_csv
from lms.internships import summing, travel, where
from lms.internships.hours import Entry, Signed
from lms.internships.plans import Activity, Plan
from lms.internships.queries import ClosedPlacement, PlacementView, Record
from lms.internships.record import Happened, PaperView
from lms.internships.rules import Facts
from lms.internships.travel import BadAmount, Cost, Gift, Journey, amount, totals, written
from lms.internships.where import Month, Stay
from tests.programme import PROGRAMME

THEN = datetime(2027, 5, 1, tzinfo=UTC)


# Amounts --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "currency", "value"), [
    ("450000", "CLP", F(450000)), ("450.000", "CLP", F(450000)), ("$ 1.250.000", "CLP", F(1250000)), ("450 000", "CLP", F(450000)),
    ("1.250.000,00", "CLP", F(1250000)), ("312,50", "USD", F(625, 2)), ("312.50", "USD", F(625, 2)), ("US$312,5", "USD", F(625, 2)),
    ("1.250,50", "USD", F(2501, 2)), ("1,250.50", "USD", F(2501, 2)), ("1,250,000", "ARS", F(1250000)), ("12", "PYG", F(12))])
def test_an_amount_is_read_as_it_is_written_here(text, currency, value):
    assert amount(text, currency) == value


@pytest.mark.parametrize(("text", "currency", "why"), [
    ("450,000", "CLP", "dos maneras"), ("1,250", "USD", "Escribir 1250"), ("12,5", "CLP", "sin decimales"), ("1,555", "EUR", "dos maneras"),
    ("0", "CLP", "mayor que cero"), ("-5", "CLP", "en cifras"), ("mil", "CLP", "en cifras"), ("", "CLP", "en cifras"), ("0.500", "USD", "en cifras"),
    ("1.2.3", "USD", "en cifras"), ("1e9", "USD", "en cifras"), ("999999999999999", "ARS", "demasiado grande"), ("٤٥٠", "CLP", "en cifras"),
    ("1.25,000", "USD", "en cifras"), ("NaN", "USD", "en cifras")])
def test_what_reads_two_ways_or_not_at_all_is_refused_by_name(text, currency, why):
    with pytest.raises(BadAmount, match=why):
        amount(text, currency)


@pytest.mark.parametrize(("value", "currency", "shown", "plain"), [
    (F(450000), "CLP", "450.000", "450000"), (F(2501, 2), "USD", "1.250,50", "1250,50"), (F(7), "USD", "7", "7"), (F(1, 4), "EUR", "0,25", "0,25")])
def test_an_amount_is_written_as_here(value, currency, shown, plain):
    assert (written(value, currency), written(value, currency, grouped=False)) == (shown, plain)
    assert amount(shown, currency) == value


def cost(n: int = 1, value: F = F(1000), currency: str = "CLP", payer: str = "municipality", note: str = "") -> Cost:
    return Cost(n, "Pasajes", value, currency, payer, note)


def test_currencies_are_never_added_to_each_other():
    found = totals([cost(1), cost(2, F(5, 2), "USD", "host"), cost(3, F(500), "CLP", "own"), cost(4, F(1), "CLP")])
    assert found == [("CLP", {"municipality": F(1001), "own": F(500)}, F(1501)), ("USD", {"host": F(5, 2)}, F(5, 2))]


# What is missing ------------------------------------------------------------------------------------------------------

ABROAD = Facts(date(2027, 5, 3), date(2027, 5, 7), "AR", authority=True)


def paper(kind: str, number: str = "7", on: date | None = date(2027, 4, 20)) -> PaperView:
    return PaperView(1, THEN, None, kind, "Concejo Municipal", number, on, None, None, "", "", "")


PLAN = Plan("Describir", ("Explica",), (Activity("Recorrer", "2027-05-03", "2027-05-04", "5/2"),))
ALL = [paper("invitation"), paper("council"), paper("decree")]


def lacks(facts: Facts = ABROAD, papers=(), plan: Plan = PLAN, costs=None) -> str:
    return " ".join(travel.missing(facts, papers, plan, [cost()] if costs is None else costs))


def test_what_a_complete_sheet_has_is_not_missing():
    assert lacks(Facts(**(vars(ABROAD) | {"council": (date(2027, 4, 20),)})), ALL) == ""


@pytest.mark.parametrize(("words", "said"), [
    ("Acuerdo del concejo: todavía no hay, y la pasantía sale del país", {}), ("Decreto", {}), ("Carta de invitación", {}),
    ("Objeto del viaje", {"plan": Plan()}), ("Programa de actividades", {"plan": Plan()}), ("Costo total y quién lo pagó", {"costs": ()}),
    ("es del 03-05-2027, y debe ser anterior", {"facts": Facts(**(vars(ABROAD) | {"council": (date(2027, 5, 3),)}))})])
def test_each_thing_that_is_missing_is_named(words, said):
    assert words in lacks(**said)


def test_who_is_no_authority_or_goes_nowhere_needs_no_council():
    for changed in ({"authority": False}, {"modality": "remote"}, {"country": "CL"}):
        assert "concejo" not in lacks(Facts(**(vars(ABROAD) | changed))), changed
    assert "dura más de 10 días" in lacks(Facts(**(vars(ABROAD) | {"country": "CL", "ends_on": date(2027, 5, 13)})))


def journey(**changed) -> Journey:
    said = {"person": "Ana Pérez Soto", "office": "Concejala, Municipalidad de Pucón", "programme": "Diplomado", "cohort": "CL-2027",
            "host": "Municipio de Vado Largo (ficticio)", "area": "Tránsito", "city": "Vado Largo", "country": "Argentina",
            "starts_on": date(2027, 5, 3), "ends_on": date(2027, 5, 7), "modality": "Presencial", "state": "Autorizada",
            "supervisor": "Hilda Anfitriona, Directora", "plan": PLAN, "papers": tuple(ALL), "costs": (cost(), cost(2, F(625, 2), "USD", "host")),
            "gifts": (Gift(1, "Un libro", date(2027, 5, 7), "Cierre", "Intendencia"),), "missing": (), "day": date(2027, 5, 10)}
    return Journey(**(said | changed))


def test_the_table_of_a_journey_says_every_fact_once_and_computes_nothing():
    told = journey(missing=("Carta de invitación: todavía no hay.",), area="=1+1", costs=(cost(note="@SUM(A1)"), cost(2, F(625, 2), "USD", "host")))
    text = write_csv(travel.HEADER, travel.lines(told)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert {len(row) for row in rows} == {len(travel.HEADER)}
    said = {tuple(row[:2]): row for row in rows}
    assert said["Costos", "Pasajes"][4:] == ["312,50", "USD", "Institución anfitriona"]
    assert said["Regalos", "Un libro"][2:4] == ["Cierre. De: Intendencia", "07-05-2027"]
    assert said["Documentos", "Acuerdo del concejo"][2].startswith("N.º 7, del 20-04-2027")
    assert ("Falta", "Carta de invitación: todavía no hay.") in said and "No es ese registro" in said["Nota", travel.NOTICE][1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "-"))]


# The calendar ---------------------------------------------------------------------------------------------------------

def stay(n: int = 1, person: int = 1, since: date = date(2027, 5, 3), until: date = date(2027, 5, 7), **changed) -> Stay:
    said = {"name": "Ana Pérez", "formal": "Pérez, Ana", "email": "ana@example.org", "host": f"Anfitriona {n}", "city": "Vado Largo", "country": "AR",
            "zone": "America/Argentina/Buenos_Aires", "modality": "site", "state": "authorised"}
    return Stay(n, 1, person, starts_on=since, ends_on=until, **(said | changed))


@pytest.mark.parametrize(("since", "until", "bar"), [
    (date(2027, 5, 3), date(2027, 5, 7), (20, 50)), (date(2027, 4, 20), date(2027, 5, 1), (0, 10)), (date(2027, 5, 31), date(2027, 7, 1), (300, 10)),
    (date(2027, 4, 1), date(2027, 6, 1), (0, 310))])
def test_a_bar_is_as_long_as_the_days_of_the_month(since, until, bar):
    assert Month(2027, 5).bar(stay(since=since, until=until)) == bar


def test_months_follow_each_other_and_nonsense_is_the_month_of_today():
    assert (str(Month(2027, 12).after), str(Month(2027, 1).before), Month(2028, 2).wide) == ("2028-01", "2026-12", 290)
    for text in ("", "2027-13", "2027-5", "9999-01", "hoy", "2027-05-01", "²⁰27-05"):
        assert Month.read(text, date(2027, 4, 20)) == Month(2027, 4), text
    assert Month.read("2027-11", date(2027, 4, 20)) == Month(2027, 11)


def due(at: datetime, done=(), **changed) -> list[where.Clash]:
    return where.deadlines(stay(**changed), PROGRAMME, {"G1": Window("G1", quiz_due=at)}, "America/Santiago", done)


def test_a_deadline_during_the_stay_is_told_in_both_wall_times():
    found, = due(datetime(2027, 5, 6, 3, 0, tzinfo=UTC))
    assert "el control de G1" in found.what and "el 05-05-2027 a las 23:00 h de Chile" in found.what and "00:00 h del 06-05-2027 allá" in found.what
    assert "prórroga" in found.remedy and found.day == date(2027, 5, 5)


def test_the_day_of_a_deadline_is_that_of_the_host():
    assert due(datetime(2027, 5, 3, 3, 1, tzinfo=UTC)) and not due(datetime(2027, 5, 3, 3, 0, tzinfo=UTC))        # midnight there ends the day before
    assert due(datetime(2027, 5, 8, 3, 0, tzinfo=UTC)) and not due(datetime(2027, 5, 8, 3, 1, tzinfo=UTC))


def test_what_is_handed_in_and_who_is_at_a_distance_collide_with_nothing():
    at = datetime(2027, 5, 5, 15, tzinfo=UTC)
    assert not due(at, [("G1", "quiz")]) and due(at, [("G1", "task"), ("G2", "quiz")]) and not due(at, modality="remote")


def test_two_stays_of_one_person_that_share_a_day_are_told_with_both_hosts():
    one, other = stay(1), stay(2, since=date(2027, 5, 7), until=date(2027, 5, 20))
    found, = where.overlapping([one, other, stay(3, person=2), stay(4, since=date(2027, 5, 21), until=date(2027, 5, 22))])
    assert "Anfitriona 1" in found.what and "Anfitriona 2" in found.what and found.day == date(2027, 5, 7)


@pytest.mark.parametrize(("online", "remedy"), [(True, "en línea"), (False, "Anular la inscripción")])
def test_a_session_of_a_seminar_during_the_stay_has_its_remedy(online, remedy):
    at = datetime(2027, 5, 4, 13, tzinfo=UTC)
    session = Engagement(1, "sesión «Apertura» del seminario «Tránsito»", at, at.replace(hour=15), "America/Santiago", online)
    found, = where.sessions(stay(), [session])
    assert remedy in found.remedy and "«Apertura»" in found.what
    assert not where.sessions(stay(person=2), [session]) and not where.sessions(stay(since=date(2027, 5, 5)), [session])


# The sums -------------------------------------------------------------------------------------------------------------

def closed(n: int, person: int, host: str, country: str, year: int, hours: F, credits: F) -> ClosedPlacement:
    return ClosedPlacement(n, person, host, country, "Vado Largo", date(year, 5, 3), date(year, 5, 7), hours, credits, Decimal(6), THEN)


def running(kinds: tuple[str, ...], signed: bool = True) -> tuple[PlacementView, Record]:
    view = PlacementView(9, None, None, 1, 3, 1, "UY", "Salto", "Tránsito", "site", "es", "America/Montevideo", date(2027, 5, 3), date(2027, 5, 7),
                         F(25), "", "", "", None, False, False, "", THEN, "Intendencia (ficticia)")
    entry = Entry(date(2027, 5, 3), "09:00", "11:30", 0, 1)
    return view, Record(events=[Happened(n, THEN, None, kind, "", "") for n, kind in enumerate(kinds)], entries=[entry],
                        signatures=[Signed(date(2027, 5, 3), frozenset([1]), signed)])


BEGUN = ("proposed", "plan_approved", "authorised", "in_progress")


def test_sums_keep_what_runs_apart_from_what_is_closed():
    told = summing.lines([closed(1, 1, "A", "AR", 2026, F(25), F(1)), closed(2, 2, "B", "AR", 2027, F(27, 2), F(1, 2)), closed(3, 1, "A", "AR", 2027, F(10), F(1, 3))],
                         [running(BEGUN), running(("proposed",)), running((*BEGUN[:3], "cancelled"))])
    country = {s.label: s for s in summing.by(told, "country")}
    assert (country["Argentina"].hours, country["Argentina"].credits, country["Argentina"].people, country["Argentina"].closed) == (F(97, 2), F(11, 6), 2, 3)
    assert (country["Uruguay"].hours, country["Uruguay"].running, country["Uruguay"].running_hours) == (0, 1, F(5, 2))
    assert [s.label for s in summing.by(told, "year")] == ["2026", "2027"] and [s.label for s in summing.by(told, "host")] == ["A", "B", "Intendencia (ficticia)"]
    whole = summing.overall(told)
    assert (whole.hours, whole.people) == (F(97, 2), 3)
    assert summing.table(told)[0] == [2026, "Argentina", "A", 1, 1, Decimal(25), Decimal(1), 0, Decimal(0)]
    assert [row[6] for row in summing.table(told)] == [Decimal(1), Decimal("0.33"), Decimal("0.50"), Decimal(0)]


def test_hours_nobody_signed_are_not_validated():
    assert summing.overall(summing.lines([], [running(BEGUN, signed=False)])).running_hours == 0
