"""The audit trail: one line for every deed, written in the deed's own transaction."""

import json
from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.foundation.database import Base, Instant


class AuditLine(Base):
    """Who did what to what, when. Never changed, never deleted."""
    __tablename__ = "audit_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    deed: Mapped[str] = mapped_column(String(60), index=True)       # "certificate.issued"
    subject: Mapped[str] = mapped_column(String(120), index=True)   # "certificate:17"
    cohort_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(Text, default="{}")         # JSON; no identifiers, no answers
    request_id: Mapped[str] = mapped_column(String(32), default="")


def record(session: Session, actor_id: int | None, now: datetime, deed: str, subject: str,
           cohort_id: int | None = None, **detail: Any) -> None:
    """Add the line. It stands or falls with the transaction it tells of."""
    session.add(AuditLine(at=now, actor_id=actor_id, deed=deed, subject=subject, cohort_id=cohort_id,
                          detail=json.dumps(detail, ensure_ascii=False, default=str, sort_keys=True),
                          request_id=g.get("request_id", "") if has_request_context() else ""))


@event.listens_for(AuditLine, "before_update")
@event.listens_for(AuditLine, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("an audit line is never changed")
