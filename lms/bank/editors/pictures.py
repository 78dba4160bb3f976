"""Editors of what is put on a picture: words or images on their zones, markers on their places."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField

from lms.bank.editors.editor import MOST_ROWS, Editor, Group, QuestionForm, Texts, blanks, named, rows
from lms.bank.fields import CountField
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.markers import Marker, Place, Spots
from lms.catalogue.rules import Question
from lms.foundation.forms import options
from lms.foundation.language import _

NO_IMAGE = ("", _("Sin imagen"))


class DragRow(Form):
    text = StringField(_("Qué dice, o qué muestra su imagen"))
    image = SelectField(_("Imagen"), validate_choice=False)
    group = CountField(_("Grupo"))
    unlimited = BooleanField(_("Se puede usar varias veces"))


class ZoneRow(Form):
    x = CountField(_("Desde la izquierda"))
    y = CountField(_("Desde arriba"))
    drag = CountField(_("Número del elemento que va aquí"))
    label = StringField(_("Nombre del lugar, para quien no ve la imagen"))


class PictureForm(QuestionForm):
    picture = SelectField(_("Imagen de fondo"), validate_choice=False,
                          description=_("Primero se sube, más abajo, en «Agregar una imagen»."))
    alt = StringField(_("Qué muestra la imagen"), description=_("Para quien no la ve."))
    sizes = HiddenField()       # JSON: path -> [width, height], measured when each image was sent


class DragImageForm(PictureForm):
    drags = FieldList(FormField(DragRow), max_entries=MOST_ROWS)
    zones = FieldList(FormField(ZoneRow), max_entries=MOST_ROWS)


class PictureEditor(Editor):
    shuffles = True
    settings: tuple[str, ...] = ("picture", "alt")

    def offer(self, form: Any, texts: Texts) -> None:
        """The images that were sent, as choices of each select."""
        found = [NO_IMAGE, *((m.path, name) for name, m in texts.names.items())]
        form.picture.choices = options(found)
        for row in getattr(form, "drags", ()):
            row.image.choices = options(found)


class DragImageEditor(PictureEditor):
    kind = "dragimage"
    places = {"texto alternativo": "alt", "no tiene imagen": "picture", "zona": "zones", "lemento": "drags"}
    form = DragImageForm
    groups = (Group("drags", _("Elementos que se arrastran"), _("Elemento"), more=_("Agregar elemento"), blank=3),
              Group("zones", _("Lugares de la imagen"), _("Lugar"), more=_("Agregar lugar"), blank=2, hint=_(
                  "En puntos de la imagen, desde su esquina de arriba a la izquierda. Con el ratón: un clic en ella.")))

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Picture) else Picture("", 0, 0, (), ())
        numbers = {d.id: n for n, d in enumerate(body.drags, 1)}
        return {"picture": body.image, "alt": body.alt,
                "drags": blanks([{"text": d.text, "image": d.image, "group": d.group, "unlimited": d.unlimited}
                                 for d in body.drags], 3),
                "zones": blanks([{"x": z.x, "y": z.y, "drag": numbers.get(z.drag), "label": z.label}
                                 for z in body.zones], 2)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        sizes, old = known_sizes(form, q), q.body if isinstance(q.body, Picture) else None
        found = rows(form.drags, "text", "image")
        paths = {m.path for m in texts.media}
        ids = named([_line(row.text.data) for row in found], [(d.id, d.text) for d in old.drags] if old else ())
        drags = tuple(Drag(
            i, _line(row.text.data), min(max(row.group.data or 1, 1), 20), bool(row.unlimited.data),
            image := (row.image.data if row.image.data in paths else ""), *sizes.get(image, (0, 0)))
            for i, row in zip(ids, found, strict=True))
        zones = [row for row in form.zones if None not in (row.x.data, row.y.data)]
        places = tuple(Zone(str(n), _pixel(row.x.data), _pixel(row.y.data), at(ids, row.drag.data),
                            _line(row["label"].data)) for n, row in enumerate(zones, 1))
        image = form.picture.data if form.picture.data in paths else ""
        width, height = sizes.get(image, (0, 0))
        base = old or Picture("", 0, 0, (), ())
        return replace(q, body=replace(base, image=image, width=width, height=height, drags=drags, zones=places,
                                       alt=_line(form.alt.data)))


class MarkerRow(Form):
    text = StringField(_("Qué dice"))
    number = CountField(_("Cuántas veces se puede poner (0: sin límite)"))


class PlaceRow(Form):
    shape = SelectField(_("Forma"), choices=options((("circle", _("Círculo")), ("rectangle", _("Rectángulo")),
                                                      ("polygon", _("Polígono")))))
    coords = StringField(_("Dónde"))
    marker = CountField(_("Número del marcador que va aquí"))


class MarkersForm(PictureForm):
    markers = FieldList(FormField(MarkerRow), max_entries=MOST_ROWS)
    places = FieldList(FormField(PlaceRow), max_entries=MOST_ROWS)
    misplaced = BooleanField(_("Al fallar, decir qué lugares faltaron"))


class MarkersEditor(PictureEditor):
    kind = "markers"
    places = {"texto alternativo": "alt", "no tiene imagen": "picture", "ugar": "places", "arcador": "markers"}
    form = MarkersForm
    settings = ("picture", "alt", "misplaced")
    groups = (Group("markers", _("Marcadores"), _("Marcador"), more=_("Agregar marcador"), blank=2),
              Group("places", _("Lugares de la imagen"), _("Lugar"), more=_("Agregar lugar"), blank=2, hint=_(
                  "Círculo: izquierda,arriba;radio (120,80;25). Rectángulo: izquierda,arriba;ancho,alto. Polígono: sus "
                  "puntos, 10,10;60,10;30,50. Con el ratón: un clic en la imagen.")))

    def fill(self, q: Question, texts: Texts) -> dict[str, Any]:
        body = q.body if isinstance(q.body, Spots) else Spots("", 0, 0, (), ())
        numbers = {m.id: n for n, m in enumerate(body.markers, 1)}
        return {"picture": body.image, "alt": body.alt, "misplaced": body.misplaced,
                "markers": blanks([{"text": m.text, "number": m.number} for m in body.markers], 2),
                "places": blanks([{"shape": p.shape, "coords": p.coords, "marker": numbers.get(p.marker)}
                                  for p in body.places], 2)}

    def read(self, form: Any, texts: Texts, q: Question) -> Question:
        sizes, old = known_sizes(form, q), q.body if isinstance(q.body, Spots) else None
        found = rows(form.markers, "text")
        ids = named([_line(row.text.data) for row in found], [(m.id, m.text) for m in old.markers] if old else ())
        markers = tuple(Marker(i, _line(row.text.data), 1 if row.number.data is None else max(row.number.data, 0))
                        for i, row in zip(ids, found, strict=True))
        places = tuple(Place(str(n), row.shape.data or "circle", re.sub(r"\s+", "", row.coords.data)[:500],
                             at(ids, row.marker.data)) for n, row in enumerate(rows(form.places, "coords"), 1))
        image = form.picture.data if form.picture.data in {m.path for m in texts.media} else ""
        width, height = sizes.get(image, (0, 0))
        base = old or Spots("", 0, 0, (), ())
        return replace(q, body=replace(base, image=image, width=width, height=height, markers=markers, places=places,
                                       misplaced=bool(form.misplaced.data), alt=_line(form.alt.data)))


def spot(place: Place) -> list[int]:
    """The numbers of a place, the first two where it begins; [] when they can not be read."""
    found = [int(n) for n in re.findall(r"-?\d{1,5}", place.coords)]
    return found + [0, 0] if len(found) >= 2 else []


def known_sizes(form: Any, q: Question) -> dict[str, tuple[int, int]]:
    """Path -> width and height of each image: as measured when sent, or as the question had them."""
    found: dict[str, tuple[int, int]] = {}
    body = q.body
    if isinstance(body, Picture | Spots):
        found[body.image] = (body.width, body.height)
    if isinstance(body, Picture):
        found |= {d.image: (d.width, d.height) for d in body.drags}
    return found | {path: (width, height) for path, width, height in
                    re.findall(r"(/medios/[0-9a-f]{64}\.\w+) (\d{1,5}) (\d{1,5})", form.sizes.data or "")
                    for width, height in [(int(width), int(height))]}


def at(ids: Iterable[str], number: int | None) -> str:
    """The id of the row with this number; "" when there is none."""
    found = list(ids)
    return found[number - 1] if number and 0 < number <= len(found) else ""


def _pixel(value: int) -> int:
    return min(max(value, -1000), 20_000)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:300]
