"""GIFT, the text format of questions: a reader that tells every fault with its line, and a writer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.catalogue.kinds import KINDS
from lms.catalogue.notation import BLANK, PRIVATE, Answers, Body, bare, hide, split_format, to_html
from lms.catalogue.rules import Fault, Question

BIGGEST = 2_000_000             # characters
GLUED = re.compile(r"\n(?=[ \t]*::)")            # another title in the same block: no blank line between
LONGEST_ID = 100

CLOSING = ("Hay una llave } sin su {.", "Escríbala \\} si es texto, o abra las respuestas con {.")
OPENING = ("La llave { no se cierra dentro de la pregunta.",
           "Cierre con } y no deje líneas en blanco dentro; si es texto, escriba \\{.")
SECOND = ("Hay otra llave después de las respuestas.", "Escriba \\{ y \\} si son texto, o separe las preguntas.")
NO_ANSWER = ("El texto no tiene respuesta: no es una pregunta.", "Agregue {…}, o ponga // delante si es un comentario.")
NO_TITLE = ("La pregunta no tiene título.", "Empiece con ::nombre-corto:: y no lo cambie después.")
HALF_TITLE = ("El título no se cierra.", "Escriba ::nombre-corto:: antes del enunciado.")
CATEGORY = ("Falta una línea en blanco después de $CATEGORY.", "Déjela, para que la pregunta no se pierda.")
NO_BLANK = ("Falta una línea en blanco entre dos preguntas.", "Déjela antes de este título.")
LONG_TITLE = ("El título es demasiado largo.", f"Deje menos de {LONGEST_ID} letras.")


@dataclass(frozen=True)
class _Block:
    """Lines of a file without a blank one between, escapes hidden and comments emptied."""
    text: str
    line: int                   # of its first line

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def part(self, start: int, end: int | None = None) -> "_Block":
        return _Block(self.text[start:end], self.line_at(start))


def read(text: str, file: str) -> tuple[tuple[Question, ...], list[Fault]]:
    """Every question that can be understood, and everything wrong. A question with a fault is given too if it could be
    read at all: who keeps questions refuses the file while there are faults."""
    reader = _Reader(file)
    if len(text) > BIGGEST:
        reader.fault(1, "El archivo es demasiado grande.", f"Divídalo: hasta {BIGGEST // 1_000_000} MB.")
        return (), reader.faults
    for block in _blocks(text):
        reader.block(block)
    reader.faults.sort(key=lambda fault: fault.line or 0)
    return tuple(reader.questions), reader.faults


def write(questions: Iterable[Question]) -> str:
    """Questions as GIFT, each followed by a blank line."""
    return "\n".join(KINDS[question.kind].write_gift(question) for question in questions)


def _blocks(text: str) -> Iterator[_Block]:
    text = PRIVATE.sub("", text.replace("\ufeff", "")).replace("\r\n", "\n").replace("\r", "\n")
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            lines.append("" if line.lstrip().startswith("//") else line)
            continue
        if any(lines):
            yield _Block(hide("\n".join(lines)), start)
        lines, start = [], number + 1


class _Reader:
    """What has been understood so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.questions: list[Question] = []
        self.faults: list[Fault] = []
        self.lines: dict[str, int] = {}         # where each title was seen
        self.seen = 0
        self.open = False                       # the block before ended inside its answers

    def fault(self, line: int, message: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, message, remedy))

    def block(self, block: _Block) -> None:
        block = block.part(len(block.text) - len(block.text.lstrip()))
        if block.text.startswith("$CATEGORY:"):
            end = block.text.find("\n")
            if end < 0 or not block.text[end:].strip():
                return
            block = block.part(end)
            block = block.part(len(block.text) - len(block.text.lstrip()))
            self.fault(block.line, *CATEGORY)
        start = 0
        for glued in GLUED.finditer(block.text):
            self.question(block.part(start, glued.end()))
            start = glued.end()
            self.fault(block.line_at(start), *NO_BLANK)
        self.question(block.part(start))

    def question(self, block: _Block) -> None:
        title, block = self._title(block.part(len(block.text) - len(block.text.lstrip())))
        text = block.text.rstrip()
        start = text.find("{")
        end = text.find("}", max(start, 0))
        was_open, self.open = self.open, False
        if was_open and not title and end >= 0 and (start < 0 or text.find("}") < start):
            return                              # the rest of a question cut by a blank line, told already
        if start < 0:
            self.open = was_open and end < 0
            if not self.open:
                self.fault(block.line_at(max(end, 0)), *(CLOSING if end >= 0 else NO_ANSWER))
            return
        if end < 0:
            self.open = True
            self.fault(block.line_at(start), *OPENING)
            return
        if re.search("[{}]", text[end + 1:]):
            self.fault(block.line_at(end), *SECOND)
        rest = text[end + 1:]
        form, stem = split_format(text[:start] + (BLANK + rest if rest.strip() else ""))
        self._understood(title, form, stem, block, block.part(start + 1, end))

    def _title(self, block: _Block) -> tuple[str, _Block]:
        if not block.text.startswith("::"):
            return "", block
        end = block.text.find("::", 2)
        if end < 0:
            self.fault(block.line, *HALF_TITLE)
            return "", block.part(2)
        rest = block.part(end + 2)
        return " ".join(bare(block.text[2:end]).split()), rest.part(len(rest.text) - len(rest.text.lstrip()))

    def _understood(self, title: str, form: str, stem: str, block: _Block, inside: _Block) -> None:
        self.seen += 1
        line = block.line
        answers, comment = inside, ""
        cut = inside.text.rfind("####")
        if cut >= 0:
            answers, comment = inside.part(0, cut), inside.text[cut + 4:]
        answers = answers.part(len(answers.text) - len(answers.text.lstrip()))
        body = Body(answers.text.rstrip(), answers.line, form)
        found = next(kind for kind in KINDS.values() if kind.claims(body.text)).read_gift(body)
        text, flaws = to_html(stem, form, block=True)
        feedback, more = to_html(comment, form, block=True)
        for trouble in found.troubles:
            self.fault(*trouble)
        for flaw in flaws + more:
            self.fault(line, *flaw)
        if found.kind:
            self._keep(title, text, feedback, found, line)

    def _keep(self, title: str, text: str, feedback: str, found: Answers, line: int) -> None:
        if not title:
            self.fault(line, *NO_TITLE)
        elif title in self.lines:
            self.fault(line, f"El título «{title}» ya se usó en la línea {self.lines[title]}.", "Dé otro a esta.")
        elif len(title) > LONGEST_ID:
            self.fault(line, *LONG_TITLE)
        self.lines.setdefault(title, line)
        question = Question(title or f"pregunta-{self.seen}", found.kind, text, found.options, feedback=feedback,
                            numbers=found.numbers)
        for flaw in KINDS[found.kind].faults(question):
            self.fault(line, *flaw)
        self.questions.append(question)
