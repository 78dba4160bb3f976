"""A registration by its own link, without an account; the ticket; a delegation by its contact's link."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.language import _, current_language
from lms.foundation.pages import tell
from lms.people.rules import Refused
from lms.seminars import asking, places, questions, registering
from lms.seminars.entries import NOBODY, Head, RegistrationView, head, registration, registrations
from lms.seminars.here_pages import drawn
from lms.seminars.letters import TICKET, moment
from lms.seminars.registering import MOST_DELEGATES, DelegationView
from lms.seminars.registration_forms import AnswersForm, DelegatesForm
from lms.seminars.registration_pages import asked_with, desk, keep_pace, quiet, shut_of, told
from lms.seminars.room import room
from lms.seminars.standing import OVER, acceptable, may_cancel, may_return, position

WORDS = {                       # state -> how it is marked, and said to who it is about
    "asked": ("due", _("Por decidir")), "waiting": ("due", _("En lista de espera")),
    "offered": ("released", _("Cupo ofrecido")), "confirmed": ("done", _("Inscripción confirmada")),
    "expired": ("late", _("La oferta venció")), "cancelled": ("revoked", _("Inscripción anulada")),
    "refused": ("revoked", _("No aceptada"))}


@room.get("/inscripcion/<token_>", allow=OPEN)
def own(token_: str) -> ResponseReturnValue:
    seminar, view = mine(token_)
    asked = asking.questions(session(), seminar.id)
    said = asking.answers(session(), [view.id]).get(view.id, {})
    missing = [q for q in questions.asked(asked, said) if q.required and not said.get(q.code)]
    open_ = not shut_of(seminar, invited=True) and view.state not in OVER
    over = seminar.ends_at is not None and now() >= seminar.ends_at
    return quiet(render_template(
        "seminars/own.html", seminar=seminar, view=view, token_=token_, words=_said(view.state), asks=bool(asked),
        missing=missing if open_ else [], open=open_, over=over,
        counted=seminar.starts_at is not None and now() >= seminar.starts_at,
        cancelling=may_cancel(view.standing) and not over and not seminar.cancelled_at,
        returning=may_return(view.standing) and not shut_of(seminar, invited=True),
        until=moment(view.until, seminar.zone, current_language()) if view.until else "",
        place_in_line=_place_in_line(seminar, view), **told(seminar)))


@room.post("/inscripcion/<token_>/aceptar", allow=OPEN)
def accept_offer(token_: str) -> ResponseReturnValue:
    seminar, view = _held(token_)
    if why := acceptable(now(), view.standing):
        abort(409, description=Reason(_(why)))
    places.move(session(), now(), seminar.id, view.id, "confirmed", NOBODY, desk())
    tell(_("Su cupo está confirmado."))
    return redirect(url_for("seminars.own", token_=token_), 303)


@room.post("/inscripcion/<token_>/anular", allow=OPEN)
def cancel_own(token_: str) -> ResponseReturnValue:
    seminar, view = _held(token_)
    if may_cancel(view.standing) and not (seminar.ends_at and now() >= seminar.ends_at):
        places.move(session(), now(), seminar.id, view.id, "cancelled", NOBODY, desk())
        tell(_("Su inscripción quedó anulada."))
    return redirect(url_for("seminars.own", token_=token_), 303)


@room.post("/inscripcion/<token_>/volver", allow=OPEN)
def ask_again(token_: str) -> ResponseReturnValue:
    """Who cancelled, or let an offer pass, takes a place if there is one, or waits behind the others."""
    seminar, view = _held(token_)
    if may_return(view.standing) and not shut_of(seminar, invited=True):
        if not registering.may_ask_again(session(), view):
            abort(409, description=Reason(_("Ya no hay inscripción abierta de su tipo. Escribir a la oficina.")))
        keep_pace()
        places.ask_again(session(), now(), seminar.id, view, desk())
    return redirect(url_for("seminars.own", token_=token_), 303)


@room.route("/inscripcion/<token_>/respuestas", methods=["GET", "POST"], allow=OPEN)
def own_answers(token_: str) -> ResponseReturnValue:
    seminar, view = mine(token_)
    if shut_of(seminar, invited=True) or view.state in OVER:
        abort(409, description=Reason(_("Las respuestas ya no se cambian.")))
    asked = asking.questions(session(), seminar.id)
    form = AnswersForm().ask(asked, asking.answers(session(), [view.id]).get(view.id, {}))
    if form.accepted():
        keep_pace()
        asking.answer(session(), now(), view.id, form.answers, asked, seminar.ends_at)
        tell(_("Respuestas guardadas."))
        return redirect(url_for("seminars.own", token_=token_), 303)
    return quiet(render_template("seminars/own_answers.html", seminar=seminar, token_=token_, form=form,
                                 **asked_with(), **told(seminar))), 422 if form.wrong else 200


@room.get("/entrada/<code>", allow=OPEN)
def ticket(code: str) -> ResponseReturnValue:
    view = registration(session(), code=code) or abort(404)
    seminar = head(session(), view.seminar_id) or abort(404)
    short = f"{view.short_code[:3]}-{view.short_code[3:]}"
    return quiet(render_template("seminars/ticket.html", seminar=seminar, view=view, short=short,
                                 words=_said(view.state), picture=drawn(f"{desk().url}{TICKET}{code}"),
                                 **told(seminar)))


@room.route("/delegacion/<token_>", methods=["GET", "POST"], allow=OPEN)
def delegation(token_: str) -> ResponseReturnValue:
    """The list of a delegation, for its contact; more persons are added here."""
    found, seminar = _delegation(token_)
    room_left = MOST_DELEGATES - len(found.members) - len(found.besides)
    form, open_ = DelegatesForm(), not shut_of(seminar, invited=True)
    if request.method == "POST" and open_ and form.accepted():
        who = form.delegates(found.country, found.institution, found.language)[:max(room_left, 0)]
        keep_pace(len(who))
        try:
            registering.add(session(), now(), desk(), found.id, registering.kind_of(session(), found), who)
            tell(_("Agregadas. Cada persona recibe su correo."))
            return redirect(url_for("seminars.delegation", token_=token_), 303)
        except Refused as refused:
            form.refuse(refused)
    listed = [(name, email, state, state not in OVER) for _id, name, email, state in found.members] + [
        (name, email, state, True) for name, email, state in found.besides]
    return quiet(render_template(
        "seminars/delegation.html", seminar=seminar, token_=token_, delegation=found, form=form, open=open_,
        listed=listed, words={state: _said(state) for state in WORDS}, room=room_left > 0,
        **told(seminar))), 422 if request.method == "POST" else 200


@room.post("/delegacion/<token_>/retirar", allow=OPEN)
def leave_delegation(token_: str) -> ResponseReturnValue:
    found, _seminar = _delegation(token_)
    if registering.take_out(session(), now(), desk(), found, request.form.get("email", "")[:254]):
        tell(_("Retirada de la delegación. Se le avisa por correo."))
    return redirect(url_for("seminars.delegation", token_=token_), 303)


def _said(state: str) -> tuple[str, str]:
    mark, words = WORDS[state]
    return mark, _(words)


def mine(token_: str) -> tuple[Head, RegistrationView]:
    registration_id = desk().read(token_) or abort(404)
    view = registration(session(), id=registration_id) or abort(404)
    return head(session(), view.seminar_id) or abort(404), view


def _held(token_: str) -> tuple[Head, RegistrationView]:
    """The same with the seminar's row held, and the registration as it is then."""
    seminar, view = mine(token_)
    seminar = places.held(session(), seminar.id)
    return seminar, registration(session(), id=view.id) or abort(404)


def _delegation(token_: str) -> tuple[DelegationView, Head]:
    found = registering.delegation(session(), token_) or abort(404)
    return found, head(session(), found.seminar_id) or abort(404)


def _place_in_line(seminar: Head, view: RegistrationView) -> int:
    if view.state != "waiting":
        return 0
    return position([(v.id, v.since) for v in registrations(session(), seminar.id, ("waiting",))
                     if v.kind == view.kind], view.id)
