"""`lms receipts`: verify receipts of answers without the network, show the public keys, begin with a new key.
`lms answers`: bring back from the journal what a lost disk took."""

import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.attempts import rebuilding
from lms.attempts.keys import Keyring
from lms.attempts.proof import told_keys
from lms.attempts.receipts import Verified, Wrong
from lms.attempts.receipts import verify as check
from lms.foundation.clock import now
from lms.foundation.database import database
from lms.foundation.settings import instance_folder

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def receipts() -> None:
    """Receipts that students keep of their answers (docs/receipts.md)."""


@receipts.command()
@click.argument("file", type=FILE)
@click.option("--keys", "keys_file", type=FILE, help="The public keys, as /claves gives them. Without it: of this "
                                                      "installation.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(file: Path, keys_file: Path | None, as_json: bool) -> None:
    """Verify a file of receipts. Ends with 0 only when every one of them holds; else names the first bad line."""
    try:
        told = check(file.read_text("utf-8"), _keys(keys_file))
        wrong = None
    except UnicodeDecodeError:
        told, wrong = Verified(), Wrong(1, "this is not a text in UTF-8")
    except Wrong as found:
        told, wrong = Verified(), found
    facts: dict[str, Any] = {"file": str(file), "holds": wrong is None, "receipts": told.count,
                             "attempts": told.attempts, "gaps": told.gaps, "keys": sorted(told.keys)}
    if wrong:
        facts |= {"line": wrong.line, "why": wrong.why}
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        _tell(facts)
    sys.exit(0 if wrong is None else 1)


def _tell(facts: dict[str, Any]) -> None:
    if not facts["holds"]:
        click.echo(f"{facts['file']}, line {facts['line']}: {facts['why']}.")
        return
    attempts = ", ".join(f"{count} of attempt {attempt}" for attempt, count in facts["attempts"].items())
    click.echo(f"{facts['file']}: all hold: {attempts}.")
    for gap in facts["gaps"]:
        click.echo(f"  There is no receipt here of attempt {gap}: what these say is proved, what lies between is not.")


def _keys(file: Path | None) -> dict[str, bytes]:
    if file is None:
        folder = instance_folder() / "keys" / "receipts"
        if not folder.is_dir():
            raise click.ClickException(f"This installation has signed nothing yet ({folder} is not there). "
                                       "Give the public keys with --keys FILE: they stand at /claves of the site.")
        return Keyring(folder, "").public()
    try:
        told = json.loads(file.read_text("utf-8"))["claves"]
        return {one["clave"]: b64decode(one["publica"], validate=True) for one in told}
    except (ValueError, KeyError, TypeError) as wrong:
        raise click.ClickException(f"{file} is not a file of public keys as /claves gives it.") from wrong


@receipts.command()
@with_appcontext
def keys() -> None:
    """The public keys, as /claves shows them."""
    ring: Keyring = current_app.extensions["receipt_keys"]
    told = {"formato": "lms-claves 1", "sitio": ring.site, "claves": told_keys(ring.public())}
    click.echo(json.dumps(told, indent=2))


@receipts.command()
@with_appcontext
def rotate() -> None:
    """Sign with a new key from now on, and destroy the old one; its public half stays, so that old receipts verify."""
    ring: Keyring = current_app.extensions["receipt_keys"]
    click.echo(f"From now on {ring.rotate()} signs.")


@click.group()
def answers() -> None:
    """The second copy of answers that LMS_JOURNAL keeps on another disk (docs/running-it.md)."""


@answers.command()
@with_appcontext
def state() -> None:
    """One hash over who answered what, to compare before and after."""
    with database().reading() as reading:
        click.echo(rebuilding.state(reading))


@answers.command()
@click.argument("journal", type=FILE)
@with_appcontext
def rebuild(journal: Path) -> None:
    """Put back, on top of the last backup, attempts and answers that are in JOURNAL and not in the database."""
    noted = rebuilding.gather(journal)
    with database().transaction() as session:
        done = rebuilding.rebuild(session, noted, now())
    click.echo(f"Brought back: {done.attempts} attempts, {done.answers} answers; {done.ended} handed in. "
               f"Written down but never acknowledged, left out: {done.never_kept}.")
    for problem in done.problems:
        click.echo(problem, err=True)
    sys.exit(1 if done.problems else 0)
