"""The pages where a question is written: its form by kind, what it will look like, two people at once told apart."""

import re
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, finding, forms, queries
from lms.bank.actions import Conflict
from lms.bank.describing import changes
from lms.bank.editors import EDITORS, Editor
from lms.bank.editors.pictures import spot
from lms.bank.finding import Line
from lms.bank.forms import Draft
from lms.bank.routes import CHANGE, me, room
from lms.bank.showing import shown
from lms.catalogue import actions as catalogue
from lms.catalogue import media as media_rules
from lms.catalogue.kinds.kind import plain
from lms.catalogue.measures import size
from lms.catalogue.rules import Media, Question
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.files import store
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import queries as people

MEDIUM = re.compile(r"([0-9a-f]{64}) (\d{1,10}) ([^\n]{1,100})")
STAY = "guardar"


@room.route("/banco/nueva", methods=["GET", "POST"], allow=CHANGE)
def new() -> ResponseReturnValue:
    """Without ?tipo=… the kinds to choose from."""
    kind = request.args.get("tipo", "")
    if kind not in EDITORS:
        return render_template("bank/kinds.html", editors=EDITORS, category=request.args.get("categoria", 0, int))
    editor = EDITORS[kind]
    return _page(editor, editor.start(), None)


@room.route("/banco/<int:question_id>/editar", methods=["GET", "POST"], allow=CHANGE)
def edit(question_id: int) -> ResponseReturnValue:
    kept = finding.line(session(), question_id) or abort(404)
    based_on = request.form.get("based_on", kept.latest, int)
    base = queries.version(session(), question_id, based_on) or abort(404)
    if kept.kind not in EDITORS:
        abort(404)
    return _page(EDITORS[kept.kind], base, kept)


def _page(editor: Editor, base: Question, kept: Line | None) -> ResponseReturnValue:
    if request.method == "GET":
        draft = forms.opened(editor, base)
        draft.form.based_on.data = kept.latest if kept else 0
        draft.form.category.data = kept.category_id if kept else request.args.get("categoria", 0, int)
        draft.form.tags.data = ", ".join(kept.tags) if kept else ""
        if kept and kept.draft:
            draft.form.status.data = "draft"
        return _shown(draft, kept), 200
    deed = request.form.get("hacer", STAY)
    media, fault = _sent_image() if deed == "imagen" else (None, "")
    draft = forms.sent(editor, base, (*_media(), *([media] if media else [])), deed)
    _offer(draft)
    if media:
        _insert(draft, media)
    if deed == "llenar" and "pool" in draft.form:
        _fill(draft)
    if deed != STAY:
        return _shown(draft, kept, fault), 200
    if not draft.judge():
        return _shown(draft, kept), 422
    try:
        return _save(draft, kept)
    except Conflict as conflict:
        return _conflict(draft, kept, conflict)


def _save(draft: Draft, kept: Line | None) -> ResponseReturnValue:
    who, form = (session(), me().person_id, now()), draft.form
    tags, status = forms.tags_of(form.tags.data or ""), form.status.data
    if kept is None:
        category = form.category.data or actions.category_of(*who, "")      # the first question of an empty bank
        made = actions.add(*who, draft.question, category, tags=tags, status=status,
                           note=form.note.data or "")
        tell(_("Pregunta guardada."))
        return redirect(url_for(".question", question_id=made), 303)
    if draft.question != draft.base or (status == "ready") == kept.draft:
        actions.write(*who, kept.id, draft.question, int(form.based_on.data or 0), status, form.note.data or "")
    if form.category.data != kept.category_id or sorted(tags) != sorted(kept.tags):
        actions.place(*who, kept.id, form.category.data, tags)
    tell(_("Pregunta guardada. Los intentos ya empezados conservan la versión que recibieron."))
    return redirect(url_for(".question", question_id=kept.id), 303)


def _conflict(draft: Draft, kept: Line | None, conflict: Conflict) -> ResponseReturnValue:
    """Somebody was faster: both are shown. Saving again puts this one on top; the other stays among the versions."""
    if kept is None or not conflict.latest:
        abort(404)
    theirs = queries.version(session(), kept.id, conflict.latest) or abort(404)
    author = people.by_id(session(), [kept.author_id or 0]).get(kept.author_id or 0)
    other = {"version": conflict.latest, "author": author,
             "at": kept.written_at, "theirs": changes(draft.base, theirs), "mine": changes(draft.base, draft.question)}
    draft.form.based_on.data = draft.form.based_on.raw_data = None
    draft.form.based_on.data = conflict.latest
    return _shown(draft, kept, other=other), 409


