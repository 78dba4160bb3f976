"""Many certificates at once while the worker is killed: none missing, none twice, no folio skipped, none without its file."""

import sys
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from lms.certificates import batches
from lms.certificates.models import Certificate, CertificateOutcome
from lms.seals.pdf import inspect
from tests.certified import Desk
from tests.independent import pdfsig
from tests.serving import Server, alive, children, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
PEOPLE = 40


def count(app, what):
    with app.extensions["database"].reading() as session:
        return session.scalar(select(func.count()).select_from(what))


def test_a_cohort_is_issued_while_the_worker_is_killed_twice(app, world, monkeypatch, tmp_path):
    desk = Desk(app, world, monkeypatch)
    ids = desk.add(PEOPLE)
    with desk.write() as session:
        batch = batches.ask(session, world.people["olga"], world.now, 1, None, ids)
    with Server(app, lease=2) as server:
        crews = []
        for share in (PEOPLE // 4, PEOPLE // 2):
            wait_until(lambda share=share: count(app, CertificateOutcome) >= share)
            crews += [each for pid in server.below() if pid != server.master() for each in children(pid)]
            wait_until(lambda: server.kill("worker"))
        wait_until(lambda: count(app, CertificateOutcome) == PEOPLE)
        assert crews, "the papers were drawn by others than the worker"
        wait_until(lambda: not any(alive(pid) for pid in crews), 10)
    with desk.read() as session:
        found = session.scalars(select(Certificate).order_by(Certificate.number)).all()
        assert [c.number for c in found] == list(range(1, PEOPLE + 1)) and sorted(c.person_id for c in found) == ids
        assert batches.batch(session, batch).finished
    for certificate in found:
        assert sha256(desk.shop.store.read(certificate.sha256)).hexdigest() == certificate.sha256
    paper = tmp_path / "one.pdf"
    paper.write_bytes(desk.shop.store.read(found[PEOPLE // 2].sha256))
    assert inspect(paper.read_bytes(), app.extensions["seals"], world.now).sound
    assert pdfsig(paper) == "total"

