"""Pages of PDF files from strangers as pictures: each drawn once, in a short process with limits, and kept."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from flask import Response, current_app, request

from lms.foundation.files import store
from lms.foundation.language import _
from lms.foundation.stores import Folder, Store, name_of

try:
    import fcntl
except ImportError:                     # Windows: one process serves, its own count is enough
    fcntl = None                        # type: ignore[assignment]

PRESS = Path(__file__).with_name("leaf_press.py")
DRAWN = "1"                             # of the way they are drawn: another number, other pictures
AT_ONCE, PATIENCE, LONGEST = 2, 3.0, 20.0       # processes; seconds for one to be free; seconds of one
MOST_BYTES, MOST_KEPT = 64 << 20, 1 << 30       # of a file; of all pictures
AGAIN = 600.0                           # seconds after which what took too long is tried anew
ENDS = {3: "locked", 4: "broken", 5: "heavy", 6: "absent"}
_ours = BoundedSemaphore(AT_ONCE)


class Unseen(Exception):
    """There is no picture: locked, broken, heavy, large, absent; slow, busy (for now)."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Leaves:
    """The pages of a file: how many there are, the sizes of those that can be seen, or why none can."""
    pages: int = 0
    sizes: tuple[tuple[float, float], ...] = ()
    fault: str = ""

    @property
    def places(self) -> frozenset[str]:
        """Numbers of the pages that can be seen, as a form writes them."""
        return frozenset(str(n) for n in range(1, len(self.sizes) + 1))


class Press:
    """Draws pages of the files of a store, and keeps them in a folder."""

    def __init__(self, folder: Path, files: Store):
        self.folder, self.files = folder, files

    def leaves(self, digest: str, size: int = 0) -> Leaves:
        """The pages of a file (a PNG or JPEG has one)."""
        if size > MOST_BYTES:
            return Leaves(fault="large")
        try:
            found = json.loads(self._made(digest, "facts"))
        except Unseen as no:
            return Leaves(fault=no.why)
        return Leaves(found["pages"], tuple((across, down) for across, down in found["sizes"]))

    def picture(self, digest: str, page: int, size: int = 0) -> bytes:
        """A page, from 1, as WebP; raises Unseen."""
        found = self.leaves(digest, size)
        if found.fault or not 1 <= page <= len(found.sizes):
            raise Unseen(found.fault or "absent")
        return self._made(digest, "draw", page)

    def clean(self, digest: str, size: int = 0) -> bytes:
        """The same pages without what the file says of its author; raises Unseen."""
        found = self.leaves(digest, size)
        if found.fault:
            raise Unseen(found.fault)
        return self._made(digest, "clean")

    def _made(self, digest: str, *task: object) -> bytes:
        """What comes of a task, made now or before."""
        place = self.folder / DRAWN / name_of(digest)
        kept = place / "-".join(map(str, task))
        if (made := _kept(kept)) is not None:
            return made
        with self._turn():
            if (made := _kept(kept)) is not None:           # while we waited
                return made
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            why = self._work(digest, kept, [str(part) for part in task])
            if why:
                kept.with_suffix(".fault").write_text(why)
                raise Unseen(why)
            made = kept.read_bytes()
        if task[0] == "facts":
            thin(self.folder / DRAWN, MOST_KEPT)
        return made

    def _work(self, digest: str, kept: Path, task: list[str]) -> str:
        """Run the press on a file; "" or why there is nothing."""
        with self._source(digest) as source, NamedTemporaryFile(dir=kept.parent, delete=False) as out:
            try:
                end = subprocess.run([sys.executable, "-I", "-B", str(PRESS), *task], stdin=source, stdout=out,
                                     stderr=subprocess.DEVNULL, env=_bare(), timeout=LONGEST, check=False).returncode
            except subprocess.TimeoutExpired:
                end = None
        if end == 0:
            os.replace(out.name, kept)
            return ""
        Path(out.name).unlink(missing_ok=True)
        return "slow" if end is None else ENDS.get(end, "heavy")        # killed by a limit, or fallen over

    @contextmanager
    def _source(self, digest: str) -> Iterator[IO[bytes]]:
        """The file itself, where the press can seek in it."""
        if isinstance(self.files, Folder):
            with self.files.path(digest).open("rb") as file:
                yield file
            return
        with TemporaryFile() as copy:
            for chunk in self.files.chunks(digest):
                copy.write(chunk)
            copy.flush()
            copy.seek(0)
            yield copy

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One of the few at once, over all processes that serve; raises Unseen where none comes free."""
        until = time.monotonic() + PATIENCE
        if not _ours.acquire(timeout=PATIENCE):
            raise Unseen("busy")
        try:
            handle = self._slot(until)
            try:
                yield
            finally:
                if handle is not None:
                    os.close(handle)
        finally:
            _ours.release()

    def _slot(self, until: float) -> int | None:
        if not fcntl:
            return None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            for n in range(AT_ONCE):
                handle = os.open(self.folder / f"slot-{n}", os.O_RDWR | os.O_CREAT, 0o600)
                with suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return handle
                os.close(handle)
            if time.monotonic() > until:
                raise Unseen("busy")
            time.sleep(.03)


def photo(content: bytes) -> bytes:
    """A photo from a stranger as a JPEG of at most 1600 pixels a side, without its place, time and camera; raises
    Unseen (broken: it is none, or of a kind that is not read, such as HEIC)."""
    with TemporaryFile() as source:
        source.write(content)
        source.seek(0)
        if not _ours.acquire(timeout=PATIENCE):
            raise Unseen("busy")
        try:
            done = subprocess.run([sys.executable, "-I", "-B", str(PRESS), "photo"], stdin=source, capture_output=True,
                                  env=_bare(), timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            raise Unseen("slow") from None
        finally:
            _ours.release()
    if done.returncode:
        raise Unseen(ENDS.get(done.returncode, "heavy"))
    return done.stdout


def _kept(path: Path) -> bytes | None:
    """What was made before; raises Unseen where it was found that nothing can be."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    fault = path.with_suffix(".fault")
    with suppress(FileNotFoundError):
        why = fault.read_text()
        if why != "slow" or time.time() - fault.stat().st_mtime < AGAIN:
            raise Unseen(why)
    return None


