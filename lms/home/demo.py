"""The demonstration: the real diploma and two living cohorts of invented people, made by the rooms' own actions.

Every fact is written as it would have been, at the moment it would have happened, so that nothing shown is painted on.
"""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from lms.attempts import actions as attempts
from lms.attempts import queries as attempted
from lms.attempts.actions import Plan, Slot
from lms.attempts.queries import FIRST, Sheet, WaitingItem
from lms.attempts.rules import Sent
from lms.bank import actions as bank
from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Module, Programme
from lms.certificates import actions as certificates
from lms.cohorts import actions as cohort_actions
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.credits import actions as credits
from lms.grading import actions as grading
from lms.home import cast, staged_internships, staged_register, staged_seminar, staged_upcoming, writing
from lms.home.cast import Figure
from lms.home.stage import Demo
from lms.lessons import actions as lessons
from lms.people import actions as people
from lms.people import queries as people_queries
from lms.people.rules import Role

BEGAN = {"CL": 194, "AR": 96}        # days ago: Chile is at its final project, Argentina half way
ZONES = {"CL": "America/Santiago", "AR": "America/Argentina/Buenos_Aires"}
SCHOOL = "Escuela de Gobierno Local de la Asociación de Municipalidades de Chile"


def make(demo: Demo, edition_id: str, students: int) -> list[CohortView]:
    """Both cohorts, living. Returns them."""
    _staff(demo)
    places = _bank(demo, edition_id)
    made = [_cohort(demo, edition_id, country, students) for country in ("CL", "AR")]
    programme = catalogue.programme(demo.session, edition_id)
    agreements = staged_register.agreements(demo)
    seminar = staged_seminar.held(demo, made)
    closed = staged_internships.made(demo, {c.country: c for c in made}, programme, agreements)
    staged_upcoming.open_now(demo, made)
    for cohort in made:
        _by_hand(demo, cohort)
        _mark(demo, cohort, programme, demo.enrolled[cohort.country][:4], leave=4)
    _papers(demo, made[0], programme, seminar, closed)
    _compose(demo, made[1], places)
    staged_register.hooks(demo)
    return made


def _papers(demo: Demo, cohort: CohortView, programme: Programme, seminar: int, closed: list[int]) -> None:
    """One has the certificate; another has everything and can be given it; a third lacks hours of seminar and nothing
    else. All have confirmed their names."""
    three = demo.enrolled["CL"][1:4]
    for person_id in three:
        _confirm(demo, person_id)
    certificates.issue(demo.session, demo.shop, demo.office, demo.now, cohort, programme, three[0])
    certificates.issue_internship(demo.session, demo.shop, demo.office, demo.now, cohort, closed[:1])
    staged_seminar.certified(demo, seminar)


def _bank(demo: Demo, edition_id: str) -> dict[str, int]:
    """The questions of every module in a category of the bank; returns the categories by module."""
    programme, when, places = catalogue.programme(demo.session, edition_id), demo.now - timedelta(days=250), {}
    for module in programme.modules:
        if module.quiz:
            places[module.code] = bank.add_category(demo.session, demo.staff["docente"], when,
                                                    f"{module.code} {module.title}", None, programme.slug)
            bank.load(demo.session, demo.staff["docente"], when, module.quiz.questions, places[module.code],
                      [module.competency])
    return places


def _compose(demo: Demo, cohort: CohortView, places: dict[str, int]) -> None:
    """The quiz that opens next is composed: some of its questions, and as many again drawn for each student."""
    programme = catalogue.programme(demo.session, cohort.edition_id)
    opening = [m for m in programme.modules if m.quiz and (at := cohort.calendar[m.code].opens_at) and at > demo.now]
    if not opening or opening[0].quiz is None:
        return
    module, questions = opening[0], opening[0].quiz.questions
    half = len(questions) // 2
    slots = tuple(Slot(edition=q.id, section="Para todas las personas" if n == 0 else "")
                  for n, q in enumerate(questions[:half]))
    drawn = tuple(Slot(category=places[module.code], section="Al azar" if n == 0 else "") for n in range(half))
    attempts.keep_plan(demo.session, demo.staff["docente"], demo.now - timedelta(days=1), cohort.id, module.code,
                       Plan(slots=(*slots, *drawn)), "Demostración de un sorteo", f"{cohort.code} · {module.code}")


