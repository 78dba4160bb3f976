"""What every behaviour is: a fold of the steps taken in one question into where it stands. Pure, exact."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lms.catalogue.kinds import KINDS, Kind
from lms.catalogue.rules import Hint, Question

NOTHING, ALL = Fraction(0), Fraction(1)
NEARLY = Fraction(1, 1_000_000)         # shares written with seven digits do not quite add up to 1
MARKED = ("right", "partial", "wrong")


@dataclass(frozen=True)
class Step:
    """One row of answers: what was given, and the button that sent it."""
    value: str
    act: str = ""                       # "" given | check | again
    certainty: int | None = None


@dataclass(frozen=True)
class Case:
    """A question as a quiz asks it."""
    question: Question
    below_zero: bool = False            # a wrong choice may take points away

    @property
    def kind(self) -> Kind:
        return KINDS[self.question.kind]

    def share(self, answer: str) -> Fraction | None:
        """Of the question's points, before what tries or certainty make of it; None waits for a person."""
        kind = self.kind
        if kind.is_blank(answer):
            return NOTHING
        return kind.raw(self.question, answer) if self.below_zero else kind.score(self.question, answer)

    def kept(self, answer: str) -> str:
        """The word for an answer that is not whole: todo where it is blank, invalid where part of it is missing."""
        if self.kind.is_blank(answer):
            return "todo"
        return "invalid" if self.kind.complaint(self.question, answer) else ""


@dataclass(frozen=True)
class State:
    """Where a question stands. `share` is what it has come to so far, or in the end; None: nothing to tell yet."""
    name: str = "todo"                  # todo complete invalid | right partial wrong gaveup waiting | info
    answer: str = ""                    # what stands answered
    certainty: int | None = None
    share: Fraction | None = None
    open: bool = True                   # takes answers
    retry: bool = False                 # takes no answer until "again" is pressed
    tried: tuple[str, ...] = field(default=())      # answers that were checked, each as a try
    raw: Fraction | None = None         # the share of the last try itself
    left: int | None = None             # tries left; None: as many as one wants
    hint: Hint | None = None            # to be shown now
    penalty: Fraction = NOTHING         # what the tries so far take from the next
    complaint: str = ""                 # why it could not be checked
    completed: bool = False             # it was right once

    @property
    def checked(self) -> str:
        """The answer that feedback speaks of; "" while there is none."""
        return self.tried[-1] if self.tried else ""


class Behaviour:
    """`begun`, `taken` for each step, `finished` when the attempt is handed in."""

    name = ""
    label = ""                          # Spanish, for people
    hint = ""                           # the same, in a sentence
    checks = False                      # has a button to check one question
    certainty = False                   # asks how sure one is

    def begun(self, case: Case) -> State:
        return State()

    def taken(self, case: Case, state: State, step: Step) -> State:
        """Keep what was given."""
        return replace(state, answer=step.value, certainty=step.certainty, name=case.kept(step.value) or "complete")

    def finished(self, case: Case, state: State) -> State:
        """Mark what stands."""
        if case.kind.is_blank(state.answer):
            return replace(state, name="gaveup", open=False)
        return self.marked(case, state, case.share(state.answer))

    def marked(self, case: Case, state: State, raw: Fraction | None) -> State:
        """Closed, with this share."""
        return replace(state, name=named(raw), raw=raw, share=raw, open=False, retry=False, hint=None, complaint="",
                       tried=(*state.tried, state.answer))

    def fold(self, case: Case, steps: Iterable[Step], finished: bool = False) -> State:
        state = self.begun(case)
        if finished and not self.checks:        # only the last answer counts: every attempt handed in comes this way
            last = next(reversed(list(steps)), None)
            given = replace(state, answer=last.value, certainty=last.certainty) if last else state
            return self.finished(case, given)
        for step in steps:
            state = self.taken(case, state, step)
        return self.finished(case, state) if finished else state


def named(raw: Fraction | None) -> str:
    """The word for a share: right, partial, wrong; waiting where a person has to say."""
    if raw is None:
        return "waiting"
    return "right" if raw >= 1 - NEARLY else "wrong" if raw <= NEARLY else "partial"