def _bare() -> dict[str, str]:
    """An environment without our secrets; Windows can start nothing without the first."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}


def thin(folder: Path, most: int) -> None:
    """Let go of the documents drawn longest ago, until what is kept is less than so many bytes."""
    held = sorted((place.stat().st_mtime, sum(file.stat().st_size for file in place.iterdir()), place)
                  for place in folder.glob("??/*") if place.is_dir())
    total = sum(size for _at, size, _place in held)
    for _at, size, place in held:
        if total <= most:
            return
        shutil.rmtree(place, ignore_errors=True)
        total -= size


def at_width(size: tuple[float, float], width: int) -> tuple[int, int]:
    """Pixels of a page so wide."""
    across, down = max(size[0], 1.0), max(size[1], 1.0)
    return width, max(round(width * down / across), 1)


# For pages ------------------------------------------------------------------------------------------------------------

def press() -> Press:
    return Press(current_app.config["INSTANCE"] / "leaves", store())


def why_unseen(fault: str) -> str:
    """The reason, and what can be done, for a person."""
    return {"locked": _("El PDF está protegido con una contraseña: sus páginas no se pueden mostrar aquí."),
            "broken": _("El archivo está dañado o no es un PDF válido: sus páginas no se pueden mostrar aquí."),
            "large": _("El archivo es demasiado grande para mostrar sus páginas aquí."),
            "absent": _("El archivo no tiene esa página."),
            "busy": _("Se están preparando otras páginas. Volver a cargar la página en unos segundos."),
            }.get(fault, _("El archivo pide más tiempo o memoria de lo que se le da: no se puede mostrar aquí."))


def leaf(digest: str, page: int, size: int) -> Response:
    """A page as a picture, for who has passed the door. The browser keeps it, and asks each time whether it may."""
    response = Response(mimetype="image/webp")
    response.set_etag(f"{digest[:32]}-{page}-{DRAWN}")
    if request.if_none_match.contains_weak(f"{digest[:32]}-{page}-{DRAWN}"):
        response.status_code = 304
    else:
        try:
            response.set_data(press().picture(digest, page, size))
        except Unseen as no:
            return _unseen(no.why)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _unseen(why: str) -> Response:
    response = Response(why_unseen(why), 404 if why == "absent" else 503 if why in ("busy", "slow") else 422,
                        mimetype="text/plain")
    if why == "busy":
        response.headers["Retry-After"] = "3"
    return response
