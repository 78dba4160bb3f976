"""What is written about an acta, to instructors, office and students: subject and text; no grade in it."""

from lms.actas.rules import Content

CLOSING = "\n\nEscuela de Gobierno Local\n"


def to_sign(content: Content, url: str) -> tuple[str, str]:
    return f"Acta por firmar: {content.module} {content.title}, {content.cohort}", (
        f"El acta {_named(content)} se presentó y espera su firma.\n\n"
        f"Para revisarla y firmarla, ingresar en:\n{url}\n\n"
        "Al firmar se pide otra vez la contraseña. Si una nota no corresponde, corregirla y volver a presentar el "
        f"acta.{CLOSING}")


def to_close(content: Content, url: str) -> tuple[str, str]:
    return f"Acta firmada, por cerrar: {content.module} {content.title}, {content.cohort}", (
        f"Sus docentes firmaron el acta {_named(content)}. Falta cerrarla con su folio.\n\n{url}{CLOSING}")


def closed(content: Content, folio: str, url: str) -> tuple[str, str]:
    """To a person of the acta."""
    if content.rectifies:
        return f"Se rectificó el acta de {content.module} {content.title}", (
            f"El acta {content.rectifies} fue corregida por el acta rectificatoria {folio}.\n\n"
            f"Motivo: {content.reason}\nResolución: {content.resolution}\n\n"
            f"La situación de cada módulo, con su acta, está en su concentración de notas:\n{url}{CLOSING}")
    return f"Se cerró el acta de {content.module} {content.title}", (
        f"Las notas {_named(content)} quedaron en el acta {folio}.\n\n"
        f"Su concentración de notas está en:\n{url}{CLOSING}")


def returned(content: Content, why: str, url: str) -> tuple[str, str]:
    """To those who had signed what is no longer so."""
    return f"Acta anulada antes del cierre: {content.module} {content.title}", (
        f"El acta {_named(content)} fue anulada antes de cerrarse.\n\nMotivo: {why}\n\n{url}{CLOSING}")


def head(sequence: int, folio: str, link: str, told: str, url: str) -> tuple[str, str]:
    """To a witness, to be kept."""
    return f"Actas: el registro llega al {sequence} ({folio})", (
        "Guardar este mensaje. Con él se puede comprobar más adelante que ningún acta anterior fue cambiada ni "
        f"retirada del registro de {url}.\n\nActas cerradas: {sequence}\nÚltimo folio: {folio}\nEnlace: {link}\n\n"
        f"Para comprobarlo: guardar la línea siguiente en un archivo y ejecutar «lms actas verify --head ARCHIVO».\n\n"
        f"{told}\n{CLOSING}")


def _named(content: Content) -> str:
    return f"del módulo {content.module} {content.title} ({content.cohort})"
