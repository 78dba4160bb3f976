"""What who registered is written, in their own language, and the links that these letters carry."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.orm import Session

from lms.foundation import ical, mail
from lms.foundation.language import DAYS, MONTHS, load, local
from lms.foundation.walltime import place as zone_place
from lms.people import emails
from lms.seminars import describing, queries
from lms.seminars.entries import Head, RegistrationView
from lms.seminars.standing import words_of

PAUSE = timedelta(minutes=10)       # between two letters with the same link to who asks again and again
OWN, TICKET = "/seminarios/inscripcion/", "/seminarios/entrada/"        # mail is written where no request is known
INVITED, DELEGATION = "/seminarios/invitacion/", "/seminarios/delegacion/"
SIGNATURE = "\n\nEscuela de Gobierno Local\nAsociación de Municipalidades de Chile\n"
Words = Callable[[str], str]


class Letter(StrEnum):
    """Why somebody is written to; of those that are a state, its name."""
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    AGAIN = "again"
    REMINDER = "reminder"
    CHANGED = "changed"
    CORRECTED = "corrected"


COMING = (Letter.CONFIRMED, Letter.REMINDER, Letter.CHANGED, Letter.CORRECTED)


@dataclass(frozen=True)
class Desk:
    """What letters need of this installation: its address and the key that makes links unguessable."""
    url: str
    key: str

    def token(self, registration_id: int) -> str:
        """Of somebody's own link. It is computed, not kept: what is not stored can not be stolen, and the link can be
        mailed again. The ticket is another: who photographs it can not cancel anything."""
        message = f"seminars.registration|{registration_id}".encode()
        return f"{registration_id}-{hmac.new(self.key.encode(), message, sha256).hexdigest()[:32]}"

    def read(self, token: str) -> int | None:
        """Whose link this is; None when it is nobody's."""
        number, _, _signature = token.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        return int(number) if hmac.compare_digest(self.token(int(number)).encode(), token.encode()) else None

    def own(self, registration_id: int) -> str:
        return f"{self.url}{OWN}{self.token(registration_id)}"


def moment(at: datetime, zone: str, language: str) -> str:
    """"jueves 5 de agosto de 2027, 09:30 h (hora de Chile)", whoever asks."""
    _ = load(language).gettext
    wall, code = local(at, zone), language[:2] if language[:2] in MONTHS else "es"
    day, month = f"{DAYS[code][wall.weekday()]} {wall.day}", MONTHS[code][wall.month - 1]
    written = f"{day} {month} {wall.year}" if code == "en" else f"{day} de {month} de {wall.year}"
    return _("%(day)s, %(hour)s h (hora de %(place)s)") % {"day": written, "hour": f"{wall:%H:%M}",
                                                           "place": zone_place(zone)}


def send(session: Session, now: datetime, desk: Desk, letter: Letter, seminar: Head, view: RegistrationView,
         note: str = "", calendar: str = "") -> None:
    """Queue the letter. Who may come is sent the calendar's file with it (`calendar`, where many are sent the same)."""
    subject, text = written(desk, letter, seminar, view, note)
    if letter in COMING and seminar.starts_at is not None:
        calendar = calendar or calendar_of(session, desk, seminar.id, view.language, now)
    mail.send(session, now, emails.deliverable(view.email), subject, text, calendar=calendar)


def written(desk: Desk, letter: Letter, seminar: Head, view: RegistrationView, note: str = "") -> tuple[str, str]:
    """(subject, text)."""
    _ = load(view.language).gettext
    title = words_of(view.language, seminar.titles)
    subject, body = _WRITERS[letter](_, seminar, view)
    why = _("Motivo: %(why)s") % {"why": note} if note else ""
    parts = [f"{view.name}:", body, why, _facts(_, seminar, view), _links(_, desk, letter, view)]
    return f"{subject}: {title}", "\n\n".join(part for part in parts if part) + SIGNATURE


def _facts(_: Words, seminar: Head, view: RegistrationView) -> str:
    lines = [words_of(view.language, seminar.titles)]
    if seminar.starts_at:
        lines.append(_("Comienza: %(when)s") % {"when": moment(seminar.starts_at, seminar.zone, view.language)})
    if seminar.place:
        lines.append(_("Lugar: %(place)s") % {"place": seminar.place})
    if seminar.online_url and view.state == "confirmed":
        lines.append(_("En línea: %(url)s") % {"url": seminar.online_url})
    return "\n".join(lines)


