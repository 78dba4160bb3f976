"""`lms certificates`: issue for a cohort, verify a file, show a folio."""

import json
import sys
from pathlib import Path
from time import sleep
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.catalogue import queries as catalogue
from lms.certificates import actions, queries
from lms.certificates.queries import CertificateView
from lms.certificates.routes import shop
from lms.certificates.rules import Mistyped, public, read_folio
from lms.cohorts import queries as cohorts
from lms.completion.rules import lacking
from lms.foundation.clock import now
from lms.people import queries as people

ANSWERS = {
    "valid": "VALID: the file is, byte by byte, the certificate that was issued, and it holds.",
    "altered": "ALTERED: the file names a certificate that exists, but it is not the document that was issued.",
    "revoked": "REVOKED: the file is what was issued, but the certificate no longer holds.",
    "replaced": "REPLACED: the file is what was issued, but another certificate stands in its place.",
    "unknown": "UNKNOWN: the file is no certificate of this school.",
    "not_pdf": "NOT A PDF: the file is no PDF at all.",
    "empty": "NOT A PDF: the file is empty.",
}


@click.group()
def certificates() -> None:
    """Certificates: issue for a whole cohort, verify a file, show what is known of a folio."""


@certificates.command()
@click.option("--cohort", "cohort_code", required=True, help="The cohort's code, such as CL-2027.")
@click.option("--module", help="Certificates of this module instead of the diploma's.")
@click.option("--dry-run", is_flag=True, help="Say who would be given one and who not; issue nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def issue(cohort_code: str, module: str | None, dry_run: bool, as_json: bool) -> None:
    """Issue for everyone who is complete and has none. Ends with 1 when someone's could not be issued."""
    database = current_app.extensions["database"]
    with database.reading() as session:
        cohort = cohorts.by_code(session, cohort_code)
        if cohort is None:
            raise click.ClickException(f"No cohort has the code {cohort_code!r}. `lms roster --help` tells of cohorts.")
        programme = catalogue.programme(session, cohort.edition_id)
        if module and not programme.module(module):
            raise click.ClickException(f"The programme has no module {module!r}. It has "
                                       f"{', '.join(m.code for m in programme.modules)}.")
        standing = queries.standing(session, cohort, programme, module)
        names = people.by_id(session, standing.verdicts)
    told = []
    for person_id in standing.groups.ready:
        line: dict[str, Any] = {"person": names[person_id].name, "folio": None, "problem": ""}
        if not dry_run:             # each in a transaction of its own: nobody waits for the lock until the last
            with database.transaction() as session:
                outcome = next(actions.issue_all(session, shop(), None, now(), cohort, programme, [person_id], module))
                made = outcome.certificate_id and queries.one(session, cohort.id, outcome.certificate_id)
            sleep(actions.PAUSE)
            line |= {"folio": made.folio if made else None, "problem": outcome.problem}
        told.append(line)
    left_out = [{"person": names[p].name, "why": "one was revoked: issue it by hand" if p in standing.groups.again
                 else lacking(standing.verdicts[p])} for p in
                (*standing.groups.again, *standing.groups.step, *standing.groups.pending)]
    _tell_issued(told, left_out, dry_run, as_json)
    sys.exit(1 if any(t["problem"] for t in told) else 0)


def _tell_issued(told: list[dict[str, Any]], left_out: list[dict[str, str]], dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "issued": told, "left_out": left_out}, indent=2, ensure_ascii=False))
        return
    for line in told:
        outcome = f"NOT ISSUED: {line['problem']}" if line["problem"] else line["folio"] or "would be issued"
        click.echo(f"{line['person']}: {outcome}")
    for out in left_out:
        click.echo(f"{out['person']}: left out: {out['why']}")
    done = sum(not t["problem"] for t in told)
    deed = "would be issued" if dry_run else "issued"
    click.echo(f"{done} {deed}, {len(told) - done} failed, {len(left_out)} left out.")


@certificates.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def verify(file: Path, as_json: bool) -> None:
    """Compare a file with the register. Ends with 0 only when it is a certificate that holds."""
    with current_app.extensions["database"].reading() as session:
        checked = queries.check_file(session, file.read_bytes())
    facts = {"file": str(file), "answer": checked.answer, "sha256": checked.sha256,
             **(_facts(checked.certificate) if checked.certificate else {})}
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        click.echo(ANSWERS[checked.answer])
        _tell(facts)
    sys.exit(0 if checked.answer == "valid" else 1)


@certificates.command()
@click.argument("folio")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def show(folio: str, as_json: bool) -> None:
    """What the register says of a folio."""
    try:
        asked = read_folio(folio)
    except Mistyped as wrong:
        raise click.ClickException(str(wrong)) from wrong
    with current_app.extensions["database"].reading() as session:
        certificate = queries.by_folio(session, asked)
    if certificate is None:
        raise click.ClickException(f"{asked} is not in the register.")
    facts = _facts(certificate) | {"sha256": certificate.sha256, "verify_url": certificate.snapshot.verify_url}
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False)) if as_json else _tell(facts)


def _facts(c: CertificateView) -> dict[str, Any]:
    shown, end = public(c.snapshot), {}
    if c.end:
        end = {"ended_at": c.end.at.isoformat(), "reason": c.end.reason, "replaced_by": c.end.by_folio or None}
    return {"folio": c.folio, "state": c.state, "holder": shown.holder, "kind": shown.kind, "title": shown.title,
            "given": shown.given, "hours": shown.hours, "issued": shown.issued, **end}


def _tell(facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if value not in (None, ""):
            click.echo(f"  {name:11} {value}")