def _staff(demo: Demo) -> None:
    s, when = demo.session, demo.now - timedelta(days=300)
    for kind, name, short, country, city in (
            ("school", SCHOOL, "Escuela de Gobierno Local", "CL", "Santiago"),
            ("university", "Universidad Nacional de Quilmes", "UNQ", "AR", "Bernal")):
        demo.institutions[short] = people.add_institution(s, None, when, kind, name, short, country, city)
    for email, given, surname1, surname2, role in cast.STAFF:
        demo.staff[email.split("@")[0]] = made = demo.person(email, given, surname1, surname2, when)
        if role in ("office", "auditor"):
            people.grant(s, None, when, made, Role(role))
    cohort_actions.set_signatories(s, None, when, None, [       # what belongs to no cohort
        ("Firma de demostración", "Dirección", "Escuela de Gobierno Local")])


def _cohort(demo: Demo, edition_id: str, country: str, students: int) -> CohortView:
    s, office = demo.session, demo.staff["oficina"]
    start = (demo.now - timedelta(days=BEGAN[country])).date()
    start -= timedelta(days=start.weekday())
    made_at = demo.now - timedelta(days=BEGAN[country] + 30)
    name = "Chile" if country == "CL" else "Argentina"
    settings = cohort_actions.Settings(
        f"{name} {start.year}", country, ZONES[country], start, start + timedelta(days=260))
    cohort_id = cohort_actions.create(s, office, made_at, f"{country}-{start.year}", edition_id, settings)
    cohort_actions.set_partners(s, office, made_at, cohort_id, list(demo.institutions.values())[:2])
    cohort_actions.set_signatories(s, office, made_at, cohort_id, [
        ("Firma de demostración", "Dirección", "Escuela de Gobierno Local"),
        ("Firma de demostración", "Rectorado", "Universidad Nacional de Quilmes")])
    _posts(demo, cohort_id, country, made_at)
    programme = catalogue.programme(s, edition_id)
    cohort = cohorts.cohort(s, cohort_id)
    if cohort is None:
        raise LookupError(cohort_id)
    figures = list(cast.figures(country, students, demo.random))
    ids = demo.enrolled[country] = [_enrol(demo, cohort, figure, made_at + timedelta(days=5)) for figure in figures]
    for person_id, figure in zip(ids, figures, strict=True):
        _study(demo, cohort, programme, person_id, figure)
    return cohort


def _posts(demo: Demo, cohort_id: int, country: str, when: datetime) -> None:
    s, office = demo.session, demo.staff["oficina"]
    people.grant(s, office, when, demo.staff["docente"], Role.INSTRUCTOR, cohort_id=cohort_id,
                 institution_id=demo.institutions["UNQ"])
    if country == "CL":
        people.grant(s, office, when, demo.staff["docente.escuela"], Role.INSTRUCTOR, cohort_id=cohort_id,
                     institution_id=demo.institutions["Escuela de Gobierno Local"], module="S3")
    people.grant(s, office, when, demo.staff["coordinacion"], Role.COORDINATOR, cohort_id=cohort_id)


def _enrol(demo: Demo, cohort: CohortView, figure: Figure, when: datetime) -> int:
    s, office = demo.session, demo.staff["oficina"]
    name = f"Municipalidad de {figure.place} (ficticia)"
    if name not in demo.institutions:
        demo.institutions[name] = people.add_institution(s, office, when, "municipality", name, figure.place,
                                                         cohort.country, figure.place)
    person_id = demo.person(figure.email, figure.given, figure.surname1, figure.surname2, when, figure.document)
    people.affiliate(s, office, when, person_id, demo.institutions[name], figure.office)
    cohort_actions.enrol(s, office, when, cohort.id, person_id, demo.institutions[name])
    return person_id


def _study(demo: Demo, cohort: CohortView, programme: Programme, person_id: int, figure: Figure) -> None:
    """Read, take and hand in what this person has got round to, module after module, at plausible hours."""
    open_modules = [m for m in programme.modules
                    if (w := cohort.calendar[m.code]).opens_at is None or w.opens_at < demo.now - timedelta(days=3)]
    done = round(len(open_modules) * figure.pace)
    mine = Random(f"{figure.email}")
    for module in open_modules[:done]:
        opens = cohort.calendar[module.code].opens_at or demo.now
        when = opens + timedelta(days=mine.randint(2, 9), hours=mine.randint(1, 11))
        for lesson in module.lessons:
            lessons.mark_read(demo.session, min(when, demo.now), cohort.id, person_id, module.code, lesson.slug)
            when += timedelta(days=1, minutes=mine.randint(10, 90))
        _quiz(demo, cohort, module, person_id, figure, min(when, demo.now - timedelta(hours=5)), mine)
        if mine.random() < 0.9 or figure.pace >= 0.8:
            _task(demo, cohort, programme, module, person_id, min(when + timedelta(days=2), demo.now), mine)
    for module in open_modules[done:done + 1]:
        for lesson in module.lessons[:mine.randint(0, 3)]:
            lessons.mark_read(demo.session, demo.now - timedelta(hours=8), cohort.id, person_id, module.code,
                              lesson.slug)


