"""Moodle's embedded answers, both ways: `{2:SHORTANSWER:=Quito#Así es.~%50%Kitu}` <-> a part of a cloze question.

Read as Moodle 4.5 reads it, but for five things where what the author meant is plain: kinds in small letters are known;
a space may stand before = and %; `%0%` in a MULTIRESPONSE is a weight like any other; only a whole entity hides its #
(`R&amp;#D` has a comment, `&#126;` has none); and an answer without end or of unknown kind is told as a fault, where
Moodle leaves it in the text as it stands.
"""

import html as entities
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.cleaning import clean_block, clean_inline
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.cloze import Embedded
from lms.catalogue.kinds.kind import UNWANTED, plain
from lms.catalogue.kinds.short import Words
from lms.catalogue.notation import PRIVATE, letter, lettered, percent_of, share_of
from lms.catalogue.rules import Option, Question

# Moodle's word -> kind, layout, shuffled, case
NAMES = {
    "SHORTANSWER": ("short", "line", False, False), "SHORTANSWER_C": ("short", "line", False, True),
    "NUMERICAL": ("numerical", "line", False, False),
    "MULTICHOICE": ("single", "list", False, False), "MULTICHOICE_S": ("single", "list", True, False),
    "MULTICHOICE_V": ("single", "column", False, False), "MULTICHOICE_VS": ("single", "column", True, False),
    "MULTICHOICE_H": ("single", "row", False, False), "MULTICHOICE_HS": ("single", "row", True, False),
    "MULTIRESPONSE": ("multiple", "column", False, False), "MULTIRESPONSE_S": ("multiple", "column", True, False),
    "MULTIRESPONSE_H": ("multiple", "row", False, False), "MULTIRESPONSE_HS": ("multiple", "row", True, False),
}
SHORTER = {
    "SA": "SHORTANSWER", "MW": "SHORTANSWER", "SAC": "SHORTANSWER_C", "MWC": "SHORTANSWER_C", "NM": "NUMERICAL",
    "MC": "MULTICHOICE", "MCS": "MULTICHOICE_S", "MCV": "MULTICHOICE_V", "MCVS": "MULTICHOICE_VS",
    "MCH": "MULTICHOICE_H", "MCHS": "MULTICHOICE_HS", "MR": "MULTIRESPONSE", "MRS": "MULTIRESPONSE_S",
    "MRH": "MULTIRESPONSE_H", "MRHS": "MULTIRESPONSE_HS",
}
START = re.compile(r"\{([0-9]{0,4}):([A-Za-z]{2,13}(?:_[A-Za-z]{1,2})?)(?=[:}])")
SHARE = re.compile(r"\s*(?:=\s*)?%(-?[0-9]{1,3}(?:[.,][0-9]{0,7})?)%")
NUMBER = re.compile(r"-?(?:[0-9]{1,15}[.,]?[0-9]{0,15}|[.,][0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?")
EDGE = r"(?:\s|<br\s{0,9}/?>|</?p>|&nbsp;)"
OPENS, CLOSES, WIDEST = re.compile(f"{EDGE}*", re.IGNORECASE), re.compile(rf"{EDGE}\Z", re.IGNORECASE), 15
QUOTED = re.compile(r"&amp;(#[0-9a-zA-Z]{1,8};|[A-Za-z]{2,8};)")         # what an HTML editor made of an entity
SIGN = re.compile(r"\\([}~#\"/])|[~}#]")
ENTITY = re.compile(r"#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});")
LARGEST, MOST = 200_000, 500            # characters of a text, parts of one
UNKNOWN = "Use SHORTANSWER, NUMERICAL, MULTICHOICE o MULTIRESPONSE."

Told = tuple[int, str, str]             # position in the source from 0, what is wrong, what to do


@dataclass(frozen=True)
class Found:
    """A text with its embedded answers taken out: {#1}, {#2} … stand in their places."""
    text: str                   # as it was written, HTML or not
    parts: tuple[Embedded, ...] = ()
    troubles: tuple[Told, ...] = ()


@dataclass(frozen=True)
class _Answer:
    share: Fraction | None      # None: none said
    text: str                   # escapes undone
    feedback: str
    percent: bool = False       # its weight was said as one


