"""A seminar as machines read it: its sessions for calendars, and schema.org for search engines. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from lms.foundation.ical import Event
from lms.foundation.language import local
from lms.seminars.queries import SeminarView, SessionView, SpeakerView
from lms.seminars.rules import words_of

SCHEMA = "https://schema.org"
ATTENDED = {"venue": "Offline", "online": "Online", "both": "Mixed"}


def place_of(seminar: SeminarView, room: str = "") -> str:
    """"Auditorio, Universidad Nacional de Quilmes, Roque Sáenz Peña 352, Quilmes", nothing said twice."""
    return ", ".join(dict.fromkeys(part for part in (room, seminar.venue, seminar.address, seminar.city) if part))


def events(seminar: SeminarView, sessions: Iterable[SessionView], url: str, language: str) -> list[Event]:
    """One for each session. A calendar knows it again by its uid whatever becomes of its title, time or place."""
    title = words_of(language, seminar.titles)
    return [Event(f"seminar-session-{one.id}", one.starts_at, f"{words_of(language, one.titles)} · {title}", url,
                  ends=one.ends_at, place=url if one.mode == "online" else place_of(seminar, one.place),
                  sequence=seminar.sequence, cancelled=bool(seminar.cancelled_at or one.cancelled_at))
            for one in sessions]


def described(seminar: SeminarView, sessions: Sequence[SessionView], speakers: Iterable[SpeakerView], url: str,
              register_url: str, full: bool, text: str, language: str) -> dict[str, Any]:
    """schema.org/Event. What is not known is left out rather than said to be empty."""
    zone = seminar.time_zone
    return _known({
        "@context": SCHEMA, "@type": "Event", "@id": url, "url": url, "name": words_of(language, seminar.titles),
        "description": text, "inLanguage": language[:2],
        "startDate": _iso(seminar.starts_at, zone), "endDate": _iso(seminar.ends_at, zone),
        "eventAttendanceMode": f"{SCHEMA}/{ATTENDED[seminar.mode]}EventAttendanceMode",
        "eventStatus": _status(seminar.cancelled_at), "isAccessibleForFree": True,
        "location": _location(seminar, seminar.mode, url),
        "organizer": [{"@type": "Organization", "name": name} for name in seminar.organisers],
        "performer": [_performer(one) for one in speakers],
        "offers": None if seminar.cancelled_at or seminar.by_invitation else _known({
            "@type": "Offer", "url": register_url, "price": "0", "priceCurrency": "CLP",
            "availability": f"{SCHEMA}/{'SoldOut' if full else 'InStock'}",
            "validFrom": _iso(seminar.opens_at or seminar.published_at, zone),
            "validThrough": _iso(seminar.closes_at, zone)}),
        "subEvent": [_known({
            "@type": "Event", "name": words_of(language, one.titles), "startDate": _iso(one.starts_at, zone),
            "endDate": _iso(one.ends_at, zone), "eventStatus": _status(one.cancelled_at or seminar.cancelled_at),
            "eventAttendanceMode": f"{SCHEMA}/{ATTENDED[one.mode]}EventAttendanceMode",
            "location": _location(seminar, one.mode, url, one.place)}) for one in sessions]})


def _location(seminar: SeminarView, mode: str, url: str, room: str = "") -> Any:
    """The link to the videoconference itself is for who is confirmed: machines are given the page."""
    here = _known({"@type": "Place", "name": ", ".join(part for part in (room, seminar.venue) if part),
                   "hasMap": seminar.map_url, "address": _known({
                       "@type": "PostalAddress", "streetAddress": seminar.address,
                       "addressLocality": seminar.city, "addressCountry": seminar.country})})
    there = {"@type": "VirtualLocation", "url": url}
    return {"venue": here, "online": there, "both": [here, there]}[mode]


def _performer(one: SpeakerView) -> dict[str, Any]:
    return _known({"@type": "Person", "name": one.name, "jobTitle": one.office, "affiliation": _known({
        "@type": "Organization", "name": one.institution,
        "address": {"@type": "PostalAddress", "addressCountry": one.country} if one.country else None,
    }) if one.institution else None})


def _status(cancelled_at: datetime | None) -> str:
    return f"{SCHEMA}/Event{'Cancelled' if cancelled_at else 'Scheduled'}"


def _iso(at: datetime | None, zone: str) -> str | None:
    return local(at, zone).isoformat(timespec="seconds") if at else None


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}
