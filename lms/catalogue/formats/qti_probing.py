"""Questions made by asking an item's own scoring: which answers earn what. What our kind gives is held against it."""

import html
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.gradings import GRADINGS
from lms.catalogue.kinds.kind import clamped, dump, plain
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.kinds.truefalse import TEXTS
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Body, Option, Question

Given = Mapping[str, tuple[str, ...]]           # response id -> what was answered
MOST_SUBSETS, MOST_PROBES = 9, 40
TRUE = {"true", "verdadero", "cierto", "v", "t", "vrai", "wahr", "verdadeiro"}
FALSE = {"false", "falso", "f", "faux", "falsch"}


class Scorer(Protocol):
    """An item's own scoring: the points of a response, and the ids of the feedback it shows."""

    def score(self, given: Given) -> Fraction: ...
    def shown(self, given: Given) -> frozenset[str]: ...


@dataclass(frozen=True)
class Probe:
    """One response in the item's words and in ours."""
    given: Given
    answer: str


@dataclass(frozen=True)
class Listed:
    """A choice, source, gap or target of an item."""
    ident: str
    text: str                   # safe HTML
    feedback: str = ""


@dataclass(frozen=True)
class Taken:
    """What was understood of an item's answers; `points` 0 where no answer earns any."""
    kind: str
    points: Fraction
    options: tuple[Option, ...] = ()
    numbers: tuple[tuple[Decimal, Decimal, Fraction], ...] = ()
    body: Body | None = None
    probes: tuple[Probe, ...] = ()
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    text: str | None = None

    def question(self) -> Question:
        return Question("x", self.kind, self.text or "x", self.options, self.points, numbers=self.numbers,
                        body=self.body)


def differing(taken: Taken, scorer: Scorer) -> list[tuple[Probe, Fraction, Fraction]]:
    """The probes for which our kind gives another share than the item's own processing: (probe, its, ours)."""
    question, found = taken.question(), []
    for probe in taken.probes if taken.points > 0 else ():
        own = clamped(scorer.score(probe.given) / taken.points)
        ours = KINDS[taken.kind].score(question, probe.answer) or Fraction(0)
        if abs(own - ours) > Fraction(1, 1000):
            found.append((probe, own, ours))
    return found


def best_of(candidates: Iterable[Taken], scorer: Scorer) -> Taken:
    """The one that differs least from the item's own scoring; the first of equals."""
    return min(candidates, key=lambda taken: len(differing(taken, scorer)))


def single(scorer: Scorer, rid: str, choices: Sequence[Listed], truthful: bool = True) -> Taken:
    """One of several."""
    scores = {c.ident: scorer.score({rid: (c.ident,)}) for c in choices}
    best = max(scores.values(), default=Fraction(0))
    shares = {ident: tidy(score / best) if best > 0 else Fraction(0) for ident, score in scores.items()}
    letters = dict(zip((c.ident for c in choices), lettered([plain(c.text) for c in choices]), strict=True))
    ids = (_truth(choices) if truthful else None) or letters
    truth = set(ids.values()) == {"true", "false"}
    options = tuple(Option(ids[c.ident], TEXTS[ids[c.ident]] if truth else c.text, shares[c.ident], c.feedback)
                    for c in choices)
    options = tuple(sorted(options, key=lambda o: o.id != "true")) if truth else options
    probes = (Probe({}, ""), *(Probe({rid: (c.ident,)}, dump(ids[c.ident])) for c in choices))
    right = {rid: (max(scores, key=lambda i: scores[i]),)} if scores else {}
    return Taken("truefalse" if truth else "single", max(best, Fraction(0)), options, probes=probes, right=right)


def _truth(choices: Sequence[Listed]) -> dict[str, str] | None:
    words = [plain(c.text).casefold().strip(". ") for c in choices]
    if len(words) != 2 or not ({words[0]} & TRUE and {words[1]} & FALSE or {words[1]} & TRUE and {words[0]} & FALSE):
        return None
    return {c.ident: "true" if word in TRUE else "false" for c, word in zip(choices, words, strict=True)}


