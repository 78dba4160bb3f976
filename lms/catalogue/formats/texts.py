"""The text of a file in whatever encoding it was saved, and files written inside a text as data: addresses."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote

from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.media import ADDRESS, TYPES, Album
from lms.catalogue.notation import escaped
from lms.catalogue.rules import Media, Question
from lms.foundation.delimited import Unreadable, decode

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
NAMES = {"cp1252": "Windows-1252", "mac_roman": "Macintosh", "cp850": "MS-DOS", "utf-16-le": "UTF-16",
         "utf-16-be": "UTF-16"}
DATA = re.compile(r"""(?<=["'])data\\?:(?:image|audio|video|application)/[\w.+-]{1,40}"""
                  r"""((?:;[\w-]{1,20}\\?=[^;,"'\s]{1,300}){0,3});base64,((?:[A-Za-z0-9+/%]|\\?=)+)""")
NAMED = re.compile(r"name\\?=([^;]+)")
MOST_INSIDE = 3_000_000         # bytes of files written into one text file


def decoded(content: bytes) -> tuple[str, list[Notice]] | Notice:
    """The text, with a word on its encoding if it is not UTF-8; or why there is none."""
    try:
        text, encoding = decode(content)
    except Unreadable as why:
        return Notice(Grade.FAULT, f"línea {why.row}" if why.row else "", "El archivo no es un texto que se lea.",
                      "Guárdelo como texto en UTF-8.")
    if found := CONTROL.search(text):
        return Notice(Grade.FAULT, f"línea {text.count(chr(10), 0, found.start()) + 1}",
                      "El archivo tiene caracteres que no son de texto.", "Revise que sea el archivo correcto.")
    if encoding == "utf-8":
        return text, []
    name = NAMES.get(encoding, encoding)
    return text, [Notice(Grade.CHANGED, "", f"El archivo no está en UTF-8: se leyó como {name}.",
                         "Revise que las tildes se vean bien.")]


def absorbed(text: str, album: Album) -> tuple[str, list[tuple[int, str, str]]]:
    """The text with each data: address become a file of the album; (line, what, remedy) for those not taken."""
    if ";base64," not in text:
        return text, []
    troubles = []

    def kept(found: re.Match[str]) -> str:
        try:
            content = base64.b64decode(re.sub(r"[\s\\]|%0A", "", found[2]), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        named = NAMED.search(found[1])
        media = album.keep(unquote(named[1]) if named else "imagen", content)
        if isinstance(media, Media):
            return media.path
        troubles.append((text.count("\n", 0, found.start()) + 1, f"Un archivo escrito dentro del texto {media}.",
                         "Quítelo, o guárdelo como png, jpg, gif, webp o svg."))
        return ""

    return DATA.sub(kept, text), troubles


def with_files_inside(text: str, questions: Iterator[Question], media: Mapping[str, bytes], gift: bool = False) -> str:
    """The text with each /medios/ address become a data: address, as far as they fit."""
    names = {m.sha256: m.name for q in questions for m in q.media}
    room = MOST_INSIDE

    def inside(found: re.Match[str]) -> str:
        nonlocal room
        content = media.get(found[1])
        if content is None or len(content) > room or found[2] not in TYPES:
            return found[0]
        room -= len(content)
        name = f";name={quote(names[found[1]], safe='.-_')}" if found[1] in names else ""
        address = f"data:{TYPES[found[2]]}{name};base64,{base64.b64encode(content).decode()}"
        return escaped(address) if gift else address

    return ADDRESS.sub(inside, text)
