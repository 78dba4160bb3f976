"""Reads what a diploma asks for: requirements, their alternatives, and which earlier studies stand for modules."""

from lms.catalogue.rules import Equivalence, Module, Requirement, Way
from lms.catalogue.tables import Table

HOURS = ("attendance", "internship")
KINDS = ("modules", *HOURS, "certificate_name", "any")
WAYS = ("modules", *HOURS)
CODE = "[a-z0-9][a-z0-9-]{0,39}"


def requirements(tables: list[Table], codes: dict[str, Module]) -> tuple[Requirement, ...]:
    """Every [[requirement]], in order."""
    found = [_requirement(t, codes) for t in tables]
    names = [r.name for r in found if r.grouped]
    for table, made in zip(tables, found, strict=True):
        if made.grouped and made.name and names.count(made.name) > 1:
            table.fault("name", f"Hay dos exigencias «{made.name}».", "Dé otro nombre a una.")
    return tuple(found)


def equivalences(tables: list[Table], codes: dict[str, Module]) -> tuple[Equivalence, ...]:
    """Every [[equivalence]], in order."""
    found: dict[str, Equivalence] = {}
    for table in tables:
        made = Equivalence(table.text("code", example='"curso-2024"', pattern=CODE), table.text("name"),
                           table.texts("modules", example='["G1"]'))
        table.close()
        known(table, "modules", made.modules, codes)
        if made.code in found:
            table.fault("code", f"Hay dos equivalencias «{made.code}».", "Dé otro código a una.")
        found.setdefault(made.code, made)
    return tuple(found.values())


def known(table: Table, key: str, modules: tuple[str, ...], codes: dict[str, Module]) -> None:
    """Tell the codes that no module has."""
    for code in modules:
        if code not in codes:
            table.fault(key, f"No hay un módulo con código «{code}».",
                        f"Use: {', '.join(codes)}." if codes else "Corrija antes los módulos.")


def _requirement(table: Table, codes: dict[str, Module]) -> Requirement:
    kind = table.text("kind", example='"modules"')
    if kind and kind not in KINDS:
        table.fault("kind", f"No hay exigencias de clase «{kind}».", f"Use: {', '.join(KINDS)}.")
    modules = table.texts("modules") if kind == "modules" else ()
    hours = table.whole("hours", least=1) if kind in HOURS else 0
    options = table.tables("option") if kind == "any" else []
    ways = tuple(_way(option, codes) for option in options)
    most = len(ways) if kind == "any" else len(modules)
    least = _least(table, kind, most)
    grouped = kind == "any" or 0 < least < most
    name = table.text("name", None if grouped else "", example='"Electivos"') if kind in ("any", "modules") else ""
    if kind == "any" and len(ways) < 2:
        table.fault("", "Una exigencia con alternativas tiene al menos dos.", "Agregue otra [[requirement.option]].")
    if kind in KINDS:
        table.close()
    known(table, "modules", modules, codes)
    return Requirement(kind, modules, hours, least if grouped else 0, name, ways)


def _least(table: Table, kind: str, most: int) -> int:
    """How many of them are enough."""
    if kind not in ("any", "modules") or "least" not in table.values:
        table.asked.append("least")
        return 1 if kind == "any" else 0
    least = table.whole("least", least=1)
    if least > most > 0:
        table.fault("least", f"Se piden {least} y hay {most}.", f"Escriba un número de 1 a {most}.")
    return least


def _way(table: Table, codes: dict[str, Module]) -> Way:
    kind = table.text("kind", example='"modules"')
    if kind and kind not in WAYS:
        table.fault("kind", f"Una alternativa no puede ser de clase «{kind}».", f"Use: {', '.join(WAYS)}.")
    modules = table.texts("modules") if kind == "modules" else ()
    hours = table.whole("hours", least=1) if kind in HOURS else 0
    if kind in WAYS:
        table.close()
    known(table, "modules", modules, codes)
    return Way(kind, modules, hours)