def read(source: str, html: bool = True) -> Found:
    """The embedded answers of a text. `html` says whether what they hold is HTML, as in Moodle's editor."""
    source = UNWANTED.sub("", PRIVATE.sub("", source[:LARGEST]))
    kept: list[str] = []
    parts: list[Embedded] = []
    troubles: list[Told] = []
    at = 0
    while (start := START.search(source, at)) and len(parts) < MOST:
        name = SHORTER.get(start[2].upper(), start[2].upper())
        end, answers = start.end() + 1, list[_Answer]()
        if name in NAMES and source[start.end()] == ":":
            end, answers = _answers(source, start.end() + 1)
        if flaw := _flaw(name, end, answers, start[2]):
            troubles.append((start.start(), f"«{source[start.start():start.start() + 40]}»: {flaw[0]}", flaw[1]))
            kept.append(source[at:start.end()])
            at = start.end()
            if end < 0:         # nothing after it ends either
                break
            continue
        part, told = _part(str(len(parts) + 1), Fraction(start[1] or 1), name, answers, html)
        troubles += [(start.start(), f"Respuesta {part.id}: {what}", remedy) for what, remedy in told]
        kept += [source[at:start.start()], f"{{#{part.id}}}"]
        parts.append(part)
        at = end
    return Found("".join([*kept, source[at:]]), tuple(parts), tuple(troubles))


def _flaw(name: str, end: int, answers: list[_Answer], said: str) -> tuple[str, str] | None:
    if name not in NAMES:
        return f"{said} no es una clase de respuesta incrustada.", UNKNOWN
    if end < 0:
        return "la respuesta no termina.", "Cierre con } y escriba \\} si la llave es parte del texto."
    return None if answers else ("no tiene respuestas.", "Escriba al menos una: {1:SHORTANSWER:=respuesta}.")


def _answers(source: str, at: int) -> tuple[int, list[_Answer]]:
    """The answers from a place on, and where the closing brace ends (-1: nowhere)."""
    found: list[_Answer] = []
    text: list[str] = []
    comment: list[str] | None = None
    for sign in SIGN.finditer(source, at):
        into = text if comment is None else comment
        into.append(source[at:sign.start()])
        at = sign.end()
        if sign[1]:
            into.append(sign[1])
        elif sign[0] in "~}":
            found += _answer("".join(text), "".join(comment or ()))
            text, comment = [], None
            if sign[0] == "}":
                return at, found
        elif comment is None and not _in_entity(source, sign.start()):
            comment = []
        else:
            into.append(sign[0])
    return -1, []


def _in_entity(source: str, at: int) -> bool:
    """Whether the # at this place belongs to an entity, written as such or with its ampersand written out."""
    return (source[at - 1] == "&" or source[at - 5:at] == "&amp;") and ENTITY.match(source, at) is not None


def _answer(text: str, comment: str) -> list[_Answer]:
    if share := SHARE.match(text):
        return [_Answer(share_of(share[1].replace(",", ".").rstrip(".")), text[share.end():], comment, True)]
    if text.lstrip().startswith("="):
        return [_Answer(Fraction(1), text.lstrip()[1:], comment)]
    return [_Answer(None, text, comment)] if text.strip() else []


def _part(key: str, weight: Fraction, name: str, answers: list[_Answer],
          html: bool) -> tuple[Embedded, list[tuple[str, str]]]:
    kind, layout, shuffled, case = NAMES[name]
    shares = [min(max(answer.share or Fraction(0), Fraction(-1)), Fraction(1)) for answer in answers]
    told = [(f"«{percent_of(answer.share)}%» no es un peso.", "Escriba un número de -100 a 100: %33.33333%.")
            for answer, share in zip(answers, shares, strict=True) if answer.share and answer.share != share]
    if kind == "multiple":
        shares = _spread(answers, shares)
    said = [_block(answer.feedback, html) for answer in answers]
    question = Question(key, kind, "", shuffle=shuffled, body=Words(case=True, accents=True) if case else None)
    if kind == "numerical":
        part, more = _numerical(Embedded(key, weight, question, layout), answers, shares, said)
        return part, told + more
    texts = [(_typed if kind == "short" else _inline)(answer.text, html) for answer in answers]
    ids = lettered([plain(text) for text in texts])
    options = tuple(Option(*option) for option in zip(ids, texts, shares, said, strict=True))
    return Embedded(key, weight, replace(question, options=options), layout), told


def _spread(answers: list[_Answer], shares: list[Fraction]) -> list[Fraction]:
    """In a MULTIRESPONSE the right ones share the whole; where nothing was said in per cent, a wrong one takes what a
    right one gives."""
    whole = sum((share for share in shares if share > 0), Fraction(0))
    said = any(answer.percent for answer in answers)
    if not whole:
        return shares
    return [share / whole if share > 0 else share if said or share else -1 / whole for share in shares]


