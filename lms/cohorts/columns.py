"""Which column of a roster holds what: the many ways offices head them, in Spanish, Portuguese and English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.foundation.spreadsheet import Unreadable
from lms.people import names

LABELS = {
    "email": "Correo electrónico", "given": "Nombres", "given2": "Segundo nombre", "surname1": "Primer apellido",
    "surname2": "Segundo apellido", "cl_run": "RUN", "check": "Dígito verificador", "ar_dni": "DNI", "ar_cuil": "CUIL",
    "passport": "Pasaporte", "document": "Número de documento", "document_kind": "Tipo de documento",
    "country": "País", "institution": "Institución", "office": "Cargo", "date": "Fecha",
}
REQUIRED = ("email", "given", "surname1")
TEMPLATE = ("Nombres", "Primer apellido", "Segundo apellido", "Correo electrónico", "Tipo de documento",
            "Número de documento", "País", "Municipalidad o institución", "Cargo")

# Written as `key` makes them: letters and digits only, without accents, capitals, spaces or what is in brackets.
ALIASES = {
    "email": """correo correoelectronico correoe email mail emailaddress correoinstitucional correopersonal
        correodecontacto correocontacto correoelectronicoinstitucional correoelectronicopersonal direcciondecorreo
        direcciondecorreoelectronico direccionelectronica enderecodeemail emailinstitucional emailpersonal casilla""",
    "given": """nombres nombre nombresdepila nombredepila primernombre givenname givennames firstname firstnames
        forename nome nomes prenome""",
    "given2": "segundonombre middlename",
    "surname1": """primerapellido apellidopaterno apellido apellidos apellido1 paterno appaterno apaterno 1erapellido
        primerap lastname lastnames surname surname1 surnames familyname sobrenome sobrenomes primeirosobrenome
        ultimonome""",
    "surname2": """segundoapellido apellidomaterno apellido2 materno apmaterno amaterno 2doapellido 2oapellido
        segundoap surname2 secondsurname secondlastname segundosobrenome""",
    "cl_run": """run rut runrut rutrun rolunico rolunicotributario rolunicanacional runparticipante rutparticipante
        rutorun runorut""",
    "check": "dv digito digitoverificador digitov rutdv rundv",
    "ar_dni": "dni dniargentino documentonacionaldeidentidad nrodni ndni numerodedni",
    "ar_cuil": "cuil cuit cuilcuit cuitcuil cuilocuit",
    "passport": "pasaporte passport passaporte passportnumber npasaporte numerodepasaporte nropasaporte",
    "document": """documento numerodedocumento numerodocumento ndocumento ndedocumento nodocumento nodedocumento
        nrodocumento nrodedocumento numdocumento doc ndoc nrodoc documentodeidentidad identificacion
        numerodeidentificacion numerodeidentidad cedula ceduladeidentidad ci rutdni dnirut rundni dnirun rutodni
        runodni dniorut dniorun rutdnipasaporte rundnipasaporte rutpasaporte rutopasaporte document documentnumber
        idnumber identitydocument documentoidentidad""",
    "document_kind": """tipodocumento tipodedocumento tipodoc tipodedoc clasededocumento documenttype
        tipodeidentificacion tipodocumentodeidentidad""",
    "country": "pais country paisdocumento paisdeldocumento paisdeemision paisemisor",
    "institution": """municipalidad municipio comuna institucion organizacion entidad ayuntamiento intendencia
        prefeitura municipality institution organization organisation alcaldia lugardetrabajo instituicao organismo
        municipalidadoinstitucion municipalidadinstitucion municipioinstitucion institucionmunicipio
        municipiooinstitucion municipalidadcomuna comunamunicipalidad municipalidadomunicipio municipiocomuna""",
    "office": "cargo funcion puesto cargoactual cargoofuncion cargofuncion position jobtitle posto",
}
BY_KEY = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
MUNICIPAL = {"municipalidad", "municipio", "comuna", "ayuntamiento", "municipality", "prefeitura", "alcaldia",
             "municipalidadcomuna", "comunamunicipalidad", "municipalidadomunicipio", "municipiocomuna"}
WHOLE_NAME = {"nombrecompleto", "nombreyapellido", "nombreyapellidos", "nombresyapellidos", "apellidosynombres",
              "apellidoynombre", "apellidosynombre", "participante", "participantes", "fullname", "name",
              "nomecompleto", "alumno", "estudiante", "funcionario"}
DATE = re.compile(r"^(fecha|fnac|nacimiento|datade|birthdate|dateof|date$|data$)")
NEVER = (       # what a roster may say and we do not take, each with its reason
    ({"rol", "role", "roles", "papel", "perfil", "isadmin", "admin", "administrador", "permiso", "permisos",
      "sysrole1", "role1", "esadmin", "issuperuser", "isstaff"}, "Los papeles no se dan por planilla."),
    ({"clave", "contrasena", "password", "passwd", "senha"}, "Las claves no se importan: cada persona crea la suya."),
    ({"partido", "partidopolitico", "pacto", "militancia", "afiliacionpolitica", "coalicion", "party"},
     "Dato sensible: no se guarda."),
)


@dataclass(frozen=True)
class Columns:
    """Where in a row each thing stands, and what of the heading is not used and why."""
    header: tuple[str, ...]
    place: dict[str, int]                                   # field -> index
    dates: tuple[int, ...] = ()
    ignored: tuple[tuple[str, str], ...] = field(default=())    # (heading, reason or "")
    single_surname: bool = False                            # "Apellidos" alone: never split

    def cell(self, cells: Sequence[str], name: str) -> str:
        index = self.place.get(name)
        return "" if index is None else cells[index]

    def head(self, name: str) -> str:
        """What the column is called in the file, for telling where a fault is."""
        index = self.place.get(name)
        return LABELS[name] if index is None else self.header[index]

    @property
    def used(self) -> list[tuple[str, str]]:
        """(what it is, how the file calls it), in the order of the file."""
        found = [(index, LABELS[name]) for name, index in self.place.items()]
        return [(label, self.header[i]) for i, label in sorted(found + [(i, LABELS["date"]) for i in self.dates])]


def key(heading: str) -> str:
    """What two spellings of a heading share: "Apellido_Paterno (obligatorio)*" is apellidopaterno."""
    return re.sub(r"[^a-z0-9]", "", names.search_key(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", heading[:200])))


def recognise(header: Sequence[str]) -> Columns:
    """The columns of a roster; raises Unreadable, with all that is missing, when a person can not be made of them."""
    place: dict[str, int] = {}
    dates: list[int] = []
    ignored: list[tuple[str, str]] = []
    keys = [key(heading) for heading in header]
    for index, (heading, found) in enumerate(zip(header, keys, strict=True)):
        name = BY_KEY.get(found)
        if name and name not in place:
            place[name] = index
        elif DATE.match(found):
            dates.append(index)
        elif heading:
            ignored.append((heading, "Ya hay otra columna con lo mismo." if name else _reason(found)))
    missing = [LABELS[name] for name in REQUIRED if name not in place]
    if missing:
        raise Unreadable(f"Falta{'n' if len(missing) > 1 else ''}: {', '.join(missing)}.", _remedy(header, keys))
    alone = keys[place["surname1"]] in {"apellidos", "surnames", "lastnames", "sobrenomes"} and "surname2" not in place
    return Columns(tuple(header), place, tuple(dates), tuple(ignored), alone)


def _reason(found: str) -> str:
    return next((why for keys, why in NEVER if found in keys), "")


def _remedy(header: Sequence[str], keys: Sequence[str]) -> str:
    whole = next((heading for heading, found in zip(header, keys, strict=True) if found in WHOLE_NAME), "")
    if whole:
        return (f"«{whole[:60]}» trae el nombre entero, que no se puede dividir sin errores. Ponga en columnas aparte "
                "Nombres, Primer apellido y Segundo apellido.")
    read = ", ".join(f"«{heading[:40]}»" for heading in header[:12] if heading)
    return (f"La primera fila del archivo debe llevar los nombres de las columnas; se leyó {read}. "
            "Use la plantilla o cambie esos nombres.")
