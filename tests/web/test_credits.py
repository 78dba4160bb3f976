"""The ledger: by hand, by the hooks, taken back; and what a bad source can not do."""

import json
import shutil
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from lms.credits import pulling, queries, scheduled
from lms.credits.commands import credits
from lms.credits.models import SourcePull
from lms.credits.ports import InternshipSource, SeminarSource, WrongShape, add, check, discover
from lms.credits.rules import Attended, Hours
from lms.foundation import outbox
from lms.foundation.outbox import OutboxJob

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


def pull(app, world, source, limit=5.0, name="fuente", **more):
    (told,) = pulling.pull(app.extensions["database"], app.extensions["asker"], {name: ("lms.seminars", source)}, world.now,
                           limit, asked_by="command", cohort_ids=[world.chile], **more)
    return told


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
    assert pulled.taken == 1 and [r for r, _ in pulled.refused] == ["r1", "r2", "?"] and hours(app, world).attendance == 2


class Down:
    def attendance(self, cohort, since):
        yield Attended("r9", "ana@example.org", "S", Fraction(3), date(2027, 4, 9))
        raise ConnectionError("no responde")


def test_a_source_that_fails_half_way_changes_nobodys_result(app, world):
    assert "no responde" in pull(app, world, Down()).error and hours(app, world) == Hours()


def test_a_source_that_hangs_is_told_by_name_and_is_not_asked_twice_at_once(app, world):
    let_go, asked = Event(), []

    class Slow:
        def attendance(self, cohort, since):
            asked.append(cohort)
            let_go.wait(20)
            yield Attended("r9", "ana@example.org", "S", Fraction(3), date(2027, 4, 9))

    slow = Slow()
    assert pull(app, world, slow, 0.2).error == "No respondió en 0.2 segundos."
    assert "Sigue sin responder" in pull(app, world, slow, 0.2).error and asked == ["CL-2027"]
    let_go.set()
    app.extensions["asker"].away["fuente"][0].join(5)
    assert hours(app, world) == Hours()                         # what it says too late is heard by nobody
    assert pull(app, world, slow).taken == 1 and hours(app, world).attendance == 3


def test_no_transaction_is_open_while_a_source_is_asked(app, world):
    class Looks:
        def attendance(self, cohort, since):
            with app.extensions["database"].transaction() as session:       # on SQLite it would wait for ten seconds
                session.add(OutboxJob(kind="x", payload="{}", created_at=world.now, run_after=world.now))
            yield Attended("r1", "ana@example.org", "S", Fraction(3), date(2027, 4, 9))
    assert pull(app, world, Looks()).taken == 1


class Exits:
    def attendance(self, cohort, since):
        sys.exit("adiós")


class Endless:
    def attendance(self, cohort, since):
        while True:
            yield Attended("r1", "ana@example.org", "S", Fraction(3), date(2027, 4, 9))


class Nothing:
    def attendance(self, cohort, since):
        return None


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError


class Mute:
    def attendance(self, cohort, since):
        raise Unspeakable


@pytest.mark.parametrize("source, words", [(Exits(), "SystemExit: adiós"), (Endless(), "more than 20000 facts"),
                                           (Nothing(), "TypeError"), (Mute(), "Unspeakable")])
def test_whatever_a_source_does_is_told_and_nothing_of_it_is_kept(app, world, source, words):
    assert words in pull(app, world, source).error and hours(app, world) == Hours()


def fact(**changed):
    return Attended(**{"reference": "r1", "email": "ana@example.org", "seminar": "S", "hours": Fraction(3), "day": date(2027, 4, 9), **changed})


@pytest.mark.parametrize("wrong, words", [
    ({"hours": 1.5}, "float"), ({"hours": "3"}, "float"), ({"hours": True}, "float"), ({"hours": Decimal("NaN")}, "cantidad"),
    ({"hours": Decimal("Infinity")}, "cantidad"), ({"hours": Fraction(1, 10**80)}, "cantidad"), ({"hours": Fraction(501)}, "más de 500"),
    ({"hours": Fraction(0)}, "más que cero"), ({"day": "2027-04-09"}, "fecha"), ({"day": datetime(2027, 4, 9)}, "fecha"), ({"day": date(2099, 1, 1)}, "futuro"),
    ({"reference": 7}, "reference"), ({"reference": ""}, "reference"), ({"reference": "x" * 121}, "reference"), ({"reference": "a\0b"}, "reference"),
    ({"email": None}, "email"), ({"email": "ana"}, "arroba"), ({"seminar": " "}, "seminar"), ({"seminar": "x" * 201}, "seminar"),
    ({"withdrawn": "yes"}, "withdrawn"), ({"email": "beto@example.org"}, "Nadie")])
def test_a_fact_of_the_wrong_shape_is_refused_by_reference_with_the_remedy(app, world, wrong, words):
    told = pull(app, world, Told(fact(**wrong), fact(reference="good")))
    assert told.taken == 1 and len(told.refused) == 1 and words in told.refused[0][1] and not told.error


