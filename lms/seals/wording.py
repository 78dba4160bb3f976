"""What an electronic signature of the school legally is, and what an inspection found, in words."""

from lms.foundation.language import _
from lms.foundation.spanish import with_article

Box = tuple[float, float, float, float]     # x, y, width, height in millimetres from the top left corner of the page

# Chile, Ley 19.799; Argentina, Ley 25.506. Nothing here says more than the laws' own texts do.
SEAL_NOTE = ("Firma electrónica simple (Chile, Ley 19.799). Firma electrónica (Argentina, Ley 25.506).")


def institution_words(name: str) -> str:
    """How the field of the signature is called by those who read the PDF aloud."""
    return f"Firma electrónica de {with_article(name)}".replace(" de el ", " del ")


def problem_words(code: str) -> str:
    """A problem of an Inspection, said to a person."""
    return {
        "too_large": _("El archivo pasa de 5 MB y un documento de la Escuela nunca es tan grande."),
        "not_pdf": _("El archivo no es un PDF."),
        "unreadable": _("El archivo está dañado y no se puede leer."),
        "no_signature": _("El archivo no lleva ninguna firma electrónica."),
        "empty": _("El archivo dice llevar una firma electrónica, pero esta falta o no se puede leer."),
        "broken": _("El archivo lleva la firma de la Escuela, pero no calza con su contenido: fue cambiado después de "
                    "firmado."),
        "own_name": _("La firma lleva el nombre de la Escuela, pero no está hecha con una llave suya."),
        "foreign": _("La firma del archivo no es de la Escuela."),
        "appended": _("El documento lleva la firma de la Escuela, pero después se le agregó algo."),
        "several": _("El archivo dice llevar más de una firma de la Escuela. Los documentos de la Escuela llevan una."),
        "revoked": _("La llave que firmó fue revocada, y nada prueba que la firma sea anterior."),
        "expired": _("La fecha de la firma no cae en el tiempo de vigencia de su certificado."),
        "stamp": _("El sello de tiempo agregado al documento no es de una autoridad conocida."),
    }[code]


def outside_words(code: str) -> str:
    """Why a paper that was signed outside is not taken, and what to do."""
    return {
        "too_large": _("El archivo pasa de 10 MB."),
        "not_pdf": _("El archivo no es un PDF."),
        "other_document": _("No es el documento que se descargó de aquí, o el programa con que se firmó lo volvió a "
                            "guardar. Descargarlo de nuevo y firmarlo sin editarlo, imprimirlo ni comprimirlo."),
        "unsealed": _("El documento original no lleva la firma electrónica de la Escuela: no se le agrega otra."),
        "nothing_added": _("Es el mismo documento que se descargó: todavía no tiene la firma."),
        "not_signed": _("El documento trae cambios, pero ninguna firma."),
        "broken": _("La firma agregada no calza con el documento, o usa un algoritmo que ya no es seguro (SHA-1)."),
        "changed": _("Además de la firma, se agregó o cambió algo. Firmar de nuevo el documento descargado, sin "
                     "comentarios, campos ni páginas nuevas."),
        "covers": _("La firma visible tapa parte del documento. Firmar sin imagen, o dentro del recuadro reservado."),
        "unreadable": _("El archivo está dañado y no se puede leer."),
    }[code]


def kind_words(kind: str) -> str:
    """What a key of the ring is for."""
    return {"authority": _("Autoridad que certifica a las demás"), "seal": _("Firma de documentos en PDF"),
            "badge": _("Insignias y códigos QR")}[kind]
