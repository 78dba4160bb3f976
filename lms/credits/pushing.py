"""The systems that may push: naming one, giving it a secret, ending either."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_bytes

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.credits.models import PushSecret, PushSource
from lms.credits.ports import OFFICE
from lms.credits.receiving import about
from lms.credits.rules import KINDS
from lms.foundation import audit
from lms.foundation.vault import Vault
from lms.foundation.webhooks import KEY, secret_of
from lms.people.rules import Refused

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 40                    # characters of a name
MOST_SECRETS = 5                # that hold at once
OVERLAP = timedelta(hours=24)   # how long the ones before a new one still hold


def open_source(session: Session, vault: Vault, actor_id: int, now: datetime, name: str, title: str,
                kinds: Collection[str], taken: Collection[str]) -> tuple[int, str]:
    """(id, its secret, which is shown this once). `taken`: names of the sources that are asked."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise Refused(f"De 1 a {LONGEST} letras minúsculas sin tilde, cifras y guiones.", "name")
    if name == OFFICE or name in taken or session.scalar(select(PushSource.id).where(PushSource.name == name)):
        raise Refused("Otra fuente se llama o se llamó así. Su nombre queda en el libro: elegir otro.", "name")
    if not kinds or set(kinds) - KINDS.keys():
        raise Refused("Elegir qué puede anotar.", "kinds")
    row = PushSource(name=name, title=title, kinds=" ".join(k for k in KINDS if k in kinds), made_at=now,
                     made_by=actor_id)
    session.add(row)
    session.flush()
    audit.record(session, actor_id, now, "hook.opened", f"hook:{row.id}", name=name)
    return row.id, _new(session, vault, now, row.id)


def add_secret(session: Session, vault: Vault, actor_id: int, now: datetime, source_id: int) -> str:
    """A further secret. Those before hold for a day more, unless they end sooner."""
    row = _standing(session, source_id)
    holding = [s for s in session.scalars(select(PushSecret).where(PushSecret.source_id == row.id))
               if s.until is None or s.until > now]
    if len(holding) >= MOST_SECRETS:
        raise Refused(f"Ya hay {MOST_SECRETS} secretos vigentes. Terminar alguno antes.")
    for old in holding:
        old.until = min(old.until or now + OVERLAP, now + OVERLAP)
    audit.record(session, actor_id, now, "hook.secret_added", f"hook:{row.id}", name=row.name)
    return _new(session, vault, now, row.id)


def end_secret(session: Session, actor_id: int, now: datetime, source_id: int, secret_id: int) -> bool:
    """It holds no more from this moment; False when there is no such one."""
    row = _standing(session, source_id)
    done = session.execute(update(PushSecret).where(
        PushSecret.id == secret_id, PushSecret.source_id == row.id).values(until=now, sealed=""))
    if done.rowcount:  # type: ignore[attr-defined]
        audit.record(session, actor_id, now, "hook.secret_ended", f"hook:{row.id}", name=row.name)
    return bool(done.rowcount)  # type: ignore[attr-defined]


def end_source(session: Session, actor_id: int, now: datetime, source_id: int) -> None:
    """Nothing more is taken from it; what it told stays."""
    row = _standing(session, source_id)
    row.ended_at = now
    session.execute(update(PushSecret).where(PushSecret.source_id == row.id).values(until=now, sealed=""))
    audit.record(session, actor_id, now, "hook.ended", f"hook:{row.id}", name=row.name)


def _standing(session: Session, source_id: int) -> PushSource:
    row = session.get(PushSource, source_id)
    if row is None or row.ended_at is not None:
        raise Refused("Esa fuente terminó.")
    return row


def _new(session: Session, vault: Vault, now: datetime, source_id: int) -> str:
    secret = secret_of(token_bytes(KEY))
    session.add(PushSecret(source_id=source_id, sealed=vault.seal(secret, about(source_id)), made_at=now))
    return secret
