"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("attempts", __name__)
