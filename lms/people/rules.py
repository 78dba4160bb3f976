"""Who may do what, and where. Pure: one table, and one function that reads it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.people.names import search_key as search_key
from lms.people.names import tidy


class May(StrEnum):
    STUDY = "study"                         # read lessons, see one's own progress and marks
    ANSWER = "answer"                       # take quizzes, hand in tasks
    GRADE = "grade"                         # mark the work of a cohort's modules
    RELEASE = "release"                     # publish marks
    SEE_PROGRESS = "see progress"           # who has what, who lacks what
    SEE_ROSTER = "see roster"
    CHANGE_ROSTER = "change roster"
    SEE_COHORT = "see cohort"               # its calendar, partners and settings
    CHANGE_COHORT = "change cohort"
    SEE_LEDGER = "see ledger"
    CHANGE_LEDGER = "change ledger"
    SEE_CERTIFICATES = "see certificates"
    ISSUE = "issue"                         # issue, replace, revoke
    SEE_PEOPLE = "see people"
    CHANGE_PEOPLE = "change people"         # accounts, posts, institutions
    SEE_CATALOGUE = "see catalogue"
    SEE_AUDIT = "see audit"
    SEE_BANK = "see bank"                   # questions with their keys
    CHANGE_BANK = "change bank"
    CHANGE_QUIZ = "change quiz"             # a cohort's quizzes: settings, questions, exceptions for a person
    SEE_STATISTICS = "see statistics"       # of questions
    REGRADE = "regrade"                     # mark again by a corrected key
    SEE_GRADEBOOK = "see gradebook"         # everybody's grades
    CHANGE_GRADE = "change grade"           # record one by hand, with its reason
    SEE_SCALES = "see scales"               # the grade scales and which cohort goes by which
    CHANGE_SCALES = "change scales"         # a new version of a scale; which one a cohort goes by
    SEE_ACTAS = "see actas"
    PREPARE_ACTA = "prepare acta"           # open, say who was absent or libre, present for signature
    SIGN_ACTA = "sign acta"                 # as an instructor of the module
    CLOSE_ACTA = "close acta"               # with folio; annul before, rectify after
    SEE_SEMINARS = "see seminars"           # who registered, who attended
    CHANGE_SEMINARS = "change seminars"     # announce, register others, mark attendance, import reports
    SEE_NEEDS = "see needs"                 # what registrants say of accessibility and food: kept apart
    SEE_AGREEMENTS = "see agreements"
    CHANGE_AGREEMENTS = "change agreements"
    SEE_PLACEMENTS = "see placements"       # internships: offers, applications, placements, hours
    CHANGE_PLACEMENTS = "change placements"
    SUPERVISE = "supervise"                 # as academic supervisor of the placements that name one
    SEE_HOOKS = "see hooks"                 # sources, incoming and outgoing webhooks
    CHANGE_HOOKS = "change hooks"
    EXCEPT = "except"                       # record an exception to what the diploma asks, or an earlier study


class Role(StrEnum):
    STUDENT = "student"
    INSTRUCTOR = "instructor"               # of an institution, in a cohort's modules
    COORDINATOR = "coordinator"             # of a cohort
    OFFICE = "office"                       # the Escuela's administrators
    AUDITOR = "auditor"                     # reads all, changes nothing


READS = frozenset({May.SEE_PROGRESS, May.SEE_ROSTER, May.SEE_COHORT, May.SEE_LEDGER, May.SEE_CERTIFICATES,
                   May.SEE_PEOPLE, May.SEE_CATALOGUE, May.SEE_AUDIT, May.SEE_BANK, May.SEE_STATISTICS,
                   May.SEE_SCALES, May.SEE_GRADEBOOK, May.SEE_ACTAS, May.SEE_SEMINARS, May.SEE_AGREEMENTS,
                   May.SEE_PLACEMENTS, May.SEE_HOOKS})
QUIZZES = frozenset({May.SEE_BANK, May.CHANGE_BANK, May.CHANGE_QUIZ, May.SEE_STATISTICS, May.REGRADE})
GRANTS: dict[Role, frozenset[May]] = {
    Role.STUDENT: frozenset({May.STUDY, May.ANSWER}),
    Role.INSTRUCTOR: QUIZZES | {May.GRADE, May.RELEASE, May.SEE_COHORT, May.SEE_CATALOGUE, May.SEE_GRADEBOOK,
                                May.CHANGE_GRADE, May.SEE_ACTAS, May.PREPARE_ACTA, May.SIGN_ACTA, May.SUPERVISE},
    Role.COORDINATOR: QUIZZES | {May.SEE_ACTAS, May.PREPARE_ACTA, May.RELEASE, May.SEE_PROGRESS, May.SEE_ROSTER,
                                 May.CHANGE_ROSTER, May.SEE_COHORT,
                                 May.SEE_LEDGER, May.CHANGE_LEDGER, May.SEE_CERTIFICATES, May.SEE_CATALOGUE,
                                 May.SEE_GRADEBOOK, May.SEE_PLACEMENTS, May.CHANGE_PLACEMENTS, May.SUPERVISE},
    Role.OFFICE: READS | QUIZZES | {May.EXCEPT, May.PREPARE_ACTA, May.CLOSE_ACTA, May.CHANGE_GRADE, May.CHANGE_SCALES,
                                    May.RELEASE, May.CHANGE_ROSTER, May.CHANGE_COHORT, May.CHANGE_LEDGER, May.ISSUE,
                                    May.CHANGE_PEOPLE, May.CHANGE_SEMINARS, May.SEE_NEEDS, May.CHANGE_AGREEMENTS,
                                    May.CHANGE_PLACEMENTS, May.CHANGE_HOOKS},
    Role.AUDITOR: READS,
}
ROLE_WORDS = {Role.STUDENT: "Participante", Role.INSTRUCTOR: "Docente", Role.COORDINATOR: "Coordinación",
              Role.OFFICE: "Oficina de la Escuela", Role.AUDITOR: "Auditoría"}
NEEDS_COHORT = frozenset({Role.STUDENT, Role.INSTRUCTOR, Role.COORDINATOR})
EVERYWHERE = None
HOME_ZONE = "America/Santiago"      # the Escuela's: what belongs to no cohort is told in it


class Refused(ValueError):
    """Something a person may not have or may not write; the message is theirs, `field` is where it stands."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


