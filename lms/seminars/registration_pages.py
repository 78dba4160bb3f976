"""The public pages of registering: the form, what everybody is told after it, one click for who has an account."""

from collections.abc import Mapping

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import queries as cohorts
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN, SIGNED_IN
from lms.foundation.errors import Reason
from lms.foundation.language import _, current_language
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Refused, Role
from lms.seminars import asking, places, questions, registering
from lms.seminars.entries import By, Head, Who, head, limits, registration
from lms.seminars.letters import Desk, moment
from lms.seminars.registering import InvitationView
from lms.seminars.registration_forms import DelegationForm, PersonForm
from lms.seminars.reminders import desk_of
from lms.seminars.room import room
from lms.seminars.standing import ERASED, closed, words_of

SELF = ("member", "public", "online")       # kinds that register by themselves


@room.route("/<slug>/inscripcion", methods=["GET", "POST"], allow=OPEN)
def register(slug: str) -> ResponseReturnValue:
    seminar, form = published(head(session(), slug=slug)), PersonForm()
    if request.method == "GET" and (token := own_token(seminar)):
        return redirect(url_for("seminars.own", token_=token), 303)
    limit_of = limits(session(), seminar.id)
    kinds, at_once = [k for k in SELF if k in limit_of], one_click(limit_of)
    if shut := shut_of(seminar) or ("" if (kinds and not seminar.by_invitation) or at_once else "invitation"):
        return shut_page(seminar, shut)
    if not kinds or seminar.by_invitation:
        return _form(seminar, None, at_once)
    form.offer(kinds, full := places.full(session(), seminar.id, limit_of)).ask(asking.questions(session(), seminar.id))
    if not _sent(form):
        return _form(seminar, form, at_once, "member" in kinds, full=set(kinds) <= full), 422 if form.errors else 200
    keep_pace()
    kind = form.kind.data if form.kind else kinds[0]
    places.register(session(), now(), seminar.id, kind, form.who(current_language()), form.answers, desk=desk())
    return redirect(url_for("seminars.received", slug=slug), 303)


@room.get("/<slug>/inscripcion/recibida", allow=OPEN)
def received(slug: str) -> ResponseReturnValue:
    seminar = published(head(session(), slug=slug))
    return quiet(render_template("seminars/received.html", seminar=seminar, **told(seminar)))


@room.post("/<slug>/inscripcion/un-clic", allow=SIGNED_IN)
def register_at_once(slug: str) -> ResponseReturnValue:
    """For who studies here: name and address are known, the questions can be answered afterwards."""
    seminar = published(head(session(), slug=slug))
    if shut := shut_of(seminar):
        return shut_page(seminar, shut)
    if not one_click(limits(session(), seminar.id)):
        abort(409, description=Reason(_("Este seminario no tiene cupos para participantes del diplomado.")))
    view, _new = places.register(session(), now(), seminar.id, "student", student(), desk=desk())
    return redirect(url_for("seminars.own", token_=desk().token(view.id)), 303)


@room.route("/invitacion/<token_>", methods=["GET", "POST"], allow=OPEN)
def invited(token_: str) -> ResponseReturnValue:
    """Who follows the link of an invitation: for themselves, or for a delegation of so many persons."""
    invitation = registering.invitation(session(), token_) or abort(404)
    seminar = published(head(session(), invitation.seminar_id))
    shut = "used" if not invitation.left else shut_of(seminar, invited=True)
    if shut:
        return shut_page(seminar, shut)
    if invitation.most > 1:
        return _delegation(seminar, invitation.kind, invitation)
    form = PersonForm().offer([invitation.kind]).ask(asking.questions(session(), seminar.id))
    if not _sent(form):
        return _form(seminar, form, invitation=invitation), 422 if form.errors else 200
    keep_pace()
    try:
        registering.accept(session(), now(), desk(), invitation.id, form.who(current_language()), form.answers)
    except Refused:
        return shut_page(seminar, "used"), 409
    return redirect(url_for("seminars.received", slug=seminar.slug), 303)


@room.route("/<slug>/delegacion", methods=["GET", "POST"], allow=OPEN)
def new_delegation(slug: str) -> ResponseReturnValue:
    seminar = published(head(session(), slug=slug))
    open_to = not seminar.by_invitation and "member" in limits(session(), seminar.id)
    if shut := shut_of(seminar) or ("" if open_to else "invitation"):
        return shut_page(seminar, shut)
    return _delegation(seminar, "member", None)


