"""The printed transcript: A4 upright. A module without a closed acta shows dashes and never a provisional grade."""

from lms.actas.paper import COUNTRIES
from lms.actas.ruled import LEFT, RIGHT, ROOM
from lms.actas.standing import Line, Transcript
from lms.foundation.paper.faces import INK, INK2, LABEL, SMALL, SMALL_B, Style, width
from lms.foundation.paper.furniture import masthead, signatures
from lms.foundation.paper.lines import Text, TooLong, keep
from lms.foundation.paper.painting import paint
from lms.foundation.paper.sheet import Sheet
from lms.foundation.paper.table import Column, table
from lms.foundation.paper.tagging import Card
from lms.foundation.spanish import MONTHS, feminine, long_date

VALUE, BOLD = Style("sans-b", 9.5, 12), Style("sans-b", 9.5, 12)
GREY = Style("sans", 8, 10.5, INK2)


def draw(t: Transcript) -> bytes:
    """The transcript as a tagged PDF: the same facts on the same day give the same bytes."""
    sheet = Sheet(wide=210, high=297)
    masthead(sheet, LEFT, 20, 128, [(name, COUNTRIES.get(country, "")) for name, country in t.bodies]
             or [("Escuela de Gobierno Local", "")])
    part = sheet.add()
    part.line(RIGHT, 19.7, "Al", LABEL, "right")
    part.line(RIGHT, 24.2, long_date(t.day), Style("sans-b", 9.5), "right")
    sheet.rule(LEFT, 31.5, ROOM, INK, 0.7)
    sheet.add("H1").line(LEFT, 43, t.kind, Style("serif-b", 23))
    y = sheet.add().paragraph(LEFT, 49.6, ROOM, t.programme, Style("sans", 11, 14.5, INK2), even=True, most=2)
    size = min(15.0, 15 * (ROOM - 2) / width(t.name, "serif-b", 15))
    sheet.add("H2").line(LEFT, y + 6, t.name, Style("serif-b", size))
    y = _lines(sheet, t, _facts(sheet, t, y + 14) + 7)
    y = _words(sheet, t, y + 7.4)
    if y > 236:
        raise TooLong("Módulos: no caben en la hoja. Acorte sus títulos.")
    signatures(sheet, LEFT, 243, 77, 261, t.signatories or [("Nombre y firma", "Oficina de la Escuela", "")])
    _foot(sheet, t)
    return paint([sheet], Card(title=f"{t.kind}: {t.name}", subject=f"{t.programme}, cohorte {t.cohort}",
                               author="; ".join(name for name, _ in t.bodies) or "Escuela de Gobierno Local",
                               keywords=f"transcript={t.day.isoformat()}", made_on=t.day))


def _facts(sheet: Sheet, t: Transcript, y: float) -> float:
    x, low = LEFT, y
    for label, value, wide in (("Documento", t.document or "—", 40), ("Cohorte", t.cohort, 32), (
            "Situación", t.state, 30), ("Municipio o institución", t.institution or "—", 68)):
        part = sheet.add()
        part.line(x, y, label, LABEL)
        low = max(low, part.paragraph(x, y + 4.6, wide - 3, keep(value), VALUE, most=3))
        x += wide
    return low - 2


def _lines(sheet: Sheet, t: Transcript, y: float) -> float:
    columns = (Column(" ", 9), Column("Módulo", 47.5 if t.other else 70), Column("Horas", 11, "right"),
               Column("SCT", 9, "right"), Column("CRE", 9, "right"), Column(f"Nota {t.own}", 16, "right"),
               *([Column(f"Equiv. {t.other}", 22.5, "right")] if t.other else []), Column("Fecha", 18, "right"),
               Column("Acta", 28, "right"))
    rows = [_row(t, line) for line in t.lines]
    total: list[Text] = ["", [("Total aprobado" if t.mark else "Aprobado a la fecha", BOLD)], [(str(t.hours), BOLD)],
                         [(t.credit, BOLD)], [(t.credit, BOLD)], [(t.mark or "—", BOLD)],
                         *([[(t.equivalent or "—", BOLD)]] if t.other else []), "", ""]
    return table(sheet, LEFT, y, columns, [*rows, [cell or [(" ", BOLD)] for cell in total]], Style("sans", 9.5, 12))


def _row(t: Transcript, line: Line) -> list[Text]:
    day = line.closed_on
    date = f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" if day else ""
    title: Text = line.title if not line.state or line.passed else [line.title, (f" ({line.state})", BOLD)]
    row: list[Text] = [[(line.code, BOLD.but(colour=INK2))], title, str(line.hours), line.credit, line.credit,
                       [(line.mark or "—", BOLD)]]
    if t.other:
        row.append(line.equivalent)
    return [*row, [(date, GREY)] if date else "", [(line.folio or "sin acta", GREY)]]


def _words(sheet: Sheet, t: Transcript, y: float) -> float:
    words = (f"Nota final {t.mark} ({t.words}){f', equivalencia referencial {t.equivalent}' if t.equivalent else ''}."
             if t.mark else "Sin nota final: faltan actas por cerrar.")
    y = sheet.add().paragraph(LEFT, y, ROOM, [(words, Style("sans-b", 10))], Style("sans", 10, 14)) + 0.6
    y = sheet.add().paragraph(LEFT, y, ROOM, t.policy, Style("sans", 8.5, 11.8, INK2)) + 2
    return sheet.add().paragraph(LEFT, y, ROOM, f"Se extiende en {t.place}, a {long_date(t.day)}.",
                                 Style("sans", 10, 14))


def _foot(sheet: Sheet, t: Transcript) -> None:
    sheet.rule(LEFT, 263, ROOM)
    kind, *_ = t.programme.split(" ")
    this = "Esta" if feminine(t.programme) else "Este"
    said = ("Las notas son las de las actas cerradas que se indican. Este documento lleva el sello electrónico de la "
            f"Escuela: un lector de PDF muestra si fue alterado. {this} {kind.lower()} no conduce a título profesional "
            "ni a grado académico. ")
    sheet.add().paragraph(LEFT, 268, ROOM, [said, (t.notice, SMALL_B)] if t.notice else said, SMALL)
