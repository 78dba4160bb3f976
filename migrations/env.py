"""Runs the steps in versions/ on a connection handed over by `lms migrate` (or the tests)."""

from alembic import context

from lms.foundation.database import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
