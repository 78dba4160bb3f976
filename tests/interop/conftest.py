"""These tests run against the app: see tests/fixtures.py."""

from tests.fixtures import app, client_of, compiled, fresh_postgres, postgres_template, postgres_url, world  # noqa: F401
from tests.web.conftest import made_once, plain  # noqa: F401
