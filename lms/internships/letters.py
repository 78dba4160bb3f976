"""What a participant is told by mail of an application: subject and text."""

from lms.foundation.language import _
from lms.internships.offers import OfferView


def decided(decision: str, offer: OfferView, name: str, url: str) -> tuple[str, str]:
    """The office's decision on who applied."""
    said = {
        "selected": _("La oficina de la Escuela le asignó un cupo. El paso siguiente es escribir el plan de trabajo."),
        "reserve": _("Por ahora queda en lista de reserva: si se libera un cupo, la oficina le avisa."),
        "declined": _("Esta vez no se le asignó un cupo. Puede postular a otras ofertas.")}[decision]
    title = _("Su postulación: %(offer)s") % {"offer": offer.title}
    return title, _("Hola, %(name)s:\n\nSu postulación a «%(offer)s» (%(host)s) tiene una decisión.\n\n%(said)s\n\n"
                    "%(url)s\n\nEscuela de Gobierno Local") % {
        "name": name, "offer": offer.title, "host": offer.host, "said": said, "url": url}


# The worker writes these, and of a host who reads another language: in Spanish, whoever made them necessary.

def returned(kind: str, about: str, by: str, comment: str, name: str, url: str) -> tuple[str, str]:
    """To the participant: what came back, with the words of who returned it."""
    what = f"el plan de trabajo, versión {about}" if kind == "plan" else f"las horas de la semana del {about}"
    return (f"Su pasantía: piden cambios en {what}",
            f"Hola, {name}:\n\n{by} leyó {what} de su pasantía y pide cambios:\n\n{comment.strip()}\n\n"
            f"Corregir y volver a enviar:\n\n{url}\n\nEscuela de Gobierno Local")


def waiting(kind: str, who: str, host: str, name: str, url: str) -> tuple[str, str]:
    """To the academic supervisor: a plan to answer, or a report to evaluate."""
    title, text = {
        "answer": ("espera su respuesta al plan", f"{who} propuso el plan de trabajo de su pasantía en {host}. Falta "
                   "que usted lo lea y lo apruebe, o diga qué cambiar."),
        "evaluation": ("llegó el informe", f"{who} entregó el informe de su pasantía en {host}. Se evalúa con la "
                       "pauta cuando las horas están terminadas.")}[kind]
    return f"Pasantía de {who}: {title}", f"Hola, {name}:\n\n{text}\n\n{url}\n\nEscuela de Gobierno Local"
