"""What the holder of a certificate is written: subject and text."""

from lms.certificates.rules import KINDS
from lms.certificates.snapshot import Snapshot

CLOSING = "\n\nEscuela de Gobierno Local\n"


def issued(s: Snapshot, base_url: str) -> tuple[str, str]:
    return f"Su certificado {s.folio}", (
        f"{s.holder_name}:\n\nSe emitió su {_named(s)}, folio {s.folio}.\n\n"
        f"Para descargarlo, ingresar en:\n{base_url}/mis-certificados\n\n"
        f"Cualquiera puede comprobar que está vigente en esta dirección, que conviene copiar al compartirlo:\n"
        f"{s.verify_url}{CLOSING}")


def revoked(s: Snapshot, reason: str, base_url: str) -> tuple[str, str]:
    return f"Certificado {s.folio} anulado", (
        f"{s.holder_name}:\n\nDejó de tener validez su {_named(s)}, folio {s.folio}.\n\nMotivo: {reason}\n\n"
        f"Quien lo verifique verá que está anulado. Si hay un error, escribir a la oficina de la Escuela.\n"
        f"{base_url}/mis-certificados{CLOSING}")


def replaced(old: Snapshot, new: Snapshot, reason: str, base_url: str) -> tuple[str, str]:
    return f"Su certificado {new.folio} reemplaza al {old.folio}", (
        f"{new.holder_name}:\n\nSe emitió de nuevo su {_named(new)}.\n\nMotivo: {reason}\n\n"
        f"El folio vigente es {new.folio}. El anterior, {old.folio}, queda como reemplazado: quien lo verifique será "
        f"enviado al nuevo.\n\nPara descargarlo, ingresar en:\n{base_url}/mis-certificados\n\n"
        f"Dirección de verificación:\n{new.verify_url}{CLOSING}")


def _named(s: Snapshot) -> str:
    kind = KINDS[s.kind]
    return f"{kind[:1].lower()}{kind[1:]}: {s.title}"
