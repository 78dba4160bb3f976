"""Editions: checked, loaded once and for ever, looked into by who teaches, written back as they came."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from lms.catalogue import actions, keys, queries
from lms.catalogue.commands import courses
from lms.catalogue.models import Edition
from lms.commands import commands
from lms.foundation.audit import AuditLine
from lms.people.models import PersonPost
from tests.programme import PROGRAMME

DIPLOMA = Path(__file__).parents[2] / "courses" / "diplomado-cooperacion"
FILES = {
    "programme.toml": '''slug = "prueba"
title = "Diplomado de prueba"
presentation = "presentacion.md"
credit_hours = 27
modules = ["m1"]
[[requirement]]
kind = "modules"
modules = ["M1"]
[[component]]
name = "Módulos"
weight = 100
modules = ["M1"]
''',
    "presentacion.md": "# Diplomado de prueba\n\nUna presentación.\n",
}


@pytest.fixture(scope="module")
def diploma():
    """The real course's files; the editions of these tests are made of them."""
    return {p.relative_to(DIPLOMA).as_posix(): p.read_bytes() for p in sorted(DIPLOMA.rglob("*")) if p.is_file()}


def text(response):
    return response.get_data(as_text=True)


def run(app, *arguments):
    return app.test_cli_runner().invoke(courses, [*map(str, arguments)])


def test_a_programme_is_read_from_the_database_once_a_process(app, world):
    said = []
    queries._kept.clear()
    event.listen(app.extensions["database"].engine, "before_cursor_execute", lambda _c, _k, s, *_: said.append(s))
    with app.extensions["database"].reading() as s:
        first = queries.programme(s, PROGRAMME.edition)
        assert queries.programme(s, PROGRAMME.edition) is first
        with pytest.raises(queries.UnknownEdition):
            queries.programme(s, "0" * 64)
    assert first == PROGRAMME and first.by_code["G1"] is first.modules[0]
    assert len([x for x in said if "editions" in x]) == 2


def test_no_more_editions_are_kept_than_there_is_room_for(app, world, monkeypatch):
    monkeypatch.setattr(queries, "_kept", {f"{n}": PROGRAMME for n in range(queries.MOST_KEPT)})
    with app.extensions["database"].reading() as s:
        queries.programme(s, PROGRAMME.edition)
    assert len(queries._kept) == queries.MOST_KEPT and PROGRAMME.edition in queries._kept


def test_loading_twice_is_one_edition_and_its_files_stay(app, world, diploma):
    ids = set()
    for _ in range(2):
        with app.extensions["database"].transaction() as s:
            edition_id, faults = actions.load(s, world.people["olga"], world.now, diploma)
            assert faults == []
            ids.add(edition_id)
    with app.extensions["database"].reading() as s:
        assert len(ids) == 1 and s.scalar(select(func.count()).select_from(Edition)) == 2
        assert [a.deed for a in s.scalars(select(AuditLine))] == ["edition.loaded"]
        assert actions.unzipped(queries.sources(s, edition_id)) == diploma
        assert queries.programme(s, edition_id).module("G1").title
        changed, _ = actions.load(s, None, world.now, diploma | {"README.md": b"Otra cosa."})
        assert changed not in ids


def test_faulty_files_are_not_loaded_and_every_fault_is_told(app, world):
    with app.extensions["database"].transaction() as s:
        edition_id, faults = actions.load(s, None, world.now, {k: v.encode() for k, v in FILES.items()})
        assert edition_id is None and faults
        assert s.scalar(select(func.count()).select_from(Edition)) == 1


# Commands ------------------------------------------------------------------------------------------------------------

def test_checking_needs_no_database_and_finds_the_real_course_sound(app):
    from click.testing import CliRunner  # noqa: PLC0415
    done = CliRunner().invoke(commands, ["courses", "check", str(DIPLOMA), "--json"])       # no app is made for it
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["faults"] == [] and told["modules"] == 10 and len(told["edition"]) == 64


