"""The database's shape as text: `python -m tests.schema` writes migrations/schema.txt; a test keeps it equal to the models."""

from pathlib import Path

from sqlalchemy import Column, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

import lms  # noqa: F401  (every room's models)
from lms.foundation.database import Base

FILE = Path(__file__).parents[1] / "migrations" / "schema.txt"
DIALECT = postgresql.dialect()


def column(c: Column) -> str:
    facts = [c.type.compile(DIALECT), "" if c.nullable else "not null", "key" if c.primary_key else "",
             *(f"-> {f.target_fullname}" for f in c.foreign_keys)]
    return f"  {c.name:32} {' '.join(filter(None, facts))}".rstrip()


def table(t: Table) -> str:
    unique = sorted("  unique (" + ", ".join(c.name for c in u.columns) + ")" for u in t.constraints
                    if isinstance(u, UniqueConstraint))
    indexes = sorted(f"  {'unique ' if i.unique else ''}index {i.name} ({', '.join(c.name for c in i.columns)})" for i in t.indexes)
    return "\n".join([t.name, *map(column, t.columns), *unique, *indexes])


def schema() -> str:
    return "\n\n".join(table(t) for t in sorted(Base.metadata.tables.values(), key=lambda t: t.name)) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema())
