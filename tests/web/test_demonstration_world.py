"""The demonstration tells the same story on any day it is made: who is complete, who lacks one thing, and nothing is sent."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms import create_app
from lms.catalogue import queries as catalogue
from lms.certificates.models import Certificate
from lms.cohorts import queries as cohorts
from lms.completion import queries as completion
from lms.credits import queries as credits
from lms.events.models import Delivery
from lms.exchange import queries as exchange
from lms.home import commands
from lms.internships import queries as internships
from lms.people import queries as people
from lms.seminars import attendees
from lms.seminars import queries as seminars
from lms.seminars.entries import tally
from tests.fixtures import make_tables

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes the world of a moment."""
    apps = []

    def make(moment, students):
        for part in ("files", "mail", "static"):
            (tmp_path / part).mkdir()
        app = create_app(INSTANCE=tmp_path, DATABASE=f"sqlite:///{tmp_path}/lms.sqlite", SECRET_KEY="test", SMTP="", DEMO=True,
                         URL="http://localhost", COURSES=ROOT / "courses", MAIL_FROM="e@example.org")
        apps.append(app)
        make_tables(app.extensions["database"].engine)
        monkeypatch.setattr(commands, "now", lambda: moment)
        with app.app_context():
            commands.build(app, students, 1)
        return app
    yield make
    for app in apps:
        app.extensions["database"].engine.dispose()


def test_a_new_year_s_night_finds_the_same_story(made):
    now = datetime(2027, 1, 1, 1, tzinfo=UTC)
    app = made(now, 12)
    with app.extensions["database"].reading() as s:
        chile, argentina = (next(c for c in cohorts.cohorts(s, None) if c.country == country) for country in ("CL", "AR"))
        ids = people.ids_by_email(s, [f"p{n}.cl@example.org" for n in (2, 3, 4)])
        two, three, four = (ids[f"p{n}.cl@example.org"] for n in (2, 3, 4))
        verdicts = completion.verdicts(s, chile, catalogue.programme(s, chile.edition_id), [two, three, four])
        assert verdicts[two].complete and verdicts[three].complete
        assert [(item.kind, item.values["have"]) for item in verdicts[four].missing] == [("attendance", 8)]
        sources = {e.source for e in credits.entries(s, chile.id) if e.person_id in (two, three)}
        assert sources == {"seminarios", "pasantias"}                       # nothing of theirs was written by hand
        states = {(c.country, internships.standing(s, p, internships.record(s, p.id), now).state)
                  for c in (chile, argentina) for p in internships.of_cohort(s, c.id)}
        assert states == {("CL", "closed"), ("CL", "in_progress"), ("AR", "proposed"), ("AR", "plan_approved")}
        assert {a.standing.kind for a in exchange.agreements(s, now.date())} == {"in_force", "expiring", "lapsed"}
        ahead, past = seminars.seminars(s)
        assert (ahead.state(now), past.state(now)) == ("announced", "over")
        count = attendees.count(s, past.id, now)
        assert {a.earned.hours for a in count.attendees} == {0, 8, 12}
        assert tally(s, past.id)["public", "waiting"] == 1 and tally(s, ahead.id)["public", "confirmed"] == 5
        assert dict(s.execute(select(Certificate.kind, func.count()).group_by(Certificate.kind)).all()) == {
            "final": 1, "internship": 1, "attendance": 4}
        assert s.scalar(select(func.count()).select_from(Delivery)) == 0    # nobody else's server is called


def test_five_students_a_cohort_are_enough_on_the_night_the_clocks_change(made):
    app = made(datetime(2027, 4, 4, 3, 30, tzinfo=UTC), commands.LEAST)
    with app.extensions["database"].reading() as s:
        assert len(seminars.seminars(s)) == 2
