"""Whether marks look alike whoever gave them, whenever in the row, and in every cohort. Pure; it proves nothing, it
says where to look again.

Order and surname move marks in practice: in 30 million records, work read late in a sitting and surnames late in the
alphabet got less (Wang, Mo and Ma 2024, SSRN 4603146). Correlations are Pearson's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

LEAST = 8                       # marks under which a group is not judged
APART = 0.1                     # of the points: a difference of means worth a look
TREND = 0.35                    # correlation with the order worth a look
FIRST = 10                      # marks at the start of a sitting that are compared with the rest


@dataclass(frozen=True)
class Given:
    """One mark as a share, with who gave it and what could have moved it."""
    share: float
    marker: int
    group: int                  # cohort
    place: float = 0.0          # of the surname in the alphabet, 0 to 1


@dataclass(frozen=True)
class Group:
    """The marks of one marker or of one cohort."""
    name: int
    count: int
    mean: float
    deviation: float | None
    apart: float                # its mean less that of all others
    notable: bool


@dataclass(frozen=True)
class Trend:
    """How the marks of one marker go with the order in which they were given."""
    marker: int
    points: tuple[float, ...]   # the shares, first to last
    correlation: float | None
    first: float | None         # mean of the first ten
    rest: float | None
    notable: bool


@dataclass(frozen=True)
class Panel:
    """All that is looked at before marks are published."""
    count: int
    markers: tuple[Group, ...]
    groups: tuple[Group, ...]
    trends: tuple[Trend, ...]
    alphabet: float | None      # correlation of marks with the surname's place in the alphabet
    alphabet_notable: bool

    @property
    def notable(self) -> bool:
        return self.alphabet_notable or any(x.notable for x in (*self.markers, *self.groups, *self.trends))


def panel(given: Sequence[Given]) -> Panel:
    """The panel of marks, in the order in which they were given."""
    alphabet = correlation([g.place for g in given], [g.share for g in given])
    return Panel(len(given), _groups(given, lambda g: g.marker), _groups(given, lambda g: g.group),
                 tuple(_trend(marker, shares) for marker, shares in _parted(given, lambda g: g.marker).items()),
                 alphabet, len(given) >= LEAST and alphabet is not None and abs(alphabet) >= TREND)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's, -1 to 1; None where one of them does not vary."""
    if len(xs) < 3:
        return None
    mean_x, mean_y = fmean(xs), fmean(ys)
    spread = sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else None


def _parted(given: Iterable[Given], by: Callable[[Given], int]) -> Mapping[int, list[float]]:
    found: dict[int, list[float]] = {}
    for one in given:
        found.setdefault(by(one), []).append(one.share)
    return found


def _groups(given: Sequence[Given], by: Callable[[Given], int]) -> tuple[Group, ...]:
    """Each group against all others together; no group is apart where there is only one."""
    parts = _parted(given, by)
    found = []
    for name, shares in parts.items():
        others = [share for other, more in parts.items() if other != name for share in more]
        apart = fmean(shares) - fmean(others) if others else 0.0
        notable = len(shares) >= LEAST and len(others) >= LEAST and abs(apart) >= APART
        deviation = stdev(shares) if len(shares) > 1 else None
        found.append(Group(name, len(shares), fmean(shares), deviation, apart, notable))
    return tuple(sorted(found, key=lambda group: -group.count))


def _trend(marker: int, shares: list[float]) -> Trend:
    along = correlation(list(map(float, range(len(shares)))), shares)
    first, rest = shares[:FIRST], shares[FIRST:]
    notable = len(shares) >= LEAST and along is not None and abs(along) >= TREND
    return Trend(marker, tuple(shares), along, fmean(first) if first else None, fmean(rest) if rest else None, notable)
