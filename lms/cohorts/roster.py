"""The rows of a roster, each read into what it says about a person and what is wrong with it, cell by cell. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lms.cohorts.columns import LABELS, MUNICIPAL, Columns, key
from lms.foundation.spreadsheet import Row, Table
from lms.people import emails, identifiers, names

MOST_ROWS = 1000                # by the web: a thousand new people take about ten seconds of the write lock
Document = tuple[str, str, str]                 # kind, country, canonical value
LONGEST = {"given": 120, "surname1": 80, "surname2": 80, "institution": 200, "office": 120}
COUNTRY_NAMES = (("CL", "Chile"), ("AR", "Argentina"), ("BO", "Bolivia"), ("BR", "Brasil"), ("CO", "Colombia"),
                 ("CR", "Costa Rica"), ("CU", "Cuba"), ("EC", "Ecuador"), ("SV", "El Salvador"), ("ES", "España"),
                 ("GT", "Guatemala"), ("HN", "Honduras"), ("MX", "México"), ("NI", "Nicaragua"), ("PA", "Panamá"),
                 ("PY", "Paraguay"), ("PE", "Perú"), ("DO", "República Dominicana"), ("UY", "Uruguay"),
                 ("VE", "Venezuela"))
COUNTRIES = {key(name): code for code, name in COUNTRY_NAMES} | {"brazil": "BR", "chl": "CL", "arg": "AR"}
DOCUMENT_KINDS = {"run": "cl_run", "rut": "cl_run", "cedula": "cl_run", "ceduladeidentidad": "cl_run", "dni": "ar_dni",
                  "cuil": "ar_cuil", "cuit": "ar_cuil", "pasaporte": "passport", "passport": "passport",
                  "passaporte": "passport", "otro": "other", "otrodocumento": "other", "le": "other", "lc": "other"}
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre")
OF_A_NAME = set(" '’.-ªº·()\"«»´`")


@dataclass(frozen=True)
class Remark:
    """Something about one cell: where it stands, what is wrong or worth knowing, what to do."""
    column: str
    value: str
    message: str
    remedy: str
    fault: bool = True              # False: only told; the row is taken


@dataclass(frozen=True)
class Entry:
    """One row of a roster as read, good or not."""
    row: int
    email: str = ""
    name: names.Name = names.Name("", "")
    document: Document | None = None
    institution: str = ""
    office: str = ""
    remarks: tuple[Remark, ...] = ()
    better: names.Name | None = None        # how a name in capitals would be written

    @property
    def good(self) -> bool:
        return not any(remark.fault for remark in self.remarks)


def read(table: Table, columns: Columns, country: str) -> tuple[Entry, ...]:
    """Every row; a document of no told kind is taken for one of the cohort's country."""
    return tuple(_Reading(row, columns, country).entry() for row in table.rows)


