"""Pages of one's own account: names, documents, the name on the certificate, sessions and password."""

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lms.foundation.clock import now
from lms.foundation.database import keep, session
from lms.foundation.doors import SIGNED_IN
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.walltime import place
from lms.people import actions, directory, names, queries, signing
from lms.people.forms import AccountForm, CertificateNameForm, ChangePasswordForm, DocumentForm
from lms.people.presence import come_in
from lms.people.routes import address, base_url, device, me, my_zone, remember_language, room
from lms.people.rules import MOST_ON_PAPER, Refused, certificate_name_refusal, tidied


@room.route("/cuenta", methods=["GET", "POST"], allow=SIGNED_IN)
def account() -> ResponseReturnValue:
    form = AccountForm(obj=directory.person(session(), me().person_id))
    if form.accepted():
        try:
            actions.change_account(
                session(), now(), me().person_id, given_names=form.given_names.data, surname1=form.surname1.data,
                surname2=form.surname2.data, preferred_name=form.preferred_name.data, treatment=form.treatment.data,
                time_zone=form.time_zone.data or None, language=form.language.data)
            return saved(form.language.data)
        except Refused as refused:
            form.refuse(refused)
    return account_page(form, DocumentForm(None))


def saved(language: str) -> ResponseReturnValue:
    tell(_("Datos guardados."))
    response = redirect(url_for("people.account"), 303)
    remember_language(response, language)
    return response


def account_page(form: AccountForm, document: DocumentForm) -> ResponseReturnValue:
    person_id = me().person_id
    name, confirmed_at = queries.certificate_name(session(), person_id)
    return render_template(
        "people/account.html", form=form, document=document, certificate_name=name, confirmed_at=confirmed_at,
        documents=directory.documents(session(), person_id), offices=directory.offices(session(), person_id),
        zone=my_zone()), 422 if form.faults or document.faults else 200


@room.post("/cuenta/documentos", allow=SIGNED_IN)
def add_document() -> ResponseReturnValue:
    form = DocumentForm()
    if form.accepted() and form.identifier:
        try:
            actions.add_document(session(), me().person_id, now(), me().person_id, *form.identifier)
            tell(_("Documento agregado."))
            return redirect(url_for("people.account"), 303)
        except Refused as refused:
            form.refuse(refused)
    return account_page(AccountForm(None, obj=directory.person(session(), me().person_id)), form)


@room.route("/cuenta/nombre-certificado", methods=["GET", "POST"], allow=SIGNED_IN)
def confirm_name() -> ResponseReturnValue:
    """Two steps without script: write it, read it as it will be printed, confirm it."""
    name, confirmed_at = queries.certificate_name(session(), me().person_id)
    form = CertificateNameForm(data={"name": names.suggest_case(name) or name})
    printed = printable(form) if form.accepted() else None
    if printed and "confirmed" in request.form:
        return confirmed(printed)
    return render_template("people/confirm_name.html", form=form, printed=printed, confirmed_at=confirmed_at, name=name,
                           suggestion=names.suggest_case(printed or name), most=MOST_ON_PAPER,
                           zone=my_zone()), 422 if form.faults else 200


def printable(form: CertificateNameForm) -> str | None:
    """The name as it would be printed; refused in the form when it can not be."""
    try:
        name = tidied(form.name.data, _("Nombre"), "name")
        if reason := certificate_name_refusal(name):
            raise Refused(reason, "name")
        return name
    except Refused as refused:
        form.refuse(refused)
        return None


def confirmed(name: str) -> ResponseReturnValue:
    actions.confirm_certificate_name(session(), me().person_id, now(), me().person_id, name)
    tell(_("Nombre confirmado: así se imprimirá en el certificado."))
    return redirect(url_for("people.account"), 303)


@room.get("/cuenta/sesiones", allow=SIGNED_IN)
def sessions() -> ResponseReturnValue:
    return render_template("people/sessions.html", sessions=directory.live_sessions(session(), me().person_id, now()),
                           this=me().session_id, zone=my_zone(), zone_name=place(my_zone()))


@room.post("/cuenta/sesiones/<int:session_id>/fin", allow=SIGNED_IN)
def end_session(session_id: int) -> ResponseReturnValue:
    if not signing.end_session(session(), me().person_id, now(), me().person_id, session_id):
        abort(404)
    tell(_("Sesión terminada."))
    return redirect(url_for("people.sessions"), 303)


@room.post("/cuenta/sesiones/otras/fin", allow=SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    signing.end_sessions(session(), me().person_id, now(), me().person_id, but=me().session_id)
    tell(_("Las demás sesiones terminaron."))
    return redirect(url_for("people.sessions"), 303)


@room.route("/cuenta/clave", methods=["GET", "POST"], allow=SIGNED_IN)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.accepted():
        try:
            signing.change_password(
                session(), now(), me().person_id, current=form.current.data,
                password=form.password.data, address=address(), base_url=base_url(), keep=keep)
            come_in(signing.open_session(session(), me().person_id, now(), device()), cookie.permanent)
            tell(_("Contraseña cambiada. Las demás sesiones terminaron."))
            return redirect(url_for("people.sessions"), 303)
        except Refused as refused:
            form.refuse(refused)
    return render_template("people/change_password.html", form=form), 422 if form.faults else 200
