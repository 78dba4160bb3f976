"""A register of actas changed in every way a database administrator can, one change at a time; each must be found.

Each change is made in a transaction, with triggers and foreign keys out of the way, looked at and taken back.
"""

import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import text
from sqlalchemy.orm import Session

from lms.actas import heads, queries, verifying
from lms.actas.chain import Head, link, signed
from lms.actas.models import KEPT, ActaDecision, ActaSignature
from lms.actas.rules import digest
from lms.seals.queries import ring
from tests.actas import Registry

# What has no meaning of its own may change: the number of a signature's row.
FREE = {("acta_signatures", "id"), ("acta_decisions", "id"), ("acta_ends", "acta_id")}
OWNER = {           # table -> which closed record a row of it belongs to
    "closed_actas": "SELECT :id", "actas": "SELECT sequence FROM closed_actas WHERE acta_id = :id",
    "acta_submissions": "SELECT sequence FROM closed_actas WHERE submission_id = :id",
    "acta_signatures": "SELECT sequence FROM closed_actas c JOIN acta_signatures s ON s.submission_id = c.submission_id "
                       "WHERE s.id = :id",
    "acta_decisions": "SELECT sequence FROM closed_actas c JOIN acta_decisions d ON d.acta_id = c.acta_id WHERE d.id = :id",
}


@dataclass(frozen=True)
class Change:
    name: str
    at: int                                     # the record that is the first bad one
    make: Callable[[Session], None]


