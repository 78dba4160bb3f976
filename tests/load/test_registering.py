"""Sixty ask for twenty places at the same second, twenty cancel at the same second, and all who are offered accept at once."""

from collections import Counter

import pytest

from lms.seminars import places, reminders
from lms.seminars.entries import Who
from lms.seminars.letters import Desk
from lms.seminars.models import SeminarPlaces
from tests.load.test_folios import at_once
from tests.seminared import SEMINAR, plant, sequences

CROWD, PLACES = 60, 20
DESK = Desk("http://localhost", "test")


@pytest.fixture
def database(app, world):
    found = app.extensions["database"]
    with found.transaction() as s:
        plant(s)
        sequences(s)
        s.get_one(SeminarPlaces, (SEMINAR, "public")).places = PLACES
    return found


def test_places_are_neither_given_twice_nor_lost(database, world):
    def register(number):
        with database.transaction() as s:
            return places.register(s, world.now, SEMINAR, "public", Who(
                f"Persona {number}", "Prueba", None, f"p{number}@example.org", "CL"), desk=DESK)[0]

    def by_state():
        with database.reading() as s:
            return {view.id: view.state for view in places.registrations(s, SEMINAR)}

    def move(ids, state):
        def one(number):
            with database.transaction() as s:
                places.move(s, world.now, SEMINAR, ids[number], state, desk=DESK)
        at_once(len(ids), one)
    at_once(CROWD, register)
    assert Counter(by_state().values()) == {"confirmed": PLACES, "waiting": CROWD - PLACES}
    move([i for i, state in by_state().items() if state == "confirmed"], "cancelled")
    assert Counter(by_state().values()) == {"cancelled": PLACES, "offered": PLACES, "waiting": CROWD - 2 * PLACES}
    offered = [i for i, state in by_state().items() if state == "offered"]
    move(offered[:10], "confirmed")
    world.later(hours=49)

    def expire(number):
        with database.transaction() as s:
            return reminders.end_offer(s, world.now, offered[number], DESK)
    assert Counter(at_once(len(offered), expire)) == {True: 10, False: 10}
    found = Counter(by_state().values())
    assert found == {"cancelled": 20, "confirmed": 10, "expired": 10, "offered": 10, "waiting": 10}
    waiting = [i for i, state in by_state().items() if state == "waiting"]
    assert min(waiting) > max(i for i, state in by_state().items() if state in ("offered", "expired")), "in the order of the line"
    print(f"\n  {CROWD} for {PLACES} places at the same second: {PLACES} confirmed, the rest in line; none twice, none lost")
