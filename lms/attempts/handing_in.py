"""Files on their way in: looked at first, all their faults told at once, and only then kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from lms.attempts.forms import LONGEST_TEXT
from lms.attempts.rules import Paper, file_name
from lms.catalogue.rules import Task
from lms.foundation.files import Refused, Store, check_kind
from lms.foundation.language import _

HEAD = 8192                             # bytes that tell what a file is


@dataclass(frozen=True)
class Offer:
    """What a person wants to hand in, and what is wrong with it: (field id, label, message)."""
    text: str = ""
    files: tuple[FileStorage, ...] = ()
    faults: tuple[tuple[str, str, str], ...] = ()


def look_at(task: Task, text: str, files: Sequence[FileStorage]) -> Offer:
    """Everything that speaks against taking it."""
    sent = tuple(f for f in files if f.filename)
    text = text if "text" in task.accepts else ""
    about = _("Archivos")
    faults = [("archivos", about, message) for f in sent if (message := _fault(task, f))]
    if len(sent) > task.max_files:
        faults.append(("archivos", about, _("Se adjuntaron %(n)d archivos y se reciben %(most)d. Quite o junte "
                                            "algunos.") % {"n": len(sent), "most": task.max_files}))
    if len(text) > LONGEST_TEXT:
        faults.append(("texto", _("Texto"), _("Tiene %(n)d caracteres y se reciben %(most)d. Adjúntelo como archivo.")
                       % {"n": len(text), "most": LONGEST_TEXT}))
    if not sent and not text:
        missing = _("Escriba un texto o adjunte al menos un archivo.") if takes_both(task) else (
            _("Escriba el texto de la entrega.") if not kinds(task) else _("Adjunte al menos un archivo."))
        faults.append(("texto" if "text" in task.accepts else "archivos", _("Entrega"), missing))
    return Offer(text, sent, tuple(faults))


def keep(store: Store, task: Task, files: Sequence[FileStorage]) -> list[Paper]:
    """Stream the files into the store, each whole and synced before it is named."""
    kept = []
    for file in files:
        name = file_name(file.filename or "")
        stored = store.put(file.stream, task.max_mb << 20)
        kept.append(Paper(name, name.rpartition(".")[2].lower(), stored.size, stored.sha256))
    return kept


def kinds(task: Task) -> tuple[str, ...]:
    """The kinds of file a task takes."""
    return tuple(kind for kind in task.accepts if kind != "text")


def takes_both(task: Task) -> bool:
    return "text" in task.accepts and bool(kinds(task))


def _fault(task: Task, file: FileStorage) -> str:
    name = file_name(file.filename or "")
    head = file.stream.read(HEAD)
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    if not size:
        return _("«%(name)s» está vacío. Revise el archivo y vuelva a adjuntarlo.") % {"name": name}
    if size > task.max_mb << 20:
        return _("«%(name)s» pesa %(n)d MB y el límite es %(most)d MB. Redúzcalo o divídalo.") % {
            "name": name, "n": -(-size // (1 << 20)), "most": task.max_mb}
    try:
        check_kind(name, head, task.accepts)
    except Refused as refused:
        return str(refused)
    return ""
