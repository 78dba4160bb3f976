"""Who is at the other end of this request: flask-login's user, kept in a session that can be ended."""

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from lms.foundation.clock import now
from lms.foundation.database import SAFE, session
from lms.people import queries, signing
from lms.people.rules import SEEN_STEP, Actor


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps of a signed-in person: the session's random token, never the person's id."""

    def __init__(self, token: str, actor: Actor):
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        return self.token


def current_actor() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def come_in(token: str, lasting: bool = False) -> Actor:
    """Begin this browser's cookie anew with a session just opened, so that nothing planted in it before is kept.

    One thing is: the same person signing in again keeps the CSRF token, so that a quiz left open in another tab
    when the session ran out can still be sent.
    """
    actor = queries.actor_by_token(session(), token, now())
    if actor is None:
        raise RuntimeError("a session just opened is not live")
    earlier = signing.leave(session(), cookie.get("_user_id", ""), now())
    kept = cookie.get("csrf_token") if earlier == actor.person_id else None
    cookie.clear()
    if kept:
        cookie["csrf_token"] = kept
    cookie.permanent = lasting
    login_user(SignedIn(token, actor))
    return actor


def go_out() -> None:
    logout_user()
    cookie.clear()


def install(app: Flask) -> None:
    # flask-login 0.6.3: session protection trusts the raw X-Forwarded-For header; we keep sessions ourselves.
    manager = LoginManager(app)
    manager.session_protection = None
    app.config["REMEMBER_COOKIE_REFRESH_EACH_REQUEST"] = False
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False      # else every answer carries the cookie again

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        actor = None if "broken" in g else queries.actor_by_token(session(), token, now())
        if actor is None:
            return None
        if request.method not in SAFE and actor.seen_at and now() - actor.seen_at > SEEN_STEP:
            signing.touch(session(), actor.session_id or 0, now())
        return SignedIn(token, actor)

    app.context_processor(lambda: {"actor": current_actor(), "DEMO": app.config.get("DEMO", False)})