def multiple(scorer: Scorer, rid: str, choices: Sequence[Listed], correct: Sequence[str], most: int) -> Taken:
    """Any number of several: scored as a whole, or each choice for itself."""
    idents = [c.ident for c in choices]
    sets = _subsets(idents, [c for c in correct if c in idents], most or len(idents))
    scores = {chosen: scorer.score({rid: chosen}) for chosen in sets}
    right = max(sets, key=lambda chosen: (scores[chosen], chosen == tuple(correct), -len(chosen)), default=())
    best = scores.get(right, Fraction(0))
    ids = dict(zip(idents, lettered([plain(c.text) for c in choices]), strict=True))
    probes = tuple(Probe({rid: chosen}, dump(sorted(ids[i] for i in chosen))) for chosen in sets)

    def made(shares: Mapping[str, Fraction], body: Choice | None) -> Taken:
        options = tuple(Option(ids[c.ident], c.text, tidy(shares[c.ident]), c.feedback) for c in choices)
        return Taken("multiple", best, options, body=body, probes=probes, right={rid: right})

    if best <= 0 or not right:
        return replace(made(dict.fromkeys(idents, Fraction(0)), None), points=Fraction(0))
    even = {i: Fraction(i in right, len(right)) for i in idents}
    each = {i: (scorer.score({rid: tuple(j for j in idents if j in right or j == i)})
                - scorer.score({rid: tuple(j for j in right if j != i)})) / best for i in idents}
    alone = {i: scorer.score({rid: (i,)}) / best for i in idents}
    strict = {i: share if share else Fraction(-1) for i, share in even.items()}
    most_told = {i: _most_told(i, idents, scores) / best for i in idents}
    return best_of([made(each, None), made(even, Choice(all_or_nothing=True)), made(alone, None), made(even, None),
                    made(strict, None), made(most_told, None)], scorer)


def _most_told(ident: str, idents: Sequence[str], scores: Mapping[tuple[str, ...], Fraction]) -> Fraction:
    """The largest difference that ticking one choice makes: where bounds do not hide it."""
    differences = [scores[wider] - score for chosen, score in scores.items() if ident not in chosen
                   and (wider := tuple(i for i in idents if i in chosen or i == ident)) in scores]
    return max(differences, key=abs, default=Fraction(0))


def _subsets(idents: Sequence[str], correct: Sequence[str], most: int) -> list[tuple[str, ...]]:
    """All sets of a few, or of many those that tell most."""
    if len(idents) <= MOST_SUBSETS:
        return [chosen for n in range(min(most, len(idents)) + 1) for chosen in itertools.combinations(idents, n)]
    right = tuple(i for i in idents if i in correct)
    found = [(), right, tuple(idents), *((i,) for i in idents), *(tuple(j for j in right if j != i) for i in right),
             *(tuple(j for j in idents if j in right or j == i) for i in idents if i not in right)]
    return list(dict.fromkeys(chosen for chosen in found if len(chosen) <= most))[:4 * MOST_PROBES]


def ordered(scorer: Scorer, rid: str, choices: Sequence[Listed], correct: Sequence[str]) -> Taken:
    """All items in their order."""
    by = {c.ident: c for c in choices}
    right = tuple(correct)
    ids = dict(zip(right, lettered([plain(by[i].text) for i in right]), strict=True))
    orders = [*itertools.islice(itertools.permutations(right), MOST_PROBES), right[::-1], right[1:] + right[:1]]
    orders += [(*right[:n], right[n + 1], right[n], *right[n + 2:]) for n in range(len(right) - 1)]
    probes = [Probe({}, "")] + [Probe({rid: order}, dump({ids[i]: n for n, i in enumerate(order, 1)}))
                                for order in dict.fromkeys(orders)]
    options = tuple(Option(ids[i], by[i].text, Fraction(1)) for i in right)
    points = max(scorer.score({rid: right}), Fraction(0))
    return best_of([Taken("ordering", points, options, probes=tuple(probes), right={rid: right},
                          body=None if grading == "absolute" else Order(grading))
                    for grading in ("absolute", *(g for g in GRADINGS if g != "absolute"))], scorer)


