"""Who lives in the demonstration: invented people of invented municipalities. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

PASSWORD = "cordillera y puerto 27"             # noqa: S105  (no secret) of every demonstration account; told by `./dev serve`
WOMEN = ("María Elena", "Graciela", "Paula Andrea", "Carmen Gloria", "Lorena", "Silvina", "Marcela", "Ximena", "Rocío",
         "Daniela", "Verónica", "Soledad", "Antonia", "Julieta", "Ángela", "Noemí")
MEN = ("José Miguel", "Hernán", "Rodrigo", "Luis Alberto", "Matías", "Íñigo", "Gustavo", "Raúl", "Tomás", "Ernesto",
       "Nicolás", "Óscar", "Facundo", "Sebastián", "Aníbal", "Germán")
SURNAMES = ("Núñez", "Ibáñez", "Peralta", "Quiroga", "Llanos", "Zúñiga", "Ortiz", "Chávez", "Álvarez", "Colina",
            "Ñuñoa", "del Río", "De la Cruz", "Muñoz", "Carrasco", "Giménez", "Soto", "Ledesma", "O'Higgins",
            "Painemal", "Bustos", "Riquelme", "Ferreyra", "Villagra", "Oyarzún", "Pizarro", "Lagos", "Acosta", "Cerda",
            "Huenchumilla")
PLACES = {      # invented, and named so
    "CL": ("Puerto Aurora", "San Emilio del Maule", "Villa Lenga", "Caleta Norte", "Quebrada Honda", "Los Coihues"),
    "AR": ("Colonia del Alba", "Villa Arrayán", "San Roque del Valle", "Paso Pehuén", "Laguna Clara", "Tres Álamos"),
}
OFFICES = {
    "CL": ("Alcaldesa", "Concejal", "Concejala", "Administradora municipal", "Director de desarrollo comunitario",
           "Secretario comunal de planificación"),
    "AR": ("Intendenta", "Concejal", "Concejala", "Secretario de gobierno", "Directora de cooperación",
           "Secretaria de planificación"),
}


@dataclass(frozen=True)
class Figure:
    """One invented person. `ability` (0..1) is how well they answer; `pace` how much of what is open they have done."""
    email: str
    given: str
    surname1: str
    surname2: str | None
    document: tuple[str, str, str]
    place: str
    office: str
    ability: float
    pace: float


STAFF = (       # e-mail, given names, surnames, what they are in the demonstration
    ("oficina@example.org", "Olga", "Ibáñez", "Vera", "office"),
    ("docente@example.org", "Hernán", "Ledesma", None, "instructor"),
    ("docente.escuela@example.org", "Paula", "Riquelme", "Soto", "instructor"),
    ("coordinacion@example.org", "Coral", "Muñoz", "Lagos", "coordinator"),
    ("auditoria@example.org", "Aldo", "Zúñiga", "Ríos", "auditor"),
)
FIRST = {       # the accounts one signs in with, told on the terminal
    "CL": ("participante.cl@example.org", "María Elena", "Núñez", "Ibáñez"),
    "AR": ("participante.ar@example.org", "Graciela", "Peralta", None),
}


def figures(country: str, count: int, random: Random) -> Iterator[Figure]:
    """`count` people of a country; the first is the one to sign in with, the next three have finished every module."""
    for i in range(count):
        given = random.choice(WOMEN if i % 2 == 0 else MEN)
        surname1, surname2 = random.sample(SURNAMES, 2)
        email = f"p{i + 1}.{country.lower()}@example.org"
        if i == 0:
            email, given, surname1, first_surname2 = FIRST[country]
            surname2 = first_surname2 or surname2
        yield Figure(email, given, surname1, surname2 if country == "CL" or i % 3 == 0 else None,
                     document(country, 12_531_909 + 7_919 * i), PLACES[country][i % len(PLACES[country])],
                     OFFICES[country][i % len(OFFICES[country])],
                     0.97 if i in (1, 2, 3) else 0.88 if i == 0 else 0.55 + 0.45 * random.random(),
                     1.0 if i in (1, 2, 3) else 0.8 if i == 0 else 0.3 + 0.7 * random.random())


def document(country: str, number: int) -> tuple[str, str, str]:
    """A document that passes its check rule: RUN with its verifier, or DNI."""
    if country == "AR":
        return "ar_dni", "AR", str(20_000_000 + number % 20_000_000)
    total = sum(int(digit) * (2 + i % 6) for i, digit in enumerate(reversed(str(number))))
    check = 11 - total % 11
    return "cl_run", "CL", f"{number}{ {11: '0', 10: 'K'}.get(check, check) }"
