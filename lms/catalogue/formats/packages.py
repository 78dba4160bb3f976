"""What a zip or an XML file of another system is, told by its manifest and its roots, and what its manifest lists."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from lms.catalogue.formats.parcel import Notice
from lms.catalogue.formats.qti_tree import Element, attribute, local, words
from lms.catalogue.formats.safe import Parts, open_zip, parse_xml
from lms.catalogue.formats.sniffing import is_zip, root, zip_names

MANIFEST = "imsmanifest.xml"
ITEMS = ("assessmentItem", "qti-assessment-item")
TESTS = ("assessmentTest", "qti-assessment-test")
OTHERS = ("questestinterop", "assessmentStimulus", "qti-assessment-stimulus", "assessmentSection",
          "qti-assessment-section")
ROOTS = {*ITEMS, *TESTS, *OTHERS}
VERSIONS = ((re.compile(r"imsqti(?:asi)?_v3|/qti/v3p0|qtiv3"), "qti3"), (re.compile(r"imsqti_v2p2"), "qti22"),
            (re.compile(r"imsqti_(?:item_)?(?:xml)?v2p[01]|imsqti_v2p[01]"), "qti21"),
            (re.compile(r"ims_qtiasiv1p2|imsqti_xmlv1p"), "qti12"))
TYPES = ((re.compile(r"_xmlv3p0|imsqti_\w*v3"), "qti3"), (re.compile(r"imsqti_\w*v2p2"), "qti22"),
         (re.compile(r"imsqti_\w*v2p[01]"), "qti21"), (re.compile(r"imsqti_xmlv1p"), "qti12"))
FOREIGN = (                                 # in a manifest's head -> what it is
    ("adlcp_v1p3", "un paquete SCORM 2004"), ("adlcp_rootv1p2", "un paquete SCORM 1.2"),
    ("adl_cp_rootv1p1", "un paquete SCORM 1.1"), ("adlnet.org", "un paquete SCORM"),
    ("desire2learn", "un curso de D2L Brightspace"), ("blackboard.com", "un curso de Blackboard"),
    ("webct.com/IMS", "un curso de WebCT 4"), ("webct", "un curso de WebCT"))
NAMED = (
    ("moodle_backup.xml", "un respaldo de curso de Moodle", "En Moodle, exporte las preguntas como Moodle XML."),
    ("moodle.xml", "un respaldo de Moodle 1.9", "En Moodle, exporte las preguntas como Moodle XML."),
    ("angelmanifest.xml", "un curso de Angel", ""), ("angeldata.xml", "un curso de Angel", ""),
    ("cmi5.xml", "un curso cmi5", ""))
EXPORT = "Exporte las preguntas en un formato que se lea: QTI, Common Cartridge, Moodle XML o GIFT."


@dataclass(frozen=True)
class Kind:
    """Whose a file is ("" none of QTI's), and in words what it is."""
    format: str
    what: str = ""
    remedy: str = EXPORT


@dataclass(frozen=True)
class Resource:
    ident: str
    type: str
    href: str
    files: tuple[str, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    file: str                           # its name in the package, "" if there is none
    folder: str = ""                    # where it lies, with its slash
    resources: tuple[Resource, ...] = ()
    faults: tuple[Notice, ...] = field(default=())

    @property
    def named(self) -> dict[str, Resource]:
        """The resource that names each file, by its path."""
        return {name: r for r in reversed(self.resources) for name in (*r.files, r.href) if name}


def kind_of(content: bytes) -> Kind:
    """What a content is, as far as QTI and its packages are concerned."""
    return _kind(sha256(content).digest(), _Held(content))


class _Held:
    """Bytes that compare equal: the digest beside them tells them apart."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(4)
def _kind(digest: bytes, held: _Held) -> Kind:
    content = held.content
    held.content = b""                  # the cache must not keep it
    if is_zip(content):
        return _zip_kind(content)
    space, name = root(content)
    if name == "manifest":
        return _manifest_kind(content.decode("utf-8", "replace"))
    if name in ROOTS:
        return Kind("qti12") if name == "questestinterop" else Kind(_version(space, name))
    if "canvas.instructure.com" in space:
        what = ("la configuración de una evaluación de Canvas (assessment_meta.xml), sin sus preguntas"
                if name == "quiz" else f"un archivo de ajustes de un curso de Canvas ({name[:40]})")
        return Kind("qti12", what, "Suba el .zip o el .imscc completo que exporta Canvas: ahí están las preguntas.")
    return Kind("")


def _version(space: str, name: str) -> str:
    found = next((version for pattern, version in VERSIONS if pattern.search(space)), "")
    return "qti3" if name.startswith("qti-") else found if found in ("qti21", "qti22") else "qti21"


def _zip_kind(content: bytes) -> Kind:
    names = zip_names(content)
    lower = {name.lower().rpartition("/")[2] for name in names}
    if lower & {"content.xml"} and "mimetype" in names:
        return Kind("")
    parts = open_zip(content)
    if isinstance(parts, Notice):
        office = "[content_types].xml" in lower
        return Kind("" if office else "cartridge", "un archivo comprimido que no se puede abrir")
    manifest = manifest_name(parts)
    kind = _manifest_kind(parts[manifest].decode("utf-8", "replace")) if manifest else Kind("")
    if kind.format and kind.what != "un paquete de contenido IMS":
        return kind
    found = next((k for k in map(_root_kind, map(parts.__getitem__, sorted(parts))) if k.format), None)
    if found:
        return found
    if manifest:
        return kind
    for name, what, remedy in NAMED:
        if name in lower:
            return Kind("cartridge", what, remedy or EXPORT)
    return Kind("cartridge" if not any(n.lower().endswith((".xlsx", ".docx")) for n in names) and not lower & {
        "[content_types].xml"} else "", "un archivo zip sin manifiesto ni preguntas")


def _root_kind(content: bytes) -> Kind:
    space, name = root(content)
    return Kind("qti12") if name == "questestinterop" else Kind(_version(space, name)) if name in ROOTS else Kind("")


def _manifest_kind(text: str) -> Kind:
    head = text[:20_000]
    cartridge = re.search(r"<(?:\w+:)?schema>\s*IMS (Thin )?Common Cartridge", head)
    version = re.search(r"<(?:\w+:)?schemaversion>\s*(\d\.\d)", head)
    if cartridge or "imsccv1p" in head or "xsd/imscc/" in head:
        canvas = "canvas" in head or "course_settings/canvas_export.txt" in text
        name = "un Common Cartridge" + (f" {version[1]}" if version else "") + (" de Canvas" if canvas else "")
        return Kind("cartridge", name)
    for mark, what in FOREIGN:
        if mark in head:
            return Kind("cartridge", what)
    found = next((version for pattern, version in TYPES if pattern.search(text)), "") or next(
        (version for pattern, version in VERSIONS if pattern.search(head)), "")
    return Kind(found, "un paquete QTI") if found else Kind("cartridge", "un paquete de contenido IMS")


def manifest_name(parts: Parts) -> str:
    """The manifest that lies highest."""
    found = [name for name in parts if name.lower().rpartition("/")[2] == MANIFEST]
    return min(found, key=lambda name: (name.count("/"), name), default="")


def manifest_of(parts: Parts) -> Manifest:
    """What the manifest lists; a broken one lists nothing, and says so."""
    name = manifest_name(parts)
    if not name:
        return Manifest("")
    folder = name[:-len(MANIFEST)]
    top = parse_xml(name, parts[name])
    if isinstance(top, Notice):
        return Manifest(name, folder, faults=(top,))
    found = [_resource(e, folder) for e in top.iterdescendants() if local(e) == "resource"]
    return Manifest(name, folder, tuple(found))


def _resource(element: Element, folder: str) -> Resource:
    base = folder + next((str(v) for k, v in element.attrib.items() if str(k).endswith("}base")), "")
    files = [base + _clean(attribute(e, "href")) for e in element.iterdescendants() if local(e) == "file"]
    href = attribute(element, "href")
    tags = [words(e) for e in element.iterdescendants() if local(e) == "keyword"]
    return Resource(attribute(element, "identifier"), attribute(element, "type"), base + _clean(href) if href else "",
                    tuple(files), tuple(dict.fromkeys(tag[:100] for tag in tags if tag)))


def _clean(href: str) -> str:
    return re.sub(r"^(?:\./)+", "", href.replace("\\", "/").partition("?")[0])
