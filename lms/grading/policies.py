"""By which scales a cohort goes: versions of scales kept for ever, chosen by facts that are only added to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lms.foundation import audit
from lms.foundation.database import insert_of
from lms.grading.models import PolicyChoice, ScalePolicy
from lms.grading.scales import HOME, SCALES, Grade, Scale, grade
from lms.grading.soundness import digest, dumped, faults, loaded
from lms.people.rules import Refused

ROLES = ("home", "shown", "hidden")
SEEDS = {scale.id: scale for scale in SCALES.values()}
_scale = lru_cache(500)(loaded)         # parsed once a process: a kept scale never changes
CHOSEN = select(PolicyChoice.role, ScalePolicy.content).join(
    ScalePolicy, ScalePolicy.id == PolicyChoice.policy_id).where(
    PolicyChoice.cohort_id == bindparam("cohort")).order_by(PolicyChoice.id)


@dataclass(frozen=True)
class Policies:
    """The scales of a cohort: the home scale decides who passes; the shown ones are written, one's own first."""
    home: Scale = HOME
    shown: tuple[Scale, ...] = (HOME, SCALES["AR"])

    @property
    def own(self) -> Scale:
        return self.shown[0]

    def grade(self, share: Fraction, scale: Scale | None = None) -> Grade:
        """On a scale; by default on one's own."""
        return grade(share, scale or self.own, self.home)

    def grades(self, share: Fraction) -> list[Grade]:
        """On each scale that is shown."""
        return [grade(share, scale, self.home) for scale in self.shown]

    def at(self, country: str) -> Scale:
        """The scale shown for a country; the home scale where there is none."""
        return next((scale for scale in self.shown if scale.country == country), self.home)


@lru_cache(200)
def standing(country: str, choices: tuple[tuple[str, Scale], ...] = ()) -> Policies:
    """What the choices, first to last, come to in a cohort of this country."""
    home, shown = HOME, {scale.country: scale for scale in SCALES.values()}
    for role, scale in choices:
        if role == "home":
            shown.pop(home.country, None)
            home = scale
        elif role == "shown" and scale.country != home.country:
            shown[scale.country] = scale
        elif role == "hidden":
            shown.pop(scale.country, None)
    shown[home.country] = home                  # its own country reads the scale that decides
    order = list(SCALES)
    return Policies(home, tuple(shown[c] for c in sorted(shown, key=lambda c: (
        c != country, order.index(c) if c in order else len(order), c))))


def of(session: Session, cohort_id: int, country: str) -> Policies:
    """The scales of a cohort: one statement the first time in a transaction, none after (nor where `told` was)."""
    found: dict[int, tuple[tuple[str, Scale], ...]] = session.info.setdefault("policies", {})
    if cohort_id not in found:
        told(session, cohort_id, session.execute(CHOSEN, {"cohort": cohort_id}))
    return standing(country, found[cohort_id])


def told(session: Session, cohort_id: int, rows: Iterable[Any]) -> None:
    """Keep for this session what a wider statement has read of a cohort's choices: (role, content), first to last."""
    session.info.setdefault("policies", {})[cohort_id] = tuple((role, _scale(content)) for role, content in rows)


@dataclass(frozen=True)
class Version:
    """A scale as it was kept; a seed that no cohort has been given yet has no row and no date."""
    scale: Scale
    digest: str
    id: int = 0
    replaces: str = ""
    reason: str = ""
    made_by: int | None = None
    made_at: datetime | None = None
    cohorts: int = 0                    # how many were given it at some time


def versions(session: Session) -> list[Version]:
    """Every scale there is, the seeds first, then as they were made."""
    used: dict[int, int] = {row[0]: row[1] for row in session.execute(
        select(PolicyChoice.policy_id, func.count(PolicyChoice.cohort_id.distinct())).group_by(PolicyChoice.policy_id))}
    rows = {row.name: Version(_scale(row.content), row.digest, row.id, row.replaces, row.reason, row.made_by,
                              row.made_at, used.get(row.id, 0))
            for row in session.scalars(select(ScalePolicy).order_by(ScalePolicy.id))}
    seeds = [rows.get(name) or Version(scale, digest(scale)) for name, scale in SEEDS.items()]
    return [*seeds, *(version for name, version in rows.items() if name not in SEEDS)]


def version(session: Session, name: str) -> Version | None:
    """One of them, by its versioned name."""
    return next((v for v in versions(session) if v.scale.id == name), None)


