"""The room's door: every page file of seminars hangs its views here."""

from lms.foundation.doors import Room

room = Room("seminars", __name__, url_prefix="/seminarios")
