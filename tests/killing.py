"""A real gunicorn that is killed, students and an office who go on meanwhile, and what must be true afterwards."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select, text, update

from lms.attempts.models import Answer, Attempt
from lms.certificates.models import Certificate
from lms.foundation.outbox import OutboxJob
from lms.foundation.settings import ROOT
from lms.people.models import Person
from tests import served
from tests.bench import cookie_of
from tests.crowd import Crowd, gather
from tests.programme import PROGRAMME
from tests.world import NOW, World

PATIENCE = 20               # seconds a server may take to answer, or to be gone
ODDITIES = ("hang up", "half", "twice")


class Server:
    """What `lms serve` runs, on an app's installation: gunicorn with two web processes, and the worker of the outbox."""

    def __init__(self, app: Flask, before: tuple[str, ...] = (), **served: object):
        """`before`: what to run it under, such as strace."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.before, self.began = Path(app.config["INSTANCE"]), before, time.time()
        self.told = {"instance": str(self.folder), "database": app.config["DATABASE"], "began": self.began,
                     "compiled": str(app.config.get("TEMPLATE_CACHE") or "") or None, **served}
        self.process: subprocess.Popen | None = None

    def start(self) -> "Server":
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "tests.served", "serve", str(self.port)], cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT), "SERVED": json.dumps(self.told)})
        self.ready()
        return self

    def ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise TimeoutError(self.log())

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def below(self) -> dict[int, list[int]]:
        """The processes that are kept running -> theirs: gunicorn's master has web processes, the worker has none."""
        keeper = children(self.process.pid)[0] if self.before else self.process.pid
        return {pid: children(pid) for pid in children(keeper)}

    def web(self) -> list[int]:
        return max(self.below().values(), key=len, default=[])

    def kill(self, what: str) -> bool:
        """SIGKILL one web process, gunicorn's master, the outbox's worker, or everything, which is then started again.
        Returns whether there was one."""
        below = self.below()
        master = max(below, key=lambda pid: len(below[pid]), default=0)
        doomed = {"web": self.web()[:1], "master": [master], "worker": [pid for pid in below if pid != master], "all": []}[what]
        for pid in filter(None, doomed):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if what == "all":
            self.halt()
            self.start()
        return what == "all" or any(doomed)

    def halt(self) -> None:
        """SIGKILL everything, and leave it so."""
        below = self.below()
        for pid in (self.process.pid, *children(self.process.pid), *below, *(pid for web in below.values() for pid in web)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def time_of(self, moment: datetime) -> float:
        """The real time of an instant of the world."""
        return self.began + (moment - NOW).total_seconds()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.halt()


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return found


# Who uses it ----------------------------------------------------------------------------------------------------------

class Browser:
    """A line to the server, signed in, that is made anew when it breaks."""

    def __init__(self, app: Flask, port: int, token: str):
        self.port, raw = port, "f" * 40
        self.cookie = cookie_of(app, {"_user_id": token, "csrf_token": raw})
        with app.test_request_context():
            cookie["csrf_token"] = raw
            self.csrf = generate_csrf()
        self.line: http.client.HTTPConnection | None = None

    def post(self, path: str, body: bytes, kind: str, how: str = "") -> tuple[int, bytes]:
        """Status and body; OSError or HTTPException when nobody knows whether it was done."""
        line = self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.putrequest("POST", path)
            for name, value in {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Accept": "application/json",
                                "Content-Type": kind, "Content-Length": len(body)}.items():
                line.putheader(name, str(value))
            line.endheaders()
            line.send(body[:len(body) // 2] if how == "half" else body)
            if how:
                raise ConnectionAbortedError("hung up before the answer")
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise

    def get(self, path: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request("GET", path, headers={"Cookie": self.cookie})
            return line.getresponse().status

    def upload(self, path: str, name: str, file: bytes, **fields: str) -> int:
        """A form with a file; the status."""
        parts = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}'.encode() for n, v in
                 {"csrf_token": self.csrf, **fields}.items()]
        parts.append(f'Content-Disposition: form-data; name="archivos"; filename="{name}"\r\n\r\n'.encode() + file)
        body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
        return self.post(path, body, "multipart/form-data; boundary=limit")[0]

    def hang_up(self) -> None:
        if self.line:
            self.line.close()
        self.line = None

    def form(self, path: str, **fields: object) -> tuple[int, bytes]:
        return self.post(path, urlencode({"csrf_token": self.csrf, **fields}).encode(), "application/x-www-form-urlencoded")


@dataclass
class Sent:
    """One answer as its student knows it."""
    value: str
    tries: int = 0
    last_try: float = 0
    id: int = 0             # of the acknowledgement; 0: none yet
    told_at: float = 0


class Pupil(threading.Thread):
    """Answers one question over and over, each time with a new text and a key of its own, until told to stop."""

    def __init__(self, app: Flask, port: int, token: str, attempt: int, stop: threading.Event, odd: float = 0.15):
        super().__init__()
        self.browsers, self.attempt, self.ending, self.odd = [Browser(app, port, token) for _ in range(2)], attempt, stop, odd
        self.sent: dict[str, Sent] = {}
        self.refused: dict[int, int] = {}       # status >= 500 -> how often
        self.wrong: list[str] = []
        self.chance = random.Random(attempt)

    def run(self) -> None:
        while not self.ending.is_set() and not self.wrong:
            key = f"{self.attempt}-key-{len(self.sent):06}"
            self.sent[key] = Sent(f"texto {self.chance.getrandbits(64):x}")
            self.deliver(key, self.sent[key])

    def deliver(self, key: str, sent: Sent) -> None:
        end = time.monotonic() + 3 * PATIENCE
        while not sent.id and not self.wrong:
            if time.monotonic() > end:
                self.wrong.append(f"{key} was never acknowledged")
            how = self.chance.choice(ODDITIES) if self.chance.random() < self.odd else ""
            with suppress(OSError, http.client.HTTPException):
                if how == "twice":
                    with suppress(OSError, http.client.HTTPException):
                        self.attend(key, sent, 1, "hang up")
                self.attend(key, sent, 0, "" if how == "twice" else how)
                continue
            time.sleep(0.02)

    def attend(self, key: str, sent: Sent, browser: int, how: str) -> None:
        sent.tries, sent.last_try = sent.tries + 1, time.time()
        body = json.dumps({"saves": [{"key": key, "question": "registro", "fields": [["r6.q", sent.value]], "base": 0}]})
        status, answer = self.browsers[browser].post(f"/cohortes/1/intentos/{self.attempt}/respuestas", body.encode(),
                                                     "application/json", how)
        if status == 200:
            sent.id, sent.told_at = json.loads(answer)["saved"][key]["id"], time.time()
            return
        if status < 500 or json.loads(answer).get("error") != status:
            self.wrong.append(f"{status} {answer[:200]!r}")
        self.refused[status] = self.refused.get(status, 0) + 1
        time.sleep(0.05)


class Officer(threading.Thread):
    """Issues a certificate to one person after another, clicking again until the server says it is done."""

    def __init__(self, app: Flask, port: int, token: str, people: list[int], stop: threading.Event):
        super().__init__()
        self.browser, self.people, self.ending = Browser(app, port, token), people, stop
        self.done: list[int] = []
        self.refused: dict[int, int] = {}
        self.wrong: list[str] = []

    def run(self) -> None:
        for person in self.people:
            while not self.wrong and person not in self.done:
                if self.ending.is_set():
                    return
                with suppress(OSError, http.client.HTTPException):
                    status, answer = self.browser.form("/cohortes/1/certificados/emitir", persona=person)
                    if status == 303:
                        self.done.append(person)
                    elif status != 503:
                        self.wrong.append(f"{status} {answer[:200]!r}")
                    else:
                        self.refused[status] = self.refused.get(status, 0) + 1
                time.sleep(0.1)


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
        return self.wait(lambda: self.issued >= wanted)

    def kill(self, what: str, chance: random.Random, apart: int) -> None:
        """Kill once, after some more answers and, at times, one more certificate."""
        self.answer(chance.randint(1, apart))
        if self.officers and chance.random() < 0.4:
            self.issue(1)
        time.sleep(chance.uniform(0, 0.02))
        moment = time.time()
        if what == "database":
            terminate_backends(self.app)
        else:
            self.wait(lambda: self.server.kill(what))
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


def terminate_backends(app: Flask) -> None:
    """End every other connection to this PostgreSQL database, as its restart would."""
    with app.extensions["database"].engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                "WHERE datname = current_database() AND pid <> pg_backend_pid()"))


def outbox_faults(app: Flask, seconds: float = PATIENCE) -> list[str]:
    """Every job is done before long, none is given up, and each message was delivered."""
    end, query = time.monotonic() + seconds, select(OutboxJob.id, OutboxJob.done_at, OutboxJob.dead_at, OutboxJob.kind)
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
