"""Disks that fail on purpose under a running server: one that is full, a limit on the size of files, errors of the device."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.serving import Server

SMALL = "size=16m"
LIMIT = 4096            # bytes: no file may be written beyond


class NotHere(Exception):
    """This machine does not let it be tried."""


class Full:
    """A small disk of its own, filled to the last byte."""

    @contextmanager
    def failing(self, server: Server) -> Iterator[None]:
        ballast = server.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while file.write(bytes(size)):
                        pass
        try:
            yield
        finally:
            ballast.unlink()


class Limited:
    """The web processes, and whichever would take their place, may not write beyond a size."""

    @contextmanager
    def failing(self, server: Server) -> Iterator[None]:
        web = [server.master(), *server.web()]
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        for pid in web:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LIMIT, hard))
        try:
            yield
        finally:
            for pid in web:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


class Broken:
    """Writes or syncs of the write-ahead log end with an error of the device, put there by strace."""

    def __init__(self, call: str, how: str = "error=EIO"):
        self.call, self.how = call, how

    @contextmanager
    def failing(self, server: Server) -> Iterator[None]:
        web = [arg for pid in server.web() for arg in ("-p", str(pid))]
        strace = subprocess.Popen(["strace", "-f", "-qq", *web, "-P", str(server.folder / "lms.sqlite-wal"), "-e",
                                   f"trace={self.call}", "-e", f"inject={self.call}:{self.how}", "-o", os.devnull],
                                  stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            strace.terminate()
            strace.wait(20)


@contextmanager
def small_disk(folder: Path) -> Iterator[Full]:
    folder.mkdir(parents=True)
    if not shutil.which("mount") or os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", SMALL, "none", str(folder)], capture_output=True).returncode:
        raise NotHere("mounting a small disk is not permitted here")
    try:
        yield Full()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def limit(_: Path) -> Iterator[Limited]:
    yield Limited()


@contextmanager
def broken(call: str) -> Iterator[Broken]:
    if not shutil.which("strace") or not may_attach():
        raise NotHere("no strace here that may be attached to a running process")
    yield Broken(call)


def may_attach() -> bool:
    """Ubuntu's kernel lets only root trace a process that runs already."""
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return tried.returncode == 0 and (os.geteuid() == 0 or not scope.exists() or scope.read_text().strip() == "0")


FAULTS = {"full": small_disk, "file size limit": limit, "write error": lambda _: broken("pwrite64"),
          "sync error": lambda _: broken("fdatasync")}
QUICK = ("full", "file size limit", "sync error")
