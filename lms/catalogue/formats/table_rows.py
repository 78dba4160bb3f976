"""One row of the spreadsheet as a question: its options, which of them are right, numbers and pairs."""

import html as entities
import re
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.cleaning import clean_block, clean_inline
from lms.catalogue.formats.table_columns import LETTERS, NO, TYPES, YES, folded, kind_of
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.truefalse import TEXTS
from lms.catalogue.notation import letter, lettered, share_of
from lms.catalogue.rules import Option, Question

MARKED = re.compile(r"<(?:p|b|br|strong|em|i|u|ul|ol|li|img|sub|sup|code|pre|table|a|h\d|blockquote|hr)\b[^<>]*>",
                    re.IGNORECASE)
RIGHT = re.compile(r"([A-Ja-j])(?:\s*[:=(]?\s*(-?\d{1,3}(?:[.,]\d{1,7})?)\s*%\)?)?")
NUMBER = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?")
PAIR = re.compile(r"->|→|=>")
Number = tuple[Decimal, Decimal, Fraction]


class RowRefused(ValueError):
    """The row is no question; says what is wrong and what to do."""


def html_of(cell: str, inline: bool = False) -> str:
    """Safe HTML of a cell: plain text, unless it has tags we know."""
    if not MARKED.search(cell):
        cell = entities.escape(cell, False).replace("\n", "<br>")
    return clean_inline(cell) if inline else clean_block(cell)


def cell_of(html: str, inline: bool = False) -> str:
    """The cell that reads as this HTML: plain where it can be."""
    words = entities.unescape(html.replace("<br>", "\n"))
    if html_of(words, inline) == html:
        return words
    return html if MARKED.search(html) else f"<p>{html}</p>"


