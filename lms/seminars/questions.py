"""The questions of a registration: which are asked, what was answered, and what is wrong with it. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.seminars.standing import words_of

KINDS = {"text": "Texto corto", "long": "Texto largo", "choice": "Una opción", "several": "Varias opciones",
         "yes": "Sí o no", "consent": "Consentimiento"}
LANGUAGES = ("es", "pt", "en")
LONGEST = {"text": 200, "long": 2000}   # characters
CHOOSING = ("choice", "several")
YES = (("yes", {"es": "Sí", "pt": "Sim", "en": "Yes"}), ("no", {"es": "No", "pt": "Não", "en": "No"}))
PREFIX = "q-"                           # of the fields on the page


@dataclass(frozen=True)
class Question:
    """One question of the office's, with its words in each language."""
    code: str
    kind: str
    labels: Mapping[str, str]
    options: tuple[tuple[str, Mapping[str, str]], ...] = ()
    required: bool = False
    restricted: bool = False            # accessibility, food
    when: tuple[str, tuple[str, ...]] | None = None     # (question, its answers): asked only then
    position: int = 0
    id: int = 0

    @property
    def choices(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        return YES if self.kind == "yes" else self.options

    def label(self, language: str) -> str:
        return words_of(language, self.labels)

    def written(self, value: str, language: str = "es") -> str:
        """An answer as people read it. A consent's is the text that was agreed to."""
        if self.kind in ("text", "long", "consent"):
            return value
        named = dict(self.choices)
        return ", ".join(words_of(language, named[code]) if code in named else code for code in value.split("\n"))


def asked(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """Those that are asked, given the answers so far: a condition on a question that is not asked is not met."""
    found: list[Question] = []
    known: set[str] = set()
    for question in questions:
        if question.when is None or (question.when[0] in known and _meets(question.when, answers)):
            found.append(question)
            known.add(question.code)
    return found


def _meets(when: tuple[str, tuple[str, ...]], answers: Mapping[str, str]) -> bool:
    return bool(set(answers.get(when[0], "").split("\n")) & set(when[1]))


def condition(question: Question, questions: Iterable[Question], language: str) -> tuple[str, str]:
    """(the question it hangs on, the answers that call for it), in words; ("", "") when it is always asked."""
    if question.when is None:
        return "", ""
    above = next((q for q in questions if q.code == question.when[0]), None)
    return (above.label(language), above.written("\n".join(question.when[1]), language)) if above else ("", "")


Sent = Callable[[str], Sequence[str]]       # field name -> what was sent under it


def read(questions: Sequence[Question], sent: Sent, language: str) -> tuple[dict[str, str], dict[str, str]]:
    """(code -> answer, code -> what is wrong with it). What is not asked is not read, whatever was sent."""
    answers: dict[str, str] = {}
    faults: dict[str, str] = {}
    for question in questions:
        if question not in asked(questions, answers):
            continue
        value, fault = _one(question, [v.strip() for v in sent(PREFIX + question.code)], language)
        if value:
            answers[question.code] = value
        if fault:
            faults[question.code] = fault
    return answers, faults


def _one(question: Question, values: list[str], language: str) -> tuple[str, str]:
    values = [v for v in values if v]
    if question.kind == "consent":
        if not values:
            return "", "Falta marcar este consentimiento." if question.required else ""
        return question.label(language), ""
    if not values:
        return "", "Falta responder." if question.required else ""
    if question.kind in LONGEST:
        most = LONGEST[question.kind]
        return values[0], "" if len(values[0]) <= most else f"La respuesta pasa de {most} caracteres."
    known = [code for code, _ in question.choices]
    if any(v not in known for v in values) or (question.kind != "several" and len(values) > 1):
        return "", "Elegir una de las opciones."
    return "\n".join(code for code in known if code in values), ""


USUAL = (
    Question("accesibilidad", "long", {
        "es": "¿Necesita algo para participar con comodidad? (acceso sin escalones, lengua de señas, letra grande…)",
        "pt": "Precisa de algo para participar com conforto? (acesso sem degraus, língua de sinais, letra grande…)",
        "en": "Do you need anything in order to take part? (step-free access, sign language, large print…)"},
        restricted=True),
    Question("comida", "several", {"es": "Alimentación", "pt": "Alimentação", "en": "Food"}, (
        ("vegetariana", {"es": "Vegetariana", "pt": "Vegetariana", "en": "Vegetarian"}),
        ("vegana", {"es": "Vegana", "pt": "Vegana", "en": "Vegan"}),
        ("gluten", {"es": "Sin gluten", "pt": "Sem glúten", "en": "Gluten-free"}),
        ("otra", {"es": "Otra o alergias", "pt": "Outra ou alergias", "en": "Other, or allergies"})), restricted=True),
    Question("alergias", "text", {"es": "¿Cuál?", "pt": "Qual?", "en": "Which one?"}, required=True, restricted=True,
             when=("comida", ("otra",))),
    Question("fotos", "consent", {
        "es": "Acepto aparecer en las fotografías del seminario que publiquen sus organizadores.",
        "pt": "Aceito aparecer nas fotografias do seminário publicadas pelos organizadores.",
        "en": "I agree to appear in photographs of the seminar published by its organisers."}))
