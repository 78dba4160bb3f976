"""Reads how results are weighed: [grading] of a module and of the programme, with what is wrong on its line."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.rules import Component, Module
from lms.catalogue.tables import Table
from lms.catalogue.weighing import ABSENT, EXTRA, HOWS, MISSING, UNITS, Category, Exemption, Grading, Item, Resit

MOST = Decimal(100)             # no scale goes higher
CODE = "[a-z][a-z0-9-]{0,19}"
OWN = ("quiz", "task")


def of_module(table: Table | None, parts: dict[str, int], extra: tuple[str, ...], points: tuple[Fraction, Fraction]
              ) -> Grading:
    """A module's [grading]; `parts`: quiz and task with their weights, `extra` those of them that are extra credit."""
    if table is None:
        return Grading(extra=extra, points=points)
    items = tuple(_item(t) for t in table.tables("item"))
    known = {**parts, **{item.code: item.weight for item in items}}
    categories = tuple(_category(t) for t in table.tables("category"))
    made = Grading(
        _how(table, "weighted_mean"), table.whole("drop_lowest", 0, most=50), table.whole("keep_highest", 0, most=50),
        _one_of(table, "unit", UNITS), _one_of(table, "missing", MISSING), _one_of(table, "absent", ABSENT),
        grade(table, "least"), _resit(table.table("resit")), _exemption(table.table("exemption"), known),
        items, categories, extra, points)
    table.close()
    _places(table, made, known)
    _some_extra(table, made.how, [item for item in items if item.code not in made.inside], extra)
    for category, inner in zip(categories, table.tables("category"), strict=True):
        _some_extra(inner, category.how, [item for item in items if item.code in category.items], ())
    return made


def weights(grading: Grading, parts: dict[str, int]) -> int:
    """What the weights on a module's first level come to; extra credit and what is in a category left out."""
    top = {**{code: weight for code, weight in parts.items() if code not in grading.extra},
           **{item.code: item.weight for item in grading.items if not item.extra},
           **{category.code: category.weight for category in grading.categories if not category.extra}}
    return sum(weight for code, weight in top.items() if code not in grading.inside)


def of_programme(table: Table | None) -> Grading:
    """The programme's [grading]: how components become the final grade, and the resit of every module."""
    if table is None:
        return Grading()
    made = Grading(_how(table, "weighted_mean"), table.whole("drop_lowest", 0, most=50),
                   table.whole("keep_highest", 0, most=50), _one_of(table, "unit", UNITS),
                   _one_of(table, "missing", MISSING), least=grade(table, "least"), resit=_resit(table.table("resit")))
    table.close()
    return made


def component(part: Table) -> Component:
    """One [[component]]."""
    within = part.text("within", "")
    modules = part.texts("modules", () if "modules" not in part.values else None)
    made = Component(part.text("name"), part.whole("weight", least=1, most=100), modules, _how(part, "mean"),
                     part.whole("drop_lowest", 0, most=50), part.whole("keep_highest", 0, most=50),
                     part.flag("extra_credit", False), grade(part, "least"), grade(part, "exempt_from"), within)
    _both(part)
    part.close()
    return made


def nested(parts: list[Table], found: list[Component]) -> None:
    """Whether components stand within others that exist, without going round, and each has something in it."""
    names = {c.name: c for c in found}
    for part, one in zip(parts, found, strict=True):
        if one.within and one.within not in names:
            part.fault("within", f"No hay un componente «{one.within}».", f"Use: {', '.join(names)}.")
        seen, at = {one.name}, one
        while at.within in names:
            at = names[at.within]
            if at.name in seen:
                part.fault("within", f"«{one.name}» está dentro de sí mismo.", "Quite «within» en uno de ellos.")
                break
            seen.add(at.name)
        if not one.modules and not any(c.within == one.name for c in found):
            part.fault("", f"El componente «{one.name}» no tiene nada dentro.", "Agregue modules = [\"G1\"].")
        if sum(c.name == one.name for c in found) > 1:
            part.fault("name", f"Hay dos componentes «{one.name}».", "Dé otro nombre a uno.")


def grade(table: Table, key: str) -> Decimal | None:
    """A grade of the home scale; None where it is not said."""
    if key not in table.values:
        table.asked.append(key)
        return None
    return table.decimal(key, Decimal(0), MOST)


