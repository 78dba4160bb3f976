"""How hard questions are and how well they tell the strong from the weak: classical test theory, pure.

The formulas are those of Moodle's quiz statistics (https://docs.moodle.org/dev/Quiz_statistics_calculations); moments
by Fisher's k-statistics. Marks are in points, rates from 0 to 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from operator import mul, sub
from statistics import fmean, median
from typing import TypeVar

FEW = 30                        # attempts under which figures say little
LEAST = 8                       # under which they are not interpreted at all
Column = Sequence[float]
A = TypeVar("A")


@dataclass(frozen=True)
class ItemStatistics:
    """One question, or one variant of it. None where the figure does not exist: too few attempts, no spread."""
    count: int                                  # attempts that were asked it
    out_of: float                               # points
    facility: float | None                      # mean mark, of its points
    deviation: float | None                     # standard deviation, of its points
    covariance: float | None = None             # of its marks with those of the rest of the quiz
    greatest_covariance: float | None = None    # what it could have been with these marks in the best order
    variance: float | None = None
    rest_variance: float | None = None
    discrimination: float | None = None         # correlation with the rest of the quiz, -1 to 1
    efficiency: float | None = None             # covariance of the greatest possible, up to 1
    weight: float | None = None                 # share of the spread of the quiz's marks that is this question's


@dataclass(frozen=True)
class QuizStatistics:
    """A whole quiz, marks in points."""
    count: int
    mean: float | None = None
    first_mean: float | None = None             # of first attempts
    median: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None               # in excess of the normal distribution's
    consistency: float | None = None            # Cronbach's alpha; negative where questions pull apart
    error_ratio: float | None = None            # share of the deviation that is chance
    standard_error: float | None = None         # points

    @property
    def few(self) -> bool:
        """Whether these figures say little: chance alone could make them."""
        return self.count < FEW


def item(marks: Column, totals: Column, out_of: float, drawn: bool = False) -> ItemStatistics:
    """One question from its marks and the totals of the same attempts, in the same order. A question drawn at random
    has no fixed rest of the quiz: it is held against the whole of it, as Moodle does."""
    count = len(marks)
    if not count or not out_of:
        return ItemStatistics(count, out_of, None, None)
    rest = totals if drawn else list(map(sub, totals, marks))
    mean = fmean(marks)
    if count < 2:
        return ItemStatistics(count, out_of, mean / out_of, None)
    own, others = _covariance(marks, marks), _covariance(rest, rest)
    shared, best = _covariance(marks, rest), _covariance(sorted(marks), sorted(rest))
    spread = sqrt(own * others)
    return ItemStatistics(count, out_of, mean / out_of, sqrt(own) / out_of, shared, best, own, others,
                          shared / spread if spread else None, shared / best if best else None)


def weights(columns: Sequence[Column], totals: Column) -> list[float | None]:
    """The effective weight of each question: how much of the spread of the totals it makes. A question that goes
    against the rest has none, as a share of a spread can not be negative."""
    if len(totals) < 2:
        return [None] * len(columns)
    shared = [_covariance(column, totals) for column in columns]
    total = sum(sqrt(part) for part in shared if part > 0)
    return [sqrt(part) / total if part >= 0 and total else None for part in shared]


def quiz(totals: Column, first: Column, item_variances: Sequence[float | None]) -> QuizStatistics:
    """A whole quiz from the totals of all attempts, those of first attempts, and the variance of each question."""
    count = len(totals)
    if not count:
        return QuizStatistics(0)
    mean, middle = fmean(totals), median(totals)
    firsts = fmean(first) if first else None
    if count < 2:
        return QuizStatistics(count, mean, firsts, middle)
    second, third, fourth = (fmean((total - mean) ** power for total in totals) for power in (2, 3, 4))
    variance = count * second / (count - 1)
    skewness = kurtosis = consistency = error = None
    if variance and count > 2:
        skewness = count ** 2 * third / ((count - 1) * (count - 2)) / variance ** 1.5
    if variance and count > 3:
        scale = count ** 2 / ((count - 1) * (count - 2) * (count - 3))
        kurtosis = scale * ((count + 1) * fourth - 3 * (count - 1) * second ** 2) / variance ** 2
    items = len(item_variances)
    if variance and items > 1:
        consistency = items / (items - 1) * (1 - sum(v or 0 for v in item_variances) / variance)
        error = sqrt(1 - consistency)
    return QuizStatistics(count, mean, firsts, middle, sqrt(variance), skewness, kurtosis, consistency, error,
                          None if error is None else error * sqrt(variance))


def _covariance(xs: Column, ys: Column) -> float:
    """Of a sample: divided by one less than its size."""
    mean_x, mean_y = fmean(xs), fmean(ys)
    return float(sum(map(mul, [x - mean_x for x in xs], [y - mean_y for y in ys]))) / (len(xs) - 1)


@dataclass(frozen=True)
class Tally:
    """How often one answer was given to one part of a question."""
    part: str
    model: str                  # the key it met; "" none
    actual: str
    share: float                # of the part's points
    count: int
    rate: float                 # of those who were asked


def tallies(answers: Sequence[A], read: Callable[[A], Sequence[tuple[str, str, str, float]]]) -> list[Tally]:
    """Answers counted, the most frequent first: `read` gives (part, model, actual, share) for each part of one."""
    found: dict[tuple[str, str, str, float], int] = {}
    for answer in answers:
        for row in read(answer):
            found[row] = found.get(row, 0) + 1
    return sorted((Tally(*row, count, count / len(answers)) for row, count in found.items()),
                  key=lambda t: (t.part, -t.count, -t.share, t.actual))


@dataclass(frozen=True)
class Report:
    """The figures of one quiz."""
    quiz: QuizStatistics
    items: Mapping[str, ItemStatistics]


def report(columns: Mapping[str, Column], worth: Mapping[str, float], first: Sequence[bool]) -> Report:
    """All figures from the marks of each question, every column in the order of the attempts; `first` says which
    attempts are a person's first."""
    totals = list(map(sum, zip(*columns.values(), strict=True)))
    found = {name: item(marks, totals, worth[name]) for name, marks in columns.items()}
    shares = dict(zip(columns, weights(list(columns.values()), totals), strict=True))
    return Report(quiz(totals, [t for t, one in zip(totals, first, strict=True) if one],
                       [figures.variance for figures in found.values()]),
                  {name: replace(figures, weight=shares[name]) for name, figures in found.items()})
