"""The mails this room sends, each as subject and text."""

from datetime import timedelta

from lms.people.rules import LINK_LIFE

SIGNATURE = "\n\nEscuela de Gobierno Local\nAsociación de Municipalidades de Chile\n"
NOT_YOU = "Si no lo pidió usted, no hay nada que hacer: sin abrir el enlace, nada cambia."


def invitation(name: str, url: str) -> tuple[str, str]:
    return "Su cuenta en la Escuela de Gobierno Local", (
        f"{name}:\n\nLa Escuela de Gobierno Local abrió una cuenta a su nombre. Para usarla falta solo que elija una "
        f"contraseña:\n\n{url}\n\nEl enlace sirve una vez, durante {_length(LINK_LIFE['invitation'])}. Después se "
        "ingresa con este correo y esa contraseña. Si el enlace vence, se puede pedir otro en la página de ingreso "
        "con «Olvidé la contraseña»." + SIGNATURE)


def reset(name: str, url: str) -> tuple[str, str]:
    return "Enlace para elegir otra contraseña", (
        f"{name}:\n\nSe pidió elegir otra contraseña para su cuenta. Se hace aquí:\n\n{url}\n\nEl enlace sirve "
        f"una vez, durante {_length(LINK_LIFE['reset'])}. {NOT_YOU}" + SIGNATURE)


def password_changed(name: str, base_url: str) -> tuple[str, str]:
    return "Su contraseña cambió", (
        f"{name}:\n\nLa contraseña de su cuenta acaba de cambiar y las demás sesiones abiertas se cerraron.\n\nSi no "
        f"fue usted, pida ahora mismo otra en {base_url}/clave y avise a la oficina de la Escuela." + SIGNATURE)


def email_changed(name: str, new: str) -> tuple[str, str]:
    return "El correo de su cuenta cambió", (
        f"{name}:\n\nLa oficina de la Escuela cambió el correo de su cuenta. Desde ahora se ingresa con {new}.\n\nSi "
        "no lo pidió, avise a la oficina." + SIGNATURE)


def _length(time: timedelta) -> str:
    return f"{time.days} días" if time.days else f"{time.seconds // 60} minutos"
