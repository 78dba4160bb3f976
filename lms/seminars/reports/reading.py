"""A report's file read: sheet, layout, dates, stays. What the file alone does not say comes back as a question."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lms.seminars.reports.heads import normal, summed_up, unit
from lms.seminars.reports.layout import Layout, Table, layout, unknown
from lms.seminars.reports.live import Step, paired
from lms.seminars.reports.rows import Clock, Reader, is_footer
from lms.seminars.reports.shape import Fault, Join, Question, Report
from lms.seminars.reports.tables import AGAIN, Unreadable, sheet
from lms.seminars.reports.times import Moment, moment, on, orders

Window = tuple[datetime, datetime]
NO_ROWS = "El informe no tiene participantes."


def read(name: str, content: bytes, *, window: Window | None = None, order: str = "",
         mapping: Mapping[str, int] | None = None) -> Report:
    """The report in a file. `window`: the session by the clock of the file's zone, to tell dates apart and complete
    times without a date; `order`, `mapping`: what a person answered about dates and columns."""
    found = sheet(name, content)
    parts = layout(found.rows, mapping)
    if not parts.tables:
        return _asked(name, found.rows)
    tables = _chosen(parts)
    day = parts.day or _named_day(name)
    written = [m for text in (*parts.summary, f"{day} 0:00", *_texts(tables)) if (m := moment(text))]
    ways = (order,) if order in ("dm", "md") else orders(written, window[0].date() if window else None)
    if not ways:
        raise Unreadable(f"«{name}» mezcla fechas con el día primero y con el mes primero.", AGAIN)
    reading = ways[0]
    clock = Clock(reading, window, _at(parts.starts, reading), _at(parts.ends, reading), _last(written, reading),
                  _at(f"{day} 0:00", reading))
    joins, faults = _stays(tables, clock)
    if not joins and not faults:
        raise Unreadable(NO_ROWS, AGAIN)
    questions = [_order_question(written)] if len(ways) > 1 else []
    dayless = clock.needs_day and not (clock.day or clock.starts)
    if dayless and not window:
        questions.append(Question("day"))
    paired_ = any(m.pair and m.pair[0] != m.pair[1] for m in written)
    return Report(_platform(parts, tables), parts.title, clock.starts, clock.ends, reading if paired_ else "",
                  any(m.offset is not None for m in written), tuple(joins), tuple(faults), tuple(questions),
                  tables[0].heads, dayless or not (clock.day or clock.starts or any(j.joined for j in joins)))


def _asked(name: str, rows: list[tuple[int, list[str]]]) -> Report:
    """A table whose heads say nothing: ask which column is what, when it could be attendance at all."""
    words = " ".join(normal(cell) for _, cells in rows[:20] for cell in cells)
    for sign, what in (("registration time", "de inscripciones"), ("hora de inscripcion", "de inscripciones"),
                       ("hora de registro", "de inscripciones"), ("poll report", "de encuestas"),
                       ("informe de sondeo", "de encuestas"), ("q a report", "de preguntas")):
        if sign in words:
            raise Unreadable(f"«{name}» es un informe {what}, no de asistencia.", AGAIN)
    if len(rows) < 2 or max(len(cells) for _, cells in rows) < 2:
        raise Unreadable(f"«{name}» no es un informe de asistencia: no hay una tabla de participantes.", AGAIN)
    heads, samples, guess = unknown(rows)
    return Report("other", questions=(Question("columns", heads=heads, samples=samples, guess=guess),), heads=heads)


def _chosen(parts: Layout) -> list[Table]:
    """Of Teams' sections the third, which has every stay; else the second; of other files every table."""
    numbered = {section: [t for t in parts.tables if t.section == section and t.rows] for section in (3, 2)}
    if numbered[3] and any(_filled(t, "joined") for t in numbered[3]):
        return [*numbered[3], *numbered[2]]
    return numbered[2] or parts.tables


def _filled(table: Table, name: str) -> bool:
    at = table.columns.get(name)
    return at is not None and any(len(cells) > at and cells[at] for _, cells in table.rows)


