"""The offers of internships in the demonstration, and who applied for them: two decided, one still open."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from lms.cohorts.queries import CohortView
from lms.home.stage import Demo
from lms.home.staged_hosts import HILL, MOTIVES, VALLEY, Host
from lms.internships import offering, offers, placing
from lms.internships.placing import Draft


def offered(demo: Demo, cohorts: Mapping[str, CohortView], agreements: Mapping[str, int]
            ) -> tuple[list[int], list[int]]:
    """Two offers that were decided, and one that is open to both cohorts; the placements they led to, CL and AR."""
    chile, argentina = demo.enrolled["CL"], demo.enrolled["AR"]
    first = _offer(demo, cohorts["CL"], VALLEY, agreements["Valle Calmo"], -110, 2, (demo.monday(-62), demo.day(20)),
                   "Servicios en común: residuos, contratos y tarifas", "Gestión de servicios")
    second = _offer(demo, cohorts["AR"], HILL, agreements["Cerro Lejano"], -50, 2, (demo.monday(34), demo.monday(48)),
                    "Prevención con escuelas y vecinos", "Seguridad pública y educación")
    third = _offer(demo, None, VALLEY, agreements["Valle Calmo"], -9, 4, (demo.monday(40), demo.monday(61)),
                   "Cooperación entre municipios de frontera", "Redes internacionales", "remote")
    ours = [_asked(demo, cohorts["CL"], first, p, -104, "selected") for p in _some(chile, 0, 1)]
    theirs = [_asked(demo, cohorts["AR"], second, p, -44, "selected") for p in _some(argentina, 0, 1)]
    for person in _some(chile, 4):
        _asked(demo, cohorts["CL"], first, person, -102, "declined", "Las fechas coinciden con su viaje de trabajo.")
    for person in _some(argentina, 2):
        _asked(demo, cohorts["AR"], second, person, -42, "reserve")
    for cohort, person in (*(("CL", p) for p in _some(chile, 6)), *(("AR", p) for p in _some(argentina, 4))):
        _asked(demo, cohorts[cohort], third, person, -4, "")
    offering.close(demo.session, demo.office, demo.now - timedelta(days=97), offers.offer_of(demo.session, first))
    return [p for p in ours if p], [p for p in theirs if p]


def arranged(demo: Demo, cohort: CohortView, agreements: Mapping[str, int]) -> list[int]:
    """What a municipality arranged by itself: the office writes it down, without an offer."""
    return [placing.make(demo.session, demo.office, demo.now - timedelta(days=93), cohort.id, person, Draft(
        host_id=demo.institutions[HILL.name], country=HILL.country, city=HILL.city, area="Seguridad pública",
        modality="site", language="es", time_zone=HILL.zone, starts_on=demo.monday(-55), ends_on=demo.monday(-41),
        hours=Fraction(24), supervisor_name=HILL.supervisor, supervisor_email=HILL.email,
        supervisor_office=HILL.office, agreement_id=agreements["Cerro Lejano"]))
            for person in _some(demo.enrolled["CL"], 2)]


def _some(ids: Sequence[int], *which: int) -> list[int]:
    return [ids[n] for n in which if n < len(ids)]


def _offer(demo: Demo, cohort: CohortView | None, host: Host, agreement: int, days: int, places: int,
           span: tuple[date, date], title: str, area: str, modality: str = "site") -> int:
    when = demo.now + timedelta(days=days)
    made = offering.make(demo.session, demo.office, when, cohort.id if cohort else None, offering.Draft(
        host_id=demo.institutions[host.name], country=host.country, city=host.city, area=area, title=title,
        description="Estadía breve junto al equipo de la institución, con un plan de trabajo acordado entre las tres "
                    "partes. *Oferta de demostración.*",
        requirements="- Haber aprobado los módulos generales.\n- Contar con el acuerdo de su municipio.",
        modality=modality, language="es", places=places, starts_on=span[0], ends_on=span[1], hours=Fraction(24),
        agreement_id=agreement, apply_by=when + timedelta(days=24 if days > -20 else 10),
        supervisor_name=host.supervisor, supervisor_email=host.email, supervisor_office=host.office))
    offering.publish(demo.session, demo.office, when + timedelta(hours=2), offers.offer_of(demo.session, made))
    return made


def _asked(demo: Demo, cohort: CohortView, offer: int, person: int, days: int, decision: str, why: str = ""
           ) -> int | None:
    """Somebody applies; some days later the office decides. The placement, where one was made."""
    s, when = demo.session, demo.now + timedelta(days=days, minutes=person * 7)
    made = offering.apply(s, person, when, cohort.id, offers.offer_of(s, offer), MOTIVES[person % len(MOTIVES)])
    return offering.decide(s, demo.office, when + timedelta(days=5), offers.offer_of(s, offer), made, decision,
                           why) if decision else None
