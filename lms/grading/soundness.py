"""What is wrong with a scale before it is kept: it must be total and monotone, and agree with the home scale. Pure."""

import json
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any

from lms.grading.scales import ROUNDINGS, Scale, Table

MOST = Decimal(100)             # the highest grade of any scale known to us
Faults = list[tuple[str, str]]  # (field, Spanish)


def faults(scale: Scale, home: Scale | None = None) -> Faults:
    """(field, what is wrong): none for a scale that can be used. With `home`, whether its table fits that scale."""
    found: Faults = []
    grades = {"minimum": scale.minimum, "passing": scale.passing, "maximum": scale.maximum,
              **({"least": scale.least} if scale.least is not None else {})}
    for name, value in grades.items():
        if not value.is_finite() or not 0 <= value <= MOST:
            found.append((name, f"Escribir una nota de 0 a {MOST}."))
        elif value != value.quantize(scale.step):
            found.append((name, f"Tiene más de {scale.decimals} decimales, que son los de la escala."))
    if found:
        return found
    if not scale.minimum < scale.passing <= scale.maximum - scale.step:
        found.append(("passing", "La nota de aprobación va entre la mínima y la máxima."))
    if not 0 < scale.demand < 1:
        found.append(("demand", "La exigencia va entre 0 y 100 %, sin llegar."))
    if scale.rounding not in ROUNDINGS:
        found.append(("rounding", "No es una forma de redondear."))
    if scale.least is not None and not scale.minimum <= scale.least <= scale.maximum:
        found.append(("least", "El mínimo por componente es una nota de la escala."))
    if [since for since, _ in scale.labels] != sorted({since for since, _ in scale.labels}):
        found.append(("labels", "Los conceptos van de menos a más, cada nota una vez."))
    return found + (_table(scale, home) if scale.table and not found else [])


def _table(scale: Scale, home: Scale | None) -> Faults:
    """A table is total (from the home minimum on), monotone, in range, reaches both ends and keeps the pass line."""
    said: list[str] = []
    since, marks = [row[0] for row in scale.table], [row[1] for row in scale.table]
    said += [f"«{scale.written(m)}» no es una nota de esta escala." for m in marks
             if not scale.minimum <= m <= scale.maximum or m != m.quantize(scale.step)]
    said += [f"La fila que empieza en {_plain(b)} va después de la que empieza en {_plain(a)}: ordenar de menos a más."
             for a, b in pairwise(since) if b <= a]
    said += [f"Desde {_plain(b[0])} la nota baja de {scale.written(a[1])} a {scale.written(b[1])}: una nota mejor no "
             "puede valer menos." for a, b in pairwise(scale.table) if b[1] < a[1]]
    if not said and (marks[0], marks[-1]) != (scale.minimum, scale.maximum):
        said.append(f"La primera fila da {scale.written(marks[0])} y la última {scale.written(marks[-1])}: deben dar "
                    f"la mínima ({scale.written(scale.minimum)}) y la máxima ({scale.written(scale.maximum)}).")
    if home and not said:
        said += _fits(scale, home)
    return [("table", words) for words in said]


def _fits(scale: Scale, home: Scale) -> Iterable[str]:
    first, last = scale.table[0][0], scale.table[-1][0]
    if first != home.minimum:
        yield f"La primera fila empieza en {_plain(first)} y la escala de la Escuela en {home.written(home.minimum)}."
    if last > home.maximum:
        yield f"La última fila empieza en {_plain(last)} y la escala de la Escuela llega a {_plain(home.maximum)}."
    wrong = scale.listed(home.passing) < scale.passing or scale.listed(home.passing - home.step) >= scale.passing
    if wrong and first <= home.minimum:
        yield (f"Con {home.written(home.passing)} se aprueba: una fila debe empezar ahí y dar "
               f"{scale.written(scale.passing)} o más, y la de antes menos.")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def dumped(scale: Scale) -> str:
    """A scale as it is kept; the same scale gives the same text."""
    return json.dumps({f.name: _out(getattr(scale, f.name)) for f in fields(Scale)}, ensure_ascii=False, sort_keys=True,
                      separators=(",", ":"))


def loaded(content: str) -> Scale:
    """The scale that was kept."""
    found: dict[str, Any] = json.loads(content)
    for name in ("minimum", "passing", "maximum", "least"):
        found[name] = None if found[name] is None else Decimal(found[name])
    found["demand"] = Fraction(found["demand"])
    found["table"] = tuple((Decimal(a), Decimal(b)) for a, b in found["table"])
    found["labels"] = tuple((Decimal(a), words) for a, words in found["labels"])
    return Scale(**found)


def digest(scale: Scale) -> str:
    """Names what a scale says, whatever it is called."""
    return sha256(dumped(scale).encode()).hexdigest()


def _out(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[str(part) for part in row] for row in value]
    return str(value) if isinstance(value, (Decimal, Fraction)) else value


def read_table(text: str) -> Table:
    """A table as a person writes it, a line for each row: "4,0 4", "4,0 = 4", "4,0;4". ValueError tells the line."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.replace(";", " ").replace("=", " ").replace("→", " ").replace("\t", " ").split()
        try:
            since, mark = (Decimal(part.replace(",", ".")) for part in parts)
        except (ValueError, InvalidOperation):
            raise ValueError(f"Línea {number}: escribir la nota de la Escuela desde la que vale y la nota que da: "
                             "«4,0 = 4».") from None
        if not since.is_finite() or not mark.is_finite() or max(since, mark) > MOST or min(since, mark) < 0:
            raise ValueError(f"Línea {number}: las notas van de 0 a {MOST}.")
        rows.append((since, mark))
    return tuple(rows)
