"""The last gate of every text: only the elements, attributes and links named here leave this file."""

import re

import nh3

WORDS = frozenset({"a", "b", "br", "code", "del", "em", "i", "strong", "sub", "sup", "u"})
BLOCKS = WORDS | {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TABLES = frozenset({"caption", "table", "tbody", "td", "th", "thead", "tr"})
SHOWN = frozenset({"img", "audio", "video"})             # only with a file of ours: /medios/<sha256>.<kind>
WRAPPERS = frozenset("""span div font center small big label section article figure figcaption header footer main nobr
    wbr source track h1 h2 strike s ins tfoot col colgroup dl dt dd html body""".split())      # nothing but their words
LESSON = (BLOCKS - {"u"}) | TABLES | {"aside", "div", "h2", "section"}

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
LINK = re.compile(r"(?:https?://|mailto:|tel:)\S*", re.IGNORECASE)
MEDIA = re.compile(r"/medios/[0-9a-f]{64}\.[a-z0-9]{2,4}")
MARKED = re.compile("[<>&\xa0\x00\r]")        # without any of these a text is its own safe HTML
ATTRIBUTE = r"""(?:\s[\w-]{1,40}(?:="[^"]*")?)"""
TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})(?=[\s/>])")
EMPTY = re.compile(rf"""<(img|audio|video)(?!{ATTRIBUTE}*?\ssrc="){ATTRIBUTE}*>(?:</\1>)?""")
NO_ALT = re.compile(rf"""<img(?!{ATTRIBUTE}*?\salt=)(?=\s)""")
PLAYED = re.compile(r"<(?:img|audio|video)\b", re.IGNORECASE)
FOREIGN = re.compile(r"<(?:iframe|object|embed|svg|canvas|math)\b|@@PLUGINFILE@@", re.IGNORECASE)
HEADINGS = re.compile(r"<(/?)h[12](?=[\s>])", re.IGNORECASE)
ABROAD = "noopener noreferrer"
DROPPED = frozenset({"script", "style"})                # their content goes too

ANCHORED = {"id", "aria-label"}
ATTRIBUTES = {
    "a": {"href", "rel", *ANCHORED}, "aside": {"aria-label"}, "div": {"aria-label", "role", "tabindex"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "li": {"id"}, "ol": {"start"},
    "section": {"aria-label"}, "th": {"scope"},
}
QUESTION = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "audio": {"src", "controls"},
            "video": {"src", "controls", "width", "height"}, "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan", "scope"}}
CLASSES = {
    "a": {"fn"}, "aside": {"callout", "stack", "stack-s"}, "div": {"scroll", "sheet", "stack", "stack-s"},
    "p": {"mute", "small"}, "section": {"notes"}, "table": {"table"}, "td": {"n"}, "th": {"n"},
}


def is_link(address: str) -> bool:
    """Whether an address may be followed from our pages."""
    return bool(LINK.fullmatch(address))


def _only_links(tag: str, name: str, value: str) -> str | None:
    if tag in SHOWN:
        return value if name != "src" or MEDIA.fullmatch(value) else None
    return value if name != "href" or is_link(value.strip()) or MEDIA.fullmatch(value) else None


def _cleaned(html: str, tags: frozenset[str]) -> str:
    """With the images, sounds and films that are ours; those from elsewhere go, tag and all."""
    if not MARKED.search(html):
        return html.strip()
    found = nh3.clean(html, tags=set(tags | SHOWN), clean_content_tags=set(DROPPED), attributes=QUESTION,
                      attribute_filter=_only_links, url_schemes=set(SCHEMES), link_rel=ABROAD).strip()
    return _shown(found).strip() if "<img" in found or "<audio" in found or "<video" in found else found


def _shown(html: str) -> str:
    """Only what has its file; whoever can not see an image without words is told so by an empty alt."""
    return NO_ALT.sub('<img alt=""', EMPTY.sub("", html))


def loses(html: str, cleaned: str) -> bool:
    """Whether an image, sound, film or embedded page did not come through the cleaning."""
    if "<" not in html and "@@" not in html:
        return False
    return bool(FOREIGN.search(html)) or len(PLAYED.findall(html)) > len(PLAYED.findall(cleaned))


def dropped(html: str) -> list[str]:
    """The elements of a text that say something and do not come through the cleaning: their words stay."""
    return sorted({tag.lower() for tag in TAG.findall(html)} - BLOCKS - TABLES - SHOWN - WRAPPERS)


def clean_inline(html: str) -> str:
    """Safe HTML of words, for a label; the paragraphs of block HTML become lines."""
    lines = re.sub(r"</(?:p|div|li|h\d|pre|tr)>\s*(?=\S)", "<br>", html, flags=re.IGNORECASE)
    words = _cleaned(lines, WORDS)
    return re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", words).strip()


def clean_block(html: str) -> str:
    """Safe HTML of a short text; one lone paragraph is given without its tags."""
    found = _cleaned(HEADINGS.sub(r"<\1h3", html), BLOCKS | TABLES)
    alone = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", found, re.DOTALL)
    return alone[1].strip() if alone else found


def clean_lesson(html: str) -> str:
    """Safe HTML of a whole lesson, with the parts our own markup made."""
    return nh3.clean(html, tags=set(LESSON), clean_content_tags=set(DROPPED), attributes=ATTRIBUTES,
                     allowed_classes=CLASSES, url_schemes=set(SCHEMES), link_rel=None).strip()
