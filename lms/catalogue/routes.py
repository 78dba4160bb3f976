"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("catalogue", __name__)
