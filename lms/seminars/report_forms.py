"""What the office answers about a report: its file, how to read it, and who its callers are."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from wtforms import FileField, RadioField, SelectField

from lms.foundation import walltime
from lms.foundation.forms import PostForm, options, written
from lms.foundation.language import _
from lms.seminars.entries import RegistrationView
from lms.seminars.reported import IGNORED, Line, Reading, Review
from lms.seminars.reports import Question

ORDERS = {"": _("Según el archivo"), "dm": _("día/mes/año"), "md": _("mes/día/año")}
COLUMNS = {"": _("No se usa"), "name": _("Nombre"), "first": _("Nombres, sin apellidos"), "last": _("Apellidos"),
           "email": _("Correo electrónico"), "joined": _("Hora de entrada"), "left": _("Hora de salida"),
           "seconds": _("Duración"), "waiting": _("En sala de espera"), "role": _("Papel en la reunión")}
LATER, OTHER, NOBODY = "", "otra", "nadie"


class ReportForm(PostForm):
    file = FileField(_("Informe de asistencia"), description=_(
        "De Zoom, Microsoft Teams o Google Meet, tal como se descarga (.csv, .xlsx, .txt), hasta 30 MB."))


class ReadingForm(PostForm):
    """By whose clock, and in which order, the file writes its moments."""
    zone = SelectField(_("Hora de"), description=_("El reloj con que la plataforma escribió el archivo."))
    order = RadioField(_("Cómo se leen las fechas"), choices=options(ORDERS.items()), default="")

    def offer(self, zone: str) -> None:
        self.zone.choices = options(clocks(zone).items())


def clocks(zone: str) -> dict[str, str]:
    """Zones as people name them, this one among them."""
    return {zone: walltime.place(zone), **walltime.ZONES, "UTC": _("Hora universal (UTC)")}


def days(question: Question | None) -> dict[str, date]:
    """Order -> the first date of the file, read so."""
    return {order: date.fromisoformat(day) for order, day in question.choices.items()} if question else {}


def samples(question: Question | None) -> list[str]:
    """What stands below each head."""
    if question is None:
        return []
    return [" · ".join(row[at] for row in question.samples if at < len(row) and row[at])
            for at in range(len(question.heads))]


def reading(form: ReadingForm, held: Reading, heads: tuple[str, ...]) -> Reading:
    """The reading with what was answered; columns only where they were asked."""
    sent = written()
    columns = {name: at for at in range(len(heads)) if (name := sent.get(f"c{at}", "")) in COLUMNS and name}
    return Reading(zone=form.zone.data, order=form.order.data or "", columns=columns or held.columns,
                   heads=heads if columns else held.heads, chosen=held.chosen)


def field_of(line: Line) -> str:
    """The name of a caller's field: the same each time the file is read."""
    return "q" + sha256(line.attendee.key.encode()).hexdigest()[:12]


def decisions(found: Review) -> tuple[dict[str, int], set[str], dict[str, str]]:
    """(caller -> registration or IGNORED, callers to remember, field -> what is wrong with it) of what was sent."""
    sent, addresses = written(), _addresses(found.people)
    chosen: dict[str, int] = {}
    keep: set[str] = set()
    faults: dict[str, str] = {}
    for line in found.lines:
        name, key = field_of(line), line.attendee.key
        answer = sent.get(name, LATER)
        if answer == NOBODY:
            chosen[key] = IGNORED
        elif answer == OTHER:
            who = _named(sent.get(f"{name}-otra", ""), addresses)
            if who is None:
                faults[name] = _("Elegir a la persona de la lista, o escribir el correo con que se inscribió.")
            else:
                chosen[key] = who
        elif answer.isascii() and answer.isdigit() and len(answer) < 10 and int(answer) in found.people:
            chosen[key] = int(answer)
        elif f"{name}-no" in sent and line.match.how != "email":
            chosen[key] = IGNORED
        if chosen.get(key) and f"{name}-recordar" in sent:
            keep.add(key)
    return chosen, keep, faults


def option_of(person: RegistrationView) -> str:
    """How a person stands in the list to choose from: what is typed there is understood by its address."""
    return f"{person.formal} · {person.email}"


def _addresses(people: Mapping[int, RegistrationView]) -> dict[str, int]:
    found: dict[str, int] = {}
    for person in people.values():
        for text in (person.email, person.code, person.short_code, option_of(person)):
            found.setdefault(text.casefold(), person.id)
    return found


def _named(text: str, addresses: Mapping[str, int]) -> int | None:
    said: Any = text.strip().casefold()
    return addresses.get(said) or addresses.get(said.rpartition(" ")[2]) if said else None
