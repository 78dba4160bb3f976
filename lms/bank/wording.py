"""The texts of a question as people type them, and the safe HTML they are kept as: each the inverse of the other. Pure.

Typed: **negrita**, *cursiva*, [texto](https://…), ![lo que muestra](imagen.png), lines that begin with "- " or "1. ",
an empty line between paragraphs. Everything else is itself: "5*3*2" and "a < b" need no care. What HTML can say beyond
that stays in its tags, so that opening and saving a question loses nothing.
"""

import html as entities
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from lms.catalogue.cleaning import clean_block, clean_inline

VOID = frozenset({"br", "hr", "img", "source", "track", "col", "wbr"})
INLINE = frozenset({"a", "b", "strong", "i", "em", "sub", "sup", "del", "code", "br", "img", "u", "s", "span", "abbr",
                    "cite", "q", "small", "mark", "kbd", "var", "samp", "ins"})
RAW = r"</?(?:em|strong|sub|sup|del|code|u|s|br|a|img|ins|abbr|kbd|var|samp)(?:\s+[a-z-]+=\"[^\"<>]*\")*\s*/?>"
MARK = re.compile(
    r"\\([\\*\[\]<\-.!#])"                                                      # 1 an escaped sign
    r"|(!?)\[([^\[\]\n]*)\]\(([^()\s]+)\)"                                      # 2 3 4 a link or an image
    r"|\*\*(?=\S)((?:(?!\*\*).)+?)(?<=\S)\*\*"                                  # 5 bold
    r"|(?<![\w*])\*(?=[^\s*])((?:(?!\*).)+?)(?<=[^\s*])\*(?![\w*])"             # 6 italic
    rf"|({RAW})", re.DOTALL)                                                     # 7 a tag
BULLET, NUMBER = re.compile(r"- +"), re.compile(r"\d{1,3}\. +")
BLOCK = re.compile(r"<(?:table|ul|ol|blockquote|pre|h[1-6]|hr|div|audio|video|dl)\b[^<>]*>", re.IGNORECASE)
LONGEST = 40_000                # characters of one text
DEEPEST = 30                    # tags within tags that are looked at apart


def to_html(text: str, media: Mapping[str, str], block: bool = True) -> str:
    """Safe HTML of a typed text; `media`: the path of each image by its name."""
    text = text[:LONGEST].replace("\r\n", "\n").strip()
    if not block:
        return clean_inline(_inline(text, media).replace("\n", "<br>"))
    return clean_block("".join(_paragraph(part, media) for part in re.split(r"\n\s*\n", text) if part.strip()))


def _paragraph(text: str, media: Mapping[str, str]) -> str:
    text = text.strip("\n")
    if BLOCK.match(text) and text.rstrip().endswith(">"):
        return text
    made, lines = "", text.split("\n")
    while lines:
        mark = next((m for m in (BULLET, NUMBER) if m.match(lines[0])), None)
        taken = 0
        while taken < len(lines) and bool(mark) == bool((mark or BULLET).match(lines[taken])) and (
                mark or not NUMBER.match(lines[taken])):
            taken += 1
        group, lines = lines[:taken], lines[taken:]
        if mark:
            items = "".join(f"<li>{_inline(mark.sub('', line, count=1), media)}</li>" for line in group)
            made += f"<{'ul' if mark is BULLET else 'ol'}>{items}</{'ul' if mark is BULLET else 'ol'}>"
        else:
            made += f"<p>{_inline(chr(10).join(group), media)}</p>".replace("\n", "<br>")
    return made


def _inline(text: str, media: Mapping[str, str], depth: int = 0) -> str:
    made, at = "", 0
    for m in MARK.finditer(text) if depth < 5 else ():
        made += entities.escape(text[at:m.start()], quote=False) + _said(m, media, depth)
        at = m.end()
    return made + entities.escape(text[at:], quote=False)


def _said(m: re.Match[str], media: Mapping[str, str], depth: int) -> str:
    sign, image, words, address, bold, italic, tag = m.groups()
    if sign:
        return entities.escape(sign, quote=False)
    if address:
        if image:
            path = media.get(address, address)
            return f'<img src="{entities.escape(path)}" alt="{entities.escape(words)}">'
        return f'<a href="{entities.escape(address)}">{_inline(words, media, depth + 1)}</a>'
    if bold or italic:
        name = "strong" if bold else "em"
        return f"<{name}>{_inline(bold or italic, media, depth + 1)}</{name}>"
    return tag


