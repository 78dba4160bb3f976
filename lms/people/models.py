"""People, their documents, institutions, posts and the ways they sign in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Instant, sort_column
from lms.people.emails import skeleton

# What names.sort_key makes sorts by code point: PostgreSQL must be told not to use the database's own order.
SORTED = String(300).with_variant(String(300, collation="C"), "postgresql")


def _email_key(context: Any) -> str:
    """Kept beside the address in whatever way the row is written, so that the database itself refuses a twin."""
    return skeleton(context.get_current_parameters()["email"])


class Institution(Base):
    """The school, a partner university, a municipality, an association."""
    __tablename__ = "institutions"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))               # school | university | municipality | association
    name: Mapped[str] = mapped_column(String(200), unique=True)
    short_name: Mapped[str] = mapped_column(String(60), default="")
    country: Mapped[str] = mapped_column(String(2))             # ISO 3166-1 alpha-2
    city: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(sort_column(220), index=True)


class Person(Base):
    """Someone with an account. Names are what the person says they are; changes leave an audit line."""
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)            # lower case, NFKC
    email_key: Mapped[str] = mapped_column(String(254), unique=True, default=_email_key)   # what its twins share
    given_names: Mapped[str] = mapped_column(String(120))
    surname1: Mapped[str] = mapped_column(String(80))
    surname2: Mapped[str | None] = mapped_column(String(80))
    preferred_name: Mapped[str | None] = mapped_column(String(120))
    treatment: Mapped[str | None] = mapped_column(String(20))               # "doña", "don"
    certificate_name: Mapped[str | None] = mapped_column(String(200))       # exactly as it will be printed
    certificate_name_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    sort_key: Mapped[str] = mapped_column(sort_column(300), index=True)
    search_key: Mapped[str] = mapped_column(String(300))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="es")
    time_zone: Mapped[str | None] = mapped_column(String(60))               # None: the cohort's
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class PersonIdentifier(Base):
    """An identity document, in canonical form. Never in a URL, never in a log."""
    __tablename__ = "person_identifiers"
    __table_args__ = (UniqueConstraint("kind", "country", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))               # cl_run | ar_dni | ar_cuil | passport | other
    country: Mapped[str] = mapped_column(String(2))
    value: Mapped[str] = mapped_column(String(40))
    declared: Mapped[bool] = mapped_column(default=False)       # the person wrote it; nobody has seen the paper
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Affiliation(Base):
    """The office a person holds in an institution: "Concejala, Municipalidad de …", with its dates."""
    __tablename__ = "affiliations"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    office: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class PersonPost(Base):
    """A role held in the system: who may do what, where, from when until when."""
    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_person_id_role", "person_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(20))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    module: Mapped[str | None] = mapped_column(String(20))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class UserSession(Base):
    """A signed-in device. The cookie holds a random token; here is its hash, so that a session can be ended."""
    __tablename__ = "user_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeLink(Base):
    """An invitation or a password reset: used once, soon, or never."""
    __tablename__ = "one_time_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))            # invitation | reset
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInFailure(Base):
    """A refused sign-in, counted against the account named and the address it came from (both as hashes)."""
    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_key_at", "key", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
