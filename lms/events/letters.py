"""The notice that a subscription was paused."""

from lms.foundation.language import _


def paused(name: str, why: str, link: str) -> tuple[str, str]:
    """(subject, text)."""
    return (_("Avisos a «%(name)s» en pausa") % {"name": name},
            _("Los avisos de la plataforma al sistema «%(name)s» quedaron en pausa.\n\nMotivo: %(why)s\n\n"
              "Lo que ocurra mientras tanto se guarda y sale cuando se reanude:\n%(link)s\n")
            % {"name": name, "why": why, "link": link})