def _quiz(demo: Demo, cohort: CohortView, module: Module, person_id: int, figure: Figure, when: datetime,
          mine: Random) -> None:
    if module.quiz is None:
        return
    sitting = attempts.start(demo.session, person_id, when, cohort, module, None)
    head = (0, FIRST)
    for i, question in enumerate(module.quiz.questions):
        sent = [Sent(f"demo{i}", question.id, writing.answer(question, figure.ability, mine))]
        kept = attempts.save(demo.session, Sheet(sitting, {}, {}, head), sent, when + timedelta(minutes=1 + i))
        head = next((answer.sequence or 0, answer.chain or "") for answer in kept.values())
    held = attempted.sitting(demo.session, cohort.id, person_id, sitting.id, hold=True)
    if held:
        attempts.submit(demo.session, person_id, when + timedelta(minutes=25), held)


def _task(demo: Demo, cohort: CohortView, programme: Programme, module: Module, person_id: int, when: datetime,
          mine: Random) -> None:
    if module.task is None:
        return
    due = cohort.calendar[module.code].task_due
    if due and when > due and mine.random() < 0.9:
        when = due - timedelta(hours=mine.randint(1, 30))
    attempts.hand_in(demo.session, person_id, when, cohort, module, programme.late_days, None,
                     writing.task(module, mine), [])


def _by_hand(demo: Demo, cohort: CohortView) -> None:
    """An internship done elsewhere, which the office has recognised and writes into the ledger itself."""
    for person_id in demo.enrolled[cohort.country][3:4] if cohort.country == "CL" else ():
        credits.record(demo.session, demo.now - timedelta(days=19), source="office",
                       reference=f"demo:{cohort.id}:{person_id}:internship", kind="internship", cohort_id=cohort.id,
                       person_id=person_id, title="Municipalidad anfitriona (ficticia)", hours=Fraction(20),
                       day=demo.day(-20), note="Reconocida por resolución (dato de demostración)", actor_id=demo.office)


def _mark(demo: Demo, cohort: CohortView, programme: Programme, first: list[int], leave: int) -> None:
    """The instructor has marked all work of the `first` people, well, and of the others all but the last `leave`."""
    waiting = sorted(attempted.waiting(demo.session, [(cohort.id, None)]),
                     key=lambda w: (w.person_id not in first, w.handed_in_at))
    for item in waiting[:-leave]:
        module = programme.module(item.module)
        if module:
            _mark_one(demo, module, item, 2 if item.person_id in first else 1)
    for module in programme.modules:
        for part in ("quiz", "task"):
            marks = sum(w.module == module.code and bool(w.question) == (part == "quiz") for w in waiting[:-leave])
            if marks:
                grading.release(demo.session, demo.staff["oficina"], demo.now - timedelta(hours=2), cohort.id,
                                module.code, part, marks)


def _mark_one(demo: Demo, module: Module, item: WaitingItem, least: int) -> None:
    mine = Random(f"{item.person_id}{item.module}{item.question}")
    when = min(item.handed_in_at + timedelta(days=4, hours=mine.randint(0, 8)), demo.now - timedelta(hours=3))
    marker, said = demo.staff["docente"], writing.feedback(mine)
    if item.question and module.quiz:
        worth = next(q.points for q in module.quiz.questions if q.id == item.question)
        attempts.mark(demo.session, marker, when, attempt_id=item.attempt_id, question=item.question,
                      points=worth * Fraction(mine.choice((least, 3, 3)), 3), out_of=worth, feedback=said)
    elif module.task:
        chosen = [mine.choice((least, 2, 2, 3, 3)) for _ in module.task.criteria]
        points = sum(c.levels[i].points for c, i in zip(module.task.criteria, chosen, strict=True))
        attempts.mark(demo.session, marker, when, submission_id=item.submission_id, points=Fraction(points),
                      out_of=Fraction(module.task.points), levels=json.dumps(chosen), feedback=said)


def _confirm(demo: Demo, person_id: int) -> None:
    """Who has everything confirms the name to be printed."""
    name = people_queries.by_id(demo.session, [person_id])[person_id].name
    people.confirm_certificate_name(demo.session, person_id, demo.now - timedelta(hours=1), person_id, name)
