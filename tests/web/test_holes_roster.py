"""Hole 5: a roster takes over nobody's account and gives nobody a role, whatever a row says or whoever it looks like.

Each row is sent as a coordinator would send it, previewed and confirmed; then the whole of people, posts, documents and
letters is looked at.
"""

from io import BytesIO

import pytest

from lms.people.emails import skeleton
from lms.people.models import Person, PersonIdentifier

HEAD = "Nombres;Primer apellido;Segundo apellido;Correo"
STAFF = {"olga": "Olga;Ibáñez;Vera", "ivan": "Iván;Ledesma;", "irma": "Irma;Ñuñez;Rojas", "coral": "Coral;Muñoz;Lagos", "aldo": "Aldo;Zúñiga;Ríos",
         "gina": "Gina;Gómez;"}
ANA = "Ana;Pérez;Soto"
TWINS = (           # how an address that is somebody's may be written
    "olga@example.org", "OLGA@EXAMPLE.ORG", " olga@example.org ", "Olga@Example.Org", "ｏｌｇａ@example.org", "olga@ｅｘａｍｐｌｅ.org", "оlga@example.org", "olgа@example.org",
    "οlga@example.org", "olga@еxample.org", "olga@exаmple.org", "olga@example。org", "olga@exam\u00adple.org", "ol\u200bga@example.org", "ol\u200dga@example.org",
    "olga\u202e@example.org", "ólga@example.org", "o\u0301lga@example.org", "olgɑ@example.org", "ølga@example.org", "olga@example.org.", '"olga"@example.org',
    "olga(x)@example.org", "<olga@example.org>", "Olga <olga@example.org>", "mailto:olga@example.org", "olga@example.org,x@example.org", "olga@example.org\tx",
    "olga@@example.org", "olga@EXAMPLE.org\u00a0", "ıvan@example.org", "İvan@example.org", "іvan@example.org", "ıRMA@example.org", "irmα@example.org", "aldᴏ@example.org",
    "𝐨lga@example.org", "ⓞlga@example.org", "olɡa@example.org", "ｇｉｎａ@example.org")
MORE = (            # (heading, cells) beside the usual ones
    ("Rol", "office"), ("Rol", "administrador"), ("role", "office"), ("Papel", "Oficina de la Escuela"), ("Perfil", "auditor"), ("is_admin", "1"), ("admin", "true"),
    ("sysrole1", "manager"), ("Permisos", "*"), ("esadmin", "sí"), ("is_staff", "1"), ("Clave", "una frase bastante larga"), ("password", "una frase bastante larga"),
    ("id", "6"), ("person_id", "6"), ("user_id", "6"), ("password_hash", "$argon2id$x"), ("email_key", "x"), ("cohort_id", "2"), ("Cohorte", "AR-2027"))
DOCUMENTS = (       # name, address, kind, number: a document that is another's
    (ANA, "nueva@example.org", "RUN", "12.531.909-2"), ("Otra;Persona;", "nueva@example.org", "RUN", "12.531.909-2"), ("Otra;Persona;", "nueva@example.org", "RUN", "125319092"),
    ("Otra;Persona;", "ana@example.org", "RUN", "12.531.909-2"), ("Otra;Persona;", "ana@example.org", "DNI", "20.123.456"), (ANA, "ana@example.org", "DNI", "20.123.456"),
    (ANA, "beto@example.org", "RUN", "12.531.909-2"), ("Alberto;Giménez;", "nueva@example.org", "CUIL", "20-20123456-8"), ("Olga;Ibáñez;Vera", "nueva@example.org", "Pasaporte", "OLGA1234"),
    ("Otra;Persona;", "nueva@example.org", "Pasaporte", "olga-1234"), ("Otra;Persona;", "olga@example.org", "RUN", "12.531.909-2"), (ANA, "olga@example.org", "RUN", "12.531.909-2"))


@pytest.fixture
def told(plain):
    """Olga has a document; Gina's account is closed."""
    with plain.app.extensions["database"].transaction() as session:
        session.add(PersonIdentifier(person_id=plain.world.people["olga"], kind="passport", country="CL", value="OLGA1234", recorded_at=plain.world.now))
        session.get_one(Person, plain.world.people["gina"]).closed_at = plain.world.now
    return plain


def take_in(plain, roster: str) -> None:
    coral = plain.client("coral")
    sent = coral.post("/cohortes/1/nomina/importar", data={"csrf_token": plain.token, "file": (BytesIO(roster.encode()), "nomina.csv")})
    assert sent.status_code in (303, 422)
    if sent.status_code == 303:
        assert coral.get(sent.location).status_code == 200
        for more in ({}, {"mejorar": "1"}):
            assert plain.send(coral, "/cohortes/1/nomina/importar/confirmar", {"archivo": sent.location.partition("archivo=")[2], **more}).status_code == 303


