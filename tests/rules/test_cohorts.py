"""Dates of a cohort on the edges of the clock, locks that say why, and the verdict on every row of a roster."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from lms.catalogue.rules import Step
from lms.cohorts import columns, roster
from lms.cohorts.rules import (
    BadDate,
    Locked,
    MoreTime,
    Need,
    Window,
    calendar,
    circle,
    disorder,
    instant,
    lock,
    merged,
    need,
    written,
)
from lms.cohorts.verdicts import ALREADY, KNOWN, NEW, REFUSED, RETURNS, Heads, Known, judge, wanted_documents
from lms.foundation.spreadsheet import Row, Table, Unreadable
from lms.people.names import Name
from lms.people.queries import Account, InstitutionView
from tests.programme import PROGRAMME

SANTIAGO, EASTER, QUILMES = "America/Santiago", "Pacific/Easter", "America/Argentina/Buenos_Aires"
START = date(2026, 4, 1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Dates ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("spec, zone, expected", [      # domain reference, §4.2
    ("2026-04-04 22:59", SANTIAGO, "2026-04-05T01:59"),
    ("2026-04-04 23:59", SANTIAGO, "2026-04-05T03:59"),         # twice: the later, in favour of who hands in
    ("2026-04-04 23:00", SANTIAGO, "2026-04-05T03:00"),
    ("2026-04-05 00:00", SANTIAGO, "2026-04-05T04:00"),
    ("2026-09-05 23:59", SANTIAGO, "2026-09-06T03:59"),
    ("2027-04-03 23:59", SANTIAGO, "2027-04-04T03:59"),
    ("2026-04-04 21:30", EASTER, "2026-04-05T03:30"),
    ("2026-04-04 23:59", "America/Coyhaique", "2026-04-05T02:59"),
    ("2026-04-04 23:59", "America/Punta_Arenas", "2026-04-05T02:59"),
    ("2026-04-04 23:59", QUILMES, "2026-04-05T02:59"),
    ("+3 23:59", SANTIAGO, "2026-04-05T03:59"),                 # three days after the start is that very night
    ("+158 01:00", SANTIAGO, "2026-09-06T04:00"),               # the first minute of a day that begins at 01:00
])
def test_a_date_is_one_instant_in_its_zone(spec, zone, expected):
    assert instant(spec, START, zone) == utc(expected)


@pytest.mark.parametrize("spec, zone, first", [
    ("2026-09-06 00:00", SANTIAGO, "01:00"), ("2026-09-06 00:59", SANTIAGO, "01:00"), ("2027-09-05 00:15", SANTIAGO,
                                                                                       "01:00"),
    ("2026-09-05 22:30", EASTER, "23:00"), ("+158 00:30", SANTIAGO, "01:00")])
def test_a_time_that_the_clocks_skip_is_refused_with_the_first_one_that_exists(spec, zone, first):
    with pytest.raises(BadDate, match=f"no existe.*válida es {first}"):
        instant(spec, START, zone)


@pytest.mark.parametrize("spec, words", [
    ("2026-02-30 23:00", "30-02-2026 no existe"), ("2026-13-01 23:00", "no existe"), ("+28 24:00", "hora"),
    ("2026-04-07", "no se entiende"), ("mañana", "no se entiende"), ("+28", "no se entiende"), ("-3 10:00",
                                                                                                "no se entiende")])
def test_a_date_that_can_not_be_says_what_to_write(spec, words):
    with pytest.raises(BadDate, match=words) as refused:
        instant(spec, START, SANTIAGO)
    assert refused.value.remedy


def test_the_calendar_takes_the_programmes_days_from_the_start():
    windows = calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO)
    assert windows["G1"].opens_at == utc("2027-04-05T12:00")
    assert windows["G1"].task_due == utc("2027-05-04T03:00")
    assert windows["G2"].after == Need("G1", "quiz", 60)
    assert list(windows) == ["G1", "G2"]


def test_a_cohort_changes_a_date_takes_one_away_and_leaves_the_rest():
    windows = calendar(PROGRAMME, date(2027, 4, 5), QUILMES,
                       [Step("G2", opens="2027-05-10 09:00", task_due="", after="")])
    assert windows["G2"].opens_at == utc("2027-05-10T12:00")
    assert windows["G2"].task_due is None and windows["G2"].after is None
    assert windows["G2"].quiz_due == calendar(PROGRAMME, date(2027, 4, 5), QUILMES)["G2"].quiz_due


def test_a_moved_start_that_lands_in_skipped_time_takes_the_first_minute():
    changed = [Step("G1", opens="+158 00:30")]
    assert calendar(PROGRAMME, START, SANTIAGO, changed)["G1"].opens_at == utc("2026-09-06T04:00")


def test_more_time_is_one_persons_and_the_last_given_counts():
    common = calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO)["G1"]
    given = [MoreTime("G1", "quiz", "2027-05-20 23:00"), MoreTime("G1", "quiz", "2027-05-10 23:00")]
    theirs = calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO, (), given)["G1"]
    assert theirs.quiz_due == utc("2027-05-11T03:00") and theirs.extended == ("quiz",)
    assert theirs.task_due == common.task_due
    assert calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO)["G1"] == common


def test_more_time_never_shortens():
    theirs = calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO, (), [MoreTime("G1", "quiz", "2027-04-10 23:00")])["G1"]
    assert theirs == calendar(PROGRAMME, date(2027, 4, 5), SANTIAGO)["G1"]


def test_days_are_written_as_they_should_move():
    wall = datetime(2027, 5, 3, 23, 0)
    assert written(wall, date(2027, 4, 5), moving=True) == "+28 23:00"
    assert written(wall, date(2027, 4, 5), moving=False) == "2027-05-03 23:00"
    assert written(wall, date(2027, 6, 1), moving=True) == "2027-05-03 23:00"      # before the start: stays


def test_conditions_are_read_and_a_circle_is_found():
    assert need("G1.quiz>=60") == Need("G1", "quiz", 60) and need("G1") == Need("G1", "quiz", 60)
    for wrong in ("G1.quiz>=0", "G1.quiz>=101", "G1.tarea>=60", ""):
        with pytest.raises(BadDate):
            need(wrong)
    steps = {c: Step(c, after=f"{w}.quiz>=60") for c, w in (("A", "B"), ("B", "C"), ("C", "A"))}
    assert circle(steps) == ("A", "B", "C", "A")
    assert circle({**steps, "C": Step("C")}) == ()


def test_a_condition_that_nobody_could_meet_is_no_condition():
    without = replace(PROGRAMME, modules=(replace(PROGRAMME.modules[0], quiz=None), PROGRAMME.modules[1]))
    assert merged(without, ())["G2"].after is None


def test_a_due_date_before_the_opening_is_told():
    assert disorder(Step("G1", "+10 08:00", "+9 23:00"), START, SANTIAGO)
    assert disorder(Step("G1", "+10 08:00", "+11 23:00", "+5 23:00"), START, SANTIAGO)
    assert not disorder(Step("G1", "+10 08:00", None, "+11 23:00"), START, SANTIAGO)


# Locks ---------------------------------------------------------------------------------------------------------------

NOW = utc("2027-04-20T15:00")
WINDOW = Window("G2", NOW + timedelta(days=6), after=Need("G1", "quiz", 60))


@pytest.mark.parametrize("now, shares, expected", [
    (NOW, {}, Locked(WINDOW.opens_at, WINDOW.after)),                           # both reasons, both told
    (NOW, {"G1": Fraction(6, 10)}, Locked(WINDOW.opens_at, None)),
    (NOW + timedelta(days=6), {"G1": Fraction(59, 100)}, Locked(None, WINDOW.after)),
    (NOW + timedelta(days=6), {"G1": Fraction(6, 10)}, None),                   # from that instant on, exactly 60 %
])
def test_a_locked_module_says_every_reason(now, shares, expected):
    assert lock(WINDOW, now, shares) == expected


def test_a_module_without_date_or_condition_is_open():
    assert lock(Window("G1"), NOW, {}) is None and lock(None, NOW, {}) is None


# The columns of a roster ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("header", [
    ("Nombres", "Apellido Paterno", "Apellido Materno", "Correo electrónico"),
    ("NOMBRE(S)*", "PRIMER APELLIDO", "SEGUNDO APELLIDO", "E-Mail"),
    ("first_name", "last_name", "", "Email Address"),
    ("Nome", "Sobrenome", "", "e-mail institucional"),
    ("nombres (como en la cédula)", "ApellidoPaterno", "ApellidoMaterno", "mail")])
def test_the_usual_headings_are_recognised(header):
    found = columns.recognise(header)
    assert (found.place["given"], found.place["surname1"], found.place["email"]) == (0, 1, 3)


def test_what_is_missing_is_told_at_once_with_what_was_read():
    with pytest.raises(Unreadable) as told:
        columns.recognise(("Municipio", "Nombres", "Teléfono"))
    assert told.value.message == "Faltan: Correo electrónico, Primer apellido." and "«Teléfono»" in told.value.remedy


def test_a_whole_name_in_one_column_is_not_split():
    with pytest.raises(Unreadable, match="no se puede dividir"):
        columns.recognise(("Nombre completo", "Correo"))


def test_roles_passwords_and_parties_are_told_and_left():
    found = columns.recognise(("Nombres", "Apellidos", "Correo", "Rol", "is_admin", "Clave", "Partido político",
                               "Color"))
    assert dict(found.ignored) == {
        "Rol": "Los papeles no se dan por planilla.", "is_admin": "Los papeles no se dan por planilla.",
        "Clave": "Las claves no se importan: cada persona crea la suya.",
        "Partido político": "Dato sensible: no se guarda.", "Color": ""}
    assert found.single_surname


# The verdict on a row ------------------------------------------------------------------------------------------------

HEADER = ("Nombres", "Apellido paterno", "Apellido materno", "Correo", "RUN", "DNI", "Pasaporte", "País", "Municipio",
          "Cargo", "Fecha de nacimiento")
GOOD = {"Nombres": "María Elena", "Apellido paterno": "Núñez", "Apellido materno": "Ibáñez",
        "Correo": "maria@example.org",
        "RUN": "14.567.890-0", "Municipio": "Pucón", "Cargo": "Concejala"}
PUCON = InstitutionView(4, "municipality", "Municipalidad de Pucón", "Pucón", "CL", "")
ANA = Account(1, "ana@example.org", Name("Ana", "Pérez", "Soto"), frozenset({("cl_run", "CL", "125319092")}), False)
OLGA = Account(6, "olga@example.org", Name("Olga", "Ibáñez", "Vera"), frozenset(), True)


def verdicts(*rows, known=None, country="CL"):
    table = Table(HEADER, tuple(Row(n, tuple(row.get(h, "") for h in HEADER)) for n, row in enumerate(rows, 2)), "",
                  "", "csv")
    found = columns.recognise(HEADER)
    entries = roster.read(table, found, country)
    return judge(entries, known or Known((ANA, OLGA), {}, (PUCON,)), Heads("Correo", "RUN"), country)


def one(known=None, country="CL", **changed):
    return verdicts({**GOOD, **changed}, known=known, country=country)[0]


def test_a_good_row_is_a_new_person():
    verdict = one()
    assert (verdict.outcome, verdict.remarks, verdict.institution_id) == (NEW, (), 4)
    assert verdict.entry.document == ("cl_run", "CL", "145678900")
    assert verdict.entry.name == Name("María Elena", "Núñez", "Ibáñez")


@pytest.mark.parametrize("changed, column, words", [
    ({"RUN": "12.531.909-3"}, "RUN", "sería 2"),
    ({"RUN": "1253190A-2"}, "RUN", "solo lleva números"),
    ({"RUN": "", "DNI": "123"}, "DNI", "siete u ocho"),
    ({"RUN": "", "Pasaporte": "AB1234567"}, "Pasaporte", "país"),
    ({"Correo": ""}, "Correo", "Falta"),
    ({"Correo": "maria@castro"}, "Correo", "completa"),
    ({"Correo": "maria.example.org"}, "Correo", "arroba"),
    ({"Correo": "maria@example.org, otra@example.org"}, "Correo", "completa"),
    ({"Nombres": ""}, "Nombres", "Falta"),
    ({"Apellido paterno": ""}, "Apellido paterno", "Falta"),
    ({"Apellido paterno": "Mu�oz"}, "Apellido paterno", "se perdió"),
    ({"Apellido paterno": "Mu?oz"}, "Apellido paterno", "interrogación"),
    ({"Apellido paterno": "MuÃ±oz"}, "Apellido paterno", "«Muñoz»"),
    ({"Nombres": "MarÃ\xada"}, "Nombres", "«María»"),
    ({"Nombres": "=HYPERLINK(1)"}, "Nombres", "signo"),
    ({"Nombres": "<b>Ana</b>"}, "Nombres", "signo"),
    ({"Nombres": "Pérez, Ana"}, "Nombres", "coma"),
    ({"Nombres": "Ana\u202e"}, "Nombres", "invisible"),
    ({"Nombres": "A" * 121}, "Nombres", "120 letras"),
    ({"Fecha de nacimiento": "31-02-1975"}, "Fecha de nacimiento", "El 31 de febrero de 1975 no existe"),
    ({"Fecha de nacimiento": "1975-02-29"}, "Fecha de nacimiento", "no existe"),
    ({"Fecha de nacimiento": "02/13/75"}, "Fecha de nacimiento", "mes 13"),
    ({"Fecha de nacimiento": "hace mucho"}, "Fecha de nacimiento", "No se entiende"),
])
def test_a_wrong_cell_refuses_the_row_with_its_place_and_remedy(changed, column, words):
    verdict = one(**changed)
    assert verdict.outcome == REFUSED
    assert any(r.column == column and words in r.message for r in verdict.faults), verdict.faults
    assert verdict.entry.row == 2


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    assert len(one(RUN="12.531.909-3", Correo="x", Nombres="", **{"Fecha de nacimiento": "31-02-1975"}).faults) == 4


@pytest.mark.parametrize("day", ["28-02-1975", "28/02/75", "1975-02-28", "1975-02-28 00:00:00", "29.02.2000",
                                 "28 de febrero de 1975", ""])
def test_dates_as_spreadsheets_write_them_pass(day):
    assert one(**{"Fecha de nacimiento": day}).outcome == NEW


def test_a_name_in_capitals_is_taken_and_its_suggestion_told():
    verdict = one(Nombres="MARÍA DE LA CRUZ", **{"Apellido paterno": "DEL RÍO", "Apellido materno": "ÑANCO"})
    assert verdict.outcome == NEW
    assert verdict.entry.better == Name("María de la Cruz", "Del Río", "Ñanco")
    assert "María de la Cruz Del Río Ñanco" in verdict.notices[0].message
    assert verdict.entry.name.given == "MARÍA DE LA CRUZ"


def test_an_existing_person_is_known_by_document_first():
    verdict = one(Nombres="Ana", RUN="12531909-2", Correo="ana.perez@otro.example", **{"Apellido paterno": "Pérez"})
    assert (verdict.outcome, verdict.person_id) == (KNOWN, ANA.id)
    assert "otro correo" in verdict.notices[0].message


def test_an_existing_person_is_known_by_address():
    verdict = one(Nombres="ana", RUN="", Correo=" ANA@example.org",
                  **{"Apellido paterno": "perez", "Apellido materno": ""})
    assert (verdict.outcome, verdict.person_id) == (KNOWN, ANA.id)


@pytest.mark.parametrize("changed, words", [
    ({"RUN": "12531909-2"}, "ya es de otra cuenta"),                            # her document under a stranger's name
    ({"RUN": "", "Correo": "ana@example.org"}, "Ese correo es de Pérez Soto, Ana"),
    ({"Nombres": "Ana", "Apellido paterno": "Pérez", "Correo": "ana@example.org"}, "con otro RUN"),
])
def test_what_belongs_to_someone_else_is_refused(changed, words):
    verdict = one(**changed)
    assert verdict.outcome == REFUSED and words in verdict.faults[0].message


def test_document_and_address_of_two_people_are_refused():
    beto = Account(2, "beto@example.org", Name("Alberto", "Giménez"), frozenset(), False)
    verdict = one(Known((ANA, beto)), RUN="12531909-2", Correo="beto@example.org")
    assert verdict.outcome == REFUSED and "El documento es de" in verdict.faults[0].message


def test_a_cuil_finds_the_dni_inside():
    beto = Account(2, "beto@example.org", Name("Alberto", "Giménez"), frozenset({("ar_dni", "AR", "5536168")}), False)
    entries = roster.read(Table(("Nombres", "Apellido", "Correo", "CUIL"), (Row(2, (
        "Alberto", "Giménez", "a@example.org", "20-05536168-2")),), "", "", "csv"),
        found := columns.recognise(("Nombres", "Apellido", "Correo", "CUIL")), "AR")
    assert ("ar_dni", "AR", "5536168") in wanted_documents(entries)
    assert judge(entries, Known((beto,)), Heads("Correo", "CUIL"),
                 "AR")[0].outcome == KNOWN and found.place["ar_cuil"] == 3


@pytest.mark.parametrize("email", ["olga@example.org", "OLGA@EXAMPLE.ORG", "ｏｌｇａ@example.org", "оlga@example.org"])
def test_an_account_of_the_staff_is_left_to_a_hand(email):
    verdict = one(RUN="", Correo=email, Nombres="Olga", **{"Apellido paterno": "Ibáñez"})
    assert verdict.outcome == REFUSED and "papel de trabajo" in verdict.faults[0].message


def test_an_address_that_looks_like_anothers_is_refused():
    verdict = one(RUN="", Correo="аna@example.org")                             # a Cyrillic а
    assert verdict.outcome == REFUSED and "Se confunde" in verdict.faults[0].message


@pytest.mark.parametrize("out, outcome", [(None, ALREADY), ("", RETURNS), ("Dejó el cargo", REFUSED)])
def test_who_is_or_was_in_the_cohort(out, outcome):
    verdict = one(Known((ANA,), {1: out}), Nombres="Ana", RUN="12531909-2", Correo="ana@example.org",
                  **{"Apellido paterno": "Pérez"})
    assert verdict.outcome == outcome
    assert not out or out in verdict.faults[0].message


def test_two_people_with_one_address_name_each_others_row():
    both = verdicts(GOOD, {**GOOD, "Nombres": "Luis", "RUN": "5200100-5"})
    assert [v.outcome for v in both] == [REFUSED, REFUSED]
    assert ["fila 3" in both[0].faults[0].message, "fila 2" in both[1].faults[0].message] == [True, True]


def test_two_addresses_with_one_document_name_each_others_row():
    both = verdicts(GOOD, {**GOOD, "Correo": "otra@example.org"})
    assert [v.outcome for v in both] == [REFUSED, REFUSED] and "mismo documento" in both[0].faults[0].message


def test_of_equal_rows_the_first_is_taken():
    both = verdicts(GOOD, GOOD, {**GOOD, "Cargo": "Otra"})
    assert [v.outcome for v in both] == [NEW, REFUSED, REFUSED]
    assert [len(v.faults) for v in both] == [0, 1, 1] and "Repite la fila 2" in both[1].faults[0].message


def test_two_rows_of_one_account_are_one_person():
    row = {**GOOD, "Nombres": "Ana", "Apellido paterno": "Pérez"}
    both = verdicts({**row, "RUN": "12531909-2", "Correo": "nueva@example.org"},
                    {**row, "RUN": "", "Correo": "ana@example.org"})
    assert [v.outcome for v in both] == [KNOWN, REFUSED] and "misma persona que la fila 2" in both[1].faults[0].message


@pytest.mark.parametrize("place, institution_id, new", [
    ("Pucón", 4, ""), ("PUCON", 4, ""), ("Ilustre Municipalidad de Pucón", 4, ""), ("I. Municipalidad de Pucón", 4, ""),
    ("Lebu", None, "Municipalidad de Lebu"), ("Universidad de Lebu", None, "Universidad de Lebu"), ("", None, "")])
def test_an_institution_is_found_however_it_is_written(place, institution_id, new):
    verdict = one(Municipio=place, Cargo="")
    assert (verdict.institution_id, verdict.new_institution) == (institution_id, new)


def test_two_spellings_of_a_new_institution_are_one():
    both = verdicts({**GOOD, "Municipio": "Lebu"}, {**GOOD, "Correo": "b@example.org", "RUN": "",
                                                    "Municipio": "Municipalidad de LEBU"})
    assert {v.new_institution for v in both} == {"Municipalidad de Lebu"}


def test_a_municipality_of_the_other_country_is_another():
    assert one(Known((), {}, (replace(PUCON, country="AR", name="Municipalidad de Púcon del Plata",
                                      short_name="Pucón"),)),
               Municipio="Pucón").institution_id is None


def test_a_row_with_more_cells_than_the_heading_is_refused():
    table = Table(("Nombres", "Apellido", "Correo"), (Row(2, ("Ana", "Vidal", "v@example.org"), ("x",)),), "", "",
                  "csv")
    entries = roster.read(table, columns.recognise(table.header), "CL")
    assert not entries[0].good and "derecha" in entries[0].remarks[0].message


@pytest.mark.parametrize("kind, number, country, document", [
    ("RUN", "7.654.321-6", "", ("cl_run", "CL", "76543216")), ("dni", "20.123.456", "", ("ar_dni", "AR", "20123456")),
    ("Pasaporte", "ab 123456", "Uruguay", ("passport", "UY", "AB123456")), ("", "7654321-6", "",
                                                                            ("cl_run", "CL", "76543216")),
    ("", "20123456", "Argentina", ("ar_dni", "AR", "20123456")), ("", "20-05536168-2", "AR",
                                                                  ("ar_cuil", "AR", "20055361682")),
    ("", "1.234.567-8", "Uruguay", ("other", "UY", "12345678"))])
def test_a_document_is_taken_for_what_is_said_or_for_its_countrys(kind, number, country, document):
    header = ("Nombres", "Apellido", "Correo", "Tipo de documento", "N° documento", "País")
    table = Table(header, (Row(2, ("Ana", "Vidal", "v@example.org", kind, number, country)),), "", "", "csv")
    assert roster.read(table, columns.recognise(header), "CL")[0].document == document


def test_a_run_with_its_check_digit_in_a_column_apart():
    header = ("Nombres", "Apellido", "Correo", "RUT", "DV")
    table = Table(header, (Row(2, ("Ana", "Vidal", "v@example.org", "20347878", "K")),), "", "", "csv")
    assert roster.read(table, columns.recognise(header), "CL")[0].document == ("cl_run", "CL", "20347878K")
