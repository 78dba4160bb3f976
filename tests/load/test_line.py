"""A line that breaks before, in and after the answer, doubles and delays: each answer is kept once, each receipt holds."""

import random
import sys
import time

import pytest

from tests import line as lines
from tests.killing import assemble
from tests.line import Line
from tests.serving import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
SCHEDULES = 500


def test_five_hundred_breaks_of_the_line_lose_and_double_nothing(app, world):
    group, chance = assemble(app, world, server := Server(app), pupils=6, odd=0.05), random.Random(27)
    with server:
        line = Line(server.port)
        try:
            for browser in (b for pupil in group.pupils for b in pupil.browsers):
                browser.port = line.port
            with group:
                end = time.monotonic() + 120
                while line.broken < SCHEDULES:
                    line.does(chance.choice([lines.BEFORE, lines.AFTER, lines.HALF, lines.TWICE]), times=chance.randint(1, 4))
                    before = line.broken
                    group.wait(lambda b=before: line.broken > b)
                    assert time.monotonic() < end, line.broken
                line.does(lines.WHOLE)
                group.answer(6)
            assert group.losses() == []
        finally:
            line.close()
    assert group.acknowledged > SCHEDULES / 4 and group.swallowed() > 50, "acknowledgements were lost on the way, and sent again"
