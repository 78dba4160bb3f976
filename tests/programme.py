"""A small programme for tests: two modules, all eight question kinds, one task; it reads like a real one."""

from decimal import Decimal
from fractions import Fraction as F

from lms.catalogue.rules import (
    Component,
    Criterion,
    Heading,
    Lesson,
    Level,
    Module,
    Option,
    Programme,
    Question,
    Quiz,
    Requirement,
    Step,
    Task,
)


def lesson(slug: str, title: str) -> Lesson:
    text = f'<h2 id="u-idea">Una idea</h2><p>Texto de {title} para leer.</p>' + "<p>Un párrafo más.</p>" * 10
    return Lesson(slug, title, text, 3, 40, (Heading("u-idea", "Una idea"),))


QUESTIONS = (
    Question("anio", "single", "¿En qué año se adoptó la Declaración de París?", (
        Option("a", "2005", F(1), "Correcto: París, 2005."), Option("b", "2003", F(0), "Ese año fue Roma."),
        Option("c", "2011", F(0), "Ese año fue Busan.")), feedback="Roma, París, Accra, Busan."),
    Question("principios", "multiple", "Marque los principios de París.", (
        Option("a", "Apropiación", F(1, 2)), Option("b", "Alineación", F(1, 2)),
        Option("c", "Condicionalidad", F(-1, 2), "No es un principio."))),
    Question("paba", "truefalse", "El PABA se adoptó en 1978.", (
        Option("true", "Verdadero", F(1), "Así es."), Option("false", "Falso", F(0), "Fue en 1978."))),
    Question("sedes", "matching", "Relacione cada red con su sede.", (
        Option("a", "CGLU", F(1), match="Barcelona"), Option("b", "UIM", F(1), match="Granada"),
        Option("c", "Mercociudades", F(1), match="Montevideo"))),
    Question("meta", "numerical", "¿Qué porcentaje del INB es la meta de AOD?",
             numbers=((Decimal("0.7"), Decimal("0.05"), F(1)),)),
    Question("registro", "short", "¿Qué organismo lleva el registro de asociaciones municipales de Chile?", (
        Option("a", "SUBDERE", F(1)),)),
    Question("orden", "ordering", "Ordene del primero al último.", (
        Option("a", "Roma", F(1)), Option("b", "París", F(1)), Option("c", "Accra", F(1)),
        Option("d", "Busan", F(1)))),
)
ESSAY = Question("ensayo", "essay", "Explique qué es la cooperación descentralizada.", points=F(3))


def rubric() -> tuple[Criterion, ...]:
    return tuple(Criterion(name, f"Se mira {name.lower()}.", tuple(
        Level(points, words, f"{words} en {name.lower()}.") for points, words in
        enumerate(("Insuficiente", "Básico", "Bueno", "Destacado")))) for name in
        ("Pertinencia", "Evidencia", "Análisis", "Presentación"))


def module(code: str, title: str, questions: tuple[Question, ...], competency: str = "general",
           practice: int = 0) -> Module:
    return Module(
        code, f"{code.lower()}-modulo", title, competency, 9, 18 - practice, practice, f"De qué trata {title}.",
        ("Explica el tema.", "Aplica el tema."),
        (lesson("01-inicio", f"Inicio de {code}"), lesson("02-desarrollo", f"Desarrollo de {code}")),
        Quiz(f"Control de {code}", 40, questions, attempts=2, minutes=40, per_page=4),
        Task(f"Tarea de {code}", 60, "<p>Entregue una ficha de una página.</p>", rubric(), True,
             ("text", "pdf", "docx"), 3, 10))


PROGRAMME = Programme(
    slug="prueba", title="Diplomado en Cooperación Internacional y Asociativismo Intermunicipal",
    presentation="<p>Un diplomado de prueba.</p>", credit_hours=27,
    modules=(module("G1", "Cooperación internacional", QUESTIONS),
             module("G2", "Asociativismo", (*QUESTIONS[:3], ESSAY), "specific")),
    requirements=(Requirement("modules", ("G1", "G2")), Requirement("attendance", hours=12),
                  Requirement("internship", hours=20), Requirement("certificate_name")),
    components=(Component("Módulos", 100, ("G1", "G2")),),
    steps=(Step("G1", "+0 08:00", "+25 23:00", "+28 23:00"),
           Step("G2", "+21 08:00", "+46 23:00", "+49 23:00", "G1.quiz>=60")),
    edition="e" * 64)
