"""What a power cut would leave of an SQLite database: strace records every write and sync of the real server, and the disk is
rebuilt as it may be at any moment: all that was synced, and of what was not, whichever sectors happened to be written."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from tests.killing import Class, assemble
from tests.serving import Server
from tests.world import World

SECTOR = 512
CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink"
LINE = re.compile(r'\d+ +(?P<at>[\d.]+) (?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\((?:\d+<(?P<path>[^>]*)>)?)(?P<rest>.*)')
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)')
LENGTH = re.compile(r", (\d+)")


@dataclass
class Recording:
    """A log of every write, the database before it, and who was told what meanwhile."""
    log: Path
    database: Path
    before: bytes
    group: Class
    folder: Path


def record(app: Flask, world: World, folder: Path, answers: int, **served: object) -> Recording:
    """Some students answer until so many answers are acknowledged; then everything is killed."""
    database, log = app.config["INSTANCE"] / "lms.sqlite", folder / "strace.log"
    server = Server(app, before=recorder(log, database), **served)
    group = assemble(app, world, server, pupils=5, odd=0)
    app.extensions["database"].engine.dispose()         # or the last connection to close would tidy the log away
    before = database.read_bytes()
    server.start()
    try:
        with group:
            group.answer(answers)
    finally:
        server.halt()
    return Recording(log, database, before, group, folder)


def recorder(log: Path, database: Path) -> tuple[str, ...]:
    """The command to run a server under."""
    files = (arg for name in (database, f"{database}-wal") for arg in ("-P", str(name)))
    return ("strace", "-f", "--seccomp-bpf", "-qq", "-ttt", "-y", "-xx", "-s", "70000", "-e", f"trace={CALLS}",
            "-e", "signal=none", *files, "-o", str(log))


def possible() -> str:
    """Why it can not be done here; "" when it can."""
    if sys.platform != "linux" or not shutil.which("strace"):
        return "no strace here"
    tried = subprocess.run(["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=fdatasync", "true"], capture_output=True)
    return "" if tried.returncode == 0 else "strace may not trace here"


@dataclass
class Event:
    """One system call. The lines of the log are its clock: `done` is the line at which it had returned."""
    at: float
    line: int
    call: str
    file: str
    done: int | None = None
    offset: int = 0
    data: bytes = b""


def events(log: Iterable[str]) -> Iterator[tuple[float, list[Event]]]:
    """(time, the calls this line begins or ends) for each line of the log."""
    open_calls: dict[str, Event] = {}
    for number, line in enumerate(log):
        found = LINE.match(line)
        if not found:
            continue
        thread, at = line.split()[0], float(found["at"])
        if found["resumed"]:
            event = open_calls.pop(thread, None)
        else:
            event = read(found, at, number)
            if "<unfinished" in line:
                open_calls[thread] = event
                yield at, [event]
                continue
        if event:
            event.done = number if " = -1" not in line else None
            yield at, [event]


def read(found: re.Match[str], at: float, number: int) -> Event:
    event = Event(at, number, found["call"], bytes.fromhex((found["path"] or "").replace("\\x", "")).decode())
    if event.call == "pwrite64":
        text, _size, offset = TEXT.search(found["rest"]).groups()
        event.data, event.offset = bytes.fromhex(text.replace("\\x", "")), int(offset)
    if event.call == "ftruncate":
        event.offset = int(LENGTH.search(found["rest"])[1])
    return event


@dataclass
class Disk:
    """One file: what has surely reached the disk, and what is on its way."""
    synced: bytearray
    pending: list[Event] = field(default_factory=list)

    def see(self, event: Event) -> None:
        if event.call in ("pwrite64", "ftruncate"):
            if event not in self.pending:
                self.pending.append(event)
        elif event.done is not None:        # a sync has returned: what had returned when it was asked for is there
            there = [e for e in self.pending if e.done is not None and e.done <= event.line]
            for one in there:
                write(self.synced, one)
            self.pending = [e for e in self.pending if e not in there]

    def after_a_cut(self, chance: random.Random) -> bytearray:
        """Nothing of what was not synced, all of it, or any of its sectors in any order."""
        image, luck = bytearray(self.synced), chance.choice((0.0, 0.5, 0.9, 1.0))
        for event in self.pending if luck else ():
            for start in range(0, max(len(event.data), 1), SECTOR):
                if chance.random() < luck:
                    part = Event(0, 0, event.call, "", 0, event.offset + start, event.data[start:start + SECTOR])
                    write(image, part)
        return image


def write(image: bytearray, event: Event) -> None:
    if event.call == "ftruncate":
        del image[event.offset:]
    elif event.data:
        if len(image) < event.offset:
            image.extend(bytes(event.offset - len(image)))
        image[event.offset:event.offset + len(event.data)] = event.data


@dataclass
class Cuts:
    """So many cuts, and what they lost."""
    count: int = 0
    answers: int = 0            # acknowledged before the last cut
    checked: int = 0            # acknowledged before a cut, summed over all cuts
    losses: list[str] = field(default_factory=list)


def cut(recording: Recording, times: int, chance: random.Random, until: float = float("inf")) -> Cuts:
    """Cut the power at so many random moments of a recording, and compare what SQLite finds with what was acknowledged.
    `until`: of the monotonic clock, when to stop."""
    with recording.log.open() as file:
        moments = [at for at, _ in events(file)]
    found, picked = Cuts(), set(chance.sample(range(len(moments) - 1), min(times, len(moments) - 1)))
    told = [(s.told_at, key, s.id) for pupil in recording.group.pupils for key, s in pupil.sent.items() if s.id]
    main, journal = str(recording.database), f"{recording.database}-wal"
    disks = {main: Disk(bytearray(recording.before)), journal: Disk(bytearray())}
    with recording.log.open() as file:
        for number, (_at, calls) in enumerate(events(file)):
            for event in calls:
                if event.call == "unlink":
                    raise AssertionError("the log was thrown away while it was recorded")
                disks[event.file].see(event)
            if time.monotonic() > until:
                break
            if number in picked:            # whoever heard of an answer before the next call began, heard of it for good
                known = {key: answer for at, key, answer in told if at < moments[number + 1]}
                found.count, found.answers, found.checked = found.count + 1, len(known), found.checked + len(known)
                found.losses += lost({name: disk.after_a_cut(chance) for name, disk in disks.items()}, known,
                                     recording.folder / "cut")
    return found


def lost(images: dict[str, bytearray], known: dict[str, int], folder: Path) -> list[str]:
    """Start SQLite on what the cut left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, image in images.items():
        (folder / Path(name).name).write_bytes(image)
    main = min((Path(name).name for name in images), key=len)
    try:
        with closing(sqlite3.connect(folder / main)) as base:
            (state,) = base.execute("PRAGMA integrity_check").fetchone()
            kept = dict(base.execute("SELECT key, id FROM answers"))
    except sqlite3.DatabaseError as wrong:
        return [f"the database does not open: {wrong}"]
    return ([] if state == "ok" else [state]) + [f"{key} is gone" for key, answer in known.items() if kept.get(key) != answer]
