"""Folios of actas have no gap and no double, whoever closes at the same moment and whatever fails on the way."""

from fractions import Fraction as F

import pytest

from lms.actas import queries
from lms.actas.models import ActaSignature
from lms.actas.rules import folio
from lms.people.rules import Refused
from tests.actas import Registry
from tests.closing import at_once, close_many, close_under_kills


@pytest.fixture
def registry(app, world, monkeypatch):
    registry = Registry(app, world, monkeypatch)
    for who in ("ana", "beto"):
        for module in ("G1", "G2"):
            registry.set(who, module, F(82, 100))
    return registry


def test_many_closed_at_once_with_failures_leave_no_gap_and_no_double(registry):
    told = close_many(registry, cohorts=12, threads=6)
    assert told.closed == 24 and told.torn > 3
    assert told.problems == ()


def test_eight_clicks_on_close_are_one_acta(registry):
    acta = registry.signed()
    made = at_once(8, lambda _: registry.close(acta))
    assert sorted(isinstance(m, Refused) for m in made) == [False] + [True] * 7
    with registry.read() as session:
        assert [r.folio for r in queries.register(session)] == [folio(2027, 1)]


def test_eight_clicks_on_sign_are_one_signature(registry):
    acta = registry.open()
    registry.submit(acta)
    made = at_once(8, lambda _: registry.sign(acta))
    assert sum(isinstance(m, Refused) for m in made) == 7
    with registry.read() as session:
        assert session.query(ActaSignature).count() == 1


def test_closing_and_annulling_at_once_end_it_one_way(registry):
    for module in ("G1", "G2"):
        acta = registry.signed(module)
        made = at_once(6, lambda n, acta=acta: registry.close(acta) if n % 2 else registry.annul(acta))
        assert sum(not isinstance(m, Refused) for m in made) == 1
        view = registry.view(acta)
        assert bool(view.closed) != bool(view.end)


def test_opening_at_once_opens_one(registry):
    assert len(set(at_once(8, lambda _: registry.open()))) == 1
    acta = registry.closed("G2")
    assert len(set(at_once(8, lambda _: registry.rectify(acta)))) == 1


def test_processes_killed_while_they_close_leave_no_gap_no_double_and_nothing_without_its_paper(registry):
    told = close_under_kills(registry, cohorts=10, kills=4)
    assert told.closed == 20 and told.torn >= 1
    assert told.problems == ()
