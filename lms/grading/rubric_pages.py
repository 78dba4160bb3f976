"""The rubric of a cohort's task: read, changed, and what a change would do shown before it does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import actions as writing
from lms.attempts import queries as attempts
from lms.attempts.rules import SubmissionFact
from lms.catalogue.rules import Criterion, Level
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.forms import written
from lms.foundation.language import _
from lms.foundation.pages import tell
from lms.grading import judging, queue
from lms.grading.marking import actor
from lms.grading.reports import Scope, scope_of
from lms.grading.routes import room
from lms.people import queries as people
from lms.people.rules import May

MOST_CRITERIA, MOST_LEVELS, MOST_POINTS = 20, 10, 1000


@dataclass(frozen=True)
class Effect:
    """A marked work and what it would come to; `after` None: a person has to look."""
    work: SubmissionFact
    before: Fraction
    before_of: Fraction
    after: Fraction | None
    levels: str = ""

    @property
    def changes(self) -> bool:
        return self.after is None or self.after != self.before


@room.route("/cohortes/<int:cohort_id>/modulos/<module>/rubrica", methods=["GET", "POST"], allow=May.GRADE)
def rubric(cohort_id: int, module: str) -> ResponseReturnValue:
    scope = scope_of(cohort_id, module, "task")
    task = scope.module.task or abort(404)
    now_task, version = attempts.task_now(session(), cohort_id, module, task)
    if request.method == "GET":
        return _form(scope, now_task.criteria, version)
    new, faults = read()
    reason = written().get("reason", "").strip()[:300]
    if written().get("deed") == "more":
        return _form(scope, (*new, Criterion("", "", (Level(0, "", ""),))), version, reason=reason)
    if not reason:
        faults.append(_("Escribir por qué se cambia."))
    if faults:
        return _form(scope, new, version, faults, reason), 422
    found = effects(scope, now_task.criteria, task.criteria, new)
    token = sha256(repr([(e.work.id, e.before, e.after) for e in found]).encode()).hexdigest()[:32]
    if written().get("token") != token or written().get("deed") not in ("recalculate", "look"):
        names = people.by_id(session(), [e.work.person_id for e in found])
        hidden = task.anonymous
        return render_template(
            "grading/rubric_effect.html", cohort=scope.cohort, module=scope.module, criteria=new, effects=found,
            token=token, reason=reason, points=sum(c.points for c in new), pairs=list(written().items(multi=True)),
            who={e.work.id: queue.code(f"t{e.work.id}") if hidden else names[e.work.person_id].formal for e in found})
    return _apply(scope, now_task.criteria, task.criteria, new, reason)


def _form(scope: Scope, criteria: Sequence[Criterion], version: int | None, faults: Sequence[str] = (),
          reason: str = "") -> str:
    return render_template("grading/rubric.html", cohort=scope.cohort, module=scope.module, criteria=criteria,
                           version=version, faults=faults, reason=reason, most_levels=MOST_LEVELS)


def read() -> tuple[tuple[Criterion, ...], list[str]]:
    """The criteria as sent: a criterion without a name, or a level without points, is left out."""
    sent, faults = written(), []
    found: list[Criterion] = []
    for i in range(MOST_CRITERIA):
        name = sent.get(f"c{i}.name", "").strip()[:200]
        if not name:
            continue
        levels = []
        for j in range(MOST_LEVELS):
            if (points := sent.get(f"c{i}.l{j}.points", "").strip()) == "":
                continue
            level = Level(_whole(points, faults), sent.get(f"c{i}.l{j}.name", "").strip()[:100],
                          sent.get(f"c{i}.l{j}.description", "").strip()[:2000],
                          _whole(least, faults) if (least := sent.get(f"c{i}.l{j}.least", "").strip()) else None)
            levels.append(level)
        most = sent.get(f"c{i}.most", "").strip()
        found.append(Criterion(name, sent.get(f"c{i}.description", "").strip()[:2000], tuple(levels),
                               sent.get(f"c{i}.note", "").strip()[:2000], _whole(most, faults) if most and not levels
                               else 0))
    return tuple(found), faults + flaws(found)


def flaws(criteria: Sequence[Criterion]) -> list[str]:
    """What is wrong with a rubric."""
    found = [] if criteria else [_("Hace falta al menos un criterio.")]
    if len({c.name for c in criteria}) < len(criteria):
        found.append(_("Dos criterios se llaman igual."))
    for c in criteria:
        tops = [level.points for level in c.levels]
        if not c.levels and not c.most:
            found.append(_("«%(name)s»: escribir niveles, o el máximo de puntos libres.") % {"name": c.name})
        elif c.levels and (len(c.levels) < 2 or tops != sorted(set(tops)) or not tops[-1]):
            found.append(_("«%(name)s»: al menos dos niveles, de menos a más puntos.") % {"name": c.name})
        elif any(lv.least is not None and lv.least > lv.points for lv in c.levels):
            found.append(_("«%(name)s»: un nivel va de menos a más puntos.") % {"name": c.name})
        elif len({level.name for level in c.levels}) < len(c.levels):
            found.append(_("«%(name)s»: dos niveles se llaman igual.") % {"name": c.name})
    return found


def _whole(text: str, faults: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= MOST_POINTS:
        return int(text)
    fault = _("Los puntos son números enteros de 0 a %(n)d.") % {"n": MOST_POINTS}
    faults.extend([] if fault in faults else [fault])
    return 0


def effects(scope: Scope, standing: Sequence[Criterion], edition: Sequence[Criterion], new: Sequence[Criterion],
            version: int | None = None) -> list[Effect]:
    """What each marked work would come to."""
    works = [w for w in attempts.submission_facts(session(), scope.cohort.id, None, [scope.module.code])
             if w.marking and w.marking.marker_id is not None]
    used = {r for w in works if w.marking and (r := judging.loaded(w.marking.levels)[0]) is not None}
    known = attempts.rubrics(session(), used)
    found = []
    for work in works:
        mark = work.marking
        if mark is None:
            continue
        came = judging.moved(edition, new, mark.levels, known, version)
        found.append(Effect(work, mark.points, mark.out_of, came[0] if came else None, came[1] if came else ""))
    return found


def _apply(scope: Scope, standing: Sequence[Criterion], edition: Sequence[Criterion], new: Sequence[Criterion],
           reason: str) -> ResponseReturnValue:
    """The criteria from now on; and new markings, or another look at what was marked. What was marked stays."""
    me, at, all_look = actor().person_id, now(), written().get("deed") == "look"
    version = writing.keep_rubric(session(), me, at, scope.cohort.id, scope.module.code, new, reason)
    out_of = Fraction(sum(c.points for c in new))
    look: list[int] = []
    done = 0
    for effect in effects(scope, standing, edition, new, version):
        mark = effect.work.marking
        if mark is None:
            continue
        if effect.after is None or all_look:
            look.append(mark.id)
        elif effect.changes or out_of != effect.before_of:
            done += 1
            writing.mark(session(), me, at, submission_id=effect.work.id, points=effect.after, out_of=out_of,
                         levels=effect.levels, feedback=mark.feedback, based_on=mark.id)
    writing.look_again(session(), me, at, look, "rubric")
    tell(_("Rúbrica cambiada: %(done)d recalculadas, %(look)d para mirar de nuevo. Las correcciones anteriores quedan "
           "en el historial.") % {"done": done, "look": len(look)})
    return redirect(url_for("grading.rubric", cohort_id=scope.cohort.id, module=scope.module.code), 303)
