"""Where files are kept: once, under the hash of their bytes, never changed. A local folder, or an object store."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, Protocol

from lms.foundation.syncing import sync_folder

CHUNK = 1 << 16


class Refused(Exception):
    """The file can not be taken; the message is for the person who sent it."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int           # bytes


class Store(Protocol):
    """Raises OSError when what it keeps can not be reached or is not there."""

    def put(self, stream: BinaryIO, most: int) -> Stored:
        """Keep a stream; raises Refused when it is longer than `most` bytes."""

    def read(self, digest: str) -> bytes: ...

    def chunks(self, digest: str) -> Iterator[bytes]: ...

    def holds(self, digest: str) -> bool: ...


class Folder:
    """A local folder: files/ab/ab12…; written whole and synced before it is named."""

    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, stream: BinaryIO, most: int) -> Stored:
        """Keep a stream; raises Refused when it is longer than `most` bytes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, delete=False) as file:
            try:
                stored = copied(stream, file, most)
                file.flush()
                os.fsync(file.fileno())
                self._name(Path(file.name), stored.sha256)
                return stored
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _name(self, temporary: Path, digest: str) -> None:
        path = self.path(digest)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, path)
        for folder in (path.parent, self.folder):
            sync_folder(folder)

    def path(self, digest: str) -> Path:
        return self.folder / name_of(digest)

    def read(self, digest: str) -> bytes:
        return self.path(digest).read_bytes()

    def chunks(self, digest: str) -> Iterator[bytes]:
        with self.path(digest).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def holds(self, digest: str) -> bool:
        return self.path(digest).is_file()


def open_store(url: str, folder: Path, settings: dict[str, str]) -> Store:
    """The store that LMS_FILES names: "" the local folder, "s3://bucket/prefix" an object store."""
    if not url:
        return Folder(folder)
    if not url.startswith("s3://"):
        raise ValueError(f"LMS_FILES is {url!r}: leave it out for the local folder, or name s3://bucket/prefix")
    from lms.foundation import bucket  # noqa: PLC0415  (15 MB that only an object store needs)
    return bucket.connect(url, settings)


def name_of(digest: str) -> str:
    """Its place beneath the store; raises ValueError for what is no SHA-256."""
    if len(digest) != 64 or not digest.isalnum() or not digest.isascii():
        raise ValueError("not a SHA-256")
    return f"{digest[:2]}/{digest}"


def copied(stream: BinaryIO, file: IO[bytes], most: int) -> Stored:
    """Copy a stream into a file; raises Refused as soon as it is longer than `most` bytes."""
    digest, size = sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise Refused(f"El archivo supera el límite de {most >> 20} MB. Redúzcalo o divídalo.")
        digest.update(chunk)
        file.write(chunk)
    return Stored(digest.hexdigest(), size)
