"""`./dev bench --bulk`: deeds over a whole cohort, 1 000 attempts of 20 questions, each beside the least the same database
needs for it: the same rows fetched and written by plain statements, with the sums done in one pass."""

import json
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from statistics import median

from sqlalchemy import delete, insert, select, text

from lms.attempts import correcting
from lms.attempts.correcting import Correction
from lms.attempts.models import Answer, Attempt, KeyCorrection, Marking, Submission
from lms.catalogue.models import Edition
from lms.catalogue.rules import Option, Question
from lms.catalogue.stored import pack
from lms.grading import numbers
from lms.people.models import UserSession
from lms.people.queries import token_hash
from tests import (
    bench,
    bench_attendance,
    bench_batch,
    bench_grades,
    bench_import,
    bench_paper,
    bench_verdict,
    crowd,
    world,
)
from tests.programme import PROGRAMME, module

TARGET = {"statistics": 3.0, "regrade": 2.0, "import": 4.0, "certificate": 1.2, "grades": 3.0, "csv": 1.6, "gradebook": 1.7}
QUESTIONS = 20
CODE = "B1"


def quiz_of(count: int) -> tuple[Question, ...]:
    return tuple(Question(f"p{n:02}", "single", f"Pregunta {n}", tuple(
        Option(name, f"Alternativa {name}", Fraction(name == "a")) for name in "abcd")) for n in range(count))


def furnish(app, students: int) -> int:
    """A cohort whose module B1 has been taken by everybody. Returns its id."""
    cast = world.build(app)
    people = crowd.gather(app, cast, students)
    edition = type(PROGRAMME)(**{**vars(PROGRAMME), "modules": (*PROGRAMME.modules, module(CODE, "Medida", quiz_of(QUESTIONS))),
                                 "edition": "b" * 64, "by_code": {}})
    with app.extensions["database"].transaction() as s:
        for table in (Marking, Answer, Attempt, Submission):
            s.execute(delete(table))
        s.execute(insert(Edition).values(id=edition.edition, programme=edition.slug, title=edition.title, loaded_at=cast.now,
                                         content=pack(edition), sources=b""))
        s.execute(insert(Attempt), [
            {"id": people.id(i), "cohort_id": 1, "person_id": people.id(i), "module": CODE, "edition_id": edition.edition, "number": 1,
             "seed": i, "started_at": cast.now, "submitted_at": cast.now, "by_clock": False} for i in range(students)])
        rows = [(people.id(i), f"p{n:02}", "abcd"[(i * 7 + n * 3) % 4]) for i in range(students) for n in range(QUESTIONS)]
        s.execute(insert(Answer), [{"attempt_id": a, "question": q, "value": json.dumps(v), "key": f"{q}-00000", "saved_at": cast.now}
                                   for a, q, v in rows])
        s.execute(insert(Marking), [{"attempt_id": a, "question": q, "points": Fraction(v == "a"), "out_of": Fraction(1), "levels": "",
                                     "feedback": "", "marked_at": cast.now} for a, q, v in rows])
    return 1


def run(students: int, postgres: bool) -> list[dict]:
    return [*run_quiz(students, postgres), *run_grades(students, postgres), bench_batch.row(students, postgres)]


def office(app) -> str:
    """The cookie of somebody of the office."""
    with app.extensions["database"].transaction() as s:
        s.execute(insert(UserSession).values(person_id=6, token_hash=token_hash("office"), device="", created_at=world.NOW,
                                             seen_at=world.NOW, expires_at=world.NOW + timedelta(days=9999)))
    return bench.cookie_of(app, {"_user_id": "office"})


def run_grades(students: int, postgres: bool) -> list[dict]:
    with bench.installation(postgres) as (app, _):
        bench_grades.furnish(app, students)
        database = app.extensions["database"]
        meter = bench.Meter(app, database.engine, office(app), postgres)
        rows = [row("grades", meter, *bench_grades.deeds(database, students)),
                row("csv", meter, *bench_grades.csv_deeds(meter, database, students))]
        bench_verdict.furnish(database, students)
        rows += [{**row(*one[:1], meter, *one[1:], times=3), "most_ms": bench_verdict.LIMIT_MS * students / 1000}
                 for one in bench_verdict.deeds(database, students)]
    with bench.installation(postgres) as (app, _):          # the page of a whole cohort of a hundred
        bench_grades.furnish(app, 100)
        database = app.extensions["database"]
        meter = bench.Meter(app, database.engine, office(app), postgres)
        return [*rows, row("gradebook", meter, *bench_grades.page_deeds(meter, database))]


