"""What every editor of a question kind has: its form, its rows, how a question fills it and is read out of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField, StringField

from lms.bank.fields import FractionField, RichField, written
from lms.bank.wording import to_html, to_text
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import letter, lettered
from lms.catalogue.rules import Hint, Media, Option, Question
from lms.foundation.forms import PostForm, options
from lms.foundation.language import _

MOST_ROWS = 100
PENALTIES = (("0", "0 %"), ("1/10", "10 %"), ("1/5", "20 %"), ("1/4", "25 %"), ("1/3", "33,3 %"), ("1/2", "50 %"),
             ("1", "100 %"))
UNMARKED = frozenset("=~{}%>#\\")       # what only an author of GIFT files knows


@dataclass(frozen=True)
class Group:
    """Rows that can be added and taken away."""
    name: str                   # of the FieldList
    legend: str
    row: str                    # "Alternativa": with its number it names a row
    hint: str = ""
    ordered: bool = False       # may be moved up and down
    more: str = ""              # what the button that adds one says
    blank: int = 0              # rows offered at the beginning


@dataclass
class Texts:
    """Between what is typed and what is kept. What was not touched comes back exactly as it was."""
    media: tuple[Media, ...] = ()
    known: dict[str, str] = field(default_factory=dict)

    def text(self, html: str) -> str:
        said = to_text(html, {m.path: name for name, m in self.names.items()})
        self.known[said] = html
        return said

    def html(self, text: str | None, block: bool = True) -> str:
        said = (text or "").replace("\r\n", "\n").strip()
        return self.known.get(said) or to_html(said, {name: m.path for name, m in self.names.items()}, block)

    @property
    def names(self) -> dict[str, Media]:
        """Each image by a name that nothing else has: "foto.png", "foto-2.png"."""
        found: dict[str, Media] = {}
        for one in self.media:
            stem, dot, ending = one.name.replace(" ", "-").replace("(", "").replace(")", "").rpartition(".")
            name, n = f"{stem}.{ending}", 2
            while name in found:
                name, n = f"{stem}-{n}.{ending}", n + 1
            found[name] = one
        return found


class HintRow(Form):
    text = RichField(_("Pista"), rows=2)
    clear_wrong = BooleanField(_("Quitar lo que está mal antes del nuevo intento"))
    show_count = BooleanField(_("Decir cuántas partes están bien"))


class QuestionForm(PostForm):
    """What all kinds ask for. A kind's own form adds its fields."""
    text = RichField(_("Enunciado"), rows=5)
    name = StringField(_("Nombre en la lista"), description=_("Si queda vacío se usa el comienzo del enunciado."))
    category = SelectField(_("Categoría"), coerce=int)
    tags = StringField(_("Etiquetas"), description=_("Separadas por comas: ley 18.695, difícil."))
    points = FractionField(_("Puntaje"))
    penalty = SelectField(_("Descuento por intento fallido"), description=_("Solo cuenta donde se puede reintentar."),
                          choices=options(PENALTIES), validate_choice=False)
    shuffle = BooleanField(_("Mezclar el orden en cada intento"))
    feedback = RichField(_("Comentario general"), description=_("Se muestra después de responder, sea cual sea la "
                                                                "respuesta."))
    said_right = RichField(_("Si responde bien"), rows=2)
    said_partly = RichField(_("Si responde en parte"), rows=2)
    said_wrong = RichField(_("Si responde mal"), rows=2)
    hints = FieldList(FormField(HintRow), max_entries=10)
    status = RadioField(_("Estado"), choices=options((
        ("ready", _("Lista: se puede usar en controles")), ("draft", _("Borrador: todavía no se usa")))))
    note = StringField(_("Qué cambió"), description=_("Una frase para quien mire las versiones."))
    based_on = HiddenField()
    media = HiddenField()

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Also what is wrong inside rows, each with the id of its own field."""
        return [*_wrong(self, ""), *(("", "", str(message)) for message in self.form_errors)]


class Editor:
    """One kind's. `settings` and `groups` name fields of the form in the order in which a page shows them."""
    kind = ""
    form: type[QuestionForm] = QuestionForm
    groups: tuple[Group, ...] = ()
    settings: tuple[str, ...] = ()
    shuffles = False
    says_result = True          # has comments for right, partly right and wrong
    help = ""                   # one sentence above the answers
    gap = ""                    # what marks a gap in the text: "[[n]]"
    inner: Group | None = None  # rows within rows
    places: Mapping[str, str] = {}      # a piece of a fault's message -> the field it belongs to
    remedies: Mapping[str, str] = {}    # a piece of a fault's message -> what to do here, where Kind's speaks of files

    @property
    def label(self) -> str:
        return KINDS[self.kind].label

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        """The kind's own fields, by name."""
        return {}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        """The question with the kind's own parts; `q` has the common ones."""
        return q

    def start(self) -> Question:
        """What a new one begins with."""
        return Question("", self.kind, "")

    def offer(self, form: Any, texts: Texts) -> None:
        """Choices that depend on the images sent."""

    def filled(self, q: Question, texts: Texts) -> dict[str, Any]:
        """All fields of the form for a question."""
        hints = [{"text": texts.text(h.text), "clear_wrong": h.clear_wrong, "show_count": h.show_count}
                 for h in q.hints]
        said = dict(zip(("said_right", "said_partly", "said_wrong"), map(texts.text, q.said), strict=True))
        return {"text": texts.text(q.text), "name": q.name, "points": q.points, "penalty": str(q.penalty),
                "shuffle": q.shuffle, "feedback": texts.text(q.feedback), "hints": hints, "status": "ready",
                **said, **self.fill(q, texts)}

    def written(self, form: Any, texts: Texts, base: Question) -> Question:
        """The question that a form says; what a form can not say stays as in `base`."""
        hints = tuple(Hint(texts.html(h.text.data), bool(h.clear_wrong.data), bool(h.show_count.data))
                      for h in form.hints if (h.text.data or "").strip())
        points = form.points.data if form.points.data is not None else base.points
        common = replace(
            base, kind=self.kind, text=texts.html(form.text.data), name=" ".join((form.name.data or "").split())[:200],
            points=points, penalty=penalty(form.penalty.data, base.penalty),
            shuffle=bool(form.shuffle.data) if self.shuffles else base.shuffle,
            feedback=texts.html(form.feedback.data), hints=hints, media=texts.media,
            said=(texts.html(form.said_right.data), texts.html(form.said_partly.data),
                  texts.html(form.said_wrong.data)) if self.says_result else base.said)
        return used_media(self.read(form, texts, common))


