"""`./dev bench --bulk`: all grades of a cohort computed anew from the marks, 50 items (25 modules with quiz and task)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import delete, insert

from lms.attempts.models import Answer, Attempt, Marking, Submission
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Edition
from lms.catalogue.rules import Component, Option, Question
from lms.catalogue.stored import pack
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Cohort
from lms.grading import queries as grading
from lms.grading.models import Release
from lms.grading.rules import final_result
from tests import crowd, world
from tests.programme import PROGRAMME, module

MODULES, OUT_OF = 25, 12
QUESTION = Question("p01", "single", "Pregunta", tuple(
    Option(name, f"Alternativa {name}", Fraction(name == "a")) for name in "abcd"), points=Fraction(20))
# The least that comes to the same totals: each student's weighted mean of all items, summed by the database where the
# marks are, in one pass and in floating point. Of one table of nothing but marks the sum costs half of that.
PART = "SELECT w.person_id, {weight} AS weight, CAST(m.points AS FLOAT) / CAST(m.out_of AS FLOAT) AS share FROM {work}s w JOIN markings m ON m.{work}_id = w.id WHERE w.cohort_id = 1"
FLOOR = f"""SELECT person_id, SUM(weight * share) / SUM(weight) FROM (
    {PART.format(weight=40, work="attempt")} UNION ALL {PART.format(weight=60, work="submission")}) marks GROUP BY person_id"""


def furnish(app, students: int) -> None:
    """A cohort of 25 modules in which everybody has taken each quiz and handed in each task, all marked and published."""
    cast = world.build(app)
    people = crowd.gather(app, cast, students)
    modules = tuple(module(f"M{n:02}", f"Módulo {n}", (QUESTION,)) for n in range(MODULES))
    codes = tuple(m.code for m in modules)
    edition = replace(PROGRAMME, modules=modules, components=(Component("Módulos", 100, codes),), requirements=(), steps=(),
                      edition="b" * 64, by_code={})
    ids = [people.id(i) for i in range(students)]
    cells = [(p, n, code) for p in ids for n, code in enumerate(codes)]
    with app.extensions["database"].transaction() as s:
        for table in (Marking, Answer, Attempt, Submission):
            s.execute(delete(table))
        s.execute(insert(Edition).values(id=edition.edition, programme=edition.slug, title=edition.title, loaded_at=cast.now,
                                         content=pack(edition), sources=b""))
        s.execute(Cohort.__table__.update().where(Cohort.id == 1).values(edition_id=edition.edition))
        s.execute(insert(Attempt), [
            {"id": i, "cohort_id": 1, "person_id": p, "module": code, "edition_id": edition.edition, "number": 1, "seed": i,
             "started_at": cast.now, "submitted_at": cast.now, "by_clock": False} for i, (p, _, code) in enumerate(cells, 1)])
        s.execute(insert(Submission), [
            {"id": i, "cohort_id": 1, "person_id": p, "module": code, "edition_id": edition.edition, "version": 1, "text": "Texto.",
             "handed_in_at": cast.now, "due_at": cast.now + timedelta(days=1), "receipt": "0" * 64, "late": ""}
            for i, (p, _, code) in enumerate(cells, 1)])
        quiz = [(p * 7 + n * 3) % 21 for p, n, _ in cells]
        task = [(p * 5 + n * 11) % (OUT_OF + 1) for p, n, _ in cells]
        s.execute(insert(Marking), [
            {"attempt_id": i, "question": "p01", "points": Fraction(v), "out_of": Fraction(20), "levels": "", "feedback": "",
             "marked_at": cast.now} for i, v in enumerate(quiz, 1)])
        s.execute(insert(Marking), [
            {"submission_id": i, "points": Fraction(v), "out_of": Fraction(OUT_OF), "levels": "", "feedback": "", "marker_id": 3,
             "marked_at": cast.now} for i, v in enumerate(task, 1)])
        s.execute(insert(Release), [{"cohort_id": 1, "module": code, "item": "task", "released_at": cast.now} for code in codes])
    with app.extensions["database"].engine.connect() as c:
        c.exec_driver_sql("ANALYZE")
        c.commit()


def deeds(database, students: int) -> tuple[Callable[[], None], Callable[[], None], None]:
    ids = [crowd.FIRST + i for i in range(students)]

    def anew() -> None:
        with database.reading() as s:
            cohort = cohorts.cohort(s, 1)
            programme = catalogue.programme(s, cohort.edition_id)
            found = grading.results(s, cohort, programme, ids)
            finals = [final_result(programme, found[person]).share for person in ids]
            assert len(finals) == students and all(share is not None for share in finals)

    def floor() -> None:
        with database.reading() as s:
            assert len(s.connection().exec_driver_sql(FLOOR).fetchall()) == students
    return anew, floor, None


CELLS = """SELECT w.person_id, w.module, '{item}', CAST(m.points AS FLOAT) / CAST(m.out_of AS FLOAT) FROM {work}s w
JOIN markings m ON m.{work}_id = w.id WHERE w.cohort_id = 1 AND w.person_id BETWEEN {first} AND {last}"""


def fetched(database, first: int, last: int) -> dict[int, list[str]]:
    """The marks of these people as text, one statement: what no gradebook can do without."""
    asked = " UNION ALL ".join(CELLS.format(item=item, work=work, first=first, last=last)
                               for item, work in (("quiz", "attempt"), ("task", "submission")))
    found: dict[int, list[str]] = {}
    with database.reading() as s:
        for person, _module, _item, share in s.connection().exec_driver_sql(asked):
            found.setdefault(person, []).append(f"{1 + share * 6:.1f}")
    return found


def page_deeds(meter, database) -> tuple[Callable[[], None], Callable[[], None], None]:
    """The gradebook's page of a hundred people with every item, beside the same cells fetched and joined."""
    def page() -> None:
        status, body = meter.call("GET", "/cohortes/1/libro?detalle=si")
        assert status == 200 and len(body) > 10_000

    def floor() -> None:
        rows = fetched(database, crowd.FIRST, crowd.FIRST + 99)
        html = "".join(f"<tr><th>{person}</th>{''.join([f'<td class=n><a href=/{person}>{text}</a></td>' for text in cells])}</tr>"
                       for person, cells in rows.items())
        assert len(rows) == 100 and len(html) > 10_000
    return page, floor, None


def csv_deeds(meter, database, students: int) -> tuple[Callable[[], None], Callable[[], None], None]:
    def whole() -> None:
        status, body = meter.call("GET", "/cohortes/1/libro.csv")
        assert status == 200 and body.count(b"\r\n") == students + 2      # Ana is in the cohort too

    def floor() -> None:
        rows = fetched(database, crowd.FIRST, crowd.FIRST + students - 1)
        assert len("".join(f"{person};{';'.join(cells)}\r\n" for person, cells in rows.items())) > 10_000
    return whole, floor, None
