"""Attempts, answers, submissions and markings: facts, written once and never changed."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class Attempt(Base):
    """One sitting of a quiz: begun, and later handed in by the person or by the bell."""
    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "module", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]                                                 # 1, 2, …
    seed: Mapped[int]                                                   # of the order in which options are shown
    started_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)           # when the bell rings; None: no limit
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    by_clock: Mapped[bool] = mapped_column(default=False)               # the bell ended it; not submitted: abandoned
    sheet: Mapped[str | None] = mapped_column(ForeignKey("sheets.digest"))      # None: its edition's as it stands
    grace_until: Mapped[datetime | None] = mapped_column(Instant)       # until then it may be handed in, not answered
    page: Mapped[int] = mapped_column(default=1)                        # where the student is, if there is no way back


class Sheet(Base):
    """A quiz as one attempt was given it: settings, questions in order, variants. Named by its digest."""
    __tablename__ = "sheets"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)                 # attempts.sheets
    by_hand: Mapped[bool] = mapped_column(default=False)                # a person marks some of it
    asks: Mapped[int] = mapped_column(default=0)                        # how many of its questions get points


class SheetDraw(Base):
    """A question of the bank that an attempt was given by lot: the next draw prefers what was drawn less."""
    __tablename__ = "sheet_draws"
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True)          # of lms.bank
    version: Mapped[int]


class SheetQuestion(Base):
    """A question as some sheet asks it, named by the digest of its packed form. Never changed."""
    __tablename__ = "sheet_questions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)                 # catalogue.stored.pack_question


class QuizPlan(Base):
    """What a cohort asks instead of its edition: settings changed, questions composed. The last one counts."""
    __tablename__ = "quiz_plans"
    __table_args__ = (Index("ix_quiz_plans_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)                          # JSON of attempts.plan.Plan
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime] = mapped_column(Instant)


class QuizOverride(Base):
    """An exception for one person or for all of one institution in one quiz. The last one of each counts."""
    __tablename__ = "quiz_overrides"
    __table_args__ = (Index("ix_quiz_overrides_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    content: Mapped[str] = mapped_column(Text)                          # JSON of attempts.plan.Allowance; "" withdrawn
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)


class Answer(Base):
    """What was answered to one question at one moment. The last one counts; the earlier stay."""
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("attempt_id", "key"), UniqueConstraint("attempt_id", "sequence"),
                      Index("ix_answers_attempt_id_question", "attempt_id", "question"))
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    question: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text)                            # catalogue.kinds: canonical answer, "" blank
    key: Mapped[str] = mapped_column(String(40))                        # the device's own id: sent twice is kept once
    saved_at: Mapped[datetime] = mapped_column(Instant)
    act: Mapped[str] = mapped_column(String(10), default="")            # "" given; check, again: a button; rescue: file
    certainty: Mapped[int | None]                                       # 1 to 3, where certainty is asked
    client_at: Mapped[datetime | None] = mapped_column(Instant)         # by the device's clock, which may be wrong
    ahead: Mapped[int | None]                                           # seconds that clock was ahead of ours
    sequence: Mapped[int | None]                                        # 1, 2, … within the attempt
    chain: Mapped[str | None] = mapped_column(String(64))               # SHA-256 over the answers so far


class RescueFile(Base):
    """A file of answers that could not be sent, and what a person decided about it. Each is decided once."""
    __tablename__ = "rescue_files"
    __table_args__ = (UniqueConstraint("attempt_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    accepted: Mapped[int]                                               # how many answers; 0: refused
    keys: Mapped[str] = mapped_column(Text)                             # of the answers accepted, one a line
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)


class Submission(Base):
    """One version of a task handed in. A later version does not erase the earlier."""
    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "module", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    module: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    handed_in_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)            # what was due then, for this person
    receipt: Mapped[str] = mapped_column(String(64))                    # SHA-256 over text, files, person and time
    late: Mapped[str] = mapped_column(String(60), default="")           # values.LateRule then; "" the programme's


class SubmissionFile(Base):
    """A file of a submission; its bytes are in the store under their hash."""
    __tablename__ = "submission_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class Marking(Base):
    """One scoring of one answer or one submission, by the machine or a person. The last one counts."""
    __tablename__ = "markings"
    __table_args__ = (Index("ix_markings_attempt_id", "attempt_id"),
                      Index("ix_markings_submission_id", "submission_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    question: Mapped[str | None] = mapped_column(String(80))            # with attempt_id
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    points: Mapped[Fraction] = mapped_column(Exact)
    out_of: Mapped[Fraction] = mapped_column(Exact)
    levels: Mapped[str] = mapped_column(Text, default="")               # JSON: level index by criterion
    feedback: Mapped[str] = mapped_column(Text, default="")             # Markdown, by the marker
    marker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))      # None: the machine
    marked_at: Mapped[datetime] = mapped_column(Instant)


class KeyCorrection(Base):
    """A question of a cohort's quiz marked by another key than the one it was given with. The last one counts."""
    __tablename__ = "key_corrections"
    __table_args__ = (Index("ix_key_corrections_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(80))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)          # stored.pack_question; None: full points to all
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[datetime] = mapped_column(Instant)


class WorkItem(Base):
    """One piece that waits for a person: a list kept beside the facts and made anew from them at will (worklist)."""
    __tablename__ = "work_items"
    tag: Mapped[str] = mapped_column(String(100), primary_key=True)     # "t12", "q7.ensayo"
    place: Mapped[str] = mapped_column(String(40), index=True)          # "1:G1": cohort and module
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    module: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(10))                       # quiz | task
    question: Mapped[str] = mapped_column(String(80), default="")
    work_id: Mapped[int]                                                # submission or attempt
    handed_in_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    sort_at: Mapped[datetime] = mapped_column(Instant)                  # due_at, or the end of time
    shuffle: Mapped[int] = mapped_column(BigInteger)                    # a number of the work's own, of no meaning
    need: Mapped[str] = mapped_column(String(8), default="mark")        # mark | look | second | third | talk
    first_by: Mapped[int | None]                                        # second marking: who has given an opinion
    second_by: Mapped[int | None]
    not_place: Mapped[str] = mapped_column(String(40), default="")      # "1:2": cohort and institution that may not


class LookAgain(Base):
    """A marking that someone wants looked at again, and why. Another marking of the same work answers it."""
    __tablename__ = "looks_again"
    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("markings.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))                     # rubric | undone
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)


class RubricVersion(Base):
    """By what a cohort's task is marked, where it differs from its edition. The last one counts; the earlier stay."""
    __tablename__ = "rubric_versions"
    __table_args__ = (Index("ix_rubric_versions_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    module: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)                          # JSON of its criteria
    reason: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
