"""The office's pages: people, what they hold, and the institutions they belong to."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.walltime import ZONES
from lms.people import actions, directory, queries
from lms.people.forms import CorrectForm, DocumentForm, NewPersonForm, OfficeForm, PostGrantForm
from lms.people.models import Person
from lms.people.routes import base_url, me, my_zone, room
from lms.people.rules import ROLE_WORDS, May, Refused, Role, permits, today


def back_to(person_id: int, message: str) -> ResponseReturnValue:
    tell(message)
    return redirect(url_for("people.person", person_id=person_id), 303)


def found(person_id: int) -> Person:
    return directory.person(session(), person_id) or abort(404)


def page_number() -> int:
    asked = request.args.get("pagina", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


@room.get("/personas", allow=May.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    words, number = request.args.get("q", "")[:directory.LONGEST_SEARCH], page_number()
    role = request.args.get("papel", "")
    role = role if role in ROLE_WORDS else ""
    rows, count = directory.find(session(), now(), words, role, number)
    return render_template("people/people.html", rows=rows, count=count, words=words, role=role, number=number,
                           pages=-(-count // directory.PAGE), roles=ROLE_WORDS,
                           may_change=permits(me(), May.CHANGE_PEOPLE))


@room.route("/personas/nueva", methods=["GET", "POST"], allow=May.CHANGE_PEOPLE)
def new_person() -> ResponseReturnValue:
    form = NewPersonForm()
    if form.accepted():
        try:
            person_id = actions.invite(
                session(), me().person_id, now(), email=form.email.data, given_names=form.given_names.data,
                surname1=form.surname1.data, surname2=form.surname2.data, identifier=form.identifier,
                base_url=base_url())
            return back_to(person_id, _("Cuenta abierta. La invitación va en camino por correo."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("people/new_person.html", form=form), 422 if form.faults else 200


@room.get("/personas/<int:person_id>", allow=May.SEE_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    return person_page(person_id)


def person_page(person_id: int, post: PostGrantForm | None = None, office: OfficeForm | None = None,
                document: DocumentForm | None = None) -> ResponseReturnValue:
    shown, forms = found(person_id), (post, office, document)
    view = queries.by_id(session(), [person_id])[person_id]
    name, confirmed_at = queries.certificate_name(session(), person_id)
    return render_template(
        "people/person.html", person=shown, view=view, state=directory.state(shown), certificate_name=name,
        confirmed_at=confirmed_at, posts=directory.posts(session(), now(), [person_id]),
        documents=directory.documents(session(), person_id), offices=directory.offices(session(), person_id),
        post=post or post_form(None), office=office or office_form(None),
        document=document or DocumentForm(None), may_change=permits(me(), May.CHANGE_PEOPLE),
        may_audit=permits(me(), May.SEE_AUDIT), mine=person_id == me().person_id, zone=my_zone(), zones=ZONES,
        day=today(now()),
    ), 422 if any(form is not None and form.faults for form in forms) else 200


def post_form(*formdata: None) -> PostGrantForm:
    form = PostGrantForm(*formdata)
    form.cohort.choices = {"": _("Toda la Escuela")} | dict(directory.cohorts(session()))
    form.institution.choices = {"": _("Ninguna")} | {i.id: i.name for i in queries.institutions(session())}
    return form


def office_form(*formdata: None) -> OfficeForm:
    form = OfficeForm(*formdata)
    form.held_at.choices = {"": _("Elegir")} | {i.id: i.name for i in queries.institutions(session())}
    return form


@room.route("/personas/<int:person_id>/datos", methods=["GET", "POST"], allow=May.CHANGE_PEOPLE)
def correct_person(person_id: int) -> ResponseReturnValue:
    form = CorrectForm(obj=found(person_id))
    if form.accepted():
        try:
            actions.correct(session(), me().person_id, now(), person_id, given_names=form.given_names.data,
                            surname1=form.surname1.data, surname2=form.surname2.data, email=form.email.data)
            return back_to(person_id, _("Datos corregidos."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("people/correct_person.html", form=form, view=queries.by_id(
        session(), [person_id])[person_id]), 422 if form.faults else 200


@room.post("/personas/<int:person_id>/papeles", allow=May.CHANGE_PEOPLE)
def add_post(person_id: int) -> ResponseReturnValue:
    found(person_id)
    form = post_form()
    if form.accepted():
        try:
            actions.grant(session(), me().person_id, now(), person_id, Role(form.role.data),
                          cohort_id=form.cohort.data, institution_id=form.institution.data,
                          module=(form.module.data or "").upper() or None, starts_on=form.starts_on.data,
                          ends_on=form.ends_on.data)
            return back_to(person_id, _("Papel dado. Vale desde ahora."))
        except Refused as refused:
            form.refuse(refused)
    return person_page(person_id, post=form)


@room.post("/personas/<int:person_id>/papeles/<int:post_id>/fin", allow=May.CHANGE_PEOPLE)
def end_post(person_id: int, post_id: int) -> ResponseReturnValue:
    if not actions.end_post(session(), me().person_id, now(), person_id, post_id):
        abort(404)
    return back_to(person_id, _("Papel terminado. Vale desde ahora."))


@room.post("/personas/<int:person_id>/cargos", allow=May.CHANGE_PEOPLE)
def add_office(person_id: int) -> ResponseReturnValue:
    found(person_id)
    form = office_form()
    if form.accepted():
        try:
            actions.affiliate(session(), me().person_id, now(), person_id, form.held_at.data, form.office.data)
            return back_to(person_id, _("Cargo registrado."))
        except Refused as refused:
            form.refuse(refused)
    return person_page(person_id, office=form)


@room.post("/personas/<int:person_id>/cargos/<int:affiliation_id>/fin", allow=May.CHANGE_PEOPLE)
def end_office(person_id: int, affiliation_id: int) -> ResponseReturnValue:
    if not actions.end_affiliation(session(), me().person_id, now(), person_id, affiliation_id):
        abort(404)
    return back_to(person_id, _("Cargo terminado."))


@room.post("/personas/<int:person_id>/documentos", allow=May.CHANGE_PEOPLE)
def add_person_document(person_id: int) -> ResponseReturnValue:
    found(person_id)
    form = DocumentForm()
    if form.accepted() and form.identifier:
        try:
            actions.add_document(session(), me().person_id, now(), person_id, *form.identifier)
            return back_to(person_id, _("Documento agregado."))
        except Refused as refused:
            form.refuse(refused)
    return person_page(person_id, document=form)


@room.post("/personas/<int:person_id>/documentos/<int:document_id>/retiro", allow=May.CHANGE_PEOPLE)
def remove_document(person_id: int, document_id: int) -> ResponseReturnValue:
    if not actions.remove_document(session(), me().person_id, now(), person_id, document_id):
        abort(404)
    return back_to(person_id, _("Documento quitado."))


@room.post("/personas/<int:person_id>/invitacion", allow=May.CHANGE_PEOPLE)
def invite_again(person_id: int) -> ResponseReturnValue:
    found(person_id)
    sent = actions.invite_again(session(), me().person_id, now(), person_id, base_url())
    return back_to(person_id, _("Enlace enviado: sirve 14 días.") if sent == "invitation" else
                   _("Enlace enviado: sirve 30 minutos."))


@room.route("/personas/<int:person_id>/cierre", methods=["GET", "POST"], allow=May.CHANGE_PEOPLE)
def close_account(person_id: int) -> ResponseReturnValue:
    found(person_id)
    if request.method == "POST":
        actions.close_account(session(), me().person_id, now(), person_id)
        return back_to(person_id, _("Cuenta cerrada. Sus sesiones terminaron."))
    return render_template("people/close_account.html", view=queries.by_id(session(), [person_id])[person_id])


@room.post("/personas/<int:person_id>/reapertura", allow=May.CHANGE_PEOPLE)
def reopen_account(person_id: int) -> ResponseReturnValue:
    found(person_id)
    actions.reopen_account(session(), me().person_id, now(), person_id)
    return back_to(person_id, _("Cuenta reabierta."))
