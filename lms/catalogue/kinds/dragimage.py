"""Drag words or images onto a picture. The answer is what lies in each zone: {"1":"b"}."""

import html
from dataclasses import dataclass

from lms.catalogue.kinds.gapped import Filled, Slot, Word
from lms.catalogue.kinds.kind import Flaw, plain
from lms.catalogue.kinds.shapes import letter
from lms.catalogue.rules import Body, Question

TAP = 24                        # pixels of the picture: the least a zone measures
WITHOUT_PICTURE = ("La pregunta no tiene imagen de fondo.", "Suba la imagen sobre la que se arrastra.")
WITHOUT_WORDS = ("La imagen de fondo no tiene texto alternativo.", "Diga con palabras lo que muestra.")


@dataclass(frozen=True)
class Drag:
    """What can be dragged: an image (with its words for those who do not see it) or only words."""
    id: str                     # "a", "b" … by the alphabet (notation.lettered): it must not tell the zone
    text: str                   # plain text: what it says, or the image's alternative text
    group: int = 1              # only the zones of its group take it
    unlimited: bool = False
    image: str = ""             # "/medios/<sha256>.png" or ""
    width: int = 0              # of the image, in its pixels
    height: int = 0

    def room(self, letter: int) -> tuple[int, int]:
        """The width and height it takes on a picture whose letters are so high."""
        if self.image:
            return max(self.width, TAP), max(self.height, TAP)
        return (len(self.text) + 3) * letter * 3 // 5, 2 * letter


@dataclass(frozen=True)
class Zone:
    """Where something belongs: its upper left corner, in pixels of the picture."""
    id: str                     # "1", "2" …
    x: int
    y: int
    drag: str                   # the id of the Drag that belongs here; its group is the zone's
    label: str = ""             # plain text: what a person who does not see the picture is told of the place


@dataclass(frozen=True)
class Drawn:
    """A zone as the page draws it: all of a group are of one size, that of its largest thing."""
    slot: Slot
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Picture(Body):
    image: str                  # "/medios/<sha256>.png"
    width: int                  # of the picture, in its pixels: the measure of the zones
    height: int
    drags: tuple[Drag, ...]
    zones: tuple[Zone, ...]
    alt: str = ""               # plain text

    @property
    def letter(self) -> int:
        """How high letters on the picture are, in its pixels: they shrink with it on a small screen."""
        return letter(self.width)

    def drag(self, identity: str) -> Drag | None:
        return next((drag for drag in self.drags if drag.id == identity), None)

    def slots(self) -> tuple[Slot, ...]:
        groups = {drag.id: drag.group for drag in self.drags}
        return tuple(Slot(zone.id, groups[zone.drag], zone.drag, f"{n} ({zone.label})" if zone.label else str(n))
                     for n, zone in enumerate(self.zones, 1) if zone.drag in groups)

    def drawn(self) -> tuple[Drawn, ...]:
        """The zones, kept inside the picture."""
        rooms: dict[int, tuple[int, int]] = {}
        for drag in self.drags:
            wide, high = rooms.get(drag.group, (0, 0))
            room = drag.room(self.letter)
            rooms[drag.group] = max(wide, room[0]), max(high, room[1])
        places = {zone.id: zone for zone in self.zones}
        found = []
        for slot in self.slots():
            wide, high = (min(a, b) for a, b in zip(rooms[slot.group], (self.width, self.height), strict=True))
            x, y = min(places[slot.id].x, self.width - wide), min(places[slot.id].y, self.height - high)
            found.append(Drawn(slot, max(x, 0), max(y, 0), wide, high))
        return tuple(found)


class DragImage(Filled):
    """Fields `q.<zone>`: the id of what lies there."""
    name = "dragimage"
    label = "Arrastrar sobre una imagen"
    drags = pictured = True
    noun, place, places = "Zona", "la zona", "las zonas"

    def slots(self, q: Question) -> tuple[Slot, ...]:
        return q.body.slots() if isinstance(q.body, Picture) else ()

    def stock(self, q: Question) -> tuple[Word, ...]:
        drags = q.body.drags if isinstance(q.body, Picture) else ()
        return tuple(Word(drag.id, html.escape(drag.text, False), drag.group, drag.unlimited) for drag in drags)

    def faults(self, q: Question) -> list[Flaw]:
        flaws, body = super().faults(q), q.body if isinstance(q.body, Picture) else Picture("", 0, 0, (), ())
        if not body.image or body.width < 1 or body.height < 1:
            return [*flaws, WITHOUT_PICTURE]
        if not body.alt.strip():
            flaws.append(WITHOUT_WORDS)
        if not body.zones:
            flaws.append(("La imagen no tiene zonas.", "Marque al menos un lugar donde soltar."))
        known = {drag.id for drag in body.drags}
        for n, zone in enumerate(body.zones, 1):
            if zone.drag not in known:
                flaws.append((f"La zona {n} no tiene su elemento.", "Elija qué va en ella o quítela."))
            if not (0 <= zone.x < body.width and 0 <= zone.y < body.height):
                flaws.append((f"La zona {n} está fuera de la imagen.",
                              f"Use x de 0 a {body.width - 1} e y de 0 a {body.height - 1}."))
        flaws += [(f"El elemento {n} no tiene texto.", "Escríbalo; el de una imagen dice lo que muestra.")
                  for n, drag in enumerate(body.drags, 1) if not plain(html.escape(drag.text))]
        return flaws
