"""The pages that belong to one quiz or task of a cohort, for those who may open them."""

from flask import current_app, url_for

from lms.foundation.language import _
from lms.people.rules import Actor, May, permits

Page = tuple[str, May, str]             # endpoint, who may, words; a page of a room that is not installed is left out
QUIZ_PAGES: tuple[Page, ...] = (
    ("attempts.quiz_settings", May.CHANGE_QUIZ, "Ajustes"), ("attempts.compose", May.CHANGE_QUIZ, "Preguntas"),
    ("attempts.overrides", May.CHANGE_QUIZ, "Excepciones"), ("grading.figures", May.SEE_STATISTICS, "Estadísticas"),
    ("grading.keys", May.REGRADE, "Corregir claves"), ("grading.fairness", May.RELEASE, "Equidad"))
TASK_PAGES: tuple[Page, ...] = (
    ("grading.task_rules", May.CHANGE_QUIZ, "Reglas"), ("grading.rubric", May.GRADE, "Rúbrica"),
    ("grading.second_marking", May.RELEASE, "Segunda corrección"),
    ("grading.fairness", May.RELEASE, "Equidad"))


def assessment_pages(pages: tuple[Page, ...], actor: Actor, cohort_id: int, module: str) -> list[tuple[str, str]]:
    """(words, url) of what this person may open."""
    item = {"item": "quiz" if pages is QUIZ_PAGES else "task"}
    return [(_(words), url_for(endpoint, cohort_id=cohort_id, module=module, **_wanted(endpoint, item)))
            for endpoint, allowed, words in pages
            if endpoint in current_app.view_functions and permits(actor, allowed, cohort_id)]


def _wanted(endpoint: str, given: dict[str, str]) -> dict[str, str]:
    """Of these, what the page's address has a place for."""
    known = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    return {name: value for name, value in given.items() if name in known}
