"""What the door sends, and what the office asks for when it opens one."""

import json
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from lms.foundation.clock import of_device
from lms.foundation.forms import PostForm, options
from lms.seminars.codes import wanted
from lms.seminars.presence import MOST, Seen

NEEDED = "Falta completarlo."
SKEW = timedelta(minutes=2)         # by which a device's clock may differ from ours without being set right
WAYS = {"in": "Entrada", "out": "Salida"}


class Malformed(ValueError):
    """Not what the door's page sends; shown to nobody but whoever wrote a program."""


def seen(body: bytes, now: datetime) -> list[Seen]:
    """The marks of one sending, each at its time by our clock: what the device's own clock is off by is taken out."""
    try:
        sent = json.loads(body)
        off = now - of_device(sent["clock"])
        marks = sent["marks"]
        if not isinstance(marks, list) or not 0 < len(marks) <= MOST:
            raise Malformed("marks")
        return [_one(mark, off if abs(off) > SKEW else timedelta(0)) for mark in marks]
    except (ValueError, TypeError, KeyError, OverflowError, OSError) as wrong:
        raise Malformed(str(wrong)) from wrong


def _one(mark: Any, off: timedelta) -> Seen:
    key, code = mark["key"], mark["code"]
    if not isinstance(key, str) or not 8 <= len(key) <= 60 or not isinstance(code, str) or mark["kind"] not in WAYS:
        raise Malformed("mark")
    at = of_device(mark["at"]) + off
    told = f"Reloj del equipo corregido en {round(off.total_seconds() / 60)} min." if off else ""
    return Seen(key, wanted(code[:400]), mark["kind"], at, told)


class ScanForm(PostForm):
    """The door without script, and with a scanner that types."""
    key = HiddenField()
    sentido = RadioField("Sentido", choices=options(WAYS.items()), default="in")
    codigo = StringField("Código de la entrada", [InputRequired(NEEDED), Length(max=400)])


class DoorForm(PostForm):
    """A new device: what it is, where it stands and for how long its link holds."""
    name = StringField("Nombre", [InputRequired(NEEDED), Length(max=80)],
                       description="Por ejemplo: Teléfono de Rosa, acceso norte.")
    does = RadioField("Para qué", choices=options({"scan": "Leer entradas en la puerta",
                                                   "screen": "Mostrar en pantalla un código que cambia"}.items()),
                      default="scan")
    session = SelectField("Dónde", coerce=int)
    hours = IntegerField("Horas que vale el enlace", [InputRequired(NEEDED), NumberRange(1, 240)], default=12)


class MinutesForm(PostForm):
    """The office's word on somebody's minutes of a session. `key` is the form's own: sent twice, it is kept once."""
    key = HiddenField()
    session = SelectField("Sesión", coerce=int, validators=[InputRequired(NEEDED)])
    minutes = IntegerField("Minutos", [InputRequired(NEEDED), NumberRange(0, 6000)])
    reason = TextAreaField("Motivo", [InputRequired(NEEDED), Length(min=5, max=300)])


class VoidForm(PostForm):
    """Why a mark is taken back."""
    reason = StringField("Motivo", [InputRequired(NEEDED), Length(min=5, max=300)])


class HereForm(PostForm):
    """Someone marks themselves: their own code, and that of the screen unless it was scanned."""
    ticket = StringField("Código de su entrada", [InputRequired(NEEDED), Length(max=400)],
                         description="Está en el correo de confirmación, debajo del código QR.")
    shown = StringField("Código de la pantalla", [Length(max=20)])
    sentido = RadioField("Sentido", choices=options(WAYS.items()), default="in")
