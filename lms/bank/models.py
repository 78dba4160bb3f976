"""Questions of the bank: a lasting row each, its versions one after another, and where they are used."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from lms.foundation.database import Base, Instant


class Category(Base):
    """A drawer of the bank, within another or at the top; of one programme or of all."""
    __tablename__ = "bank_categories"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("bank_categories.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    programme: Mapped[str] = mapped_column(String(60), default="")          # slug; "" shared by all
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))      # whose it is, if of one
    made_at: Mapped[datetime] = mapped_column(Instant)


class BankImport(Base):
    """One file taken in: undone as a whole by retiring what it added."""
    __tablename__ = "bank_imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64), index=True)
    format: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class BankQuestion(Base):
    """A question as it lasts. `latest` and `ready` say which of its versions: a new one moves them with a compare."""
    __tablename__ = "bank_questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("bank_categories.id"), index=True)
    latest: Mapped[int]                                             # number of the newest version
    ready: Mapped[int] = mapped_column(default=0)                   # of the newest that may be asked; 0 none yet
    made_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)    # asked no more; nothing is deleted
    import_id: Mapped[int | None] = mapped_column(ForeignKey("bank_imports.id"), index=True)


class BankVersion(Base):
    """What a question said from one moment on. Never changed."""
    __tablename__ = "bank_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("bank_questions.id"))
    number: Mapped[int]                                             # 1, 2, …
    status: Mapped[str] = mapped_column(String(10))                 # draft | ready
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))  # stored.pack_question, without place
    search_key: Mapped[str] = mapped_column(Text)                   # its words, folded
    digest: Mapped[str] = mapped_column(String(64), index=True)     # of what it asks: the same for exact duplicates
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(300), default="")


class BankTag(Base):
    """A word that people hang on a question."""
    __tablename__ = "bank_tags"
    question_id: Mapped[int] = mapped_column(ForeignKey("bank_questions.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)      # folded: written twice is one tag
    tag: Mapped[str] = mapped_column(String(60))


class BankChange(Base):
    """A change of many questions at once, with what stood before: so that it can be undone."""
    __tablename__ = "bank_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(Text)                       # JSON: question id -> what stood
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class BankUse(Base):
    """A quiz that asks a question of the bank or draws from a category, from one composing to the next."""
    __tablename__ = "bank_uses"
    __table_args__ = (Index("ix_bank_uses_cohort_id_module", "cohort_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("bank_questions.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("bank_categories.id"))       # a draw
    cohort_id: Mapped[int]                                          # of a room above: known here by number and words
    module: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(200))                 # "CL-2027 · G1"
    used_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
