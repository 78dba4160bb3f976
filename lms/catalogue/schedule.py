"""Reads when a programme's items open and are due, and refuses dates and conditions that can not be."""

import datetime as dt
import re

from lms.catalogue.rules import Module, Step
from lms.catalogue.tables import Table

RELATIVE = re.compile(r"\+(\d{1,4}) (\d{2}):(\d{2})")
ABSOLUTE = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})")
AFTER = re.compile(r"([A-Z][A-Z0-9]{0,9})(?:\.quiz>=(\d{1,3}))?")
WHEN = '"+28 23:00" o "2027-04-07 23:00"'
ITEMS = {"quiz_due": ("quiz", "control"), "task_due": ("task", "tarea")}


def read(tables: list[Table], codes: dict[str, Module]) -> tuple[Step, ...]:
    """The steps, one a module at most."""
    steps: dict[str, Step] = {}
    places: dict[str, Table] = {}
    for table in tables:
        step = _step(table, codes)
        if step.module in steps:
            table.fault("module", f"{step.module} ya tiene su [[step]].", "Deje uno.")
        steps.setdefault(step.module, step)
        places.setdefault(step.module, table)
    for code in steps:
        if _turns_back(code, steps):
            places[code].fault("after", f"{code} espera a un módulo que lo espera a él.", "Quite una condición.")
    return tuple(steps.values())


def _step(table: Table, codes: dict[str, Module]) -> Step:
    code = table.text("module", example='"G1"')
    if code and code not in codes:
        table.fault("module", f"No hay un módulo con código «{code}».", f"Use: {', '.join(codes)}.")
    times = {key: _time(table, key) for key in ("opens", "quiz_due", "task_due")}
    for key, (item, words) in ITEMS.items():
        if times[key] and code in codes and not getattr(codes[code], item):
            table.fault(key, f"{code} no tiene {words}.", f"Quite {key}.")
        if _later(times["opens"], times[key]):
            table.fault(key, "Vence antes de abrirse.", "Revise las dos fechas.")
    after = _after(table, code, codes) if "after" in table.values else None
    table.asked.append("after")
    table.close()
    return Step(code, times["opens"], times["quiz_due"], times["task_due"], after)


def _time(table: Table, key: str) -> str | None:
    table.asked.append(key)
    if key not in table.values:
        return None
    said = table.text(key, example=WHEN)
    if moment(said) is None and said:
        table.fault(key, f"«{said[:40]}» no es un momento.", f"Escriba {WHEN}.")
    return said


def moment(said: str) -> tuple[str, dt.datetime] | None:
    """A time as something to compare with others of its kind, "+" (after the start) or "" (a date)."""
    try:
        if found := RELATIVE.fullmatch(said):
            clock = dt.time(int(found[2]), int(found[3]))
            return "+", dt.datetime.combine(dt.date(2000, 1, 1) + dt.timedelta(days=int(found[1])), clock)
        if found := ABSOLUTE.fullmatch(said):
            return "", dt.datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:
        return None
    return None


def _later(opens: str | None, due: str | None) -> bool:
    first, last = moment(opens or ""), moment(due or "")
    return bool(first and last and first[0] == last[0] and first >= last)


def _after(table: Table, code: str, codes: dict[str, Module]) -> str | None:
    said = table.text("after", example='"G1" o "G1.quiz>=60"')
    found = AFTER.fullmatch(said)
    if not said or not found or not 1 <= int(found[2] or 1) <= 100:
        if said:
            table.fault("after", f"«{said[:40]}» no es una condición.", 'Escriba "G1" o "G1.quiz>=60".')
        return None
    if found[1] not in codes:
        table.fault("after", f"No hay un módulo con código «{found[1]}».", f"Use: {', '.join(codes)}.")
    elif found[1] == code:
        table.fault("after", "Un módulo no puede esperarse a sí mismo.", "Nombre otro módulo.")
    elif found[2] and not codes[found[1]].quiz:
        table.fault("after", f"{found[1]} no tiene control.", f'Escriba "{found[1]}", que pide aprobarlo.')
    elif not (codes[found[1]].quiz or codes[found[1]].task):
        table.fault("after", f"{found[1]} no tiene control ni tarea: nadie puede aprobarlo.", "Nombre otro módulo.")
    return said


def _turns_back(code: str, steps: dict[str, Step]) -> bool:
    """Whether the chain of conditions from a module comes back to it."""
    seen: list[str] = []
    while code in steps and steps[code].after:
        seen.append(code)
        code = str(steps[code].after).partition(".")[0]
        if code in seen:
            return code == seen[0] and len(seen) > 1
    return False
