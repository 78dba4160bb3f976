"""Reads a programme's files and tells every fault at once. Pure: what is on disk comes in as bytes by name."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from lms.catalogue import grading_reading, schedule
from lms.catalogue.module_reading import read_module
from lms.catalogue.rendering import render
from lms.catalogue.requirement_reading import equivalences, known, requirements
from lms.catalogue.rules import Component, Fault, Module, Programme
from lms.catalogue.shelf import Shelf
from lms.catalogue.tables import Table, parse

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NAMED = (".md", ".gift", ".svg", ".toml", ".xml")       # files that mean something only when another names them
FREE = ("README.md", "LICENSE.md")                      # for people who look into the folder
PROGRAMME = "programme.toml"


def digest(files: Mapping[str, bytes]) -> str:
    """The edition's name: it changes when any file's name or content does."""
    total = sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def read(files: Mapping[str, bytes]) -> tuple[Programme | None, list[Fault]]:
    """The programme in these files, or None and all that is wrong with them, in the order of files and lines."""
    shelf = Shelf(files)
    programme = None
    text = shelf.text(PROGRAMME)
    if text is None:
        shelf.fault(PROGRAMME, None, "Falta el archivo programme.toml.", "Agréguelo: dice los módulos y qué se exige.")
    else:
        table = parse(text, PROGRAMME, shelf.faults)
        programme = _programme(table, shelf) if table else None
        if table:
            _unused(shelf)
    faults = sorted(set(shelf.faults), key=lambda f: (f.file != PROGRAMME, f.file, f.line or 0, f.message))
    if programme is None or faults:
        return None, faults
    return replace(programme, edition=digest(files)), []


def _programme(table: Table, shelf: Shelf) -> Programme:
    slug = table.text("slug", example='"diplomado-tal"', pattern=SLUG)
    title = table.text("title")
    presentation = _presentation(table, shelf)
    credit_hours = table.whole("credit_hours", least=1, most=60)
    modules = _modules(table, shelf)
    late = table.table("late")
    per_day, days = Decimal("0.5"), 3
    if late:
        per_day = late.decimal("per_day", per_day, Decimal(10))
        days = late.whole("days", days, most=60)
        late.close()
    grading = grading_reading.of_programme(table.table("grading"))
    modules = grading_reading.inherited(modules, grading)
    codes = {module.code: module for module in modules}
    programme = Programme(
        slug, title, presentation, credit_hours, modules,
        requirements(table.tables("requirement"), codes), _components(table, codes, grading.how),
        schedule.read(table.tables("step"), codes), per_day, days, grading,
        equivalences(table.tables("equivalence"), codes), by_code=codes)
    table.close()
    if not programme.requirements:
        table.fault("", "No se dice qué exige el diploma.", "Agregue al menos un [[requirement]].")
    return programme


def _presentation(table: Table, shelf: Shelf) -> str:
    file = table.text("presentation", example='"presentacion.md"')
    text = shelf.named(table, "presentation", file, ".md")
    if text is None:
        return ""
    made = render(text, file, shelf.files, titled=text.lstrip("\ufeff\n ").startswith("# "))
    shelf.took(made)
    return made.html


def _modules(table: Table, shelf: Shelf) -> tuple[Module, ...]:
    found: dict[str, Module] = {}
    for folder in table.texts("modules", example='["g1-tema", "g2-tema"]'):
        if not re.fullmatch(SLUG, folder):
            table.fault("modules", f"«{folder}» no sirve como carpeta.", "Use minúsculas, números y guiones.")
        elif f"{folder}/module.toml" not in shelf.files:
            table.fault("modules", f"No existe {folder}/module.toml.", "Agréguelo, o quite el módulo de la lista.")
        elif module := read_module(folder, shelf):
            if module.code in found:
                shelf.fault(f"{folder}/module.toml", 1, f"El código {module.code} ya es de {found[module.code].slug}.",
                            "Dé otro código a uno de los dos.")
            found.setdefault(module.code, module)
    return tuple(found.values())


def _components(table: Table, codes: dict[str, Module], how: str) -> tuple[Component, ...]:
    found: list[Component] = []
    taken: dict[str, str] = {}
    tables = table.tables("component")
    for part in tables:
        component = grading_reading.component(part)
        known(part, "modules", component.modules, codes)
        for code in component.modules:
            if code in taken:
                part.fault("modules", f"{code} ya está en el componente «{taken[code]}».", "Déjelo en uno.")
            taken.setdefault(code, component.name)
            if code in codes and not codes[code].graded:
                part.fault("modules", f"{code} no tiene control ni tarea: no da nota.", "Quítelo, o agréguele uno.")
        found.append(component)
    grading_reading.nested(tables, found)
    total = sum(component.weight for component in found if not component.within and not component.extra)
    if not found:
        table.fault("", "No se dice cómo se forma la nota final.", "Agregue al menos un [[component]].")
    elif total != 100 and how == "weighted_mean":
        tables[-1].fault("weight", f"Los pesos de los componentes suman {total} y no 100.", "Ajuste los «weight».")
    return tuple(found)


def _unused(shelf: Shelf) -> None:
    for name in shelf.files:
        if name.endswith(NAMED) and name not in shelf.used and name.rpartition("/")[2] not in FREE:
            shelf.fault(name, None, "Nadie usa este archivo.", "Nómbrelo donde corresponda, o bórrelo.")
