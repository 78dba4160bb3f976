"""Files people hand in and papers we issue, as they come in and go out; where they are kept: foundation.stores."""

from urllib.parse import quote

import filetype
from flask import Response, current_app

from lms.foundation.stores import Refused as Refused
from lms.foundation.stores import Store as Store
from lms.foundation.stores import Stored as Stored

# What may be handed in: the kind an author names -> how its content must begin. Text is told by decoding it.
SNIFFED = {"pdf": {"pdf"}, "docx": {"docx", "zip"}, "xlsx": {"xlsx", "zip"}, "pptx": {"pptx", "zip"},
           "odt": {"odt", "zip"}, "ods": {"ods", "zip"}, "png": {"png"}, "jpg": {"jpg"}, "jpeg": {"jpg"}}
MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def download(name: str, kind: str, size: int, digest: str) -> Response:
    """A kept file as an attachment: saved, never shown within our pages, whatever it holds."""
    response = Response(store().chunks(digest), mimetype=MEDIA.get(kind, "application/octet-stream"),
                        direct_passthrough=True)
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    coded = f"UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"; filename*={coded}'
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


VIEWED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def shown(name: str, kind: str, size: int, digest: str) -> Response:
    """A kept PDF or image to be looked at within a page of ours: in the browser's own viewer, with nothing of ours in
    its reach. Of other kinds, only `download`."""
    response = download(name, kind, size, digest)
    if kind in MEDIA:
        response.headers["Content-Disposition"] = "inline" + response.headers["Content-Disposition"].removeprefix(
            "attachment")
        response.headers["Content-Security-Policy"] = VIEWED
    return response


def store() -> Store:
    found: Store = current_app.extensions["files"]
    return found


def check_kind(name: str, head: bytes, accepted: tuple[str, ...]) -> str:
    """The kind of a file by its name, once its first bytes agree; raises Refused with what to do."""
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    offered = ", ".join(k for k in accepted if k != "text")
    if kind not in accepted or kind not in SNIFFED:
        raise Refused(f"«{name}» no es de un tipo que se reciba aquí. Tipos aceptados: {offered}.")
    found = filetype.guess(head)
    if found is None or found.extension not in SNIFFED[kind]:
        raise Refused(f"«{name}» dice ser {kind}, pero su contenido no lo es. Ábralo, guárdelo de nuevo como {kind} "
                      "y vuelva a subirlo.")
    return kind
