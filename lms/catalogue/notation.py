"""The marks of GIFT: escapes, weights, feedback and text formats, both ways."""

import html as entities
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from lms.catalogue import rules
from lms.catalogue.cleaning import clean_block, clean_inline, loses
from lms.catalogue.markup import inline_checked, prose_checked
from lms.catalogue.rules import Option, Question

CONTROLS = "~=#{}:n\\"                                          # what a backslash protects
HIDDEN = {mark: chr(0xE001 + n) for n, mark in enumerate(CONTROLS)}
MARKS = {hidden: mark for mark, hidden in HIDDEN.items()}
PRIVATE = re.compile("[\ue000-\uf8ff\x00]")                     # ours alone: taken out of what authors send
TOUCHED = re.compile("[<>&\n\r\xa0\x00\\[@\ue000-\uf8ff]")         # a text without any of these is its own HTML
PUT_AWAY = re.compile(f"[{''.join(MARKS)}]")
ESCAPE = re.compile(r"\\([~=#{}:n\\])")
WEIGHT = re.compile(r"\s*%([-+\d., ]{1,15})%")
PERCENT = re.compile(r"-?\d{1,3}(\.\d{1,7})?")
FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
SUSPECT = re.compile(r"[?&][\w.-]+$|\b(?:href|src|class|style)$")     # an = after this belongs to an address
LOST = ("La imagen o el video de este texto HTML no se conserva.", "Quítelo, o diga con palabras lo que muestra.")
UNESCAPED = ("Hay un signo = sin escapar dentro de un texto.", "Escriba \\= en direcciones y atributos.")
BLANK = "\ue0ff"                                                # where a missing word goes
DEFAULT = ""                                                    # no format said: inline Markdown
NOTHING, WHOLE = Fraction(0), Fraction(1)                      # made once: a file of questions says them by thousands
REPEATING = (3, 6, 7, 9, 11, 12)                                # denominators people write rounded: 33.33333

Trouble = tuple[int, str, str]                                  # line, what is wrong, what to do


