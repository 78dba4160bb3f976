"""Which words the page speaks, and how numbers and dates are written. Country is never decided here."""

import gettext
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup

from lms.foundation.doors import OPEN

HOME = Path(__file__).parent / "translations"
SOURCE = "es"                                   # what templates are written in
OFFERED = {"es": "Español", "es-AR": "Español (Argentina)", "pt": "Português", "en": "English"}
MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "en": "January February March April May June July August September October November December".split(),
}
DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


@lru_cache
def load(code: str) -> gettext.NullTranslations:
    """The catalogue of a language; what it lacks is said in Spanish, the language the templates are written in.

    The .mo files are made from the .po by `python -m tests.translations`; a test keeps them equal."""
    path = HOME / f"{code.replace('-', '_')}.mo"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def current_language() -> str:
    """As the address says (`?idioma=pt`: what search engines are given), as chosen, else as the browser asks.
    Portuguese and English are spoken where everybody may enter; what is behind a sign-in is written in Spanish, and a
    page half in each would be read out wrongly."""
    if not has_request_context():
        return SOURCE
    known: str | None = g.get("language")
    if known is None:
        public = not request.endpoint or current_app.extensions["doors"].get(request.endpoint) is OPEN
        spoken = [code for code in OFFERED if public or code.startswith("es")]
        asked = (public and request.args.get("idioma")) or request.cookies.get("language") or \
            request.accept_languages.best_match(spoken, SOURCE)
        known = g.language = asked if asked in spoken else SOURCE
    return known


def catalogue() -> gettext.NullTranslations:
    return load(current_language())


def _(text: str) -> str:
    return catalogue().gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    return catalogue().ngettext(one, many, n)


def decimal(value: Decimal | Fraction | float | int, places: int = 1) -> str:
    """With a comma, as Chile and Argentina write: 5.5 -> "5,5"."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{value:.{places}f}".replace(".", ",")


def percent(share: Fraction | float, places: int = 0) -> str:
    """0.755 -> "76 %", with the space that does not break."""
    return f"{decimal(share * 100, places)}\u00a0%".replace("-", "−")


def local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


def long_date(day: date, weekday: bool = False) -> str:
    """"16 de julio de 2027", the month in words so that no two countries read it differently."""
    code = current_language()[:2]
    month = MONTHS[code][day.month - 1]
    text = f"{day.day} {month} {day.year}" if code == "en" else f"{day.day} de {month} de {day.year}"
    return f"{DAYS[code][day.weekday()]} {text}" if weekday else text


def short_date(day: date) -> str:
    """"16 jul. 2027"."""
    month = MONTHS[current_language()[:2]][day.month - 1]
    return f"{day.day} {month[:3]}{'.' if len(month) > 3 else ''} {day.year}"


def clock_time(instant: datetime) -> str:
    """"22:00 h": a wall time already in its zone."""
    return f"{instant:%H:%M}\u00a0h"


@lru_cache(maxsize=4096)
def _fixed(code: str, text: str) -> Markup:
    return Markup(load(code).gettext(text)) % {}


def in_template(text: str, **values: Any) -> Markup:
    """`_` in templates: the source text is ours and may hold markup, the values are not and are escaped.

    A page says some two hundred words, most without values: those are kept translated (Jinja's own would look each
    up, wrap and format it again, 6 microseconds a word)."""
    code = current_language()
    return Markup(load(code).gettext(text)) % values if values else _fixed(code, text)


def install(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue().gettext(text), lambda one, many, n: catalogue().ngettext(one, many, n), newstyle=True)
    app.jinja_env.filters.update(decimal=decimal, percent=percent, long_date=long_date, short_date=short_date,
                                 clock_time=clock_time, local=local)
    app.jinja_env.globals.update(_=in_template, current_language=current_language, OFFERED=OFFERED, MONTHS=MONTHS,
                                 DAYS=DAYS)
