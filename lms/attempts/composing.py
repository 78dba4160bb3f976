"""Where a cohort's quiz is composed: questions of the edition, of the bank, drawn by lot; in which order, for how much.

The page carries the whole composition in its form: each button gives it back changed, and only «Guardar» keeps it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import drawing, gates, planning
from lms.attempts.drawing import Incomplete
from lms.attempts.gates import Entry, room
from lms.attempts.plan import Plan, Slot
from lms.attempts.planned import Planned, with_plan
from lms.bank import queries as bank
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people.rules import May, Role

room.record(lambda state: state.app.extensions.__setitem__("bank_attempts", planning.attempts_between))
MOST_FOUND = 30                 # questions of the bank shown to pick from


@dataclass
class Board:
    """The composition on the page: each entry a slot and how many like it stand together (draws)."""
    entries: list[tuple[Slot, int]] = field(default_factory=list)
    fault: str = ""

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(one if not n else replace(one, section="") for one, count in self.entries for n in range(count))

    def add(self, slots: Sequence[Slot], count: int = 1) -> None:
        there = {(s.edition, s.bank) for s, _n in self.entries if s.edition or s.bank}
        self.entries += [(s, count) for s in slots if s.category or (s.edition, s.bank) not in there]


def board_of(slots: Sequence[Slot]) -> Board:
    """Draws that are alike and stand together are one entry."""
    board = Board()
    for slot in slots:
        last = board.entries[-1] if board.entries else None
        if last and slot.category and replace(last[0], section="") == slot:
            board.entries[-1] = (last[0], last[1] + 1)
        else:
            board.entries.append((slot, 1))
    return board


@room.route("/modulos/<module>/control/preguntas", methods=["GET", "POST"], allow=May.CHANGE_QUIZ)
def compose(cohort_id: int, module: str) -> ResponseReturnValue:
    entry, quiz = _quiz(cohort_id, module)
    plan_id, plan = planning.plan_of(session(), cohort_id, module)
    if request.method == "GET":
        own = tuple(Slot(edition=q.id) for q in quiz.questions)
        return _page(entry, quiz, plan, plan_id, board_of(own if plan.slots is None else plan.slots))
    deed = request.form.get("hacer", "")
    board = _sent(quiz)
    if deed == "guardar":
        return _keep(entry, quiz, plan, plan_id, board)
    if deed == "edicion":
        planning.keep_plan(session(), entry.actor.person_id, now(), cohort_id, module, Plan(plan.settings),
                           _("Vuelve a las preguntas de la edición"), _words(entry))
        tell(_("El control vuelve a las preguntas de la edición."))
        return redirect(url_for(".compose", cohort_id=cohort_id, module=module), 303)
    _changed(board, deed, quiz)
    return _page(entry, quiz, plan, request.form.get("plan", 0, int), board), 422 if board.fault else 200


@room.get("/modulos/<module>/control/preguntas/vista", allow=May.CHANGE_QUIZ)
def composed(cohort_id: int, module: str) -> ResponseReturnValue:
    """The quiz in force as one attempt would be given it; each look draws anew."""
    entry, quiz = _quiz(cohort_id, module)
    seed = request.args.get("semilla", 0, int)
    _id, plan = planning.plan_of(session(), cohort_id, module)
    try:
        asked = drawing.asked(session(), Planned(with_plan(quiz, plan), plan.slots), quiz, entry.cohort.edition_id,
                              cohort_id, module, entry.actor.person_id, seed, seed)
    except Incomplete:
        tell(_("Falta alguna pregunta para completar el control: revisar los sorteos."), "late")
        return redirect(url_for(".compose", cohort_id=cohort_id, module=module), 303)
    given = asked.quiz if asked else quiz
    return render_template("attempts/composed.html", entry=entry, quiz=given, KINDS=KINDS, seed=seed,
                           sections={s.first: s.title for s in given.sections})


def _quiz(cohort_id: int, module: str) -> tuple[Entry, Quiz]:
    """The edition's quiz, for who may change it in this module."""
    entry = gates.view(cohort_id, module)
    posts = [p for p in entry.actor.posts if p.cohort_id in (None, cohort_id)]
    if posts and all(p.role is Role.INSTRUCTOR and p.module not in (None, module) for p in posts):
        abort(404)
    return entry, entry.module.quiz or abort(404)


def _words(entry: Entry) -> str:
    return f"{entry.cohort.code} · {entry.module.code}"


def _keep(entry: Entry, quiz: Quiz, plan: Plan, plan_id: int, board: Board) -> ResponseReturnValue:
    """Keep the composition, unless something in it can not be asked or somebody kept another meanwhile."""
    if request.form.get("plan", 0, int) != plan_id:
        board.fault = _("Otra persona cambió este control mientras tanto. Lo suyo sigue aquí: al guardar de nuevo "
                        "reemplaza a lo de ella.")
        return _page(entry, quiz, plan, plan_id, board), 409
    board.fault = board.fault or _short(board) or ("" if board.slots else _("Falta al menos una pregunta."))
    if board.fault:
        return _page(entry, quiz, plan, plan_id, board), 422
    own = tuple(Slot(edition=q.id) for q in quiz.questions)
    slots = None if board.slots == own else board.slots
    planning.keep_plan(session(), entry.actor.person_id, now(), entry.cohort.id, entry.module.code,
                       replace(plan, slots=slots), request.form.get("motivo", "")[:500].strip(), _words(entry))
    tell(_("Control guardado. Los intentos ya empezados conservan las preguntas que recibieron."))
    return redirect(url_for(".compose", cohort_id=entry.cohort.id, module=entry.module.code), 303)


