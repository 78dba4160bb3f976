"""Markers on a picture: which count, what one too many costs, and shapes as Moodle writes them."""

from dataclasses import replace
from fractions import Fraction as F

import pytest

from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.markers import Place
from lms.catalogue.kinds.shapes import holds, points
from tests.gapped import MARKERS

KIND = KINDS["markers"]


def put(**where: list[tuple[int, int]]) -> str:
    """An answer by marker: from the left and from above, in pixels."""
    return KIND.read(MARKERS, {f"q.{m}.{n}.{axis}": [str(value)] for m, spots in where.items()
                               for n, (x, y) in enumerate(spots, 1) for axis, value in (("x", x), ("y", 400 - y))})


def test_each_place_hit_is_an_equal_share():
    assert put(b=[(100, 100), (210, 210)], a=[(450, 120)]) == '{"b":[[100,100],[210,210]],"a":[[450,120]]}'
    assert KIND.score(MARKERS, put(b=[(100, 100), (210, 210)], a=[(450, 120)])) == 1
    assert KIND.score(MARKERS, put(b=[(120, 100)], a=[(5, 5)])) == F(1, 3)
    assert KIND.score(MARKERS, put(a=[(100, 100)], c=[(450, 120)])) == 0       # the wrong marker in the right place


def test_two_markers_in_one_place_are_one_hit():
    assert KIND.score(MARKERS, put(b=[(100, 100), (101, 100)])) == F(1, 3)


def test_more_markers_than_places_make_each_worth_less():
    answer = put(b=[(100, 100), (210, 210), (5, 5)], a=[(450, 120)], c=[(9, 9)])
    assert KIND.score(MARKERS, answer) == F(3, 5)
    assert [(p.id, p.weight) for p in KIND.parts(MARKERS, answer)][-2:] == [("+1", F(1, 5)), ("+2", F(1, 5))]


def test_places_that_overlap_are_given_to_markers_so_that_most_count():
    wide, narrow = Place("1", "rectangle", "0,0;200,200", "b"), Place("2", "circle", "100,100;20", "b")
    for places in ((wide, narrow), (narrow, wide)):
        q = replace(MARKERS, body=replace(MARKERS.body, places=places))
        assert KIND.score(q, put(b=[(100, 100), (10, 10)])) == 1 == KIND.score(q, put(b=[(10, 10), (100, 100)]))


def test_a_place_is_paid_as_of_the_try_that_hit_it_for_good():
    right = put(b=[(100, 100), (210, 210)], a=[(450, 120)])
    half = put(b=[(100, 100)], a=[(5, 5)])
    assert KIND.after_tries(MARKERS, [half, right]) == (3 - F(2, 3)) / 3
    many = put(b=[(100, 100), (1, 1), (2, 2)], a=[(450, 120)], c=[(9, 9)])     # five markers, then three
    assert KIND.after_tries(MARKERS, [many, right]) == (3 - F(1, 3)) / 5
    assert KIND.after_tries(MARKERS, [right, put(a=[(5, 5)]), right]) == (3 - 3 * F(2, 3)) / 3


def test_one_number_alone_is_kept_but_is_no_marker_yet():
    answer = KIND.read(MARKERS, {"q.a.1.x": ["450"]})
    assert answer == '{"a":[[450,null]]}' and KIND.given(MARKERS, answer) == {"q.a.1.x": ("450",), "q.a.1.y": ()}
    assert KIND.score(MARKERS, answer) == 0 and "uno de sus dos números" in KIND.complaint(MARKERS, answer)


def test_numbers_off_the_picture_are_taken_to_its_edge_and_what_is_no_number_is_nothing():
    assert KIND.read(MARKERS, {"q.a.1.x": ["9999"], "q.a.1.y": ["10,7"]}) == '{"a":[[600,390]]}'
    assert KIND.read(MARKERS, {"q.a.1.x": ["-5"], "q.a.1.y": ["٣"]}) == ""


def test_what_was_put_is_told_from_the_left_and_from_below_as_the_rulers_say():
    assert KIND.shown(MARKERS, put(b=[(100, 100)])) == "Volcán (100, 300)"
    assert KIND.right(MARKERS) == "Volcán (100, 300); Volcán (240, 180); Paso (450, 267)"


def test_who_looks_back_sees_where_the_markers_lie_that_hit_nothing():
    assert KIND.table(MARKERS, put(b=[(5, 5), (210, 210)], a=[(450, 120)], c=[(7, 7)])) == (
        ("Volcán", "5, 395", "100, 300", False), ("Volcán", "210, 190", "240, 180", True),
        ("Paso", "450, 280", "450, 267", True), ("Marcador", "de más", "", False))


def test_where_the_author_wants_it_the_missed_ones_are_told():
    assert KIND.feedback_for(MARKERS, put(b=[(100, 100)])) == "Faltan o están mal puestos: Volcán, Paso."
    quiet = replace(MARKERS, body=replace(MARKERS.body, misplaced=False))
    assert KIND.feedback_for(quiet, put(b=[(100, 100)])) == ""


def test_a_next_try_begins_with_the_markers_that_hit():
    assert KIND.without_wrong(MARKERS, put(b=[(1, 1), (210, 210)], a=[(450, 120)])) == put(b=[(210, 210)], a=[(450, 120)])


@pytest.mark.parametrize(("shape", "coords", "inside", "outside"), [
    ("circle", "100,100;20", [(100, 100), (120, 100), (114, 114)], [(115, 115), (121, 100)]),
    ("rectangle", "10,20;30,5", [(10, 20), (40, 25), (25, 22)], [(41, 22), (25, 26), (9, 20)]),
    ("polygon", "0,0;100,0;100,100;50,50;0,100", [(0, 0), (50, 50), (10, 80), (90, 80), (50, 10), (100, 30)],
     [(50, 51), (50, 99), (101, 30), (-1, 0)]),
    ("polygon", "0, 0; 10 ,0;0,10;", [(0, 5), (5, 5), (3, 3)], [(6, 5), (11, 0)]),
])
def test_a_shape_holds_its_points_and_its_edge(shape, coords, inside, outside):
    corners = points(shape, coords)
    assert all(holds(shape, corners, x, y) for x, y in inside)
    assert not any(holds(shape, corners, x, y) for x, y in outside)


@pytest.mark.parametrize(("shape", "coords"), [
    ("circle", "1,2"), ("circle", "1,2;0"), ("circle", "1,2;-3"), ("circle", ""), ("rectangle", "1,2;3"), ("polygon", "1,2;3,4"),
    ("star", "1,2;3,4"), ("rectangle", "1,2;0,4"), ("polygon", "1,2;3,4;x,y"), ("polygon", "1,2;" * 5000), ("circle", "1e9,2;3"),
])
def test_what_is_no_shape_is_none(shape, coords):
    assert points(shape, coords) is None
    q = replace(MARKERS, body=replace(MARKERS.body, places=(Place("1", shape, coords, "b"),)))
    assert any("coordenadas" in what for what, _ in KIND.faults(q))
    assert KIND.score(q, put(b=[(1, 1)])) == 0 and KIND.right(q) == "Volcán (—)"


def test_a_place_off_the_picture_or_without_marker_is_told():
    q = replace(MARKERS, body=replace(MARKERS.body, places=(Place("1", "circle", "900,10;5", "zz"),)))
    said = [what for what, _ in KIND.faults(q)]
    assert any("sale de la imagen" in what for what in said) and any("no tiene marcador" in what for what in said)
