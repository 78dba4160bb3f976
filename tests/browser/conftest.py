"""These tests run against the app in a browser: see tests/fixtures.py and live.py."""

from tests.browser.live import browse, chromium, signed_in, site  # noqa: F401
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
