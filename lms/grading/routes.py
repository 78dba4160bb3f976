"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("grading", __name__)
