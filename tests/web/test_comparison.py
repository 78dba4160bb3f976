"""How a student sees the group's grades: only where the office has said so, never of few, and nobody's own."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from lms.foundation.audit import AuditLine
from lms.grading import queries as grading
from lms.grading.comparison import LEAST, among
from lms.grading.scales import SCALES
from tests.crowd import gather
from tests.looking import statements
from tests.web.test_gradebook import change
from tests.web.test_grading import desk  # noqa: F401

PAGE, GRADES = "/cohortes/1/comparacion", "/cohortes/1/notas"
CL, AR = SCALES["CL"], SCALES["AR"]


def allow(client, answer="si", why="Lo pidió el consejo"):
    return client.send(PAGE, {"allow": answer, "why": why})


def plots(client):
    page = html.document_fromstring(client.get(GRADES).get_data(as_text=True))
    return [p.text_content() for p in page.xpath("//figure[contains(@class, 'among')]//figcaption")]


@pytest.fixture
def group(app, world, client_of):
    """Ana and some others of her cohort, each with a grade of G1 that the office recorded."""
    people = [world.people["ana"], *gathered(app, world, 5)]
    olga = client_of("olga")

    def graded(count):
        for person, grade in zip(people[:count], ("5,0", "4,5", "4,0", "6,0", "6,0", "6,0"), strict=False):
            assert change(olga, person, "G1", grade=grade).status_code == 303
    return graded


def gathered(app, world, many):
    people = gather(app, world, many)
    return [people.id(n) for n in range(many)]


def test_off_there_is_no_trace_and_no_further_statement(group, client_of, app):
    group(6)
    ana = client_of("ana")
    ana.get(GRADES)
    with statements(app) as seen:
        page = ana.get(GRADES).get_data(as_text=True)
    assert "Mediana" not in page and "grupo" not in page and "among" not in page and len(seen) <= 6


def test_where_the_office_allows_it_ones_grade_stands_beside_the_quartiles(group, client_of, app):
    group(6)
    assert allow(client_of("olga")).status_code == 303
    found = plots(client_of("ana"))
    assert len(found) == 1 and "Su nota, 5,0" in found[0] and "Mediana del grupo" in found[0]
    page = client_of("ana").get(GRADES).get_data(as_text=True)
    assert page.count("Mediana del grupo") == 2                         # in the picture's words too


def test_of_fewer_than_five_nothing_is_told(app, world, client_of):
    olga = client_of("olga")
    allow(olga)
    people = [world.people["ana"], *gathered_bare(app, world, 4)]
    for person in people[:LEAST - 1]:
        assert change(olga, person, "G1").status_code == 303
    assert plots(client_of("ana")) == []
    assert change(olga, people[LEAST - 1], "G1").status_code == 303
    assert len(plots(client_of("ana"))) == 1


def gathered_bare(app, world, many):
    from lms.cohorts.models import Enrolment  # noqa: PLC0415
    from lms.people.models import Person  # noqa: PLC0415
    found = []
    with app.extensions["database"].transaction() as session:
        for n in range(many):
            person = Person(email=f"g{n}@example.org", given_names="Grupo", surname1=f"Uno{n}", sort_key=f"uno{n:03}", search_key=f"uno{n}",
                            created_at=world.now)
            session.add(person)
            session.flush()
            session.add(Enrolment(cohort_id=1, person_id=person.id, enrolled_at=world.now))
            found.append(person.id)
    return found


def test_the_office_decides_with_a_reason_that_is_kept_and_can_take_it_back(client_of, app):
    olga = client_of("olga")
    assert allow(olga, why=" ").status_code == 422 and allow(olga, "no").status_code == 422
    assert allow(olga).status_code == 303 and allow(olga).status_code == 422
    assert "Lo pidió el consejo" in olga.get(PAGE).get_data(as_text=True)
    with app.extensions["database"].reading() as s:
        assert grading.compares(s, 1) and not grading.compares(s, 2)
    assert allow(olga, "no", "Pocas personas").status_code == 303
    with app.extensions["database"].reading() as s:
        assert not grading.compares(s, 1)
        assert [a.deed for a in s.query(AuditLine).order_by(AuditLine.id)][-2:] == ["comparison.allowed", "comparison.ended"]


@pytest.mark.parametrize("who", ["ana", "ivan", "coral", "aldo", "irma"])
def test_nobody_else_decides(client_of, app, who):
    assert allow(client_of(who)).status_code in (403, 404)
    with app.extensions["database"].reading() as s:
        assert not grading.compares(s, 1)


def test_the_statements_do_not_grow_with_the_group(app, world, client_of):
    allow(client_of("olga"))
    counts = []
    for many in (25, 60):
        gathered(app, world, many) if not counts else gathered_bare(app, world, many)
        ana = client_of("ana")
        ana.get(GRADES)
        with statements(app) as seen:
            ana.get(GRADES)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


@given(st.lists(st.fractions(0, 1), min_size=LEAST, max_size=40), st.sampled_from([CL, AR]))
def test_the_quartiles_stand_in_order_within_the_scale(shares, shown):
    found = among("G1", shares[0], shares, shown, CL)
    assert shown.minimum <= found.low <= found.middle <= found.high <= shown.maximum
    assert 0 <= found.place(found.low, 480) <= found.place(found.high, 480) <= 480


def test_the_median_and_quartiles_are_the_ones_a_spreadsheet_finds():
    found = among("G1", F(1), [CL.share(F(n)) for n in (1, 2, 4, 6, 7)], CL, CL)
    assert (found.low, found.middle, found.high) == (2, 4, 6) and found.own == 7
    assert among("G1", F(1), [F(1)] * (LEAST - 1), CL, CL) is None
