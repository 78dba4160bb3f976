"""Pages to look into what is taught: editions, their outline, each lesson, quiz and task as they are. Read only."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lms.catalogue import queries
from lms.catalogue.kinds import KINDS
from lms.catalogue.queries import EditionView
from lms.catalogue.rules import Module, Programme
from lms.foundation.database import session
from lms.foundation.doors import Anywhere, Room
from lms.people.rules import May

room = Room("catalogue", __name__)
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
                           KINDS=KINDS)


@room.get("/catalogo/<edition_id>/<module>/tarea", allow=LOOK)
def task(edition_id: str, module: str) -> ResponseReturnValue:
    found, programme, part = _module(edition_id, module)
    asked = part.task or abort(404)
    return render_template("catalogue/task.html", edition=found, programme=programme, module=part, task=asked)


def _edition(edition_id: str) -> tuple[EditionView, Programme]:
    found = queries.edition(session(), edition_id) or abort(404)
    return found, queries.programme(session(), edition_id)


def _module(edition_id: str, code: str) -> tuple[EditionView, Programme, Module]:
    found, programme = _edition(edition_id)
    return found, programme, programme.module(code) or abort(404)
