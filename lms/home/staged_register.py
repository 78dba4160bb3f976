"""The agreements of the demonstration, and how other systems are told and may tell: nothing is ever called."""

from datetime import timedelta

from lms.credits import pushing
from lms.events import actions as events
from lms.exchange import actions as exchange
from lms.exchange.actions import Party
from lms.home.stage import Demo
from lms.home.staged_hosts import GOLDEN, HILL, VALLEY, Host


def agreements(demo: Demo) -> dict[str, int]:
    """By the host's short name: one renewed and in force, one about to expire, one lapsed."""
    made = {"Valle Calmo": _signed(demo, VALLEY, -1100, 730), "Cerro Lejano": _signed(demo, HILL, -686, 730),
            "Valle Dorado": _signed(demo, GOLDEN, -810, 730)}
    on = demo.day(-390)
    exchange.renew(demo.session, demo.office, demo.now - timedelta(days=385), made["Valle Calmo"], on=on,
                   expires_on=on + timedelta(days=1095), reason="Renovación por tres años")
    return made


def _signed(demo: Demo, host: Host, days: int, lasts: int) -> int:
    """Between the Escuela and a host, so many days from today, for so many."""
    when, on = demo.now + timedelta(days=max(days, -295) + 1), demo.day(days)
    partner = demo.institution(host.kind, host.name, host.short, host.country, host.city, when)
    return exchange.record(
        demo.session, demo.office, when, title=f"Convenio marco de cooperación con {host.short}",
        object="Pasantías, asistencia técnica e intercambio de buenas prácticas (convenio de demostración).",
        signed_on=on, starts_on=on, expires_on=on + timedelta(days=lasts), parties=(
            Party(demo.institutions["Escuela de Gobierno Local"], "Firma de demostración", "Dirección"),
            Party(partner, host.supervisor, host.office)))


def hooks(demo: Demo) -> None:
    """A subscription that rests and a system that has told nothing yet, so that their pages can be seen."""
    number, _secret = events.subscribe(
        demo.session, demo.vault, demo.office, demo.now, "Registro de la asociación (demostración)",
        "https://example.org/avisos", ("enrolment.created", "certificate.issued", "credit.recorded"))
    events.pause(demo.session, demo.office, demo.now, number)
    pushing.open_source(demo.session, demo.vault, demo.office, demo.now, "campus-vecino",
                        "Campus de una asociación vecina (demostración)", ("attendance",), ())
