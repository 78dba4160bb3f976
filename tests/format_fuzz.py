"""Files of questions spoiled where it hurts: elements, lines, cells and marks moved, doubled, lost and filled with what breaks
readers. Each reader must answer soon, without an exception, and what it keeps must be storable, scorable and writable."""

import random
import time
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from lms.catalogue import formats, stored
from lms.catalogue.formats import FORMATS
from lms.catalogue.kinds import KINDS
from tests.pictures import SVG, png
from tests.rules import test_moodle_xml as made

PATIENCE = 1.0              # seconds of computing for one file
NASTY = ["", " ", "\n", "\n\n", "{", "}", "=", "~", "%", "%50%", "%-100%", "%1e9%", "->", "::", "\\", "#", "####", "//", "$CATEGORY: a/b", "[html]",
         "[markdown]", "&nbsp;", "<b>", "<img src=x>", "<!--", "]]>", "{1:SHORTANSWER:=a}", "{2:MC:=a~b", "[[1]]", "[[99]]", "{#1}", "{x}", "{={x}/0}",
         "1e999", "-1", "9" * 400, "0.1.2", "NaN", "Infinity", "1..", "3:2:1", "ANSWER: A", "ANSWER:", "A) ", "Z. z", "É", "ñ\u0301", "\u2028", "\ufeff",
         "\ud7ff", "\U0001f4a5", "a" * 5000, "[" * 300, "(" * 300, "*" * 300, "> " * 60, "- " * 60, "data:image/png;base64,AAAA", "@@PLUGINFILE@@/x.png",
         "/medios/" + "a" * 64 + ".png", "javascript:x()", "=HYPERLINK(1)", "true", "false", "multichoice", "cloze", "html", "100", "0", ";", '"', "\t", "|"]
GIFT = """// [id:uno] [tag:a] [tag:b]
$CATEGORY: $course$/top/Uno//dos/Tres

// [id:dos]
::Q1:: [html]<p>¿Qué <b>es</b>?</p> {=s\\=í #bien ~%-50%no #mal ~quizá ####General}

::Q2:: Dos y {=dos ~tres} son cuatro.

::Q3:: Varias {~%50%a ~%50%b ~%-100%c}

¿Sin título? {T#no#sí}

::Q4:: Breve {=uno =%50%dos#casi =tr*s}

::Q5:: Número {#=3:0.5#ya =%50%1..5 ~#mal}

::Q6:: Pares {=a -> 1 =b -> 2 = -> 3}

::Q7:: Orden {>2 RANDOM VERTICAL ABS SHOW 123
uno
dos
tres}

::Q8:: [markdown]* a\\n* b {}

::Q9:: Una descripción.
"""
AIKEN = "¿Capital de Chile?\nA) Santiago\nB) Lima\nC) Quito\nANSWER: A\n\n¿Y de Perú?\nA. Quito\nB. Lima\nANSWER: B\n"
CLOZE = "La capital es {1:SHORTANSWER:=Quito#sí~%50%Kitu#casi~*#no} y {2:MULTICHOICE_V:a~=b#bien~%0%c}. π es {1:NM:=3.14:0.01~%50%3:1}. {1:MR:=a~=b~c}\n"
TABLE = (
    "tipo;enunciado;opción A;opción B;opción C;correcta;puntaje;retroalimentación;categoría;etiquetas\r\n"
    'selección única;¿Qué?;uno;dos;tres;B;1;bien;a/b;x, y\r\nselección múltiple;¿Qué?;uno;dos;tres;"A 50%; C 50%";2;;;\r\n'
    'selección múltiple;¿Qué?;uno;dos;tres;"A; C";0,5;;;\r\nverdadero o falso;¿Sí?;;;;verdadero;;;;\r\n'
    "numérica;¿Cuánto?;;;;3,14 ± 0,01;;;;\r\npares;Una;a -> 1;b -> 2;c -> 3;;;;;\r\nordenamiento;Ordene;a;b;c;;;;;\r\n"
    'respuesta breve;Diga;sí;claro;;"A; B 50%";;;;\r\ndesarrollo;Opine;;;;;;;;\r\n')


def _xml() -> bytes:
    """A question of each type Moodle has."""
    text = made.NAME + made.TEXT
    image = f'<file name="m.png" path="/" encoding="base64">{made.encoded(png(60, 50))}</file>'
    many = made.answers(("100", "a"), ("50", "b"), ("-33.33333", "c"))
    inside = {
        "multichoice": many + "<hint><text>h</text><clearwrong/></hint><tags><tag><text>t</text></tag></tags><idnumber>i</idnumber>",
        "truefalse": made.answers(("100", "true"), ("0", "false")), "shortanswer": many, "essay": "<attachments>1</attachments>",
        "numerical": '<answer fraction="100"><text>3.5</text><tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier>'
                     "<unit_name>m</unit_name></unit></units>",
        "matching": "".join(f"<subquestion><text>{a}</text><answer><text>{a}{a}</text></answer></subquestion>" for a in "abc"),
        "ordering": many, "calculated": made.CALCULATED, "calculatedmulti": made.CALCULATED + made.answers(("0", "a")), "description": "", "randomsamatch": "<choose>2</choose>",
        "gapselect": "<selectoption><text>a</text><group>1</group></selectoption>", "ddwtos": "<dragbox><text>a</text><group>1</group></dragbox>",
        "ddimageortext": image + "<drag><no>1</no><text>N</text></drag><drop><no>1</no><choice>1</choice><xleft>1</xleft><ytop>2</ytop></drop>",
        "ddmarker": image + "<drag><no>1</no><text>N</text></drag><drop><no>1</no><shape>circle</shape><coords>9,9;5</coords><choice>1</choice></drop>",
        "cloze": "", "category": "<category><text>$course$/a/b</text></category>"}
    svg = ('<question type="description"><name><text>s</text></name><questiontext format="markdown"><text>![a](@@PLUGINFILE@@/d.svg) **b**</text>'
           f'<file name="d.svg" encoding="base64">{made.encoded(SVG)}</file></questiontext></question>')
    body = "".join(f'<question type="{kind}">{text.replace("¿Qué?", CLOZE if kind == "cloze" else "[[1]] {x}")}{part}</question>'
                   for kind, part in inside.items())
    return f"<quiz>{body}{svg}</quiz>".encode()


