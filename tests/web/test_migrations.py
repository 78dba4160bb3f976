"""The steps in migrations/ lead to exactly the models, on both databases, up and down, with rows in every table."""

import os
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, column, create_engine, event, func, insert, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.exc import DBAPIError

from lms.foundation.database import Base, Database, Exact, Instant, not_durable
from lms.foundation.migrating import migrate
from tests.schema import FILE, schema

TABLES = Base.metadata.sorted_tables


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    if request.param not in os.environ.get("TEST_DATABASES", "sqlite").split(","):
        pytest.skip(f"{request.param} is not asked for (TEST_DATABASES)")
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path}/m.sqlite")
    else:
        url = request.getfixturevalue("fresh_postgres")
        found = Database(url)
        with found.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield found
    found.engine.dispose()


def value(column, nullable=None):
    """Something that fits the column; `nullable`: as it was in an earlier version."""
    if column.foreign_keys:
        return None if (column.nullable if nullable is None else nullable) else 1 if column.type.python_type is int else "1" * 10
    if isinstance(column.type, Instant):
        return datetime(2027, 4, 4, tzinfo=UTC)
    if isinstance(column.type, Exact):
        return Fraction(7, 3)
    kind = column.type.python_type
    return {int: 1, str: "1" * min(10, getattr(column.type, "length", None) or 10), bool: True, bytes: b"x",
            date: date(2027, 4, 4)}[kind]


def fill(connection):
    for table in TABLES:
        connection.execute(insert(table).values({c.name: value(c) for c in table.columns}))


def test_the_steps_lead_to_the_models(database):
    migrate(database.engine)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_and_up_again_with_rows_in_every_table(database):
    migrate(database.engine)
    with database.writer() as session:
        fill(session.connection())
        session.commit()
    with database.reading() as session:
        assert all(session.execute(select(t)).first() for t in TABLES)
    migrate(database.engine)                                    # again at the head: nothing happens to the rows
    with database.reading() as session:
        assert all(session.execute(select(t)).first() for t in TABLES)
    migrate(database.engine, "base")
    migrate(database.engine)
    with database.reading() as session:
        assert not any(session.execute(select(t)).first() for t in TABLES)


def test_rows_of_an_earlier_version_stay_and_get_what_is_new(database):
    migrate(database.engine, "0001")
    before = MetaData()
    before.reflect(database.engine)
    tables = [t for t in before.sorted_tables if t.name != "alembic_version"]
    with database.engine.execution_options(write=True).begin() as connection:
        for table in tables:
            known = [Base.metadata.tables[table.name].c[c.name] for c in table.columns]
            bare = sql_table(table.name, *(column(c.name, c.type) for c in known))        # without the defaults of today
            connection.execute(insert(bare).values({c.name: value(c, table.columns[c.name].nullable) for c in known}))
    migrate(database.engine)
    with database.reading() as session:
        assert all(session.execute(select(func.count()).select_from(table)).scalar() == 1 for table in tables)
        assert session.execute(text("SELECT act, sequence FROM answers")).one() == ("", None)
        assert session.execute(text("SELECT page, sheet FROM attempts")).one() == (1, None)


def test_the_schema_is_written_down():
    assert FILE.read_text() == schema(), "run: python -m tests.schema, and write a migration"


def test_an_acknowledged_write_survives_a_power_cut_by_setting(database):
    assert not_durable(database.engine) is None


def test_weak_durability_would_be_noticed(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/weak.sqlite")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
    assert "not FULL" in not_durable(engine)


def test_a_migrated_database_refuses_to_change_an_acta(database):
    migrate(database.engine)
    with database.writer() as session:
        fill(session.connection())
        session.commit()
    for statement in ("UPDATE closed_actas SET module = module", "DELETE FROM actas", "UPDATE acta_ends SET reason = reason"):
        with database.writer() as session, pytest.raises(DBAPIError, match="never changed"):
            session.execute(text(statement))
