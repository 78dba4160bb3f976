"""These tests run against the app: see tests/fixtures.py."""

from tests.fixtures import app, client_of, fresh_postgres, postgres_template, postgres_url, world  # noqa: F401
