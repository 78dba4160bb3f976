"""The sentences of a certificate: the words of a language are a file (terms), what needs its grammar is here."""

import re
from datetime import date
from urllib.parse import urlsplit

from lms.certificates.snapshot import LANGUAGES, Snapshot
from lms.certificates.terms import kind_line as kind_line
from lms.certificates.terms import labels as labels
from lms.certificates.terms import told as told
from lms.certificates.terms import told_of, words
from lms.foundation.paper.furniture import Figure
from lms.foundation.spanish import feminine, listed, long_date, of_the, period, with_article

NUMBER = re.compile(r"^(\d[\d.,]*) (.+)$")
SCALE = re.compile(r"escala de ([\d,]{1,6}) a ([\d,]{1,6}), nota mínima de aprobación ([\d,]{1,6})")
MARK = re.compile(r"([\d,]{1,6}) de ([\d,]{1,6}), (.+)")


def opening(s: Snapshot) -> str:
    """"La Escuela de … y la Universidad … certifican que doña"."""
    said = words(s.language)["said"]
    if _spanish(s):
        bodies = listed([with_article(name) for name in s.institutions])
        bodies = f"{bodies[:1].upper()}{bodies[1:]}"
    else:
        bodies = said["and"].join(filter(None, (", ".join(s.institutions[:-1]), s.institutions[-1])))
    treatment = f" {s.treatment}" if s.treatment and _spanish(s) else ""
    return str(said["opening"]).format(bodies=bodies, treatment=treatment,
                                       certify=said["many" if len(s.institutions) > 1 else "one"])


def passed(s: Snapshot) -> str:
    """What follows the document: ", aprobó el"."""
    return str(told_of(s)["passed"]).format(article=with_article(s.programme).split(" ")[0])


def course(s: Snapshot) -> tuple[str, str, str, str, str]:
    """When, how long and with what result; the second and fourth parts are those to stand out."""
    said = told_of(s)
    given = "dictada" if feminine(s.programme) else "dictado"
    start = str(said["course"]).format(
        given=given, of_programme=of_the(s.programme), programme=s.programme, period=_period(s),
        place=str(said["at"]).format(place=s.place) if s.place else "") + said["duration"]
    hours = f"{s.hours}\u00a0{labels(s)['hour' if s.hours == 1 else 'many_hours']}"
    if s.minutes:
        hours += f"{said['and']}{s.minutes}\u00a0{labels(s)['minute' if s.minutes == 1 else 'many_minutes']}"
    credit = f" ({_tied(s.credits[0])})" if s.credits else ""
    if not s.grade:
        return start, hours + credit, said["after"], "", ""
    grade_words = f" ({s.grade_words})" if s.grade_words and _spanish(s) else ""
    end = str(said["on_scale"]).format(scale=_scale(s)) if s.scale else "."
    return start, hours + credit, said["after"].rstrip(".") + said["graded"], s.grade + grade_words, end


def issue(s: Snapshot) -> str:
    return str(told_of(s)["issue"]).format(place=s.issued_place, date=_day(s, s.issued_on))


def no_degree(s: Snapshot) -> str:
    """Said on every paper: what it does not prove. Further education gives no title and no degree."""
    first, *_ = s.programme.split(" ")
    this = f"{'Esta' if feminine(s.programme) else 'Este'} {first.lower()}"
    return str(told_of(s)["no_degree"]).format(this=this)


def summary(s: Snapshot) -> list[Figure]:
    """The row of figures; what a certificate does not say leaves no empty cell."""
    named = labels(s)
    unit = named["hour" if s.hours == 1 else "many_hours"] + (f" {s.minutes} min" if s.minutes else "")
    cells = [Figure(told_of(s).get("figure", named["duration"]), str(s.hours), unit)]
    said = told_of(s)
    if where := said.get("there", s.place) if "where" in said else "":
        cells.append(Figure(said["where"], where, ""))
    if s.credits:
        number, unit = _figure(" · ".join(s.credits))
        cells.append(Figure(named["credits"], number, unit))
    if s.grade:
        cells.append(Figure(named["final_grade" if s.kind == "final" else "grade"], s.grade,
                            s.grade_words if _spanish(s) else ""))
    if s.equivalence:
        number, unit = _figure(_equivalence(s))
        cells.append(Figure(named["equivalence"], number, unit))
    return cells


def verify_place(s: Snapshot) -> str:
    """The address a person types and that asks for folio and code: "escuela.example.cl/verificar"."""
    address = urlsplit(s.verify_url)
    return address.netloc + address.path.removesuffix(f"/v/{s.folio}/{s.code}").rstrip("/") + "/verificar"


def _spanish(s: Snapshot) -> bool:
    return s.language not in LANGUAGES or s.language == "es"


def _day(s: Snapshot, day: date) -> str:
    if _spanish(s):
        return _dated(long_date(day))
    said = words(s.language)["said"]
    return str(said["day"]).format(day=day.day, month=said["months"].split()[day.month - 1], year=day.year)


def _period(s: Snapshot) -> str:
    if _spanish(s):
        return _dated(period(s.started_on, s.ended_on))
    said = words(s.language)["said"]
    form = said["one_day" if s.started_on == s.ended_on else "period"]
    return str(form).format(start=_day(s, s.started_on), end=_day(s, s.ended_on))


def _scale(s: Snapshot) -> str:
    """The scale as the paper's language says it; one whose words are not the usual stays as it is."""
    found = None if _spanish(s) else SCALE.fullmatch(s.scale)
    if not found:
        return s.scale
    least, most, least_pass = found.groups()
    return str(words(s.language)["said"]["scale"]).format_map({"least": least, "most": most, "pass": least_pass})


def _equivalence(s: Snapshot) -> str:
    text = re.sub("^equivalencia referencial:? ", "", s.equivalence, flags=re.I)
    found = None if _spanish(s) else MARK.fullmatch(text)
    if not found:
        return text
    told = words(s.language)
    return str(told["said"]["of"]).format(mark=found[1], most=found[2]) + told["scales"].get(found[3], found[3])


def _figure(text: str) -> tuple[str, str]:
    found = NUMBER.match(text)
    return (found[1], found[2]) if found else ("", text)


def _tied(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _dated(text: str) -> str:
    """A day does not part from its month."""
    return re.sub(r"(\d) de (?=[a-z])", "\\1\u00a0de\u00a0", text)
