"""Loads a programme's files as an edition, once and for ever, if they have no fault; keeps what questions show."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue import media, reading, stored
from lms.catalogue.models import Edition, MediaFile
from lms.catalogue.quiz_files import media_of
from lms.catalogue.rules import Fault
from lms.foundation import audit
from lms.foundation.files import Store

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)       # the same files give the same bytes


def load(session: Session, actor_id: int | None, now: datetime,
         files: Mapping[str, bytes], store: Store | None = None) -> tuple[str | None, list[Fault]]:
    """(the edition's id, no faults), or (None, all faults). Loading the same files again changes nothing. The images of
    its questions go to the store, if one is given."""
    programme, faults = reading.read(files)
    if programme is None:
        return None, faults
    if store is not None:
        keep_media(session, store, now, *media_of(programme, files))
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


def keep_media(session: Session, store: Store, now: datetime, contents: Mapping[str, bytes],
               names: Mapping[str, str]) -> set[str]:
    """Keep what questions show, each file once: sha256 -> bytes, and -> its name. Gives the digests that are kept; what
    is of no type that is shown, or not cleaned, is not."""
    known = set(session.scalars(select(MediaFile.sha256).where(MediaFile.sha256.in_(contents)))) if contents else set()
    for sha256, content in contents.items():
        found = media.taken(names.get(sha256, "archivo"), content)
        if sha256 in known or isinstance(found, str) or found[0].sha256 != sha256:
            continue
        store.put(io.BytesIO(found[1]), media.BIGGEST)
        try:
            with session.begin_nested():
                session.add(MediaFile(sha256=sha256, name=found[0].name[:200], kind=found[0].kind, size=found[0].size,
                                      added_at=now))
        except IntegrityError:          # another process kept it meanwhile
            pass
        known.add(sha256)
    return known & contents.keys()


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
