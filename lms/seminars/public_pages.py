"""What everybody may read of a seminar: the list, the page, the calendar files. In Spanish, Portuguese and English."""

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2.filters import do_striptags

from lms.catalogue import rendering
from lms.foundation import ical
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import OPEN
from lms.foundation.language import current_language
from lms.foundation.walltime import ZONES, place
from lms.people import current_actor
from lms.seminars import counting, queries, rules
from lms.seminars.describing import described, events
from lms.seminars.material_pages import sees_all
from lms.seminars.queries import SeminarView, SessionView
from lms.seminars.registration_forms import nations
from lms.seminars.reminders import desk_of
from lms.seminars.room import room
from lms.seminars.showing import MODES, THEMES, begins, days, page_sides, said, span, worded
from lms.seminars.standing import closed

SELF = ("member", "public", "online")       # kinds of person who register by themselves


@room.get("/agenda", allow=OPEN)
def agenda() -> ResponseReturnValue:
    """What is ahead, and what was held."""
    theme = request.args.get("tema", "")
    found = [s for s in queries.seminars(session(), published_only=True) if theme not in THEMES or s.theme == theme]
    ahead = [s for s in found if s.state(now()) in ("announced", "running")]
    return render_template("seminars/agenda.html", ahead=ahead[::-1], held=[s for s in found if s not in ahead],
                           theme=theme, now=now(), **_shown_with("seminars.agenda"))


@room.get("/<slug>", allow=OPEN)
def page(slug: str) -> ResponseReturnValue:
    """A seminar as it is announced; before it is published, only the office sees it."""
    seminar, sessions = _published(slug)
    mine, token = own_registration(seminar.id)
    shut = closed(now(), seminar.opens_at, seminar.closes_at, seminar.ends_at)
    places = {} if shut or mine or seminar.cancelled_at else queries.room(session(), seminar.id)
    full, zone = _full(places), request.args.get("hora", "")
    programme = days(sessions, page_sides(seminar.time_zone, _readers(zone)))
    speakers, summary = queries.speakers(session(), seminar.id), rendering.block(said(seminar.summaries)[0])
    return render_template(
        "seminars/page.html", seminar=seminar, speakers=speakers, now=now(), state=seminar.state(now()), shut=shut,
        mine=mine, own_url=url_for("seminars.own", token_=token) if token else "", places=places, full=full, zone=zone,
        days=programme, begins=begins(programme), by_link=_by_link(), zones=[(z, place(z)) for z in ZONES],
        summary=summary, plain=plain(summary), materials=queries.materials(session(), seminar.id),
        tiers=counting.read(seminar.credit_rule).tiers,
        machine=described(seminar, sessions, speakers, _address("seminars.page", slug), _address(
            "seminars.register", slug), full, plain(summary), current_language()),
        **_shown_with("seminars.page", slug))


@room.get("/<slug>/calendario.ics", allow=OPEN)
def calendar_file(slug: str) -> ResponseReturnValue:
    seminar, sessions = _published(slug)
    return _calendar(seminar, sessions, slug)


@room.get("/<slug>/sesiones/<code>.ics", allow=OPEN)
def session_file(slug: str, code: str) -> ResponseReturnValue:
    seminar, sessions = _published(slug)
    return _calendar(seminar, tuple(s for s in sessions if s.code == code) or abort(404), f"{slug}-{code}")


def own_registration(seminar_id: int) -> tuple[str, str]:
    """(how the registration of who is signed in stands, the token of its own page); ("", "") without one."""
    actor = current_actor()
    found = queries.states_of(session(), actor.person_id).get(seminar_id) if actor else None
    return (found[1], desk_of(current_app).token(found[0])) if found else ("", "")


def _full(places: dict[str, tuple[int | None, int]]) -> bool:
    """Whether whoever registers by themselves would have to wait, whichever kind of person they are."""
    left = [most is None or taken < most for kind, (most, taken) in places.items() if kind in SELF]
    return bool(left) and not any(left)


def _by_link() -> dict[str, str]:
    """What who came by the link of their own registration brings along, so that the materials open to them."""
    token = request.args.get("inscripcion", "")
    return {"inscripcion": token} if desk_of(current_app).read(token) else {}


def _readers(asked: str) -> str:
    """The zone of who reads: as asked on the page, else as their account says."""
    actor = current_actor()
    return asked if asked in ZONES else (actor.time_zone or "") if actor else ""


def plain(html: str) -> str:
    """The first words of a text without its marks, for who shows only one line of it."""
    return do_striptags(html)[:300]


def _published(slug: str) -> tuple[SeminarView, tuple[SessionView, ...]]:
    found = queries.with_sessions(session(), slug) or abort(404)
    if found[0].published_at is None and not sees_all():
        abort(404)
    return found


def _calendar(seminar: SeminarView, sessions: tuple[SessionView, ...], name: str) -> ResponseReturnValue:
    told = events(seminar, sessions, _address("seminars.page", seminar.slug), current_language())
    return Response(ical.calendar(said(seminar.titles)[0], told, now()), mimetype="text/calendar", headers={
        "Content-Disposition": f'attachment; filename="{name}.ics"', "Cache-Control": "no-store"})


def _address(endpoint: str, slug: str = "", **more: str) -> str:
    """As other sites know it: from this installation's own name, whatever name it was asked by."""
    path = url_for(endpoint, slug=slug, **more) if slug else url_for(endpoint, **more)
    return f"{current_app.config['URL'].rstrip('/')}{path}"


def _shown_with(endpoint: str, slug: str = "") -> dict[str, object]:
    """What the templates need: words, texts in the reader's language, and the addresses of each language."""
    asked = request.args.get("idioma", "")
    alone = _address(endpoint, slug)
    return {"said": said, "span": span, "zone_place": place, "nations": dict(nations(current_language())),
            "MODES": worded(MODES), "THEMES": worded(THEMES), "alone": alone,
            "canonical": f"{alone}?idioma={asked}" if asked in rules.LANGUAGES else alone,
            "alternates": [(code, _address(endpoint, slug, idioma=code)) for code in rules.LANGUAGES]}
