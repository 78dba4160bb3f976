"""Internships: offers, applications, placements, and every fact that leads to validated hours."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class Offer(Base):
    """Places at a host, under an agreement, that participants may apply for."""
    __tablename__ = "internship_offers"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)     # None: of all cohorts
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")          # Markdown
    requirements: Mapped[str] = mapped_column(Text, default="")         # Markdown
    modality: Mapped[str] = mapped_column(String(8))                    # site | remote | mixed
    language: Mapped[str] = mapped_column(String(8), default="es")
    places: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[Fraction] = mapped_column(Exact)                      # planned, of work
    supervisor_name: Mapped[str] = mapped_column(String(160), default="")       # of the host
    supervisor_email: Mapped[str] = mapped_column(String(254), default="")
    supervisor_office: Mapped[str] = mapped_column(String(160), default="")
    apply_by: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Application(Base):
    """A participant wants a place of an offer. What became of it are its events."""
    __tablename__ = "internship_applications"
    __table_args__ = (UniqueConstraint("offer_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("internship_offers.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    motivation: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    applied_at: Mapped[datetime] = mapped_column(Instant)


class ApplicationEvent(Base):
    """Selected, put on the reserve list, declined or withdrawn."""
    __tablename__ = "internship_application_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("internship_applications.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))                       # selected | reserve | declined | withdrawn
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")


class Placement(Base):
    """One participant at one host. Its state is the fold of its events and of what the papers say."""
    __tablename__ = "placements"
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("internship_applications.id"), unique=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(160))
    modality: Mapped[str] = mapped_column(String(8))                    # site | remote | mixed
    language: Mapped[str] = mapped_column(String(8), default="es")
    time_zone: Mapped[str] = mapped_column(String(60))                  # the host's
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[Fraction] = mapped_column(Exact)                      # planned, of work
    supervisor_name: Mapped[str] = mapped_column(String(160), default="")       # of the host; has no account
    supervisor_email: Mapped[str] = mapped_column(String(254), default="")
    supervisor_office: Mapped[str] = mapped_column(String(160), default="")
    academic_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    student_regime: Mapped[bool] = mapped_column(default=False)         # Ley 26.427 (AR): at most 20 h a week
    authority: Mapped[bool] = mapped_column(default=False)              # a Chilean mayor or councillor (LOC 79 ll)
    emergency_contact: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class PlacementEvent(Base):
    """One step of a placement; what was promised with it stands frozen beside it."""
    __tablename__ = "placement_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(14))                       # rules.STEPS
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    frozen: Mapped[str] = mapped_column(Text, default="")               # JSON: of closing: hours, credits, grade, steps


class WorkPlan(Base):
    """A version of the plan; the three parties approve the bytes whose hash it carries."""
    __tablename__ = "work_plans"
    __table_args__ = (UniqueConstraint("placement_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)                          # JSON: rules.Plan
    sha256: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class PlanApproval(Base):
    """A party's yes, or what it wants changed, to one version of the plan."""
    __tablename__ = "plan_approvals"
    __table_args__ = (UniqueConstraint("plan_id", "party"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plans.id"))
    party: Mapped[str] = mapped_column(String(12))                      # participant | host | academic
    approved: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("host_links.id"))
    name: Mapped[str] = mapped_column(String(160))                      # as they signed


class PlacementPaper(Base):
    """Insurance, the council's agreement, the decree, an invitation: what must be there before it starts."""
    __tablename__ = "placement_papers"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))           # insurance | council | decree | invitation | other
    issuer: Mapped[str] = mapped_column(String(200))                    # insurer, council, host
    number: Mapped[str] = mapped_column(String(80), default="")
    dated_on: Mapped[date | None]
    starts_on: Mapped[date | None]                                      # of the cover
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class LogEntry(Base):
    """Hours of one day as the participant tells them. A correction is a new entry that names the old one."""
    __tablename__ = "log_entries"
    __table_args__ = (UniqueConstraint("placement_id", "reference"),
                      Index("ix_log_entries_placement_id_day", "placement_id", "day"))
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    reference: Mapped[str] = mapped_column(String(40))                  # made by the phone: sent twice, kept once
    day: Mapped[date]                                                   # in the placement's zone
    starts: Mapped[str] = mapped_column(String(5))                      # "09:00", wall time there
    ends: Mapped[str] = mapped_column(String(5))
    pause: Mapped[int] = mapped_column(default=0)                       # minutes
    activity: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(40), default="")        # of the plan
    remote: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(Instant)               # by the phone's clock
    received_at: Mapped[datetime] = mapped_column(Instant)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("log_entries.id"), unique=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)              # replaces by nothing


class LogEvidence(Base):
    """A photo, reduced and without its location, or a file, that goes with an entry."""
    __tablename__ = "log_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("log_entries.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]                                                   # bytes
    added_at: Mapped[datetime] = mapped_column(Instant)


class WeekSignature(Base):
    """What the host supervisor said of a week: exactly the entries listed, by their hash. The last one counts."""
    __tablename__ = "week_signatures"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    week: Mapped[date]                                                  # its Monday
    entries: Mapped[str] = mapped_column(Text)                          # JSON: entry ids
    minutes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))                     # of what was shown
    signed: Mapped[bool]                                                # False: returned with a comment
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("host_links.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the office, with the host's paper
    name: Mapped[str] = mapped_column(String(160))


class MidReview(Base):
    """How it goes, half way, and what is adjusted."""
    __tablename__ = "mid_reviews"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    on: Mapped[date]
    findings: Mapped[str] = mapped_column(Text)
    adjustments: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class FinalReport(Base):
    """A version of the final report: required headings, self-assessment, the transferable practice."""
    __tablename__ = "internship_reports"
    __table_args__ = (UniqueConstraint("placement_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)                          # JSON: heading -> text
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    handed_in_at: Mapped[datetime] = mapped_column(Instant)


class Evaluation(Base):
    """By rubric: host and academic supervisor on the work, the participant on the host. The last counts."""
    __tablename__ = "internship_evaluations"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    party: Mapped[str] = mapped_column(String(12))                      # host | academic | participant
    levels: Mapped[str] = mapped_column(Text)                           # JSON: criterion -> level
    share: Mapped[Fraction | None] = mapped_column(Exact)               # 0..1; None for the participant's
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("host_links.id"))
    name: Mapped[str] = mapped_column(String(160), default="")


class HostLink(Base):
    """A link for someone without an account: one purpose, one use, some days. Only the token's hash is kept."""
    __tablename__ = "host_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))                    # plan | week | evaluation
    subject: Mapped[str] = mapped_column(String(40), default="")        # plan's version, or the week's Monday
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_to: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class HostLinkVisit(Base):
    """What happened with a link: opened, used, refused and why."""
    __tablename__ = "host_link_visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("host_links.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    deed: Mapped[str] = mapped_column(String(40))


FACTS = (ApplicationEvent, PlacementEvent, WorkPlan, PlanApproval, LogEntry, WeekSignature, MidReview, FinalReport,
         Evaluation, HostLinkVisit)


def _refuse(*_: Any) -> None:
    raise RuntimeError("a fact of an internship is never changed: write another")


for fact in FACTS:
    event.listen(fact, "before_update", _refuse)
    event.listen(fact, "before_delete", _refuse)
