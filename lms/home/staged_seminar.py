"""The seminar of the demonstration that is over: announced, registered for, held, counted, told to the ledger."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from random import Random
from typing import Any

from lms.certificates import actions as certificates
from lms.cohorts.queries import CohortView
from lms.home import staged_presence
from lms.home import staged_words as words
from lms.home.stage import Demo, Here, at, told
from lms.home.staged_words import Guest, Sitting, Speaker
from lms.people import queries as people
from lms.seminars import announcing, counting, crediting, places, registering, rules, survey
from lms.seminars.counting import CreditRule, Tier
from lms.seminars.entries import By, RegistrationView, Who
from lms.seminars.source import GROUP, NAME, Seminars

ZONE = "America/Santiago"
RULE = CreditRule((Tier(75, 2, Fraction(8)), Tier(75, 3, Fraction(12))))
SCHOOL = "Escuela de Gobierno Local de la Asociación de Municipalidades de Chile"
ABSENT = {"CL": (11,), "AR": (9,)}          # who did not register


def first_day(demo: Demo) -> date:
    """A Wednesday three weeks ago."""
    return demo.monday(-24) + timedelta(days=2)


def held(demo: Demo, cohorts: Sequence[CohortView]) -> int:
    """The whole of it. Returns the seminar's id."""
    day = first_day(demo)
    seminar, sittings = announced(demo, day, words.PAST, words.PAST_SITTINGS, words.PAST_SPEAKERS, {
        "slug": f"gobiernos-locales-{day.year}", "mode": "both", "city": "Viña del Mar",
        "venue": "Centro de Encuentros Marga (ficticio)", "address": "Av. de los Tilos 1200",
        "directions": "Acceso sin escalones por la calle lateral.",
        "online_url": "https://example.org/sala-del-seminario"}, made=65)
    announcing.set_places(demo.session, demo.office, demo.now - timedelta(days=64), seminar,
                          {"student": None, "member": 6, "guest": 4, "public": 4, "online": None})
    crediting.set_rule(demo.session, demo.office, demo.now - timedelta(days=64), seminar, counting.written(RULE))
    announcing.publish(demo.session, demo.office, demo.now - timedelta(days=63), seminar)
    students = {c.country: _students(demo, c, seminar) for c in cohorts}
    public = _public(demo, seminar)
    staged_presence.there(demo, seminar, sittings, students, public, _delegation(demo, seminar))
    _afterwards(demo, seminar, sittings, [r for rs in students.values() for r in rs.values()])
    over = at(day + timedelta(days=2), "18:00", ZONE)
    for when in (over, demo.now - timedelta(hours=3)):
        for cohort in cohorts:
            source = Seminars(Here(demo.session), lambda: over)
            told(demo, cohort, when, NAME, GROUP, list(source.attendance(cohort.code, None)))
    return seminar


def announced(demo: Demo, day: date, said: Mapping[str, Mapping[str, str]], sittings: Sequence[Sitting],
              speakers: Sequence[Speaker], where: Mapping[str, Any], made: int) -> tuple[int, list[int]]:
    """A seminar in preparation with its sessions and speakers: (its id, those of its sessions)."""
    s, when = demo.session, demo.now - timedelta(days=made)
    seminar = announcing.create(s, demo.office, when, {
        "theme": "descentralizacion", "time_zone": ZONE, "country": "CL",
        "by_invitation": False, "offer_hours": 48, "map_url": "", "online_url": "", "organisers": _names(SCHOOL),
        "titles": rules.texts(**said["titles"]), "summaries": rules.texts(**said["summaries"]), "opens_at": None,
        "closes_at": None, **where})
    ids = [announcing.put_session(s, demo.office, when, seminar, None, {
        "titles": rules.texts(**one.titles), "starts_at": at(day + timedelta(days=one.after), one.starts, ZONE),
        "ends_at": at(day + timedelta(days=one.after), one.ends, ZONE), "place": one.place, "mode": str(where["mode"]),
        "counts": True}) for one in sittings]
    for speaker in speakers:
        announcing.put_speaker(s, demo.office, when, seminar, None, {
            "session_id": ids[speaker.sitting - 1] if speaker.sitting else None, "name": speaker.name,
            "office": speaker.office, "institution": speaker.institution, "country": speaker.country,
            "biography": speaker.biography, "moderates": speaker.moderates})
    return seminar, ids


