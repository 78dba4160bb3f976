"""Pages of this room."""

from lms.foundation.doors import Room

room = Room("cohorts", __name__)
