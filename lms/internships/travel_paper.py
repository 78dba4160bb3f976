"""The printed sheet of a journey: A4 upright, as many sheets as it needs, what is missing said before all else."""

from fractions import Fraction

from lms.foundation.language import decimal
from lms.foundation.paper.faces import INK, INK2, LABEL, SMALL, SMALL_B, Style, width
from lms.foundation.paper.flow import Flow, fitted, printable
from lms.foundation.paper.furniture import masthead
from lms.foundation.paper.painting import paint
from lms.foundation.paper.sheet import Sheet
from lms.foundation.paper.table import Column
from lms.foundation.paper.tagging import Card
from lms.foundation.spanish import long_date
from lms.internships.travel import (
    CURRENCIES,
    DOCUMENTS,
    NOTICE,
    PAYERS,
    Journey,
    activity_days,
    paper_words,
    totals,
    written,
)

LEFT, RIGHT, LOW = 20.0, 190.0, 272.0
ROOM = RIGHT - LEFT
TITLE = "Ficha de viaje"
TEXT, VALUE, CELL = Style("sans", 9.5, 13), Style("sans-b", 9.5, 12), Style("sans", 9, 11.6)
HEAD = Style("serif-b", 13.5, 17)
GREY = Style("sans", 9.5, 13, INK2)


def draw(j: Journey) -> bytes:
    """A tagged PDF: the same facts on the same day give the same bytes."""
    flow = Flow(LEFT, ROOM, LOW, lambda sheet: _again(sheet, j))
    flow.y = _front(flow.sheet, j)
    _lacking(flow, j)
    _purpose(flow, j)
    _documents(flow, j)
    _costs(flow, j)
    _gifts(flow, j)
    flow.need(22)
    flow.sheet.rule(LEFT, flow.y - 2, ROOM)
    flow.y += 3
    flow.paragraph([(NOTICE, SMALL_B)], SMALL)
    flow.paragraph(f"Extendida el {long_date(j.day)} con lo anotado hasta ese día.", SMALL)
    for number, sheet in enumerate(flow.sheets, 1):
        _foot(sheet, j, number, len(flow.sheets))
    return paint(flow.sheets, Card(
        title=printable(f"{TITLE}: {j.person}, {j.host}", TEXT), author="Escuela de Gobierno Local",
        subject=printable(f"{j.programme}, {j.cohort}", TEXT), keywords=f"travel={j.day.isoformat()}", made_on=j.day))


def _front(sheet: Sheet, j: Journey) -> float:
    masthead(sheet, LEFT, 20, 128, [("Escuela de Gobierno Local de la Asociación de Municipalidades de Chile", "")])
    part = sheet.add()
    part.line(RIGHT, 19.7, "Al", LABEL, "right")
    part.line(RIGHT, 24.2, long_date(j.day), Style("sans-b", 9.5), "right")
    sheet.rule(LEFT, 31.5, ROOM, INK, 0.7)
    sheet.add("H1").line(LEFT, 43, TITLE, Style("serif-b", 23))
    person = printable(j.person, HEAD)
    size = min(15.0, 15 * (ROOM - 2) / width(person, "serif-b", 15))
    sheet.add("H2").line(LEFT, 51.5, person, Style("serif-b", size))
    y = 57.0
    if j.office:
        y = sheet.add().paragraph(LEFT, y, ROOM, fitted(j.office, GREY, ROOM), GREY)
    return _facts(sheet, j, y + 3)


def _facts(sheet: Sheet, j: Journey, y: float) -> float:
    days = f"Del {long_date(j.starts_on)} al {long_date(j.ends_on)}"
    rows = (
        (("Institución que recibe", j.host, 88), ("Lugar", f"{j.city}, {j.country}", 82)),
        (("Fechas", f"{days} ({j.days} {'día' if j.days == 1 else 'días'})", 88),
         ("Modalidad y estado", f"{j.modality}. {j.state}", 82)),
        (("Área", j.area, 88), ("Quien recibe", j.supervisor or "—", 82)),
        (("En el marco de", j.programme, 88), ("Cohorte", j.cohort, 82)),
    )
    for row in rows:
        x, low = LEFT, y
        for label, value, wide in row:
            part = sheet.add()
            part.line(x, y + 2.6, label, LABEL)
            low = max(low, part.paragraph(x, y + 7, wide - 4, fitted(value, VALUE, wide - 4), VALUE))
            x += wide
        y = low - 1
    return y + 2