class _Reading:
    """One row being read: collects what there is to remark."""

    def __init__(self, row: Row, columns: Columns, country: str) -> None:
        self.row, self.columns, self.country = row, columns, country
        self.remarks: list[Remark] = []

    def entry(self) -> Entry:
        if self.row.extra:
            self.remarks.append(Remark("", " · ".join(self.row.extra)[:80],
                                       "Hay celdas a la derecha del último encabezado: la fila está corrida.",
                                       "Revise que ninguna celda lleve adentro el signo que separa las columnas."))
        name = names.Name(" ".join(filter(None, (self._name("given"), self._name("given2", False)))),
                          self._name("surname1"), self._name("surname2", False) or None)
        email, document = self._email(), self._document()
        for index in self.columns.dates:
            self._date(index)
        institution, office = self._text("institution"), self._text("office")
        if office and not institution:
            self._remark("office", office, "El cargo no se anota: falta la institución.",
                         "Complétela si la conoce.", False)
        better = self._better(name)
        return Entry(self.row.number, email, name, document, self._municipal(institution), office,
                     tuple(self.remarks), better)

    def _cell(self, field: str) -> str:
        return self.columns.cell(self.row.cells, field)

    def _remark(self, field: str, value: str, message: str, remedy: str, fault: bool = True) -> None:
        self.remarks.append(Remark(self.columns.head(field), value[:80], message, remedy, fault))

    def _text(self, field: str) -> str:
        """A cell of words, tidied; what can not be kept is remarked and left out."""
        raw = self._cell(field)
        if trouble := damage(raw):
            self._remark(field, raw, *trouble)
            return ""
        try:
            text = names.tidy(raw)
        except ValueError as wrong:
            self._remark(field, raw, str(wrong), "")
            return ""
        if len(text) > LONGEST.get(field, 120):
            self._remark(field, text, f"Pasa de {LONGEST.get(field, 120)} letras.", "Acórtelo.")
            return ""
        return text

    def _name(self, field: str, required: bool = True) -> str:
        count = len(self.remarks)
        text = self._text(field)
        if not text and required and len(self.remarks) == count:
            self._remark(field, "", f"Falta: {LABELS[field].lower()}.", "Complete la celda.")
        elif "," in text:
            self._remark(field, text, "Trae una coma, como si llevara nombres y apellidos juntos.",
                         "Ponga los nombres y cada apellido en su columna.")
        elif strange := [c for c in text if not (c.isalpha() or unicodedata.combining(c) or c in OF_A_NAME)]:
            self._remark(field, text, f"Tiene un signo que no es de un nombre: {strange[0]}", "Escriba solo el nombre.")
        return text

    def _better(self, name: names.Name) -> names.Name | None:
        parts = [names.suggest_case(part) if part else None for part in (name.given, name.surname1, name.surname2)]
        if not any(parts) or not name.given or not name.surname1:
            return None
        better = names.Name(parts[0] or name.given, parts[1] or name.surname1, parts[2] or name.surname2)
        self._remark("given", name.full, f"Viene todo en mayúsculas o en minúsculas. Sería: {better.full}.",
                     "Puede elegir abajo que se importe así; las tildes que falten no se agregan.", False)
        return better

    def _email(self) -> str:
        raw = self._cell("email")
        if not raw:
            self._remark("email", "", "Falta el correo.", "Cada persona necesita el suyo para ingresar.")
            return ""
        try:
            return emails.normal(raw)
        except emails.BadEmail as wrong:
            self._remark("email", raw, str(wrong), "Corríjalo en la planilla.")
            return ""

    def _document(self) -> Document | None:
        field = next((f for f in ("cl_run", "ar_dni", "ar_cuil", "passport", "document") if self._cell(f)), None)
        if field is None:
            return None
        text, kind, issuer = self._cell(field), self._kind(field), self._issuer()
        if kind == "cl_run" and self._cell("check") and "-" not in text:
            text = f"{text}-{self._cell('check')}"
        if kind is None:
            self._remark("document_kind", self._cell("document_kind"), "Ese tipo de documento no se conoce.",
                         "Use RUN, DNI, CUIL, Pasaporte u Otro.")
            return None
        home = {"cl_run": "CL", "ar_dni": "AR", "ar_cuil": "AR"}.get(kind)
        try:
            value = identifiers.canonical(kind, text, issuer if kind == "passport" else None)
        except identifiers.BadIdentifier as wrong:
            self._remark(field, text, wrong.message, wrong.remedy)
            return None
        if identifiers.suspicious(kind, value):
            self._remark(field, text, f"El {identifiers.label(kind)} no parece de una persona.", "Confírmelo.", False)
        return kind, home or issuer or self.country, value

    def _kind(self, field: str) -> str | None:
        if field != "document":
            return field
        said = key(self._cell("document_kind"))
        if said:
            return DOCUMENT_KINDS.get(said)
        if (issuer := self._issuer() or self.country) not in ("CL", "AR"):
            return "other"
        digits = re.sub(r"\D", "", self._cell("document"))
        return "cl_run" if issuer == "CL" else "ar_cuil" if len(digits) == 11 else "ar_dni"

    def _issuer(self) -> str | None:
        said = self._cell("country")
        return COUNTRIES.get(key(said)) or (said.upper() if said.upper() in COUNTRIES.values() else None)

    def _date(self, index: int) -> None:
        text = self.row.cells[index]
        if text and (trouble := date_trouble(text)):
            self.remarks.append(Remark(self.columns.header[index], text[:80], *trouble))

    def _municipal(self, text: str) -> str:
        """A bare place in a column of municipalities is its municipality."""
        if text and key(self.columns.head("institution")) in MUNICIPAL and not re.search(
                r"munici|universi|asocia|consorc|gobiern|intenden|alcald|ayuntam|prefeit|federaci|corpora|ministeri|"
                r"instit|direcc|concej|provinc|regi[oó]n", text, re.IGNORECASE):
            return f"Municipalidad de {text}"
        return text


def damage(text: str) -> tuple[str, str] | None:
    """(what happened, what to do) when letters of a text were lost on the way here."""
    again = "Guarde la planilla como .xlsx o como CSV UTF-8 desde el programa donde se ve bien."
    if "�" in text:
        return "Una letra se perdió antes de llegar aquí (�).", again
    if re.search(r"\w\?\w", text):
        return "Hay un signo de interrogación dentro de una palabra: se perdió una letra.", again
    mended = _mended(text)
    return (f"Las letras con tilde llegaron dañadas; debiera decir «{mended[:60]}».", again) if mended else None


def _mended(text: str) -> str:
    """What a text said before its UTF-8 was read as Windows-1252; "" when that did not happen."""
    if not re.search("[ÂÃ][^A-Za-z ]", text):
        return ""
    try:
        raw = b"".join(c.encode("cp1252") if c.encode("cp1252", "ignore") else c.encode("latin-1") for c in text)
        return raw.decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""


def date_trouble(text: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) with a date as a spreadsheet gives it; None when it exists."""
    numbers = _numbers(names.search_key(text[:60]))
    if numbers is None:
        return "No se entiende como fecha.", "Escríbala como día-mes-año, por ejemplo 28-02-1975."
    day, month, year = numbers
    year += 0 if year > 99 else 1900 if year > 40 else 2000
    if not 1 <= month <= 12:
        return f"El mes {month} no existe.", "El orden es día, mes, año."
    try:
        date(year, month, day)
    except ValueError:
        return f"El {day} de {MONTHS[month - 1]} de {year} no existe.", "Revise el día en el documento de la persona."
    return None


def _numbers(text: str) -> tuple[int, int, int] | None:
    if found := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[ t][\d:.]+)?", text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ t][\d:.]+)?", text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := re.fullmatch(r"(\d{1,2}) de ([a-z]+) (?:de|del) (\d{4})", text)) and found[2] in MONTHS:
        return int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    return None

