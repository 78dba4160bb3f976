"""Who may come: everybody whose registration is not over, found by parts of their name, institution or code."""

from sqlalchemy.orm import Session

from lms.seminars.entries import RegistrationView, registrations
from lms.seminars.lists import Asked
from lms.seminars.standing import OVER


def expected(session: Session, seminar_id: int, words: str = "") -> list[RegistrationView]:
    """In the order of names. One statement."""
    return [v for v in Asked(words).of(registrations(session, seminar_id)) if v.state not in OVER]
