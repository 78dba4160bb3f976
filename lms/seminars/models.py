"""Seminars, who registered for them, and every fact about who was there when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant, sort_column


class Seminar(Base):
    """What is announced. Titles and summaries are JSON: language code -> text."""
    __tablename__ = "seminars"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    theme: Mapped[str] = mapped_column(String(20))                      # rules.THEMES
    titles: Mapped[str] = mapped_column(Text)
    summaries: Mapped[str] = mapped_column(Text, default="{}")          # Markdown
    mode: Mapped[str] = mapped_column(String(8))                        # venue | online | both
    time_zone: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    venue: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    directions: Mapped[str] = mapped_column(Text, default="")           # how to arrive, with what access
    map_url: Mapped[str] = mapped_column(String(400), default="")
    online_url: Mapped[str] = mapped_column(String(400), default="")    # shown only to who is confirmed
    organisers: Mapped[str] = mapped_column(Text, default="[]")         # JSON: names, in order
    by_invitation: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)          # registration
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    offer_hours: Mapped[int] = mapped_column(default=48)                # how long a place from the waiting list is kept
    credit_rule: Mapped[str] = mapped_column(Text, default="{}")        # JSON: rules.CreditRule
    sequence: Mapped[int] = mapped_column(default=0)                    # of what calendars show: up with each change
    told_sequence: Mapped[int] = mapped_column(default=0)               # the last of which who registered was told
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_why: Mapped[str] = mapped_column(String(300), default="")


class SeminarSession(Base):
    """One sitting: minutes are counted inside its two instants and nowhere else."""
    __tablename__ = "seminar_sessions"
    __table_args__ = (UniqueConstraint("seminar_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"))
    code: Mapped[str] = mapped_column(String(20))
    titles: Mapped[str] = mapped_column(Text)                           # JSON: language -> text
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(200), default="")
    mode: Mapped[str] = mapped_column(String(8), default="both")        # venue | online | both
    counts: Mapped[bool] = mapped_column(default=True)                  # toward the credit rule
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)


class Speaker(Base):
    """Who speaks, or moderates, in the seminar or in one session of it."""
    __tablename__ = "seminar_speakers"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_sessions.id"))
    name: Mapped[str] = mapped_column(String(160))
    office: Mapped[str] = mapped_column(String(160), default="")
    institution: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    moderates: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class SeminarMaterial(Base):
    """A file, a link or a recording, published during or after."""
    __tablename__ = "seminar_materials"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_sessions.id"))
    kind: Mapped[str] = mapped_column(String(10))                       # file | link | recording
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(400), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int] = mapped_column(default=0)                        # bytes
    open_to: Mapped[str] = mapped_column(String(10), default="registered")      # public | registered
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class SeminarPlaces(Base):
    """How many of a kind of person there is room for; a kind without a row may not register by itself."""
    __tablename__ = "seminar_places"
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)     # rules.KINDS
    places: Mapped[int | None]                                          # None: no limit


class SeminarQuestion(Base):
    """What the office asks who registers. A question that was answered is retired, not removed."""
    __tablename__ = "seminar_questions"
    __table_args__ = (UniqueConstraint("seminar_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"))
    code: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))                       # text | long | choice | several | yes | consent
    labels: Mapped[str] = mapped_column(Text)                           # JSON: language -> text
    options: Mapped[str] = mapped_column(Text, default="[]")            # JSON: [{"code", "labels"}]
    required: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)             # accessibility, food: May.SEE_NEEDS only
    shown_when: Mapped[str] = mapped_column(Text, default="")           # JSON: {"question", "is": [option codes]}
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class SeminarInvitation(Base):
    """A link that lets one address, or one municipality's delegation, register."""
    __tablename__ = "seminar_invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="es")
    most: Mapped[int] = mapped_column(default=1)                        # persons it lets in
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Delegation(Base):
    """Several persons of a municipality, registered by one of them."""
    __tablename__ = "seminar_delegations"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    institution: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    contact: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8), default="es")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    besides: Mapped[str] = mapped_column(Text, default="[]")            # JSON: who had registered already, as typed


