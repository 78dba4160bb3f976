"""What badges say, and what a person reads of one that does not hold."""

from typing import Protocol

KINDS = {
    "certificate": {"es": "Programa aprobado", "en": "Programme completed", "pt": "Programa aprovado"},
    "module": {"es": "Módulo aprobado", "en": "Module passed", "pt": "Módulo aprovado"},
    "internship": {"es": "Pasantía cumplida", "en": "Internship completed", "pt": "Estágio concluído"},
}
DESCRIBED = {
    "es": "{kind}: {title}. {hours} horas, dictado por {bodies}. No conduce a título profesional ni a grado académico.",
    "en": "{kind}: {title}. {hours} hours, given by {bodies}. It does not lead to a professional title or degree.",
    "pt": "{kind}: {title}. {hours} horas, oferecido por {bodies}. Não conduz a título profissional nem a grau.",
}
CRITERIA = {
    ("certificate", "es"): "Aprobar cada módulo y cumplir todos los requisitos del programa «{title}» ({hours} horas).",
    ("certificate", "en"): "Pass every module and meet all requirements of the programme “{title}” ({hours} hours).",
    ("certificate", "pt"): "Ser aprovado em cada módulo e cumprir os requisitos do programa «{title}» ({hours} horas).",
    ("module", "es"): "Aprobar el módulo «{title}» ({hours} horas) de «{programme}».",
    ("module", "en"): "Pass the module “{title}” ({hours} hours) of “{programme}”.",
    ("module", "pt"): "Ser aprovado no módulo «{title}» ({hours} horas) de «{programme}».",
    ("internship", "es"): "Cumplir la pasantía «{title}» ({hours} horas) de «{programme}», hasta su cierre.",
    ("internship", "en"): "Complete the internship “{title}” ({hours} hours) of “{programme}”.",
    ("internship", "pt"): "Concluir o estágio «{title}» ({hours} horas) de «{programme}», até o seu encerramento.",
}
AND = {"es": " y ", "en": " and ", "pt": " e "}

# Of a badge that does not hold: by badges.problems.Problem.name.
WORDS = {
    "not_badge": "El archivo no contiene una insignia digital.",
    "not_object": "El contenido no tiene la forma de una credencial.",
    "picture": "La imagen no contiene una insignia, o está dañada.",
    "json": "El contenido no es JSON, o puede leerse de dos maneras.",
    "jwt": "El contenido no es una credencial firmada bien formada.",
    "jwt_header": "La firma trae indicaciones que no se aceptan.",
    "algorithm": "La firma usa un algoritmo que no se acepta para esa llave.",
    "key_unknown": "La firma nombra una llave que no es del emisor.",
    "key_revoked": "La llave con que se firmó fue revocada, y no consta que la insignia sea anterior.",
    "signature": "La firma no corresponde al contenido: fue alterado o no lo firmó el emisor.",
    "issuer_unknown": "La emitió otra persona o institución, no esta escuela.",
    "issuer_form": "No dice quién la emite.",
    "proof_missing": "No trae firma.",
    "proof_form": "La firma está mal formada.",
    "proof_suite": "La firma es de una clase que no se comprueba aquí.",
    "proof_purpose": "La firma se hizo para otro fin.",
    "proof_dates": "La firma está vencida o tiene fecha futura.",
    "second_proof": "Trae más de una firma o credencial en el mismo sobre.",
    "claims": "El sobre de la firma no coincide con la credencial.",
    "json_ld": "El vocabulario de la credencial no puede interpretarse con certeza.",
    "undefined": "Trae datos que ninguna firma cubre.",
    "keyword": "Trae palabras reservadas fuera de lugar.",
    "context_first": "No declara primero el vocabulario de credenciales verificables 2.0.",
    "context": "Los vocabularios no son los de Open Badges 3.0.",
    "context_unknown": "Usa un vocabulario desconocido.",
    "type": "No es de la clase que dice ser.",
    "id": "Un identificador no es una dirección.",
    "subject": "No dice de quién es o qué acredita.",
    "date": "Una fecha falta o está mal escrita.",
    "no_type": "Una parte no dice de qué clase es.",
    "text": "Un nombre o descripción no es un texto.",
    "related": "Un recurso relacionado está mal indicado.",
    "holder": "El titular no está bien indicado o no es quien emite.",
    "value": "Un dato no tiene la forma debida.",
    "part_type": "Una parte no es de la clase debida.",
    "missing": "Falta un dato obligatorio.",
    "not_yet": "Todavía no rige.",
    "expired": "Está vencida.",
    "revoked": "Fue anulada o reemplazada.",
    "suspended": "Está suspendida.",
    "status_form": "No dice bien dónde consultar su estado.",
    "status_elsewhere": "Envía a consultar su estado a un lugar que no es del emisor.",
    "status_unknown": "No se pudo saber si fue anulada.",
    "proof_ignored": "Trae además una firma de una clase desconocida, que no se tomó en cuenta.",
    "broken": "No se pudo terminar la comprobación.",
}


class Told(Protocol):
    """What wording needs of a badge's facts."""
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def programme(self) -> str: ...
    @property
    def hours(self) -> int: ...
    @property
    def institutions(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str: ...
    @property
    def notice(self) -> str: ...


def described(facts: Told) -> str:
    language = facts.language if facts.language in DESCRIBED else "es"
    *others, last = facts.institutions or ("",)
    bodies = AND[language].join(filter(None, (", ".join(others), last)))
    said = DESCRIBED[language].format(kind=KINDS[facts.kind][language], title=facts.title, hours=facts.hours,
                                      bodies=bodies)
    return f"{facts.notice} {said}".strip()


def criteria(facts: Told) -> str:
    """In the badge's language first, then in the others, for who reads it abroad."""
    order = sorted(DESCRIBED, key=lambda language: (language != facts.language, language != "es", language))
    said = {"title": facts.title, "hours": facts.hours, "programme": facts.programme}
    return "\n\n".join(CRITERIA[facts.kind, language].format(**said) for language in order)


def caption(kind: str) -> str:
    return {"certificate": "La cordillera completa, con sus comunas unidas de un lado al otro",
            "module": "Una cumbre sobre tres comunas", "internship": "Un paso que une dos laderas"}[kind]
