"""A pull: read what to ask, ask with nothing open, write what was told in short transactions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortView
from lms.credits import actions
from lms.credits.asking import Asked, Asker, Told
from lms.credits.models import SourcePull
from lms.foundation.database import Database

OVERLAP = timedelta(days=7)         # asked again each time: a source may tell late
AT_ONCE = 200                       # facts a transaction: nobody else's writing waits for a long list

Sources = Mapping[str, tuple[str, object]]


@dataclass(frozen=True)
class Pulled:
    """What came of asking one source for one cohort."""
    source: str
    cohort: str
    taken: int
    known: int
    refused: tuple[tuple[str, str], ...]        # (reference, why)
    error: str


def pull(database: Database, asker: Asker, sources: Sources, now: datetime, limit: float, *, asked_by: str,
         cohort_ids: Collection[int] | None = None, since: datetime | None = None, actor_id: int | None = None
         ) -> list[Pulled]:
    """Ask these sources for these cohorts (None: all). Whatever goes wrong in one is told by its name and changes
    nobody's result."""
    with database.reading() as session:
        of = cohorts.cohorts(session, cohort_ids)
        last = {} if since else _last(session)
    asked = [Asked(name, group, source, [(c.code, since or last.get((name, c.id))) for c in of])
             for name, (group, source) in sources.items()]
    told = asker.ask(asked, limit)
    return [_kept(database, now, one, cohort, told[one.name][cohort.code], asked_by, actor_id)
            for one in asked for cohort in of]


def _kept(database: Database, now: datetime, asked: Asked, cohort: CohortView, told: Told, asked_by: str,
          actor_id: int | None) -> Pulled:
    taken, known, refused = 0, 0, list[tuple[str, str]]()
    for start in range(0, len(told.facts), AT_ONCE):
        with database.transaction() as session:
            new, old, wrong = actions.take_all(session, now, cohort, asked.name, asked.group,
                                               told.facts[start:start + AT_ONCE], actor_id)
        taken, known, refused = taken + new, known + old, refused + wrong
    with database.transaction() as session:
        actions.note_pull(session, actor_id, now, cohort.id, asked.name, taken=taken, known=known, refused=refused,
                          error=told.error, ms=told.ms, asked_by=asked_by)
    return Pulled(asked.name, cohort.code, taken, known, tuple(refused), told.error)


def _last(session: Session) -> dict[tuple[str, int], datetime]:
    """(source, cohort) -> since when it is asked: its last good answer, less a week."""
    rows = session.execute(select(SourcePull.source, SourcePull.cohort_id, func.max(SourcePull.pulled_at))
                           .where(SourcePull.error == "").group_by(SourcePull.source, SourcePull.cohort_id))
    return {(source, cohort_id): at - OVERLAP for source, cohort_id, at in rows}
