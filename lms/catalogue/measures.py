"""How large an image is, in its pixels, read from its first bytes."""

import re

from lxml import etree

LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,6})?)\s*(?:px)?\s*")
BOX = re.compile(r"\s*-?[\d.]{1,12}[\s,]+-?[\d.]{1,12}[\s,]+([\d.]{1,12})[\s,]+([\d.]{1,12})\s*")
MOST = 20_000                   # pixels
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}      # the JPEG segments that say the size


def size(content: bytes) -> tuple[int, int]:
    """(width, height) of a png, gif, jpg, webp or svg; (0, 0) when it does not say."""
    width, height = _size(content)
    return (width, height) if 0 < width <= MOST and 0 < height <= MOST else (0, 0)


def _size(content: bytes) -> tuple[int, int]:
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return _number(content[16:20]), _number(content[20:24])
    if content[:4] == b"GIF8":
        return _small(content[6:8]), _small(content[8:10])
    if content[:2] == b"\xff\xd8":
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return _svg(content) if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else (0, 0)


def _number(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _small(part: bytes) -> int:
    return int.from_bytes(part, "little")


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    for _ in range(1000):
        if at + 9 > len(content) or content[at] != 0xFF:
            return 0, 0
        if content[at + 1] in FRAMES:
            return _number(content[at + 7:at + 9]), _number(content[at + 5:at + 7])
        at += 1 if content[at + 1] == 0xFF else 2 + max(_number(content[at + 2:at + 4]), 2)
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return _small(content[24:27]) + 1, _small(content[27:30]) + 1
    if kind == b"VP8L":
        bits = _small(content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (_small(content[26:28]) & 0x3FFF, _small(content[28:30]) & 0x3FFF) if kind == b"VP8 " else (0, 0)


def _svg(content: bytes) -> tuple[int, int]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return 0, 0
    width, height = LENGTH.fullmatch(str(root.get("width", ""))), LENGTH.fullmatch(str(root.get("height", "")))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = BOX.fullmatch(str(root.get("viewBox", "")))
    try:
        return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
    except ValueError:
        return 0, 0
