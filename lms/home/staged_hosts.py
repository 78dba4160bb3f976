"""What the internships of the demonstration are about: hosts, plans, log, report; all of it invented. Pure."""

from typing import NamedTuple


class Host(NamedTuple):
    """An institution that receives, and who supervises there."""
    kind: str
    name: str
    short: str
    country: str
    city: str
    zone: str
    supervisor: str
    email: str
    office: str


class Task(NamedTuple):
    """What somebody sets out to do, and what they write in their log, day after day."""
    objectives: str
    outcomes: tuple[str, ...]
    activities: tuple[str, ...]
    products: str
    indicators: str
    log: tuple[str, ...]


VALLEY = Host("association", "Asociación de Municipios del Valle Calmo (ficticia)", "Valle Calmo", "AR", "Bahía Serena",
              "America/Argentina/Buenos_Aires", "Silvia Aranda", "s.aranda@valle-calmo.example.org", "Gerenta técnica")
HILL = Host("municipality", "Municipalidad de Cerro Lejano (ficticia)", "Cerro Lejano", "CL", "Cerro Lejano",
            "America/Santiago", "Rodrigo Paredes", "r.paredes@cerro-lejano.example.org", "Jefe de cooperación")
GOLDEN = Host("municipality", "Ayuntamiento de Valle Dorado (ficticio)", "Valle Dorado", "MX", "Valle Dorado",
              "America/Mexico_City", "Julia Escobedo", "j.escobedo@valle-dorado.example.org", "Directora de enlace")
WASTE = Task(
    "Conocer cómo una asociación de municipios pequeños contrata y cobra en común la recolección de residuos.",
    ("Explica cómo se reparte el costo entre los socios.", "Compara dos formas de contratar el servicio."),
    ("Entrevistas con la gerencia y dos intendencias", "Revisión de contratos y tarifas", "Visita a la planta común"),
    "Minuta comparada de contratos y ficha de buena práctica.", "Tres entrevistas y dos contratos revisados.",
    ("Reunión de inicio con la gerencia y lectura de los estatutos.",
     "Revisión del contrato de recolección y de la fórmula con que se reparte su costo.",
     "Visita a la planta: ruta, pesaje y registro por municipio.",
     "Entrevista a la intendencia de uno de los municipios socios.",
     "Comparación de tarifas con las del propio municipio.", "Presentación de la minuta a la gerencia."))
SAFETY = Task(
    "Conocer cómo se coordina la patrulla preventiva con las escuelas y los vecinos.",
    ("Describe el acuerdo entre municipio y escuelas.", "Propone dos indicadores de seguimiento."),
    ("Reuniones con seguridad y educación", "Recorridos con el equipo", "Taller con dos escuelas"),
    "Propuesta de protocolo para el propio municipio.", "Dos recorridos y un taller.",
    ("Reunión con la dirección de seguridad.", "Recorrido con el equipo de la tarde.",
     "Lectura de los registros del año, sin datos de personas.", "Taller con la primera escuela.",
     "Reunión con la dirección de educación.", "Presentación de la propuesta."))
REPORT = {
    "proposito": "Se buscaba entender el reparto de costos. Se agregó la visita a la planta a pedido de la gerencia.",
    "institucion": "Siete municipios con 46 mil habitantes en conjunto (cifras inventadas para esta demostración).",
    "hecho": "24 horas: 8 de entrevistas, 8 de lectura de contratos, 4 de visita y 4 de presentación.",
    "hallazgos": "1. El costo se reparte por peso y distancia. 2. El contrato común bajó el precio. 3. La planta "
                 "registra por municipio. 4. La mora de un socio la cubre un fondo.",
    "analisis": "Funciona porque la gerencia es estable y el registro es público. En casa falta el registro.",
    "limites": "No se vieron los sumarios ni los contratos anteriores.",
    "propuesta": "Pesar por municipio durante seis meses con un responsable y sin costo nuevo.",
    "autoevaluacion": "Aprendí a leer un contrato de servicio; me falta estimar costos de operación.",
    "p_nombre": "Reparto de costos por peso y distancia, Valle Calmo (ficticia).",
    "p_problema": "Los municipios lejanos pagaban de más.", "p_hace": "Pesar, registrar, repartir, publicar.",
    "p_resultado": "La diferencia entre municipios bajó a la mitad (dato inventado).",
    "p_mecanismo": "Quien produce menos paga menos y lo puede comprobar.", "p_condiciones": "Báscula y registro común.",
    "p_costo": "Una báscula y media jornada de una persona.", "p_nucleo": "Fijo: pesar. Adaptable: la fórmula.",
    "p_dificultades": "Al comienzo no todos confiaban en el registro.", "p_contacto": "Gerencia técnica."}
MOTIVES = ("Mi municipio discute entrar a una asociación y quiero ver una por dentro.",
           "Trabajo con contratos de servicio y quiero comparar.",
           "Llevaré lo aprendido a la mesa de municipios de la zona.")
