"""A published seminar in Quilmes with three sessions, and people registered for it. Rows written directly, so that a
test of presence or of reports needs no registering, and one of registering no announcing."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from lms.people.emails import skeleton
from lms.people.names import sort_key
from lms.seminars.models import (
    Registration,
    RegistrationEvent,
    Seminar,
    SeminarMaterial,
    SeminarPlaces,
    SeminarSession,
    Speaker,
)
from lms.seminars.rules import texts
from tests.world import NOW

SEMINAR, SLUG = 1, "descentralizacion-quilmes-2027"
ZONE = "America/Argentina/Buenos_Aires"
S1, S2, S3 = 1, 2, 3                # sessions: 10:00-11:30 and 12:00-13:30 in Quilmes on 12 May, 10:00-11:30 on the 13th
BEGINS = datetime(2027, 5, 12, 13, 0, tzinfo=UTC)
LONG = timedelta(minutes=90)
STARTS = {S1: BEGINS, S2: BEGINS + timedelta(hours=2), S3: BEGINS + timedelta(days=1)}
TITLES = {S1: "Descentralización: diez años después", S2: "Seguridad pública: qué es municipal",
          S3: "Tránsito y seguridad vial"}
PLACES = {"student": None, "member": 40, "guest": None, "public": 2, "online": None}


def plant(session: Session, seminar_id: int = SEMINAR, slug: str = SLUG, **changed: object) -> int:
    """The seminar, with speakers and materials; `changed` columns of it (`published_at=None`: still in preparation).
    The sessions of another seminar are numbered from ten times its id."""
    first = 0 if seminar_id == SEMINAR else seminar_id * 10
    session.add(Seminar(**{
        "id": seminar_id, "slug": slug, "theme": "descentralizacion", "mode": "both", "time_zone": ZONE, "country": "AR",
        "titles": texts(es="Descentralización y seguridad pública local",
                        pt="Descentralização e segurança pública local", en="Decentralisation and local public safety"),
        "summaries": texts(es="Dos días de trabajo con municipios de **ocho países**.",
                           en="Two days of work with municipalities of **eight countries**."),
        "city": "Quilmes", "venue": "Universidad Nacional de Quilmes", "address": "Roque Sáenz Peña 352, Bernal",
        "directions": "Auditorio Nicolás Casullo, acceso sin escalones por la calle lateral.",
        "map_url": "https://www.openstreetmap.org/?mlat=-34.7066&mlon=-58.2778",
        "online_url": "https://videoconferencia.example.org/quilmes",
        "organisers": '["Asociación de Municipalidades de Chile", "FLACMA"]',
        "created_at": NOW, "published_at": NOW} | changed))
    session.flush()
    for number, starts_at in STARTS.items():
        session.add(SeminarSession(id=first + number, seminar_id=seminar_id, code=f"S{number}",
                                   titles=texts(es=TITLES[number]), starts_at=starts_at, ends_at=starts_at + LONG,
                                   place="Auditorio Nicolás Casullo"))
    for kind, places in PLACES.items():
        session.add(SeminarPlaces(seminar_id=seminar_id, kind=kind, places=places))
    session.flush()
    session.add(Speaker(id=first + 1, seminar_id=seminar_id, session_id=first + 1, name="Rosario Vidal Prado",
                        office="Alcaldesa", institution="Municipalidad de Peumo Alto (ficticia)", country="CL"))
    session.add(Speaker(id=first + 2, seminar_id=seminar_id, session_id=first + 2, name="Joaquim Leite",
                        institution="Prefeitura de Serra Clara (fictícia)", country="BR", moderates=True, position=1))
    session.add(SeminarMaterial(id=first + 1, seminar_id=seminar_id, session_id=first + 1, kind="recording",
                                title="Grabación del panel inaugural", url="https://videos.example.org/panel",
                                open_to="registered", added_at=NOW))
    session.add(SeminarMaterial(id=first + 2, seminar_id=seminar_id, kind="link", title="Documento base",
                                url="https://documentos.example.org/base", open_to="public", added_at=NOW))
    session.flush()
    return seminar_id


def registered(session: Session, number: int, seminar_id: int = SEMINAR, *, names: tuple[str, str] = ("", ""),
               person_id: int | None = None, email: str = "", kind: str = "public", state: str = "confirmed",
               country: str = "CL", language: str = "es", institution: str = "") -> int:
    """Registration `number`, its ticket `code-<number>` and its short code `P<number, six digits>`; its events are `state`
    alone."""
    given, surname = names if any(names) else (f"Persona {number}", "Ficticia")
    address = email or f"persona{number}@example.org"
    session.add(Registration(
        id=number, seminar_id=seminar_id, code=f"code-{number}", short_code=f"P{number:06}", person_id=person_id,
        kind=kind, given_names=given, surname1=surname, sort_key=sort_key(f"{surname} {given}"), email=address,
        email_key=skeleton(address), language=language, country=country, institution=institution, registered_at=NOW))
    session.flush()
    session.add(RegistrationEvent(registration_id=number, kind=state, at=NOW))
    session.flush()
    return number


def sequences(session: Session) -> None:
    """Ids were given by hand: on PostgreSQL the sequences must follow."""
    if session.get_bind().dialect.name == "postgresql":
        session.flush()
        for table in ("seminars", "seminar_sessions", "seminar_speakers", "seminar_materials", "seminar_registrations"):
            session.connection().exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce((SELECT max(id) FROM {table}), 1))")
