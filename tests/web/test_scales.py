"""The office's grade scales: versions kept for ever, looked at before they are kept, chosen for a cohort with a reason."""

import pytest

from lms.grading import policies
from lms.grading.models import PolicyChoice, ScalePolicy
from lms.grading.scales import SCALES
from lms.people.rules import Refused
from tests.web.test_attempts import words as text

CL70 = {"name": "escala de 1,0 a 7,0, exigencia de 70 %", "country": "CL", "minimum": "1,0", "passing": "4", "maximum": "7.0",
        "decimals": "1", "demand": "70", "rounding": "half_up", "round_first": "y", "guard": "y", "least": "", "table": "",
        "labels": "", "reason": "Lo pide el nuevo reglamento"}
TABLE = "1,0 = 1\n2,0 = 2\n3,0 = 3\n4,0 = 4\n4,5 = 5\n5,0 = 6\n5,5 = 7\n6,0 = 8\n6,5 = 9\n7,0 = 10"
TABLED = {**CL70, "name": "tabla del convenio con la UNQ", "country": "AR", "minimum": "1", "maximum": "10", "decimals": "0",
          "demand": "60", "table": TABLE, "reason": "La fija el convenio"}


@pytest.fixture
def olga(client_of):
    return client_of("olga")


def keep(olga, base="cl-60-2026", **data):
    return olga.send(f"/escalas/{base}/nueva", {**CL70, "hacer": "guardar", **data})


def test_a_version_is_looked_at_before_it_is_kept(olga, app):
    page = olga.send("/escalas/cl-60-2026/nueva", {**CL70, "reason": "", "hacer": "ver"})
    assert page.status_code == 200
    assert "60 %4,03,6No" in text(page)                  # where 70 % is demanded
    with app.extensions["database"].reading() as s:
        assert [v.scale.id for v in policies.versions(s)] == ["cl-60-2026", "ar-4-2026"]
    assert keep(olga).status_code == 303
    with app.extensions["database"].reading() as s:
        made = policies.version(s, "cl-v2")
        assert made and made.replaces == "cl-60-2026" and made.scale.demand * 10 == 7
    assert "cl-v2" in text(olga.get("/escalas"))
    assert "3,6" in text(olga.get("/escalas/cl-v2"))


@pytest.mark.parametrize("data, said", [
    ({"passing": "8"}, "va entre la mínima y la máxima"), ({"demand": "100"}, "sin llegar"), ({"minimum": "uno"}, "Escribir un número"),
    ({"least": "9"}, "es una nota de la escala"), ({"reason": ""}, "Escribir por qué se hace."), ({"passing": "4,05"}, "decimales"),
    ({"table": "4,0"}, "Línea 1"), ({"demand": "60", "name": SCALES["CL"].name, "labels": "\n".join(
        f"{since:f} {words}" for since, words in SCALES["CL"].labels)}, "Ya hay una escala igual"),
    ({"labels": "uno"}, "Línea 1"), ({"minimum": "1e999"}, "de 0 a 100"), ({"maximum": "-7"}, "de 0 a 100")])
def test_a_scale_that_is_not_sound_is_refused(olga, app, data, said):
    page = keep(olga, **data)
    assert page.status_code == 422 and said in text(page)
    with app.extensions["database"].reading() as s:
        assert len(policies.versions(s)) == 2


def test_a_cohort_goes_by_what_was_chosen_for_it(olga, app, client_of, world):
    keep(olga)
    with app.extensions["database"].reading() as s:
        assert policies.of(s, 1, "CL").home == SCALES["CL"]
    assert olga.send("/cohortes/1/escalas", {"policy": "cl-v2", "role": "home", "why": "Reglamento 2027"}).status_code == 303
    with app.extensions["database"].reading() as s:
        chosen, other = policies.of(s, 1, "CL"), policies.of(s, 2, "AR")
        assert (chosen.home.id, [scale.id for scale in chosen.shown]) == ("cl-v2", ["cl-v2", "ar-4-2026"])
        assert [scale.id for scale in other.shown] == ["ar-4-2026", "cl-60-2026"]
    page = text(client_of("coral").get("/cohortes/1/escalas"))
    assert "Reglamento 2027" in page and "Olga" in page and "Elegir la escala" not in page


def test_a_choice_needs_a_reason_and_says_why_it_can_not_be(olga, app):
    keep(olga, **TABLED)
    for data, said in (({"policy": "ar-v2", "role": "home"}, "no decide quién aprueba"),
                       ({"policy": "cl-60-2026", "role": "home"}, "ya va por esa escala"),
                       ({"policy": "cl-60-2026", "role": "shown"}, "lee la escala de la Escuela"),
                       ({"policy": "nada", "role": "home"}, "Falta corregir algo"),
                       ({"policy": "ar-v2", "role": "shown", "why": ""}, "Escribir por qué se elige.")):
        page = olga.send("/cohortes/1/escalas", {"why": "Porque sí", **data})
        assert page.status_code == 422 and said in text(page), said
    assert olga.send("/cohortes/1/escalas", {"policy": "ar-v2", "role": "shown", "why": "Convenio"}).status_code == 303
    with app.extensions["database"].reading() as s:
        assert policies.of(s, 1, "CL").shown[1].table


def test_a_table_has_to_fit_the_scale_that_decides(olga):
    keep(olga, **TABLED)
    olga.send("/cohortes/1/escalas", {"policy": "ar-v2", "role": "shown", "why": "Convenio"})
    five = {**CL70, "passing": "5,0", "name": "aprueba con 5"}
    assert keep(olga, **five).status_code == 303
    page = olga.send("/cohortes/1/escalas", {"policy": "cl-v2", "role": "home", "why": "Reglamento"})
    assert page.status_code == 422 and "Con 5,0 se aprueba" in text(page)
    olga.send("/cohortes/1/escalas", {"policy": "ar-v2", "role": "hidden", "why": "Se deja de mostrar"})
    assert olga.send("/cohortes/1/escalas", {"policy": "cl-v2", "role": "home", "why": "Reglamento"}).status_code == 303


def test_scales_and_choices_are_never_changed(olga, app):
    keep(olga)
    olga.send("/cohortes/1/escalas", {"policy": "cl-v2", "role": "home", "why": "Reglamento"})
    with app.extensions["database"].transaction() as s:
        for row in (s.query(ScalePolicy).first(), s.query(PolicyChoice).first()):
            s.delete(row)
            with pytest.raises(RuntimeError, match="never changed"):
                s.flush()
            s.rollback()


def test_a_seed_is_chosen_twice_without_a_second_row(olga, app):
    keep(olga)
    for name in ("cl-v2", "cl-60-2026", "cl-v2", "cl-60-2026"):
        assert olga.send("/cohortes/1/escalas", {"policy": name, "role": "home", "why": "Prueba"}).status_code == 303
    with app.extensions["database"].reading() as s:
        assert policies.of(s, 1, "CL").home == SCALES["CL"] and len(policies.choices(s, 1)) == 4
        assert [v.scale.id for v in policies.versions(s)] == ["cl-60-2026", "ar-4-2026", "cl-v2"]
        with pytest.raises(Refused):
            policies.choose(s, 6, None, 1, "CL", "home", "cl-60-2026", "otra vez")
