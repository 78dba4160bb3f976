"""The participant's hours log: on a phone in half a minute, with or without a network."""

from io import BytesIO
from pathlib import Path
from secrets import token_urlsafe

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation import leaves, pages
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.files import download, store
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.internships import logbook
from lms.internships.log_forms import EntryForm, Malformed, Sent, SentPhoto, sent
from lms.internships.logbook import Book, Line, Refused
from lms.internships.room import room
from lms.people import current_actor
from lms.people.rules import May

LARGEST = 12 << 20                  # bytes of a photo as the phone took it
PATH = "/cohortes/<int:cohort_id>/pasantia/<int:placement_id>/bitacora"


@room.get(PATH, allow=May.STUDY)
def log(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """The form on top, the weeks below; `corregir` brings an entry back into the form."""
    on = _mine(cohort_id, placement_id)
    form = _form(on)
    old = request.args.get("corregir", 0, int)
    line = next((x for x in logbook.lines(session(), on.id) if x.entry.id == old), None) if old else None
    _fill(form, on, line)
    return _page(on, form)


@room.post(PATH, allow=May.STUDY)
def log_hours(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """One entry by form, with its photos."""
    photos, faults = _photos(_mine(cohort_id, placement_id))
    on = _mine(cohort_id, placement_id, hold=True)
    form = _form(on)
    good = form.accepted()
    if faults:
        form.photos.errors = [*form.photos.errors, *faults]
    if not good or faults:
        return _page(on, form), 422
    try:
        key = (form.key.data or token_urlsafe(12))[:40]
        entry_id, new = logbook.write(session(), now(), on, form.entry, key, now(), form.old)
    except Refused as why:
        form.form_errors.append(str(why))
        return _page(on, form), 422
    for name, digest, size in photos:
        logbook.attach(session(), now(), on, entry_id, digest, name, size)
    tell(_("Horas anotadas.") if new else _("Esa anotación ya estaba; no se repitió."))
    return redirect(url_for("internships.log", cohort_id=cohort_id, placement_id=placement_id), 303)


@room.post(f"{PATH}/anotaciones", allow=May.STUDY)
def log_sent(cohort_id: int, placement_id: int) -> ResponseReturnValue:
    """What the phone kept and sends: entries, and photos of entries that came before."""
    try:
        items = sent(request.get_data(), now())
    except Malformed:
        return {"error": "malformed"}, 422
    reduced = {item.key: _reduced(item.content) for item in items if isinstance(item, SentPhoto)}
    on = _mine(cohort_id, placement_id, hold=True)
    return {"results": {item.key: _take(on, item) if isinstance(item, Sent) else
                        _take_photo(on, item, reduced[item.key]) for item in items}}


@room.post(f"{PATH}/<int:entry_id>/retiro", allow=May.STUDY)
def withdraw_hours(cohort_id: int, placement_id: int, entry_id: int) -> ResponseReturnValue:
    on = _mine(cohort_id, placement_id, hold=True)
    try:
        logbook.withdraw(session(), now(), on, entry_id)
        tell(_("Anotación retirada."))
    except Refused as why:
        tell(str(why), "late")
    return redirect(url_for("internships.log", cohort_id=cohort_id, placement_id=placement_id), 303)


@room.get(f"{PATH}/fotos/<int:photo_id>", allow=May.STUDY)
def log_photo(cohort_id: int, placement_id: int, photo_id: int) -> ResponseReturnValue:
    on = _mine(cohort_id, placement_id)
    found = logbook.photo(session(), on.id, photo_id) or abort(404)
    return download(found.file_name, "jpg", found.size, found.sha256)


@room.get("/cohortes/<int:cohort_id>/pasantia/<int:placement_id>/obrero.js", allow=May.STUDY)
def log_worker(cohort_id: int, placement_id: int) -> Response:
    """The service worker that keeps this page on the phone; its folder is all it may answer for."""
    return pages.worker()


def _mine(cohort_id: int, placement_id: int, hold: bool = False) -> Book:
    me = current_actor().person_id
    return logbook.book(session(), placement_id, now(), person_id=me, cohort_id=cohort_id, hold=hold) or abort(404)


def _form(on: Book) -> EntryForm:
    form = EntryForm()
    form.outcome.choices = [("", _("Ninguno en particular")), *logbook.outcomes(session(), on.id)]
    return form


def _fill(form: EntryForm, on: Book, line: Line | None) -> None:
    form.key.data = token_urlsafe(12)
    if line is None:
        form.day.data = min(max(on.today(now())[0], on.limits.starts_on), on.limits.ends_on)
        return
    e = line.entry
    form.replaces.data, form.day.data, form.pause.data = str(e.id), e.day, e.pause
    form.starts.process_formdata([e.starts])
    form.ends.process_formdata([e.ends])
    form.activity.data, form.outcome.data, form.remote.data = e.activity, e.outcome, e.remote


def _page(on: Book, form: EntryForm) -> Response:
    found = logbook.weeks(session(), on.id)
    response = make_response(render_template(
        "internships/log.html", on=on, form=form, weeks=found, person_id=current_actor().person_id,
        outcomes=dict(logbook.outcomes(session(), on.id)), OPEN=logbook.OPEN,
        told=sum(week.minutes for week in found), valid=sum(week.minutes for week in found if week.signed)))
    return pages.with_worker(response)


def _photos(on: Book) -> tuple[list[tuple[str, str, int]], list[str]]:
    """(name, hash, size) of the photos of a form, reduced and kept; and what was wrong. Before the log is held."""
    let_go()
    kept, faults = [], []
    for file in [f for f in request.files.getlist("photos") if f.filename][:logbook.MOST_PHOTOS]:
        content = file.stream.read(LARGEST + 1)
        small = _reduced(content) if len(content) <= LARGEST else b""
        if small:
            stored = store().put(BytesIO(small), LARGEST)
            kept.append((f"{Path(str(file.filename)).stem[:100]}.jpg", stored.sha256, len(small)))
        else:
            faults.append(_("«%(name)s» no se pudo leer como foto. Se reciben JPEG, PNG y WebP de hasta 12 MB.")
                          % {"name": file.filename})
    return kept, faults


def _reduced(content: bytes) -> bytes:
    try:
        return leaves.photo(content)
    except leaves.Unseen:
        return b""


def _take(on: Book, item: Sent) -> dict[str, object]:
    try:
        logbook.write(session(), now(), on, item.entry, item.key, item.written_at, item.replaces)
    except Refused as why:
        return {"ok": False, "words": str(why)}
    return {"ok": True}


def _take_photo(on: Book, item: SentPhoto, small: bytes) -> dict[str, object]:
    entry = next((x.entry.id for x in logbook.lines(session(), on.id) if x.reference == item.of), None)
    if entry is None:
        return {"ok": False, "words": _("La anotación de esta foto no se aceptó, o ya fue corregida.")}
    if not small:
        return {"ok": False, "words": _("La foto no se pudo leer. Se reciben JPEG, PNG y WebP.")}
    stored = store().put(BytesIO(small), LARGEST)
    logbook.attach(session(), now(), on, entry, stored.sha256, f"{Path(item.name).stem[:100]}.jpg", len(small))
    return {"ok": True}
