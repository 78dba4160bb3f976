"""From scores to a module's share, step by step so that each figure can be explained. Pure, exact."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from lms.attempts.rules import AttemptFact, LateRule, MarkFact, SubmissionFact, counted, days_late, held
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Module, Programme, Quiz
from lms.grading.adjusting import may_resit as may_resit
from lms.grading.scales import HOME as HOME
from lms.grading.scales import SCALES as SCALES  # rooms above present a share by these
from lms.grading.scales import Grade as Grade
from lms.grading.scales import Scale as Scale
from lms.grading.scales import grade as grade
from lms.grading.scales import share_of as share_of
from lms.grading.values import Change as Change
from lms.grading.values import FinalResult as FinalResult
from lms.grading.values import ModuleResult as ModuleResult
from lms.grading.values import Part as Part
from lms.grading.values import Recorded as Recorded
from lms.grading.values import Records as Records
from lms.grading.values import Step as Step
from lms.grading.weighing import final_result as final_result
from lms.grading.weighing import module_result as module_result

Releases = Mapping[tuple[str, str], datetime]       # (module, item) -> up to when a person's markings are published


@dataclass(frozen=True)
class Sat:
    """One sitting of a quiz that was handed in. `waiting` answers have no mark; `unreleased` have one not published."""
    number: int
    points: Fraction
    out_of: Fraction
    waiting: int = 0
    unreleased: int = 0

    @property
    def share(self) -> Fraction:
        """Of its points; nothing where they are less than nothing, all where certainty made them more than all."""
        return held(self.points / self.out_of) if self.out_of else Fraction(0)


@dataclass(frozen=True)
class Handed:
    """The last version of a task. `points` is None until someone has marked it."""
    points: Fraction | None
    out_of: Fraction
    days_late: int = 0
    released: bool = True
    rule: LateRule | None = None        # None: the programme's


def published(marker_id: int | None, marked_at: datetime, released_at: datetime | None) -> bool:
    """Whether students see a marking: the machine's at once, a person's once it is published."""
    return marker_id is None or (released_at is not None and marked_at <= released_at)


def sat(quiz: Quiz, attempt: AttemptFact, released_at: datetime | None, hide: bool = True) -> Sat:
    """A sitting as it counts; with `hide`, as the student may know it."""
    given = {s.question: s for s in attempt.scores}
    found = [(q, given.get(q.id)) for q in quiz.questions if KINDS[q.kind].asks]
    return Sat(attempt.number, sum((s.points for _, s in found if s), Fraction(0)),
               sum((s.out_of if s else q.points for q, s in found), Fraction(0)),
               waiting=sum(s is None for _, s in found),
               unreleased=sum(s is not None and not published(s.marker_id, s.marked_at, released_at)
                              for _, s in found) if hide else 0)


def handed(work: SubmissionFact, released_at: datetime | None, hide: bool = True,
           late_days: int | None = None, rule: LateRule | None = None) -> Handed:
    """A task as it counts; with `hide`, as the student may know it. Lateness is told up to `late_days`."""
    late = days_late(work.handed_in_at, work.due_at)
    late = late if late_days is None else min(late, late_days)
    if work.marking is None:
        return Handed(None, Fraction(0), late)
    seen = not hide or published(work.marking.marker_id, work.marking.marked_at, released_at)
    return Handed(work.marking.points, work.marking.out_of, late, seen, rule)


@dataclass(frozen=True)
class Opinion:
    """What a marker says of a piece of work, before it is kept."""
    points: Fraction
    levels: str                     # JSON, as levels_of reads it; "" without a rubric
    feedback: str                   # Markdown
    based_on: int | None            # the marking that stood when the page was made

    def repeats(self, mark: MarkFact | None) -> bool:
        """Whether it says again what stands already."""
        said = (self.points, self.levels, self.feedback)
        return mark is not None and (mark.points, mark.levels, mark.feedback) == said


def levels_of(mark: MarkFact | None) -> list[int]:
    """The level chosen for each criterion, as indices; [] when there is none or it can not be read."""
    try:
        found = json.loads(mark.levels) if mark and mark.levels else []
    except ValueError:
        return []
    return found if isinstance(found, list) and all(isinstance(i, int) for i in found) else []


def key_shown(taken: int, allowed: int, best: Fraction | None, closed: bool) -> bool:
    """May a student see the right answers? Only when no further attempt could profit from them."""
    return taken >= allowed or closed or best == 1


def quiz_part(weight: int, sittings: list[Sat], allowed: int, running: bool, home: Scale = HOME,
              counts: str = "best") -> Part:
    """The sitting that counts, of those whose every answer has a published mark. Where not the best counts, every
    sitting has to be marked first."""
    marked = [s for s in sittings if not s.waiting and not s.unreleased and s.out_of]
    if not marked or (counts != "best" and len(marked) < len(sittings)):
        state = ("marking" if any(s.waiting for s in sittings) else "unreleased" if sittings else
                 "running" if running else "none")
        return Part("quiz", weight, None, state)
    if counts == "mean" and len(marked) > 1:
        share = counted(counts, [s.share for s in marked])
        return Part("quiz", weight, share, "marked", (Step("mean_of", {
            "shares": [s.share for s in marked], "share": share, "raw": home.raw(share),
            "grade": home.rounded(home.raw(share))}),))
    chosen = {"last": marked[-1], "first": marked[0]}.get(counts) or max(marked, key=lambda s: (s.share, -s.number))
    share = chosen.share
    return Part("quiz", weight, share, "marked", (
        Step("best", {"number": chosen.number, "taken": len(sittings), "allowed": allowed, "counts": counts}),
        Step("points", {"points": chosen.points, "out_of": chosen.out_of, "share": share, "raw": home.raw(share),
                        "grade": home.rounded(home.raw(share))})))


def less_late(share: Fraction, out_of: Fraction, rule: LateRule, days: int, home: Scale) -> Fraction:
    """A share less what so many days take away: grades, never below the scale's least, or points, never below none."""
    less = Fraction(rule.per_day) * days
    if rule.unit == "points":
        return max(share - less / out_of, Fraction(0))
    return home.share(max(home.raw(share) - less, Fraction(home.minimum))) if less else share


