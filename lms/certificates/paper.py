"""The printed certificate: A4 landscape, the range at the left edge, everything else on one left axis."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import zip_longest

from lms.certificates.identity import identify
from lms.certificates.kinds import KINDS
from lms.certificates.snapshot import CALLED, Snapshot, well_formed
from lms.certificates.wording import (
    course,
    issue,
    kind_line,
    labels,
    no_degree,
    opening,
    passed,
    summary,
    verify_place,
)
from lms.foundation.paper.faces import INK2, LABEL, LAPIS, MM, SMALL, SMALL_B, Style, Unprintable, clean, width
from lms.foundation.paper.furniture import figures, masthead, microtext, qr_figure, signatures
from lms.foundation.paper.lines import Line, Run, Text, TooLong, balance, fits, keep, spaced
from lms.foundation.paper.motif import mountains
from lms.foundation.paper.painting import paint
from lms.foundation.paper.sheet import ARTIFACT, Drawing, Part, Sheet, Stroke
from lms.foundation.paper.table import Column, table
from lms.foundation.paper.tagging import Card
from lms.foundation.spanish import with_article

__all__ = ["SEAL", "Snapshot", "TooLong", "Unprintable", "check", "draw", "identify"]

X, RIGHT = 82.0, 281.0                  # text axis and right margin, in millimetres
ROOM = RIGHT - X
SEAL = (200.0, 149.0, 46.0, 24.0)       # x, y, width, height of the place kept for the electronic signature
QR = 27.0                               # side of the code, in millimetres
BODY_END = 123.8                        # the last baseline of the text: the figures begin below


@dataclass(frozen=True)
class Setting:
    """Sizes of the text; when the roomy one does not fit, all of it steps down together."""
    text: Style
    title: Style
    shrink: tuple[float, float]     # points a name on one line may have, at most and at least
    two: tuple[float, ...]          # points a name on two lines may have, the best first
    air: float                      # millimetres above the name
    after_name: float
    before_title: float


SETTINGS = (
    Setting(Style("sans", 12, 16.4), Style("serif-b", 22, 26.4), (38, 27), (), 6.5, 10.1, 10.8),
    Setting(Style("sans", 11, 15), Style("serif-b", 20, 24), (32, 29), (29, 25, 22), 4.2, 8.1, 9.8),
    Setting(Style("sans", 11, 14.4), Style("serif-b", 18, 21.5), (26, 24), (24, 21, 19), 3.8, 7.4, 8.8),
    Setting(Style("sans", 10, 13), Style("serif-b", 15, 18), (20, 19), (19, 17), 3.2, 6.4, 7.4),
)
NAME = Style("serif-b", 38)


def check(snapshot: Snapshot) -> None:
    """Raises Unprintable, TooLong or, for what is missing, ValueError (which both are), in words for who issues."""
    _lay_out(snapshot)


def draw(snapshot: Snapshot) -> bytes:
    """The certificate as a tagged PDF: the same snapshot gives the same bytes."""
    return paint(_lay_out(snapshot), _card(snapshot))


def _card(s: Snapshot) -> Card:
    return Card(title=f"{kind_line(s)}: {s.holder_name}", author="; ".join(s.institutions),
                subject=f"{s.title}, folio {s.folio}", made_on=s.issued_on,
                keywords=f"folio={s.folio}; code={s.code}" + (f"; edition={s.edition}" if s.edition else ""))


def _lay_out(s: Snapshot) -> list[Sheet]:
    _refuse(s)
    return [_front(s), _back(s)] if s.modules else [_front(s)]


def _refuse(s: Snapshot) -> None:
    """What can be told without laying out: the fields a paper can not be without, and the letters it can not print."""
    if s.kind not in KINDS or KINDS[s.kind].elsewhere:
        raise ValueError(f"Este certificado todavía no se imprime: {s.kind}.")
    if not well_formed(s.folio, s.code):
        raise ValueError("El folio o el código de verificación no tienen la forma debida.")
    for name in ("holder_name", "programme", "verify_url", "issued_place", KINDS[s.kind].title):
        if not getattr(s, name).strip():
            raise ValueError(f"Falta {with_article(CALLED[name])}: es necesario para emitir el certificado.")
    if not s.institutions:
        raise ValueError("Faltan las instituciones que certifican. Agréguelas a la cohorte.")
    if s.started_on > s.ended_on:
        raise ValueError("La fecha de término es anterior a la de inicio. Corríjalas en la cohorte.")
    for name, text in s.texts():
        for face in ("serif-b", "sans", "sans-b"):
            try:
                clean(text, face)
            except Unprintable as wrong:
                raise Unprintable(wrong.char, CALLED[name].capitalize()) from None
    if len(s.verify_url) > 150:
        raise TooLong("Dirección de verificación: es demasiado larga para el código QR. Use una de hasta 150 letras.")


@contextmanager
def _told(field: str, remedy: str) -> Iterator[None]:
    """Says which field does not fit and what to do about it."""
    try:
        yield
    except TooLong:
        raise TooLong(f"{field}: no cabe en el certificado. {remedy}") from None


def _front(s: Snapshot) -> Sheet:
    sheet = Sheet()
    sheet.add(ARTIFACT).pieces.append(Drawing("range", mountains(66, 194), 6, 8, 66, 194))
    bodies = list(zip_longest(s.institutions, s.countries[:len(s.institutions)], fillvalue=""))
    with _told("Instituciones", "Use sus nombres cortos o menos instituciones."):
        masthead(sheet, X, 21, ROOM, bodies)
    setting = _statement(sheet, s)
    with _told("Créditos y equivalencia", "Acorte su texto."):
        figures(sheet, X, 134 if setting is SETTINGS[0] else 133.4, ROOM, summary(s))
    with _told("Firmantes", "Acorte cargos e instituciones, o deje tres firmantes como máximo."):
        signatures(sheet, X, 173, 108 if len(s.signatories) > 1 else 80, 189.4, s.signatories)
    _seal(sheet, s)
    qr_figure(sheet, RIGHT - QR, 147.6, QR, s.link, f"{labels(s)['code']}{s.verify_url}")
    folio = sheet.add()
    folio.line(RIGHT, 179, labels(s)["folio"], LABEL, "right")
    folio.line(RIGHT, 183.4, s.folio, Style("sans-b", 10), "right")
    _foot(sheet, s)
    return sheet


def _statement(sheet: Sheet, s: Snapshot) -> Setting:
    """The sentence of the certificate at the roomiest setting it fits in."""
    for setting in SETTINGS:
        if name := _name_lines(s.holder_name, setting):
            with suppress(TooLong):
                spare = BODY_END - _sentence(Part("Document"), s, setting, name)
                if spare >= 0:
                    _sentence(sheet, s, setting, name, max(0, min((spare - 0.8) / 3, 2.5)))
                    return setting
    if not _name_lines(s.holder_name, SETTINGS[-1]):
        raise TooLong("Nombre para el certificado: no cabe en dos líneas. Acuerde con su titular una forma más corta.")
    raise TooLong("El texto no cabe en el certificado. Acorte el título del programa o del módulo, la escala de notas "
                  "o los nombres de las instituciones.")


def _name_lines(name: str, setting: Setting) -> list[Line]:
    """One line, shrunk if need be, or two even lines; none when the name needs a smaller setting."""
    text = clean(keep(name), NAME.face)
    most, least = setting.shrink
    size = min(most, ROOM * most / width(text, NAME.face, most))
    if size >= least:
        return [[(text, Style(NAME.face, size))]]
    for size in setting.two:
        style = Style(NAME.face, size, size * 1.105)
        lines = balance(text, style, ROOM)
        if len(lines) == 2 and fits(lines, ROOM):
            return lines
    return []


def _sentence(part: Part, s: Snapshot, setting: Setting, name: list[Line], spare: float = 0) -> float:
    """Sets it with `spare` mm more in each of the three gaps; returns the last baseline."""
    text, title = setting.text, setting.title
    bold = text.but(face="sans-b")
    part.add("H1").line(X, 41.5, kind_line(s), Style("sans-b", 13, colour=LAPIS))
    low = part.add().paragraph(X, 48.8, ROOM, keep(opening(s)), text.but(colour=INK2), even=True)
    style = name[0][0][1]
    y = low - text.step + setting.air + spare + style.size * 0.85 / MM
    holder = part.add()
    for line in name:
        holder.line(X - style.size * 0.012, y, line, style)    # optical margin of a large capital
        y += style.step
    y += setting.after_name - style.step
    document: list[str | Run] = [(s.holder_document, bold), ", "] if s.holder_document else []
    part.add().line(X, y, [*document, passed(s)], text)
    y = part.add().paragraph(X, y + setting.before_title + spare, ROOM, keep(s.title), title, even=True)
    start, hours, middle, grade, end = course(s)
    y = part.add().paragraph(X, y - 0.6 + spare, ROOM, [start, (hours, bold), middle, (grade, bold), end], text,
                             even=True)
    return part.add().paragraph(X, y, ROOM, issue(s), text, even=True) - text.step


def _seal(sheet: Sheet, s: Snapshot) -> None:
    """Its place stays free when nothing is to be said of an electronic signature."""
    if s.seal_note:
        x, y, wide, high = SEAL
        sheet.add(ARTIFACT).pieces.append(Stroke(x, y, wide, high, dash=(1.5, 1.5)))
        part = sheet.add()
        part.line(x + 2.5, y + 4.4, labels(s)["seal"], LABEL)
        with _told("Nota de la firma electrónica", "Redúzcala a cuatro líneas."):
            part.paragraph(x, y + high + 4.6, wide, s.seal_note, SMALL, most=4)


def _foot(sheet: Sheet, s: Snapshot) -> None:
    notice: list[str | Run] = [" ", (s.notice, SMALL_B)] if s.notice else []
    verify: Text = [labels(s)["verify"], (verify_place(s), SMALL_B), labels(s)["with_code"],
                    (spaced(s.code), SMALL_B)]
    with _told("Aviso", "Acórtelo para que quepa en una línea."):
        sheet.add().paragraph(X, 195, ROOM, [no_degree(s), *notice], SMALL, most=1)
    with _told("Dirección de verificación", "Use una dirección más corta."):
        sheet.add().paragraph(X, 199, ROOM, verify, SMALL, most=1)
    microtext(sheet, X, 202, ROOM, " · ".join([*(name.upper() for name in s.institutions), s.folio, ""]))


def _back(s: Snapshot) -> Sheet:
    """The second sheet: each module with its hours and grade."""
    sheet = Sheet()
    sheet.add(ARTIFACT).pieces.append(Drawing("range", mountains(66, 194), 6, 8, 66, 194))
    folio = sheet.add()
    folio.line(RIGHT, 19.7, labels(s)["folio"], LABEL, "right")
    folio.line(RIGHT, 24.2, s.folio, Style("sans-b", 10), "right")
    sheet.add("H2").line(X, 21, labels(s)["modules"], Style("serif-b", 14))
    with _told("Título del programa", "Acórtelo."):
        y = sheet.add().paragraph(X, 27.4, ROOM - 45, f"{s.holder_name}. {s.programme}.",
                                  Style("sans", 9.5, 12.5, INK2), even=True, most=3)
    named = labels(s)
    columns = (Column(named["module"], ROOM - 52), Column(named["hours"], 24, "right"),
               Column(named["grade"], 28, "right"))
    rows: list[tuple[Text, Text, Text]] = [(title, str(hours), grade) for title, hours, grade in s.modules]
    bold = Style("sans-b", 10, 12.5)
    total = str(sum(hours for _, hours, _ in s.modules))
    rows.append(([(named["total_and_grade" if s.grade else "total"], bold)], [(total, bold)], [(s.grade or "—", bold)]))
    if table(sheet, X, y + 6, columns, rows, Style("sans", 10, 12.5)) > 186:
        raise TooLong("Módulos: no caben en una hoja. Acorte sus títulos o entregue la concentración de notas aparte.")
    _foot(sheet, s)
    return sheet
