"""Questions of the bank as a file of any format that is written, with a report of what the format can not say."""

from dataclasses import replace

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.bank import finding, forms, queries
from lms.bank.routes import SEE, asked, room
from lms.catalogue import formats
from lms.catalogue.formats import FORMATS, Written
from lms.catalogue.rules import Question
from lms.foundation.database import session
from lms.foundation.files import store

MOST = 2_000                    # questions in one file
KINDS_OF_FILE = {"gift": "text/plain; charset=utf-8", "txt": "text/plain; charset=utf-8", "xml": "application/xml",
                 "csv": "text/csv; charset=utf-8", "zip": "application/zip", "imscc": "application/zip",
                 "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@room.get("/banco/exportar", allow=SEE)
def export() -> ResponseReturnValue:
    """Which questions, in which format; once chosen, what that format can not say of them."""
    questions, chosen = _questions(), request.args.get("formato", "")
    written = _written(chosen, questions) if chosen in FORMATS and FORMATS[chosen].write else None
    return render_template(
        "bank/export.html", questions=questions, written=written, chosen=chosen, asked=asked(),
        ids=request.args.getlist("pregunta", int), formats={n: f for n, f in FORMATS.items() if f.write},
        choices=forms.category_choices(queries.tree(session())))


@room.get("/banco/exportar/archivo", allow=SEE)
def export_file() -> ResponseReturnValue:
    chosen = request.args.get("formato", "")
    if chosen not in FORMATS or not FORMATS[chosen].write:
        abort(404)
    ending = FORMATS[chosen].endings[0]
    response = Response(_written(chosen, _questions()).content,
                        mimetype=KINDS_OF_FILE.get(ending, "application/octet-stream"))
    response.headers["Content-Disposition"] = f'attachment; filename="preguntas.{ending}"'
    return response


def _questions() -> list[Question]:
    """Those marked, or all that the address asks for: by their codes, with their place in the bank."""
    marked = [i for i in request.args.getlist("pregunta", int) if 0 < i < 1 << 31]
    found = marked or finding.ids(session(), asked())
    tree = queries.tree(session())
    return [replace(line.question, id=line.code, category=tree.path(line.category_id), tags=line.tags)
            for line in finding.lines(session(), found[:MOST])]


def _written(name: str, questions: list[Question]) -> Written:
    media = {}
    for one in {m.sha256 for q in questions for m in q.media}:
        try:
            media[one] = store().read(one)
        except OSError:         # its file is gone: the format says what it lacks
            continue
    return formats.write(name, questions, media)
