"""The files questions show: kept once, given only to who has signed in, never able to act; and the courses that bring them."""

import io
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.catalogue import actions, queries
from lms.catalogue.media import Album
from lms.catalogue.models import MediaFile
from lms.commands import commands
from lms.foundation.clock import now
from tests.format_fuzz import XML
from tests.pictures import SVG, png
from tests.rules.test_reading import files


def kept(app, *contents: tuple[str, bytes]) -> list:
    album = Album()
    media = [album.keep(name, content) for name, content in contents]
    with app.app_context(), app.extensions["database"].transaction() as session:
        actions.keep_media(session, app.extensions["files"], now(), album.contents, {m.sha256: m.name for m in media})
    return media


def test_a_file_is_kept_once_and_shown_to_who_has_signed_in(app, client_of):
    first, second = kept(app, ("a.png", png()), ("d.svg", SVG))
    kept(app, ("otra.png", png()))
    with app.extensions["database"].reading() as session:
        assert sorted(session.scalars(select(MediaFile.name))) == ["a.png", "d.svg"]
    found = client_of("ana").get(first.path)
    assert (found.status_code, found.data, found.mimetype) == (200, png(), "image/png")
    assert "immutable" in found.headers["Cache-Control"] and found.headers["X-Content-Type-Options"] == "nosniff"
    drawing = client_of("ana").get(second.path)
    assert drawing.mimetype == "image/svg+xml" and "sandbox" in drawing.headers["Content-Security-Policy"]
    assert app.test_client().get(first.path).status_code == 303


def test_parts_and_copies_are_answered_as_a_player_asks(app, client_of):
    (media,) = kept(app, ("a.png", png()))
    ana = client_of("ana")
    assert ana.get(media.path, headers={"Range": "bytes=0-3"}).status_code == 206
    assert ana.get(media.path, headers={"If-None-Match": f'"{media.sha256}"'}).status_code == 304


@pytest.mark.parametrize("path", ["/medios/x.png", "/medios/" + "a" * 64 + ".png", "/medios/..%2f..%2fetc", "/medios/" + "a" * 64])
def test_what_was_never_kept_is_not_found(client_of, path):
    assert client_of("ana").get(path).status_code == 404


def test_another_ending_is_another_file(app, client_of):
    (media,) = kept(app, ("a.png", png()))
    assert client_of("ana").get(media.path.replace(".png", ".svg")).status_code == 404


def test_what_is_not_shown_or_not_what_it_says_is_not_kept(app):
    with app.app_context(), app.extensions["database"].transaction() as session:
        store = app.extensions["files"]
        assert actions.keep_media(session, store, now(), {"a" * 64: png(), "b" * 64: b"MZ"}, {}) == set()


def course(name: str, content: bytes, **more: bytes) -> dict[str, bytes]:
    """The small course with another quiz."""
    made = dict(files())
    old = next(path for path in made if path.endswith(".gift"))
    folder = old.rpartition("/")[0]
    del made[old]
    toml = made[f"{folder}/module.toml"].decode().replace(old.rpartition("/")[2], name)
    return made | {f"{folder}/module.toml": toml.encode(), f"{folder}/{name}": content} | {f"{folder}/{k}": v for k, v in more.items()}


@pytest.mark.parametrize("text", [
    "::uno:: [html]<p>Mire <img src\\=\"mapa.png\" alt\\=\"un mapa\"></p> {T}", "::uno:: Mire ![un mapa](mapa.png) {T}"])
def test_images_beside_a_courses_questions_are_kept_when_it_is_loaded(app, text):
    with app.app_context(), app.extensions["database"].transaction() as session:
        edition, faults = actions.load(session, None, now(), course("quiz.gift", text.encode(), **{"mapa.png": png()}), app.extensions["files"])
        assert not faults
        (question,) = next(m.quiz for m in queries.programme(session, edition).modules if m.quiz).questions
        assert f'<img alt="un mapa" src="{question.media[0].path}"' in question.text.replace(
            f'src="{question.media[0].path}" alt="un mapa"', f'alt="un mapa" src="{question.media[0].path}"')
        assert queries.media_kind(session, question.media[0].sha256) == "png"
        assert app.extensions["files"].read(question.media[0].sha256) == png()


