"""A host, an agreement and Ana's placement, at whatever state a test begins from; rows written by the room's own actions."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.exchange import actions as exchange
from lms.exchange.actions import Party
from lms.internships import closing, offering, offers, placing, planning, queries, reporting, travelling
from lms.internships.models import LogEntry, WeekSignature
from lms.internships.placing import Draft
from lms.internships.plans import Activity, Plan
from lms.internships.queries import PlacementView
from lms.internships.rubrics import HEADINGS, RUBRICS, SHEET

STARTS, ENDS = date(2027, 5, 3), date(2027, 5, 7)       # Monday to Friday, two weeks after the world's now
PLAN = Plan("Describir una patrulla escolar y estimar su costo mensual.", ("Explica cómo se financia.", "Describe el procedimiento."),
            (Activity("Revisar la ordenanza", "2027-05-03", "2027-05-03", "5"), Activity("Acompañar patrullas", "2027-05-04", "2027-05-07", "20")),
            "Una ficha de buena práctica.", "Ficha aceptada por la tutora.", "2")
REPORT = {key: f"Lo que se dice de: {name}." for key, name in (HEADINGS | SHEET).items()}
STATES = ("draft", "proposed", "plan_approved", "authorised", "in_progress", "report_due", "evaluated")


@dataclass
class Interned:
    placement_id: int
    agreement_id: int
    host_id: int


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def draft(world, **changed) -> Draft:
    """At a municipality in Argentina, under Iván's academic supervision."""
    said = {"host_id": 3, "country": "AR", "city": "Vado Largo", "area": "Tránsito", "modality": "site", "language": "es",
            "time_zone": "America/Argentina/Buenos_Aires", "starts_on": STARTS, "ends_on": ENDS, "hours": Fraction(25),
            "supervisor_name": "Hilda Anfitriona", "supervisor_email": "hilda@example.org", "supervisor_office": "Directora de Tránsito",
            "academic_id": world.people["ivan"], "authority": True}
    return Draft(**(said | changed))


def levels(party: str, level: int = 2) -> dict[str, int]:
    return {c.key: level for c in RUBRICS[party]}


def logged(session, placement_id: int, monday: date = STARTS, days: int = 5, hours: int = 5, signed: bool = True) -> None:
    """So many hours on each of so many days from a Monday on, and the host's signature of the week."""
    for n in range(days):
        day = monday + timedelta(days=n)
        session.add(LogEntry(placement_id=placement_id, reference=f"r{day}", day=day, starts="09:00", ends=f"{9 + hours:02}:00",
                             activity="Patrulla", written_at=at(day, 18), received_at=at(day, 18)))
    session.flush()
    if signed:
        ids = [e.id for e in session.query(LogEntry).filter_by(placement_id=placement_id)]
        session.add(WeekSignature(placement_id=placement_id, week=monday, entries=json.dumps(ids), minutes=60 * hours * days,
                                  sha256="0" * 64, signed=True, at=at(monday + timedelta(days=5)), name="Hilda Anfitriona"))
        session.flush()


def intern(world, state: str = "draft", who: str = "ana", **changed) -> Interned:
    """A placement, Ana's, brought by every step to this state. The world's clock is not moved; another span (`starts_on`,
    `ends_on`) makes another placement."""
    with world.app.extensions["database"].transaction() as session:
        agreement = exchange.record(session, world.people["olga"], world.now, title="Convenio marco", object="", signed_on=date(2025, 4, 3),
                                    starts_on=date(2025, 4, 3), expires_on=date(2029, 4, 3), parties=[Party(1), Party(3)])
        made = placing.make(session, world.people["olga"], world.now, 1, world.people[who], draft(world, agreement_id=agreement, **changed))
        view = queries.placement(session, made)
        for name in STATES[1:STATES.index(state) + 1]:
            BRING[name](session, world, view)
    return Interned(made, agreement, 3)


def _proposed(session, world, view: PlacementView) -> None:
    version = planned(session, world, view)
    planning.approve(session, world.now, view, version, "participant", True, name="Ana Pérez Soto", by_id=view.person_id)


def planned(session, world, view: PlacementView) -> int:
    """The plan, written; its calendar only where the placement has the usual days."""
    plan = PLAN if view.starts_on == STARTS else replace(PLAN, activities=(Activity("Acompañar patrullas", hours="25"),))
    return planning.write(session, view.person_id, world.now, view, plan, 0)


def _approved(session, world, view: PlacementView) -> None:
    planning.approve(session, world.now, view, 1, "academic", True, name="Iván Ledesma", by_id=world.people["ivan"])
    planning.approve(session, world.now, view, 1, "host", True, name="Hilda Anfitriona", by_id=world.people["olga"])


def papers(session, world, view: PlacementView) -> None:
    """The insurance of the whole span and the council's agreement."""
    olga = world.people["olga"]
    placing.add_paper(session, olga, world.now, view, kind="insurance", issuer="Seguros del Sur (ficticia)", number="P-77",
                      starts_on=view.starts_on, ends_on=view.ends_on)
    placing.add_paper(session, olga, world.now, view, kind="council", issuer="Concejo Municipal", number="112",
                      dated_on=min(view.starts_on, world.now.date()) - timedelta(days=8))


