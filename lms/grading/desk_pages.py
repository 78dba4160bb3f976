"""What a marker does at the desk beside marking: undo, read the words as they will be read, pin, keep comments."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from lxml import html

from lms.catalogue import rendering
from lms.foundation import leaves
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere
from lms.foundation.forms import written
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import actions, comments, desk, papers, pins
from lms.grading.desk import Desk
from lms.grading.forms import LONGEST
from lms.grading.marking import actor, form_of, narrowed, page, url
from lms.grading.pins import PinView
from lms.grading.routes import room
from lms.people.rules import May

BASE = "/cohortes/<int:cohort_id>/corregir/trabajos/<tag>"


def _desk(cohort_id: int, tag: str) -> Desk:
    """A piece by its name: "t12", "q7.ensayo"."""
    kind, number, question = tag[:1], tag[1:].partition(".")[0], tag.partition(".")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        abort(404)
    if kind == "t" and not question:
        return desk.submission_desk(session(), actor(), cohort_id, int(number)) or abort(404)
    return desk.answer_desk(session(), actor(), cohort_id, int(number), question) or abort(404)


@room.post(f"{BASE}/deshacer", allow=May.GRADE)
def undo(cohort_id: int, tag: str) -> ResponseReturnValue:
    on = _desk(cohort_id, tag)
    if actions.undo(session(), actor().person_id, now(), on):
        tell(_("Deshecho: vale lo que había antes.") if len(on.markings) > 1 else
             _("Deshecho: el trabajo volvió a la lista. Lo guardado queda en su historial."))
    else:
        tell(_("Ya no se puede deshacer: hay algo más nuevo. Se corrige de nuevo aquí."), "late")
    return redirect(url(on.piece, {}), 303)


@room.post("/por-corregir/vista-previa", allow=Anywhere(May.GRADE))
def preview() -> ResponseReturnValue:
    """The words as the student will read them, as a tree: [tag, href, children…]; a page's script may not take HTML."""
    made = rendering.block(written().get("feedback", "")[:LONGEST])
    return {"nodes": _tree(html.fragment_fromstring(made, create_parent="div"))[2:] if made else []}


def _tree(element: Any) -> list[Any]:
    found: list[Any] = [element.tag, element.get("href") or ""]
    if element.text:
        found.append(element.text)
    for child in element:
        found.append(_tree(child))
        if child.tail:
            found.append(child.tail)
    return found


# Pins -----------------------------------------------------------------------------------------------------------------

@room.post(f"{BASE}/notas", allow=May.GRADE)
def pin(cohort_id: int, tag: str) -> ResponseReturnValue:
    """Pin a comment, and show the desk again with all that was chosen and typed, not saved yet."""
    on = _desk(cohort_id, tag)
    sent = written()
    if sent.get("poner"):               # a page was chosen: now where on it
        file, _comma, number = sent["poner"].partition(",")
        return page(on, form_of(on), pin={**sent.to_dict(), "pin_file": file, "pin_page": number, "place": "1"})
    new, fault = _read(on, sent)
    if new is None:
        return page(on, form_of(on), pin={**sent.to_dict(), "fault": fault}), 422
    pins.keep(session(), now(), cohort_id, tag, new)
    on = _desk(cohort_id, tag)
    return page(on, form_of(on), notice="pinned", pin={})


@room.post(f"{BASE}/notas/<int:pin_id>/retiro", allow=May.GRADE)
def unpin(cohort_id: int, tag: str, pin_id: int) -> ResponseReturnValue:
    """Take one's own comment back; the rest of the desk stays as it was."""
    on = _desk(cohort_id, tag)
    if not pins.take_back(session(), actor().person_id, now(), cohort_id, tag, pin_id):
        abort(404)
    on = _desk(cohort_id, tag)
    return page(on, form_of(on), notice="unpinned")