def _wrong(form: Any, place: str) -> Iterable[tuple[str, str, str]]:
    for part in form:
        entries = getattr(part, "entries", None)
        label = f"{place}{part.label.text}"
        if entries is None:
            yield from ((part.id, label, str(message)) for message in part.errors)
            continue
        yield from ((part.id, "", message) for message in part.errors if isinstance(message, str))
        for n, row in enumerate(entries, 1):
            yield from _wrong(row.form, f"{place}{n}. ")


def penalty(said: str | None, otherwise: Fraction) -> Fraction:
    """What a wrong try costs; a kind that has no tries does not ask for it."""
    try:
        found = Fraction((said or "")[:20])
    except (ValueError, ZeroDivisionError):
        return otherwise
    return found if 0 <= found <= 1 else otherwise


def rows(entries: Any, *names: str) -> list[Any]:
    """The rows of a FieldList in which something of these is written."""
    return [row for row in entries if any(_said(row[name].data) for name in names)]


def named(texts: Sequence[str], old: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Ids for texts: those that stand keep theirs, a row written anew takes over the id of the text that went, so that
    what was answered to an earlier version can still be read. New ones get letters that tell nothing."""
    if not old:
        return lettered(list(texts))
    left = list(old)
    found: list[str | None] = []
    for text in texts:
        same = next((pair for pair in left if pair[1] == text), None)
        if same:
            left.remove(same)
        found.append(same[0] if same else None)
    free = [identity for identity, _text in left]
    new = [text for text, identity in zip(texts, found, strict=True) if identity is None][len(free):]
    taken = {identity for identity, _text in old}
    letters = [one for one in map(letter, range(len(taken) + len(new))) if one not in taken]
    places = {text: n for n, text in enumerate(sorted(range(len(new)), key=lambda n: (new[n].casefold(), n)))}
    more = iter([*free, *(letters[places[n]] for n in range(len(new)))])
    return [identity or next(more) for identity in found]


def kept_ids(q: Question) -> list[tuple[str, str]]:
    return [(o.id, plain(o.text)) for o in q.options]


def _said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], False)


def blanks(found: list[dict[str, Any]], least: int) -> list[dict[str, Any]]:
    """With empty rows at the end, so that a page has at least so many."""
    return found + [{} for _n in range(least - len(found))]


def used_media(q: Question) -> Question:
    """Only the images that the question still shows."""
    said = repr(replace(q, media=()))
    return replace(q, media=tuple(m for m in q.media if m.sha256 in said))


def feedbacks(options_: Sequence[Option], texts: Texts) -> list[str]:
    return [texts.text(o.feedback) for o in options_]


def points_words(q: Question) -> str:
    return written(q.points)