def next_name(session: Session, country: str) -> str:
    """What the next version of a country's scale is called: "ar-v3"."""
    used = set(session.scalars(select(ScalePolicy.name).where(ScalePolicy.country == country))) | SEEDS.keys()
    stem, number = country.lower() or "xx", 2
    while f"{stem}-v{number}" in used:
        number += 1
    return f"{stem}-v{number}"


def add(session: Session, actor_id: int, now: datetime, scale: Scale, reason: str, replaces: str = "") -> Scale:
    """Keep a new version; Refused with the first thing that is wrong. Returns it with its name."""
    if wrong := faults(scale, None):
        raise Refused(wrong[0][1], wrong[0][0])
    same = replace(scale, id="")
    if twin := next((v for v in versions(session) if replace(v.scale, id="") == same), None):
        raise Refused(f"Ya hay una escala igual: {twin.scale.id}. Elegirla para la cohorte.", "name")
    made = replace(scale, id=next_name(session, scale.country))
    session.add(ScalePolicy(name=made.id, country=made.country, content=dumped(made), digest=digest(made),
                            replaces=replaces, reason=reason, made_by=actor_id, made_at=now))
    session.flush()
    audit.record(session, actor_id, now, "scale.added", f"scale:{made.id}", reason=reason)
    return made


def choose(session: Session, actor_id: int, now: datetime, cohort_id: int, country: str, role: str, name: str, why: str
           ) -> Policies:
    """Let a cohort go by a scale from now on. What is closed keeps what it was closed with."""
    found = version(session, name)
    if found is None or role not in ROLES:
        raise Refused("Esa escala no existe.", "policy")
    if not why.strip():
        raise Refused("Escribir por qué.", "why")
    before, scale = of(session, cohort_id, country), found.scale
    if role == "home" and scale.table:
        raise Refused("Una tabla de equivalencias no decide quién aprueba: se muestra junto a la escala de la Escuela.",
                      "policy")
    if role != "home" and scale.country == before.home.country:
        raise Refused(f"{scale.place} lee la escala de la Escuela, que es la que decide.", "policy")
    shown = [s for s in before.shown if s.country != scale.country] if role == "home" else [scale]
    for other in shown if role != "hidden" else ():
        if other.table and (wrong := faults(other, scale if role == "home" else before.home)):
            raise Refused(f"{other.place}, {other.id}: {wrong[0][1]}", "policy")
    choices = session.info["policies"][cohort_id]
    after = standing(country, (*choices, (role, scale)))
    if after == before:
        raise Refused("La cohorte ya va por esa escala.", "policy")
    session.add(PolicyChoice(cohort_id=cohort_id, role=role, policy_id=found.id or _seeded(session, now, scale),
                             since=now, chosen_by=actor_id, why=why.strip()))
    session.flush()
    session.info["policies"][cohort_id] = (*choices, (role, scale))
    audit.record(session, actor_id, now, "scale.chosen", f"scale:{name}", cohort_id, role=role, why=why.strip())
    return after


def _seeded(session: Session, now: datetime, scale: Scale) -> int:
    """The row of a seed, made when it is first needed."""
    connection = session.connection()
    row = {"name": scale.id, "country": scale.country, "content": dumped(scale), "digest": digest(scale),
           "replaces": "", "reason": "", "made_by": None, "made_at": now}
    connection.execute(insert_of(connection.dialect.name)(ScalePolicy.__table__).on_conflict_do_nothing(
        index_elements=["name"]), row)
    return session.scalars(select(ScalePolicy.id).where(ScalePolicy.name == scale.id)).one()


@dataclass(frozen=True)
class Choice:
    """One decision on a cohort's scales."""
    role: str
    scale: Scale
    since: datetime
    chosen_by: int
    why: str


def choices(session: Session, cohort_id: int) -> list[Choice]:
    """All that was chosen for a cohort, first to last."""
    rows = session.execute(select(PolicyChoice.role, ScalePolicy.content, PolicyChoice.since, PolicyChoice.chosen_by,
                                  PolicyChoice.why).join(ScalePolicy, ScalePolicy.id == PolicyChoice.policy_id)
                           .where(PolicyChoice.cohort_id == cohort_id).order_by(PolicyChoice.id))
    return [Choice(role, _scale(content), since, by, why) for role, content, since, by, why in rows]
