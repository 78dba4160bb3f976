"""A module's questions as a file of its folder: GIFT as courses write it, Moodle XML or a spreadsheet; with images."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from lms.catalogue import formats
from lms.catalogue.formats import Grade, gift
from lms.catalogue.formats.texts import absorbed
from lms.catalogue.media import TYPES, Album
from lms.catalogue.rules import Programme, Question
from lms.catalogue.shelf import Shelf
from lms.catalogue.tables import Table

ENDINGS = (".gift", ".xml", ".xlsx", ".ods", ".csv")
LINE = re.compile(r"(?:línea|fila) (\d{1,9})")
BESIDE = re.compile(r"""(src\\?=\\?["'])([\w./% -]{1,200})(\\?["'])|(!\[[^\]\n]{0,500}\]\()([\w./%-]{1,200})(\))""")


def read_quiz_file(table: Table, name: str, folder: str, shelf: Shelf) -> tuple[Question, ...]:
    """The questions a [quiz] table names; what is wrong is on the shelf."""
    path = f"{folder}/{name}"
    if not name:
        return ()
    if not name.endswith(ENDINGS) or "/" in name:
        table.fault("file", f"«{name}» no es un archivo de preguntas de la carpeta.",
                    f"Escriba solo su nombre, que termina en {', '.join(ENDINGS)}.")
        return ()
    if path not in shelf.files:
        table.fault("file", f"No existe el archivo {path}.", "Revise el nombre, o agregue el archivo.")
        return ()
    faults = len(shelf.faults)
    questions = _gift(path, folder, shelf) if name.endswith(".gift") else _other(path, shelf)
    if not questions and len(shelf.faults) == faults:
        shelf.fault(path, 1, "No hay ninguna pregunta.", "Escriba al menos una.")
    return questions


def _gift(path: str, folder: str, shelf: Shelf) -> tuple[Question, ...]:
    album = Album()
    text, troubles = absorbed(shelf.text(path) or "", album)
    for line, message, remedy in troubles:
        shelf.fault(path, line, message, remedy)
    questions, faults = gift.read(_beside(text, path, folder, shelf, album), path)
    shelf.faults.extend(faults)
    return tuple(replace(q, media=album.of(q)) for q in questions) if album.contents else questions


def _beside(text: str, path: str, folder: str, shelf: Shelf, album: Album) -> str:
    """The text with the images that lie in the module's folder leading to the album."""
    def shown(found: re.Match[str]) -> str:
        before, address, after = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        name = posixpath.normpath(f"{folder}/{unquote(address)}")
        if name not in shelf.files or not name.startswith(f"{folder}/"):
            return found[0]
        shelf.used.add(name)
        media = album.keep(name, shelf.files[name])
        if isinstance(media, str):
            shelf.fault(path, text.count("\n", 0, found.start()) + 1, f"La imagen {address} {media}.",
                        "Guárdela como png, jpg, gif, webp o svg.")
            return found[0]
        return f"{before}{media.path}{after}"

    return BESIDE.sub(shown, text)


def _other(path: str, shelf: Shelf) -> tuple[Question, ...]:
    shelf.used.add(path)
    parcel = formats.read(path.rpartition("/")[2], shelf.files[path])
    for notice in parcel.notices:
        if notice.grade in (Grade.FAULT, Grade.UNSUPPORTED):
            line = LINE.search(notice.place)
            shelf.fault(path, int(line[1]) if line else None, notice.message, notice.remedy)
    return parcel.questions


def media_of(programme: Programme, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """What the questions of a programme show: (sha256 -> bytes, sha256 -> name)."""
    shown = {m.sha256: m.name for q in _questions(programme) for m in q.media}
    if not shown:
        return {}, {}
    album = Album()
    for name, content in files.items():
        if name.rpartition(".")[2].lower() in {*TYPES, "jpeg"}:
            album.keep(name, content)
        elif name.endswith(ENDINGS):
            kept = formats.read(name, content).media if not name.endswith(".gift") else _inside(content)
            album.contents.update(kept)
    return {sha: album.contents[sha] for sha in shown if sha in album.contents}, shown


def _inside(content: bytes) -> Mapping[str, bytes]:
    album = Album()
    absorbed(content.decode("utf-8", "replace"), album)
    return album.contents


def _questions(programme: Programme) -> Iterable[Question]:
    return (q for module in programme.modules if module.quiz for q in module.quiz.questions)


