"""Countries by their ISO 3166-1 code, in Spanish, the two homes of the programme first."""

from functools import lru_cache

from babel import Locale

from lms.people.names import sort_key

_HOMES = ("CL", "AR")
_NOT_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "XK", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@lru_cache
def choices() -> dict[str, str]:
    """Code -> name, in the order of a select."""
    named = {code: name for code, name in Locale("es").territories.items()
             if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES}
    others = sorted((code for code in named if code not in _HOMES), key=lambda code: sort_key(named[code]))
    return {code: named[code] for code in (*_HOMES, *others)}


def name(code: str) -> str:
    return choices().get(code, code)
