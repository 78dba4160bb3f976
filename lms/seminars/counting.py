"""What minutes are worth: a rule of the seminar's, written as data, and how it comes to its hours. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.seminars.marks import Presence, Sitting

MOST_TIERS = 4
MOST_HOURS = 200


@dataclass(frozen=True)
class Tier:
    """At least `percent` of the minutes in each of at least `sessions` sessions earns `hours` of work."""
    percent: int
    sessions: int
    hours: Fraction


@dataclass(frozen=True)
class CreditRule:
    """The best tier that is reached counts. No tier: the seminar earns nothing."""
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Earned:
    """What somebody's minutes come to, and what they lack for the next tier."""
    hours: Fraction
    tier: Tier | None                   # that was reached
    reached: tuple[int, ...]            # sessions with enough minutes for it, or for the one that is next
    next: Tier | None = None            # the cheapest that would be worth more
    lacking: int = 0                    # sessions for it


def read(kept: str) -> CreditRule:
    return CreditRule(tuple(Tier(t["percent"], t["sessions"], Fraction(t["hours"]))
                            for t in json.loads(kept or "{}").get("tiers", ())))


def written(rule: CreditRule) -> str:
    return json.dumps({"tiers": [{"percent": t.percent, "sessions": t.sessions, "hours": str(t.hours)}
                                 for t in rule.tiers]})


def faults(rule: CreditRule, sessions: int) -> tuple[str, ...]:
    """All that a rule can not be, in Spanish; `sessions`: how many of the seminar count."""
    found = []
    for number, tier in enumerate(rule.tiers, start=1):
        if not 1 <= tier.percent <= 100:
            found.append(f"Tramo {number}: el porcentaje va de 1 a 100.")
        if not 1 <= tier.sessions <= max(sessions, 1):
            found.append(f"Tramo {number}: el seminario tiene {sessions} sesiones que cuentan; pide {tier.sessions}.")
        if not 0 < tier.hours <= MOST_HOURS:
            found.append(f"Tramo {number}: las horas son más que cero y no más de {MOST_HOURS}.")
    for one in rule.tiers:
        for other in rule.tiers:
            if one.percent <= other.percent and one.sessions <= other.sessions and one.hours > other.hours:
                found.append(f"Pedir más ({other.sessions} sesiones con {other.percent} %) daría menos horas que pedir "
                             f"menos ({one.sessions} con {one.percent} %). Revisar los tramos.")
    return tuple(dict.fromkeys(found))


def share(there: Presence | None, sitting: Sitting) -> Fraction:
    """Of a session's time, how much somebody was there."""
    return Fraction(there.seconds, sitting.seconds) if there and sitting.seconds else Fraction(0)


def earned(rule: CreditRule, there: Mapping[int, Presence], sittings: Sequence[Sitting]) -> Earned:
    """By the rule, from the minutes in the sessions that count."""
    reached = {tier: _reached(tier, there, sittings) for tier in rule.tiers}
    best = max((t for t in rule.tiers if len(reached[t]) >= t.sessions), key=lambda t: t.hours, default=None)
    hours = best.hours if best else Fraction(0)
    above = [t for t in rule.tiers if t.hours > hours]
    following = min(above, key=lambda t: (t.sessions - len(reached[t]), t.hours), default=None)
    lacking = following.sessions - len(reached[following]) if following else 0
    of = best or following
    return Earned(hours, best, reached[of] if of else (), following, lacking)


def _reached(tier: Tier, there: Mapping[int, Presence], sittings: Iterable[Sitting]) -> tuple[int, ...]:
    return tuple(s.id for s in sittings if share(there.get(s.id), s) * 100 >= tier.percent)
