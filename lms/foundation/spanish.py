"""Spanish as papers write it: numbers and dates in words, lists, articles. Pure, and no language is chosen here."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_TO_29 = ("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
          "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
          "veintisiete veintiocho veintinueve").split()
_TENS = "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_HUNDREDS = ("- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
             "novecientos").split()
# The ending decides the gender of an institution or a programme, but for these.
_FEMININE_ENDINGS = ("a", "dad", "tad", "ción", "sión", "nión", "gión")
_FEMININE, _MASCULINE = {"red", "sede", "base"}, {"programa", "sistema", "panorama", "poema"}


def number_words(number: int) -> str:
    """From 0 to 999: 45 -> "cuarenta y cinco"."""
    if not 0 <= number <= 999:
        raise ValueError(f"{number} is not between 0 and 999")
    if number < 30:
        return _TO_29[number]
    if number == 100:
        return "cien"
    if number > 100:
        rest = number % 100
        return _HUNDREDS[number // 100] + (f" {number_words(rest)}" if rest else "")
    return _TENS[number // 10] + (f" y {_TO_29[number % 10]}" if number % 10 else "")


def decimal_words(figures: str | Decimal | int) -> str:
    """As it is written, so is it read: "5,8" -> "cinco coma ocho", "6,05" -> "seis coma cero cinco", 10 -> "diez"."""
    whole, comma, fraction = str(figures).replace(".", ",").partition(",")
    if not (whole.isascii() and whole.isdigit()) or (comma and not (fraction.isascii() and fraction.isdigit())):
        raise ValueError(f"{figures!r} is not a number with at most one comma")
    if not comma:
        return number_words(int(whole))
    zeros = len(fraction) - len(fraction.lstrip("0"))
    words = ["cero"] * zeros + ([number_words(int(fraction))] if fraction.strip("0") else [])
    return f"{number_words(int(whole))} coma {' '.join(words)}"


def long_date(day: date) -> str:
    """"10 de diciembre de 2027"."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def period(first: date, last: date) -> str:
    """"entre el 7 de abril y el 27 de noviembre de 2027": month and year are said once where they are shared."""
    if first == last:
        return f"el {long_date(first)}"
    if first > last:
        raise ValueError("a period ends after it begins")
    start = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" de {MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" de {first.year}"
    return f"entre el {start} y el {long_date(last)}"


def listed(items: Sequence[str]) -> str:
    """"A, B y C", and "e" before the sound of i."""
    if len(items) < 2:
        return "".join(items)
    last = items[-1].lower()
    sounds_i = last.startswith(("i", "í", "hi", "hí")) and not last.startswith(("hie", "hia", "ia", "ie", "io"))
    return f"{', '.join(items[:-1])} {'e' if sounds_i else 'y'} {items[-1]}"


def feminine(noun: str) -> bool:
    """Whether what a title or a name begins with is feminine: "Universidad de …", "Diplomatura en …"."""
    first = noun.split(" ")[0].lower() if noun else ""
    return first in _FEMININE or (first not in _MASCULINE and first.endswith(_FEMININE_ENDINGS))


def with_article(noun: str) -> str:
    """"la Universidad Nacional de Quilmes", "el Diplomado en …"."""
    return f"{'la' if feminine(noun) else 'el'} {noun}"


def of_the(noun: str) -> str:
    """"de la Diplomatura en …", "del Diplomado en …"."""
    return f"de la {noun}" if feminine(noun) else f"del {noun}"


def folded(text: str) -> str:
    """What a search compares: small letters without accents, one space between words; "Ñuñoa" and "nunoa" are one."""
    bare = text if text.isascii() else "".join(
        c for c in unicodedata.normalize("NFKD", text) if c < "\u0300" or not unicodedata.combining(c))
    return " ".join(bare.casefold().split())
