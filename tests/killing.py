"""Everybody at work on a server that is killed, and what must be true afterwards."""

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import pairwise

from flask import Flask
from sqlalchemy import insert, select, text, update

from lms.attempts.models import Answer, Attempt
from lms.certificates.models import Certificate
from lms.foundation.outbox import OutboxJob
from lms.people.models import Person
from tests import served
from tests.busy import Officer, Pupil, Sent
from tests.chained import chain_faults
from tests.crowd import Crowd, gather
from tests.programme import PROGRAMME
from tests.serving import PATIENCE, Server, terminate_backends
from tests.world import NOW, World


@dataclass
class Class:
    """Everybody at work on one server, and what became of it."""
    app: Flask
    server: Server
    crowd: Crowd
    pupils: list[Pupil]
    officers: list[Officer] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    kills: list[tuple[float, str]] = field(default_factory=list)    # when, and what

    @property
    def people(self) -> list[Pupil | Officer]:
        return [*self.pupils, *self.officers]

    def __enter__(self) -> "Class":
        for thread in self.people:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """What is on its way is finished first."""
        self.stop.set()
        for thread in self.people:
            thread.join(4 * PATIENCE)
        for browser in (*(b for p in self.pupils for b in p.browsers), *(o.browser for o in self.officers)):
            browser.hang_up()

    @property
    def refused(self) -> int:
        return sum(sum(p.refused.values()) for p in self.pupils)

    @property
    def acknowledged(self) -> int:
        return sum(bool(s.id) for p in self.pupils for s in list(p.sent.values()))

    @property
    def issued(self) -> int:
        return sum(len(officer.done) for officer in self.officers)

    def wait(self, reached: Callable[[], bool], seconds: float = PATIENCE) -> float:
        """Wait until it is so; how long it took. What takes too long is wrong."""
        began = time.monotonic()
        while not reached():
            if time.monotonic() - began > seconds or any(one.wrong for one in self.people):
                raise AssertionError([one.wrong for one in self.people if one.wrong] or self.server.log())
            time.sleep(0.005)
        return time.monotonic() - began

    def answer(self, count: int) -> float:
        """Wait until so many more answers are acknowledged."""
        wanted = self.acknowledged + count
        return self.wait(lambda: self.acknowledged >= wanted)

    def issue(self, count: int) -> float:
        """Wait until so many more certificates are acknowledged."""
        wanted = self.issued + count
        return self.wait(lambda: self.issued >= wanted or not any(officer.is_alive() for officer in self.officers))

    def kill(self, what: str, chance: random.Random, apart: int, how: Callable[[], bool] | None = None) -> None:
        """Kill once, after some more answers and, at times, one more certificate. `how`, if the server does not know it."""
        self.answer(chance.randint(1, apart))
        if any(officer.is_alive() for officer in self.officers) and chance.random() < 0.4:
            self.issue(1)
        time.sleep(chance.uniform(0, 0.02))
        moment = time.time()
        if what == "database":
            how = partial(terminate_backends, self.app)
        self.wait(how or partial(self.server.kill, what))
        self.kills.append((moment, what))

    def silence(self) -> dict[str, float]:
        """What was killed -> the longest that nobody's answer was acknowledged, until the next kill."""
        told, found = sorted(s.told_at for p in self.pupils for s in p.sent.values() if s.id), {}
        for (begun, what), end in zip(self.kills, [*(moment for moment, _ in self.kills[1:]), told[-1]], strict=True):
            moments = [begun, *(t for t in told if begun < t < end), end]
            longest = max(later - earlier for earlier, later in pairwise(moments))
            found[what] = max(found.get(what, 0), longest)
        return found

    def losses(self) -> list[str]:
        """What is not as it was promised: empty when all is well."""
        found = [wrong for one in self.people for wrong in one.wrong]
        with self.app.extensions["database"].reading() as session:
            for pupil in self.pupils:
                rows = session.execute(select(Answer.key, Answer.id, Answer.value).where(
                    Answer.attempt_id == pupil.attempt)).all()
                found += compared(pupil.sent, rows)
                found += chain_faults(session, self.app, pupil.attempt, {k: s.receipt for k, s in pupil.sent.items() if s.id})
            found += folio_faults(session, self.app, {p for officer in self.officers for p in officer.done})
        return found

    def swallowed(self) -> int:
        """Answers that were kept although their acknowledgement never came, and were sent again."""
        with self.app.extensions["database"].reading() as session:
            kept = dict(session.execute(select(Answer.key, Answer.saved_at).where(
                Answer.attempt_id.in_([p.attempt for p in self.pupils]))).all())
        return sum(s.tries > 1 and key in kept and self.server.time_of(kept[key]) < s.last_try
                   for p in self.pupils for key, s in p.sent.items())


