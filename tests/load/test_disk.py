"""The disk is full, fails or loses its power: no answer is acknowledged that is not kept, and work goes on afterwards."""

import random
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from lms import create_app
from tests import failing, powercut
from tests.fixtures import DATABASES, make_tables
from tests.killing import assemble
from tests.serving import Server
from tests.world import build

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="prlimit, strace and tmpfs are Linux's"),
              pytest.mark.skipif("sqlite" not in DATABASES, reason="PostgreSQL's disk is PostgreSQL's to mind")]
TASK = "/cohortes/1/modulos/G1/tarea"


@pytest.fixture
def installed(compiled):
    """installed(folder): an app and its world there, on SQLite."""
    made = []

    def install(folder: Path):
        for part in ("files", "mail", "static"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        app = create_app(INSTANCE=folder, DATABASE=f"sqlite:///{folder}/lms.sqlite", SECRET_KEY="served", SMTP="", TESTING=True,
                         URL="http://127.0.0.1", TEMPLATE_CACHE=compiled, COURSES=folder, MAIL_FROM="Escuela <e@example.org>")
        made.append(app.extensions["database"].engine)
        make_tables(made[-1])
        return app, build(app)
    yield install
    for engine in made:
        engine.dispose()


@contextmanager
def made(fault: str, folder: Path):
    try:
        with failing.FAULTS[fault](folder) as disk:
            yield disk
    except failing.NotHere as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("fault", failing.QUICK)
def test_a_disk_that_can_not_write_refuses_reads_on_and_recovers(installed, tmp_path, fault):
    """503 in JSON, so that the page keeps the answer and sends it again; never an acknowledgement."""
    with made(fault, tmp_path / "instance") as disk:
        app, world = installed(tmp_path / "instance")
        group = assemble(app, world, server := Server(app), pupils=4)
        with server:
            visitor = group.pupils[0].browsers[1]
            with group:
                group.answer(20)
                with disk.failing(server):
                    group.wait(lambda: all(pupil.refused for pupil in group.pupils))     # nothing of before is under way
                    before, refused = group.acknowledged, group.refused
                    group.wait(lambda: group.refused >= refused + 20)
                    assert group.acknowledged == before
                    assert visitor.get(f"/cohortes/1/intentos/{group.pupils[0].attempt}") == visitor.get("/inicio") == 200
                    assert visitor.upload(TASK, "ficha.pdf", b"%PDF-1.7 x", texto="Mi ficha") == 503
                group.answer(20)
                assert visitor.upload(TASK, "ficha.pdf", b"%PDF-1.7 x", texto="Mi ficha") == 303
            assert group.losses() == []
        assert {status for pupil in group.pupils for status in pupil.refused} == {503}
        app.extensions["database"].engine.dispose()


@pytest.mark.skipif(bool(powercut.possible()), reason=powercut.possible())
@pytest.mark.parametrize("weakened", [False, True], ids=["as installed", "synchronous weakened: the test must see it"])
def test_a_power_cut_at_any_moment_loses_no_acknowledged_answer(installed, tmp_path, weakened):
    app, world = installed(tmp_path / "instance")
    recording = powercut.record(app, world, tmp_path, answers=150, synchronous="NORMAL" if weakened else "")
    found = powercut.cut(recording, 40 if weakened else 120, random.Random(27))
    assert found.count == (40 if weakened else 120) and found.checked > 1000
    assert bool(found.losses) == weakened, found.losses[:5]
