"""What the holder of a certificate is written, in the language of the paper: subject and text."""

from lms.certificates.snapshot import Snapshot
from lms.certificates.terms import kind_line
from lms.foundation.language import load

CLOSING = "\n\nEscuela de Gobierno Local\n"


def issued(s: Snapshot, base_url: str, account: bool = True) -> tuple[str, str]:
    _ = load(s.language).gettext
    return _("Su certificado %(folio)s") % {"folio": s.folio}, "\n\n".join((
        f"{s.holder_name}:", _("Se emitió su %(what)s, folio %(folio)s.") % {"what": _named(s), "folio": s.folio},
        _where(s, base_url, account), _("Cualquiera puede comprobar que está vigente en esta dirección, que conviene "
                                        "copiar al compartirlo:") + f"\n{s.verify_url}")) + CLOSING


def revoked(s: Snapshot, reason: str, base_url: str, account: bool = True) -> tuple[str, str]:
    _ = load(s.language).gettext
    return _("Certificado %(folio)s anulado") % {"folio": s.folio}, "\n\n".join((
        f"{s.holder_name}:",
        _("Dejó de tener validez su %(what)s, folio %(folio)s.") % {"what": _named(s), "folio": s.folio},
        _("Motivo: %(reason)s") % {"reason": reason},
        _("Quien lo verifique verá que está anulado. Si hay un error, escribir a la oficina de la Escuela.")
        + (f"\n{base_url}/mis-certificados" if account else ""))) + CLOSING


def replaced(old: Snapshot, new: Snapshot, reason: str, base_url: str, account: bool = True) -> tuple[str, str]:
    _ = load(new.language).gettext
    folios = {"new": new.folio, "old": old.folio}
    return _("Su certificado %(new)s reemplaza al %(old)s") % folios, "\n\n".join((
        f"{new.holder_name}:", _("Se emitió de nuevo su %(what)s.") % {"what": _named(new)},
        _("Motivo: %(reason)s") % {"reason": reason},
        _("El folio vigente es %(new)s. El anterior, %(old)s, queda como reemplazado: quien lo verifique será enviado "
          "al nuevo.") % folios,
        _where(new, base_url, account), _("Dirección de verificación:") + f"\n{new.verify_url}")) + CLOSING


def _where(s: Snapshot, base_url: str, account: bool) -> str:
    """Who has no account has the paper in this letter, and nowhere else."""
    _ = load(s.language).gettext
    if account:
        return _("Para descargarlo, ingresar en:") + f"\n{base_url}/mis-certificados"
    return _("Va adjunto en este correo: conviene guardarlo tal como llega.")


def _named(s: Snapshot) -> str:
    kind = kind_line(s)
    return f"{kind[:1].lower()}{kind[1:]}: {s.title}"
