"""The columns of the spreadsheet of questions: their names in Spanish, and the words people write in them."""

import re
import unicodedata
from collections.abc import Sequence

LETTERS = "ABCDEFGHIJ"
TYPES = {                       # our kind -> the word the template offers
    "single": "selección única", "multiple": "selección múltiple", "truefalse": "verdadero o falso",
    "short": "respuesta breve", "numerical": "numérica", "matching": "pares", "ordering": "ordenamiento",
    "essay": "desarrollo", "description": "texto"}
COLUMNS = {                     # key -> heading
    "type": "tipo", "text": "enunciado", **{letter: f"opción {letter}" for letter in LETTERS}, "right": "correcta",
    "points": "puntaje", "feedback": "retroalimentación", "category": "categoría", "tags": "etiquetas",
    "name": "nombre", "id": "identificador",
    **{f"feedback {letter}": f"retroalimentación {letter}" for letter in LETTERS}}
OTHER_TYPES = {
    "unica": "single", "opcion multiple": "single", "seleccion simple": "single", "alternativas": "single",
    "single": "single", "multichoice": "single", "eleccion unica": "single", "multiple": "multiple",
    "eleccion multiple": "multiple", "varias": "multiple", "verdadero/falso": "truefalse", "vf": "truefalse",
    "v/f": "truefalse", "truefalse": "truefalse", "verdadero falso": "truefalse", "breve": "short",
    "respuesta corta": "short", "corta": "short", "short": "short", "shortanswer": "short", "numero": "numerical",
    "numerico": "numerical", "numerical": "numerical", "emparejamiento": "matching", "relacion de pares": "matching",
    "relacionar": "matching", "matching": "matching", "match": "matching", "ordenar": "ordering",
    "ordering": "ordering", "ensayo": "essay", "essay": "essay", "abierta": "essay", "descripcion": "description",
    "description": "description", "texto sin respuesta": "description"}
OTHER_HEADINGS = {
    "pregunta": "text", "texto": "text", "question": "text", "type": "type", "tipo de pregunta": "type",
    "respuesta": "right", "respuesta correcta": "right", "correctas": "right", "clave": "right", "answer": "right",
    "puntos": "points", "points": "points", "comentario": "feedback", "retroalimentacion general": "feedback",
    "feedback": "feedback", "category": "category", "tags": "tags", "etiqueta": "tags", "titulo": "name",
    "name": "name", "id": "id"}
YES = frozenset({"verdadero", "v", "si", "true", "t", "1"})
NO = frozenset({"falso", "f", "no", "false", "0"})


def folded(text: str) -> str:
    """Without case, accents or spare spaces."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


_BY_WORD = {**OTHER_TYPES, **{folded(word): kind for kind, word in TYPES.items()}}
_BY_HEADING = {**OTHER_HEADINGS, **{folded(heading): key for key, heading in COLUMNS.items()}}


def kind_of(word: str) -> str:
    """The kind a cell names; "" if none."""
    return _BY_WORD.get(folded(word), "")


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands; the first of two of the same name."""
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        word = folded(heading)
        letter = re.fullmatch(r"(?:opcion|alternativa|respuesta|option)?\s*([a-j])", word)
        said = re.fullmatch(r"(?:retroalimentacion|comentario|feedback)\s+([a-j])", word)
        key = letter[1].upper() if letter else f"feedback {said[1].upper()}" if said else _BY_HEADING.get(word, "")
        if key:
            found.setdefault(key, place)
    return found


def is_heading(header: Sequence[str]) -> bool:
    """Whether a row is the heading of a table of questions."""
    return {"type", "text"} <= columns_of(header).keys()
