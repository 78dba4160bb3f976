"""What the seminars of the demonstration say of themselves: invented people and institutions, and named so. Pure."""

from typing import NamedTuple

CLOSING = {
    "es": "Demostración: las personas y las instituciones son inventadas.",
    "pt": "Demonstração: as pessoas e as instituições são inventadas.",
    "en": "Demonstration: people and institutions are invented."}


class Sitting(NamedTuple):
    """A session: day after the first, from, to, place, and its title in three languages."""
    after: int
    starts: str
    ends: str
    place: str
    titles: dict[str, str]


class Speaker(NamedTuple):
    sitting: int            # 0: of the whole seminar
    name: str
    office: str
    institution: str
    country: str
    moderates: bool = False
    biography: str = ""


class Guest(NamedTuple):
    """Somebody without an account."""
    given: str
    surname1: str
    surname2: str | None
    country: str
    language: str
    institution: str
    office: str

    @property
    def email(self) -> str:
        """One that nobody has."""
        plain = f"{self.given.split()[0]}.{self.surname1}".lower().translate(str.maketrans("áéíóúñãç", "aeiounac"))
        return f"{plain}@{self.country.lower()}.example.org"


PAST = {
    "titles": {"es": "Seminario internacional de gobiernos locales: competencias, calles seguras y escuelas",
               "pt": "Seminário internacional de governos locais: competências, ruas seguras e escolas",
               "en": "International seminar of local governments: powers, safe streets and schools"},
    "summaries": {
        "es": "Tres sesiones sobre lo que un municipio puede decidir y lo que necesita para hacerlo: "
              "descentralización, tránsito y seguridad vial, seguridad pública y educación. Con casos de Chile, "
              "Argentina, Brasil, Colombia y Uruguay.\n\n" + CLOSING["es"],
        "pt": "Três sessões sobre o que um município pode decidir e o que precisa para fazê-lo: descentralização, "
              "trânsito e segurança viária, segurança pública e educação.\n\n" + CLOSING["pt"],
        "en": "Three sessions on what a municipality may decide and what it needs to do so: decentralisation, traffic "
              "and road safety, public safety and education.\n\n" + CLOSING["en"]}}
PAST_SITTINGS = (
    Sitting(0, "15:00", "18:00", "Auditorio", {
        "es": "Descentralización: competencias nuevas con recursos",
        "pt": "Descentralização: novas competências com recursos",
        "en": "Decentralisation: new powers with the means for them"}),
    Sitting(1, "09:30", "12:30", "Auditorio", {
        "es": "Tránsito y seguridad vial: bajar la velocidad en las calles del municipio",
        "pt": "Trânsito e segurança viária: reduzir a velocidade nas ruas do município",
        "en": "Traffic and road safety: slower streets"}),
    Sitting(2, "09:30", "12:30", "Auditorio", {
        "es": "Seguridad pública y educación: prevenir desde la escuela y el barrio",
        "pt": "Segurança pública e educação: prevenir a partir da escola e do bairro",
        "en": "Public safety and education: prevention in school and neighbourhood"}))
PAST_SPEAKERS = (
    Speaker(1, "Rebeca Olmedo Prat", "Directora de estudios", "Centro de Estudios del Sur (ficticio)", "CL", True),
    Speaker(1, "Esteban Lucero", "Secretario de hacienda", "Municipalidad de Laguna Clara (ficticia)", "AR", False,
            "Coordinó el traspaso de servicios de una provincia inventada a doce municipios, con su presupuesto."),
    Speaker(1, "Amparo Restrepo Vélez", "Asesora de ordenamiento", "Asociación de Río Manso (ficticia)", "CO"),
    Speaker(2, "Luciana Prado", "Secretária de mobilidade", "Prefeitura de Serra Clara (fictícia)", "BR", False,
            "Dirige un programa de zonas a 30 km/h en calles de escuelas."),
    Speaker(2, "Horacio Bidegain", "Director de tránsito", "Municipio de Punta Gaviota (ficticio)", "UY"),
    Speaker(2, "Nadia Sepúlveda Roa", "Ingeniera de tránsito", "Municipalidad de Puerto Aurora (ficticia)", "CL", True),
    Speaker(3, "Íngrid Caicedo", "Secretaria de convivencia", "Alcaldía de Río Manso (ficticia)", "CO"),
    Speaker(3, "Damián Yáñez Toro", "Director de educación", "Municipalidad de Villa Lenga (ficticia)", "CL", True))
