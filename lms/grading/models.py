"""Publishing, claims, second opinions, comments, pins, scales and who goes by them, recorded grades: facts."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class Release(Base):
    """Markings of one item made up to this moment are published to the cohort."""
    __tablename__ = "releases"
    __table_args__ = (Index("ix_releases_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))               # quiz | task
    released_at: Mapped[datetime] = mapped_column(Instant)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class PlannedRelease(Base):
    """Marks of one item will be published at a time. Done by the outbox; withdrawn before, it is not."""
    __tablename__ = "planned_releases"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    planned_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Claim(Base):
    """Someone has a piece of work in hands: until they mark it, leave it, hand it over, or time passes."""
    __tablename__ = "claims"
    __table_args__ = (Index("ix_claims_cohort_id_ended_at", "cohort_id", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), index=True)           # as in the list of what waits
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))       # handed over by
    note: Mapped[str] = mapped_column(String(500), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(10), default="")            # marked | left | handed | expired


class SecondPlan(Base):
    """How the work of an item is marked a second time in a cohort. The last one counts."""
    __tablename__ = "second_plans"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))
    content: Mapped[str] = mapped_column(Text)                          # JSON of second.Plan
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime] = mapped_column(Instant)


class OpinionRow(Base):
    """What one of several markers says of a piece. It does not count: what they come to is a Marking."""
    __tablename__ = "opinions"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(10))                       # first | second | third
    points: Mapped[Fraction] = mapped_column(Exact)
    out_of: Mapped[Fraction] = mapped_column(Exact)
    levels: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    marker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    marked_at: Mapped[datetime] = mapped_column(Instant)


class Decision(Base):
    """By which rule the opinions on a piece became the marking that counts."""
    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), index=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("markings.id"))
    rule: Mapped[str] = mapped_column(String(10))                       # mean | first | third | talk


class SavedComment(Base):
    """A comment kept for use again, of one marker or of all who mark the same task. A change is a new row."""
    __tablename__ = "saved_comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)        # programme, module and item: not the cohort
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    replaces: Mapped[int | None] = mapped_column(ForeignKey("saved_comments.id"))
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class CommentUse(Base):
    """A saved comment stood in the words of a marking."""
    __tablename__ = "comment_uses"
    comment_id: Mapped[int] = mapped_column(ForeignKey("saved_comments.id"), primary_key=True)
    marking_id: Mapped[int] = mapped_column(primary_key=True)


class Pin(Base):
    """A comment on a passage of a text, or on a spot of a page. One that is taken back stays, and is not shown."""
    __tablename__ = "pins"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    comment: Mapped[str] = mapped_column(Text)
    start: Mapped[int | None]                                           # in characters of the text
    end: Mapped[int | None]
    quote: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("submission_files.id"))
    page: Mapped[int | None]
    x: Mapped[int | None]                                               # % of the page's width and height
    y: Mapped[int | None]
    pinned_at: Mapped[datetime] = mapped_column(Instant)
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)


class ScalePolicy(Base):
    """A version of a grade scale. Never changed: a changed scale is a new one."""
    __tablename__ = "scale_policies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)          # scales.Scale.id: "cl-60-2026"
    country: Mapped[str] = mapped_column(String(2))
    content: Mapped[str] = mapped_column(Text)                          # JSON of scales.Scale
    digest: Mapped[str] = mapped_column(String(64), unique=True)        # of the content
    replaces: Mapped[str] = mapped_column(String(60), default="")       # the version it was made from
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)


class PolicyChoice(Base):
    """By which scale a cohort goes from a moment on. The last choice of a role (and, where shown, a country) counts."""
    __tablename__ = "policy_choices"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))                       # home | shown | hidden
    policy_id: Mapped[int] = mapped_column(ForeignKey("scale_policies.id"))
    since: Mapped[datetime] = mapped_column(Instant)
    chosen_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str] = mapped_column(String(300))


class ComparisonChoice(Base):
    """Whether a cohort's students see how the group's grades stand, from a moment on. The last one counts."""
    __tablename__ = "comparison_choices"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    allowed: Mapped[bool]
    why: Mapped[str] = mapped_column(String(300))
    chosen_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    since: Mapped[datetime] = mapped_column(Instant)


class GradeChange(Base):
    """A grade that a person recorded, by hand and with a reason. Never changed: what takes it back is another one."""
    __tablename__ = "grade_changes"
    __table_args__ = (Index("ix_grade_changes_cohort_id_person_id", "cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(20))                       # quiz | task | own item's code | "" the module
    kind: Mapped[str] = mapped_column(String(10))                       # changes.KINDS
    share: Mapped[Fraction | None] = mapped_column(Exact)
    reason: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


@event.listens_for(ScalePolicy, "before_update")
@event.listens_for(ScalePolicy, "before_delete")
@event.listens_for(PolicyChoice, "before_update")
@event.listens_for(PolicyChoice, "before_delete")
@event.listens_for(ComparisonChoice, "before_update")
@event.listens_for(ComparisonChoice, "before_delete")
@event.listens_for(GradeChange, "before_update")
@event.listens_for(GradeChange, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("a scale, the choice of one and a recorded grade are never changed: write another")
