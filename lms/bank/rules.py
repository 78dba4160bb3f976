"""What of a question counts as the same, how its words are found, and the tree of categories. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import Any

from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question
from lms.catalogue.stored import pack_question
from lms.foundation.spanish import folded

MOST_KEY = 8_000                # characters of a question's words that a search looks through
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


def digest(question: Question) -> str:
    """The same for two questions that ask the same, whatever they are called and worth."""
    same = replace(bare(question), name="", points=Fraction(1), penalty=Fraction(1, 3))
    return sha256(pack_question(same)).hexdigest()


def search_key(question: Question, code: str = "") -> str:
    """All words of a question, as a search compares them."""
    words = " ".join([code, question.name, *(plain(text) for text in _texts(bare(question)))])
    return folded(words[:MOST_KEY])[:MOST_KEY]


def asked_key(question: Question) -> str:
    """The words of what is asked: near duplicates share most of them."""
    return folded(plain(question.text)[:1000])


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in ("id", "kind", "media", "name"):
                yield from _texts(getattr(value, part.name))


def split_path(path: str) -> list[str]:
    """"Legal/Ley 18.695//texto" -> ["Legal", "Ley 18.695/texto"]."""
    return [name for part in path.replace("//", "\0").split("/") if (name := part.replace("\0", "/").strip())]
