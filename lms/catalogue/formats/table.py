"""A spreadsheet of questions, one a row: read from xlsx, ods or csv, written as xlsx with its instructions."""

from collections.abc import Mapping, Sequence

from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.gift_lines import Unused
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.formats.sniffing import is_text, zip_names
from lms.catalogue.formats.soundness import judged
from lms.catalogue.formats.table_book import book
from lms.catalogue.formats.table_columns import COLUMNS, LETTERS, TYPES, columns_of, is_heading
from lms.catalogue.formats.table_rows import Row, RowRefused, cell_of
from lms.catalogue.formats.texts import decoded
from lms.catalogue.kinds.amounts import ANY
from lms.catalogue.notation import percent_of
from lms.catalogue.rules import Option, Question
from lms.foundation import spreadsheet

LABEL = "la planilla"
MOST = 5000                     # rows
NO_HEADING = ("La primera fila no es el encabezado de la plantilla.",
              "Ponga al menos las columnas «tipo», «enunciado» y «correcta».")


def parcel(file: str, content: bytes) -> Parcel:
    try:
        table = spreadsheet.read(file, content, MOST)
    except spreadsheet.Unreadable as why:
        remedy = why.remedy.replace("una persona cada una", "una pregunta cada una")
        place = f"fila {why.row}" if why.row else ""
        return Parcel(file, "table", notices=(Notice(Grade.FAULT, place, why.message, remedy),))
    if not is_heading(table.header):
        return Parcel(file, "table", notices=(Notice(Grade.FAULT, "fila 1", *NO_HEADING),))
    columns = columns_of(table.header)
    notices = [Notice(Grade.CHANGED, "fila 1", f"La columna «{heading[:40]}» no se conoce: no se leyó.",
                      "Use los nombres de la plantilla.")
               for place, heading in enumerate(table.header) if heading and place not in columns.values()]
    if table.encoding not in ("", "utf-8"):
        notices.append(Notice(Grade.CHANGED, "", f"Se leyó como {table.reading}.", "Revise las tildes."))
    questions: list[Question] = []
    unused = Unused()
    for found in table.rows:
        row, place = Row(found.cells, columns), f"fila {found.number}"
        if found.extra:
            notices.append(Notice(Grade.CHANGED, place, "Hay celdas a la derecha del encabezado: no se leyeron.",
                                  "Ponga su nombre en la primera fila."))
        identity = unused.like(row["id"] or row["name"] or f"pregunta-{found.number}")
        try:
            question = row.question(identity)
        except RowRefused as why:
            notices.append(Notice(Grade.FAULT, place, *why.args))
            continue
        notices += [Notice(grade, place, message, remedy, identity) for grade, message, remedy in judged(question)]
        questions.append(question)
    return Parcel(file, "table", tuple(questions), tuple(notices))


def cells(q: Question) -> dict[str, str]:
    """A question's row, by column."""
    row = {"type": TYPES[q.kind], "text": cell_of(q.text), "points": percent_of(q.points / 100).replace(".", ","),
           "feedback": cell_of(q.feedback), "category": q.category, "tags": "; ".join(q.tags), "name": q.title,
           "id": q.id}
    if q.kind == "truefalse":
        row["right"] = next((o.text.lower() for o in q.options if o.share == 1), "")
    for place, (a, option) in enumerate(zip(LETTERS, q.options, strict=False)):
        row[f"feedback {a}"] = cell_of(option.feedback)
        if q.kind != "truefalse":
            row[a] = _choice(q, option, place)
    if q.kind in ("single", "multiple", "short", "numerical"):
        shares = [(a, o.share) for a, o in zip(LETTERS, q.options, strict=False)]
        alone = q.kind == "single" and all(share in (0, 1) for _, share in shares)
        row["right"] = "; ".join(a if alone else f"{a} {percent_of(share)}%" for a, share in shares if share or (
            not alone and q.kind != "single"))
    return row


def _choice(q: Question, option: Option, place: int) -> str:
    if q.kind == "numerical":
        value, tolerance, _ = q.numbers[place]
        said = "*" if tolerance == ANY else f"{value:f} ± {tolerance:f}" if tolerance else f"{value:f}"
        return said.replace(".", ",")
    if q.kind == "matching":
        return f"{cell_of(option.text, True)} -> {option.match}"
    return cell_of(option.text, True)


def _write(questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    good, notices = unsayable(LABEL, questions, frozenset(TYPES))
    fitting = [q for q in good if len(q.options) <= len(LETTERS)]
    notices += [Notice(Grade.UNSUPPORTED, "", f"«{q.title}» tiene más de {len(LETTERS)} opciones: no está.",
                       "Use Moodle XML.", q.id) for q in good if q not in fitting]
    content = book([cells(q) for q in fitting[:MOST]])
    if not fitting:
        return Written(content, tuple(notices))
    return Written(content, (*notices, *compared(LABEL, fitting, parcel("preguntas.xlsx", content).questions)))


def template() -> bytes:
    """The empty spreadsheet with its heading, its instructions and an example of each type."""
    return book([])


def _claims(file: str, content: bytes) -> bool:
    names = zip_names(content)
    if names:
        return "content.xml" in names or any(name.lower().startswith("xl/workbook") for name in names)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not is_text(content):
        return False
    found = decoded(content[:20_000] if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else content[:20_000 & ~1])
    if isinstance(found, Notice):
        return False
    head = found[0].lstrip("\ufeff").partition("\n")[0].strip("\r")
    return any(is_heading([cell.strip(' "') for cell in head.split(sign)]) for sign in ";,\t|")


FORMAT = Format("table", "Planilla", ("xlsx", "ods", "csv", "xls"), _claims, parcel, _write)
__all__ = ["COLUMNS", "FORMAT", "parcel", "template"]
