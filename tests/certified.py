"""What tests of certificates begin from: people whose verdict is known, with the name to be printed confirmed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F

from lms.certificates import actions
from lms.certificates.snapshot import Snapshot
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Enrolment
from lms.completion.rules import Record, Verdict, judge
from lms.credits.rules import Hours
from lms.grading.rules import Handed, Sat, module_result, quiz_part, task_part
from lms.people.models import Person
from lms.people.names import search_key, sort_key
from tests.programme import PROGRAMME

CODE = "7K3MQ2X9VB4HT8WZ1CDEFGHJKM"
BASE = "http://localhost"


def passed(module, quiz=8, task=9):
    return module_result(module, [quiz_part(40, [Sat(1, F(quiz), F(10))], 2, False),
                                  task_part(60, Handed(F(task), F(12)), Decimal("0.5"))])


def complete(name=True) -> Verdict:
    results = {m.code: passed(m) for m in PROGRAMME.modules}
    return judge(PROGRAMME, Record(results, Hours(F(12), F(20)), name))


def step_away() -> Verdict:
    results = {m.code: passed(m) for m in PROGRAMME.modules}
    return judge(PROGRAMME, Record(results, Hours(F(12), F(16)), True))


def beginner() -> Verdict:
    return judge(PROGRAMME, Record({}))


def snapshot(number=123, **changed) -> Snapshot:
    folio = {123: "EGL-2027-000123-04"}.get(number, f"EGL-2027-{number:06}-00")
    return Snapshot(**{
        "kind": "final", "folio": folio, "code": CODE, "verify_url": f"{BASE}/v/{folio}/{CODE}",
        "issued_on": date(2027, 12, 10), "issued_place": "Santiago de Chile",
        "holder_name": "María Elena Núñez Ibáñez", "holder_document": "RUN 12.531.909-2",
        "programme": PROGRAMME.title, "institutions": ("Escuela de Gobierno Local",),
        "started_on": date(2027, 4, 5), "ended_on": date(2027, 11, 27), "hours": 270,
        "credits": ("10 SCT-Chile", "10 CRE"), "grade": "5,8", "grade_words": "cinco coma ocho",
        "scale": "escala de 1,0 a 7,0", "signatories": (("Rosa", "Directora", "Escuela"),), **changed})


def newcomers(session, count, cohort_id, now) -> list[int]:
    """More people of a cohort, each with the name to be printed confirmed."""
    people = [Person(email=f"p{i}@example.org", given_names=f"Persona {i}", surname1="Prueba",
                     sort_key=sort_key(f"Prueba {i:04}"), search_key=search_key("Prueba"),
                     certificate_name=f"Persona {i} Prueba", certificate_name_confirmed_at=now, created_at=now)
              for i in range(count)]
    session.add_all(people)
    session.flush()
    ids = [p.id for p in people]
    session.add_all(Enrolment(cohort_id=cohort_id, person_id=i, enrolled_at=now) for i in ids)
    return ids


class Desk:
    """The office with everything at hand: whose verdict is what, and issuing without a browser."""

    def __init__(self, app, world, monkeypatch, store=None):
        self.app, self.world = app, world
        self.verdicts: dict[int, Verdict] = {}
        self.shop = actions.Shop(store or app.extensions["files"], BASE, app.extensions["seals"])
        monkeypatch.setattr("lms.completion.queries.verdicts",
                            lambda session, cohort, programme, ids: {i: self.verdicts.get(i, beginner()) for i in ids})

    def write(self):
        return self.app.extensions["database"].transaction()

    def read(self):
        return self.app.extensions["database"].reading()

    def has_earned(self, *names, as_printed=None):
        """These people are complete and have confirmed the name to be printed."""
        for name in names:
            self.verdicts[self.world.people[name]] = complete()
            self.confirm(name, as_printed)

    def confirm(self, name, as_printed=None):
        with self.write() as session:
            person = session.get(Person, self.world.people[name])
            person.certificate_name = as_printed or " ".join(filter(None, (person.given_names, person.surname1,
                                                                           person.surname2)))
            person.certificate_name_confirmed_at = self.world.now

    def add(self, count, cohort_id=1) -> list[int]:
        """More people of this cohort, each complete."""
        with self.write() as session:
            ids = newcomers(session, count, cohort_id, self.world.now)
        self.verdicts |= {i: complete() for i in ids}
        return ids

    def issue_in(self, session, person_id, cohort_id=1, module=None) -> int:
        cohort = cohorts.cohort(session, cohort_id)
        return actions.issue(session, self.shop, self.world.people["olga"], self.world.now, cohort, PROGRAMME,
                             person_id, module)

    def issue(self, name, cohort_id=1, module=None) -> int:
        with self.write() as session:
            return self.issue_in(session, self.world.people[name], cohort_id, module)

    def replace(self, certificate_id, reason="Corrección del nombre", cohort_id=1) -> int:
        with self.write() as session:
            return actions.replace(session, self.shop, self.world.people["olga"], self.world.now,
                                   cohorts.cohort(session, cohort_id), PROGRAMME, certificate_id, reason)

    def revoke(self, certificate_id, reason="Documento mal inscrito", cohort_id=1) -> None:
        with self.write() as session:
            actions.revoke(session, self.world.people["olga"], self.world.now, cohort_id, certificate_id, reason, BASE)
