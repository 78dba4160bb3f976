"""The room whose pages are the ledger of a cohort, the hooks of the whole school, and the door of who pushes."""

from lms.foundation.doors import Room

room = Room("credits", "lms.credits")
LEDGER = "/cohortes/<int:cohort_id>/creditos"
