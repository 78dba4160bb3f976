"""The office records exceptions and earlier studies, and takes them back: always with who and why."""

from fractions import Fraction

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lms.attempts.rules import file_name
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.completion import actions, queries
from lms.completion.actions import Kept, Study
from lms.completion.forms import ExceptionForm, RecognitionForm, WithdrawForm
from lms.completion.models import Recognition, RequirementException
from lms.completion.routes import room
from lms.completion.supposing import read_grade
from lms.completion.wording import said
from lms.foundation import files
from lms.foundation.clock import now
from lms.foundation.database import let_go, session
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading.queries import policies_of, share_of
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import May, Refused

HERE = "/cohortes/<int:cohort_id>/avance"
TAKEN, MOST, HEAD = ("pdf", "png", "jpg", "jpeg"), 10 << 20, 8192


@room.route(f"{HERE}/<int:person_id>/excepcion", methods=["GET", "POST"], allow=May.EXCEPT)
def except_(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort, programme = _place(cohort_id, person_id)
    verdict = queries.own(session(), cohort, programme, person_id).verdict
    form = ExceptionForm()
    form.requirement.choices = options((i.key, said(i.key, programme)) for i in actions.exceptable(verdict))
    if form.accepted():
        try:
            actions.record_exception(session(), current_actor().person_id, now(), cohort_id, person_id, verdict,
                                     form.requirement.data, form.reason.data or "")
            tell(_("Excepción anotada. La persona la ve en su página, con el motivo."))
            return _back(cohort_id, person_id)
        except Refused as why:
            _said(form, why)
    return _page("completion/except.html", cohort, person_id, form)


@room.route(f"{HERE}/<int:person_id>/reconocimiento", methods=["GET", "POST"], allow=May.EXCEPT)
def recognise(cohort_id: int, person_id: int) -> ResponseReturnValue:
    cohort, programme = _place(cohort_id, person_id)
    form = RecognitionForm()
    form.module.choices = options((m.code, f"{m.code}: {m.title}") for m in programme.modules)
    form.equivalence.choices = options([("", _("Ninguna")), *((e.code, e.name) for e in programme.equivalences)])
    if form.accepted():
        try:
            share = _share(cohort, form.grade.data or "")
            kept = _kept(request.files.get("file"))
            study = Study(form.study.data or "", form.institution.data or "", form.finished_on.data, share,
                          form.equivalence.data or "")
            actions.recognise(session(), current_actor().person_id, now(), cohort_id, person_id, programme,
                              form.module.data, study, form.reason.data or "", kept)
            tell(_("Estudio reconocido. El módulo cuenta desde ahora, con su respaldo."))
            return _back(cohort_id, person_id)
        except Refused as why:
            _said(form, why)
    return _page("completion/recognise.html", cohort, person_id, form)


@room.route(f"{HERE}/excepciones/<int:exception_id>/retiro", methods=["GET", "POST"], allow=May.EXCEPT)
def withdraw_exception(cohort_id: int, exception_id: int) -> ResponseReturnValue:
    return _withdraw(cohort_id, RequirementException, exception_id)


@room.route(f"{HERE}/reconocimientos/<int:recognition_id>/retiro", methods=["GET", "POST"], allow=May.EXCEPT)
def withdraw_recognition(cohort_id: int, recognition_id: int) -> ResponseReturnValue:
    return _withdraw(cohort_id, Recognition, recognition_id)


def _withdraw(cohort_id: int, kind: type[RequirementException] | type[Recognition], number: int
              ) -> ResponseReturnValue:
    row = next(iter(actions.standing(session(), kind, cohort_id, id=number)), None) or abort(404)
    cohort, programme = _place(cohort_id, row.person_id)
    form = WithdrawForm()
    if form.accepted():
        try:
            actions.withdraw(session(), current_actor().person_id, now(), row, form.reason.data or "")
            tell(_("Retirado. Queda a la vista, con su motivo."))
            return _back(cohort_id, row.person_id)
        except Refused as why:
            _said(form, why)
    what = row.module if isinstance(row, Recognition) else said(row.requirement, programme)
    return _page("completion/withdraw.html", cohort, row.person_id, form, row=row, what=what)


def _place(cohort_id: int, person_id: int) -> tuple[CohortView, Programme]:
    cohort = cohorts.cohort(session(), cohort_id) or abort(404)
    if person_id not in {e.person_id for e in cohorts.enrolled(session(), cohort_id)}:
        abort(404)
    return cohort, catalogue.programme(session(), cohort.edition_id)


def _share(cohort: CohortView, written: str) -> Fraction | None:
    policies = policies_of(session(), cohort.id, cohort.country)
    try:
        value = read_grade(written, policies.own.minimum, policies.own.maximum)
    except Refused as why:
        raise Refused(why.message, "grade") from None
    return None if value is None else share_of(value, policies.own, policies.home)


def _kept(file: FileStorage | None) -> Kept:
    """The evidence, looked at and stored: nobody else waits for that."""
    if file is None or not file.filename:
        raise Refused(_("Adjuntar el respaldo: sin él no se reconoce."), "file")
    name = file_name(file.filename)
    try:
        kind = files.check_kind(name, file.stream.read(HEAD), TAKEN)
        file.stream.seek(0)
        let_go()
        stored = files.store().put(file.stream, MOST)
    except files.Refused as why:
        raise Refused(str(why), "file") from None
    return Kept(name, kind, stored.size, stored.sha256)


def _said(form: PostForm, why: Refused) -> None:
    """What an action refused, at its field."""
    field = form._fields.get(why.field)
    if field is None:
        form.form_errors.append(_(why.message))
    else:
        field.errors = [*field.errors, _(why.message)]


def _back(cohort_id: int, person_id: int) -> ResponseReturnValue:
    return redirect(url_for("completion.person", cohort_id=cohort_id, person_id=person_id), 303)


def _page(template: str, cohort: CohortView, person_id: int, form: PostForm, **more: object) -> ResponseReturnValue:
    who = people.by_id(session(), [person_id])[person_id]
    return render_template(template, cohort=cohort, who=who, form=form, **more), 422 if form.faults else 200
