"""Keeps the processes of `lms serve` running: one that dies unasked (killed for want of memory, say) is begun again."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from lms.foundation.logs import log
from lms.foundation.settings import ROOT

LOOK = 0.2                      # seconds between looks
YOUNG = 10                      # seconds: what ends by itself so early could not run
LINGER = 35                     # seconds to end in good order: gunicorn's graceful timeout and a little
STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]


class Running:
    """One command, in a process group of its own so that what it leaves behind can be ended with it."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]):
        self.command, self.environment = command, environment
        self.begin()

    def begin(self) -> None:
        self.begun = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, start_new_session=True)

    def failed(self) -> bool:
        """It gave up by itself and at once: the port is taken, the code does not load, the database is away."""
        return (self.process.poll() or 0) > 0 and time.monotonic() - self.begun < YOUNG

    def begin_again(self) -> None:
        log.error("ended", extra={"facts": {"command": self.command[2], "code": self.process.poll()}})
        self.sweep()
        self.begin()

    def sweep(self) -> None:
        """End what it left behind: gunicorn's web processes outlive their master by half a minute, and neither take
        new requests nor give up the port."""
        with suppress(OSError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)


def keep_running(server: Sequence[str], others: Sequence[Sequence[str]], environment: dict[str, str]) -> int:
    """Run these until told to stop, or until the server can not run; returns what to exit with.

    Of the others, one that can not run is tried every ten seconds.
    """
    stopping: list[int] = []
    for stop in STOPS:
        signal.signal(stop, lambda number, _: stopping.append(number))
    running = [Running(command, environment) for command in (server, *others)]
    while not stopping and not running[0].failed():
        for one in running:
            if one.process.poll() is not None and not one.failed():
                one.begin_again()
        time.sleep(LOOK)
    code = 0 if stopping else running[0].process.poll() or 1
    _end(running)
    return code


def _end(running: Sequence[Running]) -> None:
    for one in running:
        if one.process.poll() is None:
            one.process.terminate()
    deadline = time.monotonic() + LINGER
    for one in running:
        with suppress(subprocess.TimeoutExpired):
            one.process.wait(max(deadline - time.monotonic(), 0))
        one.sweep()
