"""What the invented people of the demonstration hand in, and what their instructors write back. Pure."""

from random import Random

from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Module, Question

OPENINGS = ("El municipio que tomo como caso tiene una planta pequeña y un presupuesto sin margen para especialistas.",
            "Elegí un problema que ya pasó por nuestro concejo y que ningún municipio de la zona puede resolver solo.",
            "Parto de la realidad de mi territorio: distancias largas, rotación de equipos y demandas nuevas cada año.")
MIDDLES = ("La contraparte natural es la asociación de la zona, que reúne firmas y puede contratar asistencia técnica.",
           "Propongo empezar por un acuerdo simple, con un responsable por municipio y un plazo de seis meses.",
           "El principal riesgo es el cambio de autoridades; por eso el compromiso queda en un acuerdo del concejo.")
ENDINGS = ("Mediremos el avance con tres indicadores que ya se registran, para no crear trabajo nuevo.",
           "El costo se reparte según población y se rinde cada trimestre ante los concejos.",
           "Si al cabo de un año no hay resultados, el acuerdo termina sin costos para nadie.")
PRAISE = ("Buen diagnóstico: los actores están bien elegidos y se nota el conocimiento del territorio.",
          "La propuesta es viable y está bien fundada.", "Se agradece la claridad; el caso está bien acotado.")
ADVICE = ("Falta precisar quién responde por cada actividad y con qué recursos.",
          "Convendría apoyar las cifras en una fuente que el concejo pueda revisar.",
          "Revisar la sección de riesgos: el cambio de autoridades merece una medida concreta.")


def task(module: Module, random: Random) -> str:
    parts = [random.choice(OPENINGS), random.choice(MIDDLES), random.choice(ENDINGS)]
    return f"{module.task.title if module.task else module.title}\n\n" + "\n\n".join(parts)


def feedback(random: Random) -> str:
    return f"{random.choice(PRAISE)} {random.choice(ADVICE)}"


def answer(question: Question, ability: float, random: Random) -> str:
    """An answer in the question's own form: right as often as the person is able."""
    right = random.random() < ability
    kind = KINDS[question.kind]
    ids = [o.id for o in question.options]
    match question.kind:
        case "essay":
            return kind.read(question, {"q": [random.choice(MIDDLES)]})
        case "multiple":
            chosen = [o.id for o in question.options if o.share > 0] if right else random.sample(ids, 1)
            return kind.read(question, {"q": chosen})
        case "numerical":
            value = question.numbers[0][0] if right and question.numbers else random.randint(1, 99)
            return kind.read(question, {"q": [str(value)]})
        case "short":
            return kind.read(question, {"q": [question.options[0].text if right else "No lo recuerdo"]})
        case "matching":
            sides = [o.match for o in question.options]
            given = sides if right else random.sample(sides, len(sides))
            numbers = {option.match: option.id for option in kind.choices(question, 0)}
            return kind.read(question, {f"q.{i}": [numbers[s]] for i, s in zip(ids, given, strict=True)})
        case "ordering":
            places = list(range(1, len(ids) + 1))
            given = places if right else random.sample(places, len(places))
            return kind.read(question, {f"q.{i}": [str(p)] for i, p in zip(ids, given, strict=True)})
        case _:
            good = [o.id for o in question.options if o.share == 1]
            return kind.read(question, {"q": good[:1] if right else [random.choice(ids)]})
