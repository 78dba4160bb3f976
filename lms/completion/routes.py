"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("completion", __name__)
