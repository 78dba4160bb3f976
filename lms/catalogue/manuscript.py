"""A lesson as its author wrote it: lines, where things stand in them, and what can be seen wrong before reading it."""

import re
from collections.abc import Iterator

from lms.catalogue.markup import inline_checked
from lms.catalogue.rules import Fault

CALLOUTS = {"nota": "Nota", "concejo": "Para su concejo", "caso": "Caso", "atencion": "Atención",
            "pregunta": "Para pensar"}
CALLOUT = re.compile(r'!!! ([a-z]+)(?: "([^"]*)")?')
SEPARATOR = re.compile(r"\|?[ :]*-[-:| ]*")
MOST_FAULTS = 200               # told of one text: whoever has more knows what to do
REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
DEFINITION = re.compile(r" {0,3}\[\^([^\]]{1,60})\]:")


def paragraphs(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Each run of lines without a blank one: where it starts, its indent, its text on one line."""
    start = 0
    for n in range(len(lines) + 1):
        if n == len(lines) or not lines[n].strip():
            if n > start:
                first = lines[start]
                yield start, first[:len(first) - len(first.lstrip())], " ".join(s.strip() for s in lines[start:n])
            start = n + 1


class Manuscript:
    """The lines of a text and its faults. Places are indexes; a fault says the line of the file."""

    def __init__(self, text: str, file: str, first_line: int = 1) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.file, self.first_line = file, first_line
        self.faults: list[Fault] = []
        self.claimed: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.letters: dict[str, int] = {}

    def fault(self, at: int | None, message: str, remedy: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.file, None if at is None else at + self.first_line, message, remedy))

    def line_of(self, piece: str) -> int | None:
        """The next line that holds this piece of source."""
        for n in range(self.claimed.get(piece, -1) + 1, len(self.lines)):
            if piece and piece in self.lines[n]:
                self.claimed[piece] = n
                return n
        return self.claimed.get(piece)

    def line_of_heading(self, text: str) -> int | None:
        """The line of a heading, by its letters."""
        if not self.letters:
            for n, line in enumerate(self.lines):
                self.letters.setdefault(re.sub(r"\W|_", "", line), n)
        return self.letters.get(re.sub(r"\W|_", "", text))

    def unique(self, name: str) -> str:
        """A name no other region of the page has, as assistive technology needs it."""
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else self.unique(f"{name} ({self.names[name]})")

    def take_title(self) -> str:
        """The first line's title, taken out of the text."""
        at = next((n for n, line in enumerate(self.lines) if line.strip()), 0)
        found = re.fullmatch(r"#[ \t]+(.*?)[ \t]*#*[ \t]*", self.lines[at])
        if not found or not found[1]:
            self.fault(at, "Falta el título.", "Empiece el archivo con una línea «# Título».")
            return ""
        self.lines[at] = ""
        words, flaws = inline_checked(found[1])
        if re.search("<[a-z]", words):
            flaws.append(("El título lleva formato.", "Escríbalo sin negritas, cursivas ni enlaces."))
        for flaw in flaws:
            self.fault(at, *flaw)
        return found[1]

    def check(self) -> None:
        """What is seen line by line: callouts, tables, footnotes."""
        self._check_callouts()
        self._check_tables()
        self._check_notes()

    def _check_callouts(self) -> None:
        for n, line in enumerate(self.lines):
            if not line.lstrip().startswith("!!!"):
                continue
            found = CALLOUT.fullmatch(line.strip())
            if not found:
                self.fault(n, "El recuadro no está bien escrito.", 'Escriba: !!! nota "Título".')
            elif found[1] not in CALLOUTS:
                self.fault(n, f"No hay recuadros de clase «{found[1]}».", f"Use: {', '.join(CALLOUTS)}.")
            elif not re.match(r" {4}\s*\S", next((s for s in self.lines[n + 1:n + 3] if s.strip()), "")):
                self.fault(n, "El recuadro no tiene texto.", "Escríbalo debajo, con cuatro espacios al comienzo.")

    def _check_tables(self) -> None:
        for n, line in enumerate(self.lines):
            bare = line.strip()
            if "|" not in bare or not SEPARATOR.fullmatch(bare) or n == 0 or "|" not in self.lines[n - 1]:
                continue
            columns = _cells(bare)
            if n > 1 and self.lines[n - 2].strip():
                self.fault(n - 1, "La tabla está pegada al texto de arriba y no se reconoce.",
                           "Deje una línea en blanco antes de la tabla.")
            rows = [n - 1]
            while (row := rows[-1] + (2 if len(rows) == 1 else 1)) < len(self.lines) and self.lines[row].strip():
                rows.append(row)
            for row in rows:
                if (found := _cells(self.lines[row])) != columns:
                    self.fault(row, f"La fila tiene {found} celdas y la tabla {columns} columnas.",
                               "Iguale el número de celdas; una barra dentro del texto se escribe \\|.")

    def _check_notes(self) -> None:
        defined: dict[str, int] = {}
        cited: dict[str, int] = {}
        for n, line in enumerate(self.lines):
            found = DEFINITION.match(line)
            if found:
                if found[1] in defined:
                    self.fault(n, f"La nota [^{found[1]}] está definida dos veces.", "Deje una, o cambie su nombre.")
                defined.setdefault(found[1], n)
            for name in REFERENCE.findall(re.sub(r"`[^`]*`", "", line[found.end():] if found else line)):
                cited.setdefault(name, n)
        for name in cited.keys() - defined.keys():
            self.fault(cited[name], f"La nota [^{name}] no está definida.", f"Agregue al final «[^{name}]: …».")
        for name in defined.keys() - cited.keys():
            self.fault(defined[name], f"La nota [^{name}] no se cita en el texto.", "Cítela o quítela.")


def _cells(row: str) -> int:
    row = re.sub(r"\\.|`[^`]*`", "", row.strip())
    return row.removeprefix("|").removesuffix("|").count("|") + 1