def _short(board: Board) -> str:
    found = planning.short_of(session(), board.slots)
    return "" if not found else ngettext(
        "Se piden más preguntas de las que hay: para un sorteo queda %(num)d en el banco.",
        "Se piden más preguntas de las que hay: para un sorteo quedan %(num)d en el banco.",
        min(found.values())) % {"num": min(found.values())}


# What the page sent ---------------------------------------------------------------------------------------------------

def _sent(quiz: Quiz) -> Board:
    """The composition in the form, with its points and titles as they were typed."""
    own, board = {q.id for q in quiz.questions}, Board()
    try:
        told: Any = json.loads(request.form.get("tablero", "[]"))
        found = [(Slot(**{**one, "tags": tuple(map(str, one["tags"]))}), int(count)) for one, count in told]
    except (ValueError, TypeError, KeyError):
        abort(400)
    for n, (slot, count) in enumerate(found[:planning.MOST_SLOTS]):
        if [bool(slot.edition), bool(slot.bank), bool(slot.category)].count(True) != 1 or not 0 < count <= 100 or (
                slot.edition and slot.edition not in own):
            abort(400)
        points, fault = _points(request.form.get(f"puntos-{n}", ""))
        board.fault = board.fault or fault
        board.entries.append((replace(slot, points=points, section=" ".join(
            request.form.get(f"seccion-{n}", "").split())[:120]), count))
    return board


def _points(text: str) -> tuple[str, str]:
    said = text.replace(",", ".").strip()[:20]
    try:
        value = Fraction(said) if said else None
    except (ValueError, ZeroDivisionError):
        return "", _("«%(text)s» no es un puntaje. Escribir un número, por ejemplo 1 o 2,5.") % {"text": text[:20]}
    if value is not None and not 0 <= value <= 1000:
        return "", _("El puntaje va de 0 a 1000.")
    return ("" if value is None else str(value)), ""


def _changed(board: Board, deed: str, quiz: Quiz) -> None:
    """What a button asks of the composition."""
    said, _colon, number = deed.partition(":")
    at = int(number) if number.isascii() and number.isdigit() and int(number) < len(board.entries) else -1
    if said == "quitar" and at >= 0:
        del board.entries[at]
    elif said == "subir" and at > 0:
        board.entries.insert(at - 1, board.entries.pop(at))
    elif said == "bajar" and 0 <= at:
        board.entries.insert(at + 1, board.entries.pop(at))
    elif said == "agregar":
        own = {q.id for q in quiz.questions}
        board.add([Slot(edition=i) for i in request.form.getlist("de_edicion") if i in own])
        picked = bank.questions(session(), [(i, 0) for i in request.form.getlist("de_banco", int) if 0 < i < 1 << 31])
        board.add([Slot(bank=i) for i, _version in picked])
    elif said == "sortear":
        _draw(board)


def _draw(board: Board) -> None:
    """Add draws, unless there are not so many questions."""
    category, count = request.form.get("categoria", 0, int), request.form.get("cuantas", 0, int)
    tags = tuple(t for t in (" ".join(x.split()) for x in request.form.get("con_etiquetas", "").split(",")) if t)
    slot = Slot(category=category, below=request.form.get("debajo") == "1", tags=tags[:10])
    if category not in bank.tree(session()).by_id or not 0 < count <= 100:
        board.fault = _("Falta elegir la categoría y cuántas preguntas se sortean.")
        return
    there = len(planning.pool(session(), slot) - {s.bank for s in board.slots if s.bank})
    if planning.short_of(session(), (*board.slots, *[slot] * count)):
        board.fault = ngettext(
            "No alcanza: esa categoría tiene %(num)d pregunta lista y libre.",
            "No alcanza: esa categoría tiene %(num)d preguntas listas y libres.", there) % {"num": there}
        return
    board.entries.append((slot, count))


# The page -------------------------------------------------------------------------------------------------------------

def _page(entry: Entry, quiz: Quiz, plan: Plan, plan_id: int, board: Board) -> str:
    tree, words = bank.tree(session()), request.form.get("buscar", "")
    own: dict[str, Question] = {q.id: q for q in quiz.questions}
    known = bank.questions(session(), [(s.bank, s.version) for s, _n in board.entries if s.bank])
    fixed = {s.bank for s, _n in board.entries if s.bank}
    there = {s: planning.pool(session(), s) - fixed for s, _n in board.entries if s.category}
    shown = [(s, count, own.get(s.edition) or known.get((s.bank, s.version)), len(there.get(s, ())))
             for s, count in board.entries]
    worth = sum(((s.worth if s.worth is not None else q.points if q else Fraction(1)) * n for s, n, q, _t in shown),
                Fraction(0))
    used = {s.edition for s, _n in board.entries}
    found = bank.found(session(), words, request.form.get("buscar_categoria", 0, int), MOST_FOUND) \
        if request.form.get("hacer") == "buscar" else []
    return render_template(
        "attempts/compose.html", entry=entry, quiz=quiz, plan=plan, plan_id=plan_id, board=board, shown=shown,
        tree=tree, worth=worth, KINDS=KINDS, sought=words, found=found,
        left=[q for q in quiz.questions if q.id not in used],
        state=json.dumps([[asdict(s), n] for s, n in board.entries]), count=len(board.slots))
