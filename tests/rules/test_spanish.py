"""Spanish in words: what papers say of grades, dates, bodies and programmes."""

from datetime import date
from decimal import Decimal

import pytest

from lms.foundation.spanish import decimal_words, listed, long_date, number_words, of_the, period, with_article


@pytest.mark.parametrize(("figures", "words"), [
    ("5,8", "cinco coma ocho"), ("7,0", "siete coma cero"), ("4.0", "cuatro coma cero"), ("10", "diez"), (8, "ocho"),
    (Decimal("6.05"), "seis coma cero cinco"), (Decimal("1"), "uno"), ("10,0", "diez coma cero"),
    ("5,75", "cinco coma setenta y cinco"), ("6,00", "seis coma cero cero"),
])
def test_a_grade_is_read_as_it_is_written(figures: str | Decimal | int, words: str) -> None:
    assert decimal_words(figures) == words


@pytest.mark.parametrize("figures", ["", "-1", "5,", "5,8,1", "cinco", "NaN", "1e3", "٥"])
def test_what_is_not_a_grade_has_no_words(figures: str) -> None:
    with pytest.raises(ValueError):
        decimal_words(figures)


@pytest.mark.parametrize(("number", "words"), [
    (0, "cero"), (16, "dieciséis"), (22, "veintidós"), (30, "treinta"), (31, "treinta y uno"), (100, "cien"),
    (101, "ciento uno"), (270, "doscientos setenta"), (999, "novecientos noventa y nueve"),
])
def test_numbers(number: int, words: str) -> None:
    assert number_words(number) == words


def test_dates_have_their_month_in_words() -> None:
    assert long_date(date(2027, 12, 10)) == "10 de diciembre de 2027"
    assert long_date(date(2027, 5, 1)) == "1 de mayo de 2027"


def test_a_period_says_what_is_shared_once() -> None:
    end = date(2027, 11, 27)
    assert period(date(2027, 4, 7), end) == "entre el 7 de abril y el 27 de noviembre de 2027"
    assert period(date(2027, 11, 5), end) == "entre el 5 y el 27 de noviembre de 2027"
    assert period(date(2026, 11, 5), end) == "entre el 5 de noviembre de 2026 y el 27 de noviembre de 2027"
    assert period(end, end) == "el 27 de noviembre de 2027"
    with pytest.raises(ValueError):
        period(end, date(2027, 4, 7))


def test_lists_end_in_y_or_e() -> None:
    assert listed([]) == ""
    assert listed(["Ana"]) == "Ana"
    assert listed(["Ana", "Beto", "Coral"]) == "Ana, Beto y Coral"
    assert listed(["Ana", "Iván"]) == "Ana e Iván"
    assert listed(["agua", "hielo"]) == "agua y hielo"


@pytest.mark.parametrize("noun", [
    "Universidad Nacional", "Escuela de Gobierno", "Federación de Ciudades", "Red de Ríos", "Asociación Chilena",
    "Diplomatura en Redes", "Unión de Ciudades", "Facultad de Artes"])
def test_feminine(noun: str) -> None:
    assert with_article(noun) == f"la {noun}"
    assert of_the(noun) == f"de la {noun}"


@pytest.mark.parametrize("noun", ["Diplomado en Redes", "Instituto Nacional", "Programa de Redes", "Centro Ñ"])
def test_masculine(noun: str) -> None:
    assert with_article(noun) == f"el {noun}"
    assert of_the(noun) == f"del {noun}"
