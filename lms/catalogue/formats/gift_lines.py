"""A GIFT file cut where its blank lines are, with what its comments and categories say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.catalogue.notation import PRIVATE, hide

IDENTITY = re.compile(r"\[id:((?:\\]|[^]\x00-\x1f]){1,200})]")
TAG = re.compile(r"\[tag:((?:\\]|[^]<>`\x00-\x1f]){1,200})]")
CONTEXT = re.compile(r"\$(?:course|system|module|coursecat|cat\d*)\$?/?|top(?:/|$)")
SLASH = "\u2215"                # a slash within a category's name, which Moodle writes //
LONGEST_ID = 100


@dataclass(frozen=True)
class Block:
    """Lines of a file without a blank one between, escapes hidden and comments emptied."""
    text: str
    line: int                   # of its first line
    comments: str = ""

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def part(self, start: int, end: int | None = None) -> "Block":
        return Block(self.text[start:end], self.line_at(start), self.comments)

    def trimmed(self) -> "Block":
        return self.part(len(self.text) - len(self.text.lstrip()))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag.strip().replace("\\]", "]") for tag in TAG.findall(self.comments)))

    @property
    def identity(self) -> str:
        """The id its comments give it, "" if none."""
        said = IDENTITY.search(self.comments)
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


def unused(identity: str, known: Iterable[str]) -> str:
    """An id no other question has: "a", "a (2)", "a (3)" …"""
    identity = identity[:LONGEST_ID].strip()
    number, found = 1, identity
    while found in known:
        number += 1
        found = f"{identity[:LONGEST_ID - 8].strip()} ({number})"
    return found


def category_of(path: str) -> str:
    """Moodle's path of a category without the context it begins with: "$course$/top/A/B" is "A/B"."""
    path = " ".join(path.replace("//", SLASH).split()).strip(f"/ {SLASH}")
    while found := CONTEXT.match(path):
        path = path[found.end():].strip(f"/ {SLASH}")
    return "/".join(filter(None, (part.strip(f" {SLASH}") for part in path[:500].split("/"))))