def _read(on: Desk, sent: Any) -> tuple[PinView | None, str]:
    """The comment with its place, or what is wrong with it."""
    comment, quote = sent.get("pin_comment", "").strip(), sent.get("pin_quote", "").strip()
    if not comment:
        return None, _("Escribir el comentario.")
    if len(comment) > pins.LONGEST:
        return None, _("El comentario es demasiado largo.")
    me, file = actor().person_id, sent.get("pin_file", "")
    if not file:
        at = pins.found(on.text, quote, _number(sent.get("pin_start", ""), 10**6))
        if at is None:
            return None, _("Ese pasaje no está en el texto. Copiarlo tal como aparece.")
        return PinView(0, me, comment, *at, quote=on.text[at[0]:at[1]][:2000]), ""
    files = {str(f.id) for f in on.submission.files} if on.submission else set()
    number = _number(sent.get("pin_page", "1"), 10_000)
    across, down = _pressed(on, sent) or _chosen(sent)
    if file not in files or not number or across is None or down is None:
        return None, _("Elegir el archivo, la página y el lugar de la página.")
    return PinView(0, me, comment, file_id=int(file), page=number, x=across, y=down), ""


def _pressed(on: Desk, sent: Any) -> tuple[int, int] | None:
    """Where the picture of the page was pressed, in % of it. (0, 0) is what browsers send of a keyboard."""
    x, y = _number(sent.get("punto.x", ""), 10_000), _number(sent.get("punto.y", ""), 100_000)
    paper = next((f for f in on.submission.files if str(f.id) == sent.get("pin_file")), None) if on.submission else None
    number = _number(sent.get("pin_page", ""), 10_000)
    if not x or y is None or paper is None or not number:
        return None
    found = papers.seen((paper,)).get(paper.id)
    if found is None or number > len(found.sizes):
        return None
    across, down = leaves.at_width(found.sizes[number - 1], papers.PRESSED)
    return min(round(100 * x / across), 100), min(round(100 * y / down), 100)


def _chosen(sent: Any) -> tuple[int | None, int | None]:
    x, _comma, y = sent.get("pin_spot", "").partition(",")
    return _number(x, 100), _number(y, 100)


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most else None


# Comments kept for use again ------------------------------------------------------------------------------------------

@room.route(f"{BASE}/comentarios", methods=["GET", "POST"], allow=May.GRADE)
def bank(cohort_id: int, tag: str) -> ResponseReturnValue:
    """The marker's comments for this task: keep one, change it, share it, retire it."""
    on, fault = _desk(cohort_id, tag), ""
    if request.method == "POST":
        fault = _change(on)
        if not fault:
            return redirect(url_for("grading.bank", cohort_id=cohort_id, tag=tag), 303)
    found = comments.comments(session(), on.subject, actor().person_id)
    return render_template("grading/bank.html", desk=on, comments=found, me=actor().person_id, fault=fault,
                           back=url(on.piece, narrowed()[1]), typed=written().get("text", "") if fault else ""
                           ), 422 if fault else 200


def _change(on: Desk) -> str:
    sent, me = written(), actor().person_id
    text, which = sent.get("text", "").replace("\r\n", "\n").strip(), _number(sent.get("comment", ""), 10**7)
    known = {c.id: c for c in comments.comments(session(), on.subject, me) if c.owner_id == me}
    if which is not None and which not in known:
        abort(404)
    if sent.get("deed") == "retire" and which:
        comments.retire(session(), me, now(), on.subject, which)
        tell(_("Comentario retirado. Lo ya escrito con él no cambia."))
        return ""
    if not text or len(text) > comments.LONGEST:
        return _("Escribir el comentario, de hasta %(n)d caracteres.") % {"n": comments.LONGEST}
    if len(known) >= comments.MOST and which is None:
        return _("Ya guarda %(n)d comentarios. Retirar alguno antes.") % {"n": comments.MOST}
    comments.keep(session(), me, now(), on.subject, text, sent.get("shared") == "1", which)
    tell(_("Comentario guardado."))
    return ""
