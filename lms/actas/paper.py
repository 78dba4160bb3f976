"""The printed acta: A4 upright, at most 18 rows a sheet, no blank cell, no room where a row could be added."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lms.actas.chain import Snapshot
from lms.actas.ruled import LEFT, RIGHT, ROOM, STRONG, TEXT, cells, columns, summed, table_row
from lms.actas.rules import Content, Row, tally
from lms.foundation.language import local
from lms.foundation.paper.faces import INK, INK2, LABEL, PYRITE, SMALL, SMALL_B, Style, Unprintable, clean, width
from lms.foundation.paper.furniture import masthead, qr_figure, signatures
from lms.foundation.paper.lines import Text, TooLong, keep, measure, runs, spaced
from lms.foundation.paper.painting import paint
from lms.foundation.paper.sheet import ARTIFACT, Drawing, Sheet, Stroke
from lms.foundation.paper.tagging import Card
from lms.foundation.spanish import MONTHS, long_date
from lms.foundation.walltime import place
from lms.people.rules import HOME_ZONE

ROW, MOST = 6.05, 18                    # mm a row; rows a sheet
LOW, FULL = 219.0, 246.0                # below them stand policy, hashes and signatures; only the foot
COUNTRIES = {"CL": "República de Chile", "AR": "República Argentina"}
VALUE = Style("sans-b", 9.5, 12)
ACROSS = 4                              # signatures side by side; more have a sheet of their own


@dataclass(frozen=True)
class Slice:
    """The rows of one sheet: from which number, and what all sheets so far come to."""
    first: int
    rows: tuple[Row, ...]
    carried: tuple[Row, ...]            # of the sheets before


def check(snapshot: Snapshot) -> None:
    """Raises Unprintable or TooLong (ValueErrors), in words for who closes."""
    _lay_out(snapshot, "0" * 64)


def draw(snapshot: Snapshot, sha256: str) -> bytes:
    """The acta as a tagged PDF: the same snapshot gives the same bytes."""
    return paint(_lay_out(snapshot, sha256), Card(
        title=f"{snapshot.title}: {snapshot.content.module} {snapshot.content.title}",
        author="; ".join(name for name, _ in snapshot.content.bodies) or "Escuela de Gobierno Local",
        subject=f"{snapshot.content.programme}, folio {snapshot.folio}", made_on=_home(snapshot.closed_at).date(),
        keywords=f"folio={snapshot.folio}; code={snapshot.code}; sha256={sha256}"))


def _lay_out(s: Snapshot, sha256: str) -> list[Sheet]:
    for row in s.content.rows:
        for text in (row.name, row.document):
            try:
                clean(text, "sans")
            except Unprintable as wrong:
                raise Unprintable(wrong.char, row.name[:40]) from None
    front = Sheet(wide=210, high=297)
    y = _facts(front, s, _title(front, s))
    slices = _sliced(s.content.rows, y)
    apart = len(s.signatures) + 1 > ACROSS
    count = len(slices) + apart
    sheets = []
    for number, part in enumerate(slices, 1):
        sheet = front if number == 1 else Sheet(wide=210, high=297)
        start = y if number == 1 else _again(sheet, s)
        low = _rows(sheet, s.content, part, start, part is slices[-1], number)
        if part is slices[-1]:
            _closing(sheet, s, sha256, low)
            if not apart:
                signatures(sheet, LEFT, 247.5, ROOM, 261.5, _signers(s))
        _foot(sheet, s, number, count)
        sheets.append(sheet)
    return [*sheets, _signing_sheet(s, count)] if apart else sheets


def _sliced(rows: tuple[Row, ...], y: float) -> list[Slice]:
    """All on the first sheet where they fit above what closes the acta; else that one is filled, and a further one has
    at least a row."""
    first = min(MOST, int((LOW - 12 - y) / ROW))
    if len(rows) > first:
        first = min(MOST, int((FULL - y) / ROW), len(rows) - 1)
    if first < 1:
        raise TooLong("Motivo: no cabe en el acta. Acórtelo.")
    found = [Slice(1, rows[:first], ())]
    for start in range(first, len(rows), MOST):
        found.append(Slice(start + 1, rows[start:start + MOST], rows[:start]))
    return found


def _head(sheet: Sheet, s: Snapshot) -> None:
    bodies = [(name, COUNTRIES.get(country, "")) for name, country in s.content.bodies]
    try:
        masthead(sheet, LEFT, 20, 128, bodies or [("Escuela de Gobierno Local", "")])
    except TooLong:
        raise TooLong("Instituciones: no caben en el acta. Use sus nombres cortos o menos instituciones.") from None
    part = sheet.add()
    part.line(RIGHT, 19.7, "Folio", LABEL, "right")
    part.line(RIGHT, 24.2, s.folio, Style("sans-b", 10.5), "right")
    sheet.rule(LEFT, 31.5, ROOM, INK, 0.7)


def _title(sheet: Sheet, s: Snapshot) -> float:
    _head(sheet, s)
    sheet.add("H1").line(LEFT, 43, s.title, Style("serif-b", 23))
    if s.content.rectifies:
        _stamp(sheet, s.content)
    return sheet.add().paragraph(LEFT, 49.6, 86 if s.content.rectifies else ROOM, s.content.programme,
                                 Style("sans", 11, 14.5, INK2), even=True, most=4) + 2.4


def _stamp(sheet: Sheet, content: Content) -> None:
    """What this record corrects, at the right of the title: a frame and words, so it survives a photocopy."""
    x, y, wide, high = 111.0, 36.5, RIGHT - 111, 14.0
    sheet.add(ARTIFACT).pieces.extend([Stroke(x, y, wide, high, INK, 0.9), Stroke(x + 0.9, y, 0, high, PYRITE, 5)])
    part = sheet.add()
    part.line(x + 4.4, y + 5.2, f"Rectifica el acta {content.rectifies}", Style("sans-b", 9.5))
    day = long_date(datetime.fromisoformat(content.rectifies_on).date())
    part.paragraph(x + 4.4, y + 9.2, wide - 6, f"del {day}. {content.resolution}.".replace("..", "."), SMALL, most=2)


def _facts(sheet: Sheet, s: Snapshot, y: float) -> float:
    c, counts = s.content, tally(s.content.rows)
    graded = counts.get("approved", 0), counts.get("failed", 0)
    passed, failed = (c.states[state].capitalize() + "s" for state in ("approved", "failed"))
    closed = _home(s.closed_at)
    register = " ".join(filter(None, (s.book and f"{s.book}", s.page and f"folio {s.page}"))) or "—"
    rows = (
        (("Módulo", f"{c.module} {c.title}"), ("Cohorte", c.cohort),
         ("Duración y créditos", f"{c.hours}\u00a0horas, {' · '.join(c.credits)}")),
        (("Docentes", _teachers(c)), ("Libro", register), ("Dictado", _given(c))),
        (("Cierre", f"{long_date(closed.date())}, {closed:%H:%M} h ({place(HOME_ZONE)})"), ("Filas", str(len(c.rows))),
         (f"{passed} · {failed.lower()} · sin nota", f"{graded[0]} · {graded[1]} · {len(c.rows) - sum(graded)}")),
    )
    for row in rows:
        y = _fact_row(sheet, row, y) + 2
    if c.rectifies:
        y = sheet.add().paragraph(LEFT, y + 2.2, ROOM, [("Motivo: ", SMALL_B), c.reason], SMALL, most=6) - 1
        if c.changed:
            y = sheet.add().paragraph(LEFT, y + 1, ROOM, [("Cambia: ", SMALL_B), _changes(c)], SMALL, most=5) - 1
    return y + 2.4


def _fact_row(sheet: Sheet, row: tuple[tuple[str, str], ...], y: float) -> float:
    x, low = LEFT, y
    for (label, value), wide in zip(row, (88, 30, 52), strict=True):
        part = sheet.add()
        part.line(x, y + 2.6, label, LABEL)
        style = VALUE if width(value, VALUE.face, VALUE.size) <= wide - 4 else VALUE.but(size=8.5, lead=10.5)
        low = max(low, part.paragraph(x, y + 7, wide - 4, keep(value), style, most=3))
        x += wide
    return low - 3


def _teachers(content: Content) -> str:
    """All of them where they fit; they sign at the end in any case."""
    names = [p.name for p in content.signers]
    count = next((n for n in range(len(names), 1, -1) if len("; ".join(names[:n])) < 120), 1)
    return "; ".join(names[:count]) + (f" y {len(names) - count} más" if count < len(names) else "")


def _changes(content: Content) -> str:
    numbers = {row.person_id: n for n, row in enumerate(content.rows, 1)}
    told = [f"fila {numbers[person]} (decía {said})" for person, said in content.changed]
    return "; ".join(told[:12]) + (f"; y {len(told) - 12} filas más" if len(told) > 12 else "") + "."


def _rows(sheet: Sheet, c: Content, part: Slice, y: float, last: bool, number: int) -> float:
    """The table; what is left of its room is closed by a diagonal. Returns the y below."""
    heads, table = columns(c), sheet.add("Table")
    if part.carried:
        sheet.add().line(LEFT, y, f"Transporte de la hoja {number - 1}: {summed(c, part.carried)}", SMALL)
        y += 5
    table_row(table, "TH", y + 2.2, heads, [(head, LABEL) for head, _, _ in heads])
    y += 4
    sheet.rule(LEFT, y, ROOM, INK, 0.7)
    for n, row in enumerate(part.rows, part.first):
        table_row(table, "TD", y + 4.15, heads, cells(c, n, row))
        y += ROW
        sheet.rule(LEFT, y, ROOM, weight=0.25)
    if not last:
        so_far = (*part.carried, *part.rows)
        sheet.add().line(LEFT, y + 4.4, f"Pasa a la hoja {number + 1}. Transporte: {summed(c, so_far)}", SMALL)
        return y + 6
    void = min(LOW - 8 - y, (MOST - len(part.rows)) * ROW)
    if void > 1:
        ops = f"0.14 w 0.102 0.122 0.208 RG 0 0 m {ROOM:.1f} {void:.2f} l S "
        sheet.add(ARTIFACT).pieces.append(Drawing(f"void{number}", ops, LEFT, y, ROOM, void))
        y += void
    sheet.add().line(LEFT, y + 4.4, "No hay más anotaciones en esta acta.", SMALL)
    return y + 6


def _again(sheet: Sheet, s: Snapshot) -> float:
    """The head of a further sheet."""
    _head(sheet, s)
    sheet.add("H2").line(LEFT, 41, f"{s.title}, continuación", Style("serif-b", 15))
    sheet.add().line(LEFT, 47, f"{s.content.module} {s.content.title}, cohorte {s.content.cohort}", TEXT)
    return 55.0


def _closing(sheet: Sheet, s: Snapshot, sha256: str, y: float) -> None:
    c = s.content
    own, home = c.measure(c.own), c.measure(c.home)
    policy = f"Nota en {own.name} ({own.id})."
    if c.others:
        policy += " Equivalencia referencial: " + "; ".join(f"{m.name} ({m.id})" for m in c.others) + "."
    if c.older:
        policy += f" Las filas que no cambian conservan su escala ({', '.join(m.id for m in c.older)})."
    if any(row.attendance is not None for row in c.rows):
        policy += " Asistencia: sobre las horas que exige el programa."
    if len(c.measures) > 1:
        policy += f" La aprobación se decide una sola vez, en la escala de {home.place}."
    y = sheet.add().paragraph(LEFT, y + 2.2, ROOM, policy, SMALL, most=5)
    mono = Style("sans", 7.2, 10, INK2)
    part = sheet.add()
    part.line(LEFT, y + 0.4, ["Huella de esta acta (SHA-256) ", (sha256, mono.but(face="sans-b", colour=INK))], mono)
    part.line(LEFT, y + 3.8, [f"Enlace con la anterior, {s.previous_folio or 'ninguna'} ", (s.previous, mono)], mono)


def _signers(s: Snapshot) -> list[tuple[str, str, str]]:
    people = [(p.name, f"Docente, {p.institution}" if p.institution else "Docente", _when("Firmó", p.at))
              for p in s.signatures]
    return [*people, (s.closer, "Oficina de la Escuela", _when("Cerró", s.closed_at))]


def _signing_sheet(s: Snapshot, number: int) -> Sheet:
    """Where more sign than fit side by side."""
    sheet = Sheet(wide=210, high=297)
    y = _again(sheet, s)
    table = sheet.add("Table")
    heads = (("Nombre", 60.0, "left"), ("Calidad", 62.0, "left"), ("Firma", 48.0, "left"))
    table_row(table, "TH", y + 2.2, heads, [(head, LABEL) for head, _, _ in heads])
    y += 4
    sheet.rule(LEFT, y, ROOM, INK, 0.7)
    for name, office, when in _signers(s):
        if y > 250:
            raise TooLong("Firmantes: no caben en una hoja.")
        table_row(table, "TD", y + 4.15, heads, [(name, STRONG), (office, TEXT), (when, TEXT)])
        y += ROW + 1
        sheet.rule(LEFT, y, ROOM, weight=0.25)
    _foot(sheet, s, number, number)
    return sheet


def _foot(sheet: Sheet, s: Snapshot, number: int, count: int) -> None:
    sheet.rule(LEFT, 263, ROOM)
    qr_figure(sheet, LEFT, 266, 20, s.verify_url, f"Código QR que abre la página de verificación: {s.verify_url}")
    x, host = LEFT + 25, urlsplit(s.verify_url).netloc
    part = sheet.add()
    verify: Text = ["Verifique con el código QR, o en ", (f"{host}/a/{s.folio}/", SMALL_B), " seguido del código."]
    fitting = measure(runs(verify, SMALL)) <= RIGHT - x
    part.line(x, 270, verify if fitting else "Verifique con el código QR.", SMALL)
    part.line(x, 274, ["Código ", (spaced(s.code), SMALL_B)], SMALL)
    part.paragraph(x, 278, RIGHT - x - 24, "Firmada por sus docentes con su clave personal en el sistema de la "
                   "Escuela, y sellada electrónicamente por la Escuela. " + s.notice, SMALL, most=3)
    part.line(RIGHT, 284, f"Hoja {number} de {count}", SMALL_B, "right")


def _given(c: Content) -> str:
    days = [datetime.fromisoformat(day).date() for day in (c.begins, c.ends) if day]
    if len(days) < 2:
        return f"desde el {long_date(days[0])}" if days else "—"
    return f"{days[0].day} de {MONTHS[days[0].month - 1]} al {long_date(days[1])}"


def _when(deed: str, at: str) -> str:
    moment = _home(at)
    return f"{deed} el {moment.day} de {MONTHS[moment.month - 1]} de {moment.year}, {moment:%H:%M} h"


def _home(at: str) -> datetime:
    return local(datetime.fromisoformat(at), HOME_ZONE)
