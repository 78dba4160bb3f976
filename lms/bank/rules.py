"""What of a question counts as the same, how its words are found, and the tree of categories. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question
from lms.catalogue.stored import Told, told, written
from lms.foundation.spanish import folded

MOST_KEY = 8_000                # characters of a question's words that a search looks through
WORDLESS = frozenset({"id", "kind", "media", "name", "points", "penalty", "share", "category", "tags"})     # or apart
DRAFT, READY = "draft", "ready"


@dataclass(frozen=True)
class Category:
    id: int
    parent_id: int | None
    name: str
    programme: str = ""
    institution_id: int | None = None


@dataclass(frozen=True)
class Tree:
    """All categories, as they hang together."""
    by_id: Mapping[int, Category]

    def path(self, category_id: int) -> str:
        """"Cooperación/Marco legal": a slash inside a name is doubled, as Moodle writes it."""
        return "/".join(c.name.replace("/", "//") for c in self.way(category_id))

    def way(self, category_id: int) -> list[Category]:
        """From the top down to this one."""
        found: list[Category] = []
        at = self.by_id.get(category_id)
        while at is not None and at not in found:
            found.insert(0, at)
            at = self.by_id.get(at.parent_id or 0)
        return found

    def below(self, category_id: int) -> set[int]:
        """This one and all within it."""
        found, new = set(), {category_id}
        while new:
            found |= new
            new = {c.id for c in self.by_id.values() if c.parent_id in new} - found
        return found

    def ordered(self) -> list[tuple[Category, int]]:
        """Each with its depth, in the order in which a list shows them."""
        def under(parent: int | None, depth: int) -> Iterable[tuple[Category, int]]:
            here = [c for c in self.by_id.values() if c.parent_id == parent]
            for category in sorted(here, key=lambda c: (folded(c.name), c.id)):
                yield category, depth
                yield from under(category.id, depth + 1)
        return list(under(None, 0))


def bare(question: Question) -> Question:
    """The question without its place in the bank: that is kept beside it."""
    return replace(question, id="", category="", tags=())


PLACELESS: Told = {"id": "", "category": "", "tags": []}        # as `bare`, of what `stored.told` gives
NAMELESS: Told = {**PLACELESS, "name": "", "points": "1", "penalty": "1/3"}


def digest(question: Question) -> str:
    """The same for two questions that ask the same, whatever they are called and worth."""
    return digest_of(told(question))


def digest_of(plain: Told) -> str:
    return sha256(written({**plain, **NAMELESS})).hexdigest()


def search_key(question: Question, code: str = "") -> str:
    """All words of a question, as a search compares them."""
    texts: list[str] = []
    _texts(question, texts)
    words = " ".join([code, question.name, *(plain(text) for text in texts)])
    return folded(words[:MOST_KEY])[:MOST_KEY]


def asked_key(question: Question) -> str:
    """The words of what is asked and of its answers: near duplicates share most of them."""
    words = [plain(question.text), *(f"{plain(option.text)} {option.match}" for option in question.options)]
    texts: list[str] = []
    _texts(question.body, texts)
    return folded(" ".join([*words, plain(" ".join(texts))])[:2000])


def _texts(value: Any, into: list[str]) -> None:
    """Add the words of a value and of all within it."""
    kind = type(value)
    if kind is str:
        if value:
            into.append(value)
    elif kind is tuple:
        for item in value:
            _texts(item, into)
    else:
        for name in _worded(kind):      # type: ignore[arg-type]
            _texts(getattr(value, name), into)


@lru_cache
def _worded(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that may hold words; () for any other type."""
    return tuple(f.name for f in fields(kind) if f.name not in WORDLESS) if is_dataclass(kind) else ()


def split_path(path: str) -> list[str]:
    """"Legal/Ley 18.695//texto" -> ["Legal", "Ley 18.695/texto"]."""
    return [name for part in path.replace("//", "\0").split("/") if (name := part.replace("\0", "/").strip())]
