"""Interactive with tries: a wrong try brings a hint and another try for less; right parts are paid as of their try."""

from dataclasses import replace

from lms.attempts.behaviours.behaviour import ALL, NEARLY, Behaviour, Case, State, Step


class Interactive(Behaviour):
    name = "interactive"
    label = "Con pistas e intentos"
    hint = "Cada pregunta se comprueba; si no está bien da una pista y otra oportunidad, que vale un poco menos."
    checks = True

    def begun(self, case: Case) -> State:
        return State(left=len(case.question.hints) + 1)

    def taken(self, case: Case, state: State, step: Step) -> State:
        if not state.open:
            return state
        if state.retry:                 # only "again" goes on
            again = replace(state, retry=False, hint=None, name="todo", answer=step.value)
            return again if step.act == "again" else state
        state = replace(state, answer=step.value, name=case.kept(step.value) or "todo", complaint="")
        if step.act != "check":
            return state
        if complaint := case.kind.complaint(case.question, step.value):
            return replace(state, name="invalid", complaint=complaint)
        return self._tried(case, state)

    def _tried(self, case: Case, state: State) -> State:
        raw, left = case.share(state.answer), (state.left or 1) - 1
        if raw is None or raw >= ALL - NEARLY or not left:
            return replace(self._paid(case, state, (*state.tried, state.answer)), left=left)
        tried = (*state.tried, state.answer)
        hints = case.question.hints
        return replace(state, tried=tried, raw=raw, left=left, retry=True, name="todo",
                       hint=hints[len(tried) - 1] if len(tried) <= len(hints) else None,
                       penalty=min(case.question.penalty * len(tried), ALL))

    def finished(self, case: Case, state: State) -> State:
        if not state.open:
            return state
        if case.kind.is_blank(state.answer):
            return replace(state, name="gaveup", open=False, retry=False, hint=None)
        again = state.retry or state.answer == state.checked        # nothing new since the last try
        return self._paid(case, state, state.tried if again and state.tried else (*state.tried, state.answer))

    def _paid(self, case: Case, state: State, tried: tuple[str, ...]) -> State:
        done = self.marked(case, replace(state, tried=tried[:-1], answer=tried[-1]), case.share(tried[-1]))
        return done if done.raw is None else replace(done, share=case.kind.after_tries(case.question, tried))
