"""What remains of a seminar: files, links and recordings; the office puts them there, the public page offers them."""

from pathlib import PurePath

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lms.foundation import files
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.file_names import file_name
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import May, Refused, permits
from lms.seminars import announcing, queries
from lms.seminars.announcing_pages import seminar_of
from lms.seminars.drafts import material
from lms.seminars.entries import registration
from lms.seminars.forms import FILES, MOST, MaterialForm
from lms.seminars.queries import SeminarView
from lms.seminars.reminders import desk_of
from lms.seminars.room import room

HEAD = 8192             # bytes of a file by which its kind is told


@room.route("/<int:seminar_id>/materiales/nuevo", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def add_material(seminar_id: int) -> ResponseReturnValue:
    seminar = seminar_of(seminar_id)
    form = MaterialForm()
    form.offer(queries.sessions(session(), seminar_id))
    if form.accepted():
        try:
            columns = material(form) | _kept(form)
            announcing.add_material(session(), current_actor().person_id, now(), seminar_id, columns)
            tell(_("Material publicado."))
            return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)
        except Refused as why:
            form.refuse(why)
    return render_template("seminars/material_form.html", seminar=seminar, form=form), 422 if form.faults else 200


@room.post("/<int:seminar_id>/materiales/<int:material_id>/retiro", allow=May.CHANGE_SEMINARS)
def withdraw_material(seminar_id: int, material_id: int) -> ResponseReturnValue:
    if announcing.withdraw_material(session(), current_actor().person_id, now(), seminar_id, material_id):
        tell(_("Material retirado."))
    return redirect(url_for("seminars.edit", seminar_id=seminar_id), 303)


@room.get("/<slug>/materiales/<int:material_id>", allow=OPEN)
def material_file(slug: str, material_id: int) -> ResponseReturnValue:
    """A file, or on to where a link leads. `inscripcion`: the token of who registered without an account."""
    seminar = queries.by_slug(session(), slug) or abort(404)
    one = next((m for m in queries.materials(session(), seminar.id) if m.id == material_id), None) or abort(404)
    if seminar.published_at is None and not sees_all():
        abort(404)
    if one.open_to == "registered" and not takes_part(seminar):
        abort(403, description=Reason(_("Este material es para quienes se inscribieron. Abrirlo desde la propia "
                                        "inscripción, con el enlace recibido por correo, o ingresar con la cuenta.")))
    if one.kind != "file":
        return redirect(one.url, 303)
    return files.download(one.file_name, PurePath(one.file_name).suffix[1:].lower(), one.size, one.sha256)


def sees_all() -> bool:
    actor = current_actor()
    return actor is not None and permits(actor, May.SEE_SEMINARS)


def takes_part(seminar: SeminarView) -> bool:
    """Whether who asks has a confirmed registration, by their account or by their own link, or is of the office."""
    actor = current_actor()
    if actor is not None:
        _id, state = queries.states_of(session(), actor.person_id).get(seminar.id, (0, ""))
        if state == "confirmed" or permits(actor, May.SEE_SEMINARS):
            return True
    known = desk_of(current_app).read(request.args.get("inscripcion", ""))
    mine = registration(session(), seminar.id, id=known) if known else None
    return mine is not None and mine.state == "confirmed"


def _kept(form: MaterialForm) -> dict[str, object]:
    """Of a file: looked at and stored, with nobody waiting for that; of a link, its address."""
    if form.kind.data != "file":
        return {"url": form.url.data.strip()}
    file: FileStorage | None = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_("Adjuntar el archivo."), "file")
    name = file_name(file.filename)
    try:
        files.check_kind(name, file.stream.read(HEAD), FILES)
        file.stream.seek(0)
        let_go()
        stored = files.store().put(file.stream, MOST)
    except files.Refused as why:
        raise Refused(str(why), "file") from None
    return {"file_name": name[:200], "sha256": stored.sha256, "size": stored.size}
