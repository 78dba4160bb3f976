"""Qué me falta and avance: exceptions, earlier studies, closed actas, what if, and who may fall behind."""

import re
from datetime import UTC, datetime
from fractions import Fraction as F
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import select

from lms.actas import queries as actas
from lms.attempts import queries as attempts
from lms.attempts.models import Marking, QuizOverride, Submission
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Enrolment, Extension
from lms.completion import actions, queries
from lms.completion.facts import Closed
from lms.completion.models import Recognition, RequirementException
from lms.foundation.audit import AuditLine
from lms.grading.models import Release
from lms.people.models import Person
from lms.people.rules import Refused
from tests import crowd
from tests.actas import Registry
from tests.looking import rows, statements, text
from tests.programme import PROGRAMME

MINE, WHAT_IF, ALL = "/cohortes/1/que-me-falta", "/cohortes/1/que-me-falta/supuesto", "/cohortes/1/avance"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"


@pytest.fixture
def ana(client_of):
    return client_of("ana")


@pytest.fixture
def olga(client_of):
    return client_of("olga")


def words(answer):
    page = html.document_fromstring(text(answer))
    return " ".join(" ".join(page.xpath("//main")[0].itertext()).split()).replace("\xa0", " ")


def study(**more):
    return {"module": "G1", "equivalence": "", "study": "Cooperación I", "institution": "Universidad de Prueba",
            "reason": "Resolución 12 de 2027", "finished_on": "", "grade": "", "file": (BytesIO(PDF), "certificado.pdf"), **more}


def verdict_of(app, person):
    with app.extensions["database"].reading() as s:
        cohort = cohorts.cohort(s, 1)
        return queries.verdicts(s, cohort, PROGRAMME, [person])[person]


def handed_in(app, world, module="G1", points=9, person="ana"):
    """A task handed in, marked and published; no quiz."""
    with app.extensions["database"].transaction() as s:
        work = Submission(cohort_id=1, person_id=world.people[person], module=module, edition_id=world.edition, version=1,
                          handed_in_at=world.now, receipt="9" * 64)
        s.add(work)
        s.flush()
        s.add(Marking(submission_id=work.id, points=F(points), out_of=F(12), marker_id=world.people["ivan"], marked_at=world.now))
        s.add(Release(cohort_id=1, module=module, item="task", released_at=world.now))


# Exceptions and recognised studies -----------------------------------------------------------------------------------

def test_an_exception_meets_its_requirement_and_says_who_and_why(app, world, ana, olga):
    assert "12 h más de seminario" in words(ana.get(MINE))
    answer = olga.send(f"{ALL}/1/excepcion", {"requirement": "attendance", "reason": "Acuerdo 7 del Consejo, por enfermedad"})
    assert answer.status_code == 303
    page = words(ana.get(MINE))
    assert "Asistencia a seminarios, por excepción" in page
    assert "Excepción de Olga Ibáñez" in page and "Acuerdo 7 del Consejo, por enfermedad" in page
    assert {i.key for i in verdict_of(app, 1).items if i.by == "exception"} == {"attendance"}
    assert ("exception.recorded",) in rows(app, select(AuditLine.deed))


def test_an_exception_needs_a_reason_and_something_that_is_missing(app, olga):
    for data in ({"requirement": "attendance", "reason": " "}, {"requirement": "certificate_name", "reason": "Porque sí"},
                 {"requirement": "module:G9", "reason": "No existe"}, {}):
        assert olga.send(f"{ALL}/1/excepcion", data).status_code == 422
    assert not rows(app, select(RequirementException.id))


def test_an_exception_is_taken_back_by_a_new_row_once(app, world, ana, olga):
    olga.send(f"{ALL}/1/excepcion", {"requirement": "internship", "reason": "Trabajó en una red"})
    url = f"{ALL}/excepciones/1/retiro"
    assert "Trabajó en una red" in words(olga.get(url))
    assert olga.send(url, {"reason": "Se anotó por error"}).status_code == 303
    assert "20 h más de pasantía" in words(ana.get(MINE))
    assert olga.send(url, {"reason": "Otra vez"}).status_code == 404
    kept = rows(app, select(RequirementException.id, RequirementException.withdraws_id, RequirementException.reason))
    assert [tuple(row) for row in kept] == [(1, None, "Trabajó en una red"), (2, 1, "Se anotó por error")]
    page = words(olga.get(f"{ALL}/1"))
    assert "Retirada por Olga Ibáñez" in page and "Se anotó por error" in page


