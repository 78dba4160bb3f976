"""`lms actas`: look through the whole register, write down its head, mail it to the witnesses."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.actas import heads, verifying, witnesses
from lms.actas.chain import Head
from lms.foundation.clock import now
from lms.foundation.files import store
from lms.seals.queries import ring


@click.group()
def actas() -> None:
    """Actas: check that none was changed, swapped or taken away; keep and mail the head of their chain."""


@actas.command()
@click.option("--head", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A head saved before (by `lms actas head`, or a witness's mail); may be given more than once.")
@click.option("--no-files", is_flag=True, help="Do not look at the papers in the file store.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def verify(files: tuple[Path, ...], no_files: bool, as_json: bool) -> None:
    """Recompute every hash and the chain from the database and the files. Ends with 1 at the first bad record, which
    it names."""
    saved = _saved(files)
    with current_app.extensions["database"].reading() as session:
        report = verifying.verify(session, None if no_files else store(), ring(), saved)
    if as_json:
        click.echo(json.dumps({"ok": not report.problems, "records": report.records, "heads": report.heads,
                               "problems": [asdict(p) for p in report.problems]}, ensure_ascii=False, indent=2))
    else:
        for problem in report.problems[:20]:
            click.echo(f"{problem.sequence:>6}  {problem.folio or '-':<20}  {problem.why}")
        if len(report.problems) > 20:
            click.echo(f"… and {len(report.problems) - 20} more")
        click.echo(f"{report.records} actas and {report.heads} saved heads looked at: " + (
            f"NOT RIGHT. The first bad record is {report.problems[0].sequence}." if report.problems else "all right."))
    sys.exit(1 if report.problems else 0)


@actas.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.option("--mail", "mailed", is_flag=True, help="Also mail it to the witnesses (LMS_WITNESSES).")
@with_appcontext
def head(out: Path | None, mailed: bool) -> None:
    """Print where the chain ends now, signed by the school. Keep it elsewhere: `lms actas verify --head FILE`."""
    with current_app.extensions["database"].transaction() as session:
        found = heads.head(session, ring(), now())
        count = witnesses.send(session, current_app, now()) if mailed else 0
    if found is None:
        raise click.ClickException("No acta is closed yet.")
    if out:
        out.write_text(found.to_json() + "\n", "utf-8")
    else:
        click.echo(found.to_json())
    if mailed:
        click.echo(f"Mailed to {count} witnesses.", err=True)


def _saved(files: tuple[Path, ...]) -> list[Head]:
    """Those beside the database and those given; a file that holds none is a mistake to be told."""
    found = heads.kept(current_app.config["INSTANCE"] / "actas")
    for path in files:
        given = heads.read(path.read_text("utf-8", "replace").splitlines())
        if not given:
            raise click.ClickException(f"{path} holds no head: it is a line that begins with a brace.")
        found += given
    return found
