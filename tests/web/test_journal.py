"""The second copy of answers: on another disk before it is acknowledged, and enough to bring a lost database back."""

import json
import os
import shutil

import pytest
from sqlalchemy import delete, func, select

from lms.attempts import rebuilding
from lms.attempts.models import Answer, Attempt, Marking
from lms.foundation import journal
from lms.foundation.journal import Journal, keep_with
from tests.rebuilt import many
from tests.web.test_attempts import PAGE1, ana, begin, key, put, words  # noqa: F401


@pytest.fixture
def kept(app, tmp_path):
    """This installation with a journal."""
    folder = tmp_path / "second"
    keep_with(app.extensions["database"].writer, Journal(folder))
    return folder / journal.FILE


def lose(app) -> None:
    """What the last backup did not have."""
    with app.extensions["database"].transaction() as session:
        for kind in (Marking, Answer, Attempt):
            session.execute(delete(kind))


def answers(app) -> list[str]:
    with app.extensions["database"].reading() as session:
        return list(session.scalars(select(Answer.key)))


def state(app) -> str:
    with app.extensions["database"].reading() as session:
        return rebuilding.state(session)


def rebuilt(app, path, now):
    with app.extensions["database"].transaction() as session:
        return rebuilding.rebuild(session, rebuilding.gather(path), now)


def test_attempt_answers_and_marks_come_back_as_they_were(app, world, kept, ana):  # noqa: F811
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "ir": "p2"})
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    ana.send(f"{mine}/entrega", {})
    before, marks = state(app), _marks(app)
    lose(app)
    assert state(app) != before
    done = rebuilt(app, kept, world.now)
    assert (done.attempts, done.ended, done.problems) == (1, 1, [])
    assert state(app) == before and _marks(app) == marks
    again = rebuilt(app, kept, world.now)
    assert (again.attempts, again.answers, again.ended) == (0, 0, 0), "done twice, nothing is doubled"
    assert "Nota de este intento" in words(ana.get(mine, follow_redirects=True))


def _marks(app):
    with app.extensions["database"].reading() as session:
        return session.execute(select(Marking.question, Marking.points).order_by(Marking.question)).all()


def test_what_a_backup_has_stays_and_only_what_came_after_is_added(app, world, kept, ana):  # noqa: F811
    mine = begin(ana)
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    with app.extensions["database"].reading() as session:
        first = session.scalar(select(func.max(Answer.id)))
    put(ana, mine, (key(2), "registro", [["r6.q", "SUBDERE"]]))
    before = state(app)
    with app.extensions["database"].transaction() as session:
        session.execute(delete(Answer).where(Answer.id > first))
    done = rebuilt(app, kept, world.now)
    assert (done.attempts, done.answers) == (0, 1) and state(app) == before


def test_nothing_is_acknowledged_that_the_journal_does_not_have(app, kept, ana):  # noqa: F811
    mine = begin(ana)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    shutil.rmtree(kept.parent)
    kept.parent.write_text("a file where the folder was")       # the disk is not mounted, say
    response = put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    assert response.status_code == 503 and answers(app) == []
    kept.parent.unlink()
    assert put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]])).status_code == 200
    assert [row["key"] for _, row in journal.read(kept) if row["kind"] == "answer"] == [key(1)]


def test_a_line_whose_commit_never_came_is_left_out_when_the_chain_goes_on_without_it(app, world, kept, ana):  # noqa: F811
    mine = begin(ana)
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    lines = kept.read_text().splitlines()
    ghost = json.loads(next(line for line in lines if '"answer"' in line))
    kept.write_text("\n".join([*lines, json.dumps({**ghost, "key": "ghost", "chain": "f" * 64})]) + '\n{"kind":"answ')
    put(ana, mine, (key(2), "registro", [["r6.q", "SUBDERE"]]))
    before = state(app)
    lose(app)
    done = rebuilt(app, kept, world.now)
    assert done.never_kept == 1 and done.answers == 2 and state(app) == before


def test_answers_of_an_attempt_nobody_knows_are_told_of(app, world, kept, ana):  # noqa: F811
    mine = begin(ana)
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    lines = [line for line in kept.read_text().splitlines() if '"attempt"' not in line]
    kept.write_text("\n".join(lines) + "\n")
    lose(app)
    done = rebuilt(app, kept, world.now)
    assert done.answers == 0 and "1 answers left out" in done.problems[0]


def test_without_the_setting_nothing_is_written(app, ana, tmp_path):  # noqa: F811
    put(ana, begin(ana), (key(1), "meta", [["r5.q", "0,7"]]))
    assert not list(tmp_path.rglob(journal.FILE))


def test_others_can_not_read_it(kept, ana):  # noqa: F811
    begin(ana)
    assert os.stat(kept).st_mode & 0o077 == 0


def test_ten_thousand_answers_are_brought_back_in_one_go(app, world, tmp_path):
    """A release does it with a million: `./dev soak`."""
    told = many(app, world, tmp_path / "many", answers=10_000)
    assert told.same and told.answers == 10_000
