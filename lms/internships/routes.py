"""The room's pages, gathered: each page file hangs its own views on the room."""

from lms.internships import (  # noqa: F401
    academic_pages,
    ask_pages,
    closing_pages,
    link_pages,
    log_pages,
    offer_pages,
    office_pages,
    student_pages,
    summary_pages,
    travel_pages,
    where_pages,
)
from lms.internships.room import room as room
