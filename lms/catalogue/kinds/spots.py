"""A picture with places where markers belong: its values, and which marker is taken for which place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.catalogue.kinds.shapes import Points, holds, letter, points
from lms.catalogue.rules import Body

Spot = tuple[int | None, int | None]
MOST = 20                       # markers of one text
TYPED = re.compile(r"(\d{1,6})(?:[.,]\d*)?", re.ASCII)


@dataclass(frozen=True)
class Marker:
    id: str                     # "a", "b" … by the alphabet (notation.lettered)
    text: str                   # plain text
    number: int = 1             # how often it can be put; 0: as often as one likes


@dataclass(frozen=True)
class Place:
    """Where a marker belongs. `coords` as Moodle writes them, in pixels from the upper left: circle "x,y;r",
    rectangle "x,y;width,height", polygon "x,y;x,y;x,y"."""
    id: str                     # "1", "2" …
    shape: str                  # circle | rectangle | polygon
    coords: str
    marker: str                 # the id of the Marker that belongs here

    @property
    def corners(self) -> Points | None:
        return points(self.shape, self.coords)


@dataclass(frozen=True)
class Spots(Body):
    """The body of markers."""
    image: str                  # "/medios/<sha256>.png"
    width: int                  # of the picture, in its pixels
    height: int
    markers: tuple[Marker, ...]
    places: tuple[Place, ...]
    misplaced: bool = False     # a wrong answer is told which places were missed
    alt: str = ""               # plain text

    @property
    def letter(self) -> int:
        return letter(self.width) + 3

    def marker(self, identity: str) -> Marker:
        return next(marker for marker in self.markers if marker.id == identity)

    def shapes(self) -> list[tuple[str, ...]]:
        """The places as a drawing has them: the shape and its numbers."""
        found = []
        for place in self.places:
            numbers = [f"{float(number):g}" for corner in place.corners or () for number in corner]
            found += [(place.shape, *numbers)] if numbers else []
        return found

    def copies(self, marker: Marker) -> range:
        """The numbers, from 1, of a marker's copies. One without limit has as many as there are places on the picture:
        more could never score, and how many are right is not told."""
        return range(1, min(marker.number or max(len(self.places), 1), MOST) + 1)

    def ticks(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where the rulers have numbers, from the left and from below."""
        step = next(step for step in (10, 20, 50, 100, 200, 500, 1000, 5000, 100_000)
                    if max(self.width, self.height) <= step * 13)
        return tuple(range(0, self.width + 1, step)), tuple(range(0, self.height + 1, step))


def number(text: str, most: int) -> int | None:
    """A whole number from 0 to `most`, the nearest to what was typed; None where none was."""
    found = TYPED.fullmatch(text)
    return min(int(found[1]), most) if found else None


def spots(found: object, body: Spots) -> list[Spot]:
    """What of a stored list are spots on the picture."""
    each = found if isinstance(found, list) else []
    return [(spot[0], spot[1]) for spot in each if isinstance(spot, list) and len(spot) == 2 and spot != [None, None]
            and _within(spot[0], body.width) and _within(spot[1], body.height)]


def _within(value: object, most: int) -> bool:
    return value is None or (type(value) is int and 0 <= value <= most)


def whole(put: Mapping[str, Sequence[Spot]]) -> dict[str, list[tuple[int, int]]]:
    """The spots that have both numbers."""
    return {marker: [(x, y) for x, y in each if x is not None and y is not None] for marker, each in put.items()}


def hits(places: Sequence[Place], put: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    """place -> the marker taken for it: of its kind, in its shape, each for one place, as many as can be."""
    near = {place.id: [(place.marker, n) for n, (x, y) in enumerate(put.get(place.marker, ()))
                       if holds(place.shape, corners, x, y)] for place in places if (corners := place.corners)}
    taken: dict[tuple[str, int], str] = {}
    for place in near:
        _settle(place, near, taken, set())
    return {place: put[marker][n] for (marker, n), place in taken.items()}


def _settle(place: str, near: Mapping[str, Sequence[tuple[str, int]]], taken: dict[tuple[str, int], str],
            seen: set[tuple[str, int]]) -> bool:
    """Give a place a marker, moving those of other places where they have another."""
    for marker in near[place]:
        if marker not in seen:
            seen.add(marker)
            if marker not in taken or _settle(taken[marker], near, taken, seen):
                taken[marker] = place
                return True
    return False


def spoken(place: Place, height: int) -> str:
    """The middle of a place, from the left and from below."""
    corners = place.corners or ()
    if not corners:
        return "—"
    (x, y), more = corners[0], corners[1]
    if place.shape == "rectangle":
        x, y = x + more[0] / 2, y + more[1] / 2
    if place.shape == "polygon":
        x, y = (sum((corner[n] for corner in corners), Fraction(0)) / len(corners) for n in (0, 1))
    return f"{round(x)}, {height - round(y)}"
