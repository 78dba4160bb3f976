"""Files that hold keys: written whole and synced, readable by this user only, never over what is there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

try:
    import fcntl
except ImportError:                     # Windows, where one process serves
    fcntl = None                        # type: ignore[assignment]


def make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write(path: Path, content: bytes) -> bool:
    """Whole or not at all. False when another process wrote it first: what it wrote stays."""
    temporary = path.with_name(f".{path.name}.{token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
        return True
    except FileExistsError:
        return False
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time makes or ends keys in this folder."""
    make_folder(folder)
    handle = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
