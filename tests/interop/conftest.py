"""These tests run against the app: see tests/fixtures.py."""

from tests.fixtures import (  # noqa: F401
    app,
    client_of,
    compiled,
    fresh_postgres,
    postgres_template,
    postgres_url,
    sqlite_template,
    world,
)
from tests.web.conftest import made_once, plain  # noqa: F401
