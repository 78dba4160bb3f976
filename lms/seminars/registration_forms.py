"""What somebody may send to register, alone or for a delegation, and what the office sends about registrations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale
from wtforms import Field, FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from lms.foundation.forms import PostForm, options, written
from lms.foundation.language import OFFERED, _, current_language
from lms.people import countries, emails, names
from lms.people.rules import Refused
from lms.seminars.entries import Who
from lms.seminars.questions import PREFIX, Question, read
from lms.seminars.registering import MOST_DELEGATES

NEEDED = _("Falta completarlo.")
MAIL = {"type": "email", "autocomplete": "email", "inputmode": "email", "maxlength": 254}
OFFER_KINDS = {"member": _("Trabajo en una municipalidad o la represento"), "public": _("Público general"),
               "online": _("Sigo el seminario en línea"), "guest": _("Invitada o invitado"),
               "student": _("Participante del diplomado")}


@lru_cache(8)
def nations(language: str) -> tuple[tuple[str, str], ...]:
    """Countries as the reader calls them, the two homes of the programme first."""
    known = Locale.parse(language.replace("-", "_")).territories
    named = [(code, known.get(code, code)) for code in countries.choices()]
    return (*named[:2], *sorted(named[2:], key=lambda pair: names.sort_key(pair[1])))


class Tidy(StringField):
    """Text in one line, without what is invisible."""

    def process_formdata(self, valuelist: Any) -> None:
        super().process_formdata(valuelist)
        if self.data:
            try:
                self.data = names.tidy(self.data)
            except ValueError as wrong:
                self.data = self.data[:200]
                raise ValueError(str(wrong)) from None


def good_email(_form: Form, field: Field) -> None:
    try:
        field.data = emails.normal(field.data or "")
    except emails.BadEmail as bad:
        raise ValidationError(_(str(bad))) from None


class RefusableForm(PostForm):
    """A form to whose fields an action's refusal can be attached."""

    def refuse(self, refused: Refused) -> None:
        if refused.field in self:
            field: Any = self[refused.field]
            field.errors = [*field.errors, _(refused.message)]
        else:
            self.form_errors.append(_(refused.message))


class AnswersForm(RefusableForm):
    """A form with the office's questions beneath its own fields."""
    questions: Sequence[Question] = ()
    answers: Mapping[str, str] = {}
    wrong: Mapping[str, str] = {}

    def ask(self, questions: Sequence[Question], answers: Mapping[str, str] | None = None) -> "AnswersForm":
        self.questions, self.answers = questions, answers or {}
        return self

    def accepted(self) -> bool:
        if not super().accepted():
            self._read()
            return False
        self._read()
        return not self.wrong

    def _read(self) -> None:
        sent = written()
        if sent:
            self.answers, wrong = read(self.questions, sent.getlist, current_language())
            self.wrong = {code: _(why) for code, why in wrong.items()}

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        return super().faults + [(PREFIX + q.code, q.label(current_language()), self.wrong[q.code])
                                 for q in self.questions if q.code in self.wrong]




class PersonForm(AnswersForm):
    """One person."""
    given_names = Tidy(_("Nombres"), [DataRequired(NEEDED), Length(max=120)],
                       render_kw={"autocomplete": "given-name", "maxlength": 120})
    surname1 = Tidy(_("Primer apellido"), [DataRequired(NEEDED), Length(max=80)],
                    render_kw={"autocomplete": "family-name", "maxlength": 80})
    surname2 = Tidy(_("Segundo apellido"), [Optional(), Length(max=80)], description=_("Si no tiene, dejar vacío."),
                    render_kw={"maxlength": 80})
    email = Tidy(_("Correo electrónico"), [DataRequired(NEEDED), good_email], render_kw=MAIL,
                 description=_("Ahí llegan la confirmación y la entrada."))
    country = SelectField(_("País"), [InputRequired(NEEDED)], choices=lambda: options(
        [("", ""), *nations(current_language())]))
    institution = Tidy(_("Institución"), [Optional(), Length(max=200)], render_kw={
        "autocomplete": "organization", "maxlength": 200})
    office = Tidy(_("Cargo"), [Optional(), Length(max=160)], render_kw={
        "autocomplete": "organization-title", "maxlength": 160})
    kind = RadioField(_("¿Cómo participa?"), [InputRequired(NEEDED)], choices=options([]))

    def offer(self, kinds: Iterable[str], full: Collection[str] = ()) -> "PersonForm":
        """Which kinds may be chosen; a single one is not asked. In those that are full one waits."""
        known = list(kinds)
        if len(known) == 1:
            del self.kind
        else:
            wait = _("completo: lista de espera")
            self.kind.choices = options((code, _(OFFER_KINDS.get(code, code)) + (f" ({wait})" if code in full else ""))
                                        for code in known)
        return self

    def who(self, language: str, person_id: int | None = None) -> Who:
        return Who(self.given_names.data, self.surname1.data, self.surname2.data or None, self.email.data,
                   self.country.data, self.institution.data or "", self.office.data or "", language, person_id)


