"""The gradebook: participants by modules and items on one page, changed with a reason, in and out as a spreadsheet."""

from lms.gradebook import bringing, pages, routes, sheets  # noqa: F401
