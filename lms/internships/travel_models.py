"""What a journey cost and what was given on it: input for the traveller's own public register."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.database import Base, Exact, Instant


class TravelCost(Base):
    """What a journey cost and who paid: input for the traveller's own register (Ley 20.730)."""
    __tablename__ = "travel_costs"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    item: Mapped[str] = mapped_column(String(120))                      # fare, lodging, allowance …
    amount: Mapped[Fraction] = mapped_column(Exact)
    currency: Mapped[str] = mapped_column(String(3))                    # ISO 4217
    payer: Mapped[str] = mapped_column(String(20))          # municipality | association | host | own | other
    note: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class TravelGift(Base):
    """An official gift received: what, when, on which occasion, from whom."""
    __tablename__ = "travel_gifts"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    occasion: Mapped[str] = mapped_column(String(200))
    giver: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
