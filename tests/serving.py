"""What `lms serve` runs, in processes that can be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms.foundation.settings import ROOT
from tests.world import NOW

PATIENCE = 20               # seconds a server may take to answer, or to be gone
WORKERS = 2                 # web processes


class Server:
    """What `lms serve` runs, on an app's installation: gunicorn with two web processes, and the worker of the outbox."""

    def __init__(self, app: Flask, before: tuple[str, ...] = (), **served: object):
        """`before`: what to run it under, such as strace."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.before, self.began = Path(app.config["INSTANCE"]), before, time.time()
        self.told = {"instance": str(self.folder), "database": app.config["DATABASE"], "began": self.began,
                     "compiled": str(app.config.get("TEMPLATE_CACHE") or "") or None, **served}
        self.process: subprocess.Popen | None = None

    def start(self) -> "Server":
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "tests.served", "serve", str(self.port)], cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT), "SERVED": json.dumps(self.told)})
        self.ready()
        return self

    def ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                if len(self.web()) == WORKERS:      # one that is forked later would escape what is done to the others
                    return
            time.sleep(0.02)
        raise TimeoutError(self.log())

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def below(self) -> dict[int, list[int]]:
        """The processes that are kept running -> theirs: gunicorn's master has web processes, the worker has none."""
        keeper = children(self.process.pid)[0] if self.before else self.process.pid
        return {pid: children(pid) for pid in children(keeper)}

    def web(self) -> list[int]:
        return max(self.below().values(), key=len, default=[])

    def master(self) -> int:
        """gunicorn's; 0 while there is none."""
        below = self.below()
        return max(below, key=lambda pid: len(below[pid]), default=0)

    def kill(self, what: str) -> bool:
        """SIGKILL one web process, gunicorn's master, the outbox's worker, or everything, which is then started again.
        Returns whether there was one."""
        below, master = self.below(), self.master()
        doomed = {"web": self.web()[:1], "master": [master], "worker": [pid for pid in below if pid != master], "all": []}[what]
        for pid in filter(None, doomed):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if what == "all":
            self.halt()
            self.start()
        return what == "all" or any(doomed)

    def halt(self) -> None:
        """SIGKILL everything, and leave it so."""
        below = self.below()
        for pid in (self.process.pid, *children(self.process.pid), *below, *(pid for web in below.values() for pid in web)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def time_of(self, moment: datetime) -> float:
        """The real time of an instant of the world."""
        return self.began + (moment - NOW).total_seconds()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.halt()


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], object], patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def terminate_backends(app: Flask) -> bool:
    """End every other connection to this PostgreSQL database, as its restart would; False while it recovers from a crash."""
    engine = app.extensions["database"].engine
    engine.dispose()
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    except OperationalError:
        return False
    return True
