"""A GIFT file cut where its blank lines are, with what its comments and categories say."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lms.catalogue.notation import PRIVATE, hide

IDENTITY = re.compile(r"\[id:((?:\\]|[^]\x00-\x1f]){1,200})]")
TAG = re.compile(r"\[tag:((?:\\]|[^]<>`\x00-\x1f]){1,200})]")
CONTEXT = re.compile(r"\$(?:course|system|module|coursecat|cat\d*)\$?/?|top(?:/|$)")
SLASH = "\ue0fe"                # a slash within a category's name, written //, while a path is cut
LONGEST_ID = 100


class Block(NamedTuple):
    """Lines of a file without a blank one between, escapes hidden and comments emptied."""
    text: str
    line: int                   # of its first line
    comments: str = ""

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def part(self, start: int, end: int | None = None) -> "Block":
        return Block(self.text[start:end], self.line_at(start) if start else self.line, self.comments)

    def trimmed(self) -> "Block":
        spaces = len(self.text) - len(self.text.lstrip())
        return self.part(spaces) if spaces else self

    @property
    def tags(self) -> tuple[str, ...]:
        said = TAG.findall(self.comments) if self.comments else ()
        return tuple(dict.fromkeys(tag.strip().replace("\\]", "]") for tag in said))

    @property
    def identity(self) -> str:
        """The id its comments give it, "" if none."""
        said = IDENTITY.search(self.comments) if self.comments else None
        return said[1].replace("\\]", "]").strip()[:LONGEST_ID] if said else ""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file, whatever its line ends."""
    text = PRIVATE.sub("", text.replace("\ufeff", "")).replace("\r\n", "\n").replace("\r", "\n")
    lines: list[str] = []
    comments: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            comment = line.lstrip().startswith("//")
            comments += [line] if comment else []
            lines.append("" if comment else line)
            continue
        if any(lines):
            yield Block(hide("\n".join(lines)), start, "\n".join(comments))
        lines, comments, start = [], [], number + 1


def marks(identity: str, tags: Iterable[str]) -> str:
    """The comment that says an id ("" for none) and tags."""
    said = [f"[id:{_marked(identity)}]"] if identity else []
    said += [f"[tag:{_marked(tag)}]" for tag in tags]
    return f"// {' '.join(said)}\n" if said else ""


def _marked(text: str) -> str:
    return re.sub(r"[\x00-\x1f\u2028\u2029]", " ", text).replace("]", "\\]")


class Unused:
    """Ids no other question of a file has: "a", "a (2)", "a (3)" …"""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.many: Counter[str] = Counter()

    def like(self, identity: str) -> str:
        identity = identity[:LONGEST_ID].strip()
        found = identity
        while found in self.known:
            self.many[identity] += 1
            found = f"{identity[:LONGEST_ID - 8].strip()} ({self.many[identity] + 1})"
        self.known.add(found)
        return found


def category_of(path: str) -> str:
    """Moodle's path of a category without the context it begins with: "$course$/top/A/B" is "A/B". A slash within a
    name stays written //."""
    path = " ".join(path.replace("//", SLASH).split()).strip(f"/ {SLASH}")
    while found := CONTEXT.match(path):
        path = path[found.end():].strip(f"/ {SLASH}")
    parts = (part.strip(f" {SLASH}").replace(SLASH, "//") for part in path[:500].split("/"))
    return "/".join(filter(None, parts))
