"""What a person sends to put a key right: the worth of each option, the right pairs, order or number, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Option, Question
from lms.foundation.language import _

WEIGHT = re.compile(r"-?\d{1,3}([.,]\d{1,7})?")
SIMPLE = (3, 6, 7, 9, 11, 12)           # 33,33 stands for a third
NEW = 3                                 # more accepted texts at once
LONGEST = 500                           # characters of a reason
WEIGHED = ("single", "multiple", "truefalse", "short")
EDITED = (*WEIGHED, "numerical", "matching", "ordering")


@dataclass(frozen=True)
class Wanted:
    """What was sent, read: the corrected question (None: everyone gets the points), and what is wrong with it."""
    question: Question | None
    reason: str
    spare: bool
    faults: list[tuple[str, str]] = field(default_factory=list)     # (id of the field, words)


def read(q: Question, sent: Mapping[str, str]) -> Wanted:
    """The correction asked for."""
    faults: list[tuple[str, str]] = []
    reason = " ".join(sent.get("razon", "").replace("\0", "").split())[:LONGEST]
    if not reason:
        faults.append(("razon", _("Escribir por qué: queda en la bitácora y lo ve quien revise su nota.")))
    spare = "sin_bajar" in sent
    if sent.get("modo") == "todos" or q.kind not in EDITED:
        return Wanted(None, reason, spare, faults)
    made = _READ[q.kind](q, sent, faults)
    if not faults:
        faults += [("modo", f"{what} {remedy}") for what, remedy in KINDS[q.kind].faults(made)]
    if not faults and made == q:
        faults.append(("modo", _("Es la misma clave que tiene. Cambiar algo, o dar los puntos a todos.")))
    return Wanted(made, reason, spare, faults)


def _weighed(q: Question, sent: Mapping[str, str], faults: list[tuple[str, str]]) -> Question:
    options = [replace(o, share=_weight(sent, f"peso.{o.id}", o.share, faults)) for o in q.options]
    if q.kind == "short":
        known = {option.id for option in options}
        for n in range(1, NEW + 1):
            if text := " ".join(sent.get(f"nueva.{n}", "").split())[:200]:
                name = next(f"k{i}" for i in range(1, 100) if f"k{i}" not in known)
                known.add(name)
                share = _weight(sent, f"nueva_peso.{n}", Fraction(1), faults)
                options.insert(0, Option(name, text.replace("&", "&amp;").replace("<", "&lt;"), share))
    return replace(q, options=tuple(options))


def _numbers(q: Question, sent: Mapping[str, str], faults: list[tuple[str, str]]) -> Question:
    found = []
    for n in range(len(q.numbers) + 1):
        if not sent.get(f"valor.{n}", "").strip():
            continue
        value, tolerance = (_decimal(sent, f"{name}.{n}", faults) for name in ("valor", "tolerancia"))
        found.append((value, tolerance, _weight(sent, f"peso.{n}", Fraction(1), faults)))
    options = q.options[:len(found)] if len(q.options) != len(found) else q.options
    return replace(q, numbers=tuple(found), options=options)


def _pairs(q: Question, sent: Mapping[str, str], faults: list[tuple[str, str]]) -> Question:
    offered = {option.match for option in q.options}
    options = []
    for option in q.options:
        match = sent.get(f"par.{option.id}", option.match)
        if match not in offered:
            faults.append((f"par.{option.id}", _("Elegir un texto de la lista.")))
        options.append(replace(option, match=match))
    return replace(q, options=tuple(options))


def _order(q: Question, sent: Mapping[str, str], faults: list[tuple[str, str]]) -> Question:
    places = {option.id: sent.get(f"orden.{option.id}", "") for option in q.options}
    if sorted(places.values()) != sorted(str(n) for n in range(1, len(q.options) + 1)):
        faults.append((f"orden.{q.options[0].id}", _("Dar a cada elemento un lugar distinto, de 1 a %(n)d.")
                       % {"n": len(q.options)}))
        return q
    return replace(q, options=tuple(sorted(q.options, key=lambda option: int(places[option.id]))))


_READ = {**dict.fromkeys(WEIGHED, _weighed), "numerical": _numbers, "matching": _pairs, "ordering": _order}


def _weight(sent: Mapping[str, str], name: str, usual: Fraction, faults: list[tuple[str, str]]) -> Fraction:
    """A percentage, from -100 to 100."""
    text = sent.get(name, "").strip().rstrip("%").strip()
    if not text:
        return usual
    if not WEIGHT.fullmatch(text) or abs(Decimal(text.replace(",", "."))) > 100:
        faults.append((name, _("Escribir un porcentaje de −100 a 100.")))
        return usual
    digits = len(re.split("[.,]", text)[1]) if re.search("[.,]", text) else 0
    exact = Fraction(Decimal(text.replace(",", "."))) / 100
    for part in SIMPLE if digits >= 2 else ():
        near = Fraction(round(exact * part), part)
        if round(near * 100, digits) == exact * 100:
            return near
    return exact


def _decimal(sent: Mapping[str, str], name: str, faults: list[tuple[str, str]]) -> Decimal:
    text = sent.get(name, "").strip().replace(",", ".") or "0"
    try:
        found = Decimal(text) if len(text) < 30 else Decimal("NaN")
        if found.is_finite() and abs(found.adjusted()) < 30:
            return found
    except InvalidOperation:
        pass
    faults.append((name, _("Escribir un número, con coma si hace falta: 2,5.")))
    return Decimal(0)


def shown(option: Option) -> str:
    """An option in plain words."""
    return plain(option.text)
