"""Commands for who writes courses: check a folder, load it as an edition, write an edition's files back."""

import json
import sys
from pathlib import Path, PurePosixPath
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.catalogue import actions, queries, reading
from lms.catalogue.folder import FolderRefused, folder
from lms.catalogue.rules import Fault, Programme
from lms.foundation.clock import now

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
FOLDER = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))


@click.group()
def courses() -> None:
    """Check, load and export the folder of a programme."""


@courses.command()
@FOLDER
@AS_JSON
def check(directory: Path, as_json: bool) -> None:
    """Tell every fault of a folder at once, with file, line and remedy. Ends with 1 when there is one.

    Needs no database.
    """
    programme, faults = reading.read(_files(directory, as_json))
    if programme is None:
        _refuse(faults, as_json)
    summary = _summary(programme)
    click.echo(json.dumps({"faults": [], **summary}, ensure_ascii=False, indent=2) if as_json else
               "Sin fallas. {title}: {modules} módulos, {lessons} lecciones, {questions} preguntas.".format(**summary))


@courses.command()
@FOLDER
@AS_JSON
@with_appcontext
def load(directory: Path, as_json: bool) -> None:
    """Keep a folder as an edition that cohorts can be pinned to. The same files twice are one edition."""
    files = _files(directory, as_json)
    with current_app.extensions["database"].transaction() as session:
        before = {edition.id for edition in queries.editions(session)}
        edition_id, faults = actions.load(session, None, now(), files, current_app.extensions["files"])
    if edition_id is None:
        _refuse(faults, as_json)
    new = edition_id not in before
    click.echo(json.dumps({"edition": edition_id, "new": new}) if as_json else
               f"Edición {edition_id[:12]} {'cargada' if new else 'ya estaba cargada: nada cambió'}.")


@courses.command()
@FOLDER
@click.option("--edition", required=True, help="The edition's id, or its first letters.")
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@AS_JSON
@with_appcontext
def export(directory: Path, edition: str, force: bool, as_json: bool) -> None:
    """Write the author's files of an edition into DIR, as they were loaded."""
    with current_app.extensions["database"].reading() as session:
        found = [e.id for e in queries.editions(session) if e.id.startswith(edition.lower())] if edition else []
        if len(found) != 1:
            _stop(f"No hay una edición «{edition}»." if not found else f"Hay {len(found)} ediciones que empiezan así.",
                  as_json)
        files = actions.unzipped(queries.sources(session, found[0]) or b"PK\x05\x06" + bytes(18))
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())) and not force:
        _stop(f"{directory} no está vacía. Elija otra carpeta o agregue --force.", as_json)
    for name, content in files.items():
        _write(directory, name, content)
    click.echo(json.dumps({"edition": found[0], "files": sorted(files)}, ensure_ascii=False) if as_json else
               f"{len(files)} archivos escritos en {directory}.")


def _files(directory: Path, as_json: bool) -> dict[str, bytes]:
    try:
        return folder(directory)
    except FolderRefused as refused:
        _stop(str(refused), as_json)


def _write(directory: Path, name: str, content: bytes) -> None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/"):
        raise ValueError(f"{name!r} leaves the folder")
    path = directory.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _summary(programme: Programme) -> dict[str, object]:
    return {"title": programme.title, "edition": programme.edition, "modules": len(programme.modules),
            "lessons": sum(len(m.lessons) for m in programme.modules),
            "questions": sum(len(m.quiz.questions) for m in programme.modules if m.quiz)}


def _refuse(faults: list[Fault], as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"faults": [vars(fault) for fault in faults]}, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{len(faults)} {'falla' if len(faults) == 1 else 'fallas'}.", err=True)
    sys.exit(1)


def _stop(message: str, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"error": message}, ensure_ascii=False) if as_json else message, err=not as_json)
    sys.exit(1)
