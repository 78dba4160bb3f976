"""Grading: instructors mark the rest; scores become shares and shares become each country's grade."""

from fractions import Fraction

from flask import Flask

from lms.catalogue import rendering
from lms.cohorts.queries import CohortView
from lms.foundation.database import session
from lms.grading import (  # noqa: F401
    attached,
    comparison_pages,
    desk_pages,
    keys,
    leaf_pages,
    marking,
    models,
    policies,
    releasing,
    reports,
    routes,
    rubric_pages,
    rule_pages,
    scale_pages,
    second_pages,
    waiting_pages,
    worklist,
)
from lms.grading.explanation import exact, sides
from lms.grading.navigation import QUIZ_PAGES, TASK_PAGES, assessment_pages
from lms.grading.policies import Policies, standing
from lms.grading.rules import levels_of
from lms.grading.scales import Grade
from lms.grading.wording import explain, explain_final, name_of, presented

Whose = CohortView | str                # a cohort, or a country where no cohort is at hand


def install(app: Flask) -> None:
    """What templates of every room need to show a grade: see grades.html."""
    app.jinja_env.globals.update(
        grade_of=_grade, grade_sides=_sides, policies_of=policies_of, explain_result=explain,
        explain_final=explain_final, presented=presented, part_name=name_of, levels_of=levels_of,
        assessment_pages=assessment_pages, QUIZ_PAGES=QUIZ_PAGES, TASK_PAGES=TASK_PAGES)
    app.jinja_env.filters.update(exact=exact, voice=rendering.block)
    settled = app.extensions.setdefault("grades_settled", [])       # (session, cohort_id, module) -> "" or why closed
    app.extensions["database"].writer.configure(info={"grades_settled": settled})
    releasing.install(app)
    app.extensions.setdefault("findings", []).append(worklist.finding)


def policies_of(whose: Whose) -> Policies:
    """The scales of a cohort."""
    return standing(whose) if isinstance(whose, str) else policies.of(session(), whose.id, whose.country)


def _grade(share: Fraction, whose: Whose = "CL") -> Grade:
    """On one's own scale."""
    return policies_of(whose).grade(share)


def _sides(share: Fraction, whose: Whose) -> list[Grade]:
    return sides(share, policies_of(whose))
