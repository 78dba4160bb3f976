"""Files in an S3-compatible object store: the same interface as the local folder, for who keeps them elsewhere."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from lms.foundation.stores import CHUNK, Stored, copied, name_of


class Bucket:
    """Objects named by the hash of their bytes beneath a prefix. What fails is an OSError: it may be tried again."""

    def __init__(self, store: S3Store):
        self.store = store

    def put(self, stream: BinaryIO, most: int) -> Stored:
        """Keep a stream; raises stores.Refused when it is longer than `most` bytes."""
        with TemporaryFile() as file:
            kept = copied(stream, file, most)
            file.seek(0)
            with _told():
                obstore.put(self.store, name_of(kept.sha256), file)
        return kept

    def read(self, digest: str) -> bytes:
        with _told():
            return bytes(obstore.get(self.store, name_of(digest)).bytes())

    def chunks(self, digest: str) -> Iterator[bytes]:
        with _told():
            for chunk in obstore.get(self.store, name_of(digest)).stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def holds(self, digest: str) -> bool:
        with _told():
            try:
                obstore.head(self.store, name_of(digest))
            except (NotFoundError, FileNotFoundError):
                return False
        return True


def connect(url: str, settings: dict[str, str]) -> Bucket:
    """s3://bucket/prefix, with AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as usual."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    endpoint = settings.get("AWS_ENDPOINT_URL", "")
    options: dict[str, object] = {"region": settings.get("AWS_REGION") or "us-east-1"}
    if endpoint:
        options |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
    if settings.get("AWS_ACCESS_KEY_ID"):
        options |= {"access_key_id": settings["AWS_ACCESS_KEY_ID"],
                    "secret_access_key": settings.get("AWS_SECRET_ACCESS_KEY", "")}
    return Bucket(S3Store(bucket, prefix=prefix or None, config={"checksum_algorithm": "SHA256"},
                          client_options={"allow_http": endpoint.startswith("http://"), "timeout": "30s"},
                          retry_config=None, **options))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as wrong:
        raise FileNotFoundError(errno.ENOENT, "the object store does not have it") from wrong
    except BaseError as wrong:
        raise OSError(errno.EIO, f"the object store: {type(wrong).__name__}") from wrong
