"""Reads one module's folder: module.toml, its lessons, its quiz and its task."""

from dataclasses import replace
from fractions import Fraction

from lms.catalogue import grading_reading
from lms.catalogue.quiz_files import read_quiz_file
from lms.catalogue.quiz_reading import with_settings
from lms.catalogue.rendering import render
from lms.catalogue.rules import Criterion, Lesson, Level, Module, Quiz, Task
from lms.catalogue.shelf import Shelf
from lms.catalogue.tables import Table, parse

CODE = "[A-Z][A-Z0-9]{0,9}"
COMPETENCIES = "general|specific|project|internship"
ACCEPTS = ("text", "pdf", "docx", "odt", "xlsx", "ods", "pptx", "png", "jpg", "jpeg")     # as foundation.files knows
MOST_MB = 30                    # of one hand-in: the server takes 34 MB a request


def read_module(folder: str, shelf: Shelf) -> Module | None:
    """The module, even with faults (they are on the shelf); None when its TOML can not be read."""
    file = f"{folder}/module.toml"
    table = parse(shelf.text(file) or "", file, shelf.faults)
    if table is None:
        return None
    module = Module(
        table.text("code", example='"G1"', pattern=CODE), folder, table.text("title"),
        table.text("competency", example='"general"', pattern=COMPETENCIES),
        table.whole("hours_direct", 0, most=1000), table.whole("hours_autonomous", 0, most=1000),
        table.whole("hours_practice", 0, most=1000), table.text("summary"), table.texts("outcomes"),
        _lessons(table, folder, shelf))
    if not module.hours:
        table.fault("", "El módulo no tiene horas.", "Agregue hours_direct, hours_autonomous u hours_practice.")
    quiz = _quiz(table.table("quiz"), folder, shelf)
    task = _task(table.table("task"), folder, shelf)
    parts = {name: item.weight for name, item in (("quiz", quiz), ("task", task)) if item}
    grading = grading_reading.of_module(table.table("grading"), parts, _extra(table), (
        quiz.points if quiz else Fraction(100), Fraction(task.points if task else 100)))
    table.close()
    total = grading_reading.weights(grading, parts)
    if (parts or grading.items) and grading.how == "weighted_mean" and total != 100:
        (table.table("task") or table.table("quiz") or table).fault(
            "weight", f"Los pesos del módulo suman {total} y no 100.", "Ajuste «weight» en [quiz] y [task]"
            + (" y en [grading]." if not grading.plain else "."))
    return replace(module, quiz=quiz, task=task, grading=grading)


def _extra(table: Table) -> tuple[str, ...]:
    """Of quiz and task, what is extra credit."""
    tables = ((name, table.table(name)) for name in ("quiz", "task"))
    return tuple(name for name, inner in tables if inner and inner.values.get("extra_credit") is True)


def _lessons(table: Table, folder: str, shelf: Shelf) -> tuple[Lesson, ...]:
    found = []
    for name in table.texts("lessons", example='["01-tema.md", "02-tema.md"]'):
        text = shelf.named(table, "lessons", name, ".md", folder)
        if text is None:
            continue
        made = render(text, f"{folder}/{name}", shelf.files)
        shelf.took(made)
        found.append(Lesson(name.removesuffix(".md"), made.title, made.html, made.minutes, made.words, made.headings))
    return tuple(found)


def _quiz(table: Table | None, folder: str, shelf: Shelf) -> Quiz | None:
    if table is None:
        return None
    name = table.text("file", example='"quiz.gift"')
    questions = read_quiz_file(table, name, folder, shelf)
    quiz = Quiz(table.text("title"), table.whole("weight", least=1, most=100), questions,
                table.whole("attempts", 1, least=1, most=20),
                table.whole("minutes", 0, least=1, most=600) if "minutes" in table.values else None,
                table.whole("per_page", 4, least=1, most=100))
    table.asked.append("minutes")
    table.flag("extra_credit", False)           # read by _extra
    quiz = with_settings(quiz, table)
    table.close()
    return quiz


def _task(table: Table | None, folder: str, shelf: Shelf) -> Task | None:
    """The [task] table and the file it names."""
    if table is None:
        return None
    name = table.text("file", example='"task.toml"')
    weight, must_pass = table.whole("weight", least=1, most=100), table.flag("must_pass", True)
    anonymous = table.flag("anonymous", False)
    table.flag("extra_credit", False)           # read by _extra
    table.close()
    text = shelf.named(table, "file", name, ".toml", folder)
    inner = parse(text, f"{folder}/{name}", shelf.faults) if text is not None else None
    if inner is None:
        return Task("", weight, "", (), must_pass, anonymous=anonymous)
    title, accepts = inner.text("title"), inner.texts("accepts", ("text", "pdf"))
    for kind in accepts:
        if kind not in ACCEPTS:
            inner.fault("accepts", f"No se reciben archivos «{kind}».", f"Use: {', '.join(ACCEPTS)}.")
    files, size = inner.whole("max_files", 3, least=1, most=10), inner.whole("max_mb", 10, least=1, most=MOST_MB)
    if files * size > MOST_MB:
        inner.fault("max_files", f"{files} archivos de {size} MB son más que una entrega.",
                    f"Que max_files × max_mb no pase de {MOST_MB}.")
    source = inner.text("instructions", example='"""…"""')
    made = render(source, f"{folder}/{name}", shelf.files, titled=False, first_line=inner.line_of_text("instructions"))
    shelf.took(made)
    criteria = tuple(_criterion(t) for t in inner.tables("criterion"))
    if not criteria:
        inner.fault("", "La tarea no tiene rúbrica.", "Agregue al menos un [[criterion]].")
    inner.close()
    return Task(title, weight, made.html, criteria, must_pass, accepts, files, size, anonymous)


def _criterion(table: Table) -> Criterion:
    """With levels, a rubric's; with `points` and none, a marking guide's."""
    name, description, note = table.text("name"), table.text("description"), table.text("marker_note", "")
    most = table.whole("points", 0, least=1, most=1000) if "points" in table.values else 0
    levels: list[Level] = []
    for step in table.tables("level"):
        least = step.whole("least", 0, most=1000) if "least" in step.values else None
        level = Level(step.whole("points", most=1000), step.text("name"), step.text("description"), least)
        step.asked.append("least")
        step.close()
        if levels and (level.points if least is None else least) <= levels[-1].points:
            step.fault("points", f"Los puntos no suben: {level.points} viene después de {levels[-1].points}.",
                       "Ordene los niveles de menos a más.")
        if least is not None and least > level.points:
            step.fault("least", f"El nivel va de {least} a {level.points}.", "Que «least» no pase de «points».")
        levels.append(level)
    table.asked.append("points")
    table.close()
    if len(levels) < 2 and not most:
        table.fault("", f"El criterio «{name}» tiene menos de dos niveles.",
                    "Agregue [[criterion.level]], o «points» para dar puntos libres.")
    if levels and most:
        table.fault("points", f"El criterio «{name}» tiene niveles y puntos libres.", "Deje una de las dos cosas.")
    return Criterion(name, description, tuple(levels), note, 0 if levels else most)