def test_what_is_recorded_is_never_changed(app, world, olga):
    olga.send(f"{ALL}/1/excepcion", {"requirement": "attendance", "reason": "Un motivo"})
    with pytest.raises(RuntimeError, match="never changed"), app.extensions["database"].transaction() as s:
        s.scalars(select(RequirementException)).one().reason = "Otro"
        s.flush()


def test_an_earlier_study_counts_with_its_evidence(app, world, ana, olga, client_of):
    assert olga.send(f"{ALL}/1/reconocimiento", study(grade="5,5", finished_on="2024-12-10")).status_code == 303
    page = words(ana.get(MINE))
    assert "G1 reconocido" in page and "Cooperación I, Universidad de Prueba" in page and "Nota reconocida: 5,5" in page
    assert ana.get(f"{MINE}/respaldos/1").data == PDF
    assert olga.get(f"{ALL}/reconocimientos/1/respaldo").data == PDF
    verdict = verdict_of(app, 1)
    assert verdict.items[0].by == "recognition" and not verdict.passed("G1")       # no certificate of ours for it
    assert verdict.shares["G1"] > 0
    assert client_of("beto").get("/cohortes/2/que-me-falta/respaldos/1").status_code == 404
    assert olga.send(f"{ALL}/1/reconocimiento", study()).status_code == 422        # it stands already
    assert olga.send(f"{ALL}/reconocimientos/1/retiro", {"reason": "El certificado no era suyo"}).status_code == 303
    assert "Aprobar G1" in words(ana.get(MINE))
    assert olga.get(f"{ALL}/reconocimientos/1/respaldo").data == PDF              # the evidence stays


@pytest.mark.parametrize(("more", "told"), [
    ({"file": (b"", "")}, "Adjuntar el respaldo"), ({"file": (b"MZ", "a.exe")}, "no es de un tipo"),
    ({"file": (b"MZ", "a.pdf")}, "su contenido no lo es"), ({"grade": "12"}, "La nota va de"),
    ({"grade": "NaN"}, "La nota va de"), ({"reason": ""}, "Falta completarlo"), ({"equivalence": "otra"}, ""), ({"module": "G9"}, "")])
def test_a_study_that_can_not_be_recognised_is_told_why(app, olga, more, told):
    sent = {name: (BytesIO(value[0]), value[1]) if name == "file" else value for name, value in more.items()}
    answer = olga.send(f"{ALL}/1/reconocimiento", study(**sent))
    assert answer.status_code == 422 and told in words(answer)
    assert not rows(app, select(Recognition.id))


def test_actions_refuse_what_no_form_offers(app, world):
    kept = actions.Kept("a.pdf", "pdf", 3, "0" * 64)
    with app.extensions["database"].transaction() as s:
        for module, code in (("G9", ""), ("G1", "otra")):
            with pytest.raises(Refused):
                actions.recognise(s, 6, world.now, 1, 1, PROGRAMME, module, actions.Study("x", "y", equivalence=code), "Un motivo", kept)


# Closed actas --------------------------------------------------------------------------------------------------------

def test_a_closed_acta_goes_before_what_is_marked_since(app, world, ana, olga, monkeypatch):
    handed_in(app, world, points=12)
    row = Closed("EGA-2027-000001-31", 1, world.now, "failed", F(1, 2))
    found = queries.beside
    def closed(*args):
        more = found(*args)
        more.closed = {1: {"G1": row}}
        return more
    monkeypatch.setattr(queries, "beside", closed)
    page = words(ana.get(MINE))
    assert "Acta EGA-2027-000001-31 cerrada el 20 de abril de 2027" in page and "Tiene" in page
    assert "Acta EGA-2027-000001-31" in words(olga.get(f"{ALL}/1"))


