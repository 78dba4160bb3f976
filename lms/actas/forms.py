"""What a person may send about an acta."""

from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.foundation.forms import PostForm
from lms.foundation.language import _


def password() -> PasswordField:
    return PasswordField(_("Su contraseña, otra vez"), [InputRequired(_("Escribir la contraseña.")), Length(max=200)],
                         description=_("Se pide para cada firma, aunque la sesión esté abierta."),
                         render_kw={"autocomplete": "current-password", "maxlength": 200})


class SignForm(PostForm):
    """`seen`: the hash of what the page showed."""
    seen = HiddenField()
    password = password()


class CloseForm(PostForm):
    book = StringField(_("Libro"), [Length(max=40)], description=_("Si la universidad lleva libro de actas."),
                       render_kw={"maxlength": 40})
    page = StringField(_("Folio del libro"), [Length(max=20)], render_kw={"maxlength": 20})
    password = password()


class AnnulForm(PostForm):
    reason = StringField(_("Motivo"), [InputRequired(_("Escribir el motivo.")), Length(min=5, max=300)],
                         description=_("Queda en la lista de actas, junto a la anulada."))


class RectifyForm(PostForm):
    reason = TextAreaField(_("Motivo de la rectificación"), [InputRequired(_("Escribir el motivo.")),
                                                             Length(min=10, max=500)],
                           description=_("Se imprime en el acta rectificatoria: qué decía mal y por qué."),
                           render_kw={"rows": 3, "maxlength": 500})
    resolution = StringField(_("Resolución que la ordena"), [InputRequired(_("Escribir la resolución.")),
                                                             Length(min=3, max=200)],
                             description=_("Por ejemplo: Resolución interna 7/2027."), render_kw={"maxlength": 200})
