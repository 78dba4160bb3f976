"""`lms credits pull`: ask the sources for what is new."""

import json
import sys
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.cohorts import queries as cohorts
from lms.credits.asking import LIMIT
from lms.credits.pulling import Pulled
from lms.credits.pulling import pull as pull_all
from lms.foundation.clock import now


@click.group()
def credits() -> None:
    """The ledger of seminar attendance and internship credits."""


@credits.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]),
              help="What is new since this day (UTC); otherwise since the last good answer, less a week.")
@click.option("--cohort", "code", help="Only this cohort's code; otherwise every cohort.")
@click.option("--source", "name", help="Only this source; otherwise every source.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def pull(since: datetime | None, code: str | None, name: str | None, as_json: bool) -> None:
    """Ask the sources for what is new. Ends with 1 when one of them failed, 2 when what is named is not there."""
    app = current_app
    database, sources = app.extensions["database"], app.extensions["sources"]
    with database.reading() as session:
        ids = {c.code: c.id for c in cohorts.cohorts(session, None)}
    for wanted, there, what in ((name, sources, "source"), (code, ids, "cohort")):
        if wanted is not None and wanted not in there:
            raise click.UsageError(f"there is no {what} {wanted!r}; there are: {', '.join(there) or 'none'}")
    asked = {name: sources[name]} if name else sources
    told = pull_all(database, app.extensions["asker"], asked, now(), LIMIT, asked_by="command",
                    cohort_ids=[ids[code]] if code else None, since=since.replace(tzinfo=UTC) if since else None)
    if as_json:
        click.echo(json.dumps([{**vars(t), "refused": [list(r) for r in t.refused]} for t in told], indent=2,
                              ensure_ascii=False))
    for t in [] if as_json else told:
        _say(t)
    if not asked and not as_json:
        click.echo("No source is installed. See docs/plugging-in-a-source.md.")
    sys.exit(1 if any(t.error for t in told) else 0)


def _say(t: Pulled) -> None:
    click.echo(f"{t.source} {t.cohort}: {t.taken} new, {t.known} known, {len(t.refused)} refused"
               + (f"; FAILED: {t.error}" if t.error else ""))
    for reference, why in t.refused[:20]:
        click.echo(f"  {reference}: {why}")
