"""Figures of "cómo se calculó": how a share becomes each country's grade, written so that they add up. Pure, exact."""

from collections.abc import Iterable
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction

from lms.grading.policies import Policies, standing
from lms.grading.scales import HOME, Grade, Scale, grade
from lms.grading.values import Step

MOST_COMPARED = 1500            # words; longer texts are not compared word by word (the time grows with the square)


def exact(value: Fraction | Decimal | int, places: int = 4) -> str:
    """"5,05"; "4,1666…": cut where it does not end. Rounded instead, 3,9495 would read 3,95 beside a grade of 3,9."""
    value = Fraction(value)
    whole, rest = divmod(abs(value.numerator) * 10 ** places, value.denominator)
    digits = f"{whole // 10 ** places},{whole % 10 ** places:0{places}d}"
    sign = "−" if value < 0 else ""
    return sign + (f"{digits}…" if rest else digits.rstrip("0").rstrip(","))


def scales(policies: Policies | str) -> tuple[Scale, ...]:
    """The scales that are shown, one's own first; of a country, where no cohort has chosen."""
    return (standing(policies) if isinstance(policies, str) else policies).shown


def sides(share: Fraction, policies: Policies | str) -> list[Grade]:
    """The grade on each scale that is shown, one's own first; what is written alike, once."""
    asked = standing(policies) if isinstance(policies, str) else policies
    found: dict[str, Grade] = {}
    for shown in asked.grades(share):
        found.setdefault(shown.written, shown)
    return list(found.values())


def conversion(share: Fraction, scale: Scale, home: Scale = HOME) -> Step:
    """The arithmetic from a share to a grade: from `start`, `climb` grades over a `stretch` of the points."""
    shown: Grade = grade(share, scale, home)
    low = share <= scale.demand
    if scale.table:
        at_home = home.rounded(home.raw(share))
        return Step("table", {"scale": scale, "share": share, "grade": shown, "raw": shown.raw, "demand": scale.demand,
                              "since": max((row[0] for row in scale.table if row[0] <= at_home),
                                           default=scale.table[0][0])})
    return Step("scale", {
        "scale": scale, "share": share, "low": low, "demand": scale.demand, "raw": shown.raw, "grade": shown,
        "start": scale.minimum if low else scale.passing,
        "climb": scale.passing - scale.minimum if low else scale.maximum - scale.passing,
        "stretch": scale.demand if low else 1 - scale.demand,
        "guarded": scale.rounded(shown.raw) != shown.value, "alone": scale.rounded(shown.raw)})


def table(shares: Iterable[Fraction], policies: Policies | str) -> list[str]:
    """For each share its grades as a marker sees them: "5,1 Chile · 7 Argentina"."""
    return [" · ".join(f"{shown.written} {shown.scale.place}" for shown in sides(share, policies)) for share in shares]


def compared(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts as pieces (text, does it differ?), word by word."""
    left, right = mine.split(), theirs.split()
    if len(left) + len(right) > MOST_COMPARED:
        return [(mine, mine != theirs)], [(theirs, mine != theirs)]
    ours: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        _add(ours, left[a:b], what != "equal")
        _add(others, right[c:d], what != "equal")
    return ours, others


def _add(pieces: list[tuple[str, bool]], words: Iterable[str], differs: bool) -> None:
    if text := " ".join(words):
        pieces.append((text, differs))
