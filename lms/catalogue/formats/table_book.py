"""The workbook of questions: the heading, the rows, choices offered in their cells, and a sheet that explains it."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from lms.catalogue.formats.table_columns import COLUMNS, LETTERS, TYPES

WIDTHS = {"type": 20, "text": 60, "right": 14, "points": 9, "feedback": 40, "category": 24, "tags": 20, "name": 24,
          "id": 16}
ROWS_WITH_CHOICES = 1000
LONGEST_CELL = 32_000

EXPLAINED = (
    ("tipo", "Elíjalo de la lista: " + ", ".join(TYPES.values()) + "."),
    ("enunciado", "Lo que se pregunta. Texto común; también se aceptan etiquetas HTML sencillas como <b> y <ul>."),
    ("opción A … opción J", "Las alternativas. En «pares»: izquierda -> derecha. En «ordenamiento»: en su orden "
     "correcto. En «numérica»: 3,14 o 3,14 ± 0,01 o 1..5."),
    ("correcta", "La letra de la correcta: B. Varias: A; C (se reparten el puntaje y las otras lo quitan). Con "
     "pesos: A 50%; C 50%; D -50%. En «verdadero o falso»: verdadero o falso. En «respuesta breve» y «numérica» sin "
     "opciones: la respuesta misma."),
    ("puntaje", "Cuánto vale. Si se deja vacío: 1."),
    ("retroalimentación", "Lo que se muestra después de responder, a todos."),
    ("categoría", "Dónde queda en el banco. Con / para las de adentro: Cooperación/Marco legal."),
    ("etiquetas", "Palabras para buscarla, separadas por ; o por coma."),
    ("nombre, identificador", "Cómo se llama en las listas, y una clave que no cambia. Pueden quedar vacíos."),
    ("retroalimentación A … J", "Lo que se dice a quien elige esa alternativa. Estas columnas pueden faltar."))
EXAMPLES: tuple[dict[str, str], ...] = (
    {"type": "selección única", "text": "¿Cuál es la capital de Ecuador?", "A": "Quito", "B": "Lima", "right": "A"},
    {"type": "selección múltiple", "text": "¿Cuáles son países?", "A": "Chile", "B": "Quito", "C": "Perú",
     "right": "A; C"},
    {"type": "verdadero o falso", "text": "Lima está en Perú.", "right": "verdadero"},
    {"type": "respuesta breve", "text": "¿Quién dirige una municipalidad?", "A": "alcalde", "B": "alcaldesa"},
    {"type": "numérica", "text": "¿Cuánto es π?", "right": "3,14 ± 0,01"},
    {"type": "pares", "text": "Una cada país con su capital.", "A": "Chile -> Santiago", "B": "Perú -> Lima",
     "C": "Ecuador -> Quito"},
    {"type": "ordenamiento", "text": "Ordene de menor a mayor.", "A": "uno", "B": "dos", "C": "tres"},
    {"type": "desarrollo", "text": "¿Qué haría usted?"})


def book(rows: Sequence[Mapping[str, str]]) -> bytes:
    """An xlsx. Every cell is text: none is computed when it is opened."""
    made = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, settings) as workbook:
        used = {key for row in rows for key, cell in row.items() if cell}
        keys = [key for key in COLUMNS if not key.startswith("feedback ") or key in used]
        _questions(workbook, keys, rows)
        _instructions(workbook)
    return made.getvalue()


def _questions(workbook: xlsxwriter.Workbook, keys: list[str], rows: Sequence[Mapping[str, str]]) -> None:
    sheet = workbook.add_worksheet("Preguntas")
    bold = workbook.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1, "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for place, key in enumerate(keys):
        sheet.set_column(place, place, WIDTHS.get(key, 22), wrapped)
        sheet.write_string(0, place, COLUMNS[key], bold)
    for number, row in enumerate(rows, start=1):
        for place, key in enumerate(keys):
            if row.get(key):
                sheet.write_string(number, place, row[key][:LONGEST_CELL], wrapped)
    sheet.freeze_panes(1, 2)
    last = max(len(rows), ROWS_WITH_CHOICES)
    sheet.data_validation(1, keys.index("type"), last, keys.index("type"), {
        "validate": "list", "source": list(TYPES.values()), "error_title": "Tipo desconocido",
        "error_message": "Elija uno de la lista.", "input_title": "Tipo", "input_message": "Elija uno de la lista."})
    sheet.data_validation(1, keys.index("right"), last, keys.index("right"), {
        "validate": "any", "input_title": "Correcta", "input_message": f"La letra de la opción correcta ({LETTERS[0]}–"
        f"{LETTERS[-1]}). Varias: A; C. Con pesos: A 50%; C 50%."})


def _instructions(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet("Instrucciones")
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 20, 20)
    sheet.write_string(0, 0, "Cómo llenar la hoja «Preguntas»: una pregunta en cada fila.", bold)
    for number, (column, words) in enumerate(EXPLAINED, start=2):
        sheet.write_string(number, 0, column, bold)
        sheet.write_string(number, 1, words, wrapped)
    start = len(EXPLAINED) + 4
    sheet.write_string(start - 1, 0, "Ejemplos", bold)
    keys = ["type", "text", "A", "B", "C", "right"]
    for number, row in enumerate(({key: COLUMNS[key] for key in keys}, *EXAMPLES), start=start):
        for place, key in enumerate(keys):
            sheet.write_string(number, place, row.get(key, ""), bold if number == start else wrapped)
