"""Actas closed by many at once, with transactions given up on the way: for tests/load and, with a larger N, `./dev soak`."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction as F
from threading import Barrier
from time import sleep

from lms.actas import closing, queries, verifying
from lms.actas.rules import folio
from lms.cohorts.models import Cohort
from lms.people.models import PersonPost
from lms.people.rules import Refused
from tests.actas import Registry
from tests.programme import PROGRAMME
from tests.world import NOW, START

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

    problems = [str(e) for e in at_once(threads, shift) if isinstance(e, Refused)]
    with registry.read() as session:
        records = queries.register(session)
        report = verifying.verify(session, registry.desk.store, registry.desk.ring, [])
    problems += [p.why for p in report.problems]
    if [r.sequence for r in records] != list(range(1, len(records) + 1)):
        problems.append("sequences")
    if [r.folio for r in records] != [folio(r.year, n) for n, r in enumerate(records, 1)]:
        problems.append("folios")
    if {r.acta_id for r in records} < {acta for _, acta in waiting}:
        problems.append("an acta is not closed")
    return Told(len(records), len(torn), tuple(problems))
