"""A question told in lines of plain words, so that two of them can be compared. Pure."""

import difflib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.bank.fields import written
from lms.bank.wording import to_text
from lms.catalogue.kinds import KINDS
from lms.catalogue.notation import percent_of
from lms.catalogue.rules import Body, Hint, Option, Question

WORDS = {
    "accents": "Exige tildes", "all_or_nothing": "Todo o nada", "alt": "Imagen, con palabras", "answer": "Respuesta",
    "asked": "Unidad pedida", "attachments": "Archivos", "case": "Distingue mayúsculas", "choices": "Palabra",
    "choose": "Se sortean", "coords": "Dónde", "count": "Cuántos", "datasets": "Valor que cambia",
    "decimals": "Decimales", "digits": "Cifras", "distribution": "Reparto", "drag": "Elemento", "drags": "Elemento",
    "figures": "Tolerancia y cifras", "form": "Editor", "graded": "Unidad evaluada", "grader_note": "Pauta",
    "grading": "Cómo se puntúa", "group": "Grupo", "height": "Alto", "horizontal": "En línea", "image": "Imagen",
    "instruction": "Con instrucción", "kinds": "Tipos de archivo", "label": "Lugar", "layout": "Forma",
    "least": "Desde", "least_words": "Palabras, al menos", "left": "Unidad a la izquierda", "lines": "Líneas",
    "marker": "Marcador", "markers": "Marcador", "misplaced": "Dice qué falta", "most": "Hasta",
    "most_words": "Palabras, a lo más", "name": "Nombre", "names": "Unidad", "number": "Veces",
    "numbering": "Numeración", "parts": "Hueco", "penalty": "Descuento", "places": "Lugar", "pool": "Par",
    "required": "Obligatorios", "selection": "Qué elementos", "shape": "Forma", "show_grading": "Muestra puntaje",
    "single": "Una sola", "template": "Texto inicial", "text": "Texto", "tolerances": "Tolerancia",
    "unlimited": "Se repite", "units": "Unidades", "values": "Valores", "weight": "Peso", "width": "Ancho",
    "zones": "Lugar"}


def described(q: Question) -> list[str]:
    """All that a question says, a line each."""
    names = {m.path: m.name for m in q.media}
    kind = KINDS[q.kind].label if q.kind in KINDS else q.kind

    def text(html: str) -> str:
        return " ".join(to_text(html, names).split())
    lines = [f"Tipo: {kind}", f"Nombre: {q.name}" if q.name else "", f"Enunciado: {text(q.text)}",
             f"Puntaje: {written(q.points)}"]
    lines += [_option(option, text) for option in q.options] if not q.numbers else []
    for n, (value, tolerance, share) in enumerate(q.numbers):
        said = text(q.options[n].feedback) if n < len(q.options) else ""
        lines.append(f"Respuesta: {_number(value)} ± {_number(tolerance)} ({_percent(share)})"
                     + (f" · {said}" if said else ""))
    if q.body is not None:
        lines += _body(q.body, text)
    for label, said in zip(("Si responde bien", "Si responde en parte", "Si responde mal"), q.said, strict=True):
        lines.append(f"{label}: {text(said)}" if said else "")
    lines += [_hint(hint, text) for hint in q.hints]
    lines += [f"Comentario general: {text(q.feedback)}" if q.feedback else "",
              f"Descuento por intento fallido: {_percent(q.penalty)}",
              "Se mezcla el orden" if q.shuffle else "No se mezcla el orden"]
    return [line for line in lines if line]


def changes(old: Question, new: Question) -> list[tuple[str, str]]:
    """("-", a line that went) and ("+", a line that came), in the order of the question."""
    found = difflib.ndiff(described(old), described(new)) if old != new else ()
    return [(line[0], line[2:]) for line in found if line[0] in "-+"]


def compared(old: Question, new: Question) -> list[tuple[str, str]]:
    """All lines: " " in both, "-" only in the first, "+" only in the second."""
    return [(line[0], line[2:]) for line in difflib.ndiff(described(old), described(new)) if line[0] in " -+"]


def _option(option: Option, text: Any) -> str:
    said = f"Respuesta: {text(option.text)}" + (f" → {option.match}" if option.match else "")
    return f"{said} ({_percent(option.share)})" + (f" · {text(option.feedback)}" if option.feedback else "")


def _hint(hint: Hint, text: Any) -> str:
    extra = [words for said, words in ((hint.clear_wrong, "quita lo malo"), (hint.show_count, "dice cuántas")) if said]
    return f"Pista: {text(hint.text)}" + (f" ({', '.join(extra)})" if extra else "")


def _body(body: Body, text: Any) -> Iterable[str]:
    for part in fields(body):
        value, label = getattr(body, part.name), WORDS.get(part.name, part.name)
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            yield from (f"{label} {n}: {_flat(item, text)}" for n, item in enumerate(value, 1))
        elif value != part.default or is_dataclass(value):
            said = _flat(value, text)
            if said:
                yield f"{label}: {said}"


def _flat(value: Any, text: Any) -> str:
    if isinstance(value, Question):
        return " · ".join(line for line in described(value)[1:] if line.startswith("Respuesta"))
    if is_dataclass(value):
        found = ((WORDS.get(f.name, f.name), _flat(getattr(value, f.name), text)) for f in fields(value)
                 if f.name != "id" and getattr(value, f.name) != f.default)
        return ", ".join(f"{label.lower()} {said}" for label, said in found if said)
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(_flat(item, text) for item in value)
    if isinstance(value, Fraction):
        return written(value)
    return _number(value) if isinstance(value, Decimal) else text(value) if isinstance(value, str) else str(value)


def _number(value: Decimal) -> str:
    return "cualquiera" if not value.is_finite() else f"{value:f}".replace(".", ",")


def _percent(share: Fraction) -> str:
    return f"{Decimal(percent_of(share)):.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
