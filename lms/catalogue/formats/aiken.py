"""Aiken: a line for the question, one for each option (`A) …`), one for the key (`ANSWER: A`). Read as Moodle does."""

import html
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.formats.sniffing import is_text
from lms.catalogue.formats.soundness import judged
from lms.catalogue.formats.texts import decoded
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import PRIVATE, lettered
from lms.catalogue.rules import Option, Question

LABEL = "Aiken"
CHOICE = re.compile(r"[A-Z][).]")
KEY = re.compile(r"ANSWER:\s*")
BOTH = re.compile(r"^[ \t]*ANSWER:", re.MULTILINE), re.compile(r"^[ \t]*[A-Z][).]", re.MULTILINE)
MOST = 20_000

NOTHING = ("No hay ninguna pregunta.", "Revise que sea el archivo correcto.")
NOT_STARTED = ("Hay una alternativa o una clave sin pregunta encima.", "Escriba la pregunta en la línea anterior.")
UNFINISHED = ("La pregunta no termina con ANSWER: antes de la siguiente.",
              "Escriba toda la pregunta en una línea, sus alternativas y ANSWER: con la letra correcta.")
FEW = ("La pregunta tiene menos de dos alternativas.", "Escriba al menos A) y B).")
NO_KEY = "La clave «{}» no es la letra de ninguna alternativa."
SMALL = ("La clave está en minúscula: se leyó como mayúscula.", "Escríbala en mayúscula: Moodle no la reconoce.")
SEVERAL = ("La clave nombra más de una letra: se tomó la primera.", "En Aiken hay una sola correcta.")


class _Reader:
    """The question that is open, and those done."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.notices: list[Notice] = []
        self.stem = ""
        self.begun = 0                  # line of the open question; 0 none
        self.choices: list[str] = []

    def tell(self, line: int, message: str, remedy: str, grade: Grade = Grade.FAULT, question: str = "") -> None:
        self.notices.append(Notice(grade, f"línea {line}", message, remedy, question))

    def line(self, number: int, line: str) -> None:
        if CHOICE.match(line):
            if self.begun:
                self.choices.append(html.escape(line[2:].strip(), False))
            else:
                self.tell(number, *NOT_STARTED)
        elif found := KEY.match(line):
            if self.begun:
                self.key(number, line[found.end():].strip())
            else:
                self.tell(number, *NOT_STARTED)
            self.begun = 0
        else:
            self.end()
            self.stem, self.begun, self.choices = line, number, []

    def end(self) -> None:
        if self.begun:
            self.tell(self.begun, *UNFINISHED)

    def key(self, number: int, said: str) -> None:
        place = ord(said[0].upper()) - ord("A") if said[:1].isascii() and said[:1].isalpha() else -1
        if len(self.choices) < 2:
            self.tell(number, *FEW)
            return
        if not 0 <= place < len(self.choices):
            self.tell(number, NO_KEY.format(said[:20]), "Escriba ANSWER: A, o la letra que sea.")
            return
        identity = f"pregunta-{len(self.questions) + 1}"
        if said[0].islower():
            self.tell(number, *SMALL, Grade.CHANGED, identity)
        if len(said) > 1 and re.search(r"[A-Za-z]\b", said[1:]):
            self.tell(number, *SEVERAL, Grade.CHANGED, identity)
        options = tuple(Option(i, text, Fraction(n == place)) for n, (i, text) in enumerate(
            zip(lettered([plain(text) for text in self.choices]), self.choices, strict=True)))
        question = Question(identity, "single", html.escape(self.stem, False), options,
                            name=plain(self.stem)[:80].strip())
        for grade, message, remedy in judged(question):
            self.tell(self.begun, message, remedy, grade, identity)
        self.questions.append(question)


def parcel(file: str, content: bytes) -> Parcel:
    found = decoded(content)
    if isinstance(found, Notice):
        return Parcel(file, "aiken", notices=(found,))
    text, notices = found
    reader = _Reader()
    lines = PRIVATE.sub("", text.replace("\ufeff", "")).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            reader.line(number, line.strip())
        if len(reader.questions) > MOST:
            reader.tell(number, f"El archivo tiene más de {MOST} preguntas.", "Divídalo en varios.")
            break
    reader.end()
    if not reader.questions and not reader.notices:
        reader.notices.append(Notice(Grade.FAULT, "", *NOTHING))
    return Parcel(file, "aiken", tuple(reader.questions), (*notices, *reader.notices))


def _written(q: Question) -> str:
    stem = plain(q.text)
    if CHOICE.match(stem) or KEY.match(stem) or not stem:
        stem = f"— {stem}"
    letters = [chr(ord("A") + n) for n in range(len(q.options))]
    right = next((a for a, option in zip(letters, q.options, strict=True) if option.share == 1), "A")
    choices = "".join(f"{a}) {plain(option.text)}\n" for a, option in zip(letters, q.options, strict=True))
    return f"{stem}\n{choices}ANSWER: {right}\n"


def _write(questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    good, notices = unsayable(LABEL, questions, frozenset({"single"}))
    fitting = [q for q in good if 2 <= len(q.options) <= 26 and any(option.share == 1 for option in q.options)]
    notices += [Notice(Grade.UNSUPPORTED, "", f"«{q.title}» no tiene de 2 a 26 alternativas con una correcta: no está "
                       "en el archivo.", "Corríjala o use Moodle XML.", q.id) for q in good if q not in fitting]
    content = "\n".join(_written(q) for q in fitting).encode("utf-8", "replace")
    return Written(content, (*notices, *compared(LABEL, fitting, parcel("", content).questions)))


def _claims(file: str, content: bytes) -> bool:
    if not is_text(content) or b"ANSWER" not in content.replace(b"\0", b""):
        return False
    found = decoded(content)
    text = "" if isinstance(found, Notice) else found[0].replace("\r", "\n")
    return all(sign.search(text) for sign in BOTH)


FORMAT = Format("aiken", LABEL, ("txt",), _claims, parcel, _write)