@dataclass(frozen=True)
class Post:
    """A role held in one cohort, or everywhere; an instructor's may be narrowed to one module."""
    role: Role
    cohort_id: int | None = EVERYWHERE
    institution_id: int | None = None
    module: str | None = None               # module code; None: all of the cohort


@dataclass(frozen=True)
class Actor:
    """The person who acts, as the doors and the queries need to know them."""
    person_id: int
    name: str
    initials: str
    email: str
    posts: frozenset[Post]
    time_zone: str | None = None            # None: the cohort's
    language: str = "es"
    session_id: int | None = None
    fresh_at: float | None = field(default=None, compare=False)     # when the password was last given
    seen_at: datetime | None = field(default=None, compare=False)   # when this session last did something

    def cohorts(self, *roles: Role) -> list[int]:
        """Where these roles are held, newest cohort first."""
        return sorted({p.cohort_id for p in self.posts if p.role in roles and p.cohort_id is not None}, reverse=True)

    def holds(self, *roles: Role) -> bool:
        return any(p.role in roles for p in self.posts)


def permits(actor: Actor, may: May, cohort_id: int | None = None, anywhere: bool = False) -> bool:
    """May the actor do this in that cohort? A page of no cohort asks for a post held everywhere, unless `anywhere`."""
    return any(may in GRANTS[p.role] and (anywhere or p.cohort_id in (EVERYWHERE, cohort_id)) for p in actor.posts)


def graded_modules(actor: Actor, cohort_id: int) -> frozenset[str] | None:
    """Module codes an instructor marks in a cohort; None means all of them."""
    posts = [p for p in actor.posts if p.role is Role.INSTRUCTOR and p.cohort_id == cohort_id]
    return None if any(p.module is None for p in posts) else frozenset(p.module for p in posts if p.module)


def today(now: datetime) -> date:
    """The day by which posts begin and end: the Escuela's, not Greenwich's, where it is tomorrow from 21:00 on."""
    return now.astimezone(ZoneInfo(HOME_ZONE)).date()


def is_staff(roles: frozenset[Role]) -> bool:
    """Whoever holds more than a student's post signs in for a working day, not for a month."""
    return bool(roles - {Role.STUDENT})


