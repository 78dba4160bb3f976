"""`./dev bench --bulk`: a batch of signed certificates beside the sum of single ones, each drawn, signed, kept (synced) and
written with its letter. Reach: all cores, at 1.15 times the CPU of the single ones."""

import os
import time

from sqlalchemy import func, select

from lms.catalogue import queries as catalogue
from lms.certificates import actions, batches
from lms.certificates.actions import Shop
from lms.certificates.models import Certificate
from lms.cohorts import queries as cohorts
from lms.completion import queries as completion
from tests import bench, world
from tests.certified import BASE, complete, newcomers

TARGET = 1.15
SINGLES = 100               # are measured; their sum is reckoned from these


def cpu(postgres: bool) -> float:
    """Seconds of this process, of all it has waited for, and of PostgreSQL."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + (bench.postgres_cpu() if postgres else 0)


def row(count: int, postgres: bool) -> dict:
    with bench.installation(postgres) as (app, _):
        cast, database = world.build(app), app.extensions["database"]
        given = completion.verdicts
        completion.verdicts = lambda session, cohort, programme, ids: dict.fromkeys(ids, verdict)
        verdict = complete()
        try:
            with database.transaction() as s:
                ids = newcomers(s, count + SINGLES + 1, 1, cast.now)
            shop = Shop(app.extensions["files"], BASE, app.extensions["seals"])
            single(database, shop, cast, ids[0])            # the press and the key are loaded
            singles = measured(lambda: [single(database, shop, cast, person) for person in ids[1:SINGLES + 1]], postgres)
            with database.transaction() as s:
                batch = batches.ask(s, cast.people["olga"], cast.now, 1, None, ids[SINGLES + 1:])
            with app.app_context():
                whole = measured(lambda: to_the_end(app, shop, batch), postgres)
            with database.reading() as s:
                made = s.scalar(select(func.count()).select_from(Certificate))
            assert made == count + SINGLES + 1, made
        finally:
            completion.verdicts = given
    many, cores = count / SINGLES, os.cpu_count() or 1
    return {"deed": "batch", "cpu_ms": round(whole[0], 1), "floor_ms": round(singles[0] * many, 1),
            "F": round(whole[0] / (singles[0] * many), 2), "target": TARGET, "wall_ms": round(whole[1]),
            "wall_of_singles_ms": round(singles[1] * many), "cores": cores, "busy": round(whole[0] / whole[1] / cores, 2)}


def to_the_end(app, shop: Shop, batch: int) -> None:
    """As the worker does it, in as many shifts as it takes."""
    finished = False
    while not finished:
        batches.work(app, shop, batch)
        with app.extensions["database"].reading() as s:
            finished = batches.batch(s, batch).finished


def single(database, shop: Shop, cast: world.World, person: int) -> None:
    with database.transaction() as s:
        cohort = cohorts.cohort(s, 1)
        actions.issue(s, shop, cast.people["olga"], cast.now, cohort, catalogue.programme(s, cohort.edition_id), person)


def measured(deed, postgres: bool) -> tuple[float, float]:
    """Milliseconds of CPU and of the clock on the wall."""
    began, at = cpu(postgres), time.monotonic()
    deed()
    return (cpu(postgres) - began) * 1000, (time.monotonic() - at) * 1000
