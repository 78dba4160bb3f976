"""Files that belong to an answer of a quiz, on their way in and out: looked at, kept in the store, sent back."""

from flask import abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lms.attempts import attachments, gates, rules
from lms.attempts.forms import numbered, prefix
from lms.attempts.gates import room
from lms.attempts.rules import file_name
from lms.catalogue.kinds.essay import Essay, essay_of
from lms.catalogue.rules import Quiz
from lms.foundation.database import session
from lms.foundation.files import Refused, check_kind, download, store
from lms.foundation.language import _
from lms.people.rules import May

TAKEN = ("pdf", "docx", "odt", "xlsx", "ods", "pptx", "png", "jpg", "jpeg")     # where a question names no kinds
MOST_BYTES = 10 << 20                   # of a file, where a question names no limit
HEAD = 8192


def places(quiz: Quiz, page: int) -> dict[int, Essay]:
    """Number -> what it takes, of the questions on a page that take files."""
    return {n: essay_of(q) for n, q in numbered(quiz)
            if rules.page_of(quiz, n) == page and q.kind == "essay" and essay_of(q).most_files}


def kept(quiz: Quiz, page: int) -> tuple[list[tuple[str, str]], list[str]]:
    """The files this request brings, stored, as fields of the page; and what was wrong with those not taken."""
    pairs: list[tuple[str, str]] = []
    faults: list[str] = []
    for number, body in places(quiz, page).items():
        room_left = body.most_files - len(request.form.getlist(f"{prefix(number)}q.files"))
        sent = [f for f in request.files.getlist(f"{prefix(number)}q.upload") if f.filename]
        for file in sent[:max(room_left, 0)]:
            name = file_name(file.filename or "").replace("/", "")
            if fault := _fault(body, name, file):
                faults.append(fault)
                continue
            stored = store().put(file.stream, body.most_bytes or MOST_BYTES)
            pairs.append((f"{prefix(number)}q.files", f"{stored.sha256}/{stored.size}/{name}"))
        faults += [_("«%(name)s» no cabe: la pregunta no recibe más archivos.") % {"name": file_name(f.filename or "")}
                   for f in sent[max(room_left, 0):]]
    return pairs, faults


def _fault(body: Essay, name: str, file: FileStorage) -> str:
    head = file.stream.read(HEAD)
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    most = body.most_bytes or MOST_BYTES
    if not size:
        return _("«%(name)s» está vacío. Revise el archivo y vuelva a adjuntarlo.") % {"name": name}
    if size > most:
        return _("«%(name)s» pesa %(n)d MB y el límite es %(most)d MB. Redúzcalo o divídalo.") % {
            "name": name, "n": -(-size // (1 << 20)), "most": max(most >> 20, 1)}
    try:
        check_kind(name, head, tuple(kind.removeprefix(".") for kind in body.kinds) or TAKEN)
    except Refused as refused:
        return str(refused)
    return ""


@room.get("/intentos/<int:attempt_id>/adjuntos/<sha256>", allow=May.ANSWER)
def attached(cohort_id: int, attempt_id: int, sha256: str) -> ResponseReturnValue:
    """One's own file, as it was sent."""
    sitting = gates.own(cohort_id, attempt_id)
    paper = attachments.attached(session(), sitting.id, sha256) or abort(404)
    return download(paper.name, paper.kind, paper.size, paper.sha256)
