"""The ledger: by hand, by the hooks, taken back; and what a bad source can not do."""

import shutil
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from lms.cohorts import queries as cohorts
from lms.credits import actions, queries
from lms.credits.ports import InternshipSource, SeminarSource, WrongShape, check, discover
from lms.credits.rules import Attended, Hours

ROOT = Path(__file__).parents[2]


def entry(world, **changed):
    return {"key": "k1", "person": world.people["ana"], "kind": "attendance", "title": "Seminario de prueba",
            "hours": "1,5", "day": "2027-04-10", "note": "Lista firmada", **changed}


def hours(app, world):
    with app.extensions["database"].reading() as session:
        return queries.hours(session, world.chile).get(world.people["ana"], Hours())


def test_the_office_writes_hours_with_a_comma(app, world, client_of):
    olga = client_of("olga")
    assert olga.send("/cohortes/1/creditos/nuevo", entry(world)).status_code == 303
    page = olga.get("/cohortes/1/creditos").get_data(as_text=True)
    assert "Pérez Soto, Ana" in page and "1,5" in page and "Lista firmada" in page
    assert hours(app, world).attendance == Fraction(3, 2)


def test_the_same_form_sent_twice_is_one_entry(app, world, client_of):
    olga = client_of("olga")
    for _ in range(2):
        olga.send("/cohortes/1/creditos/nuevo", entry(world))
    assert hours(app, world).attendance == Fraction(3, 2)


@pytest.mark.parametrize("changed, words", [
    ({"hours": "0"}, "Horas"), ({"hours": "muchas"}, "Horas"), ({"hours": "900"}, "Horas"), ({"day": "2027-13-01"}, "Fecha"),
    ({"day": "2030-01-01"}, "futuro"), ({"title": ""}, "Seminario"), ({"person": "2"}, "Participante"),
    ({"kind": "regalo"}, "Clase")])
def test_a_bad_entry_is_told_and_nothing_is_kept(app, world, client_of, changed, words):
    sent = client_of("olga").send("/cohortes/1/creditos/nuevo", entry(world, **changed))
    assert sent.status_code == 422 and words in sent.get_data(as_text=True)
    assert hours(app, world) == Hours()


def test_an_entry_is_taken_back_by_a_new_one_with_its_reason(app, world, client_of):
    olga = client_of("olga")
    olga.send("/cohortes/1/creditos/nuevo", entry(world))
    assert olga.get("/cohortes/1/creditos/1/retiro").status_code == 200
    assert olga.send("/cohortes/1/creditos/1/retiro", {"reason": "Era de otra persona"}).status_code == 303
    page = olga.get("/cohortes/1/creditos").get_data(as_text=True)
    assert "Retirada" in page and "Era de otra persona" in page and hours(app, world) == Hours()
    assert olga.get("/cohortes/1/creditos/1/retiro").status_code == 404


def test_who_may_only_read_gets_no_buttons_and_no_way(world, client_of):
    aldo = client_of("aldo")
    assert "Anotar horas" not in aldo.get("/cohortes/1/creditos").get_data(as_text=True)
    assert aldo.send("/cohortes/1/creditos/nuevo", entry(world)).status_code == 403
    assert client_of("ana").get("/cohortes/1/creditos").status_code == 403


class Wrong:
    def attendance(self, cohort_code, since): ...


def test_a_source_of_the_wrong_shape_is_refused_with_the_remedy():
    with pytest.raises(WrongShape, match=r"should have the method attendance\(cohort, since\); see docs"):
        check("mala", Wrong(), SeminarSource)
    with pytest.raises(WrongShape, match="credits"):
        check("vacia", object(), InternshipSource)


def pull(app, world, source):
    with app.extensions["database"].transaction() as session:
        cohort = cohorts.cohort(session, world.chile)
        return actions.pull(session, world.now, cohort, "fuente", "lms.seminars", source)


class Told:
    def __init__(self, *facts):
        self.facts = facts

    def attendance(self, cohort, since):
        yield from self.facts


def test_a_source_told_twice_changes_nothing(app, world):
    fact = Attended("r1", "ana@example.org", "Seminario", Fraction(3), date(2027, 4, 9))
    assert [pull(app, world, Told(fact)).taken for _ in range(2)] == [1, 0]
    assert hours(app, world).attendance == 3


def test_a_source_may_take_back_what_it_said(app, world):
    fact = Attended("r1", "ana@example.org", "Seminario", Fraction(3), date(2027, 4, 9))
    pull(app, world, Told(fact))
    pull(app, world, Told(Attended("r1", "ana@example.org", "Seminario", Fraction(3), date(2027, 4, 9), withdrawn=True)))
    assert hours(app, world) == Hours()


def test_what_a_source_says_wrongly_is_told_by_reference_and_the_rest_is_kept(app, world):
    pulled = pull(app, world, Told(Attended("r1", "nadie@example.org", "S", Fraction(3), date(2027, 4, 9)),
                                   Attended("r2", "ana@example.org", "S", Fraction(-3), date(2027, 4, 9)),
                                   "cualquier cosa",
                                   Attended("r3", "ANA@example.org", "S", Fraction(2), date(2027, 4, 9))))
    assert pulled.taken == 1 and '"r1"' in pulled.refused and '"r2"' in pulled.refused and hours(app, world).attendance == 2


class Down:
    def attendance(self, cohort, since):
        yield Attended("r9", "ana@example.org", "S", Fraction(3), date(2027, 4, 9))
        raise ConnectionError("no responde")


def test_a_source_that_fails_half_way_changes_nobodys_result(app, world):
    assert "no responde" in pull(app, world, Down()).error and hours(app, world) == Hours()


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The example package, really installed where Python finds packages, with its two files."""
    site = tmp_path / "site"
    package = tmp_path / "package"
    shutil.copytree(ROOT / "tests" / "example_source", package)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-build-isolation",
                    "--disable-pip-version-check", "--target", str(site), str(package)], check=True)
    data = tmp_path / "data"
    data.mkdir()
    (data / "seminars.csv").write_text("id,cohort,email,seminar,hours,day,withdrawn\ns1,CL-2027,ana@example.org,Seminario AMUCH-FLACMA,12,2027-04-15,\n")
    (data / "internships.csv").write_text("id,cohort,email,host,hours,day,withdrawn\np1,CL-2027,ana@example.org,Municipio anfitrión,41/2,2027-04-16,\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("EXAMPLE_SOURCE", str(data))
    yield data
    sys.modules.pop("example_source", None)


def test_the_example_package_is_plugged_in_and_pulled(app, world, client_of, example):
    app.extensions["sources"] = discover()
    assert set(app.extensions["sources"]) == {"registro-seminarios", "registro-pasantias"}
    olga = client_of("olga")
    assert olga.send("/cohortes/1/creditos/consultar").status_code == 303
    assert hours(app, world) == Hours(Fraction(12), Fraction(41, 2))
    assert "registro-pasantias" in olga.get("/cohortes/1/creditos").get_data(as_text=True)


def test_the_documentation_shows_exactly_the_example():
    text = (ROOT / "docs" / "plugging-in-a-source.md").read_text()
    assert (ROOT / "tests/example_source/example_source/__init__.py").read_text() in text
    assert (ROOT / "tests/example_source/pyproject.toml").read_text() in text
