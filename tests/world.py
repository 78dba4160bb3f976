"""The cast: Ana (Chile) and Beto (Argentina) study, Iván (UNQ) grades both, Irma (another university) grades Beto's
cohort only, Coral coordinates Ana's, Olga runs the office, Aldo audits."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from lms.catalogue.models import Edition
from lms.catalogue.stored import pack
from lms.cohorts.models import Cohort, CohortPartner, Enrolment, Signatory
from lms.people.models import Affiliation, Institution, Person, PersonIdentifier, PersonPost, UserSession
from lms.people.names import search_key, sort_key
from lms.people.queries import token_hash
from tests.programme import PROGRAMME

PASSWORD = "cordillera y puerto 27"
START = date(2027, 4, 5)
NOW = datetime(2027, 4, 20, 15, 0, tzinfo=UTC)      # two weeks into both cohorts: G1 is open, G2 is not
CAST = {            # name: given, surnames, e-mail, roles as (role, cohort, institution, module)
    "ana": ("Ana", "Pérez", "Soto", [("student", 1, None, None)]),
    "beto": ("Alberto", "Giménez", None, [("student", 2, None, None)]),
    "ivan": ("Iván", "Ledesma", None, [("instructor", 1, 2, None), ("instructor", 2, 2, None)]),
    "irma": ("Irma", "Ñuñez", "Rojas", [("instructor", 2, 3, None)]),
    "coral": ("Coral", "Muñoz", "Lagos", [("coordinator", 1, None, None)]),
    "olga": ("Olga", "Ibáñez", "Vera", [("office", None, 1, None)]),
    "aldo": ("Aldo", "Zúñiga", "Ríos", [("auditor", None, None, None)]),
}


@dataclass
class World:
    """Ids by name, and the clock the app goes by (`world.now` may be set)."""
    app: Flask
    people: dict[str, int] = field(default_factory=dict)
    now: datetime = NOW
    chile: int = 1              # cohort ids
    argentina: int = 2
    edition: str = ""

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def sign_in(self, client: FlaskClient, name: str) -> None:
        """A signed-in session for this person, made as signing in makes it but without the password's 20 ms."""
        token = token_urlsafe(24)
        with self.app.extensions["database"].transaction() as session:
            session.add(UserSession(person_id=self.people[name], token_hash=token_hash(token), device="prueba",
                                    created_at=self.now, seen_at=self.now, expires_at=self.now + timedelta(days=400)))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token


@lru_cache
def password_hash() -> str:
    return PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1).hash(PASSWORD)


def build(app: Flask) -> World:
    """Rows written directly, so that a test of one room does not need another room's actions."""
    world = World(app, edition=PROGRAMME.edition)
    app.config["CLOCK"] = lambda: world.now
    with app.extensions["database"].transaction() as s:
        for i, (kind, name, short, country) in enumerate([
                ("school", "Escuela de Gobierno Local de la Asociación de Municipalidades de Chile", "EGL", "CL"),
                ("university", "Universidad Nacional de Quilmes", "UNQ", "AR"),
                ("university", "Universidad del Sur (ficticia)", "USUR", "AR"),
                ("municipality", "Municipalidad de Pucón", "Pucón", "CL")], 1):
            s.add(Institution(id=i, kind=kind, name=name, short_name=short, country=country, city="",
                              sort_key=sort_key(name)))
        s.flush()
        for i, (key, (given, s1, s2, _)) in enumerate(CAST.items(), 1):
            world.people[key] = i
            full = f"{given} {s1} {s2 or ''}".strip()
            s.add(Person(id=i, email=f"{key}@example.org", given_names=given, surname1=s1, surname2=s2,
                         sort_key=sort_key(f"{s1} {s2 or ''} {given}"), search_key=search_key(full),
                         password_hash=password_hash(), created_at=NOW - timedelta(days=90)))
        s.add(Edition(id=PROGRAMME.edition, programme=PROGRAMME.slug, title=PROGRAMME.title,
                      loaded_at=NOW - timedelta(days=60), content=pack(PROGRAMME), sources=b""))
        s.flush()
        for i, (code, country, zone) in enumerate([("CL-2027", "CL", "America/Santiago"),
                                                    ("AR-2027", "AR", "America/Argentina/Buenos_Aires")], 1):
            s.add(Cohort(id=i, code=code, title=f"Cohorte {code}", edition_id=PROGRAMME.edition, country=country,
                         time_zone=zone, starts_on=START, ends_on=date(2027, 11, 27),
                         created_at=NOW - timedelta(days=50)))
        s.flush()
        for cohort in (1, 2):
            s.add(CohortPartner(cohort_id=cohort, institution_id=1, position=0))
            s.add(CohortPartner(cohort_id=cohort, institution_id=2, position=1))
            s.add(Signatory(cohort_id=cohort, name="Rosa Firmante Uno", office="Directora", position=0,
                            institution="Escuela de Gobierno Local"))
            s.add(Signatory(cohort_id=cohort, name="Raúl Firmante Dos", office="Rector", position=1,
                            institution="Universidad Nacional de Quilmes"))
        for key, (_g, _s1, _s2, posts) in CAST.items():
            for role, cohort, institution, module in posts:
                s.add(PersonPost(person_id=world.people[key], role=role, cohort_id=cohort, module=module,
                                 institution_id=institution, granted_at=NOW - timedelta(days=40)))
                if role == "student":
                    s.add(Enrolment(cohort_id=cohort, person_id=world.people[key], institution_id=4,
                                    enrolled_at=NOW - timedelta(days=40)))
        s.add(PersonIdentifier(person_id=world.people["ana"], kind="cl_run", country="CL", value="125319092",
                               recorded_at=NOW))
        s.add(PersonIdentifier(person_id=world.people["beto"], kind="ar_dni", country="AR", value="20123456",
                               recorded_at=NOW))
        s.add(Affiliation(person_id=world.people["ana"], institution_id=4, office="Concejala"))
        if s.get_bind().dialect.name == "postgresql":       # ids were given by hand: the sequences must follow
            s.flush()
            for table in ("institutions", "people", "cohorts"):
                s.connection().exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    return world