class ByHandForm(PersonForm):
    """Somebody whom the office registers."""
    language = SelectField(_("Idioma de sus correos"), [InputRequired()], choices=options(OFFERED.items()))


class DelegateForm(Form):
    """One line of a delegation; a line left empty is nobody."""
    given_names = Tidy(_("Nombres"), [Optional(), Length(max=120)], render_kw={"maxlength": 120})
    surname1 = Tidy(_("Primer apellido"), [Optional(), Length(max=80)], render_kw={"maxlength": 80})
    surname2 = Tidy(_("Segundo apellido"), [Optional(), Length(max=80)], render_kw={"maxlength": 80})
    email = Tidy(_("Correo electrónico"), [Optional(), Length(max=254)], render_kw={
        **MAIL, "autocomplete": "off"})
    office = Tidy(_("Cargo"), [Optional(), Length(max=160)], render_kw={"maxlength": 160})

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = _(field.label.text)

    @property
    def blank(self) -> bool:
        return not any((field.data or "").strip() for field in self)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good: bool = super().validate(*args, **kwargs)
        if self.blank:
            return good
        for field in (self.given_names, self.surname1, self.email):
            if not (field.data or "").strip():
                field.errors, good = [*field.errors, _(NEEDED)], False
        if self.email.data:
            try:
                self.email.data = emails.normal(self.email.data)
            except emails.BadEmail as bad:
                self.email.errors, good = [*self.email.errors, _(str(bad))], False
        return good


class DelegatesForm(RefusableForm):
    """More persons of a delegation."""
    people = FieldList(FormField(DelegateForm), min_entries=3, max_entries=MOST_DELEGATES)

    def validate_people(self, field: Field) -> None:
        filled = [line.form for line in self.people if not line.form.blank]
        if not filled and not field.errors:
            self.form_errors.append(_("Falta escribir al menos una persona."))
        seen: set[str] = set()
        for line in filled:
            if line.email.data and line.email.data in seen:
                line.email.errors = [*line.email.errors, _("Cada persona necesita un correo propio.")]
                self.form_errors.append(_("Dos personas tienen el mismo correo."))
            seen.add(line.email.data or "")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        self.form_errors = list(self.form_errors)
        return bool(super().validate(*args, **kwargs)) and not self.form_errors

    def delegates(self, country: str, institution: str, language: str) -> list[Who]:
        return [Who(line.form.given_names.data, line.form.surname1.data, line.form.surname2.data or None,
                    line.form.email.data, country, institution, line.form.office.data or "", language)
                for line in self.people if not line.form.blank]


class DelegationForm(DelegatesForm):
    """Several persons of one institution, and who registers them."""
    institution = Tidy(_("Municipalidad o institución"), [DataRequired(NEEDED), Length(max=200)],
                       render_kw={"autocomplete": "organization", "maxlength": 200})
    country = SelectField(_("País"), [InputRequired(NEEDED)], choices=lambda: options(
        [("", ""), *nations(current_language())]))
    contact = Tidy(_("Su nombre"), [DataRequired(NEEDED), Length(max=160)],
                   render_kw={"autocomplete": "name", "maxlength": 160})
    email = Tidy(_("Su correo"), [DataRequired(NEEDED), good_email], render_kw=MAIL,
                 description=_("Ahí llega el enlace para ver y cambiar la lista."))
