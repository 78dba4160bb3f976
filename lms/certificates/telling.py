"""What was found out of a file, for programs and for whoever reads a terminal."""

from typing import Any

import click

from lms.certificates.checking import Finding
from lms.certificates.rules import public

ANSWERS = {
    "valid": "VALID: it is what was issued, and it holds.",
    "revoked": "REVOKED: it is what was issued, but the certificate no longer holds.",
    "replaced": "REPLACED: it is what was issued, but another certificate stands in its place.",
    "altered": "ALTERED: the file names a certificate that exists, but it is not the document that was issued.",
    "appended": "NOT AS ISSUED: the file begins with the document that was issued, and something was added behind it.",
    "acta": "ACTA: it is the file of a closed acta, and it holds.",
    "acta_rectified": "ACTA, RECTIFIED: it is the file of a closed acta, and another acta corrects it.",
    "acta_altered": "ALTERED: the file names a closed acta, but it is not the file that was closed.",
    "acta_appended": "NOT AS CLOSED: the file begins with that of a closed acta, and something was added behind it.",
    "transcript": "TRANSCRIPT: whole, with the school's own signature. It says what held on its day.",
    "sealed": "NOT IN THE REGISTER: the school's own signature holds, but this is no certificate, acta or transcript.",
    "own_name": "FORGED: signed with a certificate that bears the school's name and is not the school's.",
    "foreign": "UNKNOWN: the file is no certificate of this school. Somebody else signed it.",
    "broken": "ALTERED: the file carries the school's signature, but it does not fit what the file says.",
    "several": "ALTERED: the file claims more than one signature of the school.",
    "unknown": "UNKNOWN: the file is no certificate of this school.",
    "bad_badge": "NOT VALID: a badge that does not hold.",
    "foreign_badge": "UNKNOWN: a badge, but not of this school.",
    "other": "NEITHER PDF NOR BADGE: nothing of ours is in this file.",
    "empty": "NEITHER PDF NOR BADGE: the file is empty.",
    "too_large": "TOO LARGE: no certificate and no badge has more than 5 MB.",
}


def facts_of(finding: Finding) -> dict[str, Any]:
    """What is known of a file, for programs."""
    told: dict[str, Any] = {"answer": finding.answer, "form": finding.form, "sha256": finding.sha256,
                            "time_stamped": finding.stamped, "signatures": [], "problems": []}
    if finding.inspection:
        told["problems"] = [] if finding.signers else list(finding.inspection.problems)
        told["signatures"] = [{"name": one.name, "at": one.at.isoformat() if one.at else None, "ours": one.ours,
                               "holds": one.intact, "trusted": one.trusted, "covers_all": one.whole, "level": one.level,
                               "time_stamp": one.stamp} for one in finding.inspection.signatures]
    if finding.badge:
        told["problems"] = [problem.name for problem in finding.badge.problems]
    if finding.acta:
        told |= {"acta": finding.acta.folio, "closed_at": finding.acta.closed_at.isoformat(),
                 "closed_sha256": finding.acta.paper_sha256, "rectified_by": finding.rectified_by or None}
    if finding.day:
        told["day"] = finding.day.isoformat()
    certificate = finding.certificate
    if certificate:
        told |= {"folio": certificate.folio, "state": certificate.state,
                 "issued_at": certificate.issued_at.isoformat(), "issued_sha256": certificate.sha256}
        if certificate.end:
            told |= {"ended_at": certificate.end.at.isoformat(), "reason": certificate.end.reason,
                     "replaced_by": certificate.end.by_folio or None}
        if finding.genuine and hasattr(certificate, "snapshot"):
            shown = public(certificate.snapshot)
            told |= {"holder": shown.holder, "kind": shown.kind, "title": shown.title, "given": shown.given,
                     "hours": shown.hours, "issued": shown.issued}
    return told


def signature_words(one: dict[str, Any]) -> str:
    whose = "the school's" if one["ours"] else "a time stamp by" if one["time_stamp"] else "not the school's:"
    holds = "holds" if one["holds"] and (one["trusted"] or not one["ours"]) else "DOES NOT HOLD"
    return f"{whose} {one['name']}, {(one['at'] or 'undated')[:10]}, {holds}"


def tell(facts: dict[str, Any]) -> None:
    """Each fact on a line."""
    for name, value in facts.items():
        if value not in (None, ""):
            click.echo(f"  {name:11} {value}")
