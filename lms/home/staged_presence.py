"""Who was at the past seminar of the demonstration, told by every source there is: door, screen, list, report, hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from zoneinfo import ZoneInfo

from lms.home.stage import Demo
from lms.people.queries import token_hash
from lms.seminars import devices, importing, presence, reported
from lms.seminars.entries import RegistrationView
from lms.seminars.marks import Sitting
from lms.seminars.presence import Door, Seen
from lms.seminars.reported import Reading

Views = Mapping[int, RegistrationView]
HOUR = timedelta(hours=1)
ALL, TWO = (0, 1, 2), (0, 1)
# Who of a cohort was at which sessions; of everybody else, all three. Nobody: registered and did not come.
SESSIONS = {"CL": {3: TWO, 5: (0,), 7: (), 9: TWO}, "AR": {3: TWO, 6: (1,), 8: ()}}
TEAMS = ("Nombre", "Primera entrada", "Última salida", "Duración de la reunión", "Correo electrónico",
         "Id. de participante (UPN)", "Rol")
ZOOM = ("Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,"
        "Respuesta al descargo de responsabilidad relativa a la grabación,En sala de espera")
Stay = tuple[str, str, datetime, datetime]      # name, address, from, to


def there(demo: Demo, seminar: int, ids: Sequence[int], students: Mapping[str, Views],
          public: Sequence[RegistrationView], delegation: Sequence[RegistrationView]) -> None:
    """Chile and the public come to the house; most of Argentina attends from afar; the delegation is on the list."""
    held = {s.id: s for s in presence.sittings(demo.session, seminar)}
    sittings = [held[i] for i in ids]
    for n, sitting in enumerate(sittings):
        came = [v for i, v in students["CL"].items() if n in SESSIONS["CL"].get(i, ALL) and i != 2]
        came += [v for i, v in students["AR"].items() if i in (1, 2) and n in SESSIONS["AR"].get(i, ALL)]
        _door(demo, seminar, sitting, n, [*came, *(public if n < 2 else public[:2])])
        _list(demo, seminar, sitting, delegation[:2] if n == 2 else delegation)
        afar = [v for i, v in students["AR"].items() if i not in (1, 2) and n in SESSIONS["AR"].get(i, ALL)]
        _report(demo, seminar, sitting, n, afar)
    _by_hand(demo, seminar, sittings, students["CL"][2])


def _door(demo: Demo, seminar: int, sitting: Sitting, day: int, views: Sequence[RegistrationView]) -> None:
    """A phone at the door, and on the second day a screen that shows codes; some go out and come back."""
    mine, opened = Random(f"puerta {day}"), sitting.starts_at - timedelta(hours=1)
    phone = _device(demo, seminar, f"Puerta del auditorio, día {day + 1}", "scan", opened)
    screen = _device(demo, seminar, "Pantalla del auditorio", "screen", opened) if day == 1 else None
    seen: list[Seen] = []
    shown: list[Seen] = []
    for n, view in enumerate(views):
        moments = [("in", sitting.starts_at + timedelta(minutes=mine.randint(-25, 6), seconds=mine.randint(0, 59))),
                   ("out", sitting.ends_at + timedelta(minutes=mine.randint(-4, 12), seconds=mine.randint(0, 59)))]
        if n % 4 == 0:                      # a coffee on the way
            away = sitting.starts_at + timedelta(minutes=mine.randint(70, 90))
            moments[1:1] = [("out", away), ("in", away + timedelta(minutes=mine.randint(8, 15)))]
        if n % 9 == 5:                      # nobody scanned this one out
            moments.pop()
        by_code = screen is not None and n % 5 == 1
        (shown if by_code else seen).extend(
            Seen(f"demo-{seminar}-{day}-{view.id}-{i}", view.code, way, moment)
            for i, (way, moment) in enumerate(moments))
    _take(demo, phone, seen, sitting.ends_at)
    if screen is not None:
        _take(demo, screen, shown, sitting.ends_at, "screen")


def _device(demo: Demo, seminar: int, name: str, does: str, opened: datetime) -> Door:
    token = devices.make(demo.session, demo.office, opened, seminar, name=name, does=does, session_id=None,
                         expires_at=opened + timedelta(hours=12))
    found = presence.door(demo.session, token_hash(token))
    assert found is not None
    return found


def _take(demo: Demo, door: Door, seen: Iterable[Seen], ends_at: datetime, source: str = "scan") -> None:
    """In the order in which it was sent, some minutes after the session."""
    presence.take(demo.session, ends_at + timedelta(minutes=20), door, sorted(seen, key=lambda s: s.at), source)


def _list(demo: Demo, seminar: int, sitting: Sitting, views: Iterable[RegistrationView]) -> None:
    wanted = {v.id for v in views}
    presence.tick(demo.session, demo.office, sitting.ends_at + timedelta(minutes=30), seminar, sitting, wanted, wanted)


def _by_hand(demo: Demo, seminar: int, sittings: Sequence[Sitting], view: RegistrationView) -> None:
    """One was on the list of two sessions; of the third the office says the minutes, and why."""
    for sitting in sittings[:2]:
        _list(demo, seminar, sitting, [view])
    last = sittings[2]
    presence.say(demo.session, demo.office, last.ends_at + timedelta(hours=2), seminar, view.id, last,
                 150, "Presentó una experiencia en la mesa y no pasó por la puerta; lo confirma quien moderó.",
                 f"demo-{seminar}-{view.id}")


def _report(demo: Demo, seminar: int, sitting: Sitting, day: int, views: Sequence[RegistrationView]) -> None:
    """The file of the video platform, read and brought in as the office does."""
    where = reported.place(demo.session, seminar, sitting.id)
    assert where is not None
    stays = list(_stays(sitting, day, views))
    name, content = (f"Participantes sesión {day + 1}.csv", zoom(stays, where.zone)) if day == 1 else (
        f"Informe de asistencia sesión {day + 1}.csv", teams(stays, sitting, where.zone))
    kept, when, reading = demo.shop.store.put(BytesIO(content), len(content)), sitting.ends_at + HOUR, Reading()
    found = reported.parsed(where, name, content, reading)
    made, _new = importing.receive(demo.session, demo.office, when, where, name, kept.sha256, found[0].platform,
                                   reading)
    told = reported.report(demo.session, seminar, sitting.id, made)
    assert told is not None
    importing.apply(demo.session, demo.office, when + timedelta(minutes=5), where, told[1], found, {})


def _stays(sitting: Sitting, day: int, views: Sequence[RegistrationView]) -> Iterable[Stay]:
    """Some lose the connection and come back before the platform has noticed; one caller is nobody we know."""
    mine = Random(f"sala {day}")
    for n, view in enumerate(views):
        begins = sitting.starts_at + timedelta(minutes=mine.randint(-12, 5), seconds=mine.randint(0, 59))
        ends = sitting.ends_at + timedelta(minutes=mine.randint(-6, 9), seconds=mine.randint(0, 59))
        if n % 3 == 1:
            cut = sitting.starts_at + timedelta(minutes=mine.randint(50, 110))
            yield view.name, view.email, begins, cut
            begins = cut - timedelta(minutes=2)
        yield view.name, view.email, begins, ends
    if day == 2:
        yield "Tablet de secretaría", "", sitting.starts_at, sitting.starts_at + timedelta(minutes=96)


def teams(stays: Sequence[Stay], sitting: Sitting, zone: str) -> bytes:
    """An attendance report of Microsoft Teams: UTF-16, tabs, three sections."""
    def clock(moment: datetime) -> str:
        return f"{_local(moment, zone):%d/%m/%y, %H:%M:%S}"
    def length(since: datetime, until: datetime) -> str:
        minutes, seconds = divmod(int((until - since).total_seconds()), 60)
        return f"{minutes // 60} h {minutes % 60} min {seconds} s"
    spans: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for name, email, since, until in stays:
        spans.setdefault((name, email), []).append((since, until))
    lines = [("1. Resumen",), ("Título de la reunión", "Seminario internacional"),
             ("Participantes asistentes", str(len(spans))), ("Hora de inicio", clock(sitting.starts_at)),
             ("Hora de finalización", clock(sitting.ends_at)), (), ("2. Participantes",), TEAMS]
    lines += [(name, clock(min(a for a, _b in held)), clock(max(b for _a, b in held)),
               length(min(a for a, _b in held), max(b for _a, b in held)), email, email, "Asistente")
              for (name, email), held in spans.items()]
    lines += [(), ("3. Actividades en la reunión",),
              ("Nombre", "Hora de unión", "Hora de salida", "Duración", "Correo electrónico", "Rol")]
    lines += [(name, clock(since), clock(until), length(since, until), email, "Asistente")
              for name, email, since, until in stays]
    return "".join("\t".join(line) + "\r\n" for line in lines).encode("utf-16")


def zoom(stays: Sequence[Stay], zone: str) -> bytes:
    """A participants report of Zoom: a row for each time somebody joined, minutes rounded up."""
    rows = [f"{name},{email},{_local(since, zone):%d/%m/%Y %H:%M:%S},{_local(until, zone):%d/%m/%Y %H:%M:%S},"
            f"{-int(-(until - since).total_seconds() // 60)},No,Aceptar,No" for name, email, since, until in stays]
    return ("\ufeff" + "\r\n".join([ZOOM, *rows]) + "\r\n").encode()


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(UTC).astimezone(ZoneInfo(zone))
