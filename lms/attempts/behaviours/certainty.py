"""Certainty-based marking: being sure pays more when right and costs when wrong. Weights and figures are Moodle's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.attempts.behaviours.behaviour import NEARLY, NOTHING, Behaviour, Case, State
from lms.attempts.behaviours.immediate import Immediate

RIGHT = {1: Fraction(1), 2: Fraction(2), 3: Fraction(3)}       # times the share
WRONG = {1: Fraction(0), 2: Fraction(-2), 3: Fraction(-6)}
LEAST = 1                               # what counts where nobody said how sure they were


def weighed(raw: Fraction, certainty: int | None) -> Fraction:
    """What a share is worth with this certainty."""
    sure = certainty if certainty in RIGHT else LEAST
    return WRONG[sure] if raw <= NEARLY else RIGHT[sure] * raw


class _Sure(Behaviour):
    certainty = True

    def marked(self, case: Case, state: State, raw: Fraction | None) -> State:
        done = super().marked(case, state, raw)
        return done if raw is None else replace(done, share=weighed(raw, state.certainty))


class Certainty(_Sure):
    name = "cbm"
    label = "Con grado de certeza, al entregar"
    hint = "Con cada respuesta se dice cuán seguro se está; se corrige al entregar."


class CertaintyNow(_Sure, Immediate):
    name = "cbm_immediate"
    label = "Con grado de certeza, pregunta por pregunta"
    hint = "Con cada respuesta se dice cuán seguro se está; se comprueba de a una."

    def lacking(self, case: Case, state: State) -> str:
        missing = "" if state.certainty in RIGHT else "Falta decir cuán seguro está."
        return super().lacking(case, state) or missing


@dataclass(frozen=True)
class Report:
    """How well certainty was judged, as Moodle reports it. Of questions, each with its points."""
    average: Fraction                   # CBM mark a point
    accuracy: Fraction                  # share of the points without certainty
    bonus: Fraction                     # a tenth of what certainty earned beyond its best constant use
    counts: tuple[tuple[int, int, Fraction], ...]       # certainty, answers, accuracy of these
    questions: int = 0
    answered: "Report | None" = None    # the same of those answered only, where some were left blank

    @property
    def total(self) -> Fraction:
        return self.accuracy + self.bonus


def report(asked: Iterable[tuple[Fraction, Fraction | None, int | None]]) -> Report | None:
    """From (points, raw share, certainty) of each question; None for the share of one left blank. None where there
    is nothing to report."""
    known = [(points, raw, sure if sure in RIGHT else LEAST) for points, raw, sure in asked if points]
    given = [(points, raw, sure) for points, raw, sure in known if raw is not None]
    whole = _report([(points, raw or NOTHING, sure if raw is not None else LEAST) for points, raw, sure in known])
    if whole is None:
        return None
    own = _report(given)
    return replace(whole, counts=own.counts if own else (), answered=own if len(given) < len(known) else None)


def _report(found: list[tuple[Fraction, Fraction, int]]) -> Report | None:
    weight = sum((points for points, _, _ in found), NOTHING)
    if not weight:
        return None
    accuracy = sum((points * raw for points, raw, _ in found), NOTHING) / weight
    average = sum((points * weighed(raw, sure) for points, raw, sure in found), NOTHING) / weight
    steady = max(accuracy * RIGHT[c] + (1 - accuracy) * WRONG[c] for c in RIGHT)
    counts = []
    for c in RIGHT:
        mine = [(points, raw) for points, raw, sure in found if sure == c]
        if mine:
            counts.append((c, len(mine), sum((p * r for p, r in mine), NOTHING) / sum((p for p, _ in mine), NOTHING)))
    return Report(average, accuracy, (average - steady) / 10, tuple(counts), len(found))
