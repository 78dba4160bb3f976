"""Home: the first page of each kind of person and the public site; it may look into every room."""

from flask import Flask

from lms.home import public, routes  # noqa: F401
from lms.home.navigation import navigation


def install(app: Flask) -> None:
    app.jinja_env.globals["navigation"] = navigation