def _names(*organisers: str) -> str:
    return "[" + ", ".join(f'"{name}"' for name in organisers) + "]"


def students(demo: Demo, cohort: CohortView) -> list[Who]:
    """Who takes part in a cohort, as the registers know them: what one click registers."""
    known = people.by_id(demo.session, demo.enrolled[cohort.country])
    accounts = {a.id: a.name for a in people.accounts(demo.session, [p.email for p in known.values()], [])}
    posts = people.affiliations(demo.session, list(known))
    found = []
    for person in demo.enrolled[cohort.country]:
        name, (office, _comma, institution) = accounts[person], posts[person].partition(", ")
        found.append(Who(name.given, name.surname1, name.surname2, known[person].email, cohort.country, institution,
                         office, "es", person))
    return found


def guest(one: Guest) -> Who:
    return Who(one.given, one.surname1, one.surname2, one.email, one.country, one.institution, one.office, one.language)


def _students(demo: Demo, cohort: CohortView, seminar: int) -> dict[int, RegistrationView]:
    """Index in the cohort -> registration, over the weeks in which it was open."""
    mine = Random(f"{cohort.code}")
    return {n: places.register(demo.session, demo.now - timedelta(days=mine.randint(32, 60), hours=mine.randint(0, 9)),
                               seminar, "student", who, by=By(who.person_id))[0]
            for n, who in enumerate(students(demo, cohort)) if n not in ABSENT[cohort.country]}


def _public(demo: Demo, seminar: int) -> list[RegistrationView]:
    """Six ask for four places. One of them cancels: the first in line is offered the place and takes it."""
    s, when, made = demo.session, demo.now - timedelta(days=50), []
    for n, one in enumerate(words.PUBLIC):
        made.append(places.register(s, when + timedelta(days=n), seminar, "public", guest(one))[0])
    places.move(s, when + timedelta(days=8), seminar, made[3].id, "cancelled", By(note="No podré viajar esos días."))
    places.move(s, when + timedelta(days=9), seminar, made[4].id, "confirmed")
    return [made[0], made[1], made[2], made[4]]


def _delegation(demo: Demo, seminar: int) -> list[RegistrationView]:
    """Three people of a municipality, registered by one of them."""
    lead, when = words.DELEGATION[0], demo.now - timedelta(days=44)
    made = registering.delegate(demo.session, when, demo.desk, seminar, "member", f"{lead.given} {lead.surname1}",
                                lead.email, [guest(one) for one in words.DELEGATION])
    return [v for v in places.registrations(demo.session, seminar) if v.delegation_id == made]


def _afterwards(demo: Demo, seminar: int, sittings: Sequence[int], them: Sequence[RegistrationView]) -> None:
    """What was published, and what people thought of it."""
    s, when, mine = demo.session, at(first_day(demo) + timedelta(days=3), "11:00", ZONE), Random("encuesta")
    notes = words.NOTES.encode()
    kept = demo.shop.store.put(BytesIO(notes), len(notes))
    announcing.add_material(s, demo.office, when, seminar, {
        "session_id": None, "kind": "file", "title": "Síntesis de las sesiones", "open_to": "public",
        "file_name": "sintesis.txt", "sha256": kept.sha256, "size": kept.size})
    announcing.add_material(s, demo.office, when, seminar, {
        "session_id": sittings[1], "kind": "recording", "title": "Grabación de la segunda sesión",
        "open_to": "registered", "url": "https://example.org/grabacion-sesion-2"})
    for n, view in enumerate(them[:9]):
        survey.answer(s, seminar, view.id, {q: str(mine.choice((3, 4, 4, 5, 5))) for q in survey.QUESTIONS},
                      words.REMARKS[n // 3] if n % 3 == 0 else "")


def certified(demo: Demo, seminar: int) -> None:
    """A few have their certificate of attendance, one of them in Portuguese and without an account."""
    views = places.registrations(demo.session, seminar, ("confirmed",))
    some = [v.id for v in views if v.person_id in (*demo.enrolled["CL"][:2], *demo.enrolled["AR"][:1])]
    abroad = [v.id for v in views if v.country == "BR"]
    for ids, language in ((some, "es"), (abroad, "pt")):
        certificates.issue_attendance(demo.session, demo.shop, demo.office, demo.now - timedelta(hours=1), seminar, ids,
                                      language)