AHEAD = {
    "titles": {"es": "Seminario de seguridad vial y espacio público en ciudades intermedias",
               "pt": "Seminário de segurança viária e espaço público em cidades médias",
               "en": "Seminar on road safety and public space in mid-sized cities"},
    "summaries": {
        "es": "Dos jornadas para equipos municipales: cómo leer los datos de siniestros, elegir los cruces que "
              "importan y probar cambios con pintura antes de construir. La segunda mañana termina con un **taller en "
              "la calle**.\n\n" + CLOSING["es"],
        "pt": "Duas jornadas para equipes municipais: como ler os dados de sinistros, escolher os cruzamentos que "
              "importam e testar mudanças com pintura antes de construir. A segunda manhã termina com uma **oficina na "
              "rua**.\n\n" + CLOSING["pt"],
        "en": "Two days for municipal teams: how to read crash data, choose the crossings that matter, and try changes "
              "with paint before building them. The second morning ends with a **workshop in the street**.\n\n" + (
                  CLOSING["en"])}}
AHEAD_SITTINGS = (
    Sitting(0, "10:00", "13:00", "Salón de honor", {
        "es": "Datos de siniestros: del parte policial al mapa", "pt": "Dados de sinistros: do boletim ao mapa",
        "en": "Crash data: from the police report to the map"}),
    Sitting(0, "15:00", "18:00", "Salón de honor", {
        "es": "Financiar obras pequeñas entre varios municipios",
        "pt": "Financiar pequenas obras entre vários municípios",
        "en": "Financing small works between several municipalities"}),
    Sitting(1, "10:00", "13:00", "Salón de honor", {
        "es": "Escuelas y barrios: caminar sin riesgo", "pt": "Escolas e bairros: caminhar sem risco",
        "en": "Schools and neighbourhoods: walking without risk"}))
AHEAD_SPEAKERS = (
    Speaker(1, "Hannah Whitfield", "Traffic engineer", "City of Marble Bay (fictitious)", "US"),
    Speaker(2, "Rosa Isela Medrano", "Regidora", "Ayuntamiento de Valle Dorado (ficticio)", "MX"),
    Speaker(3, "Luciana Prado", "Secretária de mobilidade", "Prefeitura de Serra Clara (fictícia)", "BR"),
    Speaker(0, "Nadia Sepúlveda Roa", "Ingeniera de tránsito", "Municipalidad de Puerto Aurora (ficticia)", "CL", True))
PUBLIC = (
    Guest("Marta", "Quispe", "Rojas", "PE", "es", "Municipalidad de Alto Sereno (ficticia)", "Regidora"),
    Guest("Iván", "Salcedo", "Mora", "CO", "es", "Alcaldía de Río Manso (ficticia)", "Secretario de gobierno"),
    Guest("Joana", "Teixeira", None, "BR", "pt", "Prefeitura de Serra Clara (fictícia)", "Diretora de educação"),
    Guest("Tomás", "Arteaga", None, "UY", "es", "Municipio de Punta Gaviota (ficticio)", "Concejal"),
    Guest("Rosa Isela", "Medrano", "Cruz", "MX", "es", "Ayuntamiento de Valle Dorado (ficticio)", "Regidora"),
    Guest("Peter", "Lindqvist", None, "US", "en", "City of Marble Bay (fictitious)", "Planner"))
DELEGATION = (
    Guest("Elisa", "Montecinos", "Vega", "CL", "es", "Municipalidad de Costa Mansa (ficticia)", "Concejala"),
    Guest("Bernardo", "Aguilera", "Pino", "CL", "es", "Municipalidad de Costa Mansa (ficticia)", "Jefe de tránsito"),
    Guest("Camila", "Huaiquil", "Ñanco", "CL", "es", "Municipalidad de Costa Mansa (ficticia)", "Jefa de seguridad"))
REMARKS = ("Muy útil el caso de las zonas a 30 km/h: lo llevaremos al concejo.",
           "Faltó tiempo para preguntas en la segunda sesión.", "Ojalá los materiales se publiquen antes.")
NOTES = """Síntesis de las sesiones (demostración: texto inventado)

1. Competencias nuevas sin recursos se vuelven deuda: cada traspaso con su presupuesto y su plazo.
2. La velocidad explica la gravedad: tres medidas de bajo costo en calles de escuelas.
3. Prevenir desde la escuela y el barrio: un solo plan para educación y seguridad.
"""
