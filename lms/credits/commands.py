"""`lms credits pull`: ask the installed sources for what is new."""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.cohorts import queries as cohorts
from lms.credits import actions
from lms.foundation.clock import now


@click.group()
def credits() -> None:
    """The ledger of seminar attendance and internship credits."""


@credits.command()
@click.option("--cohort", "code", help="Only this cohort's code; otherwise every cohort.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def pull(code: str | None, as_json: bool) -> None:
    """Ask every installed source for what is new. Ends with 1 when one of them failed."""
    told = []
    for name, (group, source) in current_app.extensions["sources"].items():
        with current_app.extensions["database"].transaction() as session:
            for cohort in cohorts.cohorts(session, None):
                if code in (None, cohort.code):
                    p = actions.pull(session, now(), cohort, name, group, source)
                    told.append({"source": name, "cohort": cohort.code, "taken": p.taken, "known": p.known,
                                 "refused": json.loads(p.refused), "error": p.error})
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    for t in [] if as_json else told:
        click.echo(f"{t['source']} {t['cohort']}: {t['taken']} new, {t['known']} known, {len(t['refused'])} refused"
                   + (f"; FAILED: {t['error']}" if t["error"] else ""))
    if not told and not as_json:
        click.echo("No source is installed. See docs/plugging-in-a-source.md.")
    sys.exit(1 if any(t["error"] for t in told) else 0)
