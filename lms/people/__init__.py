"""People: accounts, sign-in, identifiers, institutions people belong to, and posts: who may do what, where."""

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from lms.foundation import files
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.people import models, queries, routes  # noqa: F401
from lms.people.rules import Actor, May, permits


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps of a signed-in person: the session's random token, never the person's id."""

    def __init__(self, token: str, actor: Actor):
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        return self.token


def current_actor() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def install(app: Flask) -> None:
    app.extensions["files"] = files.Store(app.config["INSTANCE"] / "files")
    # flask-login 0.6.3: session protection trusts the raw X-Forwarded-For header; we keep sessions ourselves.
    manager = LoginManager(app)
    manager.session_protection = None
    app.config["REMEMBER_COOKIE_REFRESH_EACH_REQUEST"] = False

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        actor = queries.actor_by_token(session(), token, now())
        return SignedIn(token, actor) if actor else None

    app.jinja_env.globals["may"] = lambda actor, what, cohort_id=None: permits(actor, May(what), cohort_id)
    app.context_processor(lambda: {"actor": current_actor(), "DEMO": app.config.get("DEMO", False)})
