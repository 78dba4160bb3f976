"""A source in thirty lines: it reads two CSV files that another system writes into a folder."""

import csv
import os
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from lms.credits.rules import Attended, Earned


def rows(name: str, cohort: str):
    path = Path(os.environ["EXAMPLE_SOURCE"]) / name
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["cohort"] == cohort)


class Seminars:
    def attendance(self, cohort: str, since: datetime | None):
        for row in rows("seminars.csv", cohort):
            yield Attended(row["id"], row["email"], row["seminar"], Fraction(row["hours"]),
                           date.fromisoformat(row["day"]), row.get("withdrawn") == "yes")


class Internships:
    def credits(self, cohort: str, since: datetime | None):
        for row in rows("internships.csv", cohort):
            yield Earned(row["id"], row["email"], row["host"], Fraction(row["hours"]),
                         date.fromisoformat(row["day"]), row.get("withdrawn") == "yes")
