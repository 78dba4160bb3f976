"""Actas closed by many at once, with transactions given up and processes killed: for tests/load and `./dev soak`."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction as F
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest

from lms import create_app
from lms.actas import closing, queries, verifying
from lms.actas.rules import folio
from lms.cohorts.models import Cohort
from lms.people.models import PersonPost
from lms.people.rules import Refused
from tests.actas import Registry
from tests.programme import PROGRAMME
from tests.world import NOW, START, World

PAUSE = 0.02            # see certificates.actions.PAUSE: SQLite's write lock has no queue


class Torn(Exception):
    """The transaction is given up after the folio was taken, as when a disk fills or a process dies."""


@dataclass(frozen=True)
class Told:
    closed: int
    torn: int
    problems: tuple[str, ...]


def at_once(count: int, deed: Callable[[int], object]) -> list[object]:
    """`deed(number)` in so many threads, all let go at the same moment; what each returned or was refused with."""
    start = Barrier(count)

    def run(number):
        start.wait()
        try:
            return deed(number)
        except Refused as why:
            return why
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def ready(registry: Registry, count: int) -> list[tuple[int, int]]:
    """(cohort, acta) of so many cohorts of one person, two modules each, all signed: they wait only for the office."""
    with registry.write() as session:
        first = max(id for (id,) in session.query(Cohort.id)) + 1
        for number in range(first, first + count):
            session.add(Cohort(id=number, code=f"N-{number}", title=f"Cohorte {number}", edition_id=PROGRAMME.edition,
                               country="CL", time_zone="America/Santiago", starts_on=START, ends_on=START, created_at=NOW))
            session.flush()
            session.add(PersonPost(person_id=registry.id("ivan"), role="instructor", cohort_id=number, institution_id=2,
                                   granted_at=NOW))
    found = []
    for number in range(first, first + count):
        person = registry.crowd_of(number)
        for module in ("G1", "G2"):
            registry.set(person, module, F(7, 10))
            found.append((number, registry.signed(module, number)))
    return found


def close_many(registry: Registry, cohorts: int, threads: int, seed: int = 0) -> Told:
    """Close all actas of so many cohorts, in so many threads, a quarter of the tries torn; then look at the register."""
    waiting, torn = ready(registry, cohorts), []

    def shift(number):
        chance = random.Random(seed * 1000 + number)
        for cohort_id, acta in waiting[number::threads]:
            while chance.random() < 0.25:
                try:
                    with registry.write() as session:
                        closing.close(session, registry.desk, registry.id("olga"), registry.world.now,
                                      registry.cohort(session, cohort_id), PROGRAMME, acta)
                        torn.append(acta)
                        raise Torn
                except Torn:
                    pass
            registry.close(acta, cohort_id)
            sleep(PAUSE * threads)

    problems = tuple(str(e) for e in at_once(threads, shift) if isinstance(e, Refused))
    records, wrong = looked_through(registry, {acta for _, acta in waiting})
    return Told(records, len(torn), (*problems, *wrong))


def looked_through(registry: Registry, wanted: set[int]) -> tuple[int, tuple[str, ...]]:
    """(records, what is wrong with the register): every folio once, none missing, all that was wanted closed."""
    with registry.read() as session:
        records = queries.register(session)
        report = verifying.verify(session, registry.desk.store, registry.desk.ring, [])
    problems = [p.why for p in report.problems]
    if [r.sequence for r in records] != list(range(1, len(records) + 1)):
        problems.append("sequences")
    if [r.folio for r in records] != [folio(r.year, n) for n, r in enumerate(records, 1)]:
        problems.append("folios")
    if wanted - {r.acta_id for r in records}:
        problems.append("an acta is not closed")
    return len(records), tuple(problems)


def close_under_kills(registry: Registry, cohorts: int, kills: int, seed: int = 0) -> Told:
    """Two processes close what waits and are killed with SIGKILL again and again; then what is left is closed here."""
    registry.default = F(7, 10)
    waiting, chance, killed = ready(registry, cohorts), random.Random(seed), 0
    url = registry.app.extensions["database"].engine.url.render_as_string(hide_password=False)
    for _ in range(kills):
        workers = [subprocess.Popen([sys.executable, "-m", "tests.closing", str(registry.app.config["INSTANCE"]), url, str(n)],
                                    cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True, start_new_session=True)
                   for n in range(2)]
        for worker in workers:
            worker.stdout.readline()                # it has begun
        time.sleep(chance.uniform(0.05, 0.9))
        for worker in workers:
            if worker.poll() is None:
                killed += 1
                worker.kill()
            worker.wait()
            worker.stdout.close()
            assert worker.returncode in (0, -signal.SIGKILL), worker.returncode
    for cohort_id, acta in waiting:
        try:
            registry.close(acta, cohort_id)
        except Refused as why:
            assert "ya está cerrada" in why.message, why.message
    records, wrong = looked_through(registry, {acta for _, acta in waiting})
    return Told(records, killed, wrong)


def main(folder: str, url: str, number: str) -> None:
    """A process that closes every acta that waits, from either end, and says when it begins."""
    at = Path(folder)
    app = create_app(INSTANCE=at, DATABASE=url, SECRET_KEY="test", URL="http://localhost", TESTING=True, COURSES=at, SMTP="",
                     MAIL_FROM="Escuela <e@example.org>", CLOCK=lambda: NOW + timedelta(days=1))
    with pytest.MonkeyPatch.context() as patch:
        registry = Registry(app, World(app, {"ivan": 3, "olga": 6}), patch)
        registry.default = F(7, 10)
        with registry.read() as session:
            cohort_ids = [id for (id,) in session.query(Cohort.id)]
            waiting = [(v.acta.cohort_id, v.acta.id) for c in cohort_ids for v in queries.of_cohort(session, c)
                       if v.state == "signed"]
        print("begun", flush=True)
        for cohort_id, acta in waiting[::-1] if int(number) else waiting:
            try:
                registry.close(acta, cohort_id)
            except Refused:
                pass                                # the other one was first
            sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
