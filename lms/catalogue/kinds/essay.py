"""Essay: free text, files or both, marked by a person. The answer is the text: "En mi municipio …"; with files it is
{"text":"…","files":["<sha256>/<bytes>/<name>"]}. Whether such files were handed in is for who keeps them to say."""

import re
from dataclasses import dataclass
from fractions import Fraction

from lms.catalogue import rules
from lms.catalogue.kinds.kind import LONG, Flaw, Kind, Values, clean, dump, every, first, load, plain
from lms.catalogue.notation import Answers, Body
from lms.catalogue.rules import Question

TEXTS = ("required", "optional", "none")
FORMS = ("editor", "editorfilepicker", "plain", "monospaced")
WORD = re.compile(r"[^\W_][^\s—–/]*")
KEPT = re.compile(r"[0-9a-f]{64}/[0-9]{1,12}/[^/\x00-\x1f]{1,150}")
MOST_FILES = 20


@dataclass(frozen=True)
class Essay(rules.Body):
    """What is asked for in a long answer. None in its place: these defaults."""
    text: str = "required"          # required | optional | none (only files)
    form: str = "plain"             # the editor Moodle would show: editor | editorfilepicker | plain | monospaced
    lines: int = 10                 # height of the box
    template: str = ""              # plain text the box begins with
    least_words: int | None = None
    most_words: int | None = None
    attachments: int = 0            # files allowed; -1 any number
    required: int = 0               # files that must be attached
    kinds: tuple[str, ...] = ()     # endings allowed: ".pdf"; () any the site takes
    most_bytes: int = 0             # of a file; 0 the site's limit
    grader_note: str = ""           # safe HTML for who marks it

    @property
    def most_files(self) -> int:
        return MOST_FILES if self.attachments < 0 else min(self.attachments, MOST_FILES)

    def progress(self, text: str) -> str:
        """What is said of the length of a text, in Spanish; "" where no limit is set."""
        limits = [f"{name} {limit}"
                  for name, limit in (("mínimo", self.least_words), ("máximo", self.most_words)) if limit]
        count = words(text)
        return f"{count} {'palabra' if count == 1 else 'palabras'} ({', '.join(limits)})" if limits else ""


@dataclass(frozen=True)
class Attached:
    """A file that belongs to an answer."""
    sha256: str
    size: int
    name: str

    @property
    def value(self) -> str:
        """What the form sends to keep it."""
        return f"{self.sha256}/{self.size}/{self.name}"


class EssayKind(Kind):
    """Field `q`, and `q.files` once for each file kept. Waits for a person, unless nothing was handed in (or only the
    template): that scores 0 by itself."""
    name = "essay"
    label = "Desarrollo"
    waits = True

    def faults(self, q: Question) -> list[Flaw]:
        body, flaws = essay_of(q), super().faults(q)
        if body.text not in TEXTS or body.form not in FORMS:
            flaws.append(("No se sabe qué texto se pide.", "Elija si el texto es obligatorio, optativo o no se pide."))
        if body.least_words and body.most_words and body.least_words > body.most_words:
            flaws.append(("El mínimo de palabras es mayor que el máximo.", "Cambie uno de los dos."))
        if min(body.least_words or 0, body.most_words or 0) < 0 or body.most_words == 0:
            flaws.append(("Un límite de palabras no es posible.", "Escriba un número mayor que cero, o quítelo."))
        if body.required > body.most_files or body.required < 0:
            flaws.append(("Se exigen más archivos de los que se permiten.", "Permita más, o exija menos."))
        if body.text == "none" and body.most_files == 0:
            flaws.append(("No se pide ni texto ni archivos.", "Permita archivos, o pida un texto."))
        return flaws

    def read(self, q: Question, values: Values) -> str:
        body = essay_of(q)
        text = "" if body.text == "none" else first(values, "q", LONG)
        kept = [clean(value, 300) for value in every(values, "q.files", 300)] if body.most_files else []
        files = list(dict.fromkeys(value for value in kept if KEPT.fullmatch(value)))[:body.most_files]
        text = "" if text == clean(body.template, LONG) else text
        return dump({"text": text, "files": files} if files else text)

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        body, text = essay_of(q), written(answer) or clean(essay_of(q).template, LONG)
        fields: dict[str, tuple[str, ...]] = {"q": (text,) if text and body.text != "none" else ()}
        return fields | ({"q.files": tuple(file.value for file in files(answer))} if body.most_files else {})

    def score(self, q: Question, answer: str) -> Fraction | None:
        return None if written(answer) or files(answer) else Fraction(0)

    def complaint(self, q: Question, answer: str) -> str:
        body, text, count = essay_of(q), written(answer), words(written(answer))
        if not text and body.text == "required":
            return "Escriba su respuesta."
        if len(files(answer)) < body.required:
            return f"Adjunte {'un archivo' if body.required == 1 else f'{body.required} archivos'} como mínimo."
        if text and body.least_words and count < body.least_words:
            return f"Lleva {count} palabras; el mínimo es {body.least_words}."
        if text and body.most_words and count > body.most_words:
            return f"Lleva {count} palabras; el máximo es {body.most_words}."
        return "" if text or files(answer) else "Falta responder."

    def shown(self, q: Question, answer: str) -> str:
        names = ", ".join(file.name for file in files(answer))
        return "\n\n".join(part for part in (written(answer), f"[Archivos: {names}]" if names else "") if part)

    def right(self, q: Question) -> str:
        """What a good answer has: the question's feedback."""
        return plain(q.feedback)

    def responses(self, q: Question, answer: str) -> tuple[()]:
        """Long texts are not tallied."""
        return ()

    def claims(self, answers: str) -> bool:
        return not answers.strip()

    def read_gift(self, body: Body) -> Answers:
        return Answers(self.name)

    def gift_answers(self, q: Question) -> list[str]:
        return []


def essay_of(q: Question) -> Essay:
    return q.body if isinstance(q.body, Essay) else Essay()


def written(answer: str) -> str:
    """The text of an answer."""
    found = load(answer)
    text = found.get("text") if isinstance(found, dict) else found
    return clean(text, LONG)


def files(answer: str) -> tuple[Attached, ...]:
    """The files an answer says it has."""
    found = load(answer)
    kept = found.get("files") if isinstance(found, dict) else None
    split = [value.split("/") for value in kept if isinstance(value, str) and KEPT.fullmatch(value)] \
        if isinstance(kept, list) else []
    return tuple(Attached(sha256, int(size), name) for sha256, size, name in split)[:MOST_FILES]


def words(text: str) -> int:
    """How many words a text has, as its author would count them: "e-mail" and "18.695" are one each."""
    return len(WORD.findall(text))