@dataclass
class Register:
    """The register of an installation, and a head saved when it was whole."""
    app: object
    session: Session
    chance: random.Random

    def __post_init__(self) -> None:
        self.ring = ring(self.app)
        self.store = self.app.extensions["files"]
        self.records = queries.register(self.session)
        self.saved = heads.head(self.session, self.ring, self.records[-1].closed_at)
        self.postgres = self.session.get_bind().dialect.name == "postgresql"

    def unlock(self, session: Session) -> None:
        """As whoever owns the database may."""
        if self.postgres:
            session.execute(text("SET session_replication_role = replica"))
            return
        for kept in KEPT:
            for deed in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {kept.__tablename__}_no_{deed}"))

    def found(self, change: Change, with_head: bool = False) -> str:
        """"" when the change is found and the right record named first; else what was said."""
        session = self.session
        session.expire_all()
        try:
            self.unlock(session)
            change.make(session)
            session.expire_all()
            report = verifying.verify(session, self.store, self.ring, [self.saved] if with_head else [])
        finally:
            session.rollback()
        if report.first is None:
            return "not found"
        return "" if report.first.sequence == change.at else f"named {report.first}, not {change.at}"

    def clean(self) -> bool:
        return not verifying.verify(self.session, self.store, self.ring, [self.saved]).problems

    # What an administrator may do ------------------------------------------------------------------------------------

    def cells(self) -> Iterator[Change]:
        """Every column of every row that stands behind a closed acta, each changed a little."""
        for kept in KEPT:
            table = kept.__table__
            if table.name not in OWNER:
                continue
            (key,) = table.primary_key.columns
            for row in self.session.execute(table.select()).mappings().all():
                owner = self.session.execute(text(OWNER[table.name]), {"id": row[key.name]}).scalar()
                if owner is None:
                    continue
                for column in table.columns:
                    if (table.name, column.name) not in FREE:
                        for changed in self.spoilt(column.name, row[column.name]):
                            yield self._cell(table, key, row[key.name], column, changed, owner)

    def _cell(self, table, key, at, column, changed, owner) -> Change:
        first = min(owner, changed) if column.name == "sequence" else owner
        return Change(f"{table.name}.{column.name} of {at} to {str(changed)[:30]!r}", first, lambda session: session.execute(
            table.update().where(key == at).values({column.name: changed})))

    def spoilt(self, name: str, value: object) -> list[object]:
        """Other values of this kind."""
        if isinstance(value, str) and value:
            at = self.chance.randrange(len(value))
            flipped = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1:]
            return [flipped, value[:-1], value[:-1] + ("x" if value[-1] != "x" else "y")]
        if value == "":
            return ["x"]
        if value is None:
            return [1000] if name == "rectifies" else []
        if isinstance(value, int):
            return [value + 1000, -value]
        return [value + self.a_little(value)]

    def a_little(self, value: object) -> object:
        return timedelta(microseconds=1) if isinstance(value, datetime) else Fraction(1, 1000)

    def rows(self) -> Iterator[Change]:
        """Rows taken away, added, swapped and renumbered."""
        last = self.records[-1].sequence
        for r in self.records:
            yield Change(f"closed {r.sequence} deleted", r.sequence, self.sql(
                f"DELETE FROM closed_actas WHERE sequence = {r.sequence}"))
            yield Change(f"closed {r.sequence} deleted and the rest moved up", r.sequence, self.sql(
                f"DELETE FROM closed_actas WHERE sequence = {r.sequence}",
                *(f"UPDATE closed_actas SET sequence = {s - 1} WHERE sequence = {s}" for s in range(r.sequence + 1, last + 1))))
            for table, column, value in (("actas", "id", r.acta_id), ("acta_submissions", "id", r.submission_id),
                                         ("acta_signatures", "submission_id", r.submission_id)):
                yield Change(f"{table} of {r.sequence} deleted", r.sequence, self.sql(
                    f"DELETE FROM {table} WHERE {column} = {value}"))
            yield Change(f"acta of {r.sequence} annulled", r.sequence, self.sql(
                "INSERT INTO acta_ends (acta_id, reason, ended_at, ended_by) "
                f"VALUES ({r.acta_id}, 'x', '2027-01-01 00:00:00', 1)"))
            yield Change(f"a signature more on {r.sequence}", r.sequence, lambda session, r=r: session.add(ActaSignature(
                submission_id=r.submission_id, person_id=7, sha256="0" * 64, signed_at=r.closed_at)))
            yield Change(f"something more said in {r.sequence}", r.sequence, lambda session, r=r: session.add(ActaDecision(
                acta_id=r.acta_id, person_id=1, state="absent", decided_by=1, decided_at=r.closed_at)))
        for a in self.records:
            for b in self.records[a.sequence:]:
                yield Change(f"{a.sequence} and {b.sequence} swapped", a.sequence, self.sql(
                    f"UPDATE closed_actas SET sequence = 90001 WHERE sequence = {a.sequence}",
                    f"UPDATE closed_actas SET sequence = {a.sequence} WHERE sequence = {b.sequence}",
                    f"UPDATE closed_actas SET sequence = {b.sequence} WHERE sequence = 90001"))

    def series(self) -> Iterator[Change]:
        end = self.records[-1].sequence + 1
        for name, change in (("raised", "UPDATE acta_series SET last = last + 1"), ("lowered", "UPDATE acta_series SET last = last - 1"),
                             ("gone", "DELETE FROM acta_series"), ("another year", "UPDATE acta_series SET year = year + 100")):
            yield Change(f"series {name}", end, self.sql(change))

    def rebuilt(self) -> Iterator[Change]:
        """The chain made anew from a record on, every hash right, by someone without the school's key."""
        for r in self.records:
            for forged in ("0" * 88, b64encode(bytes(64)).decode(), self.records[0].signature if r.sequence > 1 else ""):
                yield Change(f"chain rebuilt from {r.sequence}, signed {forged[:5]!r}", r.sequence,
                             lambda session, r=r, forged=forged: self._rebuild(session, r.sequence, forged))

    def _rebuild(self, session: Session, start: int, forged: str | None) -> None:
        before = self.records[start - 2].link if start > 1 else "0" * 64
        for r in self.records[start - 1:]:
            said = json.loads(r.snapshot)
            said["previous"] = before
            if r.sequence == start:
                said["closer"] = "Otra Persona"
            snapshot = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            sha256 = digest(snapshot.encode())
            bound = link(r.sequence, sha256, before, r.paper_sha256)
            made = forged if forged is not None else b64encode(self.ring.sign(signed(bound))[1]).decode()
            session.execute(text("UPDATE closed_actas SET snapshot = :s, sha256 = :h, previous = :p, link = :l, signature = :g "
                                 "WHERE sequence = :n"), {"s": snapshot, "h": sha256, "p": before, "l": bound, "g": made,
                                                          "n": r.sequence})
            before = bound

    def against_head(self) -> Iterator[Change]:
        """What only a head saved before can tell: an older copy put back, or a whole other history with the key."""
        last = self.records[-1].sequence
        for r in self.records:
            yield Change(f"yesterday's copy: up to {r.sequence - 1}", r.sequence, self.sql(
                f"DELETE FROM closed_actas WHERE sequence >= {r.sequence}",
                "DELETE FROM acta_series" if r.sequence == 1 else f"UPDATE acta_series SET last = {r.number - 1}"))
            yield Change(f"another history from {r.sequence}, signed with the school's key", last,
                         lambda session, r=r: self._rebuild(session, r.sequence, None))

    def papers(self) -> Iterator[Change]:
        for r in self.records:
            path = self.store.path(r.paper_sha256)
            content = path.read_bytes()
            at = self.chance.randrange(len(content))
            for name, changed in (("flipped", content[:at] + bytes([content[at] ^ 1 << self.chance.randrange(8)]) + content[at + 1:]),
                                  ("cut", content[:-1]), ("appended", content + b"\n"), ("gone", None)):
                yield Change(f"paper of {r.sequence} {name}", r.sequence, self._paper(path, changed))

    def _paper(self, path, changed):
        def make(_session):
            path.unlink() if changed is None else path.write_bytes(changed)
        return make

    def sql(self, *statements: str) -> Callable[[Session], None]:
        def make(session: Session) -> None:
            for statement in statements:
                session.execute(text(statement))
        return make