def _shown(draft: Draft, kept: Line | None, fault: str = "", **more: Any) -> str:
    _offer(draft)
    draft.form.media.data = "\n".join(f"{m.sha256} {m.size} {m.name}" for m in draft.texts.media)
    draft.form.media.raw_data = None
    seed = request.form.get("semilla", 0, int) + (request.form.get("hacer") == "variante")
    return render_template(
        "bank/editor.html", draft=draft, form=draft.form, editor=draft.editor, kept=kept, image_fault=fault, seed=seed,
        preview=shown(draft.question, seed), names=draft.texts.names, places=_places(draft), spot=spot,
        **{"other": None, **more})


def _offer(draft: Draft) -> None:
    tree = queries.tree(session())
    draft.form.category.choices = options(forms.category_choices(tree) or [(0, _("General"))])
    known = {value for value, *_rest in draft.form.penalty.choices}
    if draft.form.penalty.data and draft.form.penalty.data not in known:
        draft.form.penalty.choices = [*draft.form.penalty.choices, *options([(draft.form.penalty.data,) * 2])]
    draft.editor.offer(draft.form, draft.texts)


def _fill(draft: Draft) -> None:
    """The short answers of the category, as pairs to draw from."""
    there = {row.text.data for row in draft.form.pool}
    wanted = finding.ids(session(), finding.Asked(kind="short", category=draft.form.category.data or -1, state="ready"))
    for line in finding.lines(session(), wanted[:50]):
        text = draft.texts.text(line.question.text)
        answer = next((plain(o.text) for o in line.question.options if o.share == 1), "")
        if answer and text not in there and len(draft.form.pool) < 100:
            draft.form.pool.append_entry({"text": text, "answer": answer})
    draft.question = draft.editor.written(draft.form, draft.texts, draft.base)


# Images ---------------------------------------------------------------------------------------------------------------

def _media() -> tuple[Media, ...]:
    """The images that this form has so far; their bytes are here by their hash, whoever names them."""
    return tuple(Media(name, digest, int(size_)) for digest, size_, name in
                 MEDIUM.findall(request.form.get("media", "").replace("\r\n", "\n"))[:50])


def _sent_image() -> tuple[Media | None, str]:
    """An image just sent, kept; or why it is not taken."""
    file = request.files.get("imagen")
    if file is None or not file.filename:
        return None, _("Falta elegir la imagen.")
    found = media_rules.taken(file.filename, file.stream.read(media_rules.BIGGEST + 1))
    if isinstance(found, str):
        return None, _("«%(name)s» %(why)s.") % {"name": file.filename[:80], "why": found}
    media, content = found
    catalogue.keep_media(session(), store(), now(), {media.sha256: content}, {media.sha256: media.name})
    return media, ""


def _insert(draft: Draft, media: Media) -> None:
    """Put the image at the end of the text chosen, and remember how large it is."""
    name = next(n for n, m in draft.texts.names.items() if m.sha256 == media.sha256)
    said = " ".join(request.form.get("imagen_dice", "").replace("[", "(").replace("]", ")").split())[:300]
    where = request.form.get("imagen_donde", "text")
    if where == "fondo" and "picture" in draft.form:
        draft.form.picture.data = media.path
        draft.form.alt.data = draft.form.alt.data or said
    else:
        field = dict(_fields(draft.form)).get(where)
        if field is not None:
            mark = f"![{said}]({name})"
            gap = "\n\n" if field.block else " "
            field.data = f"{field.data or ''}{gap}{mark}".strip()
            field.raw_data = None
    if "sizes" in draft.form:
        width, height = size(store().read(media.sha256))
        draft.form.sizes.data = f"{draft.form.sizes.data or ''}\n{media.path} {width} {height}".strip()
        draft.form.sizes.raw_data = None
    draft.question = draft.editor.written(draft.form, draft.texts, draft.base)


def _fields(form: Any) -> list[tuple[str, Any]]:
    """Each text field with a toolbar, also those in rows, by its name."""
    found: list[tuple[str, Any]] = []
    for field in form:
        if hasattr(field, "block"):
            found.append((field.name, field))
        for row in getattr(field, "entries", ()):
            found += _fields(row.form)
    return found


def _places(draft: Draft) -> list[tuple[str, str]]:
    """Where an image can be put: (field, words)."""
    groups = {g.name: g.row for g in draft.editor.groups} | {"hints": _("Pista")}
    found = [("fondo", _("Imagen de fondo"))] if "picture" in draft.form else []
    for name, field in _fields(draft.form):
        parts = name.split("-")
        row = f"{groups.get(parts[0], '')} {int(parts[1]) + 1}: " if len(parts) == 3 else ""
        if len(parts) in (1, 3):
            found.append((name, f"{row}{field.label.text}"))
    return found
