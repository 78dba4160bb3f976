"""Identity documents of persons: read what was typed, refuse what can not exist, store one form, show another.

`canonical` gives the stored form: no dots, no hyphens, upper case, no leading zeros. That a document is accepted
means that its number is well formed, never that it exists or belongs to the person.
"""

import re
from collections.abc import Callable

from stdnum.ar import cuit, dni
from stdnum.cl import rut

_LABELS = {"cl_run": "RUN", "ar_dni": "DNI", "ar_cuil": "CUIL", "passport": "Pasaporte", "other": "Otro documento"}
KINDS = tuple(_LABELS)
_HOME = {"cl_run": "CL", "ar_dni": "AR", "ar_cuil": "AR"}

# stdnum knows neither 25 nor 26, both given to persons; from 30 on they are bodies, accepted because a CUIT is
# checked the same way, and reported by `suspicious`.
_PERSON_PREFIXES = ("20", "23", "24", "25", "26", "27")
_BODY_PREFIXES = ("30", "33", "34", "50", "51", "55")


class BadIdentifier(ValueError):
    """What was typed is not such a document; says what is wrong and what to do, in the reader's words."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


def label(kind: str) -> str:
    return _LABELS[kind]


def canonical(kind: str, text: str, country: str | None = None) -> str:
    """The stored form of a document. `country` (ISO 3166-1 alpha-2) is needed for a passport."""
    if kind not in _CANONICAL:
        raise BadIdentifier("Ese tipo de documento no se conoce.", "Elija uno de la lista.")
    if not text.strip():
        raise BadIdentifier(f"Falta el número de {label(kind)}.", "Escríbalo tal como aparece en el documento.")
    _check_country(kind, country)
    return _CANONICAL[kind](text)


def shown(kind: str, value: str) -> str:
    """A stored document as people write it: 12.531.909-2, 20.123.456, 20-05536168-2."""
    if kind == "cl_run":
        return f"{_dotted(value[:-1])}-{value[-1]}"
    if kind == "ar_dni":
        return _dotted(value)
    if kind == "ar_cuil":
        return cuit.format(value)
    return value


def masked(value: str) -> str:
    """Only the last three characters, for lists and logs; nothing at all of a number that short."""
    return "•" * len(value) if len(value) <= 3 else "•" * (len(value) - 3) + value[-3:]


def suspicious(kind: str, value: str) -> bool:
    """Well formed, yet probably not this person's: filler such as 11.111.111-1, or a company's number.

    A warning, not a refusal: test environments use RUN such as 44.444.444-4, and 11.111.111-1 does belong to someone.
    """
    number = {"cl_run": value[:-1], "ar_cuil": value[2:-1]}.get(kind, value)
    filler = len(set(number)) == 1 or number in "123456789"
    # Companies and municipalities have Chilean numbers from about 50 million; provisional ones start at 100 million.
    company = (kind == "cl_run" and 50_000_000 <= int(number) < 100_000_000) or (
        kind == "ar_cuil" and value[:2] in _BODY_PREFIXES)
    wordy = kind in ("passport", "other") and not any(c.isdigit() for c in value)
    return filler or company or wordy


def _check_country(kind: str, country: str | None) -> None:
    home = _HOME.get(kind)
    if country is None and kind != "passport":
        return
    if not re.fullmatch("[A-Z]{2}", country or ""):
        raise BadIdentifier("Falta el país que emitió el documento.", "Elija el país de la lista.")
    if home and country != home:
        raise BadIdentifier(f"Un {label(kind)} no lo emite ese país.", "Cambie el país o el tipo de documento.")


def _run(text: str) -> str:
    number = rut.compact(text)
    remedy = "Escríbalo con su dígito verificador, por ejemplo 12.531.909-2."
    if "-" in text and not re.search(r"-\s*\w\s*$", text):
        raise BadIdentifier("Después del guion debe ir un solo carácter, el dígito verificador.", remedy)
    if not re.fullmatch("[0-9]+[0-9K]", number):
        raise BadIdentifier("El RUN solo lleva números y, al final, un dígito o la letra K.", remedy)
    body, check = number[:-1].lstrip("0"), number[-1]
    # stdnum refuses bodies under a million (old people) and of nine digits (provisional numbers): only its check
    # digit is used.
    if not 1 <= len(body) <= 9:
        raise BadIdentifier("El RUN no tiene ese largo.", remedy)
    expected = rut.calc_check_digit(body)
    if check != expected:
        raise BadIdentifier(f"El dígito verificador no corresponde: para ese número sería {expected}.",
                            "Revise el RUN completo en la cédula, dígito por dígito.")
    return body + check


def _dni(text: str) -> str:
    number = dni.compact(text)
    if not re.fullmatch("[0-9]+", number):
        raise BadIdentifier("El DNI solo lleva números.", "Escríbalo sin letras, por ejemplo 20.123.456.")
    if len(number) == 11:
        raise BadIdentifier("El número tiene once dígitos: parece un CUIL.", "Elija CUIL como tipo de documento.")
    number = number.lstrip("0")
    if len(number) < 7:
        raise BadIdentifier("El DNI tiene siete u ocho dígitos.",
                            "Si es una libreta o un número más antiguo, elija «Otro documento».")
    if len(number) > 8:
        raise BadIdentifier("El DNI tiene siete u ocho dígitos.", "Revise que no sobren números.")
    return number


def _cuil(text: str) -> str:
    number = cuit.compact(text).replace(".", "")
    remedy = "Escriba los once dígitos, por ejemplo 20-05536168-2."
    if not re.fullmatch("[0-9]{11}", number):
        raise BadIdentifier("El CUIL tiene once dígitos y ninguna letra.", remedy)
    if number[:2] not in _PERSON_PREFIXES + _BODY_PREFIXES:
        raise BadIdentifier(f"Ningún CUIL comienza con {number[:2]}.", remedy)
    # With remainder 1 no digit exists and another prefix is assigned; stdnum answers 9 there and accepts it.
    remainder = sum(int(n) * weight for n, weight in zip(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
    if remainder == 1:
        raise BadIdentifier(f"Con el prefijo {number[:2]} ese CUIL no puede existir.",
                            "Revise el prefijo en la constancia: en estos casos suele ser 23.")
    expected = cuit.calc_check_digit(number[:-1])
    if number[-1] != expected:
        raise BadIdentifier(f"El dígito verificador no corresponde: para ese número sería {expected}.",
                            "Revise el CUIL completo en la constancia, dígito por dígito.")
    return number


def _passport(text: str) -> str:
    value = re.sub(r"[\s.\-]", "", text).upper()
    if not re.fullmatch("[A-Z0-9]{5,15}", value):
        raise BadIdentifier("El pasaporte tiene entre 5 y 15 letras y números.",
                            "Escríbalo como aparece en la página de la fotografía, sin el nombre del país.")
    return value


def _other(text: str) -> str:
    value = re.sub(r"[\s.\-/]", "", text).upper()
    if not re.fullmatch("[A-Z0-9]{3,30}", value):
        raise BadIdentifier("El documento tiene entre 3 y 30 letras y números.",
                            "Escriba el tipo y el número, por ejemplo LE 123.456.")
    return value


def _dotted(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".")


_CANONICAL: dict[str, Callable[[str], str]] = {
    "cl_run": _run, "ar_dni": _dni, "ar_cuil": _cuil, "passport": _passport, "other": _other}
