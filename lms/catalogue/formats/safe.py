"""XML and archives from outside: nothing declared, nothing fetched, nothing that unpacks to more than it should."""

import io
import re
import stat
import zipfile
import zlib

from lxml import etree

from lms.catalogue.formats.parcel import Grade, Notice

MOST_XML = 24 << 20             # bytes of one XML file
MOST_NODES = 400_000            # elements
DEEPEST = 120                   # elements inside one another
MOST_ZIP = 200 << 20            # bytes, of an archive and of all it unpacks to
MOST_PACKED = 200               # times, once it is larger than SMALL
SMALL = 1 << 20
MOST_FILES = 20_000
LONGEST_NAME = 500

ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "latin1", "latin-1", "macintosh",
             *(f"iso-8859-{n}" for n in range(1, 17)), *(f"windows-125{n}" for n in range(9)),
             *(f"cp125{n}" for n in range(9))}
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
        (b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
DECLARED = re.compile(r"^\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"'][^>]*?\?>")
DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*?\?>")
PROLOGUE = re.compile(r"(?:\s+|<!--(?:(?!--).)*-->|<\?(?:(?!\?>).)*\?>)*+<!DOCTYPE", re.DOTALL)
UNKNOWN_ENTITY = re.compile(r"Entity '(\w{1,40})' not defined")

SAVE_AGAIN = "Vuelva a exportarlo desde el programa que lo hizo."
Parts = dict[str, bytes]


def parse_xml(file: str, content: bytes) -> etree._Element | Notice:
    """The root of an XML file without comments, or why it can not be read. `file` is said in the place if given."""
    if len(content) > MOST_XML:
        return _fault(file, None, f"El XML pasa de {MOST_XML >> 20} MB.", "Divídalo en archivos más pequeños.")
    text = _decoded(content)
    if text is None:
        return _fault(file, None, "El XML no está en la codificación que dice, o en una que no se conoce.",
                      "Guárdelo en UTF-8.")
    if PROLOGUE.match(text):
        return _fault(file, 1 + text.count("\n", 0, text.index("<!DOCTYPE")),
                      "El XML trae una declaración <!DOCTYPE>, que aquí no se acepta.",
                      "Quite esa declaración y sus entidades.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        return _broken(file, wrong)
    return _too_big(file, root) or root


def _decoded(content: bytes) -> str | None:
    """The text, its declaration blanked out so that the parser does not read it by another."""
    coding = next((code for mark, code in BOMS if content.startswith(mark)), "")
    if not coding:
        found = DECLARED.match(content[:400].decode("latin-1"))
        coding = found[1].lower() if found else "utf-8"
        if coding not in ENCODINGS or coding.startswith("utf-16"):
            return None
    try:
        text = content.decode("mac_roman" if coding == "macintosh" else coding)
    except (UnicodeError, LookupError):
        return None
    found = DECLARATION.match(text)
    return "\n" * found[0].count("\n") + text[found.end():] if found else text


def _broken(file: str, wrong: Exception) -> Notice:
    line = getattr(wrong, "lineno", None)
    said = str(wrong)
    entity = UNKNOWN_ENTITY.search(said)
    if entity:
        return _fault(file, line, f"El XML usa «&{entity[1]};», que no está definido.",
                      "Escriba el carácter mismo, o su número: &#160;.")
    if "depth" in said:
        return _fault(file, line, "El XML anida demasiados elementos.", SAVE_AGAIN)
    return _fault(file, line, "El XML está mal formado: " + re.sub(r",? line \d+.*", "", said)[:120] + ".",
                  "Corrija esa línea, o vuelva a exportarlo desde el programa que lo hizo.")


def _too_big(file: str, root: etree._Element) -> Notice | None:
    depth = count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        count += 1
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            return _fault(file, element.sourceline, f"El XML anida más de {DEEPEST} elementos.", SAVE_AGAIN)
        if count > 2 * MOST_NODES:
            return _fault(file, element.sourceline, "El XML tiene demasiados elementos.", "Divídalo en archivos.")
        if not isinstance(element.tag, str):
            return _fault(file, element.sourceline, "El XML usa una entidad, que no se acepta.", "Escriba su texto.")
    return None


def _fault(file: str, line: int | None, message: str, remedy: str) -> Notice:
    place = ": ".join(filter(None, (file, f"línea {line}" if line else "")))
    return Notice(Grade.FAULT, place, message, remedy)


def open_zip(content: bytes) -> Parts | Notice:
    """The files of an archive by their path ("a/b.xml"), or why it is not opened at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            return _refusal(infos, len(content)) or _unpacked(archive, infos)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError,
            RuntimeError, OverflowError, UnicodeError, IndexError, KeyError):
        return _fault("", None, "El archivo comprimido está dañado o incompleto.", SAVE_AGAIN)
    except MemoryError:
        return _fault("", None, "El archivo ocupa demasiado al desempaquetarlo.", SAVE_AGAIN)


def _refusal(infos: list[zipfile.ZipInfo], packed: int) -> Notice | None:
    """What an honest package does not have."""
    if len(infos) > MOST_FILES:
        return _fault("", None, f"El archivo trae más de {MOST_FILES} archivos.", "Divídalo en varios paquetes.")
    size = sum(info.file_size for info in infos)
    if size > MOST_ZIP or (size > SMALL and size > MOST_PACKED * packed):
        return _fault("", None, "El archivo ocupa demasiado al desempaquetarlo.",
                      "Quite videos y archivos que no sean preguntas.")
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        shown = name[:80].encode("utf-8", "replace").decode()
        if info.flag_bits & 1:
            return _fault(shown, None, "El archivo está protegido con contraseña.", "Guárdelo sin contraseña.")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\0" in name:
            return _fault(shown, None, "El archivo trae una ruta que sale de su carpeta.", SAVE_AGAIN)
        if len(name) > LONGEST_NAME:
            return _fault(shown, None, "El archivo trae una ruta demasiado larga.", SAVE_AGAIN)
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return _fault(shown, None, "El archivo trae un enlace en lugar de un archivo.", SAVE_AGAIN)
        if _tidy(name) in seen:
            return _fault(shown, None, "El archivo trae dos veces la misma ruta.", SAVE_AGAIN)
        seen.add(_tidy(name))
    return None


def _unpacked(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Parts | Notice:
    """Every file read, believing no size the archive says."""
    parts, left = {}, MOST_ZIP
    for info in infos:
        with archive.open(info) as stream:
            found = stream.read(min(left, info.file_size) + 1)
        left -= len(found)
        if left < 0 or len(found) > info.file_size:
            return _fault(info.filename, None, "El archivo ocupa más de lo que dice.", SAVE_AGAIN)
        parts[_tidy(info.filename)] = found
    return parts


def _tidy(name: str) -> str:
    """"./a//b" is "a/b"."""
    return "/".join(step for step in name.replace("\\", "/").split("/") if step not in ("", "."))
