"""Folios have no gap and no double, whoever clicks at the same moment and whatever fails on the way."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import select

from lms.certificates import actions, queries
from lms.certificates.models import Certificate, CertificateEnd
from lms.certificates.rules import read_folio
from lms.cohorts import queries as cohorts
from lms.people.rules import Refused
from tests.certified import Desk
from tests.programme import PROGRAMME

THREADS, EACH = 8, 20


class Torn(Exception):
    """The transaction is given up after the folio was taken, as when a disk fills or a process dies."""


@pytest.fixture
def desk(app, world, monkeypatch):
    return Desk(app, world, monkeypatch)


def at_once(count, deed):
    """`deed(number)` in so many threads, all let go at the same moment; what each returned or raised."""
    start = Barrier(count)

    def run(number):
        start.wait()
        try:
            return deed(number)
        except Refused as why:
            return why
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def register(desk):
    with desk.read() as session:
        return session.execute(select(Certificate.series, Certificate.year, Certificate.number, Certificate.folio,
                                      Certificate.code, Certificate.person_id).order_by(Certificate.number)).all()


def test_eight_at_once_with_random_failures_leave_no_gap_and_no_double(desk):
    people, torn = desk.add(THREADS * EACH), []

    def shift(number):
        chance = random.Random(number)
        for person in people[number * EACH:(number + 1) * EACH]:
            while chance.random() < 0.25:
                with pytest.raises(Torn), desk.write() as session:
                    desk.issue_in(session, person)
                    torn.append(person)
                    raise Torn
            with desk.write() as session:
                desk.issue_in(session, person)
            sleep(actions.PAUSE * THREADS)      # as people's clicks do, and the batch: see actions.PAUSE

    at_once(THREADS, shift)
    rows = register(desk)
    assert len(torn) > 20
    assert [r.number for r in rows] == list(range(1, THREADS * EACH + 1))
    assert len({r.folio for r in rows}) == len({r.code for r in rows}) == len(people)
    assert {r.person_id for r in rows} == set(people)
    assert all(read_folio(r.folio) == r.folio for r in rows)


def test_eight_clicks_on_issue_are_one_certificate(desk, world):
    desk.has_earned("ana")
    for module in (None, "G1"):
        made = at_once(THREADS, lambda _, m=module: desk.issue("ana", module=m))
        assert len(set(made)) == 1, made
    assert [(r.series, r.number) for r in register(desk)] == [("EGL", 1), ("EGM", 1)]


def test_clicks_on_both_sides_of_new_year_are_one_certificate(desk, world):
    desk.has_earned("ana")
    sides = (datetime(2028, 1, 1, 2, 59, 59, tzinfo=UTC), datetime(2028, 1, 1, 3, 0, 1, tzinfo=UTC))

    def click(number):
        with desk.write() as session:
            return actions.issue(session, desk.shop, None, sides[number % 2], cohorts.cohort(session, 1), PROGRAMME,
                                 world.people["ana"])

    desk.revoke(desk.issue("ana"))      # so that the old year has a row to lock
    for _ in range(3):
        (made,) = set(at_once(THREADS, click))
        desk.revoke(made)


def test_eight_clicks_on_replace_are_one_new_certificate(desk, world):
    desk.has_earned("ana")
    old = desk.issue("ana")
    made = at_once(THREADS, lambda _: desk.replace(old))
    assert len(set(made)) == 1 and made[0] != old, made
    assert len(register(desk)) == 2


def test_a_certificate_ends_once_when_some_revoke_and_others_replace(desk, world):
    desk.has_earned("ana")
    old = desk.issue("ana")
    made = at_once(THREADS, lambda n: desk.replace(old) if n % 2 else desk.revoke(old))
    with desk.read() as session:
        ends = session.scalars(select(CertificateEnd)).all()
        assert len(ends) == 1
        assert queries.one(session, 1, old).state == ends[0].kind
    assert [r.number for r in register(desk)] == ([1, 2] if ends[0].kind == "replaced" else [1])
    assert sum(isinstance(m, Refused) for m in made) >= THREADS // 2 - 1
