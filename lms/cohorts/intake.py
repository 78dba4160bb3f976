"""Pages of the roster: who takes part, enrolling one person, withdrawing and taking back."""

from dataclasses import dataclass

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cohorts import actions, queries
from lms.cohorts.forms import EMPTY, EnrolForm, RosterForm, WithdrawForm
from lms.cohorts.queries import EnrolmentView
from lms.cohorts.roster import COUNTRY_NAMES
from lms.cohorts.routes import me, room, the_cohort
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.foundation.spreadsheet import write_csv
from lms.people import actions as people_actions
from lms.people import names
from lms.people import queries as people
from lms.people.queries import InstitutionView, PersonView
from lms.people.rules import May, Refused, permits

PAGE = 50
STATES = {"": _("Participan"), "prorroga": _("Con prórroga"), "retiradas": _("Retiradas"), "todas": _("Todas")}


@dataclass(frozen=True)
class Line:
    """One person of the roster, as listed."""
    enrolment: EnrolmentView
    person: PersonView
    institution: InstitutionView | None
    office: str
    extended: bool


@room.get("/cohortes/<int:cohort_id>/nomina", allow=May.SEE_ROSTER)
def roster(cohort_id: int) -> ResponseReturnValue:
    cohort, everyone = the_cohort(cohort_id), lines(cohort_id)
    asked = {key: request.args.get(key, "")[:80] for key in ("q", "institucion", "estado")}
    chosen = matching(everyone, **asked)
    number, pages = min(page_number(), max(1, -(-len(chosen) // PAGE))), -(-len(chosen) // PAGE)
    institutions = {line.institution for line in everyone if line.institution}
    return render_template(
        "cohorts/roster.html", cohort=cohort, lines=chosen[(number - 1) * PAGE:number * PAGE], count=len(chosen),
        taking_part=sum(line.enrolment.withdrawn_at is None for line in everyone), total=len(everyone), asked=asked,
        number=number, pages=pages, institutions=sorted(institutions, key=lambda i: names.sort_key(i.name)),
        STATES=STATES, batches=queries.batches(session(), cohort_id)[:5], form=RosterForm(None),
        may_change=permits(me(), May.CHANGE_ROSTER, cohort_id), may_people=permits(me(), May.SEE_PEOPLE))


@room.get("/cohortes/<int:cohort_id>/nomina.csv", allow=May.SEE_ROSTER)
def roster_file(cohort_id: int) -> ResponseReturnValue:
    cohort = the_cohort(cohort_id)
    rows = [(line.person.formal, line.person.email, line.institution.name if line.institution else "", line.office,
             _("Participa") if line.enrolment.withdrawn_at is None else _("Retirada")) for line in lines(cohort_id)]
    head = (_("Participante"), _("Correo electrónico"), _("Institución"), _("Cargo"), _("Estado"))
    return as_csv(write_csv(head, rows), f"nomina-{cohort.code}.csv")


@room.route("/cohortes/<int:cohort_id>/nomina/inscribir", methods=["GET", "POST"], allow=May.CHANGE_ROSTER)
def enrol(cohort_id: int) -> ResponseReturnValue:
    cohort, form = the_cohort(cohort_id), EnrolForm(data=None)
    form.institution.choices = options([(0, _("Ninguna")), *((i.id, i.name) for i in people.institutions(session()))])
    form.country.choices = options([EMPTY, *COUNTRY_NAMES])
    ask_staff = False
    if form.accepted():
        try:
            name, opened = _enrol(form, cohort_id)
            tell((_("%(name)s quedó en la nómina. La invitación va en camino por correo.") if opened else
                  _("%(name)s quedó en la nómina con la cuenta que ya tenía.")) % {"name": name})
            return redirect(url_for("cohorts.roster", cohort_id=cohort_id), 303)
        except Refused as refused:
            form.refuse(refused)
            ask_staff = refused.field == "staff"
    return render_template("cohorts/enrol.html", cohort=cohort, form=form, ask_staff=ask_staff,
                           ), 422 if form.faults else 200


@room.route("/cohortes/<int:cohort_id>/nomina/<int:enrolment_id>/retiro", methods=["GET", "POST"],
            allow=May.CHANGE_ROSTER)
def withdraw(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    cohort, enrolment, form = the_cohort(cohort_id), _enrolment(cohort_id, enrolment_id), WithdrawForm()
    person = people.by_id(session(), [enrolment.person_id])[enrolment.person_id]
    if form.accepted():
        ended = actions.withdraw(session(), me().person_id, now(), cohort_id, enrolment_id, form.reason.data.strip())
        tell((_("%(name)s ya no participa en esta cohorte. Lo que hizo se conserva.") if ended else
              _("%(name)s ya estaba fuera de esta cohorte.")) % {"name": person.name})
        return redirect(url_for("cohorts.roster", cohort_id=cohort_id), 303)
    return render_template("cohorts/withdraw.html", cohort=cohort, enrolment=enrolment, person=person,
                           form=form), 422 if form.faults else 200


@room.post("/cohortes/<int:cohort_id>/nomina/<int:enrolment_id>/reincorporacion", allow=May.CHANGE_ROSTER)
def resume(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    enrolment = _enrolment(cohort_id, enrolment_id)
    actions.enrol(session(), me().person_id, now(), cohort_id, enrolment.person_id)
    person = people.by_id(session(), [enrolment.person_id])[enrolment.person_id]
    tell(_("%(name)s participa otra vez, con lo que ya había hecho.") % {"name": person.name})
    return redirect(url_for("cohorts.roster", cohort_id=cohort_id), 303)


def lines(cohort_id: int) -> list[Line]:
    """Everyone who is or was in the roster, in Spanish order: four statements for any number of people."""
    enrolments = {e.person_id: e for e in queries.enrolled(session(), cohort_id)}
    persons = people.by_id(session(), enrolments)
    places = people.institutions_by_id(session(), {e.institution_id or 0 for e in enrolments.values()})
    offices = people.affiliations(session(), enrolments)
    extended = queries.extended_people(session(), cohort_id)
    return [Line(enrolments[p.id], p, places.get(enrolments[p.id].institution_id or 0),
                 offices.get(p.id, "").partition(",")[0], p.id in extended) for p in persons.values()]


def matching(everyone: list[Line], q: str = "", institucion: str = "", estado: str = "") -> list[Line]:
    """Those that hold every word, are of the institution and in the state asked for."""
    words = names.search_key(q).split()
    keep = {"retiradas": lambda line: line.enrolment.withdrawn_at is not None, "todas": lambda line: True,
            "prorroga": lambda line: line.extended}.get(estado, lambda line: line.enrolment.withdrawn_at is None)
    return [line for line in everyone if keep(line)
            and (not institucion or (line.institution is not None and str(line.institution.id) == institucion))
            and all(word in names.search_key(f"{line.person.name} {line.person.email}") for word in words)]


def page_number() -> int:
    asked = request.args.get("pagina", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def as_csv(content: bytes, name: str) -> Response:
    return Response(content, mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"})


def _enrol(form: EnrolForm, cohort_id: int) -> tuple[str, bool]:
    """Enrol who owns the address, opening an account when nobody does; (their name, was one opened)."""
    who = session(), me().person_id, now()
    institution_id = form.institution.data or None
    owner = people.by_email(session(), form.email.data)
    account = people.accounts(session(), [owner.email], [])[0] if owner else None
    if account and account.staff and not form.staff.data:
        raise Refused(_("%(name)s tiene un papel de trabajo en la Escuela. Confirmarlo abajo si también va a estudiar.")
                      % {"name": account.name.full}, "staff")
    if account is None and not (form.given_names.data and form.surname1.data):
        raise Refused(_("No hay una cuenta con ese correo. Para abrirla, completar nombres y primer apellido."),
                      "email")
    person_id = account.id if account else people_actions.invite(
        *who, email=form.email.data, given_names=form.given_names.data, surname1=form.surname1.data,
        surname2=form.surname2.data or None, identifier=form.identifier, base_url=current_app.config["URL"])
    if institution_id and form.office.data:
        people_actions.affiliate(*who, person_id, institution_id, form.office.data)
    actions.enrol(*who, cohort_id, person_id, institution_id)
    return people.by_id(session(), [person_id])[person_id].name, account is None


def _enrolment(cohort_id: int, enrolment_id: int) -> EnrolmentView:
    return queries.enrolment(session(), cohort_id, enrolment_id) or abort(404)
