"""What the office may write of a journey: a cost with its payer, a gift."""

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from lms.foundation.forms import options
from lms.internships.forms import NEEDED, RoomForm
from lms.internships.travel import CURRENCIES, PAYERS


class CostForm(RoomForm):
    item = StringField("Concepto", [InputRequired(NEEDED), Length(max=120)], render_kw={"list": "travel-items"},
                       description="Pasajes, alojamiento, viáticos…")
    amount = StringField("Monto", [InputRequired(NEEDED), Length(max=30)], render_kw={"inputmode": "decimal"},
                         description="En cifras: 450.000 o 1250,50.")
    currency = SelectField("Moneda", [InputRequired(NEEDED)], choices=options(
        (code, f"{code} · {name}") for code, (name, _places) in CURRENCIES.items()))
    payer = SelectField("Quién paga", [InputRequired(NEEDED)], choices=options(PAYERS.items()))
    note = StringField("Nota", [Optional(), Length(max=300)],
                       description="Número de orden o factura. Si paga otro, quién.")


class GiftForm(RoomForm):
    what = StringField("Qué se recibió", [InputRequired(NEEDED), Length(max=200)])
    on = DateField("Fecha", [InputRequired(NEEDED)])
    occasion = StringField("Ocasión", [InputRequired(NEEDED), Length(max=200)],
                           description="Visita protocolar, acto de cierre…")
    giver = StringField("Quién lo dio", [InputRequired(NEEDED), Length(max=200)])
