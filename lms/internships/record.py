"""All that happened with placements, read in one statement: steps, plan, papers, reports, evaluations, hours."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.internships.hours import Entry, Signed
from lms.internships.models import (
    Evaluation,
    FinalReport,
    LogEntry,
    MidReview,
    PlacementEvent,
    PlacementPaper,
    PlanApproval,
    WeekSignature,
    WorkPlan,
)
from lms.internships.plans import Plan, Terms, read

WIDTH = 9               # texts of a row


@dataclass(frozen=True)
class Happened:
    id: int
    at: datetime
    by_id: int | None
    kind: str
    reason: str
    frozen: str


@dataclass(frozen=True)
class PlanView:
    id: int
    at: datetime
    by_id: int | None
    version: int
    plan: Plan
    terms: Terms
    sha256: str


@dataclass(frozen=True)
class ApprovalView:
    id: int
    at: datetime
    by_id: int | None
    plan_id: int
    party: str
    approved: bool
    comment: str
    name: str
    by_link: bool


@dataclass(frozen=True)
class PaperView:
    id: int
    at: datetime
    by_id: int | None
    kind: str
    issuer: str
    number: str
    dated_on: date | None
    starts_on: date | None
    ends_on: date | None
    note: str
    sha256: str
    file_name: str


@dataclass(frozen=True)
class ReviewView:
    id: int
    at: datetime
    by_id: int | None
    on: date
    findings: str
    adjustments: str


@dataclass(frozen=True)
class ReportView:
    id: int
    at: datetime
    version: int
    content: Mapping[str, str]
    sha256: str
    file_name: str


@dataclass(frozen=True)
class EvaluationView:
    id: int
    at: datetime
    by_id: int | None
    party: str
    levels: Mapping[str, int]
    share: Fraction | None
    comment: str
    name: str
    by_link: bool


@dataclass
class Record:
    """What happened with one placement, first to last."""
    events: list[Happened] = field(default_factory=list)
    plans: list[PlanView] = field(default_factory=list)
    approvals: list[ApprovalView] = field(default_factory=list)
    papers: list[PaperView] = field(default_factory=list)
    reviews: list[ReviewView] = field(default_factory=list)
    reports: list[ReportView] = field(default_factory=list)
    evaluations: list[EvaluationView] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    signatures: list[Signed] = field(default_factory=list)

    @property
    def plan(self) -> PlanView | None:
        """The present version."""
        return self.plans[-1] if self.plans else None

    @property
    def report(self) -> ReportView | None:
        return self.reports[-1] if self.reports else None

    def said(self, party: str) -> ApprovalView | None:
        """A party's word on the present version of the plan."""
        return next((a for a in self.approvals if self.plan and a.plan_id == self.plan.id and a.party == party), None)

    @property
    def closing(self) -> dict[str, Any] | None:
        """What was frozen the last time it was closed."""
        last = next((e for e in reversed(self.events) if e.kind == "closed"), None)
        return json.loads(last.frozen) if last else None

    def evaluation(self, party: str) -> EvaluationView | None:
        """The last one of a party: it counts."""
        return next((e for e in reversed(self.evaluations) if e.party == party), None)

    @property
    def people(self) -> set[int]:
        """Whose names a page of it shows."""
        found = [*self.events, *self.plans, *self.approvals, *self.papers, *self.reviews, *self.evaluations]
        return {x.by_id for x in found if x.by_id}


def records(session: Session, ids: Iterable[int]) -> dict[int, Record]:
    """Placement -> what happened with it. One statement, however many."""
    session.flush()
    wanted = list(ids)
    found: dict[int, Record] = defaultdict(Record)
    if wanted:
        for row in session.execute(_query(wanted)):
            where, what = READERS[row.what]
            getattr(found[row.placement_id], where).append(what(row))
    return found


def record(session: Session, placement_id: int) -> Record:
    return records(session, [placement_id])[placement_id]


