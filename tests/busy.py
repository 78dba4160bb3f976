"""Students who answer and an office that issues, over HTTP, and who try again until the server says it is done."""

import http.client
import json
import random
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from tests.bench import cookie_of
from tests.serving import PATIENCE

ODDITIES = ("hang up", "half", "twice")


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
    receipt: str = ""


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
            time.sleep(0.05)

    def attend(self, key: str, sent: Sent, browser: int, how: str) -> None:
        sent.tries, sent.last_try = sent.tries + 1, time.time()
        body = json.dumps({"saves": [{"key": key, "question": "registro", "fields": [["r6.q", sent.value]], "base": 0}]})
        status, answer = self.browsers[browser].post(f"/cohortes/1/intentos/{self.attempt}/respuestas", body.encode(),
                                                     "application/json", how)
        if status == 200:
            told = json.loads(answer)["saved"][key]
            sent.id, sent.told_at, sent.receipt = told["id"], time.time(), told["receipt"]
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
