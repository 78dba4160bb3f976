"""The mail that brings a host's supervisor a link, in the language of the placement. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

WORDS = {
    "es": {
        "greeting": "Estimado/a {to}:", "bye": "Escuela de Gobierno Local, AMUCH", "day": "{:%d-%m-%Y}",
        "plan": ("Plan de trabajo de {who}: su aprobación",
                 "{who} hará una pasantía en su institución y propone el plan de trabajo (versión {about}). Le pedimos "
                 "leerlo y aprobarlo, o decir qué cambiaría."),
        "week": ("Horas de {who}, semana del {about}: su firma",
                 "{who} anotó las horas de su pasantía de la semana del {about}. Le pedimos revisarlas y firmarlas, o "
                 "devolverlas con un comentario."),
        "evaluation": ("Pasantía de {who}: su evaluación",
                       "{who} terminó su pasantía en su institución. Le pedimos evaluarla con una pauta breve."),
        "end": "No hace falta una cuenta. El enlace es personal, sirve una sola vez y vale hasta el {until}:"},
    "pt": {
        "greeting": "Prezado/a {to}:", "bye": "Escuela de Gobierno Local, AMUCH", "day": "{:%d/%m/%Y}",
        "plan": ("Plano de trabalho de {who}: sua aprovação",
                 "{who} fará um estágio na sua instituição e propõe o plano de trabalho (versão {about}). Pedimos que "
                 "o leia e o aprove, ou diga o que mudaria."),
        "week": ("Horas de {who}, semana de {about}: sua assinatura",
                 "{who} registrou as horas do seu estágio da semana de {about}. Pedimos que as revise e assine, ou as "
                 "devolva com um comentário."),
        "evaluation": ("Estágio de {who}: sua avaliação",
                       "{who} terminou o estágio na sua instituição. Pedimos que o avalie com uma pauta breve."),
        "end": "Não é preciso ter conta. O link é pessoal, serve uma única vez e vale até {until}:"},
    "en": {
        "greeting": "Dear {to},", "bye": "Escuela de Gobierno Local, AMUCH", "day": "{:%d %B %Y}",
        "plan": ("Work plan of {who}: your approval",
                 "{who} will do an internship at your institution and proposes this work plan (version {about}). "
                 "Please read it and approve it, or say what you would change."),
        "week": ("Hours of {who}, week of {about}: your signature",
                 "{who} has logged the hours of the internship for the week of {about}. Please check and sign them, or "
                 "return them with a comment."),
        "evaluation": ("Internship of {who}: your evaluation",
                       "{who} has finished the internship at your institution. Please evaluate it with a short "
                       "rubric."),
        "end": "You need no account. The link is yours alone, works once, and holds until {until}:"}}


def letter(language: str, purpose: str, about: str, to: str, who: str, link: str, until: datetime, zone: str
           ) -> tuple[str, str]:
    """(subject, text)."""
    words = WORDS.get(language[:2], WORDS["es"])
    day = str(words["day"])
    if purpose == "week":
        about = day.format(date.fromisoformat(about))
    title, text = (part.format(who=who, about=about) for part in words[purpose])
    last = day.format(until.astimezone(ZoneInfo(zone)))
    return title, "\n\n".join((str(words["greeting"]).format(to=to), text, str(words["end"]).format(until=last), link,
                               str(words["bye"]))) + "\n"