def nothing_was_taken(plain, before, after) -> None:
    known = {p["id"]: p for p in before["people"]}
    assert {p["id"]: p for p in after["people"] if p["id"] in known} == known, "an account that was there is as it was"
    fresh = [p for p in after["people"] if p["id"] not in known]
    assert not {skeleton(p["email"]) for p in fresh} & {skeleton(p["email"]) for p in before["people"]}, "nobody's twin was let in"
    assert all(p["password_hash"] is None and p["closed_at"] is None for p in fresh)
    posts = [p for p in after["posts"] if p not in before["posts"]]
    assert all(p["role"] == "student" and p["cohort_id"] == 1 for p in posts) and all(p in after["posts"] for p in before["posts"])
    staff = {plain.world.people[name] for name in STAFF}
    assert not staff & {p["person_id"] for p in posts} and not staff & {e["person_id"] for e in after["enrolments"]}
    assert all(d in after["person_identifiers"] for d in before["person_identifiers"])
    assert not [d for d in after["person_identifiers"] if d not in before["person_identifiers"] and d["person_id"] in known], "nor was a document"
    assert {x["person_id"] for x in after["one_time_links"] if x not in before["one_time_links"]} <= {p["id"] for p in fresh}, "no way in was mailed for an account that was there"
    letters = [j["payload"] for j in after["outbox_jobs"] if j not in before["outbox_jobs"] and j["kind"] == "mail"]
    assert all(any(f'"to": "{p["email"]}"' in letter for p in fresh) for letter in letters)
    assert after["user_sessions"] == before["user_sessions"]


def tried(plain, roster: str) -> None:
    before = plain.tables()
    take_in(plain, roster)
    nothing_was_taken(plain, before, plain.tables())


@pytest.mark.parametrize("address", TWINS)
def test_an_address_that_is_the_staffs_or_looks_like_it_takes_nothing(told, address):
    count = len(told.tables()["people"])
    for name in (STAFF["olga"], STAFF["aldo"], "Otra;Persona;"):
        tried(told, f"{HEAD}\n{name};{address}\n")
    assert len(told.tables()["people"]) == count, "to the eye it is an address that somebody has"


@pytest.mark.parametrize("heading, cell", MORE)
def test_a_column_that_would_give_something_gives_nothing(told, heading, cell):
    tried(told, f"{HEAD};{heading}\nRosa;Vera;;rosa@example.org;{cell}\n{ANA};ana@example.org;{cell}\nOlga;Ibáñez;Vera;olga@example.org;{cell}\n")


@pytest.mark.parametrize("name, address, kind, number", DOCUMENTS)
def test_a_document_that_is_anothers_takes_nothing(told, name, address, kind, number):
    tried(told, f"{HEAD};Tipo de documento;Documento\n{name};{address};{kind};{number}\n")


def test_there_are_over_sixty_rows():
    assert len(TWINS) + len(MORE) + len(DOCUMENTS) >= 60


@pytest.mark.parametrize("address", TWINS)
def test_nor_does_enrolling_by_hand(told, address):
    """Without the word that this person of the staff is also to study."""
    before = told.tables()
    told.send(told.client("coral"), "/cohortes/1/nomina/inscribir", {
        "email": address, "given_names": "Otra", "surname1": "Persona", "kind": "passport", "number": "OLGA1234", "country": "CL", "role": "office"})
    after = told.tables()
    nothing_was_taken(told, before, after)


@pytest.mark.parametrize("address", [t for t in TWINS if "@" in t][:20])
def test_nor_does_an_invitation_or_a_correction(told, address):
    """The office itself can not open a twin of an account, nor give a person the address of another."""
    before = told.tables()
    olga = told.client("olga")
    told.send(olga, "/personas/nueva", {"email": address, "given_names": "Otra", "surname1": "Persona", "kind": "passport", "number": "", "country": ""})
    told.send(olga, "/personas/1/datos", {"email": address, "given_names": "Ana", "surname1": "Pérez", "surname2": "Soto"})
    after = told.tables()
    assert {p["email"] for p in before["people"]} == {p["email"] for p in after["people"] if skeleton(p["email"]) in {skeleton(b["email"]) for b in before["people"]}}
    assert len(after["people"]) - len(before["people"]) <= 1 and after["posts"] == before["posts"]
