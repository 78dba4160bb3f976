"""The main menu: which doors each kind of person sees at the top of a page."""

from dataclasses import dataclass

from flask import url_for

from lms.foundation.language import _
from lms.people.rules import Actor, May, Role, permits


@dataclass(frozen=True)
class Item:
    key: str            # what a page's `here` names
    icon: str
    words: str
    url: str


def navigation(actor: Actor) -> list[Item]:
    """At most five items: on a phone they share one row."""
    items = [Item("start", "house", _("Inicio"), url_for("home.start"))]
    return items
