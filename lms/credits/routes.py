"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("credits", __name__)
