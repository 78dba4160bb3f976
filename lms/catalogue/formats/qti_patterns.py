"""Regular expressions out of a file (those of XML Schema), matched without trying one way after another: all places
where a part may end are kept at once, so the effort is bounded whatever the pattern is. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST, DEEPEST, MOST_TIMES, MOST_TEXT = 300, 20, 1000, 1000      # of a pattern, its groups, its counts, a text
EFFORT = 60_000                         # characters looked at for one match
REPEAT = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
Test = Callable[[str], bool]
CLASSES: dict[str, Test] = {
    "d": lambda c: unicodedata.category(c) == "Nd", "s": lambda c: c in " \t\n\r",
    "w": lambda c: unicodedata.category(c)[0] not in "PZC" or c == "_",
    "i": lambda c: c.isalpha() or c in "_:", "c": lambda c: c.isalnum() or c in "_:.-\u00b7"}
SIGNS = {"n": "\n", "r": "\r", "t": "\t"}


class Unreadable(ValueError):
    """What is not matched: not such an expression, one of what we do not know, or too much effort."""


@dataclass(frozen=True)
class Char:
    test: Test


@dataclass(frozen=True)
class Row:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    ways: tuple["Node", ...]


@dataclass(frozen=True)
class Times:
    part: "Node"
    least: int
    most: int | None


Node = Char | Row | Either | Times


def fits(pattern: str, text: str, case: bool = True) -> tuple[bool, int]:
    """Whether the whole text fits, and the effort it took. Raises Unreadable."""
    if len(text) > MOST_TEXT:
        raise Unreadable("text")
    run = _Run(text, case)
    return len(text) in run.ends(Parser(pattern).read(), frozenset((0,))), run.spent


class _Run:
    """One text against one pattern."""

    def __init__(self, text: str, case: bool) -> None:
        self.text, self.case, self.spent = text, case, 0

    def ends(self, node: Node, starts: frozenset[int]) -> frozenset[int]:
        """Where the part may end if it begins at one of these places."""
        self.spent += 1 + len(starts)
        if self.spent > EFFORT:
            raise Unreadable("effort")
        match node:
            case Char(test):
                return frozenset(i + 1 for i in starts if i < len(self.text) and self._fits(test, self.text[i]))
            case Row(parts):
                for part in parts:
                    starts = self.ends(part, starts)
                return starts
            case Either(ways):
                return frozenset().union(*(self.ends(way, starts) for way in ways))
        return self._repeated(node, starts)

    def _repeated(self, node: Times, starts: frozenset[int]) -> frozenset[int]:
        for _ in range(node.least):
            starts = self.ends(node.part, starts)
            if not starts:
                return starts
        found, fresh, times = starts, starts, node.least
        while fresh and (node.most is None or times < node.most):
            fresh = self.ends(node.part, fresh) - found
            found, times = found | fresh, times + 1
        return found

    def _fits(self, test: Test, sign: str) -> bool:
        return test(sign) or (not self.case and any(test(c) for c in (*sign.lower(), *sign.upper(), *sign.casefold())))


class Parser:
    """A pattern read from left to right. ^ and $ are let be at its ends, where many write them and they say nothing."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise Unreadable("long")
        tail = pattern[:-1]
        escaped = (len(tail) - len(tail.rstrip("\\"))) % 2
        self.rest = (tail if pattern.endswith("$") and not escaped else pattern).removeprefix("^")
        self.at, self.depth = 0, 0

    def read(self) -> Node:
        found = self._either()
        if self.at < len(self.rest):
            raise Unreadable(self.rest[self.at:])
        return found

    def _next(self, sign: str) -> bool:
        """Passes over a sign if it is there."""
        there = self.rest.startswith(sign, self.at)
        self.at += len(sign) if there else 0
        return there

    def _take(self) -> str:
        if self.at >= len(self.rest):
            raise Unreadable("end")
        self.at += 1
        return self.rest[self.at - 1]

    def _either(self) -> Node:
        ways = [self._row()]
        while self._next("|"):
            ways.append(self._row())
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.rest) and self.rest[self.at] not in "|)":
            parts.append(self._repeat(self._atom()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _repeat(self, part: Node) -> Node:
        sign = self.rest[self.at:self.at + 1]
        if sign in ("*", "+", "?"):
            self.at += 1
            found = Times(part, int(sign == "+"), 1 if sign == "?" else None)
        elif sign == "{":
            counted = REPEAT.match(self.rest, self.at)
            if not counted:
                raise Unreadable("{")
            self.at = counted.end()
            least = int(counted[1])
            most = (int(counted[3]) if counted[3] else None) if counted[2] else least
            if max(least, most or 0) > MOST_TIMES or (most is not None and most < least):
                raise Unreadable("{")
            found = Times(part, least, most)
        else:
            return part
        self._next("?")                 # as few as possible: the same texts fit
        if self.rest[self.at:self.at + 1] in ("*", "+", "?", "{"):
            raise Unreadable("repeat")
        return found

    def _atom(self) -> Node:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return Char(self._class())
        if sign == "\\":
            return Char(self._escape())
        if sign == ".":
            return Char(lambda c: c not in "\n\r")
        if sign in "*+?{}]^$":
            raise Unreadable(sign)
        return Char(lambda c: c == sign)

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST or (self._next("?") and not self._next(":")):
            raise Unreadable("(?")
        found = self._either()
        if not self._next(")"):
            raise Unreadable("(")
        self.depth -= 1
        return found

    def _escape(self) -> Test:
        sign = self._take()
        if sign in "pP":
            return self._category(sign == "P")
        if sign.lower() in CLASSES:
            test = CLASSES[sign.lower()]
            return (lambda c: not test(c)) if sign.isupper() else test
        one = SIGNS.get(sign, sign)
        if one.isalnum():
            raise Unreadable("\\" + sign)
        return lambda c: c == one

    def _category(self, other: bool) -> Test:
        end = self.rest.find("}", self.at)
        name = self.rest[self.at + 1:end]
        if not self._next("{") or end < 0 or not re.fullmatch(r"[LMNPZSC][a-z]?", name):
            raise Unreadable("\\p")
        self.at = end + 1
        return lambda c: unicodedata.category(c).startswith(name) != other

    def _class(self) -> Test:
        """What stands in brackets: signs, ranges, escapes, and -[less these]."""
        other, tests, less = self._next("^"), list[Test](), None
        while not (tests and self._next("]")):
            if tests and self._next("-["):
                less = self._class()
                if not self._next("]"):
                    raise Unreadable("[")
                break
            tests.append(self._ranged())
        return lambda c: any(test(c) for test in tests) != other and not (less is not None and less(c))

    def _ranged(self) -> Test:
        sign = self._take()
        if sign == "[":
            raise Unreadable("[")
        if sign == "\\":
            one = self._escape()
            if self.rest[self.at:self.at + 1] == "-" and self.rest[self.at + 1:self.at + 2] not in ("]", "["):
                raise Unreadable("\\-")
            return one
        ahead = self.rest[self.at:self.at + 2]
        if len(ahead) < 2 or ahead[0] != "-" or ahead[1] in "][":
            return lambda c: c == sign
        self.at += 1
        last = self._take()
        last = SIGNS.get(escaped := self._take(), escaped) if last == "\\" else last
        if last < sign:
            raise Unreadable("-")
        return lambda c: sign <= c <= last
