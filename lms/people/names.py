"""Names of persons and places: tidied on entry, put in Spanish order, found without accents, written three ways.

A name is never split on spaces: the two surnames come in two fields, and the second may be absent.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 1000                  # characters: putting long runs of combining marks in order takes quadratic time
_AFTER_N = "\uf8ff"             # after every letter a name may hold, so that ñ follows all of n
_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_WEIGHTLESS = re.compile("[\u00ad\u200b\u2060\ufeff]")      # come along with a copy from a PDF or a web page
_PARTICLES = {"de", "del", "da", "do", "das", "dos", "di", "y", "von", "van", "der", "den"}
_ARTICLES = {"la", "las", "los", "el"}


def sort_key(text: str) -> str:
    """A string whose code point order is Spanish order: letters first, then accents, then the text itself.

    Stored beside the name it sorts in SQLite as it is and in PostgreSQL under COLLATE "C". Gives ICU's order for the
    list of the domain reference, §3.4, without ICU.
    """
    letters, marks = "", ""
    text = text[:LONGEST]
    for char in unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHY)).casefold():
        if char == "\u0303" and letters.endswith("n"):
            letters += _AFTER_N
        elif unicodedata.combining(char):
            marks = marks[:-1] + char if marks.endswith(" ") else marks + char
            continue
        else:
            letters += char if char >= " " else " "
        marks += " "
    return f"{letters}\x01{marks.rstrip()}\x01{unicodedata.normalize('NFC', text)}"


def search_key(text: str) -> str:
    """What two spellings of a name share: "nunez" finds "Núñez", "ohiggins" finds "O’Higgins"."""
    bare = _without_marks(_without_marks(text[:LONGEST].translate(_TYPOGRAPHY)).casefold()).translate(_TYPOGRAPHY)
    return " ".join(bare.replace("'", "").replace("-", " ").split())


def tidy(text: str) -> str:
    """NFC, one space between words, nothing invisible: what would deceive the reader of a list is refused."""
    if len(text) > LONGEST:
        raise ValueError(f"El texto pasa de {LONGEST} caracteres. Acórtelo.")
    text = _SPACES.sub(" ", _WEIGHTLESS.sub("", text)).strip(" ")
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co"):
            raise ValueError(f"El texto contiene un carácter invisible o de control (U+{ord(char):04X}). "
                             "Bórrelo y escríbalo de nuevo, sin pegarlo.")
    return unicodedata.normalize("NFC", text)


def suggest_case(text: str) -> str | None:
    """How a name typed all in capitals or all in small letters would be written, or nothing to suggest.

    Only a suggestion: MCDONALD comes out as Mcdonald, and people may write their name as they please.
    """
    plain = text.replace("ª", "").replace("º", "")
    if not (plain.isupper() or plain.islower()):
        return None
    words = text.lower().split(" ")
    written = []
    for place, word in enumerate(words):
        inside = 0 < place < len(words) - 1
        joining = word in _PARTICLES or (word in _ARTICLES and words[place - 1] in ("de", "y"))
        written.append(word if inside and joining else re.sub(r"[^\W\d_]+", _capital, word))
    suggestion = " ".join(written)
    return suggestion if suggestion != text else None


@dataclass(frozen=True)
class Name:
    """A person's name, each part already tidy."""
    given: str
    surname1: str
    surname2: str | None = None

    @property
    def surnames(self) -> str:
        return " ".join(part for part in (self.surname1, self.surname2) if part)

    @property
    def formal(self) -> str:
        return ", ".join(part for part in (self.surnames, self.given) if part)

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.given, self.surnames) if part)

    @property
    def initials(self) -> str:
        firsts = (next((c for c in part if c.isalpha()), "") for part in (self.given, self.surname1))
        return "".join(firsts).upper()

    @property
    def order(self) -> str:
        """Sorts by first surname, second surname, given names."""
        return "\x01".join(sort_key(part or "") for part in (self.surname1, self.surname2, self.given))


def _capital(run: re.Match[str]) -> str:
    return run[0][0].upper() + run[0][1:]


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
