"""The interactions of QTI 2.x and 3 that put one thing to another: pairs, gaps in a text, places on a picture."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from lms.catalogue.formats.parcel import Grade
from lms.catalogue.formats.qti_interactions import Reading, rid_of
from lms.catalogue.formats.qti_probing import Given, Probe, Scorer, Taken, matched, pair_probes
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, number, words
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.kinds.kind import dump, plain
from lms.catalogue.kinds.spots import Marker, Place, Spots
from lms.catalogue.notation import lettered
from lms.catalogue.rules import Media

NO_PICTURE = "Agregue la imagen al paquete, con su tamaño."
MARK = "Marca"


def _key(reading: Reading, element: Element) -> dict[str, str] | None:
    """The right pairs, each second to its first; None where one is given twice."""
    found: dict[str, str] = {}
    for pair in reading.correct(element):
        one, _, other = pair.partition(" ")
        if other in found:
            return None
        found[other] = one
    return found


def _pairs(rid: str, put: Mapping[str, str], flipped: bool = False) -> Given:
    return {rid: tuple(f"{a} {b}" if flipped else f"{b} {a}" for a, b in put.items())} if put else {}


def read_match(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """Two sets: each of one has exactly one of the other."""
    sets = [reading.listed(children(one, "simpleAssociableChoice")) for one in children(element, "simpleMatchSet")]
    if len(sets) != 2 or not all(sets):
        reading.texts.tell(Grade.FAULT, element, "No tiene dos conjuntos que relacionar.", "Escriba ambos.")
        return None
    said = [pair.partition(" ") for pair in reading.correct(element)]
    first, second = [one for one, _, _ in said], [other for _, _, other in said]
    rid, known = rid_of(element), [{one.ident for one in each} for each in sets]
    for mine, theirs, flipped in ((first, second, True), (second, first, False)):
        sources, targets = (sets[0], sets[1]) if flipped else (sets[1], sets[0])
        whole = {one.ident for one in sources}
        if len(mine) == len(set(mine)) and set(mine) == whole and set(theirs) <= known[1 if flipped else 0]:
            if len({plain(t.text) for t in targets}) < len(targets) or not reading.sane(element, sources + targets):
                break
            return matched(scorer, sources, targets, dict(zip(mine, theirs, strict=True)),
                           lambda put, f=flipped: _pairs(rid, put, f))  # type: ignore[misc]
    reading.refuse(element, "La tabla de relaciones (matchInteraction) no da a cada elemento exactamente uno.")
    return None


def read_gaps(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """Words dragged into the gaps of a text."""
    images = children(element, "gapImg")
    if images:
        reading.refuse(images[0], "Arrastrar imágenes a un texto (gapImg) no existe aquí.")
        return None
    elements, gaps = children(element, "gapText"), list(below(element, "gap"))
    listed, key = reading.listed(elements), _key(reading, element)
    names = [attribute(gap, "identifier") for gap in gaps]
    order = {one.ident: n for n, one in enumerate(listed, 1)}
    if not reading.sane(element, listed):
        return None
    if key is None or set(key) != set(names) or not set(key.values()) <= set(order):
        reading.refuse(element, "Los espacios (gapMatchInteraction) no tienen cada uno su palabra correcta.")
        return None
    body = stock([(one.text, 1, attribute(e, "matchMax", "1") == "0") for one, e in zip(listed, elements, strict=True)])
    rid = rid_of(element)
    place = {name: str(n) for n, name in enumerate(names, 1)}
    ids = {one.ident: word.id for one, word in zip(listed, body.choices, strict=True)}
    probes = pair_probes(key, list(order), lambda put: _pairs(rid, put),
                         lambda put: dump({place[gap]: ids[word] for gap, word in put.items()}))
    marks = {gap: f"[[{order[key[name]]}]]" for gap, name in zip(gaps, names, strict=True)}
    inner = "".join(reading.texts.inside(e, marks) if e.tag == "prompt" else reading.texts._one(e, marks)
                    for e in children(element) if e.tag not in ("gapText", "gapImg"))
    right = _pairs(rid, key)
    return Taken("dragwords", max(scorer.score(right), Fraction(0)), body=body, probes=probes, right=right, text=inner)


def _picture(reading: Reading, element: Element) -> tuple[Media, int, int, str] | None:
    """The picture of a graphic interaction, its size and words."""
    found = child(element, "object", "img")
    if found is None and element.getparent() is not None:
        found = child(element.getparent(), "object", "img")
    if found is None:
        reading.texts.tell(Grade.FAULT, element, "La pregunta no tiene imagen.", NO_PICTURE)
        return None
    address = attribute(found, "data") or attribute(found, "src")
    media = reading.texts.shelf.media(reading.texts.folder, address, reading.texts.place(found))
    sizes = [number(re.sub(r"px$", "", attribute(found, name))) for name in ("width", "height")]
    if media is None or None in sizes or not all(0 < (s or 0) < 20_000 for s in sizes):
        reading.refuse(element, f"La imagen «{address[:60]}» no viene en el paquete o no dice su tamaño.", NO_PICTURE)
        return None
    return media, int(sizes[0] or 0), int(sizes[1] or 0), words(found) or attribute(found, "alt")


def read_picture(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """Images or words dragged onto a picture."""
    drags, spots = children(element, "gapImg", "gapText"), children(element, "associableHotspot")
    key, found = _key(reading, element), _picture(reading, element)
    names = [attribute(spot, "identifier") for spot in spots]
    idents = [attribute(drag, "identifier") for drag in drags]
    if found is None:
        return None
    if not key or set(key) != set(names) or not set(key.values()) <= set(idents) or len(set(idents)) < len(idents):
        reading.refuse(element, "No cada zona (graphicGapMatchInteraction) tiene una sola cosa correcta.")
        return None
    made = [_drag(reading, drag) for drag in drags]
    boxes = [_box(attribute(spot, "shape"), attribute(spot, "coords")) for spot in spots]
    if any(one is None for one in made) or any(box is None for box in boxes):
        reading.refuse(element, "Falta una imagen que arrastrar, o una zona no tiene coordenadas.")
        return None
    ids = dict(zip(idents, lettered([one.text for one in made if one]), strict=True))
    order = {name: str(n) for n, name in enumerate(names, 1)}
    zones = tuple(Zone(order[name], box[0], box[1], ids[key[name]], attribute(spot, "hotspotLabel"))
                  for name, box, spot in zip(names, boxes, spots, strict=True) if box)
    body = Picture(found[0].path, found[1], found[2], tuple(
        replace(one, id=ids[ident]) for ident, one in zip(idents, made, strict=True) if one), zones, found[3])
    rid = rid_of(element)
    probes = pair_probes(key, idents, lambda put: _pairs(rid, put),
                         lambda put: dump({order[zone]: ids[drag] for zone, drag in put.items()}))
    right = _pairs(rid, key)
    return Taken("dragimage", max(scorer.score(right), Fraction(0)), body=body, probes=probes, right=right)


def _drag(reading: Reading, drag: Element) -> Drag | None:
    free = attribute(drag, "matchMax", "1") == "0"
    if drag.tag == "gapText":
        return Drag("", words(drag), unlimited=free)
    picture = _picture(reading, drag)
    if picture is None:
        return None
    label = attribute(drag, "objectLabel") or picture[3] or attribute(drag, "identifier")
    return Drag("", label, 1, free, picture[0].path, picture[1], picture[2])


def _numbers(coords: str) -> list[int] | None:
    found = [number(part) for part in coords.split(",")]
    return [int(n) for n in found if n is not None] if all(n is not None and abs(n) < 99_999 for n in found) else None


def _box(shape: str, coords: str) -> tuple[int, int] | None:
    """The upper left corner of a shape's box."""
    n = _numbers(coords)
    if not n or len(n) < 3:
        return None
    if shape in ("circle", "ellipse"):
        return max(n[0] - n[2], 0), max(n[1] - n[-1], 0)
    return max(min(n[::2]), 0), max(min(n[1::2]), 0)


