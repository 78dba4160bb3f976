"""Two thousand people at ten doors at once: nobody is lost, nobody is counted twice. On SQLite and on PostgreSQL."""

import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select

from lms.seminars import devices, presence
from lms.seminars.models import PresenceMark, Registration, RegistrationEvent, Seminar, SeminarSession
from tests.client import Client
from tests.load.test_attempts import at_once

PEOPLE, DOORS, BATCH = 2000, 10, 50


@pytest.fixture
def hall(app, world):
    """(seminar id, tokens of ten doors) with two thousand people confirmed, an hour before it begins."""
    with app.extensions["database"].transaction() as s:
        seminar = Seminar(slug="cumbre", theme="otros", titles='{"es": "Cumbre"}', mode="venue", time_zone="America/Santiago",
                          created_at=world.now)
        s.add(seminar)
        s.flush()
        s.add(SeminarSession(seminar_id=seminar.id, code="1", titles='{"es": "Apertura"}', starts_at=world.now + timedelta(hours=1),
                             ends_at=world.now + timedelta(hours=3)))
        s.execute(insert(Registration), [
            {"id": i, "seminar_id": seminar.id, "code": ticket(i), "short_code": f"C{i:06}", "kind": "public", "given_names": "Persona",
             "surname1": f"Número {i}", "sort_key": f"{i:06}", "email": f"p{i}@example.org", "email_key": f"p{i}@example.org",
             "country": "CL", "registered_at": world.now} for i in range(1, PEOPLE + 1)])
        s.execute(insert(RegistrationEvent), [{"registration_id": i, "kind": "confirmed", "at": world.now} for i in range(1, PEOPLE + 1)])
        tokens = [devices.make(s, world.people["olga"], world.now, seminar.id, name=f"Puerta {n}", does="scan", session_id=None,
                               expires_at=world.now + timedelta(hours=12)) for n in range(DOORS)]
        return seminar.id, tokens


def ticket(n):
    return f"ticket-of-person-{n:06}"


class Phone:
    """An official's phone: it sends what it saw in batches, and each batch twice, as after an answer that was lost."""

    def __init__(self, app, token, people, now):
        self.client = Client(app)
        self.url, self.csrf, self.told = f"/seminarios/puerta/{token}/marcas", self.client.token(), {}
        self.marks = [{"key": f"{token[:8]}-{p}", "code": ticket(p) if p % 2 else f"C{p:06}", "kind": "in", "at": now.timestamp() * 1000}
                      for p in people]
        self.clock = now.timestamp() * 1000

    def send(self, marks):
        reply = self.client.post(self.url, data=json.dumps({"clock": self.clock, "marks": marks}), content_type="application/json",
                                 headers={"X-CSRF-Token": self.csrf})
        assert reply.status_code == 200, reply.get_data(as_text=True)
        self.told |= reply.json["results"]

    def work(self):
        for first in range(0, len(self.marks), BATCH):
            self.send(self.marks[first:first + BATCH])
            self.send(self.marks[first:first + BATCH])


def test_two_thousand_people_at_ten_doors(app, world, hall):
    seminar, tokens = hall
    share = PEOPLE // DOORS
    # Each door sees its own two hundred, and the first fifty of the next door besides.
    phones = [Phone(app, token, [*range(n * share + 1, (n + 1) * share + 1), *((n + 1) * share % PEOPLE + i for i in range(1, 51))],
                    world.now) for n, token in enumerate(tokens)]
    began, cpu = time.perf_counter(), time.process_time()
    at_once([phone.work for phone in phones])
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert all(reply["ok"] for phone in phones for reply in phone.told.values())
    with app.extensions["database"].reading() as s:
        assert s.scalar(select(func.count()).select_from(PresenceMark)) == DOORS * (share + 50)
        there = presence.present(s, seminar, world.now + timedelta(hours=4))
    assert len(there) == PEOPLE
    assert {p.seconds for sessions in there.values() for p in sessions.values()} == {2 * 3600}
    print(f"\n{PEOPLE} people, {DOORS} doors, each batch of {BATCH} sent twice: {took:.2f} s, {cpu:.2f} s of CPU")


@pytest.mark.parametrize("many", [1, BATCH])
def test_a_check_in_costs_three_statements(app, world, hall, many):
    _seminar, tokens = hall
    phone, said = Phone(app, tokens[0], range(1, many + 1), world.now), []
    listen = app.extensions["database"].engine, "before_cursor_execute", lambda *args: said.append(args[2])
    event.listen(*listen)
    phone.send(phone.marks)
    event.remove(*listen)
    assert len([line for line in said if not line.startswith(("BEGIN", "COMMIT"))]) <= 3, said