def _lacking(flow: Flow, j: Journey) -> None:
    if not j.missing:
        return
    flow.heading("Falta para que esté completa", HEAD)
    for what in j.missing:
        flow.paragraph(f"– {what}", TEXT, 0.4)


def _purpose(flow: Flow, j: Journey) -> None:
    flow.heading("Objeto del viaje", HEAD)
    for piece in (j.plan.objectives or "Todavía no se ha escrito.").split("\n"):
        if piece.strip():
            flow.paragraph(piece, TEXT, 0.6)
    flow.heading("Programa de actividades", HEAD)
    if not j.activities:
        return flow.paragraph("Todavía no se ha escrito.", GREY)
    columns = (Column("Actividad", 108), Column("Fechas", 42), Column("Horas", 20, "right"))
    flow.table(columns, [[a.what, activity_days(a), _hours(a.hours)] for a in j.activities], CELL)
    return None


def _documents(flow: Flow, j: Journey) -> None:
    flow.heading("Documentos", HEAD)
    columns = (Column("Documento", 50), Column("Número, fecha y quién lo emite", 120))
    rows = [[name, said] for kind, name in DOCUMENTS.items()
            for said in [paper_words(p) for p in j.of(kind)] or ["No hay"]]
    flow.table(columns, rows, CELL)


def _costs(flow: Flow, j: Journey) -> None:
    flow.heading("Costos y quién los paga", HEAD)
    if not j.costs:
        return flow.paragraph("No hay costos anotados.", GREY)
    columns = (Column("Concepto", 50), Column("Quién paga", 40), Column("Nota", 46), Column("Monto", 34, "right"))
    flow.table(columns, [[c.item, PAYERS[c.payer], c.note, _money(c.amount, c.currency)] for c in j.costs], CELL)
    for currency, sums, total in totals(j.costs):
        shares = "; ".join(f"{PAYERS[p]} {written(s, currency)}" for p, s in sums.items())
        flow.paragraph([(f"Costo total: {_money(total, currency)}", VALUE), f" ({CURRENCIES[currency][0].lower()}). "
                        f"{shares}."], TEXT, 0.6)
    return None


def _gifts(flow: Flow, j: Journey) -> None:
    flow.heading("Regalos recibidos", HEAD)
    if not j.gifts:
        return flow.paragraph("No se ha informado ninguno.", GREY)
    columns = (Column("Qué", 52), Column("Fecha", 24), Column("Ocasión", 50), Column("Quién lo dio", 44))
    flow.table(columns, [[g.what, f"{g.on:%d-%m-%Y}", g.occasion, g.giver] for g in j.gifts], CELL)
    return None


def _again(sheet: Sheet, j: Journey) -> float:
    """The head of a further sheet."""
    name = printable(j.person, SMALL)[:70]
    sheet.add().line(LEFT, 20, [(f"{TITLE}, continuación. ", SMALL_B), name], SMALL)
    sheet.rule(LEFT, 23, ROOM, INK, 0.7)
    return 30.0


def _foot(sheet: Sheet, j: Journey, number: int, count: int) -> None:
    sheet.rule(LEFT, 276, ROOM)
    part = sheet.add()
    part.line(LEFT, 281, f"Insumo para el registro de la autoridad; no es el registro. {j.notice}".strip(), SMALL)
    part.line(RIGHT, 281, f"Hoja {number} de {count}", SMALL_B, "right")


def _money(value: object, currency: str) -> str:
    return f"{currency} {written(value, currency)}"     # type: ignore[arg-type]


def _hours(text: str) -> str:
    return decimal(Fraction(text), 2).rstrip("0").rstrip(",") if text else ""
