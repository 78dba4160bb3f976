"""`lms certificates`: issue for a cohort, verify a file, show a folio, and what a university keeps (escrow)."""

import json
import sys
from pathlib import Path
from time import sleep
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.badges import queries as badges
from lms.catalogue import queries as catalogue
from lms.certificates import actions, escrowed, queries
from lms.certificates import escrow as escrows
from lms.certificates.checking import LARGEST
from lms.certificates.queries import CertificateView
from lms.certificates.routes import shop
from lms.certificates.rules import Mistyped, public, read_folio
from lms.certificates.telling import ANSWERS, facts_of, signature_words, tell
from lms.certificates.verification import bench
from lms.cohorts import queries as cohorts
from lms.completion.rules import lacking
from lms.foundation.clock import now
from lms.people import queries as people
from lms.seals.queries import ring


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
@click.option("--escrow", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Ask this unpacked escrow bundle instead of the database.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def verify(file: Path, folder: Path | None, as_json: bool) -> None:
    """Check a PDF or a badge: the register, its hash, its signatures. Ends with 0 only when it is one that holds."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    source: dict[str, Any] = {}
    if folder:
        try:
            kept = escrowed.read(folder, now())
        except escrowed.BadBundle as wrong:
            raise click.ClickException(str(wrong)) from wrong
        source = {"as_of": kept.made_at.isoformat(), "register_signed_by": kept.signed_by}
        finding = kept.bench.check(content, now())
    else:
        with current_app.extensions["database"].reading() as session:
            finding = bench(session).check(content, now())
    facts = {"file": str(file), **facts_of(finding), **source}
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        click.echo(ANSWERS[finding.answer])
        tell({**facts, "signatures": "; ".join(map(signature_words, facts["signatures"])),
              "problems": ", ".join(facts["problems"])})
    sys.exit(0 if finding.answer in ("valid", "acta", "transcript") else 1)


@certificates.command()
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .zip to write.")
@with_appcontext
def escrow(out: Path) -> None:
    """Write a bundle with which a university can check every certificate without this server: public keys, the signed
    register, the offline page, a checker and instructions. It holds no grade and no document of identity."""
    with current_app.extensions["database"].reading() as session:
        count = escrows.pack(session, ring(), badges.issuing(current_app.config["URL"]), now(), out)
    click.echo(f"{out}: {count} certificates, signed by key {ring().ed25519[0]}. Publish its name apart.")


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
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False)) if as_json else tell(facts)


def _facts(c: CertificateView) -> dict[str, Any]:
    shown, end = public(c.snapshot), {}
    if c.end:
        end = {"ended_at": c.end.at.isoformat(), "reason": c.end.reason, "replaced_by": c.end.by_folio or None}
    return {"folio": c.folio, "state": c.state, "holder": shown.holder, "kind": shown.kind, "title": shown.title,
            "given": shown.given, "hours": shown.hours, "issued": shown.issued, **end}
