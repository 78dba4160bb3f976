"""Each step of a result in words, with its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.foundation.language import _, local, ngettext
from lms.grading.explanation import exact
from lms.grading.scales import Scale
from lms.grading.values import Part, Step
from lms.people.rules import HOME_ZONE

SPACE = "\u00a0"
NAMES = {"quiz": "Control", "task": "Tarea"}
ADJECTIVES = {"CL": "chilena", "AR": "argentina"}
HOWS = {"weighted_mean": "Promedio ponderado", "mean": "Promedio", "simple_weighted_mean": "Promedio según los puntos",
        "mean_with_extra_credit": "Promedio con puntos extra", "median": "Mediana", "lowest": "La nota más baja",
        "highest": "La nota más alta", "mode": "La nota más repetida", "natural": "Suma de puntos"}
Values = dict[str, Any]


@dataclass(frozen=True)
class Sentence:
    """One line: what it is about, the sum, and the grade it ends in; what belongs to it stands inside."""
    head: str
    text: str = ""
    grade: str = ""
    inside: "tuple[Sentence, ...]" = ()

    def __str__(self) -> str:
        own = " ".join(part for part in (f"{self.head}:" if self.head else "", self.text, self.grade) if part)
        return "\n".join([own, *(f"  {one}" for one in self.inside)])


def steps(found: Sequence[Step], home: Scale) -> list[Sentence]:
    """Each step in words."""
    return [SAID[step.kind](step.values, home) for step in found if step.kind in SAID]


def name_of(item: str, name: str = "") -> str:
    return name or (_(NAMES[item]) if item in NAMES else item)


# The steps of a part --------------------------------------------------------------------------------------------------

def part_words(part: Part, home: Scale) -> Sentence:
    inside, before = [], None
    for step in part.steps:
        if step.kind == "late":
            inside.append(_late(step.values, home, before))
        elif step.kind in SAID:
            inside.append(SAID[step.kind](step.values, home))
        before = step.values.get("raw", before)
    return Sentence(name_of(part.item, part.name), place_of(part), inside=tuple(inside))


def place_of(part: Part) -> str:
    """What a part is of its module: its weight, or the category it counts in."""
    if part.within:
        return _("en «%(category)s»") % {"category": part.within}
    if part.extra:
        return _("%(weight)s %% extra") % {"weight": part.weight}
    return _("%(weight)s %% del módulo") % {"weight": part.weight} if part.weight else ""


def _best(v: Values, home: Scale) -> Sentence:
    if v["taken"] == 1:
        return Sentence("", _("Cuenta el único intento rendido, de %(n)d posibles.") % {"n": v["allowed"]}
                        if v["allowed"] > 1 else _("Hay un solo intento."))
    words = {"last": _("Cuenta el último de los %(taken)d intentos rendidos."),
             "first": _("Cuenta el primero de los %(taken)d intentos rendidos.")}.get(
        v["counts"], _("Cuenta el mejor de los %(taken)d intentos rendidos: el %(number)d."))
    return Sentence("", words % {"taken": v["taken"], "number": v["number"]})


def _mean_of(v: Values, home: Scale) -> Sentence:
    shares = " + ".join(f"{exact(s * 100, 2)}{SPACE}%" for s in v["shares"])
    return Sentence(_("Promedio de los intentos"), f"({shares}) ÷ {len(v['shares'])} = {exact(v['share'] * 100, 2)}"
                    f"{SPACE}%. {_at_home(v, home)}")


def _points(v: Values, home: Scale) -> Sentence:
    share = v["points"] / v["out_of"]
    held = " " + _("(no baja de 0 %%)").replace("%%", "%") if share < 0 else \
        " " + _("(no pasa de 100 %%)").replace("%%", "%") if share > 1 else ""
    return Sentence(_("Puntos"), f"{exact(v['points'], 2)} ÷ {exact(v['out_of'], 2)} = {exact(share * 100, 2)}{SPACE}%"
                    f"{held}. {_at_home(v, home)}")


def _late(v: Values, home: Scale, before: Fraction | None) -> Sentence:
    less = Fraction(v["days"]) * Fraction(v["per_day"])
    days = ngettext("%(num)d día", "%(num)d días", v["days"]) % {"num": v["days"]}
    if v["unit"] == "points":
        return Sentence(_("Atraso"), f"{days} × {exact(v['per_day'])} {_('puntos de la tarea')} = {exact(less)}. " + _(
            "Quedan %(n)s puntos:") % {"n": exact(v["points"])} + " " + _grade(v, home))
    held = "" if before is None or before - v["raw"] >= less else " " + _("(no baja de %(g)s)") % {
        "g": home.written(home.minimum)}
    first = "" if before is None else f"{exact(before)} − {exact(less)} = {exact(v['raw'])}{held}: "
    return Sentence(_("Atraso"), f"{days} × {exact(v['per_day'])} = {exact(less)}. {first}{_grade(v, home)}")


def _at_home(v: Values, home: Scale) -> str:
    scale = _(ADJECTIVES.get(home.country, "")) or _("de la Escuela")
    return _("En la escala %(scale)s, %(raw)s: nota %(grade)s.") % {
        "scale": scale, "raw": exact(v["raw"]), "grade": home.written(v["grade"])}


def _grade(v: Values, home: Scale) -> str:
    return _("nota %(grade)s.") % {"grade": home.written(v["grade"])}


# The steps that join figures ------------------------------------------------------------------------------------------

def _mean(v: Values, home: Scale) -> Sentence:
    """The plain weighted mean of a module's parts."""
    shown = [exact(raw) for raw in v["raws"]] if v["exact"] else [home.written(t["grade"]) for t in v["terms"]]
    total = sum(t["weight"] for t in v["terms"])
    terms = " + ".join(f"{t['weight']}{SPACE}% × {grade} ({name_of(t['item'], t.get('name', ''))})"
                       for t, grade in zip(v["terms"], shown, strict=True))
    whole = terms if total == 100 else f"({terms}) ÷ {total}{SPACE}%"
    return Sentence(_("Promedio"), f"{whole} = {exact(v['raw'])}. " + _("Nota %(grade)s.") % {
        "grade": home.written(v["grade"])})


