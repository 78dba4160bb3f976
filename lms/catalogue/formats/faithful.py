"""What a format could not say of a question: seen by reading what was written and comparing."""

from collections.abc import Sequence
from typing import Any

from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question

WORDS = {
    "id": "el identificador", "name": "el nombre", "kind": "el tipo", "text": "el enunciado", "points": "el puntaje",
    "feedback": "la retroalimentación general", "numbers": "los números y tolerancias",
    "body": "los ajustes propios del tipo", "said": "los mensajes según el resultado", "hints": "las pistas",
    "penalty": "la penalización", "shuffle": "si se barajan las alternativas", "category": "la categoría",
    "tags": "las etiquetas", "media": "las imágenes"}
OPTIONS = {"text": "las alternativas", "share": "los pesos", "feedback": "la retroalimentación de las alternativas",
           "match": "los pares"}


def compared(label: str, asked: Sequence[Question], again: Sequence[Question]) -> list[Notice]:
    """A notice for each question that did not come back as it was; in order if as many came back, else by id."""
    found = dict(zip((q.id for q in asked), again, strict=True)) if len(asked) == len(again) else {
        q.id: q for q in again}
    notices = []
    for q in asked:
        if q.id not in found:
            notices.append(Notice(Grade.UNSUPPORTED, "", f"«{q.title}» no se puede escribir en {label}.",
                                  "Use Moodle XML para esta pregunta.", q.id))
        elif lost := differences(q, found[q.id]):
            notices.append(Notice(Grade.CHANGED, "", f"En {label} no cabe de «{q.title}»: {', '.join(lost)}.",
                                  "Use Moodle XML si lo necesita.", q.id))
    return notices


def differences(one: Question, other: Question) -> list[str]:
    """What differs, in words."""
    lost = [words for name, words in WORDS.items()
            if name not in ("body", "name") and getattr(one, name) != getattr(other, name)]
    if one.title != other.title:
        lost.append(WORDS["name"])
    if _settled(one.body, other.body) != _settled(other.body, one.body):
        lost.append(WORDS["body"])
    if len(one.options) != len(other.options):
        return [*lost, OPTIONS["text"]]
    for name, words in OPTIONS.items():
        if any(getattr(a, name) != getattr(b, name) for a, b in zip(one.options, other.options, strict=True)):
            lost.append(words)
    return lost


def _settled(body: Any, like: Any) -> Any:
    """No body is the body of all defaults, where its kind has one."""
    try:
        return type(like)() if body is None and like is not None else body
    except TypeError:
        return body


def unsayable(label: str, questions: Sequence[Question], kinds: frozenset[str]) -> tuple[list[Question], list[Notice]]:
    """Those of the kinds a format has, and a notice for each of the others."""
    good = [q for q in questions if q.kind in kinds]
    return good, [Notice(Grade.UNSUPPORTED, "", f"«{q.title}» es de tipo «{KINDS[q.kind].label}», que no existe en "
                         f"{label}: no está en el archivo.", "Use Moodle XML para esta pregunta.", q.id)
                  for q in questions if q.kind not in kinds]
