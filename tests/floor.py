"""The floor: a bare Flask view on the same stack, with the same session, as many queries and rows, and as large a page."""

import gzip
from pathlib import Path

from flask import Flask, g, render_template_string, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import ForeignKey, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

PAGE = "<!doctype html><title>{{ name }}</title>{% for row in rows %}<p>{{ row.text }}</p>{% endfor %}"


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "floor_users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


class Signed(Base):
    __tablename__ = "floor_sessions"
    token: Mapped[str] = mapped_column(String(50), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("floor_users.id"))


class Thing(Base):
    __tablename__ = "floor_things"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(String(2000))


class Me(UserMixin):
    def __init__(self, token: str, user: User):
        self.token, self.user = token, user

    def get_id(self) -> str:
        return self.token


def build(url: str) -> Flask:
    """Same engine settings as ours; ORM entities, one session a request, commit on POST, gzip as ours."""
    app = Flask(__name__)
    app.secret_key = "floor"
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        @event.listens_for(engine, "connect")
        def connect(raw, _):
            raw.isolation_level = None
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
                raw.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if request and request.method == "POST" else "BEGIN")
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    with sessions.begin() as s:
        s.add(User(id=1, name="Ana"))
        s.flush()
        s.add(Signed(token="t", user_id=1))
        s.add_all(Thing(user_id=1, text="x" * 40) for _ in range(400))
    app.extensions["engine"] = engine

    def session() -> Session:
        if "s" not in g:
            g.s = sessions()
        return g.s

    @LoginManager(app).user_loader
    def load(token):
        row = session().execute(select(Signed, User).join(User, User.id == Signed.user_id).where(Signed.token == token)).first()
        return Me(token, row[1]) if row else None

    @app.route("/<int:queries>/<int:rows>/<int:size>", methods=["GET", "POST"])
    def page(queries, rows, size):
        """`queries` selects (the session's is one) reading `rows` rows in all; a POST inserts the last of them."""
        name = current_user.user.name
        inserts = int(request.form.get("inserts", 0)) if request.method == "POST" else 0
        reads = queries - 1 - (1 if inserts else 0)
        each = max(1, rows // max(reads, 1))
        found = []
        for _ in range(reads):
            found += session().scalars(select(Thing).where(Thing.user_id == 1).limit(each)).all()
        if inserts:
            session().add_all(Thing(user_id=2, text="y" * 20) for _ in range(inserts))
            session().flush()
        if size < 1000:
            return {"ok": name}
        lines = max(1, len(found))
        text = "x" * max(1, size // lines - 8)
        return render_template_string(PAGE, name=name, rows=[Row(text)] * lines)

    @app.after_request
    def settle(response):
        if "s" in g:
            g.s.commit() if request.method == "POST" else g.s.rollback()
        if len(response.data) > 700 and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.set_data(gzip.compress(noise(len(response.data)), 4, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response

    @app.teardown_appcontext
    def close(_):
        if "s" in g:
            g.pop("s").close()
    return app


class Row:
    def __init__(self, text: str):
        self.text = text


TEXT = b"".join(p.read_bytes() for p in sorted((Path(__file__).parents[1] / "courses").rglob("*.md")))


def noise(size: int) -> bytes:
    """Real prose to compress, as a page has, rather than one letter repeated."""
    return (TEXT * (size // len(TEXT) + 1))[:size]
