"""By what an internship is evaluated: both supervisors' rubrics, the participant's survey, what the report must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

LEVELS = {0: "Insuficiente", 1: "En desarrollo", 2: "Logrado", 3: "Destacado"}
MOST = 3
ANSWERS = {1: "Muy en desacuerdo", 2: "En desacuerdo", 3: "De acuerdo", 4: "Muy de acuerdo"}


@dataclass(frozen=True)
class Criterion:
    key: str
    name: str
    description: str


RUBRICS = {
    "host": (
        Criterion("cumplimiento", "Cumplimiento del plan", "Hizo lo acordado, o acordó a tiempo lo que cambió."),
        Criterion("calidad", "Calidad del trabajo", "Lo que hizo o entregó es correcto, claro y útil."),
        Criterion("responsabilidad", "Responsabilidad", "Horarios, reserva y cuidado de lo que se le confió."),
        Criterion("equipo", "Trato y trabajo con el equipo", "Escuchó, preguntó y colaboró con respeto."),
        Criterion("aprendizaje", "Aprendizaje y autonomía", "Aprendió, y necesitó cada vez menos guía.")),
    "academic": (
        Criterion("plan", "Cumplimiento del plan y de las horas", "Estadía según el plan o con cambios razonados, y "
                  "horas respaldadas."),
        Criterion("evidencia", "Hallazgos y evidencia", "Tres o cuatro, cada uno con su evidencia y su límite."),
        Criterion("analisis", "Análisis", "Explica por qué ocurre así allá y qué sería distinto en casa."),
        Criterion("practica", "Práctica transferible", "Otro municipio puede usarla sin haber estado allí."),
        Criterion("escritura", "Escritura y fuentes", "Claro, completo, con sus fuentes y sin datos de vecinos.")),
}
SURVEY = (
    Criterion("acogida", "La institución me recibió con lo necesario para trabajar", ""),
    Criterion("guia", "Quien supervisó allí tuvo tiempo y guió bien", ""),
    Criterion("plan", "Pude hacer lo que decía el plan", ""),
    Criterion("aprendi", "Aprendí algo que sirve en mi municipio", ""),
    Criterion("recomiendo", "Recomendaría esta institución a otra persona", ""))
# The headings that the course asks of the report (PA, lesson 4), and the sheet of the practice.
HEADINGS = {
    "proposito": "Propósito y plan", "institucion": "La institución receptora", "hecho": "Qué se hizo",
    "hallazgos": "Hallazgos", "analisis": "Análisis", "limites": "Límites", "propuesta": "Propuesta",
    "autoevaluacion": "Autoevaluación"}
HINTS = {
    "proposito": "Qué se buscaba y qué cambió respecto de lo planificado, con la razón.",
    "institucion": "Tamaño, funciones y presupuesto del servicio observado, con fuente.",
    "hecho": "Síntesis de la bitácora: horas por actividad, no un diario.",
    "hallazgos": "Tres o cuatro, cada uno con su evidencia.",
    "analisis": "Por qué ocurre así allá y qué sería distinto en casa.",
    "limites": "Qué no se pudo ver y qué queda en duda.",
    "propuesta": "Un primer paso para el propio municipio, con costo, responsable y plazo.",
    "autoevaluacion": "Qué se aprendió a hacer y qué falta."}
SHEET = {
    "p_nombre": "Nombre y lugar", "p_problema": "Problema", "p_hace": "Qué se hace", "p_resultado": "Resultado",
    "p_mecanismo": "Mecanismo", "p_condiciones": "Condiciones", "p_costo": "Costo", "p_nucleo": "Núcleo y adaptable",
    "p_dificultades": "Dificultades", "p_contacto": "Contacto"}
SHEET_HINTS = {
    "p_nombre": "Título descriptivo, institución y período.", "p_problema": "Qué se quería resolver, con cifra.",
    "p_hace": "Pasos, en orden.", "p_resultado": "Antes y después, o con y sin.", "p_mecanismo": "Por qué funciona.",
    "p_condiciones": "Qué debe existir.", "p_costo": "Inicio y operación, con unidad.",
    "p_nucleo": "Lo fijo y lo que cambia.", "p_dificultades": "Qué falló y cómo se enfrentó.",
    "p_contacto": "Cargo, no solo nombre."}


def missing(party: str, levels: Mapping[str, int]) -> tuple[str, ...]:
    """Criteria without a level, by name."""
    return tuple(c.name for c in RUBRICS.get(party, SURVEY) if c.key not in levels)


def share(party: str, levels: Mapping[str, int]) -> Fraction | None:
    """What an evaluation comes to, 0 to 1; None for the participant's, which is no mark."""
    if party not in RUBRICS:
        return None
    return Fraction(sum(levels[c.key] for c in RUBRICS[party]), MOST * len(RUBRICS[party]))


def report_gaps(content: Mapping[str, str]) -> tuple[str, ...]:
    """Headings of the report, and lines of the sheet, with nothing below them."""
    return tuple(name for key, name in (HEADINGS | SHEET).items() if not content.get(key, "").strip())
