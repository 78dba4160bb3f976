"""A file between two pages: sent on the first, decided about on the second; named by a signed mark."""

import io
from dataclasses import dataclass
from hashlib import sha256

from flask import abort, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from lms.foundation.errors import Reason
from lms.foundation.files import store
from lms.foundation.language import _


@dataclass(frozen=True)
class Carried:
    """A file as it was sent."""
    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Sent:
    """What came with a form: a file, or why there is none, what to do, and the status to answer."""
    file: Carried | None
    fault: str = ""
    remedy: str = ""
    status: int = 422


def sent(most: int, too_long: str, field: str = "file") -> Sent:
    """The file of this request, of at most so many bytes; `too_long` says what to do about a longer one."""
    found = request.files.get(field)
    if found is None or not found.filename:
        return Sent(None, _("Falta el archivo."), _("Elegirlo en este equipo y enviarlo."))
    name = "".join(filter(str.isprintable, found.filename.replace("\\", "/").rpartition("/")[2]))[-200:]
    content = found.stream.read(most + 1)
    if len(content) > most:
        return Sent(None, _("«%(name)s» pasa de %(n)d MB.") % {"name": name, "n": most >> 20}, too_long, 413)
    return Sent(Carried(name, content, sha256(content).hexdigest()))


def keep(salt: str, owner: int, file: Carried) -> str:
    """Keep the file and return its mark, which only the same `salt` and `owner` (a cohort, a person) bring back."""
    kept = store().put(io.BytesIO(file.content), len(file.content))
    return mark(salt, owner, kept.sha256, file.name)


def mark(salt: str, owner: int, digest: str, name: str) -> str:
    return str(_signer(salt).dumps([owner, digest, name]))


def bring(salt: str, owner: int, given: str) -> Carried:
    """The file that a mark names, from the bytes that its hash promises; 422 with what to do when it is gone."""
    gone = Reason(_("El archivo ya no está a mano. No se cambió nada: subirlo de nuevo."))
    try:
        whose, digest, name = _signer(salt).loads(given)
        content = store().read(digest)
    except (BadSignature, OSError, ValueError, TypeError):
        abort(422, description=gone)
    if whose != owner or sha256(content).hexdigest() != digest:
        abort(422, description=gone)
    return Carried(name, content, digest)


def _signer(salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)