def _total(v: Values, home: Scale) -> Sentence:
    """Any other way figures come to one."""
    how, head = v["how"], _(HOWS[v["how"]])
    if v["name"]:
        head = f"{v['name']}, {head[0].lower()}{head[1:]}"
    out = []
    for t in v["dropped"]:
        out.append(f"{name_of(t['item'], t['name'])} {home.written(t['grade'])}")
    dropped = _("No cuenta lo más bajo: %(items)s.") % {"items": ", ".join(out)} + " " if out else ""
    end = f"{exact(v['share'] * 100, 2)}{SPACE}%" if v["points"] else exact(v["raw"])
    return Sentence(head, f"{dropped}{_sum(v, how, home)} = {end}. " + _("Nota %(grade)s.") % {
        "grade": home.written(v["grade"])})


def _sum(v: Values, how: str, home: Scale) -> str:
    def said(t: Values) -> str:
        figure = f"{exact(t['share'] * 100, 2)}{SPACE}%" if v["points"] else _value(t, home)
        return f"{figure} ({name_of(t['item'], t['name'])})"
    plain, extra = [t for t in v["terms"] if not t["extra"]], [t for t in v["terms"] if t["extra"]]
    alike = len({t["weight"] for t in plain}) <= 1
    if how in ("lowest", "highest", "mode") or len(plain) == 1:
        first = said(plain[0]) if plain else ""
    elif alike:
        first = f"({' + '.join(said(t) for t in plain)}) ÷ {len(plain)}"
    else:
        first = " + ".join(f"{exact(t['weight'] * 100, 2)}{SPACE}% × {said(t)}" for t in plain)
    bonus = "".join(" + " + _("extra %(w)s %% × %(what)s") % {
        "w": exact(t["weight"] * 100, 2), "what": _above(t, v, home)} for t in extra)
    return (first + bonus).removeprefix(" + ")


def _value(t: Values, home: Scale) -> str:
    """A grade as it went into the sum: rounded, where partial grades are."""
    raw = Fraction(home.minimum) + t["share"] * Fraction(home.maximum - home.minimum)
    return home.written(t["grade"]) if raw == Fraction(t["grade"]) else exact(raw)