def _delegation(seminar: Head, kind: str, invitation: InvitationView | None) -> ResponseReturnValue:
    form = DelegationForm()
    if request.form.get("more") and len(form.people) < registering.MOST_DELEGATES:
        for _line in range(min(3, registering.MOST_DELEGATES - len(form.people))):
            form.people.append_entry()
        return _delegation_page(seminar, form)
    if not form.accepted():
        return _delegation_page(seminar, form), 422 if request.method == "POST" else 200
    who = form.delegates(form.country.data, form.institution.data, current_language())
    keep_pace(len(who))
    try:
        registering.delegate(session(), now(), desk(), seminar.id, kind, form.contact.data, form.email.data, who,
                             By(invitation_id=invitation.id) if invitation else places.NOBODY)
    except Refused as refused:
        form.refuse(refused)
        return _delegation_page(seminar, form), 422
    return redirect(url_for("seminars.received", slug=seminar.slug), 303)


def _delegation_page(seminar: Head, form: DelegationForm) -> Response:
    return quiet(render_template("seminars/new_delegation.html", seminar=seminar, form=form, **told(seminar)))


def _form(seminar: Head, form: PersonForm | None, at_once: bool = False, delegations: bool = False,
          invitation: InvitationView | None = None, full: bool = False) -> Response:
    return quiet(render_template(
        "seminars/register.html", seminar=seminar, form=form, one_click=at_once, delegations=delegations,
        invited=invitation, full=full, **asked_with(), **told(seminar)))


def _sent(form: PersonForm) -> bool:
    """Accepted? One whose person is right but whose answers are not shows it too."""
    good = form.accepted()
    if not good and form.wrong and not form.errors:
        form.form_errors.append(_("Revisar las respuestas marcadas."))
    return good


def asked_with() -> dict[str, object]:
    """What the templates of the office's questions need."""
    return {"language": current_language(), "condition": questions.condition, "days": ERASED.days}


def told(seminar: Head) -> dict[str, str]:
    """A seminar's name and moment in the reader's language."""
    language = current_language()
    return {"title": words_of(language, seminar.titles),
            "when": moment(seminar.starts_at, seminar.zone, language) if seminar.starts_at else ""}


def published(found: Head | None) -> Head:
    if found is None or found.published_at is None:
        abort(404)
    return found


def shut_of(seminar: Head, invited: bool = False) -> str:
    if seminar.cancelled_at:
        return "cancelled"
    return closed(now(), None if invited else seminar.opens_at, seminar.closes_at, seminar.ends_at)


def shut_page(seminar: Head, shut: str) -> Response:
    opens = moment(seminar.opens_at, seminar.zone, current_language()) if seminar.opens_at else ""
    return quiet(render_template("seminars/registration_shut.html", seminar=seminar, shut=shut, opens=opens,
                                 **told(seminar)))


def own_token(seminar: Head) -> str:
    """Of the registration of who is signed in; "" when they have none."""
    actor = current_actor()
    view = registration(session(), seminar.id, person_id=actor.person_id) if actor else None
    return desk().token(view.id) if view else ""


def one_click(limit_of: Mapping[str, int | None]) -> bool:
    """Who is signed in, studies here, and there are places for such."""
    actor = current_actor()
    return actor is not None and actor.holds(Role.STUDENT) and "student" in limit_of


def student() -> Who:
    """Who is signed in, as the registers know them."""
    actor = current_actor()
    assert actor is not None
    name = people.accounts(session(), [actor.email], [])[0].name
    office, _comma, institution = people.affiliations(session(), [actor.person_id]).get(
        actor.person_id, "").partition(", ")
    cohort = cohorts.cohort(session(), next(iter(actor.cohorts(Role.STUDENT)), 0))
    return Who(name.given, name.surname1, name.surname2, actor.email, cohort.country if cohort else "CL", institution,
               office, actor.language, actor.person_id)


def desk() -> Desk:
    return desk_of(current_app)


def keep_pace(persons: int = 1) -> None:
    """So many persons from one address a minute, and no more: each of them is written to."""
    pace, instant = current_app.extensions["registration_pace"], now().timestamp()
    if not all(pace.allows(request.remote_addr or "", instant) for _person in range(persons)):
        abort(429, description=Reason(_("Se hicieron muchas inscripciones seguidas desde esta conexión.")))


def quiet(page: str) -> Response:
    """No search engine lists these pages, and no other site learns their addresses."""
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