def _authorised(session, world, view: PlacementView) -> None:
    papers(session, world, view)
    placing.take(session, world.people["olga"], world.now, view, "authorised")


def _begun(session, world, view: PlacementView) -> None:
    placing.take(session, world.people["olga"], at(view.starts_on), view, "in_progress")


def _due(session, world, view: PlacementView) -> None:
    logged(session, view.id, view.starts_on)
    placing.take(session, world.people["olga"], at(view.ends_on, 20), view, "report_due")


def _evaluated(session, world, view: PlacementView) -> None:
    then = at(view.ends_on, 21)
    reporting.hand_in(session, view.person_id, then, view, REPORT, 0)
    reporting.evaluate(session, then, view, "host", levels("host"), name="Hilda Anfitriona", by_id=world.people["olga"])
    reporting.evaluate(session, then, view, "academic", levels("academic", 3), name="Iván Ledesma", by_id=world.people["ivan"])


BRING = {"proposed": _proposed, "plan_approved": _approved, "authorised": _authorised, "in_progress": _begun, "report_due": _due,
         "evaluated": _evaluated}


# For the tests of every page: in April, around the world's now ----------------------------------------------------------

def furnish(world) -> None:
    """Placement 1, Ana's and in progress these weeks; offer 1, for which she applied; agreement 1 with a change."""
    intern(world, "in_progress", starts_on=date(2027, 4, 12), ends_on=date(2027, 4, 30), hours=Fraction(60))
    with world.app.extensions["database"].transaction() as session:
        offered(session, world)
        offering.apply(session, world.people["ana"], world.now, 1, offers.offer_of(session, 1), "Por las patrullas")
        reporting.hand_in(session, world.people["ana"], world.now, queries.placement(session, 1), REPORT, 0)
        exchange.renew(session, world.people["olga"], world.now, 1, on=date(2027, 4, 19), expires_on=date(2030, 4, 3))
        travelled(session, world, queries.placement(session, 1))


def travelled(session, world, view: PlacementView) -> None:
    """What the journey cost, in two currencies and by two payers, and a gift."""
    olga = world.people["olga"]
    travelling.add_cost(session, olga, world.now, view, item="Pasajes", text="450.000", currency="CLP", payer="municipality", note="Factura 77")
    travelling.add_cost(session, olga, world.now, view, item="Alojamiento", text="312,50", currency="USD", payer="host")
    travelling.add_gift(session, olga, world.now, view, what="Un libro de historia local", on=min(view.starts_on, world.now.date()), occasion="Recepción en el municipio",
                        giver="Intendencia de Vado Largo")


def offered(session, world, publish: bool = True) -> int:
    """An offer of two places in June."""
    made = offering.make(session, world.people["olga"], world.now, 1, offering.Draft(
        3, "AR", "Vado Largo", "Tránsito", "Seguridad vial en Vado Largo", "Patrullas", "Trabajar en *tránsito*", "site", "es", 2,
        date(2027, 6, 7), date(2027, 6, 11), Fraction(25), supervisor_name="Hilda Anfitriona", supervisor_email="hilda@example.org"))
    if publish:
        offering.publish(session, world.people["olga"], world.now, offers.offer_of(session, made))
    return made


PAGES = ["/cohortes/1/pasantia/2", "/supervision/3", "/cohortes/1/pasantias/4", "/cohortes/1/pasantias/4/cierre", "/cohortes/1/pasantias/5",
         "/cohortes/1/pasantia/ofertas/2", "/cohortes/1/pasantias/ofertas/3",
         "/cohortes/1/pasantia/2/plan", "/supervision/6/evaluacion", "/cohortes/1/pasantias/3/anfitriona/plan"]


def more(world) -> None:
    """What the rarer forms (on PAGES) need: an offer to apply to, one to publish, placements at each step."""
    spans = [(monday, monday + timedelta(days=4)) for monday in (date(2027, 6, 14), date(2027, 7, 5), date(2027, 8, 2), date(2027, 9, 6), date(2027, 10, 4))]
    for (starts, ends), state in zip(spans, ("draft", "proposed", "evaluated", "evaluated", "report_due"), strict=True):
        intern(world, state, starts_on=starts, ends_on=ends)
    with world.app.extensions["database"].transaction() as session:
        planned(session, world, queries.placement(session, 2))
        due = queries.placement(session, 6)
        reporting.hand_in(session, due.person_id, at(due.ends_on, 22), due, REPORT, 0)
        offered(session, world)
        offered(session, world, publish=False)
        cohort, programme = _place(session)
        closing.close(session, world.people["olga"], world.now, cohort, programme, queries.placement(session, 5))


def _place(session):
    cohort = cohorts.cohort(session, 1)
    return cohort, catalogue.programme(session, cohort.edition_id)
