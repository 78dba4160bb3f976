"""The room's door: every page file of internships hangs its views here."""

from lms.foundation.doors import Room

room = Room("internships", __name__)