def post_refusal(granter: int | None, holder: int, role: Role, cohort_id: int | None,
                 institution_id: int | None) -> tuple[str, str] | None:
    """(field, reason) why this post can not be given; `granter` is None for a command of the installation."""
    if granter == holder:
        return "role", "Nadie puede darse un papel. Pedirlo a otra persona de la oficina."
    if role in NEEDS_COHORT and cohort_id is None:
        return "cohort", f"El papel «{ROLE_WORDS[role]}» se da en una cohorte. Elegir cuál."
    if role not in NEEDS_COHORT and cohort_id is not None:
        return "cohort", f"El papel «{ROLE_WORDS[role]}» vale para toda la Escuela. Dejar la cohorte sin elegir."
    if role is Role.INSTRUCTOR and institution_id is None:
        return "institution", "Un docente lo es de una institución. Elegir cuál."
    return None


def document_fate(held_by: int | None, held_declared: bool, person_id: int, declared: bool) -> str:
    """What becomes of a document that is to be recorded for a person: "new", "verified" (they had declared it, now
    somebody else has seen it), "displaced" (another had only declared it: it is taken from them), "held" (refused).

    What a person says of themselves proves nothing: it never takes a number from anybody, and never stands against what
    the office has seen.
    """
    if held_by is None:
        return "new"
    if declared or not held_declared:
        return "held"
    return "verified" if held_by == person_id else "displaced"


def own_path(target: str | None) -> str | None:
    """The target when it is a path of this site, to which a browser may be sent; None otherwise.

    Browsers read "\\" as "/" and drop tabs and line ends, so that "/\\evil.org" and "/\t/evil.org" leave the site.
    """
    if not target or len(target) > 2000 or not target.startswith("/"):
        return None
    if "\\" in target or any(ord(c) <= 32 or 127 <= ord(c) < 160 for c in target):
        return None
    return None if "//" in re.split("[?#]", target, maxsplit=1)[0] else target


LINK_LIFE = {"invitation": timedelta(days=14), "reset": timedelta(minutes=30)}
SESSION_LIFE = {True: timedelta(hours=12), False: timedelta(days=30)}       # staff; students
THROTTLE = (10, timedelta(minutes=15))      # failed sign-ins per account or address within this time
RESETS = (3, timedelta(minutes=30))         # reset mails per account within this time; more are silently not sent
SEEN_STEP = timedelta(minutes=10)           # how exactly "last used" of a session is known
LEAST_PASSWORD = 12                         # characters


def password_refusal(password: str, email: str) -> str | None:
    """Why a password is not good enough (NIST SP 800-63B: length and no obvious words, no composition rules)."""
    low = password.casefold()
    if len(password) < LEAST_PASSWORD:
        return f"Debe tener al menos {LEAST_PASSWORD} caracteres. Una frase de tres o cuatro palabras sirve."
    if len(password) > 200:
        return "No puede pasar de 200 caracteres."
    if len(set(low)) < 5 or low in COMMON or email.split("@")[0].casefold() in low:
        return "Es fácil de adivinar. Elegir una frase propia que no contenga el correo."
    return None


COMMON = frozenset({"contraseña123", "contrasena123", "municipalidad", "administrador", "123456789012", "qwertyuiopas",
                    "password1234", "escuela12345", "diplomado2026", "diplomado2027"})

MOST_ON_PAPER = 64              # characters of a name that the certificate prints in its large letter
# What all five faces of the printed papers hold (tests/rules/test_people.py looks into the fonts).
_PRINTED = frozenset(
    {chr(c) for c in (*range(0x20, 0x7F), *range(0xC0, 0x17F), *range(0x1EA0, 0x1EFA)) if c not in (0xD7, 0xF7, 0x149)}
    | set("ƠơƯưȘșȚțªº·‘’")) - set('<>{}[]|\\^~`"#$%&*+=@_;:!?/')


def tidied(text: str, label: str, field: str, most: int = 200, needed: bool = True) -> str:
    """A text of one line as it is kept, or Refused with the place where it stands."""
    try:
        text = tidy(text)
    except ValueError as wrong:
        raise Refused(str(wrong), field) from None
    if needed and not text:
        raise Refused(f"{label}: falta escribirlo.", field)
    if len(text) > most:
        raise Refused(f"{label}: no puede pasar de {most} caracteres.", field)
    return text


def certificate_name_refusal(name: str) -> str | None:
    """Why a certificate can not carry this name, already tidy."""
    if strange := sorted({c for c in name if c not in _PRINTED}):
        return ("El certificado no puede imprimir " + ", ".join(f"«{c}»" for c in strange) +
                ". Se imprimen letras latinas con sus tildes, apóstrofos, guiones y puntos.")
    if sum(c.isalpha() for c in name) < 2:
        return "Escribir el nombre completo, con sus apellidos."
    return None
