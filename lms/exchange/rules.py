"""Whether an agreement is in force on a day, computed from its dates, its renewals and its end. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

SOON = 90               # days before it expires from which the list says so
KINDS = {"in_force": "Vigente", "expiring": "Por vencer", "lapsed": "Vencido", "ended": "Terminado",
         "coming": "Por comenzar"}
LOOKS = {"in_force": "done", "expiring": "due", "lapsed": "late", "ended": "revoked", "coming": "none"}
LEAST_PARTIES = 2


@dataclass(frozen=True)
class Term:
    """A stretch of days on which it binds; without `until`, for good."""
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Standing:
    """How an agreement stands on a day. `until`: the last day agreed, None without a term."""
    kind: str
    until: date | None
    days: int | None = None         # left, of what expires soon; since then, of what lapsed

    @property
    def in_force(self) -> bool:
        return self.kind in ("in_force", "expiring")


def standing(terms: Sequence[Term], ended_on: date | None, on: date) -> Standing:
    """`terms`: as signed, then each renewal. What was ended early holds through the day before."""
    until = None if any(t.until is None for t in terms) else max(t.until for t in terms if t.until)
    if ended_on is not None and on >= ended_on:
        return Standing("ended", ended_on)
    if any(t.holds(on) for t in terms):
        left = (until - on).days if until else None
        return Standing("expiring", until, left) if left is not None and left <= SOON else Standing("in_force", until)
    if on < min(t.since for t in terms):
        return Standing("coming", until)
    return Standing("lapsed", until, (on - until).days if until and until < on else None)


def refusals(signed_on: date, starts_on: date, expires_on: date | None, parties: Iterable[int], today: date
             ) -> list[tuple[str, str]]:
    """(field, why) of all that keeps an agreement from being recorded."""
    found, named = [], list(parties)
    if len(named) < LEAST_PARTIES:
        found.append(("parties", "Un convenio tiene al menos dos partes."))
    if len(set(named)) < len(named):
        found.append(("parties", "La misma institución está dos veces entre las partes."))
    if signed_on > today:
        found.append(("signed_on", "La fecha de firma está en el futuro. Registrarlo cuando esté firmado."))
    if expires_on and expires_on < starts_on:
        found.append(("expires_on", "Vence antes de comenzar. Revisar las fechas."))
    return found