def area(shape: str, coords: str) -> tuple[str, str, tuple[int, int]] | None:
    """A QTI shape as ours: (shape, coords, a whole point inside)."""
    n = _numbers(coords)
    match shape, n:
        case "circle", [x, y, r]:
            return "circle", f"{x},{y};{r}", (x, y)
        case "rect", [left, top, right, bottom] if right > left and bottom > top:
            middle = (left + right) // 2, (top + bottom) // 2
            return "rectangle", f"{left},{top};{right - left},{bottom - top}", middle
        case "poly", [*_] if n and len(n) >= 6 and len(n) % 2 == 0:
            xs, ys = (n[:-2:2], n[1:-2:2]) if n[:2] == n[-2:] and len(n) > 6 else (n[::2], n[1::2])
            corners = list(zip(xs, ys, strict=True))
            middle = sum(xs) // len(xs), sum(ys) // len(ys)
            return "polygon", ";".join(f"{x},{y}" for x, y in corners), middle
    return None


def read_hotspot(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """Right areas of a picture: chosen there, marked here."""
    found = _picture(reading, element)
    if found is None:
        return None
    spots = {attribute(spot, "identifier"): area(attribute(spot, "shape"), attribute(spot, "coords"))
             for spot in children(element, "hotspotChoice")}
    right = reading.correct(element)
    if not right or not set(right) <= set(spots) or any(one is None for one in spots.values()):
        reading.refuse(element, "Las zonas (hotspotInteraction) no tienen correcta, o no son círculos, rectángulos o "
                       "polígonos.")
        return None
    reading.changed(element, "Las zonas que se elegían son aquí lugares donde se pone un marcador.",
                    "Revise el enunciado.")
    rid = rid_of(element)
    tries = [(), tuple(right), *((name,) for name in spots)]
    tries += [tuple(n for n in right if n != name) for name in right] if len(right) > 1 else []
    single = reading.cardinality(element) == "single"
    probes = tuple(Probe({rid: chosen} if chosen else {}, _marks([one[2] for n in chosen if (one := spots[n])]))
                   for chosen in dict.fromkeys(tries) if not single or len(chosen) < 2)
    areas = [one for name in right if (one := spots[name])]
    return _spots(reading, scorer, found, areas, probes, {rid: tuple(right)})


def read_points(reading: Reading, element: Element, scorer: Scorer) -> Taken | None:
    """Points put on a picture."""
    found = _picture(reading, element)
    if found is None:
        return None
    mapping = child(reading.declaration(element), "areaMapping")
    entries = [e for e in children(mapping, "areaMapEntry") if (number(attribute(e, "mappedValue")) or 0) > 0]
    areas = [area(attribute(e, "shape"), attribute(e, "coords")) for e in entries]
    if not areas or any(one is None for one in areas):
        reading.refuse(element, f"Los lugares correctos ({str(element.tag)}) no son círculos, rectángulos o polígonos.")
        return None
    known, rid = [one for one in areas if one], rid_of(element)
    most = number(attribute(element, "maxChoices", "1")) or Fraction(len(known))
    if most < len(known) and len({attribute(e, "mappedValue") for e in entries}) > 1:
        known = known[:1]
    corner = (found[1], found[2])
    tries = [[], *([one[2]] for one in known), [corner], *([[one[2] for one in known]] if most >= len(known) else [])]
    points = [(tuple(f"{x} {y}" for x, y in put), put) for put in tries]
    probes = tuple(Probe({rid: said} if said else {}, _marks(put)) for said, put in points)
    right = max((said for said, _ in points), key=lambda said: scorer.score({rid: said} if said else {}))
    return _spots(reading, scorer, found, known, probes, {rid: right})


def _marks(points: Sequence[tuple[int, int]]) -> str:
    return dump({"a": [list(point) for point in points]} if points else {})


def _spots(reading: Reading, scorer: Scorer, found: tuple[Media, int, int, str],
           areas: Sequence[tuple[str, str, tuple[int, int]]], probes: tuple[Probe, ...], right: Given) -> Taken:
    places = tuple(Place(str(n), one[0], one[1], "a") for n, one in enumerate(areas, 1))
    marker = Marker("a", MARK, 0 if len(places) > 1 else 1)
    body = Spots(found[0].path, found[1], found[2], (marker,), places, False, found[3])
    return Taken("markers", max(scorer.score(right), Fraction(0)), body=body, probes=probes, right=right)




