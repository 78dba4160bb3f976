"""What a marking says of each criterion: a level, points within its range or of a guide, a note. Pure.

Kept as JSON: [3, [1, "5/2", "why"], …], one for each criterion; {"r": 7, "c": […]} where the cohort's rubric 7 was
used.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.catalogue.rules import Criterion


@dataclass(frozen=True)
class Judged:
    """One criterion as judged. `level` is None in a guide, and where nothing was said."""
    level: int | None = None
    points: Fraction | None = None
    note: str = ""

    def worth(self, criterion: Criterion) -> Fraction:
        if self.points is not None:
            return self.points
        levels = criterion.levels
        known = self.level is not None and self.level < len(levels)
        return Fraction(levels[self.level or 0].points) if known else Fraction(0)


def dumped(judged: Sequence[Judged], rubric: int | None = None) -> str:
    """A plain level stays a plain number."""
    plain: list[Any] = [j.level if j.points is None and not j.note else
                        [j.level, None if j.points is None else str(j.points), j.note] for j in judged]
    return json.dumps(plain if rubric is None else {"r": rubric, "c": plain}, ensure_ascii=False)


def loaded(text: str) -> tuple[int | None, tuple[Judged, ...]]:
    """(the cohort's rubric or None, what was said of each criterion); nothing where it can not be read."""
    try:
        told = json.loads(text) if text else []
        rubric, items = (told["r"], told["c"]) if isinstance(told, dict) else (None, told)
        return rubric, tuple(_judged(item) for item in items)
    except (ValueError, TypeError, KeyError, ZeroDivisionError):
        return None, ()


def _judged(item: Any) -> Judged:
    if isinstance(item, list):
        level, points, note = item
        return Judged(level, None if points is None else Fraction(points), note)
    return Judged(None if item is None else int(item))


@dataclass(frozen=True)
class Line:
    """A criterion with what was said of it, as pages show it."""
    criterion: Criterion
    judged: Judged
    points: Fraction

    @property
    def level(self) -> Any:
        chosen = self.judged.level
        return self.criterion.levels[chosen] if chosen is not None and chosen < len(self.criterion.levels) else None


def lines(text: str, criteria: Sequence[Criterion], known: Mapping[int, Sequence[Criterion]] | None = None
          ) -> list[Line]:
    """What a marking says, by the criteria it was made with; [] when it says nothing of them."""
    rubric, judged = loaded(text)
    used = criteria if rubric is None else (known or {}).get(rubric, ())
    if len(judged) != len(used):
        return []
    return [Line(c, j, j.worth(c)) for c, j in zip(used, judged, strict=True)]


def moved(old: Sequence[Criterion], new: Sequence[Criterion], text: str, known: Mapping[int, Sequence[Criterion]],
          version: int | None = None) -> tuple[Fraction, str] | None:
    """A marking by another rubric: (points, JSON); None when a person has to look, for something new is asked or what
    was chosen is there no more. Criteria and their levels are the same when they have the same name."""
    before = {line.criterion.name: line for line in lines(text, old, known)}
    judged: list[Judged] = []
    for criterion in new:
        line = before.get(criterion.name)
        found = _moved(line, criterion) if line else None
        if found is None:
            return None
        judged.append(found)
    total = sum((j.worth(c) for c, j in zip(new, judged, strict=True)), Fraction(0))
    return total, dumped(judged, version)


def _moved(line: Line, criterion: Criterion) -> Judged | None:
    said = line.judged
    if not criterion.levels:
        fits = not line.criterion.levels and line.points <= criterion.most
        return Judged(None, line.points, said.note) if fits else None
    names = [level.name for level in criterion.levels]
    if line.level is None or names.count(line.level.name) != 1:
        return None
    at = names.index(line.level.name)
    level = criterion.levels[at]
    if level.least is None or said.points is None:
        return Judged(at, None, said.note)
    return Judged(at, min(max(said.points, Fraction(level.least)), Fraction(level.points)), said.note)
