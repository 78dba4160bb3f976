"""What QTI 1.2 and Canvas ask, whatever it is written in: responses with their choices, read by kind and by probing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_calculated import calculated
from lms.catalogue.formats.qti_embedded import Piece, joined, piece_answer
from lms.catalogue.formats.qti_mappings import NotSaid
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_numbers import numerical
from lms.catalogue.formats.qti_probing import (
    Given,
    Listed,
    Scorer,
    Taken,
    differing,
    matched,
    multiple,
    ordered,
    short,
    single,
)
from lms.catalogue.formats.qti_scoring import Partly
from lms.catalogue.formats.qti_tree import Element, number
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.kind import plain

WRONG = "\u00a1no!"                # a text no one would accept
MATCHING, BLANKS, DROPDOWNS = "matching", "fill_in_multiple_blanks", "multiple_dropdowns"
REFUSED = {
    "categorization": "clasificar en categorías", "hot_spot": "señalar una zona con coordenadas relativas",
    "stimulus": "un estímulo compartido"}


@dataclass(frozen=True)
class Asked:
    """One response of an item."""
    rid: str
    label: str                          # safe HTML: what is said beside it
    choices: tuple[Listed, ...] = ()
    shape: str = "lid"                  # lid (choices), str, num, xy, grp
    cardinality: str = "single"
    keys: tuple[str, ...] = ()          # texts the item speaks of as its answers
    numeric: bool = False               # declared or compared as a number
    shuffle: bool = False
    patterns: Mapping[str, str] = field(default_factory=dict)       # a key -> the wildcards it stands for


@dataclass
class Neutral:
    """An item, whatever it was written in."""
    kind: str                           # Canvas's name without "_question"; "" not said
    text: str                           # safe HTML
    asked: Sequence[Asked]
    scorer: Scorer
    shelf: Shelf
    place: str
    points: Fraction | None = None
    extension: Element | None = None    # <calculated>
    note: str = ""                      # for who marks
    marks: Mapping[str, str] = field(default_factory=dict)      # what stands in the text for each response
    model: str = ""

    def refuse(self, message: str) -> None:
        self.shelf.tell(Grade.UNSUPPORTED, self.place, message,
                        "Cree la pregunta a mano con uno de los tipos disponibles.")


def taken_of(item: Neutral) -> Taken | None:
    """What was understood; None, told, where nothing is."""
    if item.kind in REFUSED:
        item.refuse(f"La pregunta pide {REFUSED[item.kind]} ({item.kind}_question), que aquí no existe.")
        return None
    if item.kind in ("text_only", "description") or (not item.asked and item.kind not in ("essay", "file_upload")):
        return Taken("description", Fraction(0))
    if item.kind == "file_upload":
        return _essay(item, Essay(text="none", attachments=1, required=1, grader_note=item.note))
    if item.kind == "essay":
        return _essay(item, Essay(grader_note=item.note))
    if item.extension is not None or item.kind in ("calculated", "Calculated"):
        return calculated(item.extension, item.text, item.points, lambda why: item.refuse(why))
    strange = next((a for a in item.asked if a.shape not in ("lid", "str", "num")), None)
    if strange is not None:
        item.refuse(f"La respuesta es de tipo response_{strange.shape}, que aquí no existe.")
        return None
    return _by_shape(item)


def _essay(item: Neutral, body: Essay) -> Taken:
    return Taken("essay", item.points or Fraction(1), body=None if body == Essay() else body)


def _by_shape(item: Neutral) -> Taken | None:
    if len(item.asked) > 1 or item.kind in (BLANKS, DROPDOWNS):
        matching = item.kind == MATCHING or (not item.kind and _alike(item.asked))
        return _matching(item) if matching else _blanks(item)
    asked, scorer = item.asked[0], item.scorer
    if item.kind == MATCHING:
        return _matching(item)
    if asked.shape == "lid":
        return _listed(item, asked)
    if item.kind == "numerical" or asked.shape == "num" or asked.numeric:
        return _number(scorer, asked)
    if not asked.keys:
        return _essay(item, Essay(grader_note=item.note))
    return _words(scorer, asked)


def _listed(item: Neutral, asked: Asked) -> Taken | None:
    idents = [choice.ident for choice in asked.choices]
    if len(set(idents)) < len(idents) or len(idents) < 2 or len(idents) > 200 or not all(idents):
        item.shelf.tell(Grade.FAULT, item.place, "Hay menos de dos alternativas, o dos con el mismo identificador.",
                        "Dé a cada alternativa su identificador.")
        return None
    if asked.cardinality == "ordered" or item.kind == "ordering":
        right = [key for key in asked.keys if key in idents]
        if sorted(right) != sorted(idents):
            item.refuse("El orden correcto no nombra todos los elementos.")
            return None
        return ordered(item.scorer, asked.rid, asked.choices, right)
    if asked.cardinality == "multiple" or item.kind == "multiple_answers":
        taken = multiple(item.scorer, asked.rid, asked.choices, asked.keys, 0)
    else:
        taken = single(item.scorer, asked.rid, asked.choices)
    return replace(taken, shuffle=asked.shuffle)


def _alike(asked: Sequence[Asked]) -> bool:
    """Whether every response offers the same: pairs to match."""
    sets = [frozenset(c.ident for c in a.choices) for a in asked if a.shape == "lid"]
    return len(sets) == len(asked) > 1 and len(set(sets)) == 1 and all(a.label for a in asked)


def _matching(item: Neutral) -> Taken | None:
    targets: dict[str, Listed] = {}
    for asked in item.asked:
        for choice in asked.choices:
            targets.setdefault(plain(choice.text), choice)
    key, idents = {}, {}
    for asked in item.asked:
        alone = Partly(item.scorer, {})
        scores = {c.ident: alone.score({asked.rid: (c.ident,)}) for c in asked.choices}
        best = max(scores, key=lambda i: scores[i], default="")
        if not best or scores[best] <= 0:
            item.shelf.tell(Grade.FAULT, item.place, f"El par «{plain(asked.label)[:60]}» no dice cuál es su pareja.",
                            "Márquela en resprocessing.")
            return None
        idents[asked.rid] = {plain(c.text): c.ident for c in asked.choices}
        key[asked.rid] = next(plain(c.text) for c in asked.choices if c.ident == best)
    sources = [Listed(a.rid, a.label or a.rid) for a in item.asked]

    def give(put: Mapping[str, str]) -> Given:
        return {rid: (idents[rid].get(text, text),) for rid, text in put.items()}

    return matched(item.scorer, sources, [Listed(text, one.text) for text, one in targets.items()], key, give)


def _blanks(item: Neutral) -> Taken | None:
    """Responses within a text: fields to fill, or lists to choose from."""
    pieces = []
    item.asked = sorted(item.asked, key=lambda a: (item.text + _name(item, a)).index(_name(item, a)))
    for asked in item.asked[:100]:
        taken = _blank(item, asked, Partly(item.scorer, {}))
        if taken is not None and taken.points <= 0:
            others = {a.rid: a.keys[:1] for a in item.asked if a is not asked and a.keys}
            taken = _blank(item, asked, Partly(item.scorer, others))
        if taken is None or taken.points <= 0:
            item.shelf.tell(Grade.FAULT, item.place, f"El espacio «{asked.rid[:60]}» no dice su respuesta correcta.",
                            "Márquela en resprocessing.")
            return None
        pieces.append(Piece(taken, "list" if taken.kind == "single" else "line", piece_answer(taken)))
    found = joined(item.scorer, pieces, {})[0]
    return replace(found, text=_placed(item, found))


def _blank(item: Neutral, asked: Asked, scorer: Partly) -> Taken | None:
    if asked.shape == "num" or (asked.numeric and asked.shape == "str"):
        return _number(scorer, asked)
    if asked.shape == "str":
        return _words(scorer, asked)
    if item.kind == BLANKS:
        return _typed(scorer, asked)
    return single(scorer, asked.rid, asked.choices, truthful=False) if len(asked.choices) > 1 else _typed(scorer, asked)


def _number(scorer: Scorer, asked: Asked) -> Taken:
    """A number; words that are right too have no place in it."""
    if asked.keys and all(number(key) is None for key in asked.keys):
        raise NotSaid(f"La respuesta correcta «{asked.keys[0][:40]}» no es un número escrito con punto decimal.",
                      "Escríbala como 1234.5, sin separar los miles y sin unidad.")
    for key in asked.keys:
        if number(key) is None and scorer.score({asked.rid: (key,)}) > 0:
            raise NotSaid(f"La respuesta se compara con números y también con el texto «{key[:40]}», que una respuesta "
                          "numérica no admite.", "Escriba los números con punto decimal, sin unidades ni espacios.")
    return numerical(scorer, asked.rid, _marks(asked))


def _words(scorer: Scorer, asked: Asked) -> Taken:
    """A short answer. What is right because of what it does not say has no place in it."""
    taken = short(scorer, asked.rid, [Listed(key, key) for key in asked.keys], WRONG, patterns=asked.patterns)
    if scorer.score({asked.rid: (WRONG,)}) > 0:
        raise NotSaid("Da puntaje cualquier texto, o cualquiera que no sea uno dado (other, not): una respuesta breve "
                      "solo puede decir cuáles textos son correctos.")
    for probe, own, ours in differing(taken, scorer):
        text = (*probe.given.get(asked.rid, ()), "")[0]
        if abs(own - ours) == 1:
            raise NotSaid(f"La corrección combina textos de un modo que una respuesta breve no puede decir: con "
                          f"«{text[:60]}» el archivo da {'todo' if own else 'nada'} y aquí sería lo contrario.")
    return taken


def _typed(scorer: Partly, asked: Asked) -> Taken:
    """Canvas lists the texts it accepts as choices: every one of them is right."""
    texts = {plain(choice.text): choice for choice in asked.choices}
    best = max((scorer.score({asked.rid: (c.ident,)}) for c in asked.choices), default=Fraction(0))
    right = next((c for c in asked.choices if scorer.score({asked.rid: (c.ident,)}) == best), None)

    class Accepted:
        def score(self, given: Given) -> Fraction:
            said = (*given.get(asked.rid, ()), "")[0].casefold()
            return best if any(said == text.casefold() for text in texts) else Fraction(0)

        def shown(self, given: Given) -> frozenset[str]:
            return frozenset()

    taken = short(Accepted(), asked.rid, [Listed(text, text, c.feedback) for text, c in texts.items()])
    given = {asked.rid: (right.ident,)} if right else {}
    kept = tuple(replace(probe, given=given if probe.given == taken.right else {}) for probe in taken.probes
                 if probe.given == taken.right or not probe.answer)
    return replace(taken, points=best, probes=kept, right=given)


def _placed(item: Neutral, taken: Taken) -> str:
    """The text with the marks of `joined` where Canvas has [name]; those it does not name come at its end."""
    marks = re.findall(r"\{#\d+\}|\[\[\d+\]\]", taken.text or "")
    text, rest = item.text.replace("{#", "{ #"), []
    for asked, mark in zip(item.asked, marks, strict=False):
        name = _name(item, asked)
        if name in text:
            text = text.replace(name, mark, 1)
        else:
            label = asked.label if plain(asked.label) not in ("", asked.rid.removeprefix("response_")) else ""
            rest.append(f"<p>{label} {mark}</p>")
    return text + "".join(rest)


def _name(item: Neutral, asked: Asked) -> str:
    """How the text names a response."""
    return item.marks.get(asked.rid) or f"[{asked.rid.removeprefix('response_')}]"


def _marks(asked: Asked) -> list[Fraction]:
    found = []
    for key in asked.keys:
        try:
            found.append(Fraction(key))
        except (ValueError, ZeroDivisionError):
            continue
    return [mark for mark in found if abs(mark) < 10 ** 30]
