"""Bank: questions kept for many quizzes, in categories, each with all its versions; written, found, imported here."""

from lms.bank import alike, drafting, exporting, importing, models, questions, routes  # noqa: F401
