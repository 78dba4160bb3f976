"""Draws the badges' pictures, one a kind, as SVG and PNG: `python -m lms.badges.drawing` writes them to pictures/.

Each is the range in another way: seen from above with its communes joined by passes; one summit; one pass.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import cos, exp, hypot, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

from lms.badges.wording import KINDS, caption
from lms.foundation.paper.motif import EAST, PASSES, WEST

FOLDER = Path(__file__).parent / "pictures"
SIDE, CENTRE, INSIDE = 600, 300.0, 246.0            # INSIDE: the radius of the field that is drawn in
FINER = 4                                           # times the PNG is drawn larger before it is made small
NIGHT, RIM, SNOW, GOLD, STONE, BRIGHT = "#141d4b", "#24409a", "#f3f5ff", "#f2c35b", "#5266c4", "#aebcff"
Point = tuple[float, float]
PEAKS: tuple[Point, ...] = ((118.0, 418.0), (236.0, 214.0), (290.0, 302.0), (344.0, 204.0), (482.0, 418.0))


@dataclass(frozen=True)
class Line:
    points: tuple[Point, ...]
    colour: str
    width: float


@dataclass(frozen=True)
class Disc:
    x: float
    y: float
    radius: float
    fill: str
    rim: str = ""
    width: float = 0


Shape = Line | Disc


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the one over the other."""
    pairs = ((int(one[i:i + 2], 16), int(other[i:i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def medal(inner: Callable[[], Iterator[Shape]]) -> list[Shape]:
    return [Disc(CENTRE, CENTRE, 296, RIM), Disc(CENTRE, CENTRE, 284, NIGHT, GOLD, 5),
            Disc(CENTRE, CENTRE, 266, NIGHT, STONE, 2), *inner()]


def whole_range() -> Iterator[Shape]:
    """Contour lines along the range, communes on both slopes, passes between them."""
    for i in range(27):
        u = 2 * i / 26 - 1
        ink = mixed(BRIGHT, NIGHT, 0.26 + 0.54 * (1 - abs(u)) ** 1.5)
        yield from _inside([(_x(_crest(u, k / 80)), _y(k / 80)) for k in range(81)], ink, 2.2)
    for side in (WEST, EAST):
        yield from _inside([p for p in map(_town, side) if _within(p)], mixed(GOLD, NIGHT, 0.55), 2)
    passes = [both for both in ((_town(WEST[a]), _town(EAST[b])) for a, b in PASSES) if all(map(_within, both))]
    for (x1, y1), (x2, y2) in passes:
        bent = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t - 22 * sin(pi * t)) for t in (k / 24 for k in range(25))]
        yield from _inside(bent, GOLD, 4)
    joined = {town for both in passes for town in both}
    for town in filter(_within, map(_town, (*WEST, *EAST))):
        yield Disc(*town, 9.5 if town in joined else 6, GOLD, NIGHT, 2.5)


def summit() -> Iterator[Shape]:
    """The mark's two peaks over three communes, before ranges that fade into the distance."""
    for k in range(17):
        near = k / 16
        ridge = [(x, 108 + 19.5 * k - 150 * near * _double(x)) for x in range(0, 601, 5)]
        seen = [(x, y if y < _silhouette(x) - 20 else SIDE) for x, y in ridge]
        yield from _inside(seen, mixed(BRIGHT, NIGHT, 0.16 + 0.5 * near), 2.4)
    yield Line(PEAKS, NIGHT, 40)
    yield Line(PEAKS, SNOW, 15)
    yield Line(((166.0, 418.0), (434.0, 418.0)), GOLD, 8)
    for x, radius in ((166, 20), (300, 15), (434, 20)):
        yield Disc(x, 418, radius, GOLD, NIGHT, 5)


def one_pass() -> Iterator[Shape]:
    """Two slopes, and the way that goes from one side to the other."""
    for side in (-1, 1):
        for k in range(13):
            foot = 24 + 19 * k
            slope = [(CENTRE + side * (foot + (58 - 3 * k) * cos(2 * pi * (t - 0.5)) * -0.5
                                       + 9 * sin(9 * t + side + k / 4)), 50 + 500 * t)
                     for t in (j / 80 for j in range(81))]
            yield from _inside(slope, mixed(BRIGHT, NIGHT, 0.72 - 0.042 * k), 2.4)
    way = [(150 + 300 * t, 430 - 260 * t + 74 * sin(2 * pi * t)) for t in (k / 60 for k in range(61))]
    yield Line(tuple(way), NIGHT, 24)
    yield Line(tuple(way), GOLD, 9)
    for t in (0.25, 0.5, 0.75):
        yield Disc(*way[round(60 * t)], 9, SNOW, NIGHT, 4)
    for x, y in (way[0], way[-1]):
        yield Disc(x, y, 24, GOLD, NIGHT, 6)
        yield Disc(x, y, 8, NIGHT)


SCENES = {"certificate": whole_range, "module": summit, "internship": one_pass}


def _crest(u: float, t: float) -> float:
    spine = 0.5 + 0.07 * sin(2 * pi * (0.85 * t + 0.12)) + 0.03 * sin(2 * pi * (2.1 * t + 0.4))
    half = 0.25 + 0.05 * sin(2 * pi * (1.3 * t + 0.2))
    return spine + half * (u + 0.27 * (1 - u * u) * sin(2 * pi * (1.6 * t + 0.45 * u)))


def _silhouette(x: float) -> float:
    """How high the two peaks stand at x."""
    for (x1, y1), (x2, y2) in pairwise(PEAKS):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return SIDE


def _double(x: float) -> float:
    """Two summits, over which the lines behind them bend."""
    return exp(-((x - 232) / 74) ** 2) + 1.06 * exp(-((x - 348) / 74) ** 2) + 0.06 * sin(x / 31)


def _x(s: float) -> float:
    return 42 + 516 * s


def _y(t: float) -> float:
    return 42 + 516 * t


def _town(at: Point) -> Point:
    s, t = at
    return _x(0.5 + (s - 0.5) * 0.78), _y(0.5 + (t - 0.5) * 0.9)


def _within(at: Point) -> bool:
    return hypot(at[0] - CENTRE, at[1] - CENTRE) < INSIDE - 10


def _inside(points: Sequence[Point], colour: str, width: float) -> Iterator[Line]:
    """The pieces of a line that lie in the field."""
    piece: list[Point] = []
    for x, y in points:
        if hypot(x - CENTRE, y - CENTRE) <= INSIDE:
            piece.append((x, y))
        elif len(piece) > 1:
            yield Line(tuple(piece), colour, width)
            piece = []
        else:
            piece = []
    if len(piece) > 1:
        yield Line(tuple(piece), colour, width)


# Two ways to write a scene --------------------------------------------------------------------------------------------

def svg(kind: str) -> str:
    title = KINDS[kind]["es"]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img" stroke-linecap="round" '
            f'stroke-linejoin="round"><title>{title}</title><desc>{caption(kind)}</desc>'
            + "".join(_svg(shape) for shape in medal(SCENES[kind])) + "</svg>\n")


def _svg(shape: Shape) -> str:
    if isinstance(shape, Line):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        return f'<polyline points="{points}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"/>'
    rim = f' stroke="{shape.rim}" stroke-width="{shape.width:g}"' if shape.rim else ""
    return f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:g}" fill="{shape.fill}"{rim}/>'


def png(kind: str) -> bytes:
    large = Image.new("RGBA", (SIDE * FINER, SIDE * FINER), (20, 29, 75, 0))
    pen = ImageDraw.Draw(large)
    for shape in medal(SCENES[kind]):
        _paint(pen, shape)
    made = BytesIO()
    small = large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    small.quantize(160, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _paint(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    if isinstance(shape, Line):
        wide = shape.width * FINER
        points = [(x * FINER, y * FINER) for x, y in shape.points]
        pen.line(points, shape.colour, round(wide), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), shape.colour)
        return
    outer = shape.radius + (shape.width / 2 if shape.rim else 0)
    for radius, colour in ((outer, shape.rim), (shape.radius - shape.width / 2, shape.fill)):
        if colour:
            x, y, r = shape.x * FINER, shape.y * FINER, radius * FINER
            pen.ellipse((x - r, y - r, x + r, y + r), colour)


def main() -> None:
    for kind in SCENES:
        (FOLDER / f"{kind}.svg").write_text(svg(kind), "utf-8")
        (FOLDER / f"{kind}.png").write_bytes(png(kind))


if __name__ == "__main__":
    main()
