"""The parts of a report's sheet: its summary, and its tables, each with the columns that matter. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.seminars.reports.heads import columns, completed, enough, guessed, is_head, normal
from lms.seminars.reports.tables import Records
from lms.seminars.reports.times import moment

SAMPLE = 50
_SECTION = re.compile(r"^([1-9]) ?[.)]\s*\S")
_TITLE = re.compile(r"^((meeting|webinar|event) (title|name)|titulo( d[ea]l?( la)? (reunion|reuniao|evento))?"
                    r"|topic|tema|topico|assunto|nombre de la reunion|title)$")
_START = re.compile(r"\b(start|started|inicio|comienzo|created)\b")
_END = re.compile(r"\b(end|ended|fin|final|finalizacion|termino|fim|encerramento|cierre)\b")
_DAY = re.compile(r"\b(date|fecha|data|day|dia)\b")
_DATE_ALONE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_CLOCK_ALONE = re.compile(r"\d{1,2}:\d{2}")
_SUMMARY_HEADS = re.compile(r"^(meeting (id|title)|webinar id|id|topic|tema|topico|assunto"
                            r"|id d[ea] (la )?(reunion|reuniao))$")


@dataclass
class Table:
    section: int                        # 2 and 3 of Teams, 0 elsewhere
    heads: tuple[str, ...]
    columns: dict[str, int]
    rows: Records = field(default_factory=list)


@dataclass
class Layout:
    tables: list[Table] = field(default_factory=list)
    title: str = ""
    starts: str = ""
    ends: str = ""
    day: str = ""                       # a date alone
    sections: int = 0
    loose: Records = field(default_factory=list)        # rows before any table

    @property
    def summary(self) -> tuple[str, str]:
        return self.starts, self.ends


def layout(rows: Records, mapping: Mapping[str, int] | None = None) -> Layout:
    """The tables of a sheet. `mapping`: which column is what, said by a person of the row that seems the head."""
    found, section, table = Layout(), 0, None
    if mapping is not None:
        head = _likely_head(rows)
        found.tables = [Table(0, tuple(rows[head][1]), dict(mapping), rows[head + 1:])] if rows else []
        found.loose = rows[:head]
        return _summarised(found)
    for number, cells in rows:
        held = [cell for cell in cells if cell]
        if table and len(cells) > len(table.heads):
            cells = _rejoined(cells)
        if len(held) == 1 and (mark := _SECTION.match(held[0])):
            section, table, found.sections = int(mark[1]), None, found.sections + 1
        elif is_head(cells) or (section in (2, 3) and table is None):
            table = Table(section, _trimmed(cells), columns(cells))
            found.tables.append(table)
        elif table:
            table.rows.append((number, cells))
        elif section < 2:
            found.loose.append((number, cells))
    for table in found.tables:
        table.columns = completed(table.columns, [cells for _, cells in table.rows[:SAMPLE]], len(table.heads),
                                  table.section)
    found.tables = [t for t in found.tables if enough(t.columns)]
    return _summarised(found)


def unknown(rows: Records) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, int]]:
    """Of a sheet without a known head: (the heads as they stand, some rows, what the columns seem to be)."""
    at = _likely_head(rows)
    heads = tuple(rows[at][1])
    below = [cells for _, cells in rows[at + 1:at + 1 + SAMPLE]]
    return heads, tuple(tuple(cells) for cells in below[:3]), guessed(below, len(heads)) | columns(heads)


def _likely_head(rows: Records) -> int:
    """The first row as wide as most are."""
    widths = sorted(len([c for c in cells if c]) for _, cells in rows)
    usual = max(2, widths[len(widths) // 2]) if widths else 2
    return next((at for at, (_, cells) in enumerate(rows) if len([c for c in cells if c]) >= usual), 0)


def _summarised(found: Layout) -> Layout:
    """Title, beginning and end: of lines "key, value", or of a line of keys above a line of values."""
    loose = [cells for _, cells in found.loose]
    for at, cells in enumerate(loose):
        across = at + 1 < len(loose) and sum(bool(_SUMMARY_HEADS.match(normal(c))) for c in cells) >= 1 and len(
            [c for c in cells if c]) > 2
        for key, value in zip(cells, loose[at + 1], strict=False) if across else _down(_rejoined(cells)):
            _told(found, normal(key), value)
    if not found.starts:
        moments = [c for cells in loose for c in _rejoined(cells)[1:2] if moment(c)]
        found.starts, found.ends = (*moments[:2], "", "")[:2]
    return found


def _down(cells: Sequence[str]) -> list[tuple[str, str]]:
    if len(cells) == 1 and ":" in cells[0]:         # "* Created on: …"
        key, _, value = cells[0].partition(":")
        return [(key, value.strip())]
    return [(cells[0], cells[1])] if len(cells) > 1 and cells[1] else []


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Without the empty cells a spreadsheet program adds at the right."""
    return tuple(cells[:max((at for at, cell in enumerate(cells, start=1) if cell), default=0)])


def _rejoined(cells: Sequence[str]) -> list[str]:
    """A moment that was cut at its own comma ("3/2/26, 8:57:00 AM" in a file of commas without quotes), whole again."""
    whole: list[str] = []
    for cell in cells:
        if whole and _CLOCK_ALONE.match(cell) and _DATE_ALONE.fullmatch(whole[-1]):
            whole[-1] += f", {cell}"
        else:
            whole.append(cell)
    return whole


def _told(found: Layout, key: str, value: str) -> None:
    if _TITLE.match(key):
        found.title = found.title or value
    elif _START.search(key) and moment(value):
        found.starts = found.starts or value
    elif _END.search(key) and moment(value):
        found.ends = found.ends or value
    elif _DAY.search(key) and moment(f"{value} 0:00"):
        found.day = found.day or value
