"""Grading: instructors mark the rest; scores become shares and shares become each country's grade."""

from fractions import Fraction

from flask import Flask

from lms.catalogue import rendering
from lms.grading import (  # noqa: F401
    attached,
    desk_pages,
    keys,
    marking,
    models,
    releasing,
    reports,
    routes,
    rubric_pages,
    rule_pages,
    second_pages,
    waiting_pages,
    worklist,
)
from lms.grading.explanation import conversion, exact, scales, sides
from lms.grading.navigation import QUIZ_PAGES, TASK_PAGES, assessment_pages
from lms.grading.rules import Step, levels_of
from lms.grading.scales import HOME, SCALES, Grade, grade


def install(app: Flask) -> None:
    """What templates of every room need to show a grade: see grades.html."""
    app.jinja_env.globals.update(grade_of=_grade, grade_sides=sides, grade_scales=scales, conversions=_conversions,
                                 levels_of=levels_of, assessment_pages=assessment_pages, QUIZ_PAGES=QUIZ_PAGES,
                                 TASK_PAGES=TASK_PAGES)
    app.jinja_env.filters.update(exact=exact, voice=rendering.block)
    releasing.install(app)
    app.extensions.setdefault("findings", []).append(worklist.finding)


def _grade(share: Fraction, country: str = "CL") -> Grade:
    return grade(share, SCALES.get(country, HOME))


def _conversions(share: Fraction, country: str) -> list[Step]:
    """The arithmetic of each country's grade, one's own first."""
    return [conversion(share, scale) for scale in scales(country)]