def _numerical(part: Embedded, answers: list[_Answer], shares: list[Fraction],
               said: list[str]) -> tuple[Embedded, list[tuple[str, str]]]:
    numbers: list[tuple[Decimal, Decimal, Fraction]] = []
    options: list[Option] = []
    told = []
    for answer, share, feedback in zip(answers, shares, said, strict=True):
        text = "".join(plain(answer.text).split())
        value, colon, margin = text.partition(":")
        if text == "*":
            numbers.append((Decimal(0), ANY, share))
        elif NUMBER.fullmatch(value) and (not colon or NUMBER.fullmatch(margin)):
            numbers.append((_decimal(value), _decimal(margin or "0"), share))
        else:
            told.append((f"«{text[:40]}» no es un número.", "Escriba 3.14, 3.14:0.01 o *."))
            continue
        options.append(Option(letter(len(options)), _number(*numbers[-1][:2]), share, feedback))
    return replace(part, question=replace(part.question, numbers=tuple(numbers), options=tuple(options))), told


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _trimmed(text: str) -> str:
    """Without the room and the empty tags that an editor leaves at its ends."""
    start, end = OPENS.match(text).end(), len(text)  # type: ignore[union-attr]
    while end > start and (edge := CLOSES.search(text, max(start, end - WIDEST), end)):
        end = edge.start()
    return text[start:end]


def _inline(text: str, html: bool) -> str:
    return clean_inline(QUOTED.sub(r"&\1", _trimmed(text)) if html else entities.escape(text.strip(), False))


def _block(text: str, html: bool) -> str:
    return clean_block(QUOTED.sub(r"&\1", _trimmed(text)) if html else entities.escape(text.strip(), False))


def _typed(text: str, html: bool) -> str:
    """An accepted text is compared letter by letter: tags in it are letters too, as in Moodle."""
    words = entities.unescape(QUOTED.sub(r"&\1", _trimmed(text))) if html else text
    return entities.escape(" ".join(words.split()), False)


# Written --------------------------------------------------------------------------------------------------------------

def write(text: str, parts: tuple[Embedded, ...]) -> str:
    """The HTML of a cloze question with its answers embedded again; reading it gives the same parts."""
    scale = math.lcm(*(part.weight.denominator for part in parts))      # Moodle's weights are whole numbers
    for part in parts:
        text = text.replace(f"{{#{part.id}}}", written(part, scale), 1)
    return text


def written(part: Embedded, scale: int = 1) -> str:
    q = part.question
    case = isinstance(q.body, Words) and q.body.case
    name = next(name for name, form in NAMES.items() if form == (q.kind, part.layout, q.shuffle and q.kind in (
        "single", "multiple"), case))
    top = max((option.share for option in q.options), default=Fraction(1))
    answers = []
    for n, option in enumerate(q.options):
        share = q.numbers[n][2] if q.kind == "numerical" else option.share
        text = _number(*q.numbers[n][:2]) if q.kind == "numerical" else option.text
        answers.append(_mark(share, top if q.kind == "multiple" else Fraction(0)) + _escaped(text, True) +
                       (f"#{_escaped(option.feedback, False)}" if option.feedback else ""))
    return f"{{{max(round(part.weight * scale), 0)}:{name}:{'~'.join(answers)}}}"


def _mark(share: Fraction, top: Fraction) -> str:
    """A weight; those of a MULTIRESPONSE are always said, the right ones against the greatest of them."""
    if top > 0:
        return f"%{percent_of(share / top if share > 0 else share)}%"
    return "=" if share == 1 else "" if share == 0 else f"%{percent_of(share)}%"


def _number(value: Decimal, tolerance: Decimal) -> str:
    return "*" if tolerance == ANY else f"{value:f}:{tolerance:f}" if tolerance else f"{value:f}"


def _escaped(text: str, answer: bool) -> str:
    """Without what would end it; a backslash before one of those is said by its number."""
    text = re.sub(r'\\(?=[}~#"/]|$)', "&#92;", text)
    if answer and text[:1] in ("=", "%", "*") and text != "*" or text[:1].isspace():
        text = f"&#{ord(text[0])};{text[1:]}"
    return "".join(bit if ENTITY.fullmatch(bit[1:]) else re.sub("[}~#]", r"\\\g<0>", bit)
                   for bit in re.split(r"(&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});)", text))
