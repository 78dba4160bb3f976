"""Files people hand in and papers we issue: kept once under the hash of their bytes, never changed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO
from urllib.parse import quote

import filetype
from flask import Response, current_app

from lms.foundation.syncing import sync_folder

CHUNK = 1 << 16
# What may be handed in: the kind an author names -> how its content must begin. Text is told by decoding it.
SNIFFED = {"pdf": {"pdf"}, "docx": {"docx", "zip"}, "xlsx": {"xlsx", "zip"}, "pptx": {"pptx", "zip"},
           "odt": {"odt", "zip"}, "ods": {"ods", "zip"}, "png": {"png"}, "jpg": {"jpg"}, "jpeg": {"jpg"}}
MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


class Refused(Exception):
    """The file can not be taken; the message is for the person who sent it."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int           # bytes


class Store:
    """A local folder, addressed by content: files/ab/ab12…; written whole and synced before it is named."""

    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, stream: BinaryIO, most: int) -> Stored:
        """Keep a stream; raises Refused when it is longer than `most` bytes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = sha256(), 0
        with NamedTemporaryFile(dir=self.folder, delete=False) as file:
            try:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise Refused(f"El archivo supera el límite de {most >> 20} MB. Redúzcalo o divídalo.")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                return self._name(Path(file.name), digest.hexdigest(), size)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _name(self, temporary: Path, digest: str, size: int) -> Stored:
        path = self.path(digest)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, path)
        for folder in (path.parent, self.folder):
            sync_folder(folder)
        return Stored(digest, size)

    def path(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise ValueError("not a SHA-256")
        return self.folder / digest[:2] / digest

    def read(self, digest: str) -> bytes:
        return self.path(digest).read_bytes()

    def chunks(self, digest: str) -> Iterator[bytes]:
        with self.path(digest).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


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
