"""Immediate feedback: each question can be checked once, and is closed by it."""

from dataclasses import replace

from lms.attempts.behaviours.behaviour import Behaviour, Case, State, Step


class Immediate(Behaviour):
    name = "immediate"
    label = "Pregunta por pregunta"
    hint = "Cada pregunta se comprueba una vez, dice enseguida cómo estuvo y queda cerrada."
    checks = True

    def taken(self, case: Case, state: State, step: Step) -> State:
        if not state.open:
            return state
        state = replace(state, answer=step.value, certainty=step.certainty, complaint="",
                        name=case.kept(step.value) or "todo")
        if step.act != "check":
            return state
        if complaint := self.lacking(case, state):
            return replace(state, name="invalid", complaint=complaint)
        return self.marked(case, state, case.share(state.answer))

    def lacking(self, case: Case, state: State) -> str:
        return case.kind.complaint(case.question, state.answer)

    def finished(self, case: Case, state: State) -> State:
        return super().finished(case, state) if state.open else state
