"""A student in a quiz on several devices, as Hypothesis plays it: whatever is tapped, lost, sent again or sent late, the
server holds exactly what a plain list says it should. Used by tests/load and by `./dev soak`."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from lms.attempts import bell, rules
from lms.attempts.models import Answer, Attempt, Marking
from lms.people.models import Person, PersonPost
from tests.chained import chain_faults
from tests.client import Client
from tests.programme import QUESTIONS
from tests.sealed import sealed
from tests.world import NOW, World

MINUTES = 40                    # the quiz's time
GIVEN = {       # question -> what may be given: (fields, what is kept)
    "anio": [([["r1.q", o]], f'"{o}"') for o in "abc"] + [([], "")],
    "principios": [([["r2.q", "a"], ["r2.q", "b"]], '["a","b"]'), ([["r2.q", "c"]], '["c"]')],
    "paba": [([["r3.q", o]], f'"{o}"') for o in ("true", "false")],
    "meta": [([["r5.q", o]], f'"{o}"') for o in ("0,7", "1")],
    "registro": [([["r6.q", o]], json.dumps(o, ensure_ascii=False)) for o in ("SUBDERE", "Ñuñoa 'x'; --", "a\u0301")],
}
PAGE1 = ("anio", "principios", "paba", "sedes")
PAUSES = [0.5, 5, 60, 600]      # seconds
ENDS = [-1, 0, 30, 31, 86400]   # seconds after the bell: the grace is 30
devices, questions, whichever = st.integers(0, 2), st.sampled_from(list(GIVEN)), st.integers(0, 1 << 16)


@dataclass
class Row:
    """An answer that must be there."""
    id: int
    key: str | None             # None: by form
    question: str
    value: str
    receipt: str = ""           # as it was told; by form: none


@dataclass
class Save:
    key: str
    question: str
    fields: list
    value: str
    base: int
    at: int = 0                 # by the device's clock

    def json(self) -> dict:
        return {"key": self.key, "question": self.question, "fields": self.fields, "base": self.base, "at": self.at}


@dataclass
class Device:
    client: Client
    token: str
    base: dict[str, int] = field(default_factory=dict)      # question -> newest answer its page knows of
    queue: dict[str, Save] = field(default_factory=dict)    # what it has not seen acknowledged
    ahead: float = 0                                        # seconds its clock is wrong by


class AttemptMachine(RuleBasedStateMachine):
    """One attempt, begun anew for each run. `app` and `world` are set by `machine`."""
    app: Flask
    world: World
    steps = 0

    @initialize()
    def begin(self):
        self.world.now = NOW
        with self.app.extensions["database"].transaction() as session:
            person = Person(email=f"m{id(self)}-{AttemptMachine.steps}@example.org", given_names="S", surname1="N",
                            sort_key="n", search_key="n", created_at=NOW)
            session.add(person)
            session.flush()
            session.add(PersonPost(person_id=person.id, role="student", cohort_id=1, granted_at=NOW))
            self.world.people["machine"] = person.id
        self.devices = [Device(client, client.token()) for client in (self._signed_in() for _ in range(3))]
        self.page = self._form(0, "/cohortes/1/modulos/G1/control").location
        self.attempt = int(self.page.rsplit("/", 1)[1])
        self.rows: list[Row] = []
        self.made: list[Save] = []
        self.decided: set[str] = set()      # keys that a person let in
        self.ends, self.handed_in = NOW + timedelta(minutes=MINUTES), False

    def _signed_in(self) -> Client:
        client = Client(self.app)
        client.sign_in(self.world, "machine")
        return client

    # What should be

    @property
    def overdue(self) -> bool:
        return self.world.now > self.ends + rules.GRACE

    @property
    def open(self) -> bool:
        return not self.handed_in and not self.overdue

    def standing(self, question: str, base: int = 1 << 62) -> Row | None:
        return next((r for r in reversed(self.rows) if r.question == question and r.id <= base), None)

    def by_key(self, key: str) -> Row | None:
        return next((r for r in self.rows if r.key == key), None)

    # The line to the server

    def _form(self, device: int, url: str, **data):
        self._tick()
        return self.devices[device].client.post(url, data={"csrf_token": self.devices[device].token, **data})

    def _send(self, device: int, saves: list[Save]):
        self._tick()
        return self.devices[device].client.post(
            f"{self.page}/respuestas", content_type="application/json",
            data=json.dumps({"clock": self._clock(device), "saves": [s.json() for s in saves]}),
            headers={"X-CSRF-Token": self.devices[device].token, "Accept": "application/json"})

    def _clock(self, device: int) -> int:
        return int((self.world.now.timestamp() + self.devices[device].ahead) * 1000)

    def _tick(self):
        AttemptMachine.steps += 1

    def _make(self, device: int, question: str, pick: int) -> Save:
        fields, value = GIVEN[question][pick % len(GIVEN[question])]
        save = Save(f"key-{len(self.made):06}", question, fields, value, self.devices[device].base.get(question, 0),
                    self._clock(device))
        self.made.append(save)
        self.devices[device].queue[question] = save
        return save

    def _upload(self, device: int, saves: list[Save], heard: bool = True):
        """Send, and expect just what the list says."""
        reply = self._send(device, saves)
        new = [s for s in saves if not self.by_key(s.key)]
        if new and not self.open:
            assert (reply.status_code, reply.json["error"]) == (409, "closed")
            return
        assert reply.status_code == 200, reply.get_data(as_text=True)
        before = {s.question: self.standing(s.question) for s in saves}
        for save in saves:
            told = reply.json["saved"][save.key]
            if save in new:
                assert told["id"] > max((r.id for r in self.rows), default=0) or len(new) > 1
                self.rows.append(Row(told["id"], save.key, save.question, save.value, told["receipt"]))
            row = self.by_key(save.key)
            row.receipt = row.receipt or told["receipt"]    # what came by a file is told its receipt when it is sent again
            assert (told["id"], told["receipt"]) == (row.id, row.receipt)
            other = before[save.question]
            crossed = other and save.base < other.id < told["id"] and other.value != save.value
            assert ("other" in told) == bool(crossed) and (not crossed or told["other"]["key"] == (other.key or told["other"]["key"]))
            if heard:
                self.devices[device].base[save.question] = told["id"]
                if self.devices[device].queue.get(save.question) == save:
                    del self.devices[device].queue[save.question]
        self.rows.sort(key=lambda r: r.id)

    # What a person and the world may do

    @rule(device=devices, question=questions, pick=whichever)
    def answer(self, device, question, pick):
        self._upload(device, [self._make(device, question, pick)])

    @rule(device=devices, question=questions, pick=whichever)
    def answer_offline(self, device, question, pick):
        self._make(device, question, pick)

    @precondition(lambda self: any(d.queue for d in self.devices))
    @rule(device=devices, heard=st.booleans())
    def send_what_waits(self, device, heard):
        """Also late, and also when the reply is lost on the way."""
        if waiting := list(self.devices[device].queue.values()):
            self._upload(device, waiting, heard)

    @precondition(lambda self: self.made)
    @rule(device=devices, which=whichever)
    def send_an_old_one_again(self, device, which):
        """From any device, before or after the end: done once."""
        save = self.made[which % len(self.made)]
        if self.by_key(save.key) or self.open:
            self._upload(device, [save], heard=False)

    @precondition(lambda self: any(r.key for r in self.rows))
    @rule(device=devices, which=whichever)
    def use_a_key_for_something_else(self, device, which):
        kept = [r for r in self.rows if r.key]
        row = kept[which % len(kept)]
        fields = next(f for f, value in GIVEN[row.question] if value != row.value)
        reply = self._send(device, [Save(row.key, row.question, fields, "", 0)])
        assert (reply.status_code, reply.json["error"]) == (409, "key_reused")

    @rule(device=devices)
    def tab_dies_and_comes_back(self, device):
        """What waited is in the browser's storage still; what the page knew is asked again."""
        self._tick()
        state = self.devices[device].client.get(f"{self.page}/respuestas", headers={"Accept": "application/json"}).json
        assert state["last"] == {q.id: r.id for q in QUESTIONS if (r := self.standing(q.id))}
        assert state["closed"] == (not self.open)
        self.devices[device].base = dict(state["last"])

    @rule(device=devices, seconds=st.sampled_from([0, 2 * 86400, -2 * 86400, 2592000]))
    def a_devices_clock_is_set(self, device, seconds):
        """To whatever: the server goes by its own."""
        self.devices[device].ahead = seconds

    @precondition(lambda self: any(d.queue for d in self.devices))
    @rule(device=devices, honest=st.booleans())
    def what_waits_goes_by_file(self, device, honest):
        """It is taken only of an attempt that is over, what was given in time, what is new, and each file once."""
        waiting = list(self.devices[device].queue.values())
        if not waiting:
            return
        moment = self.ends if honest else self.ends + timedelta(hours=1)
        file = sealed(self.app.config["SECRET_KEY"], self.world.people["machine"], self.attempt, [
            (s.key, s.question, s.fields, s.at, int(min(self.world.now, moment).timestamp() * 1000)) for s in waiting])
        self._tick()
        reply = self._decide(file, [s.key for s in waiting])
        with self.app.extensions["database"].reading() as session:
            over = session.execute(select(Attempt.submitted_at, Attempt.by_clock).where(Attempt.id == self.attempt)).one()
        limit = self.ends + rules.GRACE if over.by_clock or over.submitted_at is None else min(
            self.ends + rules.GRACE, over.submitted_at)
        new = [s for s in waiting if not self.by_key(s.key)]
        taken = new if min(self.world.now, moment) <= limit + timedelta(milliseconds=1) else []
        if over.submitted_at is None or not taken:      # nothing of it can be ticked, so nothing can be accepted
            assert reply.status_code == 422, reply.status_code
            return
        assert reply.status_code == 303
        with self.app.extensions["database"].reading() as session:
            there = dict(session.execute(select(Answer.key, Answer.id).where(
                Answer.attempt_id == self.attempt, Answer.act == "rescue")).all())
        for save in taken:
            if save.key in there:
                self.rows.append(Row(there[save.key], save.key, save.question, save.value))
                self.decided.add(save.question)
        assert self._decide(file, [s.key for s in waiting]).status_code == 422, "each file once"

    def _decide(self, file: bytes, keys: list[str]):
        client = Client(self.app)
        client.sign_in(self.world, "ivan")
        return client.send(f"{self.page}/rescate", {"sellado": file.decode(), "decision": "aceptar", "respuesta": keys,
                                                    "motivo": "Se cortó la luz en la comuna."})

    @rule(device=devices)
    def device_is_lost(self, device):
        """With all that only it knew."""
        client = self._signed_in()
        self.devices[device] = Device(client, client.token())

    @rule(device=devices, stale=st.booleans(), picks=st.tuples(whichever, whichever, whichever))
    def save_the_first_page_by_form(self, device, stale, picks):
        """Without script. A page that is older than what another device wrote changes only what was changed on it."""
        base = 0 if stale or not self.rows else self.rows[-1].id
        data, sent = {"pagina": "1", "base": str(base), "ir": "p2"}, dict.fromkeys(PAGE1, "")
        for question, pick in zip(PAGE1, picks, strict=False):
            fields, sent[question] = GIVEN[question][pick % len(GIVEN[question])]
            for name, value in fields:
                data.setdefault(name, []).append(value)
        changed = {q: v for q, v in sent.items() if v not in (self._shown(q), self._shown(q, base))}
        reply = self._form(device, self.page, **data)
        if changed and not self.open:
            assert reply.status_code == 409
            return
        assert reply.status_code == 303
        with self.app.extensions["database"].reading() as session:
            new = session.execute(select(Answer.id, Answer.question, Answer.value).where(
                Answer.attempt_id == self.attempt, Answer.id > (self.rows[-1].id if self.rows else 0))).all()
        assert {r.question: r.value for r in new} == changed and len(new) == len(changed)
        self.rows += sorted((Row(r.id, None, r.question, r.value) for r in new), key=lambda r: r.id)

    def _shown(self, question: str, base: int = 1 << 62) -> str:
        row = self.standing(question, base)
        return row.value if row else ""

    @rule(seconds=st.sampled_from(PAUSES))
    def time_passes(self, seconds):
        self.world.later(seconds=seconds)

    @rule(seconds=st.sampled_from(ENDS), sure=st.booleans())
    def time_comes_to_the_bell(self, seconds, sure):
        """To just before or after it, or a day late: seldom, or most runs would be over at once."""
        if sure:
            self.world.now = max(self.world.now, self.ends + timedelta(seconds=seconds))

    @rule(sure=st.integers(0, 3), device=devices)
    def hand_in(self, sure, device):
        if sure == 0:
            assert self._form(device, f"{self.page}/entrega").status_code == 303
            self.handed_in = True

    @rule()
    def the_bell_looks(self):
        bell.ring(self.app)
        self.handed_in = self.handed_in or self.overdue

    @rule()
    def the_server_is_restarted(self):
        self.app.extensions["database"].engine.dispose()

    @invariant()
    def the_database_holds_just_that(self):
        if not hasattr(self, "rows"):
            return
        with self.app.extensions["database"].reading() as session:
            there = session.execute(select(Answer.id, Answer.key, Answer.question, Answer.value).where(
                Answer.attempt_id == self.attempt).order_by(Answer.id)).all()
            assert [(r.id, r.question, r.value) for r in there] == [(r.id, r.question, r.value) for r in self.rows]
            assert all(row.key in (None, found.key) for row, found in zip(self.rows, there, strict=True))
            assert chain_faults(session, self.app, self.attempt, {r.key: r.receipt for r in self.rows if r.receipt}) == []

    def teardown(self):
        """Handed in at last: each answer that stands is scored, once, as the rules say."""
        if not hasattr(self, "rows"):
            return
        overdue = not self.handed_in and self.overdue
        assert self._form(0, f"{self.page}/entrega").status_code == 303
        with self.app.extensions["database"].reading() as session:
            marked = session.execute(select(Marking.question, Marking.points).where(
                Marking.attempt_id == self.attempt).order_by(Marking.id)).all()
            submitted, by_clock = session.execute(select(Attempt.submitted_at, Attempt.by_clock).where(
                Attempt.id == self.attempt)).one()
        assert dict(map(tuple, marked)) == {q.id: rules.score(q, self._shown(q.id)) for q in QUESTIONS}
        assert len(QUESTIONS) <= len(marked) <= len(QUESTIONS) + len(self.made) * bool(self.decided)
        assert submitted <= self.ends + rules.GRACE and (not overdue or by_clock)


def machine(app: Flask, world: World) -> type[AttemptMachine]:
    return type("Machine", (AttemptMachine,), {"app": app, "world": world})


def playing(examples: int, steps: int, **more) -> settings:
    return settings(max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
                    suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink], print_blob=False, **more)
