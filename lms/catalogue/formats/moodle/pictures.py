"""Questions on a picture in Moodle's XML: drag words or images onto it, put markers on it."""

from lms.catalogue.formats.moodle.reading import Reading, Taken
from lms.catalogue.formats.moodle.writing import Writing
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.kind import plain
from lms.catalogue.kinds.spots import Marker, Place, Spots
from lms.catalogue.measures import size
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Media

NO_PICTURE = ("La pregunta no trae su imagen.", "Agréguela en Moodle y exporte de nuevo.")
NO_DRAGS = ("La pregunta no tiene qué arrastrar o dónde.", "Agréguelo en Moodle y exporte de nuevo.")
ASTRAY = "Un lugar pide el elemento {}, que no existe."
LOOK = "Corríjalo en Moodle y exporte de nuevo."


def _picture(reading: Reading) -> tuple[Media, int, int] | None:
    """The picture under the question and its size; None, told, when there is none."""
    file = reading.element.find("file")
    media = reading.file(file) if file is not None else None
    if media is None:
        reading.fault(*NO_PICTURE)
        return None
    width, height = size(reading.album.contents[media.sha256])
    if not width:
        reading.fault("No se puede saber el tamaño de la imagen.", "Guárdela como png o jpg.", file)
        return None
    return media, width, height


def read_dragimage(reading: Reading) -> Taken | None:
    picture = _picture(reading)
    found: list[tuple[str, str, int, bool, Media | None]] = []
    for place, element in enumerate(reading.all("drag"), start=1):
        file = element.find("file")
        image = reading.file(file) if file is not None else None
        text = plain(reading.raw("text", element)) or (image.name.rpartition(".")[0] if image else "")
        found.append((reading.raw("no", element) or str(place), text, reading.whole("draggroup", 1, 1, 100, element),
                      reading.flag("infinite", of=element), image))
    ids = dict(zip((no for no, *_ in found), lettered([text for _, text, *_ in found]), strict=True))
    drags = []
    for no, text, group, unlimited, image in found:
        width, height = size(reading.album.contents[image.sha256]) if image else (0, 0)
        drags.append(Drag(ids[no], text, group, unlimited, image.path if image else "", width, height))
    zones = []
    for place, element in enumerate(reading.all("drop"), start=1):
        no = reading.raw("choice", element)
        if no not in ids:
            reading.fault(ASTRAY.format(f"«{no[:20]}»"), LOOK, element)
            return None
        zones.append(Zone(reading.raw("no", element) or str(place), reading.whole("xleft", 0, of=element),
                          reading.whole("ytop", 0, of=element), ids[no], plain(reading.raw("text", element))))
    if picture and (not drags or not zones):
        reading.fault(*NO_DRAGS)
    if not picture or not drags or not zones:
        return None
    media, width, height = picture
    return Taken("dragimage", body=Picture(media.path, width, height, tuple(drags), tuple(zones),
                                           reading.raw("lms-alt")), shuffle=reading.flag("shuffleanswers"))


def write_dragimage(writing: Writing) -> None:
    body = writing.q.body
    if not isinstance(body, Picture):
        return
    writing.picture(body.image)
    if body.alt:
        writing.add("lms-alt", body.alt)
    numbers = {drag.id: n for n, drag in enumerate(body.drags, start=1)}
    for drag in body.drags:
        made = writing.add("drag")
        writing.add("no", numbers[drag.id], made)
        writing.add("text", drag.text, made)
        writing.add("draggroup", drag.group, made)
        if drag.unlimited:
            writing.add("infinite", of=made)
        if drag.image:
            writing.picture(drag.image, made)
    for zone in body.zones:
        made = writing.add("drop")
        writing.add("text", zone.label, made)
        writing.add("no", zone.id, made)
        writing.add("choice", numbers.get(zone.drag, 0), made)
        writing.add("xleft", zone.x, made)
        writing.add("ytop", zone.y, made)


def read_markers(reading: Reading) -> Taken | None:
    picture = _picture(reading)
    found = [(reading.raw("no", e) or str(n), plain(reading.raw("text", e)),
              0 if reading.flag("infinite", of=e) else reading.whole("noofdrags", 1, 1, 100, e))
             for n, e in enumerate(reading.all("drag"), start=1)]
    ids = dict(zip((no for no, _, _ in found), lettered([text for _, text, _ in found]), strict=True))
    places = []
    for n, element in enumerate(reading.all("drop"), start=1):
        place = Place(reading.raw("no", element) or str(n), reading.raw("shape", element).lower(),
                      reading.raw("coords", element), ids.get(reading.raw("choice", element), ""))
        if not place.marker:
            reading.fault(ASTRAY.format(f"«{reading.raw('choice', element)[:20]}»"), LOOK, element)
            return None
        if place.corners is None:
            reading.fault(f"El lugar {place.id} no es un círculo, un rectángulo o un polígono.", LOOK, element)
            return None
        places.append(place)
    if picture and (not found or not places):
        reading.fault(*NO_DRAGS)
    if not picture or not found or not places:
        return None
    media, width, height = picture
    return Taken("markers", body=Spots(
        media.path, width, height, tuple(Marker(ids[no], text, number) for no, text, number in found), tuple(places),
        reading.flag("showmisplaced"), reading.raw("lms-alt")), shuffle=reading.flag("shuffleanswers"))


def write_markers(writing: Writing) -> None:
    body = writing.q.body
    if not isinstance(body, Spots):
        return
    writing.picture(body.image)
    if body.alt:
        writing.add("lms-alt", body.alt)
    if body.misplaced:
        writing.add("showmisplaced")
    numbers = {marker.id: n for n, marker in enumerate(body.markers, start=1)}
    for marker in body.markers:
        made = writing.add("drag")
        writing.add("no", numbers[marker.id], made)
        writing.add("text", marker.text, made)
        if marker.number == 0:
            writing.add("infinite", of=made)
        writing.add("noofdrags", marker.number or 1, made)
    for place in body.places:
        made = writing.add("drop")
        writing.add("no", place.id, made)
        writing.add("shape", place.shape, made)
        writing.add("coords", place.coords, made)
        writing.add("choice", numbers.get(place.marker, 0), made)