def test_a_courses_quiz_may_be_moodles_xml_and_its_faults_have_their_line(app):
    with app.app_context(), app.extensions["database"].transaction() as session:
        edition, faults = actions.load(session, None, now(), course("quiz.xml", XML), app.extensions["files"])
        assert not faults, faults
        quiz = next(m.quiz for m in queries.programme(session, edition).modules if m.quiz)
        assert {"cloze", "dragimage", "calculated"} <= {q.kind for q in quiz.questions}
        assert all(queries.media_kind(session, m.sha256) for q in quiz.questions for m in q.media)
        none, faults = actions.load(session, None, now(), course("quiz.xml", b"<quiz>\n<question type='stack'/></quiz>"))
        assert none is None and (faults[0].file.endswith("quiz.xml"), faults[0].line) == (True, 2)


def test_an_image_that_is_not_there_is_a_fault_of_the_course(app):
    with app.app_context(), app.extensions["database"].transaction() as session:
        assert actions.load(session, None, now(), course("quiz.gift", b'::uno:: [html]Mire <img src\\="no.png"> {T}'))[1]


# The commands ---------------------------------------------------------------------------------------------------------

def lms(*arguments: str):
    return CliRunner().invoke(commands, ["questions", *arguments])


def test_check_tells_each_file_and_ends_with_one_when_there_is_a_fault(tmp_path):
    good, bad = tmp_path / "bien.txt", tmp_path / "mal.gift"
    good.write_bytes(XML)
    bad.write_text("::a:: P {=x ~y}\n\nmal {=a")
    done = lms("check", "--json", str(good), str(bad), str(tmp_path), str(tmp_path / "nada"))
    assert done.exit_code == 1
    first, second, folder, nothing = json.loads(done.stdout)
    assert (first["file"], first["format"], first["faults"]) == (str(good), "moodle_xml", []) and first["counts"]["cloze"] == 1
    assert (second["format"], second["counts"]) == ("gift", {"single": 1})
    assert second["faults"][0].items() >= {"place": "línea 3", "message": "La llave { no se cierra dentro de la pregunta."}.items()
    assert second["faults"][0]["remedy"] and "carpeta" in folder["faults"][0]["message"] and "No existe" in nothing["faults"][0]["message"]
    assert lms("check", str(good)).exit_code == 0 and lms("check").exit_code == 2


def test_convert_reports_each_question_and_what_can_not_be_said(tmp_path):
    source, target = tmp_path / "todo.xml", tmp_path / "todo.gift"
    source.write_bytes(XML)
    done = lms("convert", str(source), "-o", str(target), "--to", "gift", "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1 and report["output"] == str(target) and target.read_text().count("::") >= 10
    notices = {q["kind"]: [n["grade"] for n in q["notices"]] for q in report["questions"]}
    assert notices["cloze"] == ["unsupported"] and "changed" in notices["single"]
    assert lms("convert", str(source), "-o", str(tmp_path / "b.xml"), "--to", "moodle-xml").exit_code == 0
    assert lms("convert", str(source), "-o", str(target), "--to", "word").exit_code == 2
    assert lms("convert", str(source), "-o", str(tmp_path), "--to", "gift").exit_code == 1
    assert lms("convert", str(tmp_path / "nada"), "-o", str(target), "--to", "gift").exit_code == 1


def test_a_remark_is_shown_before_an_import(client_of):
    client = client_of("ivan")
    sent = client.post("/banco/importar", data={"csrf_token": client.token(), "file": (io.BytesIO(b"::a:: P {=x -> 1 =y -> 2}"), "a.gift")},
                       content_type="multipart/form-data")
    assert "Conviene revisarla" in client.get(sent.location).get_data(as_text=True)
