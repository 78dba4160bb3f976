"""Markers put on a picture. The answer is where each was put, in its pixels: {"a":[[120,80],[40,null]]}.

The form asks for two whole numbers for each marker, from the left and from below, with rulers drawn at the edges of the
picture: exact to the pixel with no script, and the arrow keys of a number field move the marker the way they point.
Squares of a grid to choose from would have been coarser than the places that authors draw.
"""

import html
from collections.abc import Sequence
from fractions import Fraction

from lms.catalogue.kinds import spots
from lms.catalogue.kinds.dragimage import WITHOUT_PICTURE, WITHOUT_WORDS
from lms.catalogue.kinds.kind import Flaw, Kind, Part, Response, Values, clamped, doubled, dump, first, load, shuffled
from lms.catalogue.kinds.shapes import fits
from lms.catalogue.kinds.spots import Marker as Marker
from lms.catalogue.kinds.spots import Place as Place
from lms.catalogue.kinds.spots import Spot
from lms.catalogue.kinds.spots import Spots as Spots
from lms.catalogue.rules import Option, Question

NONE = Spots("", 0, 0, (), ())


class Markers(Kind):
    """Fields `q.<marker>.<copy>.x` (from the left) and `.y` (from below)."""
    name = "markers"
    label = "Marcadores sobre una imagen"
    drags = pictured = True

    def faults(self, q: Question) -> list[Flaw]:
        flaws, body = super().faults(q), _body(q)
        if not body.image or body.width < 1 or body.height < 1:
            return [*flaws, WITHOUT_PICTURE]
        if not body.alt.strip():
            flaws.append(WITHOUT_WORDS)
        if not body.places:
            flaws.append(("La imagen no tiene lugares correctos.", "Dibuje al menos uno."))
        for n, place in enumerate(body.places, 1):
            corners = place.corners
            if corners is None:
                flaws.append((f"Las coordenadas del lugar {n} no son de su figura: «{place.coords[:40]}».",
                              "Escriba x,y;radio, o x,y;ancho,alto, o x,y;x,y;x,y."))
            elif not fits(place.shape, corners, body.width, body.height):
                flaws.append((f"El lugar {n} sale de la imagen.", f"La imagen mide {body.width} × {body.height}."))
            if place.marker not in {marker.id for marker in body.markers}:
                flaws.append((f"El lugar {n} no tiene marcador.", "Elija cuál va en él o quítelo."))
        return flaws + doubled(marker.text.strip() for marker in body.markers)

    def read(self, q: Question, values: Values) -> str:
        body = _body(q)
        answer: dict[str, list[Spot]] = {}
        for marker in body.markers:
            sent = [(spots.number(first(values, f"q.{marker.id}.{n}.x"), body.width),
                     spots.number(first(values, f"q.{marker.id}.{n}.y"), body.height)) for n in body.copies(marker)]
            put = [(x, None if y is None else body.height - y) for x, y in sent if (x, y) != (None, None)]
            if put:
                answer[marker.id] = put
        return dump(answer)

    def given(self, q: Question, answer: str) -> dict[str, tuple[str, ...]]:
        """Only of the markers that were put."""
        fields: dict[str, tuple[str, ...]] = {}
        for marker, put in self.put(q, answer).items():
            for n, (x, y) in enumerate(put, 1):
                fields[f"q.{marker}.{n}.x"] = () if x is None else (str(x),)
                fields[f"q.{marker}.{n}.y"] = () if y is None else (str(_body(q).height - y),)
        return fields

    def put(self, q: Question, answer: str) -> dict[str, list[Spot]]:
        """Where each marker lies; a number that is missing is None."""
        found, body = load(answer), _body(q)
        known = found if isinstance(found, dict) else {}
        kept = {m.id: spots.spots(known.get(m.id), body)[:len(body.copies(m))] for m in body.markers}
        return {marker: put for marker, put in kept.items() if put}

    def hits(self, q: Question, answer: str) -> dict[str, tuple[int, int]]:
        return spots.hits(_body(q).places, spots.whole(self.put(q, answer)))

    def count(self, q: Question, answer: str) -> int:
        """How many markers were put."""
        return sum(len(put) for put in spots.whole(self.put(q, answer)).values())

    def parts(self, q: Question, answer: str) -> tuple[Part, ...]:
        """The places; then, each a part that can not be right, the markers beyond the number of places."""
        texts = {marker.id: marker.text for marker in _body(q).markers}
        hits, places = self.hits(q, answer), _body(q).places
        spare = max(self.count(q, answer) - len(places), 0)
        whole = max(len(places) + spare, 1)
        found = [Part(place.id, Fraction(1, whole), Fraction(place.id in hits), self._spot(q, hits.get(place.id)),
                      texts.get(place.marker, ""), place.id in hits) for place in places]
        return (*found, *(Part(f"+{n}", Fraction(1, whole), Fraction(0), "de más") for n in range(1, spare + 1)))

    def _spot(self, q: Question, spot: tuple[int, int] | None) -> str:
        return f"{spot[0]}, {_body(q).height - spot[1]}" if spot else ""

    def score(self, q: Question, answer: str) -> Fraction | None:
        return sum((part.weight * part.share for part in self.parts(q, answer)), Fraction(0))

    def after_tries(self, q: Question, answers: Sequence[str]) -> Fraction | None:
        """A place is paid as of the try from which on it was hit; the try with most markers counts for all."""
        since: dict[str, int] = {}
        for n, answer in enumerate(answers):
            since = {place: since.get(place, n) for place in self.hits(q, answer)}
        most = max((self.count(q, answer) for answer in answers), default=0)
        return clamped((len(since) - sum(since.values()) * q.penalty) / max(len(_body(q).places), most, 1))

    def complaint(self, q: Question, answer: str) -> str:
        put = [spot for each in self.put(q, answer).values() for spot in each]
        if not put:
            return "Falta poner al menos un marcador."
        return "A un marcador le falta uno de sus dos números." if any(None in spot for spot in put) else ""

    def table(self, q: Question, answer: str) -> tuple[tuple[str, str, str, bool], ...]:
        """The places by their marker; those missed with the markers that lie elsewhere."""
        keys = {place.id: spots.spoken(place, _body(q).height) for place in _body(q).places}
        places, hits = {place.id: place.marker for place in _body(q).places}, self.hits(q, answer)
        left = {marker: list(put) for marker, put in spots.whole(self.put(q, answer)).items()}
        for place, spot in hits.items():
            left[places[place]].remove(spot)
        given = {place: self._spot(q, hits.get(place) or (left[marker].pop(0) if left.get(marker) else None))
                 for place, marker in places.items()}
        return tuple((html.escape(part.right or "Marcador", False), given.get(part.id, part.given),
                      keys.get(part.id, ""), part.correct) for part in self.parts(q, answer))

    def without_wrong(self, q: Question, answer: str) -> str:
        hits, places = self.hits(q, answer), _body(q).places
        kept = {marker.id: [hits[place.id] for place in places if place.marker == marker.id and place.id in hits]
                for marker in _body(q).markers}
        return dump({marker: put for marker, put in kept.items() if put})

    def shown(self, q: Question, answer: str) -> str:
        put = self.put(q, answer)
        return "; ".join(f"{marker.text} ({'—' if x is None else x}, {'—' if y is None else _body(q).height - y})"
                         for marker in _body(q).markers for x, y in put.get(marker.id, []))

    def right(self, q: Question) -> str:
        texts = {marker.id: marker.text for marker in _body(q).markers}
        return "; ".join(f"{texts.get(place.marker, '—')} ({spots.spoken(place, _body(q).height)})"
                         for place in _body(q).places)

    def feedback_for(self, q: Question, answer: str) -> str:
        """Which places were missed, where the author wants that told."""
        if not _body(q).misplaced or self.is_blank(answer):
            return ""
        missed = ", ".join(part.right for part in self.parts(q, answer) if part.right and not part.correct)
        return f"Faltan o están mal puestos: {html.escape(missed, False)}." if missed else ""

    def responses(self, q: Question, answer: str) -> tuple[Response, ...]:
        return tuple(Response(part.id, part.right if part.correct else "", part.given, part.share)
                     for part in self.parts(q, answer) if part.given and part.right)

    def possible(self, q: Question) -> tuple[Response, ...]:
        return tuple(Response(part.id, part.right, "", Fraction(1)) for part in self.parts(q, ""))

    def choices(self, q: Question, seed: int) -> tuple[Option, ...]:
        found = [Option(marker.id, html.escape(marker.text, False), Fraction(0)) for marker in _body(q).markers]
        return shuffled(found, seed, q.id) if q.shuffle else tuple(found)

    def claims(self, answers: str) -> bool:
        return False


def _body(q: Question) -> Spots:
    return q.body if isinstance(q.body, Spots) else NONE