def _above(t: Values, v: Values, home: Scale) -> str:
    """Extra credit adds what lies above the least grade."""
    if v["points"]:
        return f"{exact(t['share'] * 100, 2)}{SPACE}% ({name_of(t['item'], t['name'])})"
    least = home.written(home.minimum)
    return f"({_value(t, home)} − {least}) ({name_of(t['item'], t['name'])})"


def _must_pass(v: Values, home: Scale) -> Sentence:
    return Sentence(_("Tarea obligatoria"), _(
        "tiene %(task)s y se pide %(passing)s. Mientras no se apruebe la tarea, el módulo no pasa de %(grade)s.") % {
        name: home.written(v[name]) for name in ("task", "passing", "grade")})


def _least(v: Values, home: Scale) -> Sentence:
    return Sentence(_("Mínimo por componente"), _(
        "%(name)s tiene %(grade)s y se pide %(least)s: el total no pasa de %(capped)s.") % {
        "name": name_of(v["item"], v["name"]), **{n: home.written(v[n]) for n in ("grade", "least", "capped")}})


def _exempted(v: Values, home: Scale) -> Sentence:
    return Sentence(_("Eximición"), (f"{v['name']}: " if v.get("name") else "") + _(
        "el resto tiene %(grade)s y desde %(least)s se exime: no cuenta.") % {
        "grade": home.written(v["grade"]), "least": home.written(v["least"])})


# What a person recorded -----------------------------------------------------------------------------------------------

def _why(v: Values) -> str:
    at: datetime = local(v["at"], HOME_ZONE)
    return _("Motivo: %(reason)s (%(day)s).") % {"reason": v["reason"], "day": f"{at:%d-%m-%Y}"}


def _set(v: Values, home: Scale) -> Sentence:
    grade, before = home.written(v["grade"]), v.get("before")
    text = _("%(grade)s en lugar de %(before)s.") % {"grade": grade, "before": home.written(before)} \
        if before is not None else f"{grade}."
    return Sentence(_("Nota registrada a mano"), f"{text} {_why(v)}")


def _spared(head: str) -> Callable[[Values, Scale], Sentence]:
    def said(v: Values, home: Scale) -> Sentence:
        return Sentence(_(head), f"{_('no cuenta.')} {_why(v)}")
    return said


def _absent(v: Values, home: Scale) -> Sentence:
    grade: Decimal | None = v["grade"]
    text = _("sin nota.") if grade is None else _("vale %(grade)s.") % {"grade": home.written(grade)}
    return Sentence(_("Ausente"), f"{text} {_why(v)}")


def _extra(v: Values, home: Scale) -> Sentence:
    return Sentence(_("Puntos extra"), f"{exact(v['from'] * 100, 2)}{SPACE}% + {exact(v['more'] * 100, 2)}{SPACE}% = "
                    f"{exact(v['share'] * 100, 2)}{SPACE}%. {_at_home(v, home)} {_why(v)}")


def _resit(v: Values, home: Scale) -> Sentence:
    said = {n: home.written(v[n]) for n in ("first", "again", "cap", "least", "most", "grade")}
    return Sentence(_("Examen recuperativo"), _(
        "tenía %(first)s (de %(least)s a %(most)s da derecho); obtuvo %(again)s, que vale a lo más %(cap)s: "
        "nota %(grade)s.") % said + f" {_why(v)}")


def _resit_out(v: Values, home: Scale) -> Sentence:
    said = {n: home.written(v[n]) for n in ("first", "again", "least", "most")}
    return Sentence(_("Examen recuperativo"), _(
        "obtuvo %(again)s, pero tenía %(first)s y da derecho de %(least)s a %(most)s: no cambia la nota.") % said
        + f" {_why(v)}")


SAID: dict[str, Callable[[Values, Scale], Sentence]] = {
    "best": _best, "mean_of": _mean_of, "points": _points, "mean": _mean, "total": _total, "category": _total,
    "must_pass": _must_pass, "least": _least, "exempted": _exempted, "set": _set, "excused": _spared("Excusado"),
    "exempt": _spared("Eximido"), "absent": _absent, "extra": _extra, "resit": _resit, "resit_out": _resit_out}