def compared(sent: dict[str, Sent], rows: list) -> list[str]:
    """Each acknowledged answer is there exactly once as sent, under the id told; nothing else is there."""
    by_key: dict[str, list] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    found = [f"{key} is there {len(by_key.get(key, []))} times" for key, s in sent.items()
             if s.id and len(by_key.get(key, [])) != 1 or len(by_key.get(key, [])) > 1]
    found += [f"{row.key}: {row.value} under {row.id}, sent {sent.get(row.key)}" for row in rows
              if row.key not in sent or row.value != json.dumps(sent[row.key].value) or sent[row.key].id not in (0, row.id)]
    told = [s.id for s in sent.values() if s.id]        # in the order in which they were given
    return found + (["answers stand in another order than they were given"] if told != sorted(told) else [])


def folio_faults(session, app: Flask, told: set[int]) -> list[str]:
    """No gap and no double, one certificate a person, each with its paper; whoever was told it is done has one."""
    rows = session.execute(select(Certificate.number, Certificate.person_id, Certificate.sha256).order_by(
        Certificate.number)).all()
    found = [] if [r.number for r in rows] == list(range(1, len(rows) + 1)) else [f"folios {[r.number for r in rows]}"]
    people = [r.person_id for r in rows]
    found += [f"{len(people)} certificates for {len(set(people))} people"] if len(set(people)) < len(people) else []
    found += [f"person {p} was told of a certificate that is not there" for p in sorted(told - set(people))]
    store = app.extensions["files"]
    for row in rows:
        if not store.path(row.sha256).exists() or sha256(store.read(row.sha256)).hexdigest() != row.sha256:
            found.append(f"folio {row.number} has no whole paper")
    return found


REPEATING = ("credits-pull", "internships.weekly")      # planned for their hour as long as a worker runs


def outbox_faults(app: Flask, seconds: float = PATIENCE) -> list[str]:
    """Every job is done before long, none is given up, and each message was delivered."""
    end, query = time.monotonic() + seconds, select(OutboxJob.id, OutboxJob.done_at, OutboxJob.dead_at, OutboxJob.kind).where(
        OutboxJob.kind.not_in(REPEATING))
    while True:
        with app.extensions["database"].reading() as session:
            jobs = session.execute(query).all()
        left = [f"job {j.id} is not done" for j in jobs if j.done_at is None or j.dead_at]
        if not left or time.monotonic() > end:
            break
        time.sleep(0.1)
    folder = app.config["INSTANCE"] / "mail"
    return left + [f"message {j.id} was not delivered" for j in jobs
                   if j.kind == "mail" and not (folder / f"{j.id:06}.eml").exists()]


def assemble(app: Flask, world: World, server: Server, pupils: int, officers: int = 0, ready: int = 60,
             odd: float = 0.15) -> Class:
    """So many students, each in a quiz without bell, and so many officers issuing to the same people."""
    crowd = gather(app, world, max(pupils, ready if officers else 0))
    app.config["SECRET_KEY"] = served.SECRET
    with app.extensions["database"].transaction() as session:
        session.execute(insert(Attempt), [
            {"cohort_id": 1, "person_id": crowd.id(i), "module": "G1", "edition_id": PROGRAMME.edition, "number": 2,
             "seed": 1, "started_at": NOW, "ends_at": None, "submitted_at": None, "by_clock": False} for i in range(pupils)])
        attempts = dict(session.execute(select(Attempt.person_id, Attempt.id).where(Attempt.number == 2)).all())
        session.execute(update(Person).where(Person.id >= crowd.id(0)).values(
            certificate_name=text("'Nombre ' || surname1"), certificate_name_confirmed_at=NOW))
        if officers:
            session.execute(text("UPDATE user_sessions SET person_id = :olga WHERE person_id = :last"),
                            {"olga": world.people["olga"], "last": crowd.id(crowd.count - 1)})
    made = Class(app, server, crowd, [])
    made.pupils = [Pupil(app, server.port, crowd.token(i), attempts[crowd.id(i)], made.stop, odd) for i in range(pupils)]
    made.officers = [Officer(app, server.port, crowd.token(crowd.count - 1), [crowd.id(p) for p in range(crowd.count)],
                             made.stop) for _ in range(officers)]
    return made
