"""What everybody who registered is told when a seminar is cancelled, each in their language."""

from datetime import datetime

from sqlalchemy.orm import Session

from lms.foundation import mail
from lms.foundation.language import load
from lms.people import emails
from lms.seminars.entries import Head, RegistrationView, head, registrations
from lms.seminars.letters import SIGNATURE, Desk, calendar_of, moment
from lms.seminars.standing import OVER, TAKING, words_of


def tell_cancelled(session: Session, now: datetime, desk: Desk, seminar_id: int, reason: str) -> int:
    """A letter to each who is registered, waits or has yet to be decided about; how many. Whose calendar may hold the
    sessions is sent the file that takes them off it."""
    seminar = head(session, seminar_id)
    if seminar is None or seminar.published_at is None:
        return 0
    told = [view for view in registrations(session, seminar_id) if view.state not in OVER]
    files = {language: calendar_of(session, desk, seminar_id, language, now, cancelled=True)
             for language in {view.language for view in told if view.state in TAKING}}
    for view in told:
        mail.send(session, now, emails.deliverable(view.email), *cancelled(seminar, view, reason),
                  calendar=files.get(view.language, "") if view.state in TAKING else "")
    return len(told)


def cancelled(seminar: Head, view: RegistrationView, reason: str) -> tuple[str, str]:
    """(subject, text)."""
    _ = load(view.language).gettext
    title = words_of(view.language, seminar.titles)
    lines = [f"{view.name}:", _("El seminario al que se inscribió se canceló. Lamentamos el cambio."), title]
    if seminar.starts_at:
        lines[-1] += "\n" + _("Iba a comenzar: %(when)s") % {
            "when": moment(seminar.starts_at, seminar.zone, view.language)}
    lines += [_("Motivo: %(why)s") % {"why": reason}, _("No hace falta hacer nada: su inscripción queda sin efecto.")]
    return _("Seminario cancelado: %(title)s") % {"title": title}, "\n\n".join(lines) + SIGNATURE
