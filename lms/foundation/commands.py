"""Commands that run and look after an installation: serve, work, migrate, map, doctor."""

import ast
import json
import os
import signal
import sys
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from lms.foundation import health, outbox
from lms.foundation.logs import log
from lms.foundation.migrating import migrate as bring_up
from lms.foundation.running import keep_running
from lms.foundation.settings import ROOT

POLL = 1.0                      # seconds between looks at the outbox


@click.command()
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option("--threads", default=16, show_default=True, help="Threads in each: a slow sender holds one.")
@click.option("--empty", is_flag=True, help="Do not make the demonstration world in an empty database.")
@with_appcontext
def serve(workers: int, threads: int, empty: bool) -> None:
    """Prepare what is missing (tables, courses, demonstration) and serve it with a worker for mail and webhooks."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    for prepare in app.extensions["preparations"]:
        prepare(app, empty)
    port = os.environ.get("PORT", "8000")
    click.echo(f"\n  http://127.0.0.1:{port}   (Ctrl-C stops it)\n")
    sys.exit(keep_running(_server(port, workers, threads), [[sys.executable, "-m", "lms", "work"]],
                          {**os.environ, "PYTHONPATH": str(ROOT)}))


def _server(port: str, workers: int, threads: int) -> list[str]:
    if os.name == "nt":
        return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", f"--threads={threads * 2}", "wsgi:app"]
    return [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", str(workers),
            "--threads", str(threads), "--preload", "--graceful-timeout", "30", "--log-level", "warning",
            "--forwarder-headers", "NONE", "wsgi:app"]      # else a sender may name the prefix of every link


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@with_appcontext
def work(once: bool) -> None:
    """Do what the outbox holds: send mail, call webhooks. `serve` starts one beside itself."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    plans = list(app.extensions.get("repeating", ()))     # jobs that come again: each sees that it is in the outbox
    while not stopping:
        try:
            while plans:
                plans[-1](app)
                plans.pop()
            done = outbox.work(app)
        except OperationalError as wrong:       # the database is away or its disk full: it will be back
            if once:
                raise
            log.error("outbox", exc_info=wrong)
            done = 0
        if once:
            click.echo(f"{done} done or tried")
            return
        if not done:
            time.sleep(POLL)


@click.command()
@click.option("--to", default="head", show_default=True, help="Revision; `base` undoes everything.")
@with_appcontext
def migrate(to: str) -> None:
    """Bring the database to the shape this version expects."""
    bring_up(current_app.extensions["database"].engine, to)
    click.echo("The database is up to date." if to == "head" else f"The database is at {to}.")


@click.command("map")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def map_(as_json: bool) -> None:
    """The rooms of the house, each with its caption and its files."""
    rooms = {}
    for file in sorted((ROOT / "lms").glob("*/__init__.py")):
        caption = (ast.get_docstring(ast.parse(file.read_text())) or "").splitlines()[0]
        rooms[file.parent.name] = {"caption": caption, "files": sorted(p.name for p in file.parent.glob("*.py"))}
    if as_json:
        click.echo(json.dumps(rooms, indent=2))
        return
    for name, room in rooms.items():
        click.echo(f"{name:13} {room['caption']}")
        click.echo(f"{'':13} {' '.join(f for f in room['files'] if f != '__init__.py')}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """What is wrong with this installation and how to mend it. Ends with 1 when something is."""
    found = [*health.findings(current_app), *_permissions(Path(current_app.config["INSTANCE"]))]
    if found[0].well and all(f.well for f in found if f.name == "migrations"):      # what rooms look at in their tables
        found += [look(current_app) for look in current_app.extensions.get("findings", ())]
    if as_json:
        click.echo(json.dumps([vars(f) for f in found], indent=2))
    else:
        for finding in found:
            click.echo(f"{'well ' if finding.well else 'WRONG'}  {finding.name:11} {finding.says}")
            if finding.remedy:
                click.echo(f"       {'':11} {finding.remedy}")
    sys.exit(0 if all(f.well for f in found) else 1)


def _permissions(folder: Path) -> list[health.Finding]:
    open_to_others = [p.name for p in (folder, folder / "secret") if p.exists() and p.stat().st_mode & 0o077]
    return [health.Finding("permissions", not open_to_others,
                           f"others can read: {', '.join(open_to_others)}" if open_to_others else "for this user only",
                           f"chmod -R go-rwx {folder.name}" if open_to_others else "")]
