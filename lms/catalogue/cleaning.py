"""The last gate of every text: only the elements, attributes and links named here leave this file."""

import re

import nh3

WORDS = frozenset({"a", "b", "br", "code", "del", "em", "i", "strong", "sub", "sup"})
BLOCKS = WORDS | {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
LESSON = BLOCKS | {"aside", "caption", "div", "h2", "section", "table", "tbody", "td", "th", "thead", "tr"}

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
LINK = re.compile(r"(?:https?://|mailto:|tel:)\S*", re.IGNORECASE)
ABROAD = "noopener noreferrer"
DROPPED = frozenset({"script", "style"})                # their content goes too

ANCHORED = {"id", "aria-label"}
ATTRIBUTES = {
    "a": {"href", "rel", *ANCHORED}, "aside": {"aria-label"}, "div": {"aria-label", "role", "tabindex"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "li": {"id"}, "ol": {"start"},
    "section": {"aria-label"}, "th": {"scope"},
}
CLASSES = {
    "a": {"fn"}, "aside": {"callout", "stack", "stack-s"}, "div": {"scroll", "sheet", "stack", "stack-s"},
    "p": {"mute", "small"}, "section": {"notes"}, "table": {"table"}, "td": {"n"}, "th": {"n"},
}


def is_link(address: str) -> bool:
    """Whether an address may be followed from our pages."""
    return bool(LINK.fullmatch(address))


def _only_links(tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or is_link(value.strip()) else None


def _cleaned(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(html, tags=set(tags), clean_content_tags=set(DROPPED), attributes={"a": {"href"}},
                     attribute_filter=_only_links, url_schemes=set(SCHEMES), link_rel=ABROAD).strip()


def clean_inline(html: str) -> str:
    """Safe HTML of words, for a label; the paragraphs of block HTML become lines."""
    lines = re.sub(r"</(?:p|div|li|h\d|pre|tr)>\s*(?=\S)", "<br>", html, flags=re.IGNORECASE)
    words = _cleaned(lines, WORDS)
    return re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", words).strip()


def clean_block(html: str) -> str:
    """Safe HTML of a short text; one lone paragraph is given without its tags."""
    found = _cleaned(html, frozenset(BLOCKS))
    alone = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", found, re.DOTALL)
    return alone[1].strip() if alone else found


def clean_lesson(html: str) -> str:
    """Safe HTML of a whole lesson, with the parts our own markup made."""
    return nh3.clean(html, tags=set(LESSON), clean_content_tags=set(DROPPED), attributes=ATTRIBUTES,
                     allowed_classes=CLASSES, url_schemes=set(SCHEMES), link_rel=None).strip()
