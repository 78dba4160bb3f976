"""Circles, rectangles and polygons on a picture as Moodle writes them, and whether a point lies in one."""

import re
from fractions import Fraction

Point = tuple[Fraction, Fraction]
Points = tuple[Point, ...]
NUMBER = re.compile(r"\s*(-?\d{1,5}(?:\.\d{1,4})?)\s*")
SHAPES = ("circle", "rectangle", "polygon")
MOST = 200                      # corners of a polygon


def points(shape: str, coords: str) -> Points | None:
    """The pairs of numbers of a shape, the length of a circle as (radius, 0); None where they are not of that shape."""
    pairs = [pair.split(",") for pair in coords.strip().rstrip(";").split(";")] if len(coords) < 5000 else []
    if shape == "circle" and len(pairs) == 2 and len(pairs[1]) == 1:
        pairs[1].append("0")
    found = [tuple(Fraction(number[1]) if (number := NUMBER.fullmatch(text)) else None for text in pair)
             for pair in pairs]
    if any(len(pair) != 2 or None in pair for pair in found):
        return None
    enough = len(found) == 2 if shape in ("circle", "rectangle") else shape == "polygon" and 3 <= len(found) <= MOST
    made: Points = tuple((pair[0], pair[1]) for pair in found)       # type: ignore[misc]
    if not enough or (shape != "polygon" and made[1][0] <= 0) or (shape == "rectangle" and made[1][1] <= 0):
        return None
    return made


def holds(shape: str, corners: Points, x: int, y: int) -> bool:
    """Whether a point lies in a shape; its edge is part of it."""
    (left, top), (wide, high) = corners[0], corners[1]
    if shape == "circle":
        return (x - left) ** 2 + (y - top) ** 2 <= wide ** 2
    if shape == "rectangle":
        return left <= x <= left + wide and top <= y <= top + high
    inside = False
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if across == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (across > 0) == (by > ay):
            inside = not inside
    return inside


def fits(shape: str, corners: Points, width: int, height: int) -> bool:
    """Whether a shape's points lie on the picture."""
    ends = corners[:1] if shape == "circle" else corners
    if shape == "rectangle":
        ends = (corners[0], (corners[0][0] + corners[1][0], corners[0][1] + corners[1][1]))
    return all(0 <= x <= width and 0 <= y <= height for x, y in ends)


def letter(width: int) -> int:
    """How high letters on a picture of that width are, in its pixels: still to be read where it is shown small."""
    return max(17, width // 34)
