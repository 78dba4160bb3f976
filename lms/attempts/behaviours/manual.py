"""Marked by a person: what was written waits; what was left blank waits for nobody."""

from dataclasses import replace

from lms.attempts.behaviours.behaviour import Behaviour, Case, State, Step


class Manual(Behaviour):
    name = "manual"
    label = "La corrige una persona"
    hint = "Nada se corrige solo: todas las respuestas las corrige una persona."

    def finished(self, case: Case, state: State) -> State:
        name = "gaveup" if case.kind.is_blank(state.answer) else "waiting"
        return replace(state, name=name, open=False)


class Information(Behaviour):
    """A description: nothing to answer, nothing to mark."""
    name = "information"

    def begun(self, case: Case) -> State:
        return State(name="info", open=False)

    def taken(self, case: Case, state: State, step: Step) -> State:
        return state

    def finished(self, case: Case, state: State) -> State:
        return state
