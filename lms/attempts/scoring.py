"""From the steps of an attempt to where each question stands and the points the machine can give. Pure, exact."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from lms.attempts.behaviours import BEHAVIOURS, Case, State, Step, behaviour_of
from lms.attempts.behaviours.certainty import Report, report
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Quiz

Steps = Mapping[str, Sequence[Step]]    # question -> its steps, first to last


def states(quiz: Quiz, steps: Steps, finished: bool = False, questions: Iterable[str] | None = None
           ) -> dict[str, State]:
    """Where the questions of an attempt stand, all of them or these."""
    wanted = None if questions is None else set(questions)
    return {q.id: behaviour_of(quiz, q).fold(Case(q, quiz.below_zero), steps.get(q.id, ()), finished)
            for q in quiz.questions if wanted is None or q.id in wanted}


class Came(Protocol):
    """A row of answers, however it was fetched."""
    @property
    def value(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def certainty(self) -> int | None: ...


def ended(quiz: Quiz, came: Mapping[str, Sequence[Came]]) -> dict[str, State]:
    """Where the questions of an attempt handed in stand, from every answer that came, first to last."""
    return states(quiz, {question: [Step(row.value, row.act, row.certainty) for row in rows]
                         for question, rows in came.items()}, True)


def certainty_of(quiz: Quiz, found: Mapping[str, State]) -> Report | None:
    """How well certainty was judged, where the quiz asks for it; what was left blank is told apart."""
    if not BEHAVIOURS[quiz.behaviour].certainty:
        return None
    asked = [q for q in quiz.questions if behaviour_of(quiz, q).certainty]
    return report((q.points, found[q.id].raw, found[q.id].certainty) for q in asked)


def points(quiz: Quiz, steps: Steps) -> dict[str, Fraction]:
    """What the machine gives an attempt handed in, by question; what waits for a person is absent."""
    worth = {q.id: q.points for q in quiz.questions if KINDS[q.kind].asks}
    found = states(quiz, steps, True, worth)
    return {question: (state.share or Fraction(0)) * worth[question] for question, state in found.items()
            if state.name != "waiting"}
