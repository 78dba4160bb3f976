"""The drawings papers share, as PDF operators: the mark of the house and the range seen from above."""

from collections.abc import Iterable
from functools import cache
from math import pi, sin
from typing import TypeAlias

from lms.foundation.paper.faces import LAPIS, PYRITE

Point: TypeAlias = tuple[float, float]
# Municipalities on both slopes (across the range, along it, both 0..1) and the passes that join them, by index.
WEST: tuple[Point, ...] = (
    (0.20, 0.015), (0.30, 0.085), (0.14, 0.16), (0.26, 0.245), (0.09, 0.33), (0.20, 0.43),
    (0.24, 0.53), (0.07, 0.60), (0.19, 0.70), (0.10, 0.80), (0.25, 0.88), (0.15, 0.975))
EAST: tuple[Point, ...] = (
    (0.80, 0.03), (0.91, 0.11), (0.76, 0.19), (0.88, 0.28), (0.80, 0.37), (0.95, 0.45),
    (0.83, 0.545), (0.93, 0.64), (0.74, 0.73), (0.90, 0.81), (0.78, 0.90), (0.92, 0.965))
PASSES = ((1, 1), (3, 3), (5, 4), (6, 6), (8, 8), (10, 9))
STEPS = 46                  # pieces a contour line is made of


def rgb(colour: str) -> str:
    """"24409a" -> "0.141 0.251 0.604"."""
    return " ".join(f"{int(colour[i:i + 2], 16) / 255:.3f}" for i in (0, 2, 4))


@cache
def mark() -> str:
    """Two peaks over a line with three points, 36 units square."""
    return (f"{rgb(LAPIS)} RG 2.6 w 1 j 1 J 2 29 m 13 10 l 18 18 l 23 9 l 34 29 l S "
            f"{rgb(PYRITE)} RG 1.6 w 7 29 m 29 29 l S {rgb(PYRITE)} rg "
            + _dot(7, 29, 3) + _dot(29, 29, 3) + _dot(18, 29, 2.2))


@cache
def mountains(wide: float, high: float, across: bool = False, lines: int = 34) -> str:
    """The range as a field of lines, municipalities on both slopes; `across` lays it down."""
    def at(point: Point) -> Point:
        s, t = point
        return (t * wide, s * high) if across else (s * wide, t * high)

    ops = [f"1 J 1 j 0 0 {wide:g} {high:g} re W n {rgb(LAPIS)} RG "]
    for i in range(lines):
        u = 2 * i / (lines - 1) - 1                     # -1 at the western foot, 1 at the eastern
        ops.append(f"{(0.34 - 0.2 * abs(u)) * 0.3528:.3f} w ")
        ops.append(_curve([at((_contour(u, k / STEPS), k / STEPS)) for k in range(STEPS + 1)]))
    ops.append(f"{rgb(PYRITE)} RG {rgb(PYRITE)} rg 0.25 w ")
    ops += [_chain([at(point) for point in side]) for side in (WEST, EAST)]
    bend = 0.007 if across else 0.022
    for a, b in PASSES:
        (s1, t1), (s2, t2) = WEST[a], EAST[b]
        third = (s2 - s1) / 3
        path = [WEST[a], (s1 + third, t1 - bend), (s1 + 2 * third, t2 - bend), EAST[b]]
        (x1, y1), *others = [at(point) for point in path]
        ops.append(f"{x1:.2f} {y1:.2f} m {_points(others)} c S ")
    joined = {WEST[a] for a, _ in PASSES} | {EAST[b] for _, b in PASSES}
    ops += [_dot(*at(point), 0.95 if point in joined else 0.6) for point in WEST + EAST]
    return "".join(ops)


def _contour(u: float, t: float) -> float:
    """Where the line `u` stands at `t` along the range: the crest, its breadth and three swings of its own."""
    spine = 0.5 + 0.085 * sin(2 * pi * (0.85 * t + 0.12)) + 0.035 * sin(2 * pi * (2.1 * t + 0.4))
    half = 0.235 + 0.05 * sin(2 * pi * (1.3 * t + 0.2))
    return (spine + half * (u + 0.27 * (1 - u * u) * sin(2 * pi * (1.6 * t + 0.45 * u)))
            + 0.028 * sin(2 * pi * (3.4 * t + 0.9 * u)) * (1.15 - abs(u)))


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _chain(points: list[Point]) -> str:
    return f"{_points(points[:1])} m " + " ".join(f"{x:.2f} {y:.2f} l" for x, y in points[1:]) + " S "


def _curve(points: list[Point]) -> str:
    """A smooth path through the points (Catmull-Rom as Béziers)."""
    ops = [f"{_points(points[:1])} m"]
    last = len(points) - 1
    for i in range(last):
        a, b, c, d = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]
        leaving = (b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)
        arriving = (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)
        ops.append(f"{_points((leaving, arriving, c))} c")
    return " ".join(ops) + " S "


def _dot(x: float, y: float, r: float) -> str:
    k = r * 0.5523
    quarters = (((x - r, y + k), (x - k, y + r), (x, y + r)), ((x + k, y + r), (x + r, y + k), (x + r, y)),
                ((x + r, y - k), (x + k, y - r), (x, y - r)), ((x - k, y - r), (x - r, y - k), (x - r, y)))
    return f"{x - r:.2f} {y:.2f} m " + " ".join(f"{_points(quarter)} c" for quarter in quarters) + " f "
