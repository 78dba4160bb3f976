"""Understands the blocks of a GIFT file, one question each; every fault has its line, and the next block is read."""

import re
from dataclasses import replace

from lms.catalogue.formats.gift_lines import LONGEST_ID, Block, Unused, category_of
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.soundness import judged
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import plain
from lms.catalogue.notation import (
    BLANK,
    DEFAULT,
    LOST,
    NOTHING,
    WHOLE,
    Answers,
    Body,
    bare,
    split_format,
    to_html,
)
from lms.catalogue.rules import Question

GLUED = re.compile(r"\n(?=[ \t]*::)")            # another title in the same block: no blank line between
BRACE = re.compile("[{}]")
CATEGORY = re.compile(r"\$CATEGORY:[ \t]*([^\n]*)")

CLOSING = ("Hay una llave } sin su {.", "Escríbala \\} si es texto, o abra las respuestas con {.")
OPENING = ("La llave { no se cierra dentro de la pregunta.",
           "Cierre con } y no deje líneas en blanco dentro; si es texto, escriba \\{.")
SECOND = ("Hay otra llave después de las respuestas.", "Escriba \\{ y \\} si son texto, o separe las preguntas.")
NO_ANSWER = ("El texto no tiene respuesta: no es una pregunta.", "Agregue {…}, o ponga // delante si es un comentario.")
NO_TITLE = ("La pregunta no tiene título.", "Empiece con ::nombre-corto:: y no lo cambie después.")
HALF_TITLE = ("El título no se cierra.", "Escriba ::nombre-corto:: antes del enunciado.")
NO_LINE = ("Falta una línea en blanco después de $CATEGORY.", "Déjela, para que la pregunta no se pierda.")
NO_BLANK = ("Falta una línea en blanco entre dos preguntas.", "Déjela antes de este título.")
FEW = ("La pregunta tiene menos respuestas de las necesarias.", "Escriba al menos dos, o una si es breve o numérica.")
LEAST = {"single": 2, "multiple": 2, "matching": 2, "ordering": 2, "short": 1, "numerical": 1}     # as Moodle asks
MOST_ANSWERS = 1000
MANY = ("La pregunta tiene demasiadas respuestas.", f"Deje menos de {MOST_ANSWERS}.")
LONGEST_NAME = 200
LONG_TITLE = ("El título es demasiado largo.", f"Deje menos de {LONGEST_ID} letras.")