class Registration(Base):
    """Somebody's wish to attend, once per address. What became of it are its events."""
    __tablename__ = "seminar_registrations"
    __table_args__ = (UniqueConstraint("seminar_id", "email_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)          # unguessable: the ticket
    short_code: Mapped[str] = mapped_column(String(12), default="")     # typed at the door; unique in the seminar
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_delegations.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_invitations.id"))
    kind: Mapped[str] = mapped_column(String(12))                       # rules.KINDS
    given_names: Mapped[str] = mapped_column(String(120))
    surname1: Mapped[str] = mapped_column(String(80))
    surname2: Mapped[str | None] = mapped_column(String(80))
    sort_key: Mapped[str] = mapped_column(sort_column(300), default="")
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))                 # people.emails.skeleton
    language: Mapped[str] = mapped_column(String(8), default="es")
    country: Mapped[str] = mapped_column(String(2))
    institution: Mapped[str] = mapped_column(String(200), default="")
    office: Mapped[str] = mapped_column(String(160), default="")
    registered_at: Mapped[datetime] = mapped_column(Instant)
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    link_sent_at: Mapped[datetime | None] = mapped_column(Instant)      # who asks again soon is not mailed again
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)       # once, however often the dates moved


class RegistrationEvent(Base):
    """One step of a registration; the present state is the fold of them."""
    __tablename__ = "seminar_registration_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("seminar_registrations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))                       # rules.STEPS: asked, confirmed, waiting, …
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)             # of an offer
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(300), default="")


class RegistrationAnswer(Base):
    """What was answered; the last one of a question counts. Restricted ones are erased when no longer needed."""
    __tablename__ = "seminar_registration_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("seminar_registrations.id"), index=True)
    question: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class DoorDevice(Base):
    """A phone, or a screen, at the door: a link with a token, given by the office for some hours."""
    __tablename__ = "seminar_devices"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    does: Mapped[str] = mapped_column(String(8))                        # scan | screen
    session_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_sessions.id"))   # None: the building's door
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PresenceMark(Base):
    """One fact about somebody's presence. Written once; taken back only by a mark that names it."""
    __tablename__ = "presence_marks"
    __table_args__ = (UniqueConstraint("seminar_id", "reference"),
                      Index("ix_presence_marks_registration_id_session_id", "registration_id", "session_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_sessions.id"), index=True)   # None: by the clock
    registration_id: Mapped[int] = mapped_column(ForeignKey("seminar_registrations.id"))
    kind: Mapped[str] = mapped_column(String(10))       # in | out | interval | minutes | manual | void
    source: Mapped[str] = mapped_column(String(10))     # scan | screen | code | list | report | office
    reference: Mapped[str] = mapped_column(String(80))                  # the sender's own id: told twice, kept once
    at: Mapped[datetime] = mapped_column(Instant)                       # of in and out, and where an interval begins
    until: Mapped[datetime | None] = mapped_column(Instant)             # where an interval ends
    minutes: Mapped[int | None]                                         # of "minutes" and "manual"
    voids_id: Mapped[int | None] = mapped_column(ForeignKey("presence_marks.id"), unique=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("seminar_devices.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reports.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(300), default="")


class AttendanceReport(Base):
    """A file of a video platform, kept as it came; the same file for the same session is one report."""
    __tablename__ = "attendance_reports"
    __table_args__ = (UniqueConstraint("session_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("seminar_sessions.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str] = mapped_column(String(12))                   # zoom | teams | meet
    reading: Mapped[str] = mapped_column(Text, default="{}")            # JSON: zone, order of dates, columns
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class AttendeeAlias(Base):
    """A name or address by which a platform knows somebody, once the office said so. Good for every later seminar."""
    __tablename__ = "attendee_aliases"
    __table_args__ = (UniqueConstraint("kind", "value", "email_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))                        # email | name
    value: Mapped[str] = mapped_column(String(254), index=True)         # normalised
    email_key: Mapped[str] = mapped_column(String(254), index=True)     # of the registrations it stands for
    accepted_at: Mapped[datetime] = mapped_column(Instant)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class SurveyTaken(Base):
    """That somebody has answered the survey; what they said is kept without them."""
    __tablename__ = "seminar_surveys_taken"
    registration_id: Mapped[int] = mapped_column(ForeignKey("seminar_registrations.id"), primary_key=True)


class SurveyAnswer(Base):
    """One answer of one sheet; nothing leads from the sheet to a person."""
    __tablename__ = "seminar_survey_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminars.id"), index=True)
    sheet: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)


@event.listens_for(PresenceMark, "before_update")
@event.listens_for(PresenceMark, "before_delete")
@event.listens_for(RegistrationEvent, "before_update")
@event.listens_for(RegistrationEvent, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("a fact of attendance is never changed: write another that takes it back")