XML = _xml()


def spoiled_xml(chance: random.Random) -> bytes:
    """Elements lost, doubled, moved and renamed; texts and attributes changed."""
    top = etree.fromstring(XML)
    for question in chance.sample(list(top), k=max(len(top) - chance.randint(1, 5), 0)):
        top.remove(question)
    for _ in range(chance.choice((1, 2, 3, 8))):
        elements = list(top.iter())
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randrange(7):
            case 0 if one is not top and one.getparent() is not None:
                one.getparent().remove(one)
            case 1 if one is not top and len(elements) < 3000:
                other.append(deepcopy(one))
            case 2:
                one.tag = other.tag if one is not top else one.tag
            case 3 | 4:
                one.text = _plausible(chance, one.text or "")
            case 5:
                one.set(chance.choice(("type", "format", "fraction", "name", "path", "encoding")), _plausible(chance, "100"))
            case 6:
                one.tail = _plausible(chance, "")
    return etree.tostring(top, encoding=chance.choice(("utf-8", "utf-16", "iso-8859-1")), xml_declaration=True)


def _plausible(chance: random.Random, text: str) -> str:
    """Another text that XML may hold."""
    nasty = chance.choice(NASTY)
    at = chance.randint(0, len(text))
    return chance.choice((nasty, text[:at] + nasty + text[at:], text[at:], text * 3))[:20_000]


def spoiled_lines(text: str, chance: random.Random, marks: str) -> bytes:
    """Lines and the pieces between marks lost, doubled, moved and filled; then another encoding or line end."""
    pieces, piece = [], ""
    for sign in text:
        piece += sign
        if sign in marks:
            pieces.append(piece)
            piece = ""
    pieces.append(piece)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(pieces)) if pieces else 0
        match chance.randrange(5):
            case 0 if pieces:
                del pieces[at]
            case 1:
                pieces[at:at] = pieces[at:at + chance.choice((1, 3, 30))]
            case 2 if pieces:
                pieces.insert(chance.randrange(len(pieces)), pieces.pop(at))
            case _:
                pieces.insert(at, chance.choice(NASTY))
        pieces = pieces[:5000]
    whole = "".join(pieces).replace("\n", chance.choice(("\n", "\n", "\r\n", "\r")))
    return whole.encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16")), "replace")


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    made_of = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        if made_of:
            made_of[chance.randrange(len(made_of))] ^= 1 << chance.randrange(8)
    return bytes(made_of)


SPOILERS: dict[str, Callable[[random.Random], bytes]] = {
    "gift": lambda chance: spoiled_lines(GIFT, chance, "\n{}=~#:%>"),
    "moodle_xml": spoiled_xml,
    "aiken": lambda chance: spoiled_lines(AIKEN, chance, "\n) "),
    "cloze": lambda chance: spoiled_lines(CLOZE, chance, "\n{}=~#:%"),
    "table": lambda chance: spoiled_lines(TABLE, chance, ";\n"),
}


def trial(name: str, chance: random.Random) -> None:
    """One spoiled file through one reader. What it raises is a fault."""
    content = SPOILERS[name](chance)
    if chance.random() < 0.1:
        content = spoiled_bytes(content, chance)
    began = time.process_time()
    parcel = FORMATS[name].read("archivo", content)
    assert parcel.format == name and all(notice.message and notice.remedy for notice in parcel.notices)
    ids = {q.id for q in parcel.questions}
    assert len(ids) == len(parcel.questions) and all(n.question in ids or not n.question for n in parcel.notices)
    if chance.random() < 0.1:
        formats.read("archivo", content)
    if chance.random() < 0.2:
        _usable(parcel)
    took = time.process_time() - began
    assert took < PATIENCE, f"took {took:.1f} s"


def _usable(parcel: formats.Parcel) -> None:
    """Each question that was kept can be stored, asked, scored and written; Moodle's XML says all of it."""
    for q in parcel.questions:
        assert stored.unpack_question(stored.pack_question(q)) == q
        kind = KINDS[q.kind]
        kind.score(q, "")
        kind.right(q)
    written = formats.write("moodle_xml", parcel.questions, parcel.media)
    assert formats.read("archivo", written.content).questions == parcel.questions or written.notices or not parcel.questions
    for name in ("gift", "aiken"):
        formats.write(name, parcel.questions, parcel.media)
