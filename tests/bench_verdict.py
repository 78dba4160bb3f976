"""`./dev bench --bulk`: the verdict of a whole cohort, 50 items, three requirements with alternatives, hours from the ledger,
exceptions, recognised studies; and who of it may fall behind. Reach: 1 s of CPU for 1 000 students."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import insert

from lms.catalogue import queries as catalogue
from lms.catalogue.rules import Programme, Requirement, Way
from lms.cohorts import queries as cohorts
from lms.completion import queries
from lms.completion.models import Recognition, RequirementException
from lms.credits.models import Credit
from tests import bench_grades, crowd, world

LIMIT_MS = 1000                 # for 1 000 students
ENTRIES = 4                     # of each in the ledger
FLOOR = "SELECT person_id, kind, hours FROM credits WHERE cohort_id = 1"


def furnish(database, students: int) -> None:
    """Beside the marks of bench_grades."""
    ids = [crowd.FIRST + i for i in range(students)]
    by = {"cohort_id": 1, "author_id": 6, "at": world.NOW, "reason": "Un motivo"}
    with database.transaction() as s:
        s.execute(insert(Credit), [
            {"source": "bench", "reference": f"{p}-{n}", "kind": ("attendance", "internship")[n % 2], "cohort_id": 1, "person_id": p,
             "title": "Seminario", "hours": Fraction(6 + n), "day": world.START, "recorded_at": world.NOW, "note": ""}
            for p in ids for n in range(ENTRIES)])
        s.execute(insert(RequirementException), [{"person_id": p, "requirement": "internship", **by} for p in ids[::10]])
        s.execute(insert(Recognition), [
            {"person_id": p, "module": "M00", "equivalence": "", "study": "Curso", "institution": "Universidad", "file_name": "a.pdf",
             "file_kind": "pdf", "file_size": 1, "sha256": "0" * 64, **by} for p in ids[::10]])


def asked(programme: Programme) -> Programme:
    codes = [m.code for m in programme.modules]
    return replace(programme, by_code={m.code: m for m in programme.modules}, requirements=(
        Requirement("modules", tuple(codes[:15])), Requirement("modules", tuple(codes[15:20]), least=3, name="Electivos"),
        Requirement("any", least=1, name="Práctica", ways=(Way("modules", tuple(codes[20:])), Way("internship", hours=20))),
        Requirement("attendance", hours=12), Requirement("internship", hours=10), Requirement("certificate_name")))


def deeds(database, students: int) -> list[tuple[str, Callable[[], None], Callable[[], None], None]]:
    ids = [crowd.FIRST + i for i in range(students)]

    def verdict() -> None:
        with database.reading() as s:
            cohort = cohorts.cohort(s, 1)
            found = queries.verdicts(s, cohort, asked(catalogue.programme(s, cohort.edition_id)), ids)
            assert len(found) == students

    def overview() -> None:
        with database.reading() as s:
            cohort = cohorts.cohort(s, 1)
            found = queries.progress_of(s, cohort, asked(catalogue.programme(s, cohort.edition_id)), world.NOW)
            assert found.people >= students

    def floor() -> None:
        with database.reading() as s:
            assert len(s.connection().exec_driver_sql(bench_grades.FLOOR).fetchall()) == students
            rows = s.connection().exec_driver_sql(FLOOR).fetchall()
            sums: dict[tuple[int, str], float] = {}
            for person, kind, hours in rows:
                sums[person, kind] = sums.get((person, kind), 0.0) + float(hours)
            assert len(sums) == 2 * students
    return [("verdict", verdict, floor, None), ("overview", overview, floor, None)]