@pytest.mark.parametrize("changed, words", [({"hours": Fraction(4)}, "no coincide en: horas (3, y ahora dice 4)"), ({"email": "ciro@example.org"}, "same"), ({"day": date(2027, 4, 8)}, "no coincide en: fecha"),
                                            ({"seminar": "T"}, "no coincide en: nombre (S, y ahora dice T)")])
def test_a_reference_told_again_with_something_else_is_told_and_changes_nothing(app, world, changed, words):
    pull(app, world, Told(fact()))
    told = pull(app, world, Told(fact(**changed)))
    assert hours(app, world).attendance == 3
    assert (told.known, told.refused) == (1, ()) if words == "same" else words in told.refused[0][1]


def test_what_a_source_took_back_comes_back_under_another_reference_only(app, world):
    for withdrawn in (False, True, True):
        pull(app, world, Told(fact(withdrawn=withdrawn)))
    assert "referencia nueva" in pull(app, world, Told(fact())).refused[0][1] and hours(app, world) == Hours()
    assert pull(app, world, Told(fact(reference="r1-bis"))).taken == 1 and hours(app, world).attendance == 3


def test_the_same_reference_twice_in_one_telling_is_one_fact_and_can_be_taken_back(app, world):
    told = pull(app, world, Told(fact(), fact(), fact(withdrawn=True)))
    assert (told.taken, told.known) == (2, 1) and hours(app, world) == Hours()


def test_since_is_the_last_good_answer_less_a_week_and_may_be_given(app, world):
    heard = []

    class Hears:
        def attendance(self, cohort, since):
            heard.append(since)
            return []
    pull(app, world, Hears())
    pull(app, world, Down())
    first = world.now
    world.now += timedelta(days=1)
    pull(app, world, Hears())
    pull(app, world, Hears(), since=first - timedelta(days=90))
    assert heard == [None, first - timedelta(days=7), first - timedelta(days=90)]


def test_the_command_tells_each_source_and_ends_with_1_when_one_failed(app, world):
    app.extensions["sources"] = {"buena": ("lms.seminars", Told(fact())), "mala": ("lms.seminars", Down())}
    runner = app.test_cli_runner()
    ended = runner.invoke(credits, ["pull", "--cohort", "CL-2027", "--since", "2027-01-01", "--json"])
    told = json.loads(ended.output)
    assert ended.exit_code == 1 and [(t["source"], t["taken"]) for t in told] == [("buena", 1), ("mala", 0)] and "no responde" in told[1]["error"]
    assert runner.invoke(credits, ["pull", "--source", "buena"]).exit_code == 0
    assert runner.invoke(credits, ["pull", "--source", "otra"]).exit_code == 2 and runner.invoke(credits, ["pull", "--cohort", "XX"]).exit_code == 2


def test_the_sources_are_asked_by_themselves_and_sooner_again_after_a_failure(app, world):
    class Sometimes:
        down = True

        def attendance(self, cohort, since):
            if self.down:
                raise ConnectionError("no responde")
            return [fact()] if cohort == "CL-2027" else []
    source = Sometimes()
    app.extensions["sources"] = {"a": ("lms.seminars", source), "b": ("lms.seminars", Told())}
    scheduled.begin(app)
    scheduled.begin(app)

    def due():
        with app.extensions["database"].reading() as session:
            return [(j.run_after, json.loads(j.payload)["names"]) for j in session.query(OutboxJob).filter(
                OutboxJob.kind == "credits-pull", OutboxJob.done_at.is_(None))]
    ((night, names),) = due()
    assert names == ["a", "b"] and night.astimezone(ZoneInfo("America/Santiago")).strftime("%H:%M") == "03:30"
    for minutes in (0, 5, 20, 80, 320):             # each wait longer, and the other one is not asked again meanwhile
        world.now = night + timedelta(minutes=minutes)
        outbox.work(app)
    ((then, names),) = due()
    assert names == ["a", "b"] and then == night + timedelta(days=1)
    with app.extensions["database"].reading() as session:
        assert session.query(SourcePull).filter_by(source="a", cohort_id=1).count() == 5 and session.query(SourcePull).filter_by(source="b", cohort_id=1).count() == 1
    source.down, world.now = False, then
    outbox.work(app)
    assert hours(app, world).attendance == 3 and [names for _, names in due()] == [["a", "b"]]


def test_a_source_of_the_house_is_added_once_and_of_the_right_shape(app):
    add(app, "propia", "lms.seminars", Told())
    for name, group, words in (("propia", "lms.seminars", "two sources"), ("office", "lms.seminars", "two sources"), ("otra", "lms.otra", "the group is one of"),
                               ("otra", "lms.internships", "should have the method credits")):
        with pytest.raises(WrongShape, match=words):
            add(app, name, group, Told())


def test_facts_by_the_thousand_are_taken_in_short_transactions(app, world):
    many = [fact(reference=f"r{i}", hours=Fraction(1, 100)) for i in range(1000)]
    began = time.process_time()
    assert pull(app, world, Told(*many)).taken == 1000 and hours(app, world).attendance == 10
    again = time.process_time()
    assert pull(app, world, Told(*many)).known == 1000
    print(f"1000 facts: {again - began:.2f} s CPU when new, {time.process_time() - again:.2f} s when known")


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
