"""Commands for the roster: see what a file would do to a cohort, and do it."""

import io
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.cohorts import batches, queries
from lms.cohorts.batches import Preview
from lms.cohorts.verdicts import ALREADY, KNOWN, NEW, REFUSED, RETURNS, Verdict
from lms.foundation.clock import now
from lms.foundation.spreadsheet import Unreadable

MOST_ROWS = 10_000
WORDS = {NEW: "se agrega", KNOWN: "ya tiene cuenta", RETURNS: "se reincorpora", ALREADY: "sin cambios",
         REFUSED: "no se importa"}


@click.group()
def roster() -> None:
    """Enrol people from a spreadsheet."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cohort", "code", required=True, metavar="C", help="Code of the cohort, such as CL-2027.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen to each row.")
@click.option("--better-names", is_flag=True, help="Write names that come in capitals as suggested.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def import_(file: Path, code: str, dry_run: bool, better_names: bool, as_json: bool) -> None:
    """Enrol the good rows of FILE (csv, tsv, xlsx, xls, ods) and tell the verdict of every row.

    Importing the same file again changes nothing. Ends with 1 when a row was left out.
    """
    database, content = current_app.extensions["database"], file.read_bytes()
    batch_id = None
    with database.reading() if dry_run else database.transaction() as session:
        cohort = queries.by_code(session, code)
        if cohort is None:
            known = ", ".join(c.code for c in queries.cohorts(session, None)) or "ninguna"
            _stop(f"No hay una cohorte con código «{code}». Las que hay: {known}.", as_json)
        try:
            sheet = batches.read(file.name, content, cohort.country, MOST_ROWS)
        except Unreadable as unreadable:
            _stop(f"{file.name}: {unreadable}", as_json)
        if dry_run:
            judged = batches.preview(session, cohort, sheet)
        else:
            current_app.extensions["files"].put(io.BytesIO(content), len(content))
            batch_id, judged = batches.take_in(session, None, now(), cohort, sheet, sha256(content).hexdigest(),
                                               current_app.config["URL"], better_names)
    _tell(judged, batch_id, dry_run, as_json)
    sys.exit(1 if judged.counts[REFUSED] else 0)


def _tell(judged: Preview, batch_id: int | None, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({
            "file": judged.sheet.name, "reading": judged.sheet.reading, "dry_run": dry_run, "batch": batch_id,
            "ignored_columns": [heading for heading, _why in judged.sheet.columns.ignored],
            "counts": {outcome: judged.counts[outcome] for outcome in WORDS},
            "new_institutions": judged.new_institutions,
            "rows": [_row(v) for v in judged.verdicts]}, ensure_ascii=False, indent=2))
        return
    click.echo(f"{judged.sheet.name}: {judged.sheet.reading}.")
    for heading, why in judged.sheet.columns.ignored:
        click.echo(f"  columna «{heading}» no se usa. {why}".rstrip())
    for verdict in judged.verdicts:
        click.echo(f"  fila {verdict.entry.row:>4}  {WORDS[verdict.outcome]:16} {verdict.entry.name.formal}")
        for remark in verdict.remarks:
            click.echo(f"             {remark.column or 'fila'}: {remark.message} {remark.remedy}".rstrip())
    counts = (f"{judged.counts[outcome]} {words}" for outcome, words in WORDS.items() if judged.counts[outcome])
    click.echo(f"{', '.join(counts)}. {'Nada se ha guardado: fue un ensayo.' if dry_run else _kept(batch_id)}")


def _row(verdict: Verdict) -> dict[str, Any]:
    """One row for programs; no identity document leaves with it."""
    return {"row": verdict.entry.row, "outcome": verdict.outcome, "email": verdict.entry.email,
            "name": verdict.entry.name.full, "remarks": [
                {"column": r.column, "message": r.message, "remedy": r.remedy, "fault": r.fault}
                for r in verdict.remarks]}


def _kept(batch_id: int | None) -> str:
    return f"Importación {batch_id} guardada." if batch_id else "Nada cambió."


def _stop(message: str, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"error": message}, ensure_ascii=False) if as_json else message, err=not as_json)
    sys.exit(1)
