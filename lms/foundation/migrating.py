"""Brings a database to the shape the code expects, on SQLite and PostgreSQL."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from lms.foundation.settings import ROOT


def migrate(engine: Engine, to: str = "head") -> None:
    """Up (or down) to a revision. SQLite rebuilds a table to change it: with foreign keys on, that cascades and
    deletes the rows of its children, so they are off meanwhile and checked after."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        (command.downgrade if to == "base" or to.startswith("-") else command.upgrade)(config, to)
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"rows left without what they name: {broken[:5]}")
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