def _links(_: Words, desk: Desk, letter: Letter, view: RegistrationView) -> str:
    lines = []
    if letter in COMING and view.state == "confirmed":
        lines.append(_("Su entrada, con el código que se muestra al llegar:") + f"\n{desk.url}{TICKET}{view.code}")
    if letter is not Letter.REFUSED:
        if letter in (Letter.CONFIRMED, Letter.WAITING):
            lines.append(_("Si usted no se inscribió, anúlelo con el enlace siguiente."))
        ask = _("Para aceptar el cupo o dejarlo:") if view.state == "offered" else _(
            "Su inscripción (verla, anularla o volver a pedirla), sin cuenta ni contraseña:")
        lines.append(f"{ask}\n{desk.own(view.id)}")
        lines.append(_("El enlace es personal: quien lo tenga puede anular su inscripción."))
    return "\n\n".join(lines)


def _confirmed(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Inscripción confirmada"), _("Su inscripción está confirmada.")


def _waiting(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("En lista de espera"), _(
        "Los cupos están completos y usted quedó en la lista de espera. Si se libera uno, se le ofrecerá por correo, "
        "en el orden de la lista, y tendrá %(hours)s horas para aceptarlo.") % {"hours": seminar.offer_hours}


def _offered(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    until = moment(view.until, seminar.zone, view.language) if view.until else ""
    return _("Hay un cupo para usted"), _(
        "Se liberó un cupo y es suyo si lo acepta antes de: %(until)s. Después pasa a la siguiente persona.") % {
            "until": until}


def _expired(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("La oferta de cupo venció"), _(
        "El cupo que se le ofreció no se aceptó a tiempo y pasó a la siguiente persona. Si todavía quiere asistir, "
        "puede volver a la lista de espera con su enlace.")


def _cancelled(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Inscripción anulada"), _("Su inscripción quedó anulada.")


def _refused(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Sobre su inscripción"), _("La oficina no pudo aceptar su inscripción.")


def _again(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Su inscripción"), _(
        "Se recibió otra inscripción con este correo, que ya tenía una. No se cambió nada: este es el enlace de la "
        "suya. Si no fue usted, no hay nada que hacer.")


def _reminder(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Mañana comienza"), _(
        "Le recordamos que su inscripción está confirmada. Si no puede asistir, anúlela con su enlace: el cupo servirá "
        "a otra persona.")


def _changed(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Cambió el programa"), _("Cambió la fecha, la hora o el lugar de una parte del seminario. Su inscripción "
                                      "sigue igual. Abra el archivo adjunto para corregir su calendario.")


def _corrected(_: Words, seminar: Head, view: RegistrationView) -> tuple[str, str]:
    return _("Su inscripción"), _("La oficina corrigió el correo de su inscripción, que desde ahora es este.")


_WRITERS: dict[Letter, Callable[[Words, Head, RegistrationView], tuple[str, str]]] = {
    Letter.CONFIRMED: _confirmed, Letter.WAITING: _waiting, Letter.OFFERED: _offered, Letter.EXPIRED: _expired,
    Letter.CANCELLED: _cancelled, Letter.REFUSED: _refused, Letter.AGAIN: _again, Letter.REMINDER: _reminder,
    Letter.CHANGED: _changed, Letter.CORRECTED: _corrected}


def invitation(desk: Desk, seminar: Head, language: str, token: str, most: int) -> tuple[str, str]:
    """To an address that the office invites."""
    _ = load(language).gettext
    title = words_of(language, seminar.titles)
    body = _("Le invitamos a este seminario. Para inscribirse, con este enlace, que es solo suyo:") if most == 1 else _(
        "Invitamos a su institución a este seminario: con este enlace puede inscribir hasta %(n)s personas:") % {
            "n": most}
    when = moment(seminar.starts_at, seminar.zone, language) if seminar.starts_at else ""
    facts = "\n".join(part for part in (title, when, seminar.place) if part)
    return _("Invitación: %(title)s") % {"title": title}, f"{body}\n\n{desk.url}{INVITED}{token}\n\n{facts}{SIGNATURE}"


def delegation(desk: Desk, seminar: Head, language: str, contact: str, token: str) -> tuple[str, str]:
    """To who registered a delegation: the link by which they see and change it."""
    _ = load(language).gettext
    title = words_of(language, seminar.titles)
    body = _("Recibimos la inscripción de su delegación. Cada persona recibe su propio correo. Con este enlace puede "
             "ver la lista, agregar personas o retirarlas:")
    link = f"{desk.url}{DELEGATION}{token}"
    return _("Su delegación: %(title)s") % {"title": title}, f"{contact}:\n\n{body}\n\n{link}{SIGNATURE}"


def calendar_of(session: Session, desk: Desk, seminar_id: int, language: str, now: datetime, cancelled: bool = False
                ) -> str:
    """The sessions as a calendar's file: the same events as on the public page, so that one moves the other."""
    seminar = queries.seminar(session, seminar_id)
    assert seminar is not None
    events = describing.events(seminar, queries.sessions(session, seminar_id, cancelled),
                               f"{desk.url}/seminarios/{seminar.slug}", language)
    return ical.calendar(words_of(language, seminar.titles), events, now).decode()
