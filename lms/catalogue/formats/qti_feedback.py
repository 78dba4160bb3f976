"""Where the feedback of a QTI item belongs, told by which responses show it: an option's, right, wrong, or general."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_interactions import Reading
from lms.catalogue.formats.qti_probing import Probe, Taken
from lms.catalogue.formats.qti_tree import Element, words
from lms.catalogue.kinds.kind import load

CHOICES = ("single", "truefalse", "multiple")


@dataclass
class Said:
    """Safe HTML: the question's own, by result, and by the number of an option."""
    general: str = ""
    said: tuple[str, str, str] = ("", "", "")
    options: dict[int, str] = field(default_factory=dict)


def sorted_out(reading: Reading, taken: Taken) -> Said:
    """Every feedback in its place; what depends on something else is told."""
    elements, found = reading.scorer.feedbacks, Said()
    if not elements:
        return found
    probes = [probe for probe in taken.probes if probe.answer]
    shown = [reading.scorer.shown(probe.given) for probe in probes]
    said: list[list[str]] = [[], [], []]
    general: list[str] = []
    for n, element in enumerate(elements):
        text = reading.texts.html(element)
        where = {i for i, ids in enumerate(shown) if str(n) in ids}
        option = _option(taken, probes, where, element)
        result = _result(reading, taken, probes, where)
        if not text:
            continue
        if option is not None and (result is None or str(element.tag) != "modalFeedback"):
            found.options[option] = "<br>".join(filter(None, (found.options.get(option, ""), text)))
        elif result is not None:
            said[result].append(text)
        elif where and len(where) == len(probes):
            general.append(text)
        else:
            reading.texts.tell(Grade.CHANGED, element, f"La retroalimentación «{words(element)[:60]}» depende de una "
                               "condición que aquí no existe: no se conserva.", "Póngala donde corresponda.")
    right, partly, wrong = ("<br>".join(texts) for texts in said)
    found.said, found.general = (right, partly, wrong), "<br>".join(general)
    return found


def _chosen(probe: Probe) -> Sequence[str]:
    answer = load(probe.answer)
    return answer if isinstance(answer, list) else [answer]


def _option(taken: Taken, probes: Sequence[Probe], where: set[int], element: Element) -> int | None:
    """The option whose choice, and nothing else, shows it."""
    if taken.kind not in CHOICES or not where:
        return None
    for n, option in enumerate(taken.options):
        if where == {i for i, probe in enumerate(probes) if option.id in _chosen(probe)}:
            return n
    return None


def _result(reading: Reading, taken: Taken, probes: Sequence[Probe], where: set[int]) -> int | None:
    """0, 1, 2: it is shown with all the points, some, none; None: not just so."""
    if taken.points <= 0 or not where:
        return None
    shares = [reading.scorer.score(probe.given) / taken.points for probe in probes]
    groups = [{i for i, s in enumerate(shares) if s >= 1}, {i for i, s in enumerate(shares) if 0 < s < 1},
              {i for i, s in enumerate(shares) if s <= 0}]
    if where == groups[1] | groups[2] and groups[1] and groups[2]:
        return 2                        # shown to whoever is not wholly right
    exact: list[int] = [n for n in range(3) if where == groups[n]]
    return exact[0] if exact else None


