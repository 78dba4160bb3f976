"""Pages to look into what is taught: editions, their outline, each lesson, quiz and task as they are. Read only.
Also the files that questions show."""

import io
from pathlib import Path

from flask import abort, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.catalogue import keys, queries
from lms.catalogue.kinds import KINDS
from lms.catalogue.media import TYPES
from lms.catalogue.queries import EditionView
from lms.catalogue.rules import Module, Programme
from lms.foundation.database import session
from lms.foundation.doors import SIGNED_IN, Anywhere, Room
from lms.foundation.files import store
from lms.foundation.stores import Folder
from lms.people import current_actor
from lms.people.rules import May

room = Room("catalogue", __name__)
A_YEAR = 31_536_000
SMALL = 2 << 20                 # bytes of a file that is read at once
LOOK = Anywhere(May.SEE_CATALOGUE)      # instructors and coordinators hold it in a cohort; what is taught is of none


@room.get("/catalogo", allow=LOOK)
def editions() -> ResponseReturnValue:
    return render_template("catalogue/editions.html", editions=queries.editions(session()))


@room.get("/catalogo/<edition_id>", allow=LOOK)
def edition(edition_id: str) -> ResponseReturnValue:
    found, programme = _edition(edition_id)
    return render_template("catalogue/edition.html", edition=found, programme=programme)


@room.get("/catalogo/<edition_id>/<module>/<lesson>", allow=LOOK)
def preview(edition_id: str, module: str, lesson: str) -> ResponseReturnValue:
    found, programme, part = _module(edition_id, module)
    text = part.lesson(lesson) or abort(404)
    return render_template("catalogue/preview.html", edition=found, programme=programme, module=part, lesson=text)


@room.get("/catalogo/<edition_id>/<module>/control", allow=LOOK)
def quiz(edition_id: str, module: str) -> ResponseReturnValue:
    found, programme, part = _module(edition_id, module)
    asked = part.quiz or abort(404)
    return render_template("catalogue/quiz.html", edition=found, programme=programme, module=part, quiz=asked,
                           KINDS=KINDS, keys=keys.may_read(programme, part.code, _studied()))


@room.get("/catalogo/<edition_id>/<module>/tarea", allow=LOOK)
def task(edition_id: str, module: str) -> ResponseReturnValue:
    found, programme, part = _module(edition_id, module)
    asked = part.task or abort(404)
    return render_template("catalogue/task.html", edition=found, programme=programme, module=part, task=asked)


@room.get("/medios/<name>", allow=SIGNED_IN)
def media(name: str) -> ResponseReturnValue:
    """An image, sound or film of a question, under the digest of its bytes: it never changes. Nothing in it acts."""
    sha256, _, ending = name.partition(".")
    kind = queries.media_kind(session(), sha256)
    if kind is None or ending not in (kind, "jpeg" if kind == "jpg" else kind) or not (content := _kept(sha256)):
        abort(404)
    response = send_file(content, TYPES[kind], conditional=True, etag=sha256)
    response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _kept(sha256: str) -> io.BytesIO | Path | None:
    """What is kept under this digest: a large file in the local folder as its path, to be sent in ranges."""
    kept = store()
    if isinstance(kept, Folder):
        path = kept.path(sha256)
        if not path.is_file():
            return None
        return path if path.stat().st_size >= SMALL else io.BytesIO(path.read_bytes())
    return io.BytesIO(kept.read(sha256)) if kept.holds(sha256) else None


def _studied() -> list[Programme]:
    """What the reader studies; the room of cohorts says so."""
    actor = current_actor() or abort(401)
    found = {edition for says in current_app.extensions["studied"] for edition in says(session(), actor)}
    return [queries.programme(session(), edition) for edition in found]


def _edition(edition_id: str) -> tuple[EditionView, Programme]:
    found = queries.edition(session(), edition_id) or abort(404)
    return found, queries.programme(session(), edition_id)


def _module(edition_id: str, code: str) -> tuple[EditionView, Programme, Module]:
    found, programme = _edition(edition_id)
    return found, programme, programme.module(code) or abort(404)
