"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("lessons", __name__)