def inherited(modules: tuple[Module, ...], programme: Grading) -> tuple[Module, ...]:
    """The modules, those that say no resit with the programme's."""
    return tuple(replace(m, grading=replace(m.grading, resit=m.grading.resit or programme.resit))
                 if programme.resit else m for m in modules)


def _item(table: Table) -> Item:
    made = Item(table.text("code", example='"foro"', pattern=CODE), table.text("name"),
                table.whole("weight", least=1, most=100), table.whole("points", 100, least=1, most=10_000),
                table.flag("extra_credit", False))
    table.close()
    if made.code in OWN:
        table.fault("code", f"«{made.code}» ya es del módulo.", "Dé otro código.")
    return made


def _category(table: Table) -> Category:
    made = Category(table.text("code", example='"practica"', pattern=CODE), table.text("name"),
                    table.whole("weight", least=1, most=100), table.texts("items"), _how(table, "weighted_mean"),
                    table.whole("drop_lowest", 0, most=50), table.whole("keep_highest", 0, most=50),
                    table.flag("extra_credit", False), grade(table, "least"))
    _both(table)
    table.close()
    return made


def _resit(table: Table | None) -> Resit | None:
    if table is None:
        return None
    made = Resit(table.decimal("from", Decimal(0), MOST), table.decimal("to", MOST, MOST),
                 table.decimal("cap", MOST, MOST))
    table.close()
    if made.least > made.most:
        table.fault("from", "El tramo del examen recuperativo está al revés.", "Que «from» no pase de «to».")
    return made


def _exemption(table: Table | None, known: dict[str, int]) -> Exemption | None:
    if table is None:
        return None
    item = table.text("item", example='"task"')
    if item and item not in known:
        table.fault("item", f"No hay «{item}» en el módulo.", f"Use: {', '.join(known)}.")
    if "least" not in table.values:
        table.fault("", "Falta «least».", "Agregue la nota desde la que se exime: least = 5.5.")
    made = Exemption(item, grade(table, "least") or MOST)
    table.close()
    return made


def _how(table: Table, default: str) -> str:
    return _one_of(table, "how", HOWS, default)


def _one_of(table: Table, key: str, known: tuple[str, ...], default: str = "") -> str:
    default = default or known[0]
    found = table.text(key, default, f'"{default}"')
    if found not in known:
        table.fault(key, f"«{key}» no puede ser «{found[:40]}».", f"Use: {', '.join(known)}.")
        return default
    return found


def _both(table: Table) -> None:
    if table.values.get("drop_lowest") and table.values.get("keep_highest"):
        table.fault("keep_highest", "No se quitan las peores y se dejan las mejores a la vez.", "Deje una de las dos.")


def _places(table: Table, made: Grading, known: dict[str, int]) -> None:
    """Every code once, every category of known things, nothing in two places nor within itself."""
    codes = [*known, *(c.code for c in made.categories)]
    names = [item.code for item in made.items] + [c.code for c in made.categories]
    for code in sorted({c for c in names if names.count(c) > 1 or c in OWN}):
        table.fault("", f"«{code}» está dos veces en [grading].", "Dé otro código a uno.")
    where: dict[str, str] = {}
    for category, inner in zip(made.categories, table.tables("category"), strict=True):
        for code in category.items:
            if code not in codes:
                inner.fault("items", f"No hay «{code}» en el módulo.", f"Use: {', '.join(codes)}.")
            if code in where:
                inner.fault("items", f"«{code}» ya está en «{where[code]}».", "Déjelo en una categoría.")
            where.setdefault(code, category.code)
    for category, inner in zip(made.categories, table.tables("category"), strict=True):
        at, steps = category.code, 0
        while at in where and steps <= len(where):
            at, steps = where[at], steps + 1
        if steps > len(where):
            inner.fault("items", f"«{category.code}» está dentro de sí misma.", "Quítela de una de las categorías.")
    _both(table)


def _some_extra(table: Table, how: str, items: list[Item], extra: tuple[str, ...]) -> None:
    if how not in EXTRA and (extra or any(item.extra for item in items)):
        table.fault("how", f"Con «{how}» no hay puntos extra.", f"Use: {', '.join(EXTRA)}.")