Give = Callable[[Mapping[str, str]], Given]     # place -> what was put there, in the item's words


def pair_probes(key: Mapping[str, str], offered: Sequence[str], give: Give,
                ours: Callable[[Mapping[str, str]], str]) -> tuple[Probe, ...]:
    """All right, none, each one wrong, each one alone, each one missing."""
    tries: list[dict[str, str]] = [dict(key), {}]
    for place, right in list(key.items())[:MOST_PROBES // 2]:
        wrong = next((o for o in offered if o != right and o not in key.values()), None) or next(
            (o for o in offered if o != right), None)
        tries += [{place: right}, {p: v for p, v in key.items() if p != place}]
        tries += [{**{p: v for p, v in key.items() if v != wrong}, place: wrong}] if wrong else []
    return tuple(Probe(give(put), ours(put)) for put in tries)


def matched(scorer: Scorer, sources: Sequence[Listed], targets: Sequence[Listed], key: Mapping[str, str],
            give: Give) -> Taken:
    """Each source with its target; targets nobody wants are offered too."""
    texts = {t.ident: plain(t.text) for t in targets}
    ids = dict(zip((s.ident for s in sources), lettered([plain(s.text) for s in sources]), strict=True))
    options = [Option(ids[s.ident], s.text, Fraction(1), s.feedback, texts[key[s.ident]]) for s in sources]
    spare = [t for t in targets if t.ident not in key.values()]
    options += [Option(f"z{n}", "", Fraction(1), match=texts[t.ident]) for n, t in enumerate(spare, 1)]
    probes = pair_probes(key, [t.ident for t in targets], give,
                         lambda put: dump({ids[s]: texts[t] for s, t in put.items()}))
    return Taken("matching", max(scorer.score(give(key)), Fraction(0)), tuple(options), probes=probes, right=give(key))


def short(scorer: Scorer, rid: str, keys: Sequence[Listed], wrong: str = "\u00a1no!", accents: bool = True,
          patterns: Mapping[str, str] = MappingProxyType({})) -> Taken:
    """One of the accepted texts. `patterns` says, by a text that fits, the wildcards which a key stands for."""
    scores = {k.ident: scorer.score({rid: (k.ident,)}) for k in keys}
    best = max(scores.values(), default=Fraction(0))
    strict = any(score > 0 and scorer.score({rid: (ident.swapcase(),)}) != score for ident, score in scores.items()
                 if ident.swapcase() != ident)
    kept = [k for k in keys if scores[k.ident] > 0 or k.feedback]
    seen: dict[str, Listed] = {}
    for one in kept:
        seen.setdefault(one.ident if strict else one.ident.casefold(), one)
    kept = sorted(seen.values(), key=lambda k: k.ident in patterns)     # the first that fits counts: exact ones first
    texts = [html.escape(patterns.get(k.ident) or k.ident.replace("*", "\\*"), False) for k in kept]
    letters = lettered([k.ident for k in kept])
    options = tuple(Option(i, text, tidy(scores[k.ident] / best) if best > 0 else Fraction(0), k.feedback)
                    for i, k, text in zip(letters, kept, texts, strict=True))
    tries = [*(k.ident for k in kept), *(k.ident.swapcase() for k in kept[:5]), wrong,
             *(f"x{k.ident}x" if k.ident in patterns else k.ident + "x" for k in kept[:3])]
    tries += [f"{one.ident} {other.ident}" for one, other in itertools.permutations(kept[:4], 2) if patterns]
    probes = tuple(Probe({rid: (text,)} if text else {}, dump(text)) for text in ["", *dict.fromkeys(tries)])
    right = {rid: (max(scores, key=lambda i: scores[i]),)} if scores else {}
    body = Words(case=strict, accents=accents) if strict or accents else None
    return Taken("short", max(best, Fraction(0)), options, body=body, probes=probes, right=right)


def tidy(value: Fraction) -> Fraction:
    """A number that was written rounded as the simple fraction it stands for: 0.3333 is a third."""
    simple = value.limit_denominator(60)
    return simple if abs(simple - value) < Fraction(1, 20_000) else value