def _query(ids: list[int]) -> Any:
    e, p, a, d = (t.__table__.c for t in (PlacementEvent, WorkPlan, PlanApproval, PlacementPaper))
    m, r, v, g, s = (t.__table__.c for t in (MidReview, FinalReport, Evaluation, LogEntry, WeekSignature))
    later = LogEntry.__table__.alias("later")
    nobody = cast(null(), Integer)
    approvals = PlanApproval.__table__.join(WorkPlan.__table__, p.id == a.plan_id)
    parts = (
        _part("event", e.placement_id, e.id, e.at, e.by_id, e.kind, e.reason, e.frozen),
        _part("plan", p.placement_id, p.id, p.written_at, p.written_by, p.version, p.content, p.sha256),
        _part("approval", p.placement_id, a.id, a.at, a.by_id, a.plan_id, a.party, _flag(a.approved), a.comment, a.name,
              _flag(a.link_id.is_not(None))).select_from(approvals),
        _part("paper", d.placement_id, d.id, d.added_at, d.added_by, d.kind, d.issuer, d.number, d.dated_on,
              d.starts_on, d.ends_on, d.note, d.sha256, d.file_name).where(d.withdrawn_at.is_(None)),
        _part("review", m.placement_id, m.id, m.written_at, m.written_by, m.on, m.findings, m.adjustments),
        _part("report", r.placement_id, r.id, r.handed_in_at, nobody, r.version, r.content, r.sha256, r.file_name),
        _part("evaluation", v.placement_id, v.id, v.at, v.by_id, v.party, v.levels, v.share, v.comment, v.name,
              _flag(v.link_id.is_not(None))),
        _part("entry", g.placement_id, g.id, g.received_at, nobody, g.day, g.starts, g.ends, g.pause, _flag(g.remote),
              g.activity, g.outcome).where(g.withdrawn.is_(False), ~select(later.c.id).where(
                  later.c.replaces_id == g.id).exists()),
        _part("signature", s.placement_id, s.id, s.at, s.by_id, s.week, s.entries, _flag(s.signed), s.minutes))
    places = (e, p, p, d, m, r, v, g, s)
    return union_all(*(part.where(columns.placement_id.in_(ids)) for part, columns in zip(parts, places, strict=True))
                     ).order_by("id")


def _part(what: str, placement: Any, key: Any, at: Any, by: Any, *texts: Any) -> Select[Any]:
    """A table as rows of one shape: everything but its keys and its time as text."""
    cells = [cast(t, Text).label(f"t{n}") for n, t in enumerate(texts)]
    blanks = [literal("").label(f"t{n}") for n in range(len(texts), WIDTH)]
    return select(literal(what).label("what"), placement.label("placement_id"), key.label("id"), at.label("at"),
                  by.label("by_id"), *cells, *blanks)


def _flag(condition: Any) -> Any:
    return case((condition, "1"), else_="")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plan(r: Any) -> PlanView:
    plan, terms = read(r.t1)
    return PlanView(r.id, r.at, r.by_id, int(r.t0), plan, terms, r.t2)


def _paper(r: Any) -> PaperView:
    return PaperView(r.id, r.at, r.by_id, r.t0, r.t1, r.t2, _day(r.t3), _day(r.t4), _day(r.t5), r.t6, r.t7, r.t8)


def _evaluation(r: Any) -> EvaluationView:
    return EvaluationView(r.id, r.at, r.by_id, r.t0, json.loads(r.t1), Fraction(r.t2) if r.t2 else None, r.t3, r.t4,
                          bool(r.t5))


def _entry(r: Any) -> Entry:
    return Entry(date.fromisoformat(r.t0), r.t1, r.t2, int(r.t3), r.id, bool(r.t4), r.t5, r.t6)


READERS: dict[str, tuple[str, Any]] = {
    "event": ("events", lambda r: Happened(r.id, r.at, r.by_id, r.t0, r.t1, r.t2)),
    "plan": ("plans", _plan),
    "approval": ("approvals", lambda r: ApprovalView(r.id, r.at, r.by_id, int(r.t0), r.t1, bool(r.t2), r.t3, r.t4,
                                                     bool(r.t5))),
    "paper": ("papers", _paper),
    "review": ("reviews", lambda r: ReviewView(r.id, r.at, r.by_id, date.fromisoformat(r.t0), r.t1, r.t2)),
    "report": ("reports", lambda r: ReportView(r.id, r.at, int(r.t0), json.loads(r.t1), r.t2, r.t3)),
    "evaluation": ("evaluations", _evaluation),
    "entry": ("entries", _entry),
    "signature": ("signatures", lambda r: Signed(date.fromisoformat(r.t0), frozenset(json.loads(r.t1)), bool(r.t2),
                                                 int(r.t3))),
}