def test_a_real_acta_is_read_as_the_room_of_actas_tells_it(app, world, ana, monkeypatch):
    registry = Registry(app, world, monkeypatch)
    registry.set("ana", "G1", F(82, 100))
    acta = registry.closed()
    with app.extensions["database"].reading() as s:
        told, found = actas.closed(s, 1)["G1"], queries.beside(s, 1, [1]).closed[1]["G1"]
    row = told.rows[1]
    assert (found.folio, found.at, found.state, found.share) == (told.folio, told.closed_at, row.state, row.share)
    assert found.state == "approved" and found.acta_id == acta
    assert verdict_of(app, 1).items[0].by == "acta" and verdict_of(app, 1).passed("G1")
    page = words(ana.get(MINE))
    assert "G1 aprobado" in page and told.folio in page
    registry.rectified(acta, "ana", F(2, 10))
    with app.extensions["database"].reading() as s:
        assert queries.beside(s, 1, [1]).closed[1]["G1"].folio != told.folio == found.folio
    assert verdict_of(app, 1).items[0].why == "failed"
    with statements(app) as ran:
        ana.get(MINE)
    assert len(ran) <= 6, ran


def test_without_actas_there_is_nothing_closed(app, world):
    with app.extensions["database"].reading() as s:
        assert queries.beside(s, 1, [1]).closed == {} == actas.closed(s, 1)


# What if -------------------------------------------------------------------------------------------------------------

def test_what_if_tells_module_final_and_verdict_and_writes_nothing(app, world, ana):
    before = rows(app, select(Marking.id))
    assert "Suponer notas" in words(ana.get(MINE))
    page = words(ana.get(f"{WHAT_IF}?G1.quiz=6,0&G1.task=5&G2.quiz=4.0&G2.task=4"))
    assert "Módulo G1 5,4" in page and "Módulo G2 4,0" in page and "Nota final" in page and "Todavía no" not in page
    assert "Faltarían 3 requisitos" in page
    assert rows(app, select(Marking.id)) == before
    assert "Faltarían 5 requisitos" in words(ana.get(f"{WHAT_IF}?G1.task=1,0"))


def test_what_if_tells_the_least_that_is_enough_and_refuses_no_grade(app, world, ana):
    handed_in(app, world)
    assert "Para aprobar G1 basta" in words(ana.get(WHAT_IF))
    for wrong in ("8", "0", "x", "NaN", "1e5", "-1"):
        answer = ana.get(WHAT_IF, query_string={"G1.quiz": wrong})
        assert answer.status_code == 422 and "La nota va de 1,0 a 7,0." in words(answer) or "Escribir una nota" in words(answer)
    least = re.search(r"Para aprobar G1 basta (\d,\d)", words(ana.get(WHAT_IF)))[1]
    assert "Aprobado" in words(ana.get(WHAT_IF, query_string={"G1.quiz": least}))


# By when, and how many statements -----------------------------------------------------------------------------------

def test_the_page_says_by_when(ana):
    page = words(ana.get(MINE))
    assert "Control hasta el 30 de abril de 2027" in page and "Tarea hasta el 3 de mayo de 2027" in page


@pytest.mark.parametrize("path", [MINE, WHAT_IF])
def test_pages_of_a_student_ask_six_statements_at_most(app, world, ana, olga, path):
    olga.send(f"{ALL}/1/excepcion", {"requirement": "attendance", "reason": "Un motivo"})
    olga.send(f"{ALL}/1/reconocimiento", study())
    ana.get(path)
    with statements(app) as ran:
        ana.get(path)
    assert len(ran) <= 6, ran


def test_the_office_asks_as_many_statements_for_many_as_for_few(app, world, olga):
    found = []
    for many in (0, 40):
        if many:
            crowd.gather(app, world, many)
        for path in (ALL, f"{ALL}.csv"):
            olga.get(path)
            with statements(app) as ran:
                olga.get(path)
            found.append(len(ran))
    assert found[:2] == found[2:] and max(found) <= 10, found


