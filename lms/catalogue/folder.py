"""Reads the files of a programme's folder from disk, and nothing that is not plainly there."""

import unicodedata
from pathlib import Path

BIGGEST, MOST, ALL = 2_000_000, 2_000, 50_000_000       # bytes a file, files, bytes in all


class FolderRefused(Exception):
    """The folder can not be read; the message, in Spanish, is for who asked."""


def folder(path: Path) -> dict[str, bytes]:
    """Every file below `path` by its relative name; hidden files and editors' copies are left out, links refused."""
    if not path.is_dir():
        raise FolderRefused(f"No existe la carpeta {path}.")
    files: dict[str, bytes] = {}
    total = 0
    for found in sorted(path.rglob("*")):
        name = found.relative_to(path).as_posix()
        if any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in name.split("/")):
            continue
        if found.is_symlink():
            raise FolderRefused(f"{name} es un enlace. Ponga el archivo mismo.")
        if not found.is_file():
            continue
        size = found.stat().st_size
        total += size
        if size > BIGGEST or total > ALL or len(files) == MOST:
            raise FolderRefused(f"{name}: demasiado para un programa (hasta {MOST} archivos, {BIGGEST // 1_000_000} MB "
                                f"cada uno y {ALL // 1_000_000} MB en total).")
        files[unicodedata.normalize("NFC", name)] = found.read_bytes()
    return files