class Row:
    """The cells of a row by their column."""

    def __init__(self, cells: tuple[str, ...], columns: dict[str, int]) -> None:
        self.cells = {key: cells[place] for key, place in columns.items() if cells[place]}

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(letter, text) of the options that have one."""
        return [(a, self[a]) for a in LETTERS if self[a]]

    def question(self, identity: str) -> Question:
        """Raises RowRefused."""
        kind = kind_of(self["type"])
        if not kind:
            raise RowRefused(f"El tipo «{self['type'][:40]}» no existe.", f"Use: {', '.join(TYPES.values())}.")
        options, numbers = self._answers(kind)
        name = " ".join(self["name"].split())[:200] or (plain(html_of(self["text"]))[:80].strip())
        words = (" ".join(tag.split())[:100].strip() for tag in re.split("[,;]", self["tags"]))
        tags = tuple(dict.fromkeys(filter(None, words)))
        category = "/".join(filter(None, (" ".join(part.split()) for part in self["category"][:500].split("/"))))
        return Question(identity, kind, html_of(self["text"]), options, self._points(kind), html_of(self["feedback"]),
                        numbers, name="" if name == identity else name, category=category, tags=tags,
                        penalty=Fraction(1) if kind == "truefalse" else Fraction(1, 3))

    def _points(self, kind: str) -> Fraction:
        said = self["points"].replace(",", ".")
        if kind == "description":
            return Fraction(0)
        if not said:
            return Fraction(1)
        if not NUMBER.fullmatch(said) or not 0 <= Decimal(said) <= 10_000:
            raise RowRefused(f"El puntaje «{self['points'][:20]}» no es un número.", "Escriba 1, 2 o 0,5.")
        return Fraction(Decimal(said))

    def _answers(self, kind: str) -> tuple[tuple[Option, ...], tuple[Number, ...]]:
        if kind in ("essay", "description"):
            return (), ()
        if kind == "truefalse":
            return self._sides(), ()
        if kind == "numerical":
            return self._numbers()
        if not self.choices and kind == "short" and self["right"]:
            return (Option("a", entities.escape(" ".join(self["right"].split()), False), Fraction(1)),), ()
        if not self.choices:
            raise RowRefused("No hay opciones.", "Escríbalas en las columnas opción A, opción B, …")
        if kind == "matching":
            return self._pairs(), ()
        texts = [entities.escape(" ".join(text.split()), False) if kind == "short" else html_of(text, True)
                 for _, text in self.choices]
        shares = self._shares(kind)
        return tuple(Option(i, text, shares[a], html_of(self[f"feedback {a}"])) for i, text, (a, _) in zip(
            lettered([plain(text) for text in texts]), texts, self.choices, strict=True)), ()

    def _sides(self) -> tuple[Option, ...]:
        said = folded(self["right"])
        if said not in YES | NO:
            raise RowRefused("No dice si es verdadero o falso.", "Escriba «verdadero» o «falso» en «correcta».")
        key = "true" if said in YES else "false"
        return tuple(Option(side, text, Fraction(side == key), html_of(self[f"feedback {a}"]))
                     for a, (side, text) in zip("AB", TEXTS.items(), strict=True))

    def _pairs(self) -> tuple[Option, ...]:
        options: list[Option] = []
        for _, text in self.choices:
            left, *right = PAIR.split(text, maxsplit=1)
            if not right:
                raise RowRefused(f"«{text[:40]}» no es un par.", "Escriba izquierda -> derecha.")
            match = " ".join(right[0].split())
            options.append(Option(letter(len(options)), html_of(left.strip(), True), Fraction(1), match=match))
        return tuple(options)

    def _shares(self, kind: str) -> dict[str, Fraction]:
        """Of each option: as said, or one for the right one; several right ones share it, the others take as much."""
        if kind == "ordering":
            return {a: Fraction(1) for a, _ in self.choices}
        said = [part.strip() for part in re.split(r"[;\n]|,(?!\d)", self["right"]) if part.strip()]
        if kind == "short" and not said:
            return {a: Fraction(1) for a, _ in self.choices}
        found: dict[str, Fraction | None] = {}
        for part in said:
            match = RIGHT.fullmatch(part)
            if not match or not self[match[1].upper()]:
                raise RowRefused(f"«{part[:40]}» no es la letra de una opción.", "Escriba B, o A; C, o A 50%; C 50%.")
            weight = (match[2] or "").replace(",", ".")
            if weight and abs(Decimal(weight)) > 100:
                raise RowRefused(f"«{part[:40]}» no es un peso.", "Escriba un número de -100 a 100.")
            found[match[1].upper()] = share_of(weight) if weight else None
        if not found:
            raise RowRefused("No dice cuál es la correcta.", "Escriba su letra en la columna correcta.")
        equal = [a for a, share in found.items() if share is None]
        usual = Fraction(1, len(equal)) if kind == "multiple" and equal else Fraction(1)
        other = -usual if kind == "multiple" and len(equal) == len(found) else Fraction(0)
        shares = {a: found.get(a, other) for a, _ in self.choices}
        return {a: usual if share is None else share for a, share in shares.items()}

    def _numbers(self) -> tuple[tuple[Option, ...], tuple[Number, ...]]:
        """From the options with their weights, or the one in the column of the right answer."""
        choices = self.choices or [("A", self["right"])]
        shares = self._shares("short") if self.choices else {"A": Fraction(1)}
        numbers: list[Number] = []
        options: list[Option] = []
        for a, text in choices:
            value, tolerance = _number(text)
            numbers.append((value, tolerance, shares[a]))
            key = "*" if tolerance == ANY else f"{value:f}:{tolerance:f}" if tolerance else f"{value:f}"
            options.append(Option(letter(len(options)), key, shares[a], html_of(self[f"feedback {a}"])))
        return tuple(options), tuple(numbers)


def _number(text: str) -> tuple[Decimal, Decimal]:
    """3,14 ± 0,01 or 1..5 or *: (value, tolerance)."""
    said = "".join(text.replace("−", "-").replace("–", "-").split())
    if said == "*":
        return Decimal(0), ANY
    low, dots, high = said.partition("..")
    value, sign, tolerance = (re.sub(r"\+/?-|±|:", "±", said)).partition("±")
    ends = [_decimal(low), _decimal(high)] if dots else [_decimal(value), _decimal(tolerance) if sign else Decimal(0)]
    if None in ends or (not dots and (ends[1] or 0) < 0):
        raise RowRefused(f"«{text[:40]}» no es un número.", "Escriba 3,14 o 3,14 ± 0,01 o 1..5.")
    first, second = Decimal(ends[0] or 0), Decimal(ends[1] or 0)
    return ((first + second) / 2, abs(second - first) / 2) if dots else (first, second)


def _decimal(text: str) -> Decimal | None:
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    return Decimal(text) if NUMBER.fullmatch(text) else None

