"""One piece of work on a marker's desk: what was handed in, by what it is marked, and what was said of it before."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.queries import SubmissionView
from lms.attempts.rules import LateRule, MarkFact, Sitting, days_late
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Criterion, Module, Question, Task
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.grading import judging, pins, policies, queue, second, seconding
from lms.grading.judging import Line
from lms.grading.pins import PinView
from lms.grading.queue import Piece
from lms.grading.rules import less_late
from lms.grading.scales import HOME, Scale
from lms.people import queries as people
from lms.people.queries import PersonView
from lms.people.rules import Actor, graded_modules

DECIDED = {"mean": "promedio de dos correcciones", "first": "vale la primera de dos correcciones",
           "third": "la decidió una tercera persona", "talk": "acordada por dos personas"}


@dataclass(frozen=True)
class Desk:
    """A submission, or one answer of an attempt."""
    cohort: CohortView
    module: Module
    person: PersonView                          # where the author is hidden: a name that tells nothing
    markings: tuple[MarkFact, ...]              # first to last
    markers: dict[int, PersonView]
    late_rule: LateRule
    subject: str                                # of the comments kept for it
    actor_id: int
    submission: SubmissionView | None = None
    attempt: Sitting | None = None
    question: Question | None = None
    answer: str = ""                            # as plain text
    attached: tuple[str, ...] = ()              # files of an answer: "sha256/size/name"
    attached: tuple[str, ...] = ()              # files of the answer, "sha256/bytes/name" each
    rubric_id: int | None = None                # the cohort's own; None: the edition's
    rubrics: dict[int, tuple[Criterion, ...]] = field(default_factory=dict)      # earlier ones too, by id
    edition_criteria: tuple[Criterion, ...] = ()
    hidden: bool = False                        # who marks may not know whose it is
    plan: second.Plan = second.Plan()
    voices: dict[str, second.Voice] = field(default_factory=dict)
    role: str | None = ""                       # in second marking; "": marked once; None: waits for somebody else
    decided: str = ""                           # by which rule two opinions became the marking
    pins: tuple[PinView, ...] = ()
    home: Scale = HOME                          # the cohort's scale that decides

    @property
    def task(self) -> Task:
        if self.module.task is None:
            raise LookupError(f"{self.module.code} has no task")
        return self.module.task

    @property
    def keys_are_points(self) -> bool:
        """Whether a level can be chosen by pressing its points: one digit each, none twice in a criterion."""
        return all(c.points <= 9 and len({lv.points for lv in c.levels}) == len(c.levels)
                   for c in self.task.criteria if c.levels)

    @property
    def latest(self) -> MarkFact | None:
        """What the marker goes on from: the marking that stands, or their own opinion until it is decided."""
        own = next((v for v in self.voices.values() if v.marker_id == self.actor_id), None)
        if own and not self.markings:
            return MarkFact(0, own.points, own.out_of, own.levels, own.feedback, own.marker_id, own.marked_at)
        return self.markings[-1] if self.markings else None

    @property
    def out_of(self) -> Fraction:
        return self.question.points if self.question else Fraction(self.task.points)

    @property
    def late(self) -> int:
        """Days, the most that is taken off for."""
        work = self.submission
        return min(days_late(work.handed_in_at, work.due_at), self.late_rule.days) if work else 0

    @property
    def less(self) -> Fraction:
        """What lateness takes away: grades of the home scale, or points."""
        return Fraction(self.late_rule.per_day) * self.late

    def share_of(self, points: Fraction) -> Fraction:
        """What so many points come to, lateness taken away."""
        return less_late(points / self.out_of, self.out_of, self.late_rule, self.late, self.home)

    def lines(self, levels: str) -> list[Line]:
        """What a marking says of each criterion."""
        return judging.lines(levels, self.edition_criteria, self.rubrics)

    @property
    def newer(self) -> int | None:
        """The submission that has taken this one's place."""
        if self.submission is None:
            return None
        last = self.submission.versions[-1]
        return last.id if last.id != self.submission.id else None

    @property
    def work(self) -> dict[str, Any]:
        """As attempts.actions.mark names it."""
        if self.submission:
            return {"submission_id": self.submission.id}
        return {"attempt_id": self.attempt.id if self.attempt else None,
                "question": self.question.id if self.question else None}

    @property
    def text(self) -> str:
        """What passages can be pinned in."""
        return self.submission.text if self.submission else self.answer

    @property
    def piece(self) -> Piece:
        """Its place in the queue."""
        window = self.cohort.calendar.get(self.module.code)
        if self.submission is not None:
            s = self.submission
            return Piece(s.cohort_id, s.person_id, s.module, "task", s.handed_in_at, s.due_at, self.late, s.id)
        a = self.attempt
        if a is None or a.submitted_at is None or self.question is None:
            raise LookupError("nothing on the desk")
        return Piece(a.cohort_id, a.person_id, a.module, "quiz", a.submitted_at,
                     window.due("quiz") if window else None, 0, a.id, self.question.id)


