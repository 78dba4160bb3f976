"""`lms demo`: makes the demonstration world; `lms serve` makes it by itself in an empty database."""

from random import Random

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from lms.catalogue import actions as catalogue
from lms.catalogue.folder import folder
from lms.certificates.actions import Shop
from lms.foundation.clock import now
from lms.foundation.database import Database
from lms.foundation.migrating import migrate
from lms.home import cast
from lms.home.demo import make
from lms.home.stage import Demo
from lms.people import actions as people
from lms.people import queries as people_queries

NOTICE = "Documento de demostración, sin valor."
PROGRAMME = "diplomado-cooperacion"
LEAST = 5                       # students of a cohort, for the story to have all its people


@click.command()
@click.option("--students", default=12, show_default=True, help="In each of the two cohorts; at least 5.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people and deeds.")
@with_appcontext
def demo(students: int, seed: int) -> None:
    """Make the demonstration: the diploma and two living cohorts. Only in an empty database."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    database: Database = app.extensions["database"]
    migrate(database.engine)
    with database.reading() as session:
        if people_queries.anyone(session):
            raise click.ClickException("There are people in this database already; the demonstration needs an "
                                       "empty one (LMS_INSTANCE=another/folder).")
    build(app, max(students, LEAST), seed)
    tell_accounts()


def build(app: Flask, students: int, seed: int) -> None:
    """Load the courses and make the world in one transaction: all of it or nothing."""
    moment = now()
    with app.extensions["database"].transaction() as session:
        edition_id, faults = catalogue.load(session, None, moment, folder(app.config["COURSES"] / PROGRAMME),
                                            app.extensions["files"])
        if edition_id is None:
            raise click.ClickException("\n".join(map(str, faults)))
        shop = Shop(app.extensions["files"], app.config["URL"], app.extensions["seals"], NOTICE,
                    facts=app.extensions["certificate_facts"])
        make(Demo(session, shop, moment, app.config["URL"], Random(seed), people.hashed(cast.PASSWORD),
                  app.config["SECRET_KEY"], app.extensions["vault"]), edition_id, students)
    (app.config["INSTANCE"] / "demo").touch(mode=0o600)
    app.config["DEMO"] = True


def tell_accounts() -> None:
    click.echo("\n  Demonstration accounts, all with the password:  " + cast.PASSWORD)
    for email, words in ((cast.FIRST["CL"][0], "student, Chile"), (cast.FIRST["AR"][0], "student, Argentina"),
                         ("p2.cl@example.org", "student with the certificate"),
                         ("p3.cl@example.org", "student who can be given it"),
                         ("p4.cl@example.org", "student who lacks one session of the seminar"),
                         ("docente@example.org", "instructor of UNQ"),
                         ("oficina@example.org", "office"), ("coordinacion@example.org", "coordinator"),
                         ("auditoria@example.org", "auditor")):
        click.echo(f"    {email:32} {words}")


def prepare(app: Flask, empty: bool) -> None:
    """What `lms serve` does before it serves: tables, courses, and the demonstration where nobody is yet."""
    database: Database = app.extensions["database"]
    migrate(database.engine)
    with database.reading() as session:
        new = not people_queries.anyone(session)
    if new and not empty:
        click.echo("Making the demonstration world …")
        build(app, 12, 1)
    elif new:
        _load(app)
    if app.config.get("DEMO"):
        tell_accounts()


def _load(app: Flask) -> None:
    for path in sorted(app.config["COURSES"].iterdir()):
        if (path / "programme.toml").exists():
            with app.extensions["database"].transaction() as session:
                _edition, faults = catalogue.load(session, None, now(), folder(path), app.extensions["files"])
            for fault in faults:
                click.echo(str(fault), err=True)