def heads_of(register: Register) -> list[Head]:
    """The saved head, spoilt in each of its parts."""
    saved = register.saved
    return [Head(saved.sequence, "0" * 64, saved.folio, saved.at, saved.kid, saved.signature),
            Head(saved.sequence + 1, saved.link, saved.folio, saved.at, saved.kid, saved.signature),
            Head(saved.sequence, saved.link, saved.folio, "2020-01-01T00:00:00+00:00", saved.kid, saved.signature),
            Head(saved.sequence, saved.link, saved.folio, saved.at, "nobody", saved.signature),
            Head(saved.sequence, saved.link, saved.folio, saved.at, saved.kid, "")]


@contextmanager
def looked_at(app, world, patch, chance: random.Random) -> Iterator[Register]:
    """Seven closed actas of two cohorts and two years, three of them rectifications, in one somebody absent."""
    registry = Registry(app, world, patch)
    others = registry.crowd(3)
    for who, module, share in (("ana", "G1", Fraction(82, 100)), ("beto", "G1", Fraction(4, 10)), ("beto", "G2", Fraction(7, 10))):
        registry.set(who, module, share)
    first, second = registry.closed(), registry.closed(cohort_id=2)
    world.later(days=1)
    acta = registry.open("G2")
    registry.decide(acta, "ana", "absent", Fraction(1, 2))
    for person in others:
        registry.decide(acta, person, "regular")
    registry.submit(acta)
    registry.sign(acta)
    registry.close(acta)
    world.later(days=1)
    registry.rectified(registry.rectified(first, "ana", Fraction(3, 10)), "ana", Fraction(35, 100))
    registry.closed("G2", 2)
    world.later(days=260)
    registry.rectified(second, "beto", Fraction(9, 10), 2)
    with app.extensions["database"].writer() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("ROLLBACK")
            session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF")
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        yield Register(app, session, chance)
