"""`lms office add`: the first account of the office, on a machine where nobody can invite anybody yet."""

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.foundation.clock import now
from lms.people import actions, links
from lms.people.rules import Refused, Role


@click.group()
def office() -> None:
    """Accounts of the office."""


@office.command()
@click.argument("email")
@click.argument("given_names")
@click.argument("surname1")
@click.argument("surname2", required=False)
@with_appcontext
def add(email: str, given_names: str, surname1: str, surname2: str | None) -> None:
    """Open an office account and print its one-time link (valid for 14 days)."""
    url = current_app.config["URL"]
    try:
        with current_app.extensions["database"].transaction() as session:
            person_id = actions.invite(session, None, now(), email=email, given_names=given_names, surname1=surname1,
                                       surname2=surname2, base_url=url, mailed=False)
            actions.grant(session, None, now(), person_id, Role.OFFICE)
            link = links.make(session, now(), person_id, "invitation", url)
    except Refused as why:
        raise click.ClickException(str(why)) from why
    click.echo(f"Open this link once to choose a password:\n  {link}")
