"""When an attempt may begin and when the bell rings, what it scores, when work is late, what a receipt says. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256

from lms.attempts.behaviours.behaviour import State as State
from lms.attempts.behaviours.certainty import Report
from lms.attempts.scoring import certainty_of as certainty_of
from lms.attempts.scoring import ended as ended
from lms.attempts.values import AttemptFact as AttemptFact
from lms.attempts.values import Given as Given
from lms.attempts.values import Kept as Kept
from lms.attempts.values import LateRule as LateRule
from lms.attempts.values import MarkFact as MarkFact
from lms.attempts.values import Paper as Paper
from lms.attempts.values import Refusal as Refusal
from lms.attempts.values import ScoreFact as ScoreFact
from lms.attempts.values import Sent as Sent
from lms.attempts.values import Sitting as Sitting
from lms.attempts.values import SubmissionFact as SubmissionFact
from lms.attempts.values import TaskRules as TaskRules
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz
from lms.cohorts.rules import Locked
from lms.foundation.file_names import file_name as file_name
from lms.foundation.walltime import deadline_passed, elapsed

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CertaintyReport = Report                # for the rooms above
GRACE = timedelta(seconds=30)           # for a save that was on its way when the bell rang
KEY = re.compile(r"[A-Za-z0-9-]{8,36}")  # what a device may call one of its saves: crypto.randomUUID() has 36


# An attempt -----------------------------------------------------------------------------------------------------------

def bell(started_at: datetime, minutes: int | None, due: datetime | None) -> datetime | None:
    """When an attempt ends: its minutes are up, or the minute named as the quiz's deadline has gone by."""
    limits = [started_at + timedelta(minutes=minutes)] if minutes else []
    if due is not None:
        limits.append(due + MINUTE)
    return min(limits, default=None)


def told_end(started_at: datetime, ends_at: datetime, minutes: int | None) -> datetime:
    """The end as people are told it: a bell that rings because the deadline's minute is over is told as that minute."""
    cut = minutes is None or ends_at < started_at + timedelta(minutes=minutes)
    return ends_at - MINUTE if cut else ends_at


def open_for_answers(sitting: Sitting, now: datetime) -> bool:
    """Whether an answer that arrives now still counts."""
    return not sitting.over and (sitting.ends_at is None or now <= sitting.ends_at + GRACE)


def last_given(sitting: Sitting) -> datetime:
    """The last moment at which an answer can have been given: the end, or when the person handed it in."""
    ends = [sitting.ends_at + GRACE] if sitting.ends_at else []
    if sitting.submitted_at and not sitting.by_clock:
        ends.append(sitting.submitted_at)
    return min(ends, default=sitting.started_at + 3650 * DAY)


def accepting(sitting: Sitting, time_up: str) -> str:
    """What it does to an attempt that a person accepts answers of a file: "mark" (it is handed in: what changed is
    marked again), "hand_in" (it was not handed in in time, and the quiz forgives that: with the file it is, at the end
    of its time), "running" or "abandoned" (nothing can be accepted).

    A quiz that hands in by itself, or gives minutes to hand in, asks that answers were given in time; who had no
    connection could not press the button. One that abandons what is not handed in asks for the button itself.
    """
    if not sitting.over:
        return "running"
    if not sitting.abandoned:
        return "mark"
    return "abandoned" if time_up == "abandon" else "hand_in"


def rung(sitting: Sitting, now: datetime) -> bool:
    """Whether the time is up, as the person is told."""
    return sitting.ends_at is not None and now >= sitting.ends_at


def overdue(sitting: Sitting, now: datetime) -> bool:
    """Whether the bell has to end it: time and grace are over."""
    return sitting.ends_at is not None and now > (sitting.grace_until or sitting.ends_at) + GRACE


def running(sittings: Iterable[Sitting]) -> Sitting | None:
    return next((s for s in sittings if not s.over), None)


def may_start(locked: Locked | None, due: datetime | None, allowed: int, sittings: Sequence[Sitting],
              now: datetime, wait_minutes: int = 0) -> Refusal | None:
    """Why a new attempt may not begin; None when it may. One that is running is gone on with, never refused."""
    if locked is not None:
        return Refusal("locked", locked=locked)
    if len(sittings) >= allowed:
        return Refusal("used_up")
    if due is not None and deadline_passed(now, due):
        return Refusal("past_due", due=due)
    if wait_minutes and sittings:
        last = sittings[-1]
        until = (last.submitted_at or last.ends_at or last.started_at) + timedelta(minutes=wait_minutes)
        if now < until:
            return Refusal("wait", until=until)
    return None


