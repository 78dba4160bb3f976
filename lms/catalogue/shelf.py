"""The files of a programme while they are read: which were used, and what is wrong with them."""

from collections.abc import Mapping

from lms.catalogue.rendering import Rendered
from lms.catalogue.rules import Fault
from lms.catalogue.tables import Table


class Shelf:
    """Gives texts by name and remembers."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.used: set[str] = set()
        self.faults: list[Fault] = []

    def fault(self, file: str, line: int | None, message: str, remedy: str) -> None:
        self.faults.append(Fault(file, line, message, remedy))

    def text(self, name: str) -> str | None:
        """The text of a file, None if there is none. One that is not UTF-8 is told and read as Windows wrote it."""
        content = self.files.get(name)
        if content is None:
            return None
        self.used.add(name)
        try:
            return content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.fault(name, line, "El archivo no está en UTF-8.", "Ábralo y guárdelo como «UTF-8».")
            return content.decode("cp1252", "replace")

    def named(self, table: Table, key: str, name: str, suffix: str, folder: str = "") -> str | None:
        """The text of a file that a table names; told on the line of its key when it is not there."""
        path = f"{folder}/{name}" if folder else name
        if not name:
            return None
        if not name.endswith(suffix) or "/" in name:
            table.fault(key, f"«{name}» no es un archivo {suffix} de la carpeta.", "Escriba solo su nombre.")
            return None
        text = self.text(path)
        if text is None:
            table.fault(key, f"No existe el archivo {path}.", "Revise el nombre, o agregue el archivo.")
        return text

    def took(self, made: Rendered) -> None:
        """Take over what came out of rendering a text."""
        self.faults.extend(made.faults)
        self.used |= made.figures