def submission_desk(session: Session, actor: Actor, cohort_id: int, submission_id: int) -> Desk | None:
    """A submission of the modules the actor marks; None for anyone else's and for one's own."""
    cohort = cohorts.cohort(session, cohort_id)
    work = attempts.submission(session, cohort_id, submission_id)
    if cohort is None or work is None or not _may_mark(actor, cohort_id, work.module, work.person_id):
        return None
    programme = catalogue.programme(session, work.edition_id)
    module = programme.module(work.module)
    if module is None or module.task is None:
        return None
    task, version = attempts.task_now(session, cohort_id, work.module, module.task)
    used = {i for i in (judging.loaded(m.levels)[0] for m in work.markings) if i is not None}
    made = Desk(cohort, replace(module, task=task), _nobody(f"t{work.id}"), work.markings, {},
                LateRule.of(work.late, programme), f"{programme.slug}:{work.module}:task", actor.person_id,
                submission=work, rubric_id=version, edition_criteria=module.task.criteria,
                rubrics=attempts.rubrics(session, used | ({version} if version else set())))
    return _seen(session, actor, made, work.person_id, task.anonymous)


def answer_desk(session: Session, actor: Actor, cohort_id: int, attempt_id: int, question_id: str) -> Desk | None:
    """An answer that persons mark, of an attempt handed in, of the modules the actor marks."""
    cohort = cohorts.cohort(session, cohort_id)
    attempt = attempts.attempt(session, cohort_id, attempt_id)
    if (cohort is None or attempt is None or attempt.submitted_at is None
            or not _may_mark(actor, cohort_id, attempt.module, attempt.person_id)):
        return None
    programme = catalogue.programme(session, attempt.edition_id)
    module = programme.module(attempt.module)
    quiz = attempts.quiz_of(session, attempt)
    question = next((q for q in quiz.questions if q.id == question_id), None) if quiz else None
    if module is None or quiz is None or question is None or question_id not in attempts.by_hand(quiz):
        return None
    answer = attempts.answers_of(session, attempt_id).get(question_id, "")
    markings = tuple(attempts.markings_of(session, attempt_id, question_id).get(question_id, ()))
    made = Desk(cohort, module, _nobody(f"q{attempt.id}"), markings, {}, LateRule.of("", programme),
                f"{programme.slug}:{attempt.module}:{question_id}"[:60], actor.person_id, attempt=attempt,
                question=question, answer=KINDS[question.kind].shown(question, answer),
                attached=KINDS[question.kind].given(question, answer).get("q.files", ()))
    return _seen(session, actor, made, attempt.person_id, quiz.anonymous or bool(module.quiz and module.quiz.anonymous))


def _seen(session: Session, actor: Actor, desk: Desk, author: int, anonymous: bool) -> Desk:
    """The desk as this marker may see it: the author hidden where the task or second marking says so, the others'
    opinions until they are decided, and their pins."""
    piece = desk.piece
    voices = seconding.voices(session, piece.tag)
    planned = seconding.plan(session, desk.cohort.id, desk.module.code, piece.item)
    twice = bool(voices) or (planned.takes(piece.tag) and not desk.markings)
    role = second.role_for(planned, voices, actor.person_id, queue.institution(actor, desk.cohort.id)
                           ) if twice and not desk.markings else ""
    hidden = anonymous or (twice and role not in ("", "first"))
    names = people.by_id(session, {author} | {m.marker_id for m in desk.markings if m.marker_id is not None} | (
        {v.marker_id for v in voices.values()} if desk.markings or role == "talk" else set()))
    if hidden and desk.submission:
        desk = replace(desk, submission=replace(desk.submission, files=tuple(
            replace(f, name=f"{queue.code(piece.tag)}-{n}.{f.kind}") for n, f in enumerate(desk.submission.files, 1))))
    if hidden and desk.attached:
        desk = replace(desk, attached=tuple(f"{f.rpartition('/')[0]}/{queue.code(piece.tag)}-{n}"
                                            for n, f in enumerate(desk.attached, 1)))
    mine = role in ("", None) or role == "talk"
    found = pins.pins(session, piece.tag, None if mine and not (twice and not desk.markings and role != "talk")
                      else {actor.person_id})
    decided = seconding.decided(session, [piece.tag]).get(piece.tag, "") if voices and desk.markings else ""
    shown = names[author]
    markers = {i: n for i, n in names.items() if i != author}
    return replace(desk, person=desk.person if hidden else shown, markers=markers,
                   hidden=hidden, plan=planned, voices=voices if desk.markings or role == "talk" else
                   {r: v for r, v in voices.items() if v.marker_id == actor.person_id},
                   role=role, decided=decided, pins=tuple(found),
                   home=policies.of(session, desk.cohort.id, desk.cohort.country).home)


def _nobody(tag: str) -> PersonView:
    name = f"Trabajo {queue.code(tag)}"
    return PersonView(0, "", name, name, "", "")


def _may_mark(actor: Actor, cohort_id: int, module: str, author_id: int) -> bool:
    mine = graded_modules(actor, cohort_id)
    return (mine is None or module in mine) and author_id != actor.person_id

