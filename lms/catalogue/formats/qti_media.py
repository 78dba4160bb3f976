"""What the texts of a QTI package become: safe HTML whose images are those that travelled along."""

import html
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from lms.catalogue.cleaning import clean_block, clean_inline
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.media import Album
from lms.catalogue.rules import Media

BASES = re.compile(r"^(?:\$|%24)?(?:(?:IMS|1EdTech)[-_]CC[-_]FILE[-_]?BASE)(?:\$|%24)/*", re.IGNORECASE)
SHOWING = re.compile(r"<(img|audio|video|source|embed|iframe)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
LINKS = re.compile(r"(<a\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\bhref\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
ATTRIBUTE = re.compile(r"\b(src|alt|width|height|controls|title)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
LOST = re.compile(r"<(math|svg|iframe|embed|object|canvas|ruby|bdo)\b", re.IGNORECASE)
NAMES = {"math": "una fórmula MathML, que se lee como texto", "svg": "un dibujo SVG dentro del texto",
         "iframe": "una página incrustada", "embed": "un objeto incrustado", "object": "un objeto incrustado",
         "canvas": "un lienzo", "ruby": "glosas ruby, que se leen como texto", "bdo": "texto con dirección propia"}
FOLDERS = ("", "web_resources", "resources", "non_cc_assessments")


class Shelf:
    """The files of a package, those shown by a question kept in the album; `told` are the notices of one question."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.lower = {name.lower(): name for name in parts}
        self.last: dict[str, list[str]] = {}
        for low, name in self.lower.items():
            self.last.setdefault(low.rpartition("/")[2], []).append(name)
        self.album = Album()
        self.told: list[Notice] = []

    def tell(self, grade: Grade, place: str, message: str, remedy: str) -> None:
        notice = Notice(grade, place, message, remedy)
        if notice not in self.told:
            self.told.append(notice)

    def found(self, folder: str, address: str) -> str:
        """The name of the file an address means, "" if it is not in the package."""
        wanted = unquote(BASES.sub("", html.unescape(address).strip())).partition("?")[0].partition("#")[0]
        if not wanted or re.match(r"[a-z][a-z0-9+.-]*:|//", wanted, re.IGNORECASE):
            return ""
        for start in (folder, *FOLDERS):
            name = posixpath.normpath(posixpath.join(start, wanted.lstrip("/"))).lower()
            if name in self.lower:
                return self.lower[name]
        tail = "/" + posixpath.normpath(wanted).lower().lstrip("./")
        alike = self.last.get(tail.rpartition("/")[2], [])[:100]
        ends = [name for name in alike if f"/{name.lower()}".endswith(tail)]
        return ends[0] if len(ends) == 1 else ""

    def media(self, folder: str, address: str, place: str) -> Media | None:
        """The file an address means, kept; what is wrong with it is told."""
        name = self.found(folder, address)
        if not name:
            if address.strip():
                self.tell(Grade.CHANGED, place, f"El archivo «{address[:80]}» no viene en el paquete.",
                          "Agréguelo al paquete, o súbalo a la pregunta después.")
            return None
        kept = self.album.keep(name, self.parts[name])
        if isinstance(kept, str):
            self.tell(Grade.CHANGED, place, f"El archivo «{name[-80:]}» {kept}.", "Reemplácelo por otro.")
            return None
        return kept

    def html(self, raw: str, folder: str, place: str, inline: bool = False) -> str:
        """Safe HTML, addresses of files rewritten; whatever is lost is told."""
        if "<" not in raw:
            return (clean_inline if inline else clean_block)(raw)
        for name in dict.fromkeys(m[1].lower() for m in LOST.finditer(raw)):
            self.tell(Grade.CHANGED, place, f"El texto trae {NAMES[name]}.", "Revise cómo se ve la pregunta.")
        made = SHOWING.sub(lambda m: self._shown(m, folder, place), raw)
        made = LINKS.sub(lambda m: self._linked(m, folder, place), made)
        return (clean_inline if inline else clean_block)(made)

    def _shown(self, found: re.Match[str], folder: str, place: str) -> str:
        tag = found[1].lower()
        has = {m[1].lower(): html.unescape(m[2].strip("\"'")) for m in ATTRIBUTE.finditer(found[2])}
        if tag in ("embed", "iframe") or (tag in ("audio", "video") and "src" not in has):
            return ""
        media = self.media(folder, has.get("src", ""), place)
        if media is None:
            return html.escape(has.get("alt", ""), False) if tag == "img" else ""
        tag = {"mp3": "audio", "mp4": "video"}.get(media.kind, "img") if tag == "source" else tag
        sizes = "".join(f' {n}="{has[n]}"' for n in ("width", "height") if has.get(n, "").isdigit())
        if tag == "img":
            return f'<img src="{media.path}" alt="{html.escape(has.get("alt", ""))}"{sizes}>'
        return f'<{tag} src="{media.path}" controls>' + ("" if found[1].lower() in ("audio", "video") else f"</{tag}>")

    def _linked(self, found: re.Match[str], folder: str, place: str) -> str:
        address = found[2].strip("\"'")
        if not self.found(folder, address):
            return found[0]
        media = self.media(folder, address, place)
        return f'{found[1]}"{media.path}"' if media else found[0]
