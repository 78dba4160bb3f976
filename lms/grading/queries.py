"""What a cohort's work comes to, what is published, and what is marked but not yet published."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import CompoundSelect, Text, bindparam, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import AttemptFact, ScoreFact, SubmissionFact
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Programme, Question, Quiz
from lms.cohorts.queries import CohortView
from lms.grading import anew, policies
from lms.grading.changes import COLUMNS
from lms.grading.changes import history as history
from lms.grading.changes import last as last_changes
from lms.grading.comparing import allowed as compares
from lms.grading.models import ComparisonChoice, GradeChange, PolicyChoice, Release, ScalePolicy
from lms.grading.policies import Policies as Policies
from lms.grading.queue import Piece as Piece  # for the rooms above
from lms.grading.queue import Queue as Queue
from lms.grading.queue import queue as queue
from lms.grading.rules import Change as Change
from lms.grading.rules import ModuleResult, Releases, published, result_of
from lms.grading.scales import HOME, Scale
from lms.grading.scales import share_of as share_of
from lms.grading.values import Records, recorded

ITEMS = ("quiz", "task")
FEW = 1000                              # people asked for by their ids; more are cheaper asked for all
MANY = 20                               # people for whom the whole cohort is computed (grading.anew)
__all__ = ["Change", "Facts", "ItemState", "Piece", "Policies", "Queue", "by_hand", "compares", "facts", "history",
           "judged", "last_changes", "policies_of", "queue", "quiz_of", "release_state", "releases", "results",
           "share_of", "usual_policies"]
policies_of = policies.of               # for the rooms above
usual_policies = policies.standing      # of a country, where no cohort is at hand


def releases(session: Session, cohort_id: int) -> dict[tuple[str, str], datetime]:
    """(module, item) -> when its marks were last published. One statement."""
    rows = session.execute(select(Release.module, Release.item, func.max(Release.released_at))
                           .where(Release.cohort_id == cohort_id).group_by(Release.module, Release.item))
    return {(module, item): at for module, item, at in rows}


# Releases, the scales a cohort goes by, whether it is compared, and the grades recorded by hand, in one statement;
# what a part lacks is NULL.
_RELEASED = select(literal("release"), func.max(Release.id), cast(null(), GradeChange.person_id.type), Release.module,
                   Release.item, cast(null(), Text()), cast(null(), GradeChange.share.type), cast(null(), Text()),
                   cast(null(), GradeChange.author_id.type), func.max(Release.released_at)).where(
    Release.cohort_id == bindparam("cohort")).group_by(Release.module, Release.item)
_CHOSEN = policies.CHOSEN.with_only_columns(
    literal("scale"), PolicyChoice.id, cast(null(), GradeChange.person_id.type), PolicyChoice.role, literal(""),
    ScalePolicy.content, cast(null(), GradeChange.share.type), cast(null(), Text()),
    cast(null(), GradeChange.author_id.type), cast(null(), GradeChange.at.type)).order_by(None)
_COMPARED = select(
    literal("compared"), ComparisonChoice.id, cast(null(), GradeChange.person_id.type), literal(""), literal(""),
    case((ComparisonChoice.allowed, "si"), else_="no"), cast(null(), GradeChange.share.type), cast(null(), Text()),
    cast(null(), GradeChange.author_id.type), cast(null(), GradeChange.at.type)).where(
    ComparisonChoice.cohort_id == bindparam("cohort"))
_CHANGED = select(literal("change"), *COLUMNS).where(GradeChange.cohort_id == bindparam("cohort"))


@lru_cache
def _beside(by_person: bool) -> CompoundSelect[Any]:
    changed = _CHANGED.where(GradeChange.person_id.in_(bindparam("people", expanding=True))) if by_person else _CHANGED
    return union_all(_RELEASED, _CHOSEN, _COMPARED, changed)


@dataclass(frozen=True)
class Beside:
    """What stands in a cohort beside the work itself."""
    releases: dict[tuple[str, str], datetime]
    records: dict[tuple[int, str], Records]                 # (person, module): recorded by hand


def beside(session: Session, cohort_id: int, person_ids: Collection[int] | None = None) -> Beside:
    """One statement; it tells `policies.of` and `compares` of the cohort too."""
    few = person_ids is not None and len(person_ids) <= FEW
    rows = sorted(session.execute(_beside(few), {"cohort": cohort_id, **(
        {"people": list(person_ids or ())} if few else {})}), key=itemgetter(1))
    policies.told(session, cohort_id, [(row[3], row[5]) for row in rows if row[0] == "scale"])
    session.info.setdefault("comparison", {})[cohort_id] = "si" in [r[5] for r in rows if r[0] == "compared"][-1:]
    changed: dict[tuple[int, str], list[Change]] = {}
    for row in rows:
        if row[0] == "change":
            changed.setdefault((row[2], row[3]), []).append(Change(*row[1:]))
    records: dict[tuple[int, str], Records] = {key: recorded(found) for key, found in changed.items()}
    session.info.setdefault("by_hand", {})[cohort_id] = frozenset(
        (*key, item) for key, found in records.items() for item in found)
    return Beside({(row[3], row[4]): row[9] for row in rows if row[0] == "release"},
                  records)


def by_hand(session: Session, cohort_id: int) -> frozenset[tuple[int, str, str]]:
    """(person, module, item) of each grade that stands because somebody recorded it, as `results` has just read them:
    no statement. Item "" is the module."""
    found: dict[int, frozenset[tuple[int, str, str]]] = session.info.get("by_hand", {})
    return found.get(cohort_id, frozenset())


@dataclass(frozen=True)
class Facts:
    """The work of some people in one cohort."""
    attempts: dict[tuple[int, str], list[AttemptFact]]      # (person, module)
    work: dict[tuple[int, str], SubmissionFact]
    releases: Releases
    records: dict[tuple[int, str], Records] = field(default_factory=dict)
    home: Scale = HOME


def facts(session: Session, cohort_id: int, person_ids: Collection[int] | None,
          modules: Collection[str] | None = None, hide: bool = True) -> Facts:
    """Everything a judgement of these people looks at; with `hide`, of a mark corrected in silence the one that was
    published. Two statements, for a thousand people as for one."""
    stand = beside(session, cohort_id, person_ids)
    shown = stand.releases
    tried, work = attempts.work_facts(session, cohort_id, person_ids, modules, shown if hide else None)
    attempts.quizzes(session, tried)
    by_quiz: dict[tuple[int, str], list[AttemptFact]] = {}
    for attempt in tried:
        by_quiz.setdefault((attempt.person_id, attempt.module), []).append(attempt)
    return Facts(by_quiz, {(s.person_id, s.module): s for s in work}, shown, stand.records,
                 policies.of(session, cohort_id, "").home)


def results(session: Session, cohort: CohortView, programme: Programme, person_ids: Iterable[int],
            released_only: bool = True, modules: Collection[str] | None = None) -> dict[int, dict[str, ModuleResult]]:
    """Person -> module -> what it comes to; with `released_only`, as the person may know it."""
    ids = list(person_ids)
    if len(ids) > MANY:
        besides = beside(session, cohort.id, ids)
        return anew.results(session, cohort.id, programme, ids, policies.of(session, cohort.id, cohort.country).home,
                            besides.records, besides.releases if released_only else None, modules)
    known = facts(session, cohort.id, ids, modules, released_only)
    return judged(session, programme, known, ids, released_only, modules)


def judged(session: Session, programme: Programme, known: Facts, person_ids: Iterable[int],
           released_only: bool = True, modules: Collection[str] | None = None) -> dict[int, dict[str, ModuleResult]]:
    """`results` from facts at hand: no statement once the editions are known to this process."""
    wanted = [m for m in programme.modules if modules is None or m.code in modules]
    return {person: {m.code: result_of(programme, m, _tried(session, known.attempts.get((person, m.code), ())),
                                       known.work.get((person, m.code)), known.releases, released_only,
                                       known.home, known.records.get((person, m.code)))
                     for m in wanted} for person in person_ids}


def _tried(session: Session, found: Iterable[AttemptFact]) -> list[tuple[Quiz, AttemptFact]]:
    """Each attempt with the quiz it was given."""
    pairs = ((attempts.quiz_of(session, a), a) for a in found)
    return [(quiz, attempt) for quiz, attempt in pairs if quiz]


def quiz_of(session: Session, edition_id: str, module: str) -> Quiz | None:
    """A quiz as its edition has it; as an attempt was given it, ask `attempts.queries.quiz_of`."""
    found = catalogue.programme(session, edition_id).module(module)
    return found.quiz if found else None


@dataclass(frozen=True)
class ItemState:
    """How far the marking of one item of a cohort is. Counted in submissions of a task, answers of a quiz."""
    module: str
    item: str
    waiting: int = 0            # nobody has marked them
    unpublished: int = 0        # marked, but the student does not know
    published: int = 0
    people: tuple[int, ...] = ()    # whom publishing would tell something new
    released_at: datetime | None = None


def release_state(session: Session, cohort: CohortView, modules: Collection[str] | None = None) -> list[ItemState]:
    """Every item that persons mark in a cohort, in the programme's order."""
    known = facts(session, cohort.id, None, modules, hide=False)
    programme = catalogue.programme(session, cohort.edition_id)
    counts: dict[tuple[str, str], Counter[str]] = {}
    people: dict[tuple[str, str], set[int]] = {}
    for person, key, score in _marks(session, known):
        state = ("waiting" if score is None else
                 "published" if published(score[0], score[1], known.releases.get(key)) else "unpublished")
        counts.setdefault(key, Counter())[state] += 1
        if state == "unpublished":
            people.setdefault(key, set()).add(person)
    none: Counter[str] = Counter()
    return [ItemState(m.code, item, **counts.get((m.code, item), none), released_at=known.releases.get((m.code, item)),
                      people=tuple(sorted(people.get((m.code, item), ()))))
            for m in programme.modules if modules is None or m.code in modules
            for item in ITEMS if (m.code, item) in counts or _by_hand(m.quiz if item == "quiz" else None)
            or (item == "task" and m.task)]


def _asking(quiz: Quiz) -> list[Question]:
    return [q for q in quiz.questions if KINDS[q.kind].asks]


def _by_hand(quiz: Quiz | None) -> bool:
    return quiz is not None and bool(attempts.by_hand(quiz))


def _marks(session: Session, known: Facts) -> Iterable[tuple[int, tuple[str, str], tuple[int | None, datetime] | None]]:
    """(person, (module, item), last marking as (marker, when) or None) of all that persons mark."""
    for (person, module), work in known.work.items():
        yield person, (module, "task"), (work.marking.marker_id, work.marking.marked_at) if work.marking else None
    for (person, module), tried in known.attempts.items():
        for quiz, attempt in _tried(session, tried):
            given: dict[str, ScoreFact] = {s.question: s for s in attempt.scores}
            for q in _asking(quiz) if attempt.submitted_at else ():
                score = given.get(q.id)
                if score is None or score.marker_id is not None:
                    yield person, (module, "quiz"), (score.marker_id, score.marked_at) if score else None
