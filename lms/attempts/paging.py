"""What a page sent by form does: keeps what it changed, presses one question's button, and goes where it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lms.attempts import forms, rules, saving, scoring
from lms.attempts.behaviours import State, behaviour_of, plain
from lms.attempts.forms import numbered
from lms.attempts.models import Attempt
from lms.attempts.rules import Given, Sent, Sitting
from lms.attempts.steps import steps_of
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Quiz

BUTTONS = {"comprobar": "check", "otra_vez": "again"}


@dataclass(frozen=True)
class Sheaf:
    """One page as it was sent."""
    page: int
    base: int                           # the newest answer it knew of
    answers: dict[str, str]             # question -> canonical answer
    sure: dict[str, int | None]
    pressed: tuple[str, int] = ("", 0)  # "check" or "again", and the number of the question
    wanted: int = 0                     # the answer to go back to


@dataclass(frozen=True)
class Turned:
    """What came of it. `others`: answers other devices had put where this page put another."""
    others: dict[str, Given] = field(default_factory=dict)
    page: int = 1
    stays: bool = False                 # on the same page, at the question of `number`
    number: int = 0
    refused: bool = False               # a page that there is no way back to


def sheaf(quiz: Quiz, form: MultiDict[str, str], added: Sequence[tuple[str, str]] = ()) -> Sheaf:
    """What a page sent; `added` are fields the server makes of it: the files it has kept."""
    page, base, wanted = (number(form, name) for name in ("pagina", "base", "usar"))
    here = [n for n, q in numbered(quiz) if rules.page_of(quiz, n) == page and KINDS[q.kind].asks]
    names = {n: q.id for n, q in numbered(quiz)}
    pairs = [*form.items(multi=True), *added]
    pressed = next(((act, number(form, name)) for name, act in BUTTONS.items() if name in form), ("", 0))
    return Sheaf(page, base, forms.answers(quiz, here, pairs), {names[n]: forms.certainty(n, pairs) for n in here},
                 pressed if pressed[1] in here else ("", 0), wanted)


def number(sent: MultiDict[str, str], name: str) -> int:
    """A number a page sent, within what a database can compare; 0 when there is none."""
    return min(max(sent.get(name, 0, int), 0), 1 << 31)


def keep(session: Session, sitting: Sitting, quiz: Quiz, sent: Sheaf, now: datetime) -> Turned:
    """Keep a page of an attempt that is held."""
    if quiz.navigation == "sequential" and sent.page != sitting.page:
        return Turned(page=sitting.page, refused=True)
    answers = dict(sent.answers)
    if sent.wanted and (question := saving.use(session, sitting, sent.wanted, now)):
        answers.pop(question, None)
    states = {} if plain(quiz) else scoring.states(quiz, steps_of(session, [sitting.id])[sitting.id])
    for question, state in states.items():
        if not state.open or state.retry:
            answers.pop(question, None)
    act, place = sent.pressed
    button = _button(quiz, act, place, answers, sent.sure, states) if act else None
    if button:
        answers.pop(button.question, None)
    others = saving.save_page(session, sitting, answers, sent.base, now, sent.sure)
    if button:
        saving.press(session, sitting, button, now)
    return Turned(others, sent.page, bool(act or sent.wanted), place)


def _button(quiz: Quiz, act: str, place: int, answers: Mapping[str, str], sure: Mapping[str, int | None],
            states: Mapping[str, State]) -> Sent | None:
    """What the button sends, if it may be pressed now."""
    question = quiz.questions[place - 1]
    state = states.get(question.id)
    if state is None or not state.open or not behaviour_of(quiz, question).checks or (act == "again") != state.retry:
        return None
    if act == "check":
        return Sent("", question.id, answers.get(question.id, ""), act, sure.get(question.id))
    clear = state.hint is not None and state.hint.clear_wrong
    value = KINDS[question.kind].without_wrong(question, state.checked) if clear else state.checked
    return Sent("", question.id, value, act)


def turn(session: Session, sitting: Sitting, quiz: Quiz, wanted: int) -> int:
    """The page to go to; where there is no way back, only the next, and it is remembered."""
    if quiz.navigation != "sequential":
        return wanted
    if wanted != sitting.page + 1 or wanted > rules.pages(quiz):
        return sitting.page
    session.execute(update(Attempt).where(Attempt.id == sitting.id, Attempt.page == sitting.page).values(page=wanted))
    return wanted
