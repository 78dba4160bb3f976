"""A question out of what was understood of an item: feedback in its place, scoring held against the item's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_feedback import Entry, sorted_out
from lms.catalogue.formats.qti_mappings import DISCARD
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_probing import Scorer, Taken, differing, tidy
from lms.catalogue.formats.soundness import judged
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question

BY_HAND = ("essay", "description", "calculated")
MOST_POINTS = Fraction(10_000)
NO_KEY = "La pregunta no dice cuál es la respuesta correcta."
NO_KEY_REMEDY = "Márquela y diga cómo se puntúa."


@dataclass(frozen=True)
class Source:
    """Where a question comes from."""
    ident: str
    title: str
    place: str
    shelf: Shelf
    points: Fraction | None = None      # as the file says, where it is not the score of the right answer
    category: str = ""
    tags: tuple[str, ...] = ()

    def tell(self, grade: Grade, message: str, remedy: str) -> None:
        self.shelf.tell(grade, self.place, message, remedy)


def made(source: Source, taken: Taken, text: str, scorer: Scorer, entries: Sequence[Entry]) -> Question | None:
    """The question; None, told, when no answer earns its points."""
    if taken.points <= 0 and taken.kind not in BY_HAND:
        source.tell(Grade.FAULT, NO_KEY, NO_KEY_REMEDY)
        return None
    said = sorted_out(entries, scorer, taken)
    options = tuple(replace(option, feedback=said.options.get(n, option.feedback))
                    for n, option in enumerate(taken.options))
    points = min(tidy(source.points if source.points is not None else taken.points), MOST_POINTS)
    name = " ".join(source.title.split())[:200]
    question = Question(
        source.ident[:100] or "item", taken.kind, text, options, Fraction(0) if taken.kind == "description" else points,
        said.general, taken.numbers, taken.body, "" if name == source.ident else name, said.said, shuffle=taken.shuffle,
        category=source.category, tags=source.tags)
    exact = verified(source, question, taken, scorer)
    if exact is None:
        return None
    for grade, message, remedy in judged(question):
        soft = exact and grade is Grade.FAULT and (plain(text) or "/medios/" in text)
        source.tell(Grade.REMARK if soft else grade, message, remedy)
    return replace(question, media=source.shelf.album.of(question))


def verified(source: Source, question: Question, taken: Taken, scorer: Scorer) -> bool | None:
    """Whether our scoring is the item's own; a difference is told with an example; None where the right answer is not
    right here."""
    found = differing(taken, scorer)
    if not found:
        return True
    if any(own == 1 and ours == 0 for probe, own, ours in found if probe.given == taken.right):
        source.tell(Grade.UNSUPPORTED, "La puntuación del ítem no se puede expresar con los tipos disponibles.",
                    DISCARD)
        return None
    probe, own, ours = next((one for one in found if one[0].answer), found[0])
    shown = KINDS[question.kind].shown(question, probe.answer)[:80] or "sin respuesta"
    source.tell(Grade.CHANGED, f"Con la respuesta «{shown}» el archivo da {_percent(own)} del puntaje y aquí se da "
                f"{_percent(ours)}.", "Revise la puntuación de la pregunta.")
    return False


def _percent(share: Fraction) -> str:
    return f"{round(float(share) * 100)} %"