def _texts(tables: list[Table]) -> list[str]:
    """Every cell that may hold a moment."""
    return [cells[at] for t in tables for name in ("joined", "left", "at") if name in t.columns
            for at in [t.columns[name]] for _, cells in t.rows if at < len(cells)]


def _named_day(name: str) -> str:
    """The date in a file's name, as Meet gives it."""
    found = re.search(r"(?<!\d)(20\d{2})[-_. ](\d{2})[-_. ](\d{2})(?!\d)", name)
    return "-".join(found.groups()) if found else ""


def _at(text: str, order: str) -> datetime | None:
    found = moment(text)
    return found.at(order) if found else None


def _last(written: list[Moment], order: str) -> datetime | None:
    return max((at for m in written if (at := m.at(order))), default=None)


def _order_question(written: list[Moment]) -> Question:
    pair = next(m.pair for m in written if m.pair and on(m.pair, "dm") != on(m.pair, "md"))
    return Question("order", {order: str(day) for order in ("dm", "md") if (day := on(pair, order))})


def _stays(tables: list[Table], clock: Clock) -> tuple[list[Join], list[Fault]]:
    """The stays of the tables, completed by what only Teams' second section knows."""
    joins: list[Join] = []
    faults: list[Fault] = []
    for table in tables:
        fuller = table.section == 2 and tables[0].section == 3
        found, wrong = _of(table, clock)
        if fuller:
            joins = _completed(joins, found)
        else:
            joins, faults = joins + found, faults + wrong
    return joins, sorted(faults, key=lambda f: f.row)


def _of(table: Table, clock: Clock) -> tuple[list[Join], list[Fault]]:
    columns = table.columns
    heads = [normal(head) for head in table.heads]
    merged = (table.section == 2 or summed_up(table.heads) or "exited" in " ".join(heads)
              or ("first" in columns and "name" not in columns))      # Meet: a person a row
    seconds = columns.get("seconds")
    reader = Reader(columns, unit(table.heads[seconds]) if seconds is not None else 60, merged, clock)
    rows = [(number, cells) for number, cells in table.rows if not is_footer(cells, columns)]
    if "action" in columns and "at" in columns:
        steps = [reader.step(number, cells) for number, cells in rows]
        joins, wrong = paired(step for step in steps if isinstance(step, Step))
        return [clock.closed(join) for join in joins], [*(s for s in steps if isinstance(s, Fault)), *wrong]
    read_rows = [reader.join(number, cells) for number, cells in rows]
    return [r for r in read_rows if isinstance(r, Join)], [r for r in read_rows if isinstance(r, Fault)]


def _completed(joins: list[Join], people: list[Join]) -> list[Join]:
    """Addresses, and people, of whom the table of stays says nothing."""
    by_name: dict[str, list[Join]] = {}
    for person in people:
        by_name.setdefault(normal(person.shown), []).append(person)
    known = {normal(join.shown) for join in joins} | {join.email.casefold() for join in joins if join.email}
    sole = {name: rows[0].email for name, rows in by_name.items() if len(rows) == 1}
    fuller = [join if join.email else replace(join, email=sole.get(normal(join.shown), "")) for join in joins]
    return fuller + [p for p in people if normal(p.shown) not in known and p.email.casefold() not in known]


def _platform(parts: Layout, tables: list[Table]) -> str:
    heads, columns = " | ".join(normal(head) for t in tables for head in t.heads), tables[0].columns
    if parts.sections > 1 or {"action", "upn"} & columns.keys() or re.search("full name|nombre completo", heads):
        return "teams"
    if ("first" in columns and "name" not in columns) or re.search("time exited|first seen|time in call", heads):
        return "meet"
    zoom = ("original", "minutos", "minutes", "e mail del usuario", "user email")
    return "zoom" if any(word in heads for word in zoom) else "meet" if not any(
        m.dated for text in _texts(tables)[:20] if (m := moment(text))) else "other"
