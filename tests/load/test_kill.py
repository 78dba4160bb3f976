"""Processes are killed at any moment: what was acknowledged is there, once; what was not is there once after a retry."""

import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.foundation import health, mail, outbox
from lms.foundation.outbox import OutboxJob
from lms.foundation.settings import ROOT
from tests.fixtures import DATABASES
from tests.killing import assemble, outbox_faults
from tests.serving import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
KILLS = ["web"] * 5 + ["master", "worker", "all"]


def test_kills_of_any_process_lose_nothing_and_leave_no_gap(app, world):
    """Six students answer and two officers issue certificates; now and then one of them hangs up or sends twice."""
    server, chance = Server(app, lease=1), random.Random(27)
    group = assemble(app, world, server, pupils=6, officers=2)
    kills = KILLS + ["database"] * 2 * (app.extensions["database"].engine.dialect.name == "postgresql")
    with server:
        with group:
            for what in chance.sample(kills, len(kills)):
                group.kill(what, chance, apart=30)
            group.issue(1)
        assert group.losses() == []
        assert outbox_faults(app) == []
    assert len(group.kills) == len(kills) and group.acknowledged > len(kills) * 5
    assert {status for one in group.people for status in one.refused} <= {503}
    assert max(group.silence().values()) < 20, group.silence()


def test_a_job_whose_worker_was_killed_is_done_after_its_lease_and_not_before(app, world):
    with app.extensions["database"].transaction() as session:
        mail.send(session, world.now, "ana@example.org", "Aviso", "Texto")
    letter = app.config["INSTANCE"] / "mail" / "000001.eml"
    with Server(app, slow=60) as server:
        wait_until(lambda: job(app).tries == 1)
        server.kill("worker")
        time.sleep(0.3)
    assert not letter.exists() and job(app).done_at is None
    world.now = job(app).run_after - timedelta(seconds=1)
    assert outbox.work(app) == 0
    world.later(seconds=1)
    assert outbox.work(app) == 1
    assert job(app).done_at == world.now and "Texto" in letter.read_text()
    assert outbox.work(app) == 0


def job(app):
    with app.extensions["database"].reading() as session:
        return session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail")).one()


def wait_until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif("sqlite" not in DATABASES, reason="SQLite's settings")
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_connection_to_sqlite_waits_for_the_disk_also_after_a_fork(app, world):
    """PRAGMA synchronous=FULL: under WAL, NORMAL loses acknowledged answers in a power cut, and no kill would show it."""
    group = assemble(app, world, server := Server(app, watch=True), pupils=4)
    with server:
        with group:
            group.answer(40)
            web = set(server.web())
            server.kill("web")
            group.answer(40)
        web |= set(server.web())
        (master,) = [pid for pid, below in server.below().items() if below]
        everyone = {pid for master, below in server.below().items() for pid in (master, *below)}
        lines = set((server.folder / "connections").read_text().splitlines())
    assert server.process.returncode == 0 and not any(Path(f"/proc/{pid}").exists() for pid in everyone), "all end with it"
    assert {tuple(line.split()[1:]) for line in lines} == {("2", "wal")}
    told = {int(line.split()[0]) for line in lines}
    assert len(told & web) >= 2 and master not in told, "the master must hold no connection that a fork would share"


@pytest.mark.skipif("sqlite" not in DATABASES, reason="SQLite's settings")
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_weaker_setting_is_told(app):
    assert health.check_database(app.extensions["database"]).well
    with app.extensions["database"].engine.connect() as connection:     # the pool gives this connection out again
        connection.connection.execute("PRAGMA synchronous=NORMAL")
    assert not health.check_database(app.extensions["database"]).well
    with app.app_context():
        assert app.test_client().get("/health").status_code == 503


def test_a_server_that_can_not_run_is_said_so_and_ends_the_rest():
    """Not begun again for ever: the port is taken, or the code does not load."""
    server, other = ["-c", "import sys; sys.exit(3)"], ["-c", "import time; time.sleep(60)"]
    code = (f"import sys, os; from lms.foundation.running import keep_running; "
            f"sys.exit(keep_running([sys.executable, *{server!r}], [[sys.executable, *{other!r}]], dict(os.environ)))")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30).returncode == 3