# And back -------------------------------------------------------------------------------------------------------------

@dataclass
class _Node:
    tag: str
    attributes: list[tuple[str, str]] = field(default_factory=list)
    inside: list["_Node | str"] = field(default_factory=list)

    def raw(self) -> str:
        start = self.tag + "".join(f' {name}="{entities.escape(value)}"' for name, value in self.attributes)
        if self.tag in VOID:
            return f"<{start}>"
        inside = "".join(entities.escape(n, quote=False) if isinstance(n, str) else n.raw() for n in self.inside)
        return f"<{start}>{inside}</{self.tag}>"


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, [(name, value or "") for name, value in attrs if name != "rel"])
        self.open[-1].inside.append(node)
        if tag not in VOID and len(self.open) < DEEPEST:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in (node.tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def to_text(html: str, names: Mapping[str, str]) -> str:
    """Safe HTML as people type it; `names`: the name of each image by its path."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return "\n\n".join(_parts(tree.open[0].inside, names)).strip()


def _parts(nodes: Iterable[_Node | str], names: Mapping[str, str]) -> Iterable[str]:
    run: list[_Node | str] = []
    for node in nodes:
        if isinstance(node, str) or node.tag in INLINE:
            run.append(node)
            continue
        if words := _run(run, names):
            yield words
        run = []
        if node.tag == "p":
            if words := _run(node.inside, names):
                yield words
        elif node.tag in ("ul", "ol") and all(_simple_item(n) for n in node.inside):
            items = [n for n in node.inside if isinstance(n, _Node)]
            yield "\n".join((f"{n}. " if node.tag == "ol" else "- ") + _run(item.inside, names).replace("\n", " ")
                            for n, item in enumerate(items, 1))
        else:
            yield node.raw().replace("\n", "&#10;" if node.tag == "pre" else " ")
    if words := _run(run, names):
        yield words


def _simple_item(node: _Node | str) -> bool:
    if isinstance(node, str):
        return not node.strip()
    return node.tag == "li" and all(isinstance(n, str) or n.tag in INLINE for n in node.inside)


def _run(nodes: Iterable[_Node | str], names: Mapping[str, str]) -> str:
    text = _words(nodes, names)
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return "\n".join(re.sub(r"^(?:(-)(?= )|(\d{1,3})\.(?= ))", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\.", line)
                     for line in lines).strip()


def _words(nodes: Iterable[_Node | str], names: Mapping[str, str]) -> str:
    """Italics that touch a letter keep their tag: a star inside a word is only a star."""
    nodes = list(nodes)
    said = ["", *(_word(node, names) for node in nodes), ""]
    for n, node in enumerate(nodes, 1):
        touches = re.match(r"[\w*]", said[n - 1][-1:] or " ") or re.match(r"[\w*]", said[n + 1][:1] or " ")
        if not isinstance(node, str) and node.tag in ("i", "em") and said[n].startswith("*") and touches:
            said[n] = f"<em>{said[n][1:-1]}</em>"
    return "".join(said)


def _word(node: _Node | str, names: Mapping[str, str]) -> str:
    if isinstance(node, str):
        plain = re.sub(r"[ \t\r\n\f]+", " ", node)
        return plain if _inline(plain, {}) == entities.escape(plain, quote=False) else re.sub(
            r"[\\*\[\]]|<(?=[a-z/])", r"\\\g<0>", plain)
    inside = _words(node.inside, names)
    attributes = dict(node.attributes)
    if node.tag == "br":
        return "\n"
    if node.tag == "img" and set(attributes) <= {"src", "alt"}:
        source = attributes.get("src", "")
        name = names.get(source, source)
        if name and not re.search(r"[()\s]", name) and not re.search(r"[\[\]\n]", attributes.get("alt", "")):
            return f"![{attributes.get('alt', '')}]({name})"
    if node.tag == "a" and set(attributes) == {"href"} and not re.search(r"[()\s]", attributes["href"]) \
            and not re.search(r"[\[\]\n]", inside):
        return f"[{inside}]({attributes['href']})"
    if node.tag in ("b", "strong") and not attributes and inside == inside.strip() != "" and "*" not in inside:
        return f"**{inside}**"
    if node.tag in ("i", "em") and not attributes and inside == inside.strip() != "" and "*" not in inside:
        return f"*{inside}*"
    start = node.tag + "".join(f' {name}="{entities.escape(value)}"' for name, value in node.attributes)
    return f"<{start}>" if node.tag in VOID else f"<{start}>{inside}</{node.tag}>"
