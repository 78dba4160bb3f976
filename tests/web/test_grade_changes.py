"""Grades recorded by hand: with a reason, never over one not seen, not in what is closed, and weighed into every result."""

from fractions import Fraction as F
from threading import Barrier, Thread

import pytest

from lms.catalogue import queries as catalogue
from lms.cohorts import queries as cohorts
from lms.foundation.audit import AuditLine
from lms.grading import changes, queries
from lms.grading.changes import Settled, Stale
from lms.grading.models import GradeChange
from lms.grading.scales import HOME
from lms.people.rules import Refused
from tests.web.test_attempts import words

ANA, OLGA = 1, 6


@pytest.fixture
def record(app, world):
    def act(person=ANA, module="G1", item="quiz", *, kind="set", share=F(1, 2), reason="Acta 3", seen=0, cohort_id=1):
        with app.extensions["database"].transaction() as s:
            cohort = cohorts.cohort(s, cohort_id)
            return changes.change(s, OLGA, world.now, cohort, catalogue.programme(s, cohort.edition_id), person, module, item,
                                  kind=kind, share=share, reason=reason, seen=seen)
    return act


def results(app, hide=True):
    with app.extensions["database"].reading() as s:
        cohort = cohorts.cohort(s, 1)
        return queries.results(s, cohort, catalogue.programme(s, cohort.edition_id), [ANA], hide)[ANA]


def test_a_recorded_grade_counts_and_its_story_stays(app, record):
    first = record()
    second = record(item="task", share=F(3, 4), reason="  Entregó   en papel ")
    found = results(app)["G1"]
    assert found.share is not None and found.part("quiz").share == F(1, 2) and found.part("task").share == F(3, 4)
    third = record(share=F(1), seen=first.id, reason="Error de suma")
    with app.extensions["database"].reading() as s:
        told = changes.history(s, 1, ANA, "G1")
        assert [(c.id, c.reason, c.author_id) for c in told] == [
            (first.id, "Acta 3", OLGA), (second.id, "Entregó en papel", OLGA), (third.id, "Error de suma", OLGA)]
        assert changes.last(s, 1)[ANA, "G1", "quiz"] == third.id and changes.history(s, 2) == ()
        assert s.query(AuditLine).filter_by(deed="grade.changed").count() == 3
    record(kind="cleared", share=None, seen=third.id, reason="Se deja la nota calculada")
    assert results(app)["G1"].part("quiz").state == "none"


def test_nobody_writes_over_what_they_have_not_seen(app, record):
    first = record()
    with pytest.raises(Stale) as stale:
        record(share=F(1), reason="Otra cosa")
    assert stale.value.latest.id == first.id and stale.value.field == "seen"
    other = record(item="task")
    assert record(share=F(1), seen=other.id).share == 1             # a page that saw more saw this too
    with app.extensions["database"].reading() as s:
        assert len(changes.history(s, 1)) == 3


@pytest.mark.parametrize("wrong, field", [
    ({"module": "G9"}, "module"), ({"item": "foro"}, "item"), ({"kind": "nota"}, "kind"), ({"share": None}, "share"),
    ({"share": F(3, 2)}, "share"), ({"share": F(-1, 2)}, "share"), ({"reason": " \0 "}, "reason"), ({"reason": "x" * 301}, "reason"),
    ({"person": 2}, "person"), ({"person": 99}, "person"), ({"kind": "extra", "share": F(0)}, "share"),
    ({"share": F(1, 10 ** 61)}, "share")])
def test_what_can_not_be_recorded_says_why(app, record, wrong, field):
    with pytest.raises(Refused) as refused:
        record(**wrong)
    assert refused.value.field == field
    with app.extensions["database"].reading() as s:
        assert s.query(GradeChange).count() == 0


def test_what_is_closed_is_not_changed(app, record):
    app.extensions["grades_settled"].append(lambda session, cohort_id, module: "acta EGA-2027-1 cerrada" if module == "G1" else "")
    try:
        with pytest.raises(Settled, match="acta EGA-2027-1 cerrada"):
            record()
        assert record(module="G2").module == "G2"
    finally:
        app.extensions["grades_settled"].pop()


def test_of_two_at_once_one_is_told_of_the_other(app, record):
    said, ready = [], Barrier(2)

    def act(share):
        ready.wait()
        try:
            said.append(record(share=share))
        except Stale as stale:
            said.append(stale)
    threads = [Thread(target=act, args=(F(n, 4),)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, Stale) for one in said) == [False, True]


def test_a_change_is_never_changed(app, record):
    record()
    with app.extensions["database"].transaction() as s:
        s.query(GradeChange).first().reason = "otra"
        with pytest.raises(RuntimeError, match="never changed"):
            s.flush()
        s.rollback()


def test_the_student_reads_how_it_was_calculated(app, record, client_of):
    record(item="quiz", share=HOME.share(F("3.8")), reason="Rindió en papel")
    record(item="task", share=HOME.share(F("3.8")), reason="Entregó en papel")
    record(item="", kind="resit", share=HOME.share(F("6.0")), reason="Examen del 3 de mayo")
    page = words(client_of("ana").get("/cohortes/1/notas")).replace("\xa0", " ")
    assert "Nota registrada a mano: 3,8. Motivo: Rindió en papel" in page
    assert "Examen recuperativo: tenía 3,8 (de 1,0 a 3,9 da derecho); obtuvo 6,0, que vale a lo más 4,0: nota 4,0." in page
    assert "4,0 Chile" in page and "Aprobado" in page
    page = words(client_of("ana").get("/cohortes/1/modulos/G1/resultado"))
    assert "Examen del 3 de mayo" in page


@pytest.mark.parametrize("kind, said", [("excused", "Excusado: no cuenta"), ("exempt", "Eximido: no cuenta"), ("absent", "Ausente")])
def test_states_of_a_module_are_shown_in_words(record, client_of, kind, said):
    record(item="", kind=kind, share=None, reason="Consta en el oficio 12")
    for url in ("/cohortes/1/notas", "/cohortes/1/modulos/G1/resultado"):
        page = words(client_of("ana").get(url))
        assert said in page and "oficio 12" in page
