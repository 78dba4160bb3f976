"""These tests run against the app: see tests/fixtures.py, and tests/plain.py for what does not depend on the database."""

import pytest

from tests import offered as forms
from tests import plain as installations
from tests.certified import Desk
from tests.fixtures import (  # noqa: F401
    DATABASES,
    app,
    client_of,
    compiled,
    fresh_postgres,
    house,
    postgres_template,
    postgres_url,
    sqlite_template,
    world,
)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, compiled):  # noqa: F811
    return installations.make(tmp_path_factory.mktemp("plain"), compiled)


@pytest.fixture
def plain(made_once):
    """One furnished installation on SQLite, shared by the tests of a process and put back as it was before each."""
    made_once.restore()
    return made_once


@pytest.fixture
def plain_postgres(request, tmp_path, compiled):  # noqa: F811
    """The same installation on a PostgreSQL of its own, where the tests run on PostgreSQL at all."""
    if "postgres" not in DATABASES:
        pytest.skip("TEST_DATABASES does not name postgres")
    made = installations.make(tmp_path, compiled, request.getfixturevalue("fresh_postgres"))
    yield made
    made.app.extensions["database"].engine.dispose()


@pytest.fixture(scope="session")
def looked_once(made_once):
    """(the database with what makes every form appear, endpoint -> form): looking for them costs seconds."""
    made_once.restore()
    with pytest.MonkeyPatch.context() as patch:
        Desk(made_once.app, made_once.world, patch).has_earned("ciro", "ana")
        link = forms.states(made_once)
        copy = made_once.copy()
        return copy, forms.offers(made_once, link)


@pytest.fixture
def offered(plain, looked_once, monkeypatch):
    """Endpoint -> the form some page offers, ready to be sent on `plain`, where Ciro and Ana have earned a certificate."""
    copy, found = looked_once
    plain.restore(copy)
    Desk(plain.app, plain.world, monkeypatch).has_earned("ciro", "ana")
    plain.copied = plain.copy()
    return found
