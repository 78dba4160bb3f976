"""Adaptive: as many tries as one wants, each wrong one takes a penalty from the next; the best counts."""

from dataclasses import replace
from fractions import Fraction

from lms.attempts.behaviours.behaviour import ALL, NOTHING, Behaviour, Case, State, Step, named


class Adaptive(Behaviour):
    name = "adaptive"
    label = "Adaptativa, con descuento"
    hint = "Cada pregunta se comprueba cuantas veces se quiera; cada vez que no está bien descuenta."
    checks = True

    def penalty(self, case: Case) -> Fraction:
        return case.question.penalty

    def taken(self, case: Case, state: State, step: Step) -> State:
        if not state.open:
            return state
        state = replace(state, answer=step.value, name="todo", complaint="")
        if step.act != "check":
            return state
        if complaint := case.kind.complaint(case.question, step.value):
            return replace(state, name="invalid", complaint=complaint)
        if step.value == state.checked:         # the same again costs nothing and earns nothing
            return replace(state, name="complete" if state.completed else "todo")
        raw = case.share(step.value)
        if raw is None:
            return replace(state, name="complete")
        done = state.completed or named(raw) == "right"
        tries = (*state.tried, step.value)
        return replace(state, tried=tries, raw=raw, share=self._best(case, state, raw, len(state.tried)),
                       completed=done, name="complete" if done else "todo",
                       penalty=min(self.penalty(case) * len(tries), ALL))

    def finished(self, case: Case, state: State) -> State:
        if case.kind.is_blank(state.answer):
            return replace(state, name="gaveup", share=state.share or NOTHING, open=False)
        raw = case.share(state.answer)
        if raw is None:
            return replace(state, name="waiting", open=False)
        checked = bool(state.tried) and state.answer == state.checked
        before = len(state.tried) - checked
        return replace(state, name=named(raw), raw=raw, share=self._best(case, state, raw, before), open=False,
                       tried=state.tried if checked else (*state.tried, state.answer), complaint="")

    def _best(self, case: Case, state: State, raw: Fraction, before: int) -> Fraction:
        return max(state.share or NOTHING, raw - self.penalty(case) * before)


class AdaptiveFree(Adaptive):
    name = "adaptive_free"
    label = "Adaptativa, sin descuento"
    hint = "Cada pregunta se comprueba cuantas veces se quiera, sin descuento."

    def penalty(self, case: Case) -> Fraction:
        return NOTHING
