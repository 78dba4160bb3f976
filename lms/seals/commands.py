"""`lms seals`: the school's keys, time stamps of its papers, and the inspection of a file (docs/signatures.md)."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from lms.foundation.clock import now
from lms.seals import actions, pdf, queries
from lms.seals.checkup import findings
from lms.seals.keys import PublicKey
from lms.seals.ring import UnknownKey
from lms.seals.timekeeping import NoTimeStamp, Unsound
from lms.seals.tokens import NoToken
from lms.seals.worker import stamp

JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
def seals() -> None:
    """Keys that sign papers, badges and QR codes, and the papers' time stamps."""


@seals.command()
@JSON
@with_appcontext
def keys(as_json: bool) -> None:
    """Every key with its state, oldest first; makes the first ones."""
    try:
        found = queries.ring().public()
    except NoToken as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if as_json:
        click.echo(json.dumps([{"kid": key.kid, "kind": key.kind, "state": _state(key), "since": key.since.isoformat(),
                                "reason": key.reason, "pem": key.pem} for key in found], indent=2, ensure_ascii=False))
        return
    for key in found:
        click.echo(f"{key.kid}  {key.kind:9}  since {key.since:%Y-%m-%d}  {_state(key)}")


def _state(key: PublicKey) -> str:
    if key.revoked_at:
        return f"revoked from {key.revoked_at:%Y-%m-%d %H:%M} UTC: {key.reason}"
    return f"signed until {key.until:%Y-%m-%d}" if key.until else "signs"


@seals.command()
@click.argument("kind", type=click.Choice(["seal", "badge", "authority"]))
@with_appcontext
def rotate(kind: str) -> None:
    """Begin with a new key and destroy the private half of the old one: what it signed stays good. A new authority
    certifies a new seal at once."""
    try:
        name = queries.ring().rotate(kind, now())
    except NoToken as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(f"From now on {name} signs.")


@seals.command()
@click.argument("kid")
@click.option("--reason", required=True, help="Shown to whoever checks a paper.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="In UTC: since when it may have "
              "been in other hands. Without it: now.")
@click.option("--not-stolen", is_flag=True, help="It is not in other hands: it only may not be used any more.")
@with_appcontext
def revoke(kid: str, reason: str, since: datetime | None, not_stolen: bool) -> None:
    """What this key signed from then on is not to be believed any more. Papers whose time stamp, or entry in the
    register, is older stay good."""
    moment = since.replace(tzinfo=UTC) if since else now()
    if moment > now():
        raise click.ClickException("A key can not be revoked from a day to come.")
    try:
        key = queries.ring().revoke(kid, moment, reason, now(), stolen=not not_stolen)
    except UnknownKey as wrong:
        raise click.ClickException(f"No key is called {kid}. `lms seals keys` lists them.") from wrong
    except ValueError as wrong:
        raise click.ClickException(f"{kid} was revoked before; that stays as it is.") from wrong
    click.echo(f"{key.kid} ({key.kind}) is revoked from {moment:%Y-%m-%d %H:%M} UTC. The next use makes a new one.")


@seals.command()
@JSON
@with_appcontext
def check(as_json: bool) -> None:
    """Are keys, certificates, token and time-stamp settings as they should be? Ends with 1 when something is not."""
    found = findings(current_app)
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], indent=2, ensure_ascii=False))
    for one in () if as_json else found:
        click.echo(f"{'well ' if one.well else 'WRONG'}  {one.name:11} {one.says}")
        if one.remedy:
            click.echo(f"       {'':11} {one.remedy}")
    sys.exit(0 if all(one.well for one in found) else 1)


@seals.command()
@click.option("--dry-run", is_flag=True, help="Say how many need a time stamp; ask nobody.")
@with_appcontext
def renew(dry_run: bool) -> None:
    """Give a time stamp to every sealed paper that lacks one, or whose last one ages. Run it once a month; run again,
    it goes on where it was. Ends with 1 when the authority did not answer."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stamping = app.extensions["stamping"]
    with app.extensions["database"].reading() as reading:
        originals = [digest for papers in app.extensions["sealed"] for digest in papers(reading)]
        due = [one.original for one in actions.waiting(reading, originals, stamping, now())]
    if dry_run or not due:
        click.echo(f"{len(due)} of {len(originals)} papers need a time stamp.")
        return
    done, wrong = 0, ""
    for original in due:
        try:
            done += stamp(app, original)
        except (NoTimeStamp, Unsound) as problem:
            wrong = str(problem)
            click.echo(f"{original[:16]}: {wrong}", err=True)
            if isinstance(problem, NoTimeStamp):        # it is down for the next one too
                break
    click.echo(f"{done} of {len(due)} papers were stamped.")
    sys.exit(1 if wrong else 0)


@seals.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
@with_appcontext
def inspect(file: Path, as_json: bool) -> None:
    """Is this PDF sealed by us, whole and unchanged? Ends with 0 only then. (The register is not asked: for that,
    `lms certificates verify`.)"""
    found = pdf.inspect(file.read_bytes(), queries.ring(), now())
    told = {"sound": found.sound, "problems": list(found.problems),
            "signatures": [{**vars(one), "at": one.at.isoformat() if one.at else None} for one in found.signatures]}
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("SOUND: sealed by this school, whole and unchanged." if found.sound
                   else f"NOT SOUND: {', '.join(found.problems)}.")
        for one in found.signatures:
            click.echo(f"  {one.name or '?'}  {one.at or ''}  {'ours, ' + one.level if one.ours else 'not ours'}"
                       f"{', time stamp' if one.stamp else ''}{'' if one.intact else ', DOES NOT HOLD'}")
    sys.exit(0 if found.sound else 1)
