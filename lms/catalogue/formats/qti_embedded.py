"""Several interactions in one item: gaps to choose for (gapselect) or a text with embedded answers (cloze)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_interactions import Reading, read_choice, read_text
from lms.catalogue.formats.qti_making import NO_KEY
from lms.catalogue.formats.qti_probing import Given, Probe, Scorer, Taken, tidy
from lms.catalogue.formats.qti_scoring import Partly
from lms.catalogue.formats.qti_tree import Element
from lms.catalogue.kinds.cloze import Cloze, Embedded
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.kinds.kind import dump, load, plain
from lms.catalogue.rules import Question

EMBEDDED = ("inlineChoiceInteraction", "textEntryInteraction", "choiceInteraction")
MOST_PARTS = 100


@dataclass(frozen=True)
class Piece:
    """One answer among others: as it was taken, and its right answer in our words."""
    taken: Taken
    layout: str
    answer: str

    @property
    def plain_choice(self) -> bool:
        """One right and nothing else: no partial weights, no feedback."""
        shares = [o.share for o in self.taken.options]
        return self.taken.kind == "single" and shares.count(Fraction(1)) == 1 and shares.count(Fraction(0)) == len(
            shares) - 1 and not any(o.feedback for o in self.taken.options)


def read_embedded(reading: Reading, elements: Sequence[Element]) -> tuple[Taken, dict[Element, str]] | None:
    """The whole, and what stands in the text where each answer goes."""
    pieces = []
    for element in elements[:MOST_PARTS]:
        taken = _part(reading, element, elements)
        if taken is None:
            return None
        if taken.points <= 0:
            reading.texts.tell(Grade.FAULT, element, NO_KEY, "Márquela (correctResponse).")
            return None
        taken = _commented(reading, element, taken)
        layout = {"inlineChoiceInteraction": "list", "choiceInteraction": "column"}.get(str(element.tag), "line")
        pieces.append(Piece(taken, layout, piece_answer(taken)))
    return joined(reading.scorer, pieces, dict(enumerate(elements)))


def _commented(reading: Reading, element: Element, taken: Taken) -> Taken:
    """With the feedback that is in its choices, or that its own outcome shows."""
    rid = str(element.get("responseIdentifier", ""))
    inside = list(element.iterdescendants("simpleChoice", "inlineChoice"))
    found: dict[int, str] = {}
    for said in list(reading.scorer.feedbacks):
        holder = next((n for n, one in enumerate(inside) if one in list(said.iterancestors())), None)
        name = str(said.get("identifier", "")).removeprefix("o-")
        if holder is None and said.get("outcomeIdentifier") == f"FEEDBACK_{rid}" and not inside:
            holder = next((n for n, option in enumerate(taken.options) if option.id == name), None)
        if holder is not None and holder < len(taken.options):
            found[holder] = reading.texts.html(said)
            reading.scorer.feedbacks.remove(said)
    return replace(taken, options=tuple(replace(option, feedback=found.get(n, option.feedback))
                                        for n, option in enumerate(taken.options)))


def piece_answer(taken: Taken) -> str:
    return next((probe.answer for probe in taken.probes if probe.given == taken.right), "")


def _part(reading: Reading, element: Element, elements: Sequence[Element]) -> Taken | None:
    def read(scorer: Scorer) -> Taken | None:
        return (read_text(reading, element, scorer) if element.tag == "textEntryInteraction"
                else read_choice(reading, element, scorer, truthful=False))

    alone = read(Partly(reading.scorer, {}))
    if alone is None or alone.points > 0:
        return alone
    others = {str(e.get("responseIdentifier", "")): tuple(reading.correct(e)) for e in elements if e is not element}
    return read(Partly(reading.scorer, {rid: said for rid, said in others.items() if said}))


def joined(scorer: Scorer, pieces: Sequence[Piece], marks: dict[int, Element]) -> tuple[Taken, dict[Element, str]]:
    """Pieces as one question."""
    right: Given = {rid: said for piece in pieces for rid, said in piece.taken.right.items()}
    points = max(scorer.score(right), Fraction(0))
    weights = {piece.taken.points for piece in pieces}
    probes = _probes(pieces)
    if all(piece.plain_choice and piece.layout == "list" for piece in pieces) and len(weights) == 1:
        return _gapselect(pieces, points, right, marks)
    shares = whole_numbers([piece.taken.points for piece in pieces])
    parts = tuple(Embedded(str(n), shares[n - 1], Question(
        str(n), piece.taken.kind, "", piece.taken.options, numbers=piece.taken.numbers, body=piece.taken.body,
        shuffle=piece.taken.shuffle), piece.layout) for n, piece in enumerate(pieces, 1))
    whole = Taken("cloze", points, body=Cloze(parts), probes=probes, right=right)
    text = "".join(f"{{#{n}}}" for n in range(1, len(pieces) + 1))
    return _with(whole, text), {marks[n]: f"{{#{n + 1}}}" for n in marks}


def whole_numbers(weights: Sequence[Fraction]) -> list[Fraction]:
    """Weights in the same proportion, as small whole numbers where they come so."""
    total = sum(weights, Fraction(0))
    if total <= 0:
        return list(weights)
    shares = [tidy(weight / total) for weight in weights]
    common = math.lcm(*(share.denominator for share in shares))
    found = [share * common for share in shares]
    least = math.gcd(*(int(n) for n in found)) or 1
    return [n / least for n in found] if common <= 1000 else list(weights)


def _with(taken: Taken, text: str) -> Taken:
    """Holding a text with all its marks, so that it can be scored before it has its own."""
    return Taken(taken.kind, taken.points, taken.options, taken.numbers, taken.body, taken.probes, taken.right,
                 taken.shuffle, text)


def _tries(count: int) -> list[set[int]]:
    """Which parts are answered rightly: all, none, each alone, each missing."""
    each = list(range(count))[:20]
    return [set(range(count)), set(), *({n} for n in each), *(set(range(count)) - {n} for n in each)]


def _probes(pieces: Sequence[Piece]) -> tuple[Probe, ...]:
    found = []
    for chosen in _tries(len(pieces)):
        given = {rid: said for n in chosen for rid, said in pieces[n].taken.right.items()}
        found.append(Probe(given, dump({str(n + 1): load(pieces[n].answer) for n in sorted(chosen)})))
    for n, piece in enumerate(pieces[:20]):
        found += [Probe(probe.given, dump({str(n + 1): load(probe.answer)} if probe.answer else {}))
                  for probe in piece.taken.probes[:12]]
    return tuple(found)


def _gapselect(pieces: Sequence[Piece], points: Fraction, right: Given, marks: dict[int, Element]
               ) -> tuple[Taken, dict[Element, str]]:
    """Gaps that offer the same words are one group."""
    groups: dict[frozenset[str], int] = {}
    words: list[tuple[str, int, bool]] = []
    keys, rows = [], []
    for piece in pieces:
        options = piece.taken.options
        texts = frozenset(plain(option.text) for option in options)
        if texts not in groups:
            groups[texts] = len(groups) + 1
            words += [(option.text, groups[texts], False) for option in options]
        key = next(plain(option.text) for option in options if option.share == 1)
        row = {plain(text): n for n, (text, group, _) in enumerate(words) if group == groups[texts]}
        keys.append(row[key])
        rows.append(row)
    body = stock(words)
    probes = []
    for chosen in _tries(len(pieces)):
        given = {rid: said for n in chosen for rid, said in pieces[n].taken.right.items()}
        probes.append(Probe(given, dump({str(n + 1): body.choices[keys[n]].id for n in sorted(chosen)})))
    for n, piece in enumerate(pieces[:20]):
        texts_of = {option.id: plain(option.text) for option in piece.taken.options}
        probes += [Probe(probe.given, dump({str(n + 1): body.choices[rows[n][texts_of[load(probe.answer)]]].id}))
                   for probe in piece.taken.probes[:12] if probe.answer]
    text = "".join(f"[[{key + 1}]]" for key in keys)
    return (Taken("gapselect", points, body=body, probes=tuple(probes), right=right,
                  shuffle=any(p.taken.shuffle for p in pieces), text=text),
            {marks[n]: f"[[{keys[n] + 1}]]" for n in marks})
