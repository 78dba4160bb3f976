"""E-mail addresses: one stored form, and a skeleton by which two that look alike are known as twins."""

import unicodedata
from typing import Any

# Letters of other alphabets, and Latin ones without a decomposition, that pass for a plain one (Unicode's confusables,
# the lower-case part that mail systems let through).
_LOOKALIKES = str.maketrans({
    "ı": "i", "ɩ": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ɡ": "g", "ŧ": "t", "ƙ": "k", "ɑ": "a", "ß": "ss",
    "æ": "ae", "œ": "oe", "ƿ": "p", "ʋ": "v", "ɪ": "i", "ʏ": "y", "ĸ": "k",
    "а": "a", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o",
    "р": "p", "с": "c", "ѕ": "s", "т": "t", "у": "y", "в": "b", "х": "x", "ԝ": "w", "ѵ": "v", "г": "r", "н": "h",
    "ԛ": "q", "ү": "y",
    "α": "a", "β": "b", "ε": "e", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
    "γ": "y", "ω": "w", "η": "n", "ϲ": "c", "ϳ": "j",
    "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g", "ք": "p", "ա": "w"})


LONGEST = 254                   # characters (RFC 5321)


class BadEmail(ValueError):
    """Not an address anyone could be written to; the message is for whoever typed it."""


def normal(text: str) -> str:
    """The stored form: NFKC, no outer spaces, lower case, the domain in letters."""
    if len(text) > LONGEST:         # before anything is made of it: long runs of combining marks take for ever
        raise BadEmail("La dirección es demasiado larga.")
    text = unicodedata.normalize("NFKC", text).strip()
    if "@" not in text:
        raise BadEmail("Falta la arroba: el correo tiene la forma nombre@institucion.cl.")
    try:
        found = _checked(text, allow_quoted_local=False)
    except ValueError:
        raise BadEmail("No es una dirección de correo completa. Revisarla letra por letra, también su final.") from None
    if found.normalized.casefold() != found.normalized.lower():
        raise BadEmail("Lleva una letra que se escribe de dos maneras, como ß. Usar la dirección escrita sin ella.")
    return unicodedata.normalize("NFKC", found.normalized.casefold())


def skeleton(email: str) -> str:
    """Equal for two addresses a reader would take for the same: "ılsa@…" and "ilsa@…", "straße" and "strasse"."""
    plain = "".join(_small_capital(c) for c in email[:LONGEST].casefold())
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", bare.translate(_LOOKALIKES)).casefold()[:254]


def _small_capital(char: str) -> str:
    """The plain letter of one such as ᴏ, which no normalisation and no folding takes for it."""
    name = "" if char.isascii() else unicodedata.name(char, "")
    return name[-1].lower() if name.startswith("LATIN LETTER SMALL CAPITAL ") and name[-2] == " " else char


def deliverable(email: str) -> str:
    """The address as mail servers want it: the domain in ASCII where the part before it already is."""
    return _checked(email).ascii_email or email


def _checked(email: str, **options: Any) -> Any:
    """email-validator's answer; its EmailNotValidError is a ValueError. Its tables cost 40 ms, so they are loaded when
    an address is first written and not at each start of a web process."""
    from email_validator import validate_email  # noqa: PLC0415
    return validate_email(email, check_deliverability=False, **options)
