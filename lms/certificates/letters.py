"""What the holder of a certificate is written: subject and text."""

from dataclasses import replace

from lms.certificates.snapshot import Snapshot
from lms.certificates.terms import kind_line

CLOSING = "\n\nEscuela de Gobierno Local\n"


def issued(s: Snapshot, base_url: str, account: bool = True) -> tuple[str, str]:
    return f"Su certificado {s.folio}", (
        f"{s.holder_name}:\n\nSe emitió su {_named(s)}, folio {s.folio}.\n\n{_where(base_url, account)}"
        f"Cualquiera puede comprobar que está vigente en esta dirección, que conviene copiar al compartirlo:\n"
        f"{s.verify_url}{CLOSING}")


def revoked(s: Snapshot, reason: str, base_url: str, account: bool = True) -> tuple[str, str]:
    return f"Certificado {s.folio} anulado", (
        f"{s.holder_name}:\n\nDejó de tener validez su {_named(s)}, folio {s.folio}.\n\nMotivo: {reason}\n\n"
        f"Quien lo verifique verá que está anulado. Si hay un error, escribir a la oficina de la Escuela.\n"
        + (f"{base_url}/mis-certificados" if account else "") + CLOSING)


def replaced(old: Snapshot, new: Snapshot, reason: str, base_url: str, account: bool = True) -> tuple[str, str]:
    return f"Su certificado {new.folio} reemplaza al {old.folio}", (
        f"{new.holder_name}:\n\nSe emitió de nuevo su {_named(new)}.\n\nMotivo: {reason}\n\n"
        f"El folio vigente es {new.folio}. El anterior, {old.folio}, queda como reemplazado: quien lo verifique será "
        f"enviado al nuevo.\n\n{_where(base_url, account)}"
        f"Dirección de verificación:\n{new.verify_url}{CLOSING}")


def _where(base_url: str, account: bool) -> str:
    """Who has no account has the paper in this letter, and nowhere else."""
    if account:
        return f"Para descargarlo, ingresar en:\n{base_url}/mis-certificados\n\n"
    return "Va adjunto en este correo: conviene guardarlo tal como llega.\n\n"


def _named(s: Snapshot) -> str:
    kind = kind_line(replace(s, language="es"))
    return f"{kind[:1].lower()}{kind[1:]}: {s.title}"