def task_part(weight: int, handed: Handed | None, late_per_day: Decimal, home: Scale = HOME) -> Part:
    """Points as a share, less what lateness takes away (in grade points of the home scale, never below its minimum)."""
    if handed is None:
        return Part("task", weight, None, "none")
    if handed.points is None or not handed.released:
        return Part("task", weight, None, "marking" if handed.points is None else "unreleased")
    share = handed.points / handed.out_of
    raw = home.raw(share)
    steps = [Step("points", {"points": handed.points, "out_of": handed.out_of, "share": share, "raw": raw,
                             "grade": home.rounded(raw)})]
    if handed.days_late:
        rule = handed.rule or LateRule(late_per_day, handed.days_late)
        share = less_late(share, handed.out_of, rule, handed.days_late, home)
        less = home.raw(share)
        steps.append(Step("late", {"days": handed.days_late, "per_day": rule.per_day, "raw": less, "unit": rule.unit,
                                   "points": share * handed.out_of,
                                   "grade": home.rounded(less)}))
    return Part("task", weight, share, "marked", tuple(steps))


def result_of(programme: Programme, module: Module, tried: Sequence[tuple[Quiz, AttemptFact]],
              work: SubmissionFact | None, releases: Releases, hide: bool = True, home: Scale = HOME,
              records: Records | None = None) -> ModuleResult:
    """What a module comes to from a person's facts; each attempt comes with the quiz as it was when taken. `records`:
    what was recorded by hand, by item."""
    parts = []
    if module.quiz:
        done = [sat(quiz, attempt, releases.get((module.code, "quiz")), hide)
                for quiz, attempt in tried if attempt.submitted_at]
        newest = tried[-1][0] if tried else module.quiz         # its settings are the ones the person knows of
        parts.append(quiz_part(module.quiz.weight, done, newest.attempts, len(done) < len(tried), home,
                               newest.counts))
    if module.task:
        rule = LateRule.of(work.late if work else "", programme)
        given = handed(work, releases.get((module.code, "task")), hide, rule.days, rule) if work else None
        parts.append(task_part(module.task.weight, given, programme.late_per_day, home))
    parts += [Part(item.code, item.weight, None, "none", name=item.name) for item in module.grading.items]
    return module_result(module, parts, home, records)
