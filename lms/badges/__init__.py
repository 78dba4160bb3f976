"""Open Badges 3.0: what was issued, as signed documents and pictures that any wallet reads; and their check."""

from lms.badges import routes  # noqa: F401
