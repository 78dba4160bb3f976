"""From what the office wrote to the columns of a row, and back: wall times become instants, texts become JSON."""

import datetime as dt
import json
from typing import Any

from lms.foundation.language import local
from lms.people import names
from lms.people.rules import Refused
from lms.seminars.forms import MaterialForm, SeminarForm, SessionForm, SpeakerForm
from lms.seminars.queries import SeminarView, SessionView, SpeakerView
from lms.seminars.rules import instant, texts

AS_KEPT = ("slug", "theme", "mode", "time_zone", "country", "by_invitation", "offer_hours")
PLAIN = ("city", "venue", "address")
LONG = ("directions", "map_url", "online_url")


def seminar(form: SeminarForm) -> dict[str, Any]:
    """The columns; refused are a wall time that does not exist or comes twice, and invisible letters."""
    zone = form.time_zone.data
    return {
        "slug": (form.slug.data or "").strip(), "theme": form.theme.data, "mode": form.mode.data, "time_zone": zone,
        "country": form.country.data, "by_invitation": form.by_invitation.data, "offer_hours": form.offer_hours.data,
        "titles": texts(es=_line(form, "title"), pt=_line(form, "title_pt"), en=_line(form, "title_en")),
        "summaries": texts(es=_text(form, "summary"), pt=_text(form, "summary_pt"), en=_text(form, "summary_en")),
        "organisers": json.dumps([line for line in map(str.strip, _text(form, "organisers").splitlines()) if line],
                                 ensure_ascii=False),
        "opens_at": _moment(form.opens.data, form.opens_time.data, zone, "opens"),
        "closes_at": _moment(form.closes.data, form.closes_time.data, zone, "closes"),
        **{name: _line(form, name) for name in PLAIN}, **{name: _text(form, name) for name in LONG}}


def of_seminar(view: SeminarView) -> dict[str, Any]:
    """What the form shows of one that is kept."""
    opens, closes = (local(at, view.time_zone) if at else None for at in (view.opens_at, view.closes_at))
    return {"title": view.titles.get("es", ""), "title_pt": view.titles.get("pt", ""),
            "title_en": view.titles.get("en", ""), "summary": view.summaries.get("es", ""),
            "summary_pt": view.summaries.get("pt", ""), "summary_en": view.summaries.get("en", ""),
            "organisers": "\n".join(view.organisers),
            **{name: getattr(view, name) for name in (*AS_KEPT, *PLAIN, *LONG)},
            **({"opens": opens.date(), "opens_time": opens.time()} if opens else {}),
            **({"closes": closes.date(), "closes_time": closes.time()} if closes else {})}


def sitting(form: SessionForm, zone: str) -> dict[str, Any]:
    starts, ends = form.walls
    return {"titles": texts(es=_line(form, "title"), pt=_line(form, "title_pt"), en=_line(form, "title_en")),
            "starts_at": instant(starts, zone, "starts"), "ends_at": instant(ends, zone, "ends"),
            "place": _line(form, "place"), "mode": form.mode.data, "counts": form.counts.data}


def of_sitting(view: SessionView) -> dict[str, Any]:
    starts, ends = local(view.starts_at, view.zone), local(view.ends_at, view.zone)
    return {"title": view.titles.get("es", ""), "title_pt": view.titles.get("pt", ""),
            "title_en": view.titles.get("en", ""), "day": starts.date(), "starts": starts.time(), "ends": ends.time(),
            "ends_day": ends.date() if ends.date() != starts.date() else None, "place": view.place, "mode": view.mode,
            "counts": view.required}


def speaker(form: SpeakerForm) -> dict[str, Any]:
    return {"session_id": form.session.data or None, "country": form.country.data, "moderates": form.moderates.data,
            "biography": _text(form, "biography"),
            **{name: _line(form, name) for name in ("name", "office", "institution")}}


def of_speaker(view: SpeakerView) -> dict[str, Any]:
    return {"session": view.session_id or 0, "name": view.name, "office": view.office, "country": view.country,
            "institution": view.institution, "biography": view.biography, "moderates": view.moderates}


def material(form: MaterialForm) -> dict[str, Any]:
    """All but where it is kept."""
    return {"session_id": form.session.data or None, "kind": form.kind.data, "title": _line(form, "title"),
            "open_to": form.open_to.data}


def _line(form: Any, name: str) -> str:
    try:
        return names.tidy(form[name].data or "")
    except ValueError as wrong:
        raise Refused(str(wrong), name) from None


def _text(form: Any, name: str) -> str:
    return (form[name].data or "").replace("\r\n", "\n").strip()


def _moment(day: dt.date | None, at: dt.time | None, zone: str, field: str) -> dt.datetime | None:
    return instant(dt.datetime.combine(day, at or dt.time()), zone, field) if day else None
