"""Loads a programme's files as an edition: once, for ever, and only when nothing is wrong with them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue import reading, stored
from lms.catalogue.models import Edition
from lms.catalogue.rules import Fault
from lms.foundation import audit

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)       # the same files give the same bytes


def load(session: Session, actor_id: int | None, now: datetime,
         files: Mapping[str, bytes]) -> tuple[str | None, list[Fault]]:
    """(the edition's id, no faults), or (None, all faults). Loading the same files again changes nothing."""
    programme, faults = reading.read(files)
    if programme is None:
        return None, faults
    if session.scalar(select(Edition.id).where(Edition.id == programme.edition)):
        return programme.edition, []
    try:
        with session.begin_nested():
            session.add(Edition(id=programme.edition, programme=programme.slug, title=programme.title, loaded_at=now,
                                content=stored.pack(programme), sources=zipped(files)))
            session.flush()
    except IntegrityError:              # another process loaded it meanwhile
        return programme.edition, []
    audit.record(session, actor_id, now, "edition.loaded", f"edition:{programme.edition[:12]}",
                 programme=programme.slug)
    return programme.edition, []


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The author's files in one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unzipped(packed: bytes) -> dict[str, bytes]:
    """The files as they were loaded, by their names."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}
