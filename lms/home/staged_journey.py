"""One internship of the demonstration, step by step, each at its moment and by whoever takes it."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta

from lms.catalogue.rules import Programme
from lms.cohorts.queries import CohortView
from lms.home.stage import Demo, at
from lms.home.staged_hosts import REPORT, Host, Task
from lms.internships import closing, links, logbook, placing, planning, queries, reporting, rubrics, travelling
from lms.internships.hours import Entry
from lms.internships.links import Link
from lms.internships.logbook import Book, Week
from lms.internships.placing import Draft
from lms.internships.plans import Activity, Plan
from lms.internships.queries import PlacementView
from lms.people import queries as people

AUTHORITIES = ("Alcaldesa", "Concejal", "Concejala")
COSTS = (("Pasajes", "186.400", "CLP", "municipality"), ("Alojamiento", "320", "USD", "host"),
         ("Viáticos", "148.000", "CLP", "municipality"))
DAYS = (0, 1, 3)                            # of each week with hours: Monday, Tuesday, Thursday


class Journey:
    """A placement with its first Monday, and who supervises."""

    def __init__(self, demo: Demo, placement: int, host: Host, task: Task, first: date, academic: str, weeks: int = 2):
        self.demo, self.id, self.host, self.task, self.first = demo, placement, host, task, first
        self.last = first + timedelta(days=7 * weeks - 3)
        self.academic, self.starts = demo.staff[academic], at(first, "08:30", host.zone)
        view = self.view
        post = people.affiliations(demo.session, [view.person_id])[view.person_id]
        self.office, _comma, self.home = post.partition(", ")
        self.authority = view.person_id in demo.enrolled["CL"] and self.office in AUTHORITIES
        self.name = people.by_id(demo.session, [view.person_id])[view.person_id].name
        same = {f.name: getattr(view, f.name) for f in fields(Draft)}
        placing.change(demo.session, demo.office, view.made_at + timedelta(hours=3), view, replace(
            Draft(**same), starts_on=first, ends_on=self.last, academic_id=self.academic,
            authority=self.authority, emergency_contact="Contacto de demostración, +56 9 0000 0000"))

    @property
    def view(self) -> PlacementView:
        found = queries.placement(self.demo.session, self.id)
        assert found is not None
        return found

    def planned(self, when: datetime, host: bool = True) -> None:
        """The participant writes and approves the plan, the supervisor of the Escuela approves it, and the host by the
        link in their mail, unless it still waits for that."""
        s, me = self.demo.session, self.view.person_id
        span = (self.last - self.first).days // len(self.task.activities)
        plan = Plan(self.task.objectives, self.task.outcomes, tuple(
            Activity(what, str(self.first + timedelta(days=n * span)),
                     str(self.first + timedelta(days=(n + 1) * span - 1)), "8")
            for n, what in enumerate(self.task.activities)), self.task.products, self.task.indicators, "3")
        version = planning.write(s, me, when, self.view, plan, 0)
        planning.approve(s, when + timedelta(minutes=9), self.view, version, "participant", True, name=self.name,
                         by_id=me)
        planning.approve(s, when + timedelta(hours=7), self.view, version, "academic", True,
                         name=people.by_id(s, [self.academic])[self.academic].name, by_id=self.academic)
        if host:
            link = self._used("plan", str(version), when + timedelta(minutes=10), when + timedelta(days=2))
            planning.approve(s, when + timedelta(days=2), self.view, version, "host", True, name=self.host.supervisor,
                             link_id=link.id)

    def _used(self, purpose: str, subject: str, sent: datetime, used: datetime) -> Link:
        """A link that was mailed, opened and used."""
        s = self.demo.session
        number = links.ask(s, sent, self.id, purpose, subject, url=self.demo.base_url)
        link = next(one for one, _visits in links.links(s, self.id) if one.id == number)
        links.note(s, used - timedelta(minutes=4), link, "opened")
        links.use(s, used, link)
        return link

    def insured(self, when: datetime, short: int = 0) -> None:
        placing.add_paper(self.demo.session, self.demo.office, when, self.view, kind="insurance",
                          issuer="Seguros Cordillera (ficticia)", number=f"P-{4100 + self.id}", dated_on=when.date(),
                          starts_on=self.first, ends_on=self.last - timedelta(days=short))

    def allowed(self, when: datetime) -> None:
        """Insurance, and for who holds an office the council's agreement and the decree; then the office authorises."""
        s, office = self.demo.session, self.demo.office
        self.insured(when)
        if self.authority:
            for n, (kind, issuer) in enumerate((("council", f"Concejo, {self.home}"), ("decree", self.home))):
                placing.add_paper(s, office, when + timedelta(minutes=5 + n), self.view, kind=kind, issuer=issuer,
                                  number=f"{'A' if kind == 'council' else 'D'}-{110 + self.id}",
                                  dated_on=(when - timedelta(days=2)).date())
        placing.add_paper(s, office, when + timedelta(minutes=9), self.view, kind="invitation", issuer=self.host.name,
                          number=f"C-{30 + self.id}", dated_on=(when - timedelta(days=30)).date())
        placing.take(s, office, when + timedelta(days=1), self.view, "authorised")
        for item, text, currency, payer in COSTS:
            travelling.add_cost(s, office, when + timedelta(days=2), self.view, item=item, text=text, currency=currency,
                                payer=payer)

    def begun(self) -> None:
        placing.take(self.demo.session, self.demo.office, self.starts, self.view, "in_progress")

    def _book(self, when: datetime) -> Book:
        found = logbook.book(self.demo.session, self.id, when)
        assert found is not None
        return found

    def logged(self, week: int) -> None:
        """Four hours on three days, written from the phone in the afternoon."""
        goals = logbook.outcomes(self.demo.session, self.id)
        for n, after in enumerate(DAYS):
            day, entry = self.first + timedelta(days=7 * week + after), 3 * week + n
            when = at(day, "14:20", self.host.zone)
            logbook.write(self.demo.session, when, self._book(when), Entry(
                day, "09:00", "13:30", 30, activity=self.task.log[entry], outcome=goals[entry % len(goals)][0]),
                f"demo-{self.id}-{entry}", when)

    def _week(self, week: int) -> Week:
        found = logbook.week_of(logbook.weeks(self.demo.session, self.id), self.first + timedelta(days=7 * week))
        assert found is not None
        return found

    def ask_for_week(self, week: int) -> None:
        """The mail of Monday that asks the host to sign."""
        monday = self.first + timedelta(days=7 * week)
        when = min(at(monday + timedelta(days=7), "08:00", self.host.zone), self.demo.now)
        links.ask(self.demo.session, when, self.id, "week", str(monday), url=self.demo.base_url)

    def signed(self, week: int) -> None:
        after = at(self.first + timedelta(days=7 * week + 7), "08:00", self.host.zone)
        when = min(after + timedelta(hours=3), self.demo.now)
        link = self._used("week", str(self.first + timedelta(days=7 * week)), min(after, when), when)
        logbook.sign(self.demo.session, when, self._book(when), self._week(week), signed=True, comment="",
                     name=self.host.supervisor, link_id=link.id)

    def reviewed(self) -> None:
        """Half way, on the Wednesday of the second week."""
        on = self.first + timedelta(days=9)
        reporting.review(self.demo.session, self.academic, at(on, "16:00", self.host.zone), self.view, on,
                         "Va según el plan. La institución abrió sus contratos y la visita aportó lo que faltaba.",
                         "Dedicar la última jornada a presentar la minuta.")

    def reported(self, when: datetime) -> None:
        """The report, and what each of the three says of how it went."""
        s, me = self.demo.session, self.view.person_id
        reporting.hand_in(s, me, when, self.view, REPORT, 0)
        later = when + timedelta(days=2)
        link = self._used("evaluation", "", when + timedelta(minutes=5), later)
        reporting.evaluate(s, later, self.view, "host", _levels("host", 3, 2), name=self.host.supervisor,
                           comment="Preguntó bien y dejó una minuta que nos sirve.", link_id=link.id)
        reporting.evaluate(s, when + timedelta(days=3), self.view, "participant", {c.key: 4 for c in rubrics.SURVEY},
                           name=self.name, by_id=me)
        reporting.evaluate(s, when + timedelta(days=4), self.view, "academic", _levels("academic", 2, 3),
                           name=people.by_id(s, [self.academic])[self.academic].name, by_id=self.academic,
                           comment="Hallazgos con evidencia; faltó estimar el costo de operación.")

    def close(self, when: datetime, cohort: CohortView, programme: Programme) -> None:
        closing.close(self.demo.session, self.demo.office, when, cohort, programme, self.view)


def _levels(party: str, *given: int) -> dict[str, int]:
    return {c.key: given[n % len(given)] for n, c in enumerate(rubrics.RUBRICS[party])}
