"""The two hooks. A plug-in is any object of one of these shapes, found by its entry point."""

import inspect
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import entry_points
from typing import Protocol

from flask import Flask

from lms.credits.rules import Attended, Earned


class SeminarSource(Protocol):
    """Entry point group `lms.seminars`: who attended what."""

    def attendance(self, cohort: str, since: datetime | None) -> Iterable[Attended]: ...


class InternshipSource(Protocol):
    """Entry point group `lms.internships`: who did how many validated hours where."""

    def credits(self, cohort: str, since: datetime | None) -> Iterable[Earned]: ...


PORTS: dict[str, type] = {"lms.seminars": SeminarSource, "lms.internships": InternshipSource}


OFFICE = "office"               # what is written by hand


class WrongShape(TypeError):
    """A plug-in that would only have failed when it was called; refused when the app starts."""


def check(name: str, source: object, port: type) -> object:
    """The source itself, when its methods and their parameters are the port's."""
    for method, wanted in vars(port).items():
        if method.startswith("_") or not inspect.isfunction(wanted):
            continue
        parameters = list(inspect.signature(wanted).parameters)[1:]
        found = getattr(source, method, None)
        if found is None or list(inspect.signature(found).parameters) != parameters:
            raise WrongShape(f"source {name!r} ({type(source).__name__}) should have the method "
                             f"{method}({', '.join(parameters)}); see docs/plugging-in-a-source.md")
    return source


def discover() -> dict[str, tuple[str, object]]:
    """Source name -> (group, object) for every installed plug-in, each checked. Raises WrongShape."""
    found: dict[str, tuple[str, object]] = {}
    for group, port in PORTS.items():
        for point in entry_points(group=group):
            if point.name in found or point.name == OFFICE:
                raise WrongShape(f"two installed sources are called {point.name!r}: rename one of their entry points")
            found[point.name] = group, check(point.name, point.load()(), port)
    return found


def add(app: Flask, name: str, group: str, source: object, title: str = "") -> None:
    """Plug in a source that comes with the house, of the same shape as anyone's; its name is nobody else's. `title`: as
    people read it."""
    if group not in PORTS:
        raise WrongShape(f"source {name!r}: the group is one of {', '.join(PORTS)}, not {group!r}")
    sources = app.extensions["sources"]
    if name in sources or name == OFFICE:
        raise WrongShape(f"two sources are called {name!r}: rename the entry point of the installed one")
    sources[name] = group, check(name, source, PORTS[group])
    app.extensions["source_titles"][name] = title or name
