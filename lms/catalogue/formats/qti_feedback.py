"""Where the feedback of a QTI item belongs, told by which responses show it: an option's, right, wrong, or general."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lms.catalogue.formats.qti_probing import Probe, Scorer, Taken
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import load
from lms.catalogue.kinds.numerical import Numerical
from lms.catalogue.kinds.short import Short

CHOICES = ("single", "truefalse", "multiple")
GENERAL = 3
USUAL = {"correct_fb": 0, "general_incorrect_fb": 2, "general_fb": GENERAL}     # what Canvas calls them


@dataclass(frozen=True)
class Entry:
    """One feedback: its id as `Scorer.shown` says it, safe HTML, whether it stands apart from the question's text."""
    ident: str
    text: str
    apart: bool
    lost: Callable[[], None]            # tells that it has no place here
    usual: str = ""                     # the name the file gives it: some mean the same everywhere


@dataclass
class Said:
    """Safe HTML: the question's own, by result, and by the number of an option."""
    general: str = ""
    said: tuple[str, str, str] = ("", "", "")
    options: dict[int, str] = field(default_factory=dict)


def sorted_out(entries: Sequence[Entry], scorer: Scorer, taken: Taken) -> Said:
    """Every feedback in its place; what depends on something else is told."""
    found = Said()
    probes = [probe for probe in taken.probes if probe.answer]
    shown = [scorer.shown(probe.given) for probe in probes] if entries else []
    said: list[list[str]] = [[], [], []]
    general: list[str] = []
    for entry in entries:
        if not entry.text:
            continue
        where = {i for i, ids in enumerate(shown) if entry.ident in ids}
        option, result = _option(taken, probes, where), _result(scorer, taken, probes, where)
        if not probes and entry.ident in scorer.shown({}):
            general.append(entry.text)
        elif option is not None and (result is None or not entry.apart):
            found.options[option] = "<br>".join(filter(None, (found.options.get(option, ""), entry.text)))
        elif where and len(where) == len(probes):
            general.append(entry.text)
        elif result is not None:
            said[result].append(entry.text)
        elif entry.usual in USUAL:
            (*said, general)[USUAL[entry.usual]].append(entry.text)
        else:
            entry.lost()
    right, partly, wrong = ("<br>".join(texts) for texts in said)
    found.said, found.general = (right, partly, wrong), "<br>".join(general)
    return found


def _chosen(taken: Taken, probe: Probe) -> set[int]:
    """The numbers of the options an answer meets."""
    answer, kind, question = load(probe.answer), KINDS[taken.kind], taken.question()
    if taken.kind in CHOICES:
        ids = answer if isinstance(answer, list) else [answer]
        return {n for n, option in enumerate(taken.options) if option.id in ids}
    if isinstance(kind, Short):
        best = kind.best(question, probe.answer)
        return {taken.options.index(best)} if best else set()
    if isinstance(kind, Numerical):
        met = kind.met(question, probe.answer)
        return {met[0]} if met else set()
    return set()


def _option(taken: Taken, probes: Sequence[Probe], where: set[int]) -> int | None:
    """The option whose choice, and nothing else, shows it."""
    if not where or not taken.options or taken.kind not in (*CHOICES, "short", "numerical"):
        return None
    chosen = [_chosen(taken, probe) for probe in probes]
    return next((n for n in range(len(taken.options)) if where == {i for i, c in enumerate(chosen) if n in c}), None)


def _result(scorer: Scorer, taken: Taken, probes: Sequence[Probe], where: set[int]) -> int | None:
    """0, 1, 2: it is shown with all the points, some, none; None: not just so."""
    if taken.points <= 0 or not where:
        return None
    shares = [scorer.score(probe.given) / taken.points for probe in probes]
    groups = [{i for i, s in enumerate(shares) if s >= 1}, {i for i, s in enumerate(shares) if 0 < s < 1},
              {i for i, s in enumerate(shares) if s <= 0}]
    if where == groups[1] | groups[2] and groups[1] and groups[2]:
        return 2                        # shown to whoever is not wholly right
    return next((n for n in range(3) if where == groups[n]), None)
