"""The seminar of the demonstration that is open for registration: asked questions, places by kind, one nearly full."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from lms.cohorts.queries import CohortView
from lms.home import staged_words as words
from lms.home.stage import Demo, at
from lms.home.staged_seminar import RULE, ZONE, announced, guest, students
from lms.seminars import announcing, asking, counting, crediting, places, registering
from lms.seminars.counting import CreditRule
from lms.seminars.entries import By
from lms.seminars.questions import Question

WORKSHOP = Question("taller", "yes", {
    "es": "¿Participará en el taller en la calle?", "pt": "Participará da oficina na rua?",
    "en": "Will you join the workshop in the street?"}, required=True)
GROUP = Question("grupo", "choice", {"es": "¿En qué grupo?", "pt": "Em qual grupo?", "en": "In which group?"}, (
    ("cruces", {"es": "Cruces peatonales", "pt": "Travessias de pedestres", "en": "Pedestrian crossings"}),
    ("velocidad", {"es": "Medición de velocidad", "pt": "Medição de velocidade", "en": "Measuring speed"})),
    required=True, when=("taller", ("yes",)))
ANSWERS: tuple[Mapping[str, str], ...] = (
    {"taller": "yes", "grupo": "cruces", "comida": "vegetariana"},
    {"taller": "no", "accesibilidad": "Uso silla de ruedas: acceso sin escalones y baño adaptado."},
    {"taller": "yes", "grupo": "velocidad", "comida": "otra", "alergias": "Maní"},
    {"taller": "yes", "grupo": "cruces"}, {"taller": "no", "comida": "gluten"})


def open_now(demo: Demo, cohorts: Sequence[CohortView]) -> int:
    """Announced, with its form, and some who have registered already."""
    s, day = demo.session, demo.monday(36) + timedelta(days=3)
    seminar, sittings = announced(demo, day, words.AHEAD, words.AHEAD_SITTINGS, words.AHEAD_SPEAKERS, {
        "slug": f"seguridad-vial-{day.year}", "theme": "transito", "mode": "both", "city": "Concepción",
        "venue": "Salón de honor municipal (ficticio)", "address": "Calle Los Aromos 450, segundo piso",
        "directions": "Hay ascensor por la entrada del costado. A tres cuadras de la estación.",
        "map_url": "https://www.openstreetmap.org/?mlat=-36.827&mlon=-73.050#map=16/-36.827/-73.050",
        "online_url": "https://example.org/sala-seguridad-vial", "opens_at": demo.now - timedelta(days=12),
        "closes_at": at(day - timedelta(days=2), "18:00", ZONE)}, made=20)
    when = demo.now - timedelta(days=19)
    announcing.set_places(s, demo.office, when, seminar, {"student": None, "member": 12, "public": 6, "online": 100})
    two = CreditRule(tuple(t for t in RULE.tiers if t.sessions <= 2))
    crediting.set_rule(s, demo.office, when, seminar, counting.written(two))
    for question in (WORKSHOP, GROUP):
        asking.keep(s, demo.office, when, seminar, question)
    asking.add_usual(s, demo.office, when, seminar)
    announcing.publish(s, demo.office, demo.now - timedelta(days=14), seminar)
    announcing.add_material(s, demo.office, demo.now - timedelta(days=13), seminar, {
        "session_id": sittings[0], "kind": "link", "title": "Lectura previa: guía de datos de siniestros",
        "open_to": "public", "url": "https://example.org/guia-de-datos"})
    _registered(demo, seminar, cohorts)
    return seminar


def _registered(demo: Demo, seminar: int, cohorts: Sequence[CohortView]) -> None:
    """Five of six public places are taken; a delegation; some students, but not the one that visitors sign in as."""
    s, mine = demo.session, Random("inscripciones")
    for n, one in enumerate(words.PUBLIC[:5]):
        places.register(s, demo.now - timedelta(days=11 - n, hours=mine.randint(1, 9)), seminar, "public", guest(one),
                        ANSWERS[n])
    for cohort in cohorts:
        for who in students(demo, cohort)[1:6:2]:
            when = demo.now - timedelta(days=mine.randint(2, 9), hours=mine.randint(1, 9))
            places.register(s, when, seminar, "student", who, by=By(who.person_id))
    lead = words.DELEGATION[0]
    registering.delegate(s, demo.now - timedelta(days=6), demo.desk, seminar, "member",
                         f"{lead.given} {lead.surname1}", lead.email, [guest(one) for one in words.DELEGATION])
