"""The room's pages, gathered: each page file hangs its own views on the room."""

from lms.seminars import (  # noqa: F401
    announcing_pages,
    counting_pages,
    door_pages,
    here_pages,
    material_pages,
    office_registration_pages,
    own_pages,
    presence_pages,
    programme_pages,
    public_pages,
    question_pages,
    registration_pages,
    report_pages,
)
from lms.seminars.room import room as room