class Reader:
    """What has been understood so far."""

    def __init__(self, bank: bool) -> None:
        self.bank = bank
        self.questions: list[Question] = []
        self.told: list[tuple[int, Notice]] = []
        self.lines: dict[str, int] = {}         # where each id was seen
        self.unused = Unused()
        self.began = 0                          # how much was told before the question that is read
        self.seen = 0
        self.open = False                       # the block before ended inside its answers
        self.category = ""

    def tell(self, line: int, message: str, remedy: str, grade: Grade = Grade.FAULT) -> None:
        if (message, remedy) == LOST:
            grade = Grade.UNSUPPORTED
        self.told.append((line, Notice(grade, "", message, remedy)))

    def block(self, block: Block) -> None:
        block = block.trimmed()
        if found := CATEGORY.match(block.text):
            self.category = category_of(bare(found[1]))
            block = block.part(found.end()).trimmed()
            if not block.text:
                return
            self.tell(block.line, *NO_LINE)
        start = 0
        for glued in GLUED.finditer(block.text):
            self.question(block.part(start, glued.end()))
            start = glued.end()
            self.tell(block.line_at(start), *NO_BLANK)
        self.question(block.part(start))

    def question(self, block: Block) -> None:
        self.began = len(self.told)
        title, block = self._title(block.trimmed())
        text = block.text.rstrip()
        start = text.find("{")
        end = text.find("}", max(start, 0))
        was_open, self.open = self.open, False
        if was_open and not title and end >= 0 and (start < 0 or text.find("}") < start):
            return                              # the rest of a question cut by a blank line, told already
        if start < 0:
            self.open = was_open and end < 0
            if end >= 0:
                self.tell(block.line_at(end), *CLOSING)
            elif not self.open:
                self._words_only(title, text, block)
            return
        if end < 0:
            self.open = True
            self.tell(block.line_at(start), *OPENING)
            return
        if BRACE.search(text, end + 1):
            self.tell(block.line_at(end), *SECOND)
        rest = text[end + 1:]
        form, stem = split_format(text[:start] + (BLANK + rest if rest.strip() else ""), self._usual)
        self._understood(title, form, stem, block, block.part(start + 1, end))

    @property
    def _usual(self) -> str:
        return "moodle" if self.bank else DEFAULT

    def _title(self, block: Block) -> tuple[str, Block]:
        if not block.text.startswith("::"):
            return "", block
        end = block.text.find("::", 2)
        if end < 0:
            self.tell(block.line, *HALF_TITLE)
            return "", block.part(2)
        return " ".join(bare(block.text[2:end]).split()), block.part(end + 2).trimmed()

    def _words_only(self, title: str, text: str, block: Block) -> None:
        """A text without answers: a description, if its author says so by a title or the file is a bank's."""
        form, stem = split_format(text, self._usual)
        if not stem.strip() or not (title or self.bank):
            self.tell(block.line, *NO_ANSWER)
            return
        self.seen += 1
        self._keep(title, form, stem, "", Answers("description"), block)

    def _understood(self, title: str, form: str, stem: str, block: Block, inside: Block) -> None:
        self.seen += 1
        answers, comment = inside, ""
        cut = inside.text.rfind("####")
        if cut >= 0:
            answers, comment = inside.part(0, cut), inside.text[cut + 4:]
        answers = answers.trimmed()
        if answers.text.count("=") + answers.text.count("~") > MOST_ANSWERS:
            self.tell(answers.line, *MANY)
            return
        body = Body(answers.text.rstrip(), answers.line, form)
        found = next(kind for kind in KINDS.values() if kind.claims(body.text)).read_gift(body)
        for line, message, remedy in found.troubles:
            self.tell(line, message, remedy)
        if self.bank and found.kind and len(found.options) < LEAST.get(found.kind, 0):
            self.tell(answers.line, *FEW)
        elif found.kind:
            self._keep(title, form, stem, comment, found, block)
        elif not found.troubles:
            self.tell(answers.line, "No se entienden las respuestas.", "Revise lo que está entre { y }.")

    def _keep(self, title: str, form: str, stem: str, comment: str, found: Answers, block: Block) -> None:
        text, flaws = to_html(stem, form, block=True)
        feedback, more = to_html(comment, form, block=True)
        for flaw in flaws + more:
            self.tell(block.line, *flaw)
        identity, name = self._identity(title, text, block)
        worth = NOTHING if found.kind == "description" else WHOLE
        question = Question(
            identity, found.kind, text, found.options, worth, feedback, found.numbers, found.body, name,
            category=self.category if self.bank else "", tags=block.tags)
        if self.bank and found.kind == "truefalse":
            question = replace(question, penalty=WHOLE)
        for grade, message, remedy in judged(question, strict=not self.bank):
            self.tell(block.line, message, remedy, grade)
        self.questions.append(question)
        if self.bank:
            self.told[self.began:] = [(line, replace(n, question=identity)) for line, n in self.told[self.began:]]

    def _identity(self, title: str, text: str, block: Block) -> tuple[str, str]:
        """The id and the name. In a course's file the title is both, and must be there once."""
        identity = block.identity or title
        if not self.bank:
            if not identity:
                self.tell(block.line, *NO_TITLE)
            elif identity in self.lines:
                self.tell(block.line, f"El título «{identity}» ya se usó en la línea {self.lines[identity]}.",
                          "Dé otro a esta.")
            elif len(identity) > LONGEST_ID:
                self.tell(block.line, *LONG_TITLE)
        name = title[:LONGEST_NAME].strip() if self.bank else title
        name = name or (plain(text)[:80].strip() if self.bank else "")
        identity = identity or f"pregunta-{self.seen}"
        if self.bank:
            identity = self.unused.like(identity)
        self.lines.setdefault(identity, block.line)
        return identity, "" if name == identity else name


