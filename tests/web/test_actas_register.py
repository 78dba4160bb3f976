"""The register of actas tells by itself what was done to it: every change an administrator makes is found."""

import json
import random

import pytest

from lms.actas import heads, verifying
from lms.actas.commands import actas
from tests.tampered import heads_of, looked_at

LEAST = 300


@pytest.fixture
def register(app, world, monkeypatch):
    with looked_at(app, world, monkeypatch, random.Random(7)) as register:
        yield register


def undone(register, changes, with_head=False):
    """What was not found, of how many."""
    wrong, count = [], 0
    for change in changes:
        count += 1
        if told := register.found(change, with_head):
            wrong.append(f"{change.name}: {told}")
    assert not wrong, "\n".join(wrong[:20])
    return count


def test_every_change_is_found_and_the_first_bad_record_named(register):
    assert register.clean() and len(register.records) == 7
    count = undone(register, register.cells())
    count += undone(register, register.rows())
    count += undone(register, register.rebuilt())
    count += undone(register, register.series())
    assert register.clean()
    assert count >= LEAST, count
    print(count, "changes")


def test_an_older_copy_and_another_history_are_found_by_a_saved_head(register):
    assert undone(register, register.against_head(), with_head=True) == 14


def test_papers_changed_in_the_store_are_found(register):
    for change in register.papers():
        path = register.store.path(register.records[change.at - 1].paper_sha256)
        content = path.read_bytes()
        assert register.found(change) == "", change.name
        path.write_bytes(content)
    assert register.clean()


def test_a_head_is_believed_only_with_the_schools_signature(register):
    for spoilt in heads_of(register):
        report = verifying.verify(register.session, register.store, register.ring, [spoilt])
        assert report.problems, spoilt


def test_no_false_alarm_in_a_hundred_clean_looks(register):
    assert all(register.clean() for _ in range(100))


def test_the_command_tells_it(register, app, tmp_path):
    run = app.test_cli_runner()
    register.session.rollback()
    whole = run.invoke(actas, ["verify"])
    assert whole.exit_code == 0 and "7 actas and 0 saved heads looked at: all right." in whole.output
    out = tmp_path / "head.txt"
    assert run.invoke(actas, ["head", "--out", str(out)]).exit_code == 0
    assert json.loads(run.invoke(actas, ["verify", "--json", "--head", str(out)]).output)["heads"] == 1
    heads.keep(app.config["INSTANCE"] / "actas", heads.read(out.read_text().splitlines())[0])
    path = register.store.path(register.records[2].paper_sha256)
    path.write_bytes(path.read_bytes()[:-1])
    broken = run.invoke(actas, ["verify"])
    assert broken.exit_code == 1 and "The first bad record is 3." in broken.output
    empty = tmp_path / "empty.txt"
    empty.write_text("nothing")
    assert "holds no head" in run.invoke(actas, ["verify", "--head", str(empty)]).output
