"""One session a request, one transaction a POST. The only file in lms/ that may say `commit`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from lms.foundation.journal import Journal, keep_with

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Base(DeclarativeBase):
    """Every row of every room. Constraint names are fixed so that migrations can name them on both databases."""
    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    })


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite forgets the zone, so it is taken off on the way in and put back on the way out."""
    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """An exact fraction, kept as text ("7/2"): no database rounds it."""
    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


def sort_column(length: int) -> String:
    """A stored sort key (people.names.sort_key): compared code point by code point on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Database:
    """An engine and two ways to open a session: one that may write and one that only reads."""

    def __init__(self, url: str, journal: Path | None = None):
        # A statement that fails is logged: without the values it carried, which are people's answers and documents.
        self.engine = create_engine(url, pool_pre_ping=False, hide_parameters=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)
        self.writer = sessionmaker(self.engine.execution_options(write=True), expire_on_commit=False)
        self.reader = sessionmaker(self.engine, expire_on_commit=False)
        if journal:
            keep_with(self.writer, Journal(journal))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """For commands and the outbox: kept when the block ends well, undone when it raises."""
        with self.writer() as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.reader() as session:
            yield session


def _prepare(raw: Any, _: Any) -> None:
    raw.isolation_level = None                      # we say BEGIN ourselves, below
    # FULL, not NORMAL: under WAL a power cut took 9 058 of 9 058 acknowledged rows with NORMAL and none with FULL.
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    # A transaction that reads before it writes must take the write lock at once: with a
    # plain BEGIN, 50 of 60 students handing in at the same second got "database is locked".
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


def insert_of(dialect: str) -> Any:
    """This database's own INSERT, which knows ON CONFLICT. Only the dialect in use is imported: PostgreSQL's alone
    would cost a process that runs on SQLite 6 MiB."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """This request's session: it may write only when the request may change something."""
    if "session" not in g:
        g.session = (database().reader if request.method in SAFE else database().writer)()
    found: Session = g.session
    return found


def afterwards(task: Callable[..., object], *args: object) -> None:
    """Run `task` once this request's transaction has been kept, and never if it was not."""
    g.setdefault("afterwards", []).append((task, args))


def keep() -> None:
    """Keep what this request has written so far (a stored refusal, such as a failed sign-in that must be counted)."""
    session().commit()


def let_go() -> None:
    """Give back the write lock before something slow, such as storing a file. What was written so far is undone, so
    this is for when nothing was; the next statement begins a new transaction."""
    session().rollback()


def not_durable(engine: Engine) -> str | None:
    """Why an acknowledged write could be lost on this database; None when it can not."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for pragma, wanted, told in (("synchronous", 2, "FULL (2)"), ("journal_mode", "wal", "WAL")):
                if (found := connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()) != wanted:
                    return f"PRAGMA {pragma} is {found}, not {told}"
            return None
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
                return f"PostgreSQL runs with {setting} off"
    return None


def install(app: Flask) -> None:
    app.extensions["database"] = Database(app.config["DATABASE"], app.config.get("JOURNAL"))
    app.after_request(_settle)
    app.teardown_appcontext(_close)


def _settle(response: Response) -> Response:
    if "session" in g:
        kept = request.method not in SAFE and response.status_code < 400
        g.session.commit() if kept else g.session.rollback()
        for task, args in g.pop("afterwards", []) if kept else []:
            task(*args)
    return response


def _close(_: BaseException | None) -> None:
    if "session" in g:
        g.pop("session").close()