def test_every_fault_is_told_with_its_place_and_remedy(app, tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    done = run(app, "check", tmp_path)
    assert done.exit_code == 1
    assert any(line.startswith("programme.toml:") for line in done.output.splitlines()), done.output
    told = json.loads(run(app, "check", tmp_path, "--json").output)["faults"]
    assert told and all({"file", "line", "message", "remedy"} <= fault.keys() for fault in told)
    refused = run(app, "load", tmp_path)
    assert refused.exit_code == 1 and "programme.toml" in refused.output
    assert "No existe" in run(app, "check", tmp_path / "nada").output


def test_an_edition_is_loaded_and_written_back_as_it_came(app, world, diploma, tmp_path):
    loaded = json.loads(run(app, "load", DIPLOMA, "--json").output)
    assert loaded["new"] and "nada cambió" in run(app, "load", DIPLOMA).output
    done = run(app, "export", tmp_path / "fuera", "--edition", loaded["edition"][:10])
    assert done.exit_code == 0, done.output
    written = {p.relative_to(tmp_path / "fuera").as_posix(): p.read_bytes()
               for p in (tmp_path / "fuera").rglob("*") if p.is_file()}
    assert written == diploma
    again = run(app, "export", tmp_path / "fuera", "--edition", loaded["edition"])
    assert again.exit_code == 1 and "no está vacía" in again.output
    assert run(app, "export", tmp_path / "x", "--edition", "zzz").exit_code == 1


@pytest.mark.parametrize("command", ["check", "load", "export"])
def test_every_command_has_its_help(app, command):
    helped = run(app, command, "--help")
    assert helped.exit_code == 0 and "--json" in helped.output


# Pages ---------------------------------------------------------------------------------------------------------------

PAGES = [f"/catalogo/{PROGRAMME.edition}", f"/catalogo/{PROGRAMME.edition}/G1/01-inicio",
         f"/catalogo/{PROGRAMME.edition}/G2/control", f"/catalogo/{PROGRAMME.edition}/G1/tarea"]


@pytest.mark.parametrize("who, status", [("olga", 200), ("aldo", 200), ("ivan", 200), ("coral", 200), ("ana", 403),
                                         ("nobody", 303)])
def test_who_teaches_or_runs_looks_into_it_and_students_do_not(world, client_of, who, status):
    client = client_of(who)
    assert [client.get(url).status_code for url in ("/catalogo", *PAGES)] == [status] * 5


def test_the_pages_show_what_is_taught(world, client_of):
    olga = client_of("olga")
    listed = text(olga.get("/catalogo"))
    assert PROGRAMME.title in listed and PROGRAMME.edition[:8] in listed
    outline, lesson, quiz, task = (text(olga.get(url)) for url in PAGES)
    assert "Aprobar G1, G2" in outline and "12 horas de seminario" in outline and "Control de G1" in outline
    assert "Texto de Inicio de G1 para leer." in lesson
    assert "(correcta)" in quiz and "Ese año fue Roma." in quiz and "la corrige una persona" in quiz
    assert "Pertinencia" in task and "Destacado · 3" in task
    assert 'method="post"' not in outline.partition("<main")[2]


def test_every_page_of_the_real_course_can_be_shown(app, world, client_of, diploma):
    with app.extensions["database"].transaction() as s:
        edition_id, _ = actions.load(s, None, world.now, diploma)
        programme = queries.programme(s, edition_id)
    olga = client_of("olga")
    assert olga.get(f"/catalogo/{edition_id}").status_code == 200
    for module in programme.modules:
        for lesson in module.lessons[:1]:
            assert olga.get(f"/catalogo/{edition_id}/{module.code}/{lesson.slug}").status_code == 200
        if module.quiz:
            assert olga.get(f"/catalogo/{edition_id}/{module.code}/control").status_code == 200
        if module.task:
            assert olga.get(f"/catalogo/{edition_id}/{module.code}/tarea").status_code == 200


@pytest.mark.parametrize("url", ["/catalogo/nada", f"/catalogo/{'0' * 64}",
                                 f"/catalogo/{PROGRAMME.edition}/XX/01-inicio",
                                 f"/catalogo/{PROGRAMME.edition}/G1/99-nada",
                                 f"/catalogo/{PROGRAMME.edition}/XX/control"])
def test_what_is_not_there_is_not_found(world, client_of, url):
    assert client_of("olga").get(url).status_code == 404


# Who teaches here and studies there -----------------------------------------------------------------------------------

KEY = f"/catalogo/{PROGRAMME.edition}/G1/control"


def test_who_is_to_take_a_quiz_does_not_read_its_key(app, client_of, world):
    assert "(correcta)" in text(client_of("irma").get(KEY))
    with app.extensions["database"].transaction() as s:
        s.add(PersonPost(person_id=world.people["irma"], role="student", cohort_id=1, granted_at=world.now))
    page = text(client_of("irma").get(KEY))
    assert "Usted cursa este módulo como participante" in page and "¿En qué año se adoptó" in page
    for key in ("(correcta)", "2005", "Barcelona", "SUBDERE", "0,7", "Roma, París, Accra, Busan."):
        assert key not in page, key
    assert "(correcta)" in text(client_of("ivan").get(KEY))
    with app.extensions["database"].transaction() as s:
        s.execute(update(PersonPost).where(PersonPost.role == "student").values(ended_at=world.now))
    assert "(correcta)" in text(client_of("irma").get(KEY)), "who has left it may read it again"


def test_a_module_of_any_edition_of_the_programme_counts():
    other = replace(PROGRAMME, edition="f" * 64)
    assert keys.may_read(PROGRAMME, "G1", []) and not keys.may_read(PROGRAMME, "G1", [other])
    assert keys.may_read(PROGRAMME, "G1", [replace(other, slug="otro")])
    assert keys.may_read(PROGRAMME, "G1", [replace(other, modules=PROGRAMME.modules[1:])])
