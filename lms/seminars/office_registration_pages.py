"""The office's pages of registrations: the list, one of them, by hand, invitations, tables, the needs kept apart."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation import tables
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May, Refused, permits
from lms.seminars import asking, lists, places, registering, reminders
from lms.seminars.entries import By, Head, RegistrationView, counts, limits, registration, registrations, steps
from lms.seminars.lists import Asked
from lms.seminars.office_registration_forms import DecideForm, InviteForm
from lms.seminars.own_pages import WORDS
from lms.seminars.question_pages import the_seminar
from lms.seminars.registration_forms import ByHandForm
from lms.seminars.registration_pages import desk
from lms.seminars.room import room
from lms.seminars.rules import KINDS
from lms.seminars.standing import BY_OFFICE, ERASED, STATES, TAKING, words_of

HERE = "/<int:seminar_id>/inscripciones"
TABLE = "<any(csv,xlsx,ods):ending>"
MARKS = {state: mark for state, (mark, _words) in WORDS.items()}


@room.get(HERE, allow=May.SEE_SEMINARS)
def registrations_page(seminar_id: int) -> ResponseReturnValue:
    seminar, asked = the_seminar(seminar_id), _asked()
    everybody = registrations(session(), seminar_id)
    found = asked.of(everybody)
    pages = max(1, -(-len(found) // lists.PAGE))
    number = min(max(request.args.get("pagina", 1, type=int), 1), pages)
    return _page("registrations.html", seminar, asked=asked, lines=found[(number - 1) * lists.PAGE:][:lists.PAGE],
                 count=len(found), total=len(everybody), number=number, pages=pages, rooms=_rooms(seminar, everybody),
                 may_needs=_may_see_needs())


def _rooms(seminar: Head, everybody: tuple[RegistrationView, ...]) -> list[tuple[str, int, int, int | None]]:
    """(kind, places taken, waiting, places) of each kind that has places or persons."""
    counted, limit = counts(everybody), limits(session(), seminar.id)
    return [(kind, sum(counted[kind, s] for s in TAKING), counted[kind, "waiting"], limit.get(kind))
            for kind in KINDS if kind in limit or any(v.kind == kind for v in everybody)]


@room.get(f"{HERE}.{TABLE}", allow=May.SEE_SEMINARS)
def registrations_file(seminar_id: int, ending: str) -> ResponseReturnValue:
    """As the page shows it, with the answers to what is not kept apart."""
    seminar = the_seminar(seminar_id)
    return _file(seminar, "inscripciones", ending, *lists.table(session(), seminar_id, _asked()))


@room.get(f"{HERE}/publicar.{TABLE}", allow=May.SEE_SEMINARS)
def public_list(seminar_id: int, ending: str) -> ResponseReturnValue:
    """What is published by law."""
    seminar = the_seminar(seminar_id)
    return _file(seminar, "asistentes", ending, *lists.by_law(session(), seminar))


@room.get(f"{HERE}/<int:registration_id>", allow=May.SEE_SEMINARS)
def registration_page(seminar_id: int, registration_id: int) -> ResponseReturnValue:
    seminar, view = the_seminar(seminar_id), _one(seminar_id, registration_id)
    told = asking.answers(session(), [view.id]).get(view.id, {})
    shown = [q for q in asking.questions(session(), seminar_id, retired=True)
             if told.get(q.code) and (not q.restricted or _may_see_needs())]
    events = steps(session(), view.id)
    return _page("registration.html", seminar, view=view, events=events, delegation=_delegation_of(view),
                 actors=people.by_id(session(), [by for _step, by, _note in events if by]),
                 answers=[(q, q.written(told[q.code])) for q in shown])


@room.route(f"{HERE}/<int:registration_id>/estado", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def decide(seminar_id: int, registration_id: int) -> ResponseReturnValue:
    seminar, view = the_seminar(seminar_id), _one(seminar_id, registration_id)
    if request.method == "POST":
        places.held(session(), seminar_id)
        view = _one(seminar_id, registration_id)
    form = DecideForm().offer(BY_OFFICE[view.state])
    if form.accepted():
        if form.state.data == "offered" and seminar.starts_at and now() >= seminar.starts_at:
            abort(409, description=Reason(_("El seminario ya comenzó: confirmar en vez de ofrecer.")))
        places.move(session(), now(), seminar_id, view.id, form.state.data,
                    By(current_actor().person_id, note=form.reason.data), desk())
        tell(_("%(name)s: %(state)s.") % {"name": view.name, "state": STATES[form.state.data].lower()})
        return redirect(url_for("seminars.registration_page", seminar_id=seminar_id, registration_id=view.id), 303)
    return _page("decide.html", seminar, view=view, form=form, rooms=_rooms(
        seminar, registrations(session(), seminar_id))), 422 if form.errors else 200


@room.route(f"{HERE}/nueva", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def register_by_hand(seminar_id: int) -> ResponseReturnValue:
    """Whom the office registers itself; the questions are asked of them by mail."""
    seminar, form = the_seminar(seminar_id), ByHandForm()
    form.kind.choices = [(kind, words) for kind, words in KINDS.items()]
    if form.accepted():
        owner = people.by_email(session(), form.email.data)
        view, new = places.register(
            session(), now(), seminar_id, form.kind.data, form.who(form.language.data, owner.id if owner else None),
            by=By(current_actor().person_id, note=_("Inscrita por la oficina.")), desk=desk())
        tell((_("%(name)s: %(state)s.") if new else _("%(name)s ya estaba inscrita: %(state)s.")) % {
            "name": view.name, "state": STATES[view.state].lower()}, "done" if new else "due")
        return redirect(url_for("seminars.registration_page", seminar_id=seminar_id, registration_id=view.id), 303)
    return _page("by_hand.html", seminar, form=form, view=None), 422 if form.errors else 200


@room.route(f"{HERE}/<int:registration_id>/datos", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def correct_registration(seminar_id: int, registration_id: int) -> ResponseReturnValue:
    """A name or an address that was written wrong: the certificate will bear that name."""
    seminar, view = the_seminar(seminar_id), _one(seminar_id, registration_id)
    form = ByHandForm(**({} if request.method == "POST" else places.written(session(), view.id))).offer([view.kind])
    if form.accepted():
        try:
            places.correct(session(), current_actor().person_id, now(), seminar_id, view.id,
                           form.who(form.language.data), desk())
            tell(_("Datos corregidos."))
            return redirect(url_for("seminars.registration_page", seminar_id=seminar_id, registration_id=view.id), 303)
        except Refused as refused:
            form.refuse(refused)
    return _page("by_hand.html", seminar, form=form, view=view), 422 if form.errors else 200


@room.post(f"{HERE}/ofrecer", allow=May.CHANGE_SEMINARS)
def offer_free(seminar_id: int) -> ResponseReturnValue:
    done = places.fill(session(), now(), the_seminar(seminar_id).id, desk())
    tell(_("Cupos ofrecidos: %(n)d.") % {"n": done})
    return redirect(url_for("seminars.registrations_page", seminar_id=seminar_id), 303)


@room.route("/<int:seminar_id>/invitaciones", methods=["GET", "POST"], allow=May.CHANGE_SEMINARS)
def invitations(seminar_id: int) -> ResponseReturnValue:
    seminar, form = the_seminar(seminar_id), InviteForm()
    if seminar.published_at is None:
        abort(409, description=Reason(_("Publicar primero el seminario: la invitación lleva a su página.")))
    if form.accepted():
        sent = registering.invite(session(), current_actor().person_id, now(), desk(), seminar,
                                  [line.email for line in form.lines], form.kind.data, form.most.data,
                                  form.language.data)
        tell(_("Invitaciones enviadas: %(n)d.") % {"n": sent})
        return redirect(url_for("seminars.invitations", seminar_id=seminar_id), 303)
    return _page("invitations.html", seminar, form=form,
                 invitations=registering.invitations(session(), seminar_id)), 422 if form.errors else 200


@room.post("/<int:seminar_id>/invitaciones/<int:invitation_id>/fin", allow=May.CHANGE_SEMINARS)
def end_invitation(seminar_id: int, invitation_id: int) -> ResponseReturnValue:
    if not registering.end_invitation(session(), current_actor().person_id, now(), seminar_id, invitation_id):
        abort(404)
    tell(_("Invitación retirada: su enlace ya no sirve."))
    return redirect(url_for("seminars.invitations", seminar_id=seminar_id), 303)


@room.get("/<int:seminar_id>/necesidades", allow=May.SEE_NEEDS)
def needs(seminar_id: int) -> ResponseReturnValue:
    seminar, found = the_seminar(seminar_id), lists.needs(session(), seminar_id)
    return _page("needs.html", seminar, needs=found, totals=lists.totals(found), days=ERASED.days,
                 over=seminar.ends_at is not None and now() >= seminar.ends_at)


@room.post("/<int:seminar_id>/necesidades/borrado", allow=May.SEE_NEEDS)
def erase_needs(seminar_id: int) -> ResponseReturnValue:
    seminar = the_seminar(seminar_id)
    if seminar.ends_at is None or now() < seminar.ends_at:
        abort(409, description=Reason(_("El seminario no ha terminado: todavía hacen falta.")))
    done = reminders.erase_needs(session(), current_actor().person_id, now(), seminar_id)
    tell(_("Respuestas borradas: %(n)d.") % {"n": done})
    return redirect(url_for("seminars.needs", seminar_id=seminar_id), 303)


def _page(template: str, seminar: Head, **values: object) -> str:
    return render_template(f"seminars/{template}", **{
        "seminar": seminar, "title": words_of("es", seminar.titles), "STATES": STATES, "KINDS": KINDS, "MARKS": MARKS,
        **values})


def _asked() -> Asked:
    state, kind = request.args.get("estado", ""), request.args.get("tipo", "")
    return Asked(request.args.get("q", "").strip()[:80], state if state in STATES else "",
                 kind if kind in KINDS else "")


def _one(seminar_id: int, registration_id: int) -> RegistrationView:
    return registration(session(), seminar_id, id=registration_id) or abort(404)


def _delegation_of(view: RegistrationView) -> str:
    return registering.called(session(), view.delegation_id) if view.delegation_id else ""


def _may_see_needs() -> bool:
    actor = current_actor()
    return actor is not None and permits(actor, May.SEE_NEEDS)


def _file(seminar: Head, name: str, ending: str, header: list[str], rows: tables.Rows) -> Response:
    return tables.answer(ending, f"{name}-{seminar.slug}", words_of("es", seminar.titles), header, rows)
