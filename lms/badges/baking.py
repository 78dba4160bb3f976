"""A badge within its picture: put into a PNG or an SVG, and taken out of whatever file a stranger sends."""

import zlib
from collections.abc import Iterator

from lxml import etree

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
LARGEST_PICTURE = 10 << 20
LARGEST_SVG = 2 << 20
LARGEST_TEXT = 1 << 20
MOST_CHUNKS = 4000
MARK = b"\xef\xbb\xbf"           # of UTF-8, at the beginning of a file


class NotBaked(ValueError):
    """A picture that holds no badge, or not exactly one."""


def bake_png(picture: bytes, badge: str) -> bytes:
    """The PNG with the badge, in place of any it had."""
    kept = [(kind, data) for kind, data in _chunks(picture) if not _is_badge(kind, data)]
    said = (b"iTXt", KEYWORD + b"\0\0\0\0\0" + badge.encode())
    return PNG + b"".join(_chunk(*one) for one in (kept[0], said, *kept[1:]))


def bake_svg(picture: bytes, badge: str) -> bytes:
    """The SVG with the badge: a JWT as an attribute, JSON as text; in place of any it had."""
    root = _svg(picture)
    for old in root.findall(f"{{{NAMESPACE}}}credential"):
        root.remove(old)
    held = etree.Element(f"{{{NAMESPACE}}}credential", nsmap={"openbadges": NAMESPACE})
    if badge.startswith("{"):
        held.text = etree.CDATA(badge.replace("]]>", "]]\\u003e"))
    else:
        held.set("verify", badge)
    root.insert(0, held)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def is_picture(content: bytes) -> bool:
    return content.startswith(PNG) or content.removeprefix(MARK).lstrip()[:1] == b"<"


def unbake(content: bytes) -> str:
    """The badge of a PNG or an SVG: JSON or a JWT, not looked into. Raises NotBaked."""
    return _unbaked_png(content) if content.startswith(PNG) else _unbaked_svg(content)


# PNG ------------------------------------------------------------------------------------------------------------------

def _unbaked_png(content: bytes) -> str:
    held = [data for kind, data in _chunks(content) if _is_badge(kind, data)]
    if len(held) != 1:
        raise NotBaked("no badge in this picture" if not held else "more than one badge in this picture")
    rest = held[0][len(KEYWORD) + 1:]
    packed, method = rest[:1], rest[1:2]
    _language, _, rest = rest[2:].partition(b"\0")
    _translated, _, said = rest.partition(b"\0")
    if packed == b"\1" and method == b"\0":
        said = _unpacked(said)
    elif packed != b"\0":
        raise NotBaked("a text of another kind")
    if len(said) > LARGEST_TEXT:
        raise NotBaked("too large")
    try:
        return said.decode("utf-8")
    except UnicodeDecodeError:
        raise NotBaked("no UTF-8") from None


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        said = unpacking.decompress(packed, LARGEST_TEXT + 1)
    except zlib.error as wrong:
        raise NotBaked(str(wrong)) from None
    if len(said) > LARGEST_TEXT or not unpacking.eof:
        raise NotBaked("too large, or not whole")
    return said


def _is_badge(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each part of a PNG, from its head to its end; what follows the end is not looked at."""
    if len(content) > LARGEST_PICTURE or not content.startswith(PNG):
        raise NotBaked("no PNG, or larger than 10 MB")
    at, count = len(PNG), 0
    while True:
        length = int.from_bytes(content[at:at + 4], "big")
        kind, data = content[at + 4:at + 8], content[at + 8:at + 8 + length]
        told = content[at + 8 + length:at + 12 + length]
        count += 1
        if len(data) != length or len(told) != 4 or count > MOST_CHUNKS or (count == 1) != (kind == b"IHDR"):
            raise NotBaked("a PNG cut short or put together wrongly")
        if zlib.crc32(kind + data) != int.from_bytes(told, "big"):
            raise NotBaked("a damaged PNG")
        yield kind, data
        if kind == b"IEND":
            return
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


# SVG ------------------------------------------------------------------------------------------------------------------

def _unbaked_svg(content: bytes) -> str:
    held = _svg(content).findall(f".//{{{NAMESPACE}}}credential")
    if len(held) != 1:
        raise NotBaked("no badge in this picture" if not held else "more than one badge in this picture")
    said = [text for text in (held[0].get("verify", "").strip(), (held[0].text or "").strip()) if text]
    if len(said) != 1 or len(held[0]):
        raise NotBaked("not exactly one badge in this picture")
    return said[0]


def _svg(content: bytes) -> etree._Element:
    """The picture's root, read without entities, definitions or network."""
    if len(content) > LARGEST_SVG:
        raise NotBaked("larger than 2 MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise NotBaked(str(wrong)[:200]) from None
    defined = root.getroottree().docinfo.internalDTD
    if defined is not None and next(iter(defined.iterentities()), None) is not None:
        raise NotBaked("a picture with entities")
    if etree.QName(root).localname != "svg":
        raise NotBaked("no SVG")
    return root
