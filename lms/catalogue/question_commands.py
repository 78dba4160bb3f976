"""Commands for who has files of questions: check them, convert one into another format. Neither needs a database."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from lms.catalogue import formats
from lms.catalogue.formats import FORMATS, Grade, Notice, Parcel, Written
from lms.catalogue.kinds import KINDS

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
SERIOUS = (Grade.FAULT, Grade.UNSUPPORTED)
WORDS = {Grade.FAULT: "falla", Grade.UNSUPPORTED: "no se admite", Grade.CHANGED: "cambia", Grade.REMARK: "revisar"}


@click.group()
def questions() -> None:
    """Check and convert files of questions."""


@questions.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@AS_JSON
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell what each file holds and everything wrong with it. Ends with 1 when there is a fault.

    The format is told by the content. With --json: a list with an object for each file.
    """
    parcels = [opened(path) for path in files]
    if as_json:
        click.echo(json.dumps([summary(parcel) for parcel in parcels], ensure_ascii=False, indent=2))
    else:
        for parcel in parcels:
            _tell(parcel)
    sys.exit(int(any(parcel.faults for parcel in parcels)))


@questions.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="OUT", required=True, type=click.Path(path_type=Path))
@click.option("--to", "name", metavar="FORMAT", required=True,
              help=f"One of: {', '.join(name for name, found in FORMATS.items() if found.write)}.")
@AS_JSON
def convert(source: Path, output: Path, name: str, as_json: bool) -> None:
    """Write the good questions of IN in another format, and report each: as it was, changed or left out.

    Ends with 1 when IN has faults or a question or part of it can not be said in that format.
    """
    name = name.strip().lower().replace("-", "_")
    if name not in FORMATS or FORMATS[name].write is None:
        raise click.BadParameter(f"«{name[:40]}» no se puede escribir.", param_hint="--to")
    parcel = opened(source)
    written = formats.write(name, parcel.questions, parcel.media) if parcel.questions else None
    problem = _put(output, written.content) if written else ""
    if as_json:
        click.echo(json.dumps(_report(parcel, written, output, problem), ensure_ascii=False, indent=2))
    else:
        _tell(parcel)
        _tell_written(parcel, written, output, problem)
    bad = parcel.faults or written is None or problem or any(n.grade in SERIOUS for n in written.notices)
    sys.exit(int(bool(bad)))


def opened(path: Path) -> Parcel:
    """A file as read; whatever it is, and also when it is none."""
    message, remedy = "", "Revise la ruta."
    try:
        if path.is_dir():
            message = "Es una carpeta y no un archivo."
        elif not path.exists():
            message = "No existe el archivo."
        elif not path.is_file():
            message = "No es un archivo común."
        elif path.stat().st_size > formats.LARGEST:
            message, remedy = "El archivo es demasiado grande.", f"Divídalo: hasta {formats.LARGEST >> 20} MB."
        else:
            return replace(formats.read(path.name, path.read_bytes()), file=_shown(path))
    except (OSError, ValueError) as wrong:
        said = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else "ruta no válida"
        message = f"No se puede leer el archivo: {said}."
    return Parcel(_shown(path), "", notices=(Notice(Grade.FAULT, "", message, remedy),))


def _shown(path: Path) -> str:
    """A path as it was given; a name that is no text has signs in its place."""
    return str(path).encode("utf-8", "replace").decode()


def summary(parcel: Parcel) -> dict[str, object]:
    """A parcel for programs."""
    return {"file": parcel.file, "format": parcel.format, "counts": parcel.counts, "faults": _plain(parcel.faults),
            "changed": _plain(parcel.graded(Grade.CHANGED)), "remarks": _plain(parcel.graded(Grade.REMARK))}


def _plain(notices: Iterable[Notice]) -> list[dict[str, str]]:
    return [{"place": n.place, "message": n.message, "remedy": n.remedy, "grade": n.grade.value,
             "question": n.question} for n in notices]


def _report(parcel: Parcel, written: Written | None, output: Path, problem: str) -> dict[str, object]:
    told = _by_question(written.notices if written else ())
    lines = [{"question": q.id, "name": q.title, "kind": q.kind, "notices": _plain(told.get(q.id, []))}
             for q in parcel.questions]
    return {**summary(parcel), "output": "" if problem or not written else _shown(output), "error": problem,
            "questions": lines}


def _by_question(notices: Sequence[Notice]) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        found.setdefault(notice.question, []).append(notice)
    return found


def _put(output: Path, content: bytes) -> str:
    """Write the file; why it could not be, "" when it was."""
    try:
        output.write_bytes(content)
    except (OSError, ValueError) as wrong:
        said = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else "ruta no válida"
        return f"No se puede escribir {_shown(output)}: {said}."
    return ""


def _tell(parcel: Parcel) -> None:
    counts = ", ".join(f"{many} {KINDS[kind].label.lower()}" for kind, many in parcel.counts.items())
    label = FORMATS[parcel.format].label if parcel.format in FORMATS else "formato desconocido"
    click.echo(f"{parcel.file} ({label}): {counts or 'ninguna pregunta'}.")
    for notice in parcel.notices:
        _tell_notice(notice)


def _tell_notice(notice: Notice) -> None:
    place = f"{notice.place}: " if notice.place else ""
    click.echo(f"  {WORDS[notice.grade]}: {place}{notice.message} {notice.remedy}")


def _tell_written(parcel: Parcel, written: Written | None, output: Path, problem: str) -> None:
    if written is None or problem:
        click.echo(problem or "No hay nada que convertir.", err=True)
        return
    told = _by_question(written.notices)
    for q in parcel.questions:
        if q.id not in told:
            click.echo(f"  igual: «{q.title}»")
    for notice in written.notices:
        _tell_notice(notice)
    click.echo(f"{_shown(output)} escrito.")
