"""Seals: the school's own keys, electronic signatures of papers, and the inspection of what claims to be ours."""

from flask import Flask

from lms.foundation import outbox
from lms.foundation.clock import now
from lms.seals import models, routes  # noqa: F401
from lms.seals.actions import JOB, Stamping
from lms.seals.checkup import doctor
from lms.seals.papers import Institution
from lms.seals.ring import Ring
from lms.seals.shelf import Shelf
from lms.seals.tokens import Address
from lms.seals.worker import stamp


def install(app: Flask) -> None:
    institution = Institution(app.config.get("SEAL_NAME") or "Escuela de Gobierno Local",
                              app.config.get("SEAL_COUNTRY") or "CL")
    token = Address.read(app.config["PKCS11"]) if app.config.get("PKCS11") else None
    app.extensions["seals"] = Ring(Shelf(app.config["INSTANCE"] / "keys" / "seals"), institution, now, token,
                                   app.config.get("ANCHORS"))
    app.extensions["stamping"] = Stamping.of(app.config.get("SEAL_LEVEL") or "", app.config.get("TSA") or "")
    app.extensions["sealed"] = []       # of rooms above: (session) -> SHA-256 of every sealed paper they keep
    app.extensions.setdefault("findings", []).append(doctor)

    def job(job_id: int, sha256: str) -> None:
        stamp(app, sha256)
    outbox.handles(app, JOB, job)
