"""Which registration a caller of a report is: by address, by what the office once said, by the very same name. Pure.

A likeness of names is only suggested, never acted on; who stays unknown waits for a person to say.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lms.people import emails
from lms.seminars.reports.attendees import Attendee, name_keys

SUGGESTED = 3                   # at most so many likenesses are shown
LEAST = 50                      # of 100: below this a likeness is none
_COMMON = frozenset((
    "de del la las los el y e da do das dos di von van sra sr srta dr dra don dona prof lic ing iphone ipad samsung "
    "galaxy xiaomi redmi huawei motorola moto android zoom user usuario pc notebook laptop celular municipalidad "
    "municipio muni alcaldia intendencia concejal concejala alcalde alcaldesa").split())


class Registered(NamedTuple):
    """A registration, as far as finding it goes."""
    id: int
    name: str
    emails: tuple[str, ...]     # its own address first, then its account's


class Alias(NamedTuple):
    """What the office said: this name or address stands for the registrations of that address."""
    kind: str                   # email | name
    value: str
    email_key: str


class Likeness(NamedTuple):
    registration_id: int
    score: int                  # of 100


@dataclass(frozen=True)
class Match:
    registration_id: int | None = None
    how: str = ""               # email | alias | name | chosen; "" when nobody is sure


@dataclass
class Book:
    """The registrations of a seminar and the aliases accepted so far, laid out for finding."""
    emails: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    aliases: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    tokens: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    of: dict[int, frozenset[str]] = field(default_factory=dict)


def book(people: Iterable[Registered], aliases: Iterable[Alias]) -> Book:
    made = Book()
    people = list(people)
    for person in people:
        made.of[person.id] = tokens(person.name)
        for key in name_keys(person.name):
            made.names[key].add(person.id)
        for token in made.of[person.id]:
            made.tokens[token].add(person.id)
    for place in (1, 0):        # an account's address says less than the one somebody registered with
        for person in people:
            for email in person.emails[place:place + 1]:
                made.emails[emails.skeleton(email)] = person.id
    for alias in aliases:
        if (whose := made.emails.get(alias.email_key)) is not None:
            made.aliases[alias.kind, alias.value].add(whose)
    return made


def alias_values(attendee: Attendee) -> tuple[tuple[str, str], ...]:
    """(kind, value) by which a caller may be remembered: by address where there is one, else by the name shown."""
    if attendee.email:
        return (("email", emails.skeleton(attendee.email)),)
    keys = name_keys(attendee.shown)[:1] or name_keys(attendee.name)[:1]
    return tuple(("name", key[:254]) for key in keys)


def match(attendee: Attendee, known: Book, chosen: Mapping[str, int] = {}) -> Match:
    """Who a caller is. `chosen`: what was decided in this very report, by the caller's key."""
    if attendee.key in chosen and chosen[attendee.key] in known.of:
        return Match(chosen[attendee.key], "chosen")
    if attendee.email and (whose := known.emails.get(emails.skeleton(attendee.email))) is not None:
        return Match(whose, "email")
    if (whose := _sole(known.aliases.get(value, ()) for value in alias_values(attendee))) is not None:
        return Match(whose, "alias")
    if (whose := _sole(known.names.get(name, ()) for name in attendee.names)) is not None:
        return Match(whose, "name")
    return Match()


def _sole(found: Iterable[Collection[int]]) -> int | None:
    """Of the first that finds anybody, the only one: two of a name are nobody until a person says which."""
    for ids in found:
        if ids:
            return next(iter(ids)) if len(ids) == 1 else None
    return None


def likely(attendee: Attendee, known: Book) -> tuple[Likeness, ...]:
    """Registrations that share words of the name, those that share most first."""
    mine = frozenset(token for name in attendee.names for token in tokens(name))
    scores: dict[int, int] = {}
    for who in {who for token in mine for who in known.tokens.get(token, ())}:
        shared, other = len(mine & known.of[who]), known.of[who]
        score = 100 * shared // max(1, min(len(mine), len(other)))
        scores[who] = score if shared > 1 else score * 6 // 10
    best = sorted((-score, who) for who, score in scores.items() if score >= LEAST)
    return tuple(Likeness(who, -score) for score, who in best[:SUGGESTED])


def tokens(name: str) -> frozenset[str]:
    """The words of a name that tell one person from another."""
    return frozenset(word for key in name_keys(name)[:1] for word in key.split()
                     if len(word) > 1 and word not in _COMMON)