# Who may fall behind -------------------------------------------------------------------------------------------------

def risks(app, world):
    with app.extensions["database"].reading() as s:
        cohort = cohorts.cohort(s, 1)
        found = queries.progress_of(s, cohort, PROGRAMME, world.now).risks
        return [(r.kind, r.module, r.item, r.days) for r in found.get(1, ())]


def test_risks_are_facts_with_their_dates(app, world, olga):
    assert risks(app, world) == [("quiet", "", "", 15)]                            # NOW is 15 days into the cohort
    world.now = datetime(2027, 4, 27, 15, tzinfo=UTC)
    assert ("soon", "G1", "quiz", 3) in risks(app, world) and ("soon", "G1", "task", 6) in risks(app, world)
    world.now = datetime(2027, 5, 10, 15, tzinfo=UTC)
    assert ("overdue", "G1", "quiz", 9) in risks(app, world)
    page = words(olga.get(f"{ALL}?grupo=overdue"))
    assert "el control de G1 venció hace 9 días sin entrega" in page and "Pérez Soto, Ana" in page
    assert "en riesgo por ese motivo" in words(olga.get(f"{ALL}?grupo=failed"))


def test_a_persons_own_dates_count(app, world):
    world.now = datetime(2027, 5, 10, 15, tzinfo=UTC)
    with app.extensions["database"].transaction() as s:
        s.add(Extension(cohort_id=1, person_id=1, module="G1", item="task", due_local="2027-06-29 23:00", reason="Licencia",
                        author_id=6, given_at=world.now))
        s.add(QuizOverride(cohort_id=1, module="G1", institution_id=4, reason="Corte de luz", author_id=6, made_at=world.now,
                           content='{"due": "2027-05-12T22:00:00+00:00"}'))
    assert ("soon", "G1", "quiz", 2) in risks(app, world) and not [r for r in risks(app, world) if r[0] == "overdue"]
    with app.extensions["database"].reading() as s:
        apart = attempts.dates_apart(s, cohorts.cohort(s, 1), {1: 4, 2: None})
        assert apart == {1: attempts.own_cohort(s, 1, 1).calendar}


def test_who_did_something_lately_is_not_quiet(app, world):
    handed_in(app, world)
    assert risks(app, world) == []


def test_a_lists_file_is_safe_and_whole(app, world, olga):
    with app.extensions["database"].transaction() as s:
        s.get(Person, 1).surname1 = "=HYPERLINK(1)"
    lines = olga.get(f"{ALL}.csv").get_data(as_text=True).splitlines()
    assert lines[0].startswith("\ufeff") and len(lines) == 2 and "'=HYPERLINK(1)" in lines[1] and "En camino" in lines[1]
    assert "sin actividad desde hace 15 días" in lines[1]


def test_all_cohorts_in_numbers_and_only_ones_own(app, world, olga, client_of):
    page = words(olga.get("/avance"))
    assert "Cohorte CL-2027" in page and "Cohorte AR-2027" in page
    theirs = words(client_of("coral").get("/avance"))
    assert "Cohorte CL-2027" in theirs and "AR-2027" not in theirs
    assert olga.get("/avance.csv").get_data(as_text=True).count("\r\n") == 3
    assert client_of("coral").get("/avance.csv").get_data(as_text=True).count("\r\n") == 2


def test_what_is_beside_marks_is_what_the_rooms_tell(app, world):
    """For few people and for all: the same."""
    crowd.gather(app, world, 3)
    with app.extensions["database"].reading() as s:
        few = queries.beside(s, 1, [1, 1000])
        every = [e.person_id for e in cohorts.enrolled(s, 1)]
        many = queries.beside(s, 1, every * 200)
        assert few.named <= many.named and few.hours.items() <= many.hours.items()


def test_somebody_who_left_is_not_counted(app, world, olga):
    with app.extensions["database"].transaction() as s:
        s.scalars(select(Enrolment).where(Enrolment.person_id == 1)).one().withdrawn_at = world.now
    assert "Todavía no hay nadie" in words(olga.get(ALL)) and olga.get(f"{ALL}/1").status_code == 200
