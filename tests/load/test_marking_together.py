"""Two instructors save the same work at the same moment: one marking is kept, the other is told, nothing is lost."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from lms.attempts.models import Marking
from tests.client import Client
from tests.web.test_grading import ESSAY, Desk, answer, rubric, task

ROUNDS = 10


def at_once(app, world, url, sent):
    """Each person sends theirs at the same moment, from a page that knew of no marking; their status codes."""
    start, statuses = Barrier(len(sent)), {}

    def send(name, form):
        client = Client(app)
        client.sign_in(world, name)
        token = client.token()
        start.wait()
        statuses[name] = client.post(url, data={"csrf_token": token, **form}).status_code

    threads = [Thread(target=send, args=item) for item in sent.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.parametrize("kind", ["task", "answer"])
def test_one_is_kept_and_the_other_meets_the_conflict(app, world, kind):
    desk = Desk(app, world)
    for number in range(1, ROUNDS + 1):
        if kind == "task":
            url = task(desk.hand_in("beto", version=number), 2)
            sent = {"ivan": rubric(3, 3, 3, 3, feedback="De Iván"), "irma": rubric(1, 1, 1, 1, feedback="De Irma")}
        else:
            url = answer(desk.sit("beto", "G2", ESSAY, number=number), cohort=2)
            sent = {"ivan": {"given": "3", "feedback": "De Iván"}, "irma": {"given": "1", "feedback": "De Irma"}}
        before = len(desk.rows(select(Marking.id)))
        statuses = at_once(app, world, url, sent)
        assert sorted(statuses.values()) == [303, 409]
        kept = desk.rows(select(Marking.marker_id, Marking.feedback).where(Marking.marker_id.is_not(None))
                         .order_by(Marking.id.desc()).limit(1))[0]
        winner = next(name for name, status in statuses.items() if status == 303)
        assert kept == (world.people[winner], sent[winner]["feedback"])
        assert len(desk.rows(select(Marking.id))) == before + 1