def folded(rows: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """(row id, question, value) in any order -> what stands answered now: the last row of each question."""
    return {question: value for _, question, value in sorted(rows)}


def partly(question: Question, answer: str) -> bool:
    """Whether some of the question's fields were left empty: a pair without its match, an item without its place."""
    kind = KINDS[question.kind]
    if kind.is_blank(answer):
        return False
    if kind.waits:                      # an essay's text or files may be all that is asked
        return bool(kind.complaint(question, answer))
    return not all(kind.given(question, answer).values())


def unanswered(quiz: Quiz, answers: Mapping[str, str]) -> list[int]:
    """Numbers, from 1, of the questions with no answer."""
    return [n for n, q in enumerate(quiz.questions, 1)
            if KINDS[q.kind].asks and KINDS[q.kind].is_blank(answers.get(q.id, ""))]


def page_of(quiz: Quiz, number: int) -> int:
    """The page, from 1, that shows a question. A section begins on a new page."""
    per, before = max(quiz.per_page, 1), 0
    starts = sorted(s.first for s in quiz.sections if 1 < s.first <= len(quiz.questions))
    for first, following in zip([1, *starts], [*starts, None], strict=True):
        if following is None or number < following:
            return before + (number - first) // per + 1
        before += -((first - following) // per)
    raise AssertionError("the last section has no end")


def pages(quiz: Quiz) -> int:
    return max(page_of(quiz, len(quiz.questions)), 1)


def score(question: Question, answer: str) -> Fraction | None:
    """Points for an answer; None waits for a person. What was left blank waits for nobody."""
    kind = KINDS[question.kind]
    share = Fraction(0) if kind.is_blank(answer) else kind.score(question, answer)
    return None if share is None else share * question.points


def scores(quiz: Quiz, answers: Mapping[str, str]) -> dict[str, Fraction]:
    """What the machine can score of an attempt, by question."""
    found = ((q.id, score(q, answers.get(q.id, ""))) for q in quiz.questions if KINDS[q.kind].asks)
    return {question: points for question, points in found if points is not None}


def share_of(quiz: Quiz, points: Mapping[str, Fraction]) -> Fraction:
    """The share of a quiz's points that these make, by question; what waits counts 0 until it is marked."""
    return held(sum((points.get(q.id, Fraction(0)) for q in quiz.questions), Fraction(0)) / (quiz.points or 1))


def held(share: Fraction) -> Fraction:
    """Between nothing and all: points taken away, or more than all by certainty, go no further."""
    return min(max(share, Fraction(0)), Fraction(1))


def counted(counts: str, shares: Sequence[Fraction]) -> Fraction:
    """What attempts come to, first to last, by which of them counts."""
    if not shares:
        return Fraction(0)
    return {"last": shares[-1], "first": shares[0], "mean": sum(shares, Fraction(0)) / len(shares)
            }.get(counts, max(shares))


def share(quiz: Quiz, attempt: AttemptFact) -> Fraction:
    """An attempt's share of the quiz's points."""
    return share_of(quiz, {s.question: s.points for s in attempt.scores})


# A task ---------------------------------------------------------------------------------------------------------------

def days_late(handed_in_at: datetime, due_at: datetime | None) -> int:
    """Full or part days after the deadline; the minute named as the deadline is still in time, each day."""
    if due_at is None or not deadline_passed(handed_in_at, due_at):
        return 0
    return (elapsed(due_at, handed_in_at) - MINUTE) // DAY + 1


def last_moment(due_at: datetime | None, late_days: int) -> datetime | None:
    """The last minute in which a task is taken, late days included."""
    return due_at + late_days * DAY if due_at is not None else None


def may_hand_in(locked: Locked | None, due: datetime | None, late_days: int, now: datetime) -> Refusal | None:
    """Why a task may not be handed in; None when it may, in time or late."""
    if locked is not None:
        return Refusal("locked", locked=locked)
    if days_late(now, due) > late_days:
        return Refusal("too_late", due=due)
    return None


AFTER_FEEDBACK = timedelta(days=7)      # to hand in again, from the correction on


def may_again(task: TaskRules, due: datetime | None, versions: Sequence[datetime], marked: Sequence[datetime],
              now: datetime) -> tuple[Refusal | None, datetime | None]:
    """(why another version may not be handed in, the deadline of the one that may). `versions`: when those so far came;
    `marked`: when they were corrected."""
    if not versions or task.again == "always":
        return None, due
    in_time = due is None or not deadline_passed(now, due)
    if task.again == "once":
        return Refusal("once"), due
    if task.again == "due" or not marked:
        return (None if in_time else Refusal("again_due", due=due)), due
    after = sum(at > min(marked) for at in versions)
    until = max(marked) + AFTER_FEEDBACK
    if after >= task.times or versions[-1] > max(marked):
        return Refusal("again_used"), due
    return (Refusal("again_due", due=until) if deadline_passed(now, until) else None), until


def receipt_text(*, cohort_id: int, person_id: int, module: str, version: int, handed_in_at: datetime, text: str,
                 files: Iterable[Paper]) -> str:
    """The canonical text of a receipt, one fact a line; its SHA-256 (UTF-8) is the receipt's number.

    Anyone who holds the files can write it again: the text and each file stand in it by their own SHA-256.
    """
    lines = ["lms-entrega 1", f"cohorte {cohort_id}", f"participante {person_id}", f"modulo {module}",
             f"version {version}", f"recibida {handed_in_at.astimezone(UTC).isoformat(timespec='microseconds')}",
             f"texto {sha256(text.encode()).hexdigest()}",
             *(f"archivo {f.sha256} {f.size} {f.name}" for f in files)]
    return "\n".join(lines) + "\n"


def receipt(canonical: str) -> str:
    return sha256(canonical.encode()).hexdigest()
