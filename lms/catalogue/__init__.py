"""Catalogue: reads courses/, refuses faults, and keeps editions of programmes."""

from flask import Flask

from lms.catalogue import models, routes, wide  # noqa: F401


def install(app: Flask) -> None:
    app.jinja_env.filters.update(wide=wide.wide, wide_pieces=wide.wide_pieces)
    app.extensions["studied"] = []      # of rooms above: (session, actor) -> ids of the editions this person studies
