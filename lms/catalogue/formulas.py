"""Moodle's formula language for calculated questions: {a} + {b} * sin(pi()). Read by hand, never given to Python."""

import html
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.catalogue.arithmetic import FUNCTIONS, OPERATIONS, SIGNS

LONGEST, DEEPEST = 1000, 60
NAME = re.compile(r"\{([^\W\d_][^{}<>\s\"']{0,60})\}")
IN_TEXT = re.compile(r"\{=([^{}]*(?:\{[^{}]+\}[^{}]*)*)\}")
TOKEN = re.compile(r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>\{[^{}]*\})|"
                   r"(?P<word>[A-Za-z_]\w*)|"
                   r"(?P<mark>\*\*|<<|>>|<=|>=|<>|==|!=|&&|\|\||[-+*/%<>!~^&|?:(),]))", re.ASCII)

class BadFormula(Exception):
    """Why a formula can not be read or has no value, in Spanish; `at` counts its characters from 1, 0 unknown."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(f"{message} (carácter {at})" if at else message)
        self.at = at


Node = Callable[[Mapping[str, float]], float]       # a formula read: gives its value for the values of its names


@dataclass(frozen=True)
class Formula:
    """A formula that could be read."""
    source: str
    names: tuple[str, ...]
    node: Node

    def value(self, values: Mapping[str, Decimal | float]) -> float:
        """Its value; BadFormula where it has none: a division by zero, a root of a negative number, a name unknown."""
        try:
            found = self.node({name: float(value) for name, value in values.items()})
        except KeyError as missing:
            raise BadFormula(f"No hay valores para {{{missing.args[0]}}}.") from None
        except ZeroDivisionError:
            raise BadFormula("Se divide por cero.") from None
        except (ValueError, OverflowError, RecursionError):
            raise BadFormula("No tiene un valor numérico con estos datos.") from None
        if not math.isfinite(found):
            raise BadFormula("El valor no es finito con estos datos.")
        return found


def read(source: str) -> Formula:
    """A formula, or BadFormula that says where it is wrong."""
    return _Reader(source).formula()


def flaw(source: str) -> str:
    """What is wrong in a formula, in Spanish; "" when it can be read."""
    try:
        read(source)
    except BadFormula as bad:
        return str(bad)
    return ""


def names_in(text: str) -> tuple[str, ...]:
    """The names a text or a formula uses: {a}, also inside {=…}."""
    return tuple(dict.fromkeys(NAME.findall(text)))


def substituted(text: str, values: Mapping[str, Decimal], shown: Callable[[Decimal | float], str]) -> str:
    """A text with its {=…} and its {a} replaced by numbers; what can not be calculated stays as it was written."""
    def calculated(match: re.Match[str]) -> str:
        try:
            return shown(read(html.unescape(match[1]).replace("\u00a0", " ")).value(values))
        except BadFormula:
            return match[0]

    return NAME.sub(lambda m: shown(values[m[1]]) if m[1] in values else m[0], IN_TEXT.sub(calculated, text))


class _Reader:
    """Recursive descent over the tokens; PHP's precedence, since that is the language Moodle's formulas are in."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0
        self.names: list[str] = []
        self.tokens: list[tuple[str, str, int]] = []        # kind, text, where
        if len(source) > LONGEST:
            raise BadFormula(f"La fórmula es demasiado larga: más de {LONGEST} caracteres.")
        place = 0
        while source[place:].strip():
            met = TOKEN.match(source, place)
            if met is None or source.startswith(("/*", "//", "#"), met.start(met.lastgroup or 0)):
                bad = place + len(source[place:]) - len(source[place:].lstrip())
                raise BadFormula(f"«{source[bad:bad + 2].strip()}» no puede estar en una fórmula.", bad + 1)
            kind = met.lastgroup or ""
            self.tokens.append((kind, met[kind], met.start(kind) + 1))
            place = met.end()

    def formula(self) -> Formula:
        if not self.tokens:
            raise BadFormula("La fórmula está vacía.")
        node = self.ternary()
        if self.at < len(self.tokens):
            _, text, where = self.tokens[self.at]
            raise BadFormula(f"No se espera «{text}»: ¿falta un operador?", where)
        return Formula(self.source, tuple(dict.fromkeys(self.names)), node)

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "", len(self.source) + 1)

    def take(self, *marks: str) -> str:
        """The next mark if it is one of these, else ""."""
        kind, text, _ = self.peek()
        if kind == "mark" and text in marks:
            self.at += 1
            return text
        return ""

    def want(self, mark: str) -> None:
        _, text, where = self.peek()
        if not self.take(mark):
            raise BadFormula(f"Falta «{mark}»" + (f" antes de «{text}»." if text else " al final."), where)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFormula("La fórmula tiene demasiados paréntesis.", self.peek()[2])

    def ternary(self) -> Node:
        self.deeper()
        asked = self.binary(0)
        if self.take("?"):
            yes = asked if self.peek()[1] == ":" else self.ternary()
            self.want(":")
            no = self.ternary()
            self.depth -= 1
            return lambda v: yes(v) if asked(v) else no(v)
        self.depth -= 1
        return asked

    def binary(self, loosest: int) -> Node:
        node = self.unary()
        while True:
            kind, mark, _ = self.peek()
            binds = OPERATIONS.get(mark, (-1, max))[0] if kind == "mark" else -1
            if binds < loosest or mark == "**":
                return node
            self.at += 1
            node = _joined(mark, node, self.binary(binds + 1))

    def unary(self) -> Node:
        self.deeper()
        if mark := self.take("-", "+", "!", "~"):
            node = _signed(mark, self.unary())
        else:
            node = self.power()
        self.depth -= 1
        return node

    def power(self) -> Node:
        base = self.atom()
        return _joined("**", base, self.unary()) if self.take("**") else base

    def atom(self) -> Node:
        kind, text, where = self.peek()
        self.at += 1
        if kind == "number":
            number = float(text)
            return lambda v: number
        if kind == "name":
            if not NAME.fullmatch(text):
                raise BadFormula(f"«{text}» no es un nombre: escriba una letra y luego letras o cifras.", where)
            name = text[1:-1]
            self.names.append(name)
            return lambda v: v[name]
        if kind == "word":
            return self.call(text, where)
        if kind == "mark" and text == "(":
            node = self.ternary()
            self.want(")")
            return node
        raise BadFormula(f"Falta un número o un nombre antes de «{text}»." if text else "Queda incompleta.", where)

    def call(self, word: str, where: int) -> Node:
        found = FUNCTIONS.get(word.lower())
        if found is None:
            raise BadFormula(f"«{word}» no es una función que se conozca.", where)
        least, most, function = found
        self.want("(")
        arguments: list[Node] = []
        if not self.take(")"):
            arguments.append(self.ternary())
            while self.take(","):
                arguments.append(self.ternary())
            self.want(")")
        if not least <= len(arguments) <= most:
            wanted = f"{least}" if least == most else f"{least} o más" if most > 2 else f"{least} o {most}"
            raise BadFormula(f"Entre los paréntesis de «{word}» van {wanted} valores y hay {len(arguments)}.", where)
        return lambda v: float(function(*(argument(v) for argument in arguments)))


def _joined(mark: str, left: Node, right: Node) -> Node:
    operation = OPERATIONS[mark][1]
    return lambda v: operation(left(v), right(v))


def _signed(mark: str, inner: Node) -> Node:
    sign = SIGNS[mark]
    return lambda v: sign(inner(v))