def run_quiz(students: int, postgres: bool) -> list[dict]:
    with bench.installation(postgres) as (app, _):
        cohort, database = furnish(app, students), app.extensions["database"]
        meter = bench.Meter(app, database.engine, "", postgres)

        def statistics() -> None:
            with database.reading() as s:
                found = numbers.figures(s, [cohort], CODE)
                assert len(found.lines) == QUESTIONS and found.quiz.count == students

        def statistics_floor() -> None:
            with database.reading() as s:
                rows = s.connection().exec_driver_sql(
                    "SELECT attempt_id, question, points FROM markings JOIN attempts ON attempts.id = attempt_id "
                    f"WHERE module = '{CODE}'").fetchall()
            sums: dict[str, float] = {}
            totals: dict[int, float] = {}
            for attempt, question, points in rows:
                given = float(points)
                sums[question] = sums.get(question, 0.0) + given
                totals[attempt] = totals.get(attempt, 0.0) + given
            assert len(sums) == QUESTIONS and len(totals) == students

        key = tuple(q.id for q in quiz_of(QUESTIONS))
        known = {q.id: Correction(Question(**{**vars(q), "options": tuple(
            Option(o.id, o.text, Fraction(o.id == "b")) for o in q.options)})) for q in quiz_of(QUESTIONS)}

        def regrade() -> None:
            with database.transaction() as s:
                found = correcting.effect(s, cohort, CODE, known, key, spare=False)
                assert found.looked_at == students * QUESTIONS
                correcting.regrade(s, 6, world.NOW, cohort, CODE, known, found, "medida")

        def undo() -> None:
            with database.transaction() as s:
                s.execute(delete(KeyCorrection))
                first = s.scalar(select(Marking.id).order_by(Marking.id).offset(students * QUESTIONS).limit(1))
                if first:
                    s.execute(delete(Marking).where(Marking.id >= first))

        def regrade_floor() -> None:
            with database.transaction() as s:
                answers = s.execute(text("SELECT attempt_id, question, value FROM answers")).all()
                changed = [row for row in answers if row[2] in ('"a"', '"b"')]
                s.execute(insert(Marking.__table__), [
                    {"attempt_id": a, "question": q, "points": Fraction(v == '"b"'), "out_of": Fraction(1), "levels": "",
                     "feedback": "", "marked_at": world.NOW} for a, q, v in changed])

        return [row(name, meter, ours, floor, after) for name, ours, floor, after in (
            ("statistics", statistics, statistics_floor, None), ("regrade", regrade, regrade_floor, undo),
            ("import", *bench_import.deeds(database)), ("report", *bench_attendance.deeds(database)),
            ("certificate", lambda: bench_paper.ours(app.extensions["seals"]), lambda: bench_paper.floor(app.extensions["seals"]), None))]


def row(name: str, meter: bench.Meter, ours: Callable[[], None], floor: Callable[[], None],
        after: Callable[[], None] | None, times: int = 7) -> dict:
    cpu, bare = (measured(meter, deed, after, times) for deed in (ours, floor))
    return {"deed": name, "cpu_ms": round(cpu, 1), "floor_ms": round(bare, 1), "F": round(cpu / bare, 2), "target": TARGET.get(name)}


def measured(meter: bench.Meter, deed: Callable[[], None], after: Callable[[], None] | None, times: int) -> float:
    """Median CPU milliseconds; the first run is not counted."""
    found = []
    for _ in range(times + 1):
        began = meter.cpu()
        deed()
        found.append((meter.cpu() - began) * 1000)
        if after:
            after()
    return median(found[1:])


def show(rows: list[dict], title: str) -> None:
    print(f"\n{title}")
    print(f"{'deed':12} {'CPU ms':>8} {'floor':>8} {'F':>6} {'reach':>6}")
    for r in rows:
        most = r.get("most_ms")
        flag = " !" if r["target"] and r["F"] > r["target"] or most and r["cpu_ms"] > most else ""
        told = f"  at most {most:.0f} ms" if most else ""
        if "wall_ms" in r:
            told = f"  floor: the sum of single ones; {r['wall_ms']} ms by the clock on {r['cores']} cores, {r['busy']:.0%} of them used"
        print(f"{r['deed']:12} {r['cpu_ms']:8.1f} {r['floor_ms']:8.1f} {r['F']:6.2f} {r['target'] or '':>6}{flag}{told}")
