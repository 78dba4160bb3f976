"""A TOML table that tells what is wrong with its own keys, each on its line."""

import re
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from lms.catalogue.rules import Fault

Path = tuple[str | int, ...]
HEADER = re.compile(r"(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(r"""([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=\s*(.*)""")
SAYS = {"Cannot overwrite a value": "Una clave está repetida.", "Unterminated string": "Un texto no se cierra.",
        "Illegal character": "Hay un carácter que no se admite.", "Unclosed array": "Una lista no se cierra.",
        "Cannot declare": "Una tabla está repetida.", "Expected '='": "Falta un signo = después de una clave.",
        "Invalid value": "Un valor no se entiende; los textos van entre comillas."}


def parse(text: str, file: str, faults: list[Fault]) -> "Table | None":
    """The root table of a TOML text; None, with its fault, when it is not TOML."""
    try:
        values = tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = str(error)
        line = re.search(r"at line (\d+)", said)
        words = next((spanish for english, spanish in SAYS.items() if said.startswith(english)),
                     f"El archivo no es TOML bien formado ({said.partition(' (at')[0]}).")
        faults.append(Fault(file, int(line[1]) if line else text.count("\n") + 1, words, "Corrija esa línea."))
        return None
    return Table(values, file, (), places(text), faults)


def places(text: str) -> dict[Path, int]:
    """The line of each table and key, as well as it can be told without a parser of our own."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    quote = ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if quote:
            quote = "" if line.count(quote) % 2 else quote
            continue
        bare = line.strip()
        if header := HEADER.fullmatch(bare):
            here = _reached(header[2], counts, header[1] == "[[")
            found.setdefault(here, number)
        elif key := KEY.match(bare):
            path = (*here, key[1].strip("\"'"))
            found.setdefault(path, number)
            found.setdefault((*path, 0), number + (key[2] in ('"""', "'''")))      # where its text begins
            quote = next((q for q in ('"""', "'''") if key[2].startswith(q) and key[2].count(q) % 2), "")
    return found


def _reached(name: str, counts: dict[Path, int], new: bool) -> Path:
    """The path a header opens, with the number of each list of tables on the way."""
    path: Path = ()
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for n, part in enumerate(parts):
        path = (*path, part)
        if new and n == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


class Table:
    """One table. Ask it for its keys, then `close` it: what was not asked for is a fault."""

    def __init__(self, values: dict[str, Any], file: str, path: Path, lines: dict[Path, int], faults: list[Fault]):
        self.values, self.file, self.path, self.lines, self.faults = values, file, path, lines, faults
        self.asked: list[str] = []

    def line(self, key: str = "") -> int:
        """The line of a key, or of the nearest thing around it that has one."""
        path: Path = (*self.path, key) if key else self.path
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of_text(self, key: str) -> int:
        """The line where a long text begins: the one after its quotes."""
        return self.lines.get((*self.path, key, 0)) or self.line(key)

    def fault(self, key: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, self.line(key), message, remedy))

    def _value(self, key: str, kind: type | tuple[type, ...], words: str, default: Any, example: str) -> Any:
        self.asked.append(key)
        if key not in self.values:
            if default is None:
                self.fault("", f"Falta «{key}».", f"Agregue {key} = {example}.")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            self.fault(key, f"«{key}» debe ser {words}.", f"Escriba {key} = {example}.")
            return default
        return value

    def text(self, key: str, default: str | None = None, example: str = '"…"', pattern: str = "") -> str:
        """A text; without default it must be there and not be empty."""
        value = self._value(key, str, "un texto entre comillas", default, example)
        if value is not None and value is not default and not value.strip():
            self.fault(key, f"«{key}» está vacío.", f"Escriba {key} = {example}.")
        elif value and pattern and not re.fullmatch(pattern, value):
            self.fault(key, f"«{key}» no puede ser «{value[:40]}».", f"Escriba {key} = {example}.")
        return (value or "").strip()

    def whole(self, key: str, default: int | None = None, least: int = 0, most: int = 10_000) -> int:
        value = self._value(key, int, "un número entero", default, str(max(least, 1)))
        if value is not None and not least <= value <= most:
            self.fault(key, f"«{key}» es {value}.", f"Escriba un número de {least} a {most}.")
        return least if value is None else int(value)

    def decimal(self, key: str, default: Decimal, most: Decimal) -> Decimal:
        value = Decimal(self._value(key, (int, Decimal), "un número", default, str(default)))
        if not value.is_finite() or not 0 <= value <= most:
            self.fault(key, f"«{key}» es {value}.", f"Escriba un número de 0 a {most}.")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._value(key, bool, "true o false", default, str(default).lower()))

    def texts(self, key: str, default: tuple[str, ...] | None = None, example: str = '["…", "…"]') -> tuple[str, ...]:
        """A list of texts, each once; without default it must be there and not be empty."""
        value = self._value(key, list, "una lista de textos", None if default is None else list(default), example)
        if value is None:
            return ()
        if any(not isinstance(item, str) or not item.strip() for item in value):
            self.fault(key, f"«{key}» debe ser una lista de textos.", f"Escriba {key} = {example}.")
            value = [item for item in value if isinstance(item, str)]
        if not value and default is None:
            self.fault(key, f"«{key}» está vacía.", f"Escriba {key} = {example}.")
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.fault(key, f"«{item}» está dos veces en «{key}».", "Deje uno.")
        return tuple(dict.fromkeys(item.strip() for item in value))

    def table(self, key: str) -> "Table | None":
        self.asked.append(key)
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self.fault(key, f"«{key}» debe ser una tabla.", f"Escriba [{key}] en su propia línea y sus claves debajo.")
            return None
        return None if value is None else Table(value, self.file, (*self.path, key), self.lines, self.faults)

    def tables(self, key: str) -> "list[Table]":
        self.asked.append(key)
        value = self.values.get(key, [])
        if not isinstance(value, list) or any(not isinstance(item, dict) for item in value):
            self.fault(key, f"«{key}» debe ser una lista de tablas.", f"Escriba [[{key}]] antes de cada una.")
            return []
        return [Table(item, self.file, (*self.path, key, n), self.lines, self.faults) for n, item in enumerate(value)]

    def close(self) -> None:
        """Tell the keys that mean nothing here."""
        for key in self.values.keys() - set(self.asked):
            near = get_close_matches(key, self.asked, 1)
            remedy = f"¿Quiso escribir «{near[0]}»?" if near else f"Use: {', '.join(self.asked)}."
            self.fault(key, f"La clave «{key}» no existe aquí.", remedy)