@dataclass(frozen=True)
class Body:
    """What stands between the braces, escapes hidden, with its first line and the question's format."""
    text: str
    line: int
    format: str

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Answers:
    """What a kind understood of a body: its name, options and numbers, or (no name) only troubles."""
    kind: str
    options: tuple[Option, ...] = ()
    numbers: tuple[tuple[Decimal, Decimal, Fraction], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    body: rules.Body | None = None


class Piece(NamedTuple):
    """One answer as written: its mark, weight, text and feedback."""
    mark: str                   # "=", "~" or "" for what stands before the first mark
    line: int
    share: Fraction | None      # None: no weight said
    source: str                 # all that follows the mark, escapes hidden
    raw: str                    # the answer's plain text, escapes undone
    html: str
    feedback: str
    broken: bool                # its weight can not be read
    troubles: tuple[Trouble, ...]

    def worth(self, usual: Fraction) -> Fraction:
        return usual if self.share is None else self.share


def hide(text: str) -> str:
    """Escaped characters put out of the reader's way, one for two."""
    return ESCAPE.sub(lambda m: HIDDEN[m[1]], text)


def bare(text: str, newline: str = " ") -> str:
    """The characters that were hidden, without their backslash."""
    if not PUT_AWAY.search(text):
        return text
    return PUT_AWAY.sub(lambda m: newline if MARKS[m[0]] == "n" else MARKS[m[0]], text)


def split_format(text: str, otherwise: str = DEFAULT) -> tuple[str, str]:
    found = FORMAT.match(text)
    return (found[1], text[found.end():]) if found else (otherwise, text)


def to_html(text: str, otherwise: str, block: bool = False) -> tuple[str, list[tuple[str, str]]]:
    """Safe HTML of a hidden text in its format, with what had to be refused in it."""
    if otherwise in ("moodle", "html") and not TOUCHED.search(text):
        return text.strip(), []
    form, text = split_format(text, otherwise)
    text = text.strip()
    if not text:
        return "", []
    if form in ("html", "moodle"):
        text = (bare(text, "\n") if form == "html" else lined(bare(text, "\n"))).replace(BLANK, "_____")
        made = (clean_block if block else clean_inline)(text)
        return made, [LOST] if loses(text, made) else []
    if form == "plain":
        return clean_inline(entities.escape(bare(text, "\n").strip(), False).replace("\n", "<br>")), []
    source = bare(text, "  \n")
    html, flaws = (prose_checked if form == "markdown" and block else inline_checked)(source)
    return html.replace(BLANK, "_____"), flaws


def lined(text: str) -> str:
    """HTML whose line ends mean something, as in Moodle's own format: they are kept where no tag stands beside them."""
    if "\n" not in text:
        return text
    text = re.sub(r">\s*\n\s*<", "><", text)
    return re.sub(r"\n(?=<)|(?<=>)\n", " ", text).replace("\n", "<br>")


def weight(text: str) -> tuple[Fraction | None, str, str]:
    """A weight at the start of a text as a share, what follows it, and what is wrong with it ("" if nothing)."""
    found = WEIGHT.match(text)
    if not found:
        return None, text, ""
    said, rest = found[1].strip(), text[found.end():]
    if not PERCENT.fullmatch(said) or abs(Decimal(said)) > 100:
        return None, rest, said
    return share_of(said), rest, ""


def share_of(percent: str) -> Fraction:
    """"50" -> 1/2; "33.33333" -> 1/3: a weight rounded to two decimals or more stands for its simple fraction."""
    exact = Fraction(Decimal(percent)) / 100
    digits = len(percent.partition(".")[2])
    for denominator in REPEATING if digits >= 2 else ():
        simple = Fraction(round(exact * denominator), denominator)
        if round(simple * 100, digits) == exact * 100:
            return simple
    return exact


def percent_of(share: Fraction) -> str:
    """1/3 -> "33.33333", as Moodle writes it."""
    text = f"{Decimal(share.numerator) * 100 / Decimal(share.denominator):.5f}"
    return text.rstrip("0").rstrip(".")


def pieces(body: Body, marks: str = "=~") -> list[Piece]:
    """The answers of a body, cut at each mark; what stands before the first is a piece without mark."""
    starts = [m.start() for m in re.finditer(f"[{marks}]", body.text)]
    bounds = zip([0, *starts], [*starts, len(body.text)], strict=True)
    return [_piece(body, at, end) for at, end in bounds if body.text[at:end].strip()]


def _piece(body: Body, at: int, end: int) -> Piece:
    text = body.text[at:end]
    mark, text = (text[0], text[1:]) if text[0] in "=~" else ("", text)
    source = text
    line = body.line_at(at + len(text) - len(text.lstrip()))
    share, text, wrong = weight(text)
    answer, _, comment = text.partition("#")
    html, flaws = to_html(answer, body.format)
    feedback, more = to_html(comment, body.format, block=True)
    troubles = [(line, *flaw) for flaw in flaws + more]
    if wrong:
        troubles.append((line, f"«%{wrong}%» no es un peso.", "Escriba un número de -100 a 100: %33.33333%."))
    if SUSPECT.search(text) and body.text[end:end + 1] == "=":
        troubles.append((line, *UNESCAPED))
    raw = " ".join(bare(split_format(answer)[1]).split())
    return Piece(mark, line, share, source, raw, html, feedback, bool(wrong), tuple(troubles))


def lettered(texts: list[str]) -> list[str]:
    """A letter for each text in alphabetical order, so that an option's id tells nothing of where the author put it:
    authors write the right answer first, and ids can be read in a page's source."""
    order = sorted(range(len(texts)), key=lambda n: (texts[n].casefold(), texts[n], n))
    places = {n: place for place, n in enumerate(order)}
    return [letter(places[n]) for n in range(len(texts))]


def letter(place: int) -> str:
    """0 -> "a", 25 -> "z", 26 -> "aa"."""
    return ("" if place < 26 else letter(place // 26 - 1)) + chr(97 + place % 26)


def escaped(text: str) -> str:
    """A text with its control characters protected, on one line."""
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text).replace("\n", "\\n")


def framed(q: Question, answers: list[str]) -> str:
    """A question in GIFT. Our texts are HTML, so it says [html] unless all of them read the same without."""
    texts = [q.text, q.feedback, *(t for o in q.options for t in (o.text, o.feedback))]
    simple = all(not re.search(r"^//|[<>&\[\]]", t) and inline_checked(t)[0] == t for t in texts)
    lines = [*answers, *([f"####{escaped(q.feedback)}"] if q.feedback else [])]
    inside = "\n" + "".join(f"  {line}\n" for line in lines) if lines else ""
    braces = f" {{{inside}}}" if q.kind != "description" else ""
    return f"::{escaped(q.id)}::{' ' if simple else '[html]'}{escaped(q.text)}{braces}\n"


def weighed(mark: str, share: Fraction, usual: int, text: str) -> str:
    """A mark with its weight, which may be left out where it is the usual one of that mark."""
    return mark if share == usual and not text.startswith("%") else f"{mark}%{percent_of(share)}%"


def commented(text: str, feedback: str) -> str:
    """An answer with its feedback, both HTML."""
    return escaped(text) + (f" #{escaped(feedback)}" if feedback else "")
