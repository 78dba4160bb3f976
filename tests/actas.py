"""What tests of actas begin from: a cohort whose grades are known, and the way of an acta without a browser."""

from fractions import Fraction as F

from lms.actas import actions, closing, queries
from lms.actas.closing import Desk
from lms.actas.rules import Decision
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Enrolment
from lms.grading.rules import ModuleResult, Part
from lms.people.models import Person
from lms.people.names import search_key, sort_key
from lms.seals.queries import ring
from tests.programme import PROGRAMME

BASE = "http://localhost"


def result(module: str, share: F | None, state: str = "marked") -> ModuleResult:
    """What a module comes to; without a share, what it waits for."""
    return ModuleResult(module, share, None if share is None else share >= F(59, 100), (
        Part("quiz", 40, share, state), Part("task", 60, share, state)), ())


class Registry:
    """The office with everything at hand. `shares`: (person, module) -> share, or the state of who has none."""

    def __init__(self, app, world, monkeypatch, seal=False):
        self.app, self.world = app, world
        self.shares: dict[tuple[int, str], F | str] = {}
        self.default: F | str = "none"
        self.desk = Desk(app.extensions["files"], ring(app), BASE, seal=seal)
        monkeypatch.setattr("lms.grading.queries.results", self.results)

    def results(self, session, cohort, programme, person_ids, released_only=True, modules=None):
        wanted = [m.code for m in programme.modules if modules is None or m.code in modules]
        return {p: {m: self._result(p, m) for m in wanted} for p in person_ids}

    def _result(self, person, module):
        found = self.shares.get((person, module), self.default)
        return result(module, None, found) if isinstance(found, str) else result(module, found)

    def id(self, name):
        return self.world.people[name] if isinstance(name, str) else name

    def set(self, name, module, share):
        self.shares[self.id(name), module] = share

    def write(self):
        return self.app.extensions["database"].transaction()

    def read(self):
        return self.app.extensions["database"].reading()

    def crowd(self, count, cohort_id=1, module="G1") -> list[int]:
        """More people of a cohort, each with a grade."""
        with self.write() as session:
            people = [Person(email=f"p{i}@example.org", given_names=f"Persona {i}", surname1="Prueba",
                             sort_key=sort_key(f"Prueba {i:04}"), search_key=search_key("Prueba"),
                             created_at=self.world.now) for i in range(count)]
            session.add_all(people)
            session.flush()
            ids = [p.id for p in people]
            session.add_all(Enrolment(cohort_id=cohort_id, person_id=i, enrolled_at=self.world.now) for i in ids)
        for n, i in enumerate(ids):
            self.set(i, module, F(40 + n * 7 % 61, 100))
        return ids

    def crowd_of(self, cohort_id) -> int:
        """One person more, enrolled in this cohort."""
        with self.write() as session:
            person = Person(email=f"c{cohort_id}@example.org", given_names=f"Persona {cohort_id}", surname1="Prueba",
                            sort_key=sort_key(f"Prueba {cohort_id:04}"), search_key=search_key("Prueba"),
                            created_at=self.world.now)
            session.add(person)
            session.flush()
            session.add(Enrolment(cohort_id=cohort_id, person_id=person.id, enrolled_at=self.world.now))
            return person.id

    def cohort(self, session, cohort_id):
        return cohorts.cohort(session, cohort_id)

    def do(self, deed, who, cohort_id, *args):
        """One action in a transaction of its own, by this person."""
        with self.write() as session:
            return deed(session, self.id(who), self.world.now, self.cohort(session, cohort_id), *args)

    def open(self, module="G1", cohort_id=1):
        return self.do(actions.open_acta, "ivan", cohort_id, PROGRAMME, module)

    def decide(self, acta, person, state, attendance=None, cohort_id=1):
        return self.do(actions.decide, "ivan", cohort_id, acta, [(self.id(person), Decision(state, attendance))])

    def submit(self, acta, cohort_id=1):
        return self.do(actions.submit, "ivan", cohort_id, PROGRAMME, acta, BASE)

    def sign(self, acta, who="ivan", cohort_id=1, seen=None):
        return self.do(actions.sign, who, cohort_id, PROGRAMME, acta, seen or self.view(acta, cohort_id).submission.sha256,
                       BASE)

    def close(self, acta, cohort_id=1, **more):
        with self.write() as session:
            return closing.close(session, self.desk, self.world.people["olga"], self.world.now,
                                 self.cohort(session, cohort_id), PROGRAMME, acta, **more)

    def annul(self, acta, reason="Se abrió por error", cohort_id=1):
        return self.do(actions.annul, "olga", cohort_id, acta, reason, BASE)

    def rectify(self, acta, reason="Error de transcripción", resolution="Resolución interna 7/2027", cohort_id=1):
        return self.do(actions.rectify, "olga", cohort_id, acta, reason, resolution)

    def view(self, acta, cohort_id=1):
        with self.read() as session:
            return queries.one(session, cohort_id, acta)

    def signed(self, module="G1", cohort_id=1):
        """An acta that waits only for the office."""
        acta = self.open(module, cohort_id)
        self.submit(acta, cohort_id)
        for signer in self.view(acta, cohort_id).submission.content.signers:
            self.sign(acta, signer.person_id, cohort_id)
        return acta

    def closed(self, module="G1", cohort_id=1):
        acta = self.signed(module, cohort_id)
        self.close(acta, cohort_id)
        return acta

    def rectified(self, acta, person, share, cohort_id=1):
        """Correct one grade of a closed acta."""
        module = self.view(acta, cohort_id).acta.module
        later = self.rectify(acta, cohort_id=cohort_id)
        self.set(person, module, share)
        self.submit(later, cohort_id)
        for signer in self.view(later, cohort_id).submission.content.signers:
            self.sign(later, signer.person_id, cohort_id)
        self.close(later, cohort_id)
        return later
