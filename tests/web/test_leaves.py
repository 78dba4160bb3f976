"""Pages of a PDF as pictures: who may see them, what a broken or hostile file does, what is drawn once, pins on any spot."""

import io
import subprocess
import sys
import threading
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from lms.attempts.models import SubmissionFile
from lms.foundation import leaf_press, leaves
from lms.grading.models import Pin
from tests import pdfs
from tests.web.test_attempts import words
from tests.web.test_grading import Desk, publish, rubric, task
from tests.web.test_marking_desk import at
from tests.web.test_marking_queue import hide

HOSTILE = {"bomb": pdfs.bomb, "deep": pdfs.deep, "heavy": pdfs.heavy, "huge_image": pdfs.huge_image,
           "boundless": pdfs.boundless, "many": pdfs.many, "scripted": pdfs.scripted}


@pytest.fixture
def desk(app, world):
    return Desk(app, world)


@pytest.fixture
def ivan(client_of):
    return client_of("ivan")


def given(desk, content: bytes, name="ficha.pdf", who="ana", **more) -> int:
    """A piece with this file; its submission's number."""
    work = desk.hand_in(who, **{"text": "", **more})
    stored = desk.app.extensions["files"].put(io.BytesIO(content), 1 << 24)
    with desk.app.extensions["database"].transaction() as s:
        s.add(SubmissionFile(submission_id=work, name=name, kind=name.rpartition(".")[2], size=stored.size,
                             sha256=stored.sha256))
    return work


def leaf(page=1, file=1, cohort=1) -> str:
    return f"/cohortes/{cohort}/corregir/archivos/{file}/paginas/{page}"


def own(page=1, file=1, cohort=1) -> str:
    return f"/cohortes/{cohort}/archivos/{file}/paginas/{page}"


# Seen -----------------------------------------------------------------------------------------------------------------

def test_the_pages_of_a_pdf_are_pictures_in_the_desk_loaded_as_they_come_into_sight(desk, ivan):
    work = given(desk, pdfs.pages(3))
    page = ivan.get(task(work)).get_data(as_text=True)
    assert [page.count(f'src="{leaf(n)}"') for n in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert page.count('loading="lazy"') == 3 and 'width="800" height="1131"' in page and "<iframe" not in page
    response = ivan.get(leaf(2))
    image = Image.open(io.BytesIO(response.data))
    assert response.mimetype == "image/webp" and image.size == (1240, 1754)
    assert "sandbox" in response.headers["Content-Security-Policy"]
    across, down = image.size
    blue, paper = image.getpixel((int(across * .8), int(down * .92))), image.getpixel((int(across * .2), int(down * .92)))
    assert blue[2] > blue[0] + 80 and min(paper) > 240                              # the right way up


def test_a_page_that_is_not_there_and_a_file_that_is_no_pdf(desk, ivan):
    given(desk, pdfs.pages(2))
    made = io.BytesIO()
    Image.new("RGB", (640, 400)).save(made, "PNG")
    work = given(desk, made.getvalue(), "foto.png", "beto")
    assert [ivan.get(leaf(n)).status_code for n in (0, 3, 99, 10**12)] == [404] * 4
    assert ivan.get(leaf(1, 2, 2)).status_code == 404                               # a picture is shown as it is
    page = ivan.get(task(work, 2)).get_data(as_text=True)
    assert 'src="/cohortes/2/corregir/archivos/2?ver=1"' in page and 'height="500"' in page


def test_pages_turned_by_their_pdf_are_shown_turned(desk, ivan):
    turned = io.BytesIO()
    document = pypdfium2.PdfDocument(pdfs.pages(1))
    document[0].set_rotation(90)
    document.save(turned)
    work = given(desk, turned.getvalue())
    assert 'width="800" height="566"' in ivan.get(task(work)).get_data(as_text=True)
    assert Image.open(io.BytesIO(ivan.get(leaf()).data)).size == (1240, 877)


def test_of_a_long_one_the_first_pages_are_shown_and_it_is_said(desk, ivan):
    work = given(desk, pdfs.pages(leaf_press.MOST_PAGES + 5))
    assert "las primeras 60 páginas de 65" in words(ivan.get(task(work)))
    assert ivan.get(leaf(61)).status_code == 404


# Doors ----------------------------------------------------------------------------------------------------------------

def test_a_page_is_seen_by_who_may_see_the_piece_and_by_nobody_else(desk, client_of, ivan):
    given(desk, pdfs.pages(1))
    given(desk, pdfs.pages(1, author="Beto"), who="beto")
    seen = {name: (client_of(name).get(leaf()).status_code, client_of(name).get(own()).status_code)
            for name in ("ana", "beto", "ivan", "irma", "coral", "olga", "aldo")}
    assert seen == {"ana": (403, 200), "beto": (403, 403), "ivan": (200, 403), "irma": (403, 403), "coral": (403, 403),
                    "olga": (403, 403), "aldo": (403, 403)}
    assert client_of("beto").get(own(1, 1, 2)).status_code == 404                   # Ana's file by the address of his cohort
    assert ivan.get(leaf(1, 2, 1)).status_code == 404
    assert client_of("irma").get(leaf(1, 2, 2)).status_code == 200


def test_a_marker_of_another_module_does_not_see_it(desk, client_of):
    given(desk, pdfs.pages(1))
    desk.also("irma", "instructor", 1, module="G2")
    assert client_of("irma").get(leaf()).status_code == 404


def test_the_picture_kept_by_a_browser_is_given_only_while_the_door_is_open(desk, ivan, client_of):
    given(desk, pdfs.pages(1))
    first = ivan.get(leaf())
    assert first.headers["Cache-Control"] == "private, no-cache"
    mark = {"If-None-Match": first.headers["ETag"]}
    again = ivan.get(leaf(), headers=mark)
    assert again.status_code == 304 and not again.data
    assert client_of("irma").get(leaf(), headers=mark).status_code == 403


def test_where_the_author_is_hidden_neither_the_name_of_the_file_nor_its_data_tell(desk, ivan):
    work = given(desk, pdfs.pages(2), "ana-perez-soto.pdf")
    hide(desk)
    page = ivan.get(task(work)).get_data(as_text=True)
    assert "ana-perez" not in page and "Pérez Soto" not in page and leaf(2) in page
    clean = ivan.get("/cohortes/1/corregir/archivos/1?ver=1")
    assert "attachment" in clean.headers["Content-Disposition"] and "ana-perez" not in clean.headers["Content-Disposition"]
    document = pypdfium2.PdfDocument(clean.data)
    assert len(document) == 2 and not document.get_metadata_value("Author") + document.get_metadata_value("Title")
    assert int(clean.headers["Content-Length"]) == len(clean.data)
    assert "ana-perez" not in str(ivan.get(leaf()).headers)


# Hostile --------------------------------------------------------------------------------------------------------------

def test_a_locked_or_broken_one_says_so_and_is_downloaded(desk, ivan):
    for n, (content, why) in enumerate([(pdfs.locked(), "una contraseña"), (pdfs.cut(), "está dañado"), (b"%PDF-1.7\n", "está dañado"),
                                        (b"", "está dañado"), (b"GIF89a" * 99, "está dañado")], 1):
        work = given(desk, content, version=n)
        text = words(ivan.get(task(work)))
        assert why in text and "Descargar el archivo" in text
        assert ivan.get(leaf(1, n)).status_code == 422 and why in ivan.get(leaf(1, n)).get_data(as_text=True)
        assert ivan.get(f"/cohortes/1/corregir/archivos/{n}").data == content


def test_one_that_may_be_read_but_not_changed_is_shown(desk, ivan):
    given(desk, pdfs.locked(owner_only=True))
    assert ivan.get(leaf()).status_code == 200


def test_too_large_a_file_is_not_opened_at_all(desk, ivan):
    work = given(desk, pdfs.pages(1))
    with desk.app.extensions["database"].transaction() as s:
        s.query(SubmissionFile).one().size = leaves.MOST_BYTES + 1
    assert "demasiado grande" in words(ivan.get(task(work)))
    assert ivan.get(leaf()).status_code == 422 and not list((desk.app.config["INSTANCE"] / "leaves").glob("1/*"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one_takes_little_and_is_tried_once(desk, ivan, name):
    work = given(desk, HOSTILE[name]())
    assert ivan.get(task(work)).status_code == 200
    first = ivan.get(leaf())
    assert first.status_code in (200, 422) and len(first.data) < 2 << 20
    started = time.monotonic()
    assert ivan.get(leaf()).status_code == first.status_code
    assert time.monotonic() - started < 1                                           # what came of it is kept


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_the_process_that_draws_can_not_open_files_and_has_none_of_our_secrets(tmp_path):
    probe = ("import sys; sys.path.insert(0, sys.argv[1]); import leaf_press, os, socket; leaf_press.limit(); "
             "held = leaf_press.confine()\n"
             "def no(what):\n    try:\n        what(); return False\n    except OSError: return True\n"
             "print(held, no(lambda: open('/etc/passwd')), no(lambda: open(sys.argv[2], 'w')), "
             "no(lambda: socket.create_connection(('127.0.0.1', 9))), no(lambda: os.listdir('/')))")
    folder = str(Path(leaf_press.__file__).parent)
    said = subprocess.run([sys.executable, "-I", "-c", probe, folder, str(tmp_path / "x")], capture_output=True, text=True,
                          check=True).stdout.split()
    if said[0] == "False":
        pytest.skip("this kernel has no Landlock")
    assert said[1:] == ["True"] * 4
    assert set(leaves._bare()) <= {"SYSTEMROOT", "TEMP"}


# Drawn once -----------------------------------------------------------------------------------------------------------

def test_a_page_is_drawn_once(desk, ivan, monkeypatch):
    given(desk, pdfs.pages(2))
    first = ivan.get(leaf()).data
    monkeypatch.setattr(leaves, "PRESS", Path("/nowhere/at/all.py"))                # from here on nothing can be drawn
    assert ivan.get(leaf()).data == first
    assert ivan.get(leaf(2)).status_code == 422


def test_what_took_too_long_is_tried_again_later(desk, ivan, monkeypatch):
    given(desk, pdfs.pages(1))
    monkeypatch.setattr(leaves, "LONGEST", .01)
    assert ivan.get(leaf()).status_code == 503
    monkeypatch.setattr(leaves, "LONGEST", 20)
    assert ivan.get(leaf()).status_code == 503
    monkeypatch.setattr(leaves, "AGAIN", 0)
    assert ivan.get(leaf()).status_code == 200


def test_more_than_a_few_at_once_are_asked_to_come_again(desk, ivan, monkeypatch):
    work = given(desk, pdfs.pages(1))
    monkeypatch.setattr(leaves, "PATIENCE", .2)
    press = leaves.Press(desk.app.config["INSTANCE"] / "leaves", desk.app.extensions["files"])
    ready, done = threading.Barrier(leaves.AT_ONCE + 1), threading.Event()

    def hold():
        with press._turn():
            ready.wait(10)
            done.wait(20)
    holders = [threading.Thread(target=hold) for _ in range(leaves.AT_ONCE)]
    for thread in holders:
        thread.start()
    try:
        ready.wait(10)
        busy = ivan.get(leaf())
        assert busy.status_code == 503 and busy.headers["Retry-After"] == "3"
        assert "en unos segundos" in words(ivan.get(task(work)))                    # and the desk is there all the same
    finally:
        done.set()
        for thread in holders:
            thread.join()
    assert ivan.get(leaf()).status_code == 200


def test_pictures_drawn_longest_ago_are_let_go(tmp_path):
    for n, name in enumerate(("old", "new")):
        place = tmp_path / "ab" / name
        place.mkdir(parents=True)
        (place / "draw-1").write_bytes(bytes(1000))
        leaves.os.utime(place, (n, n))
    leaves.thin(tmp_path, 1500)
    assert [p.name for p in (tmp_path / "ab").iterdir()] == ["new"]


# Pins on any spot -----------------------------------------------------------------------------------------------------

def test_a_comment_is_put_where_the_picture_was_pressed_without_a_script(desk, ivan):
    work = given(desk, pdfs.pages(2))
    page = ivan.send(at(f"t{work}", "notas"), rubric(3, 2, feedback="A medias", poner="1,2"))
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and 'type="image" name="punto"' in text and 'width="600" height="849"' in text
    assert "A medias" in text and text.count(" checked") == 2 and not desk.rows(select(Pin.id))
    sent = {"pin_file": "1", "pin_page": "2", "pin_spot": "17,17", "pin_comment": "Esta tabla"}
    page = ivan.send(at(f"t{work}", "notas"), rubric(3, 2, feedback="A medias", **{**sent, "punto.x": "450", "punto.y": "212"}))
    assert desk.rows(select(Pin.page, Pin.x, Pin.y)) == [(2, 75, 25)]
    text = page.get_data(as_text=True)
    assert '<circle cx="75%" cy="25%" r="12"/>' in text and text.count(" checked") == 2 and "A medias" in text
    ivan.send(at(f"t{work}", "notas"), {**sent, "punto.x": "0", "punto.y": "0"})        # the keyboard: the place chosen
    ivan.send(at(f"t{work}", "notas"), {**sent, "punto.x": "99999", "punto.y": "99999999"})
    assert desk.rows(select(Pin.x, Pin.y).order_by(Pin.id))[1:] == [(17, 17), (17, 17)]
    assert ivan.send(at(f"t{work}", "notas"), {"poner": "99,x"}).status_code == 200     # of nothing there: the list of places


def test_enter_in_a_field_does_not_take_a_comment_back_and_a_comment_half_written_stays(desk, ivan):
    work = given(desk, pdfs.pages(1))
    ivan.send(at(f"t{work}", "notas"), {"pin_file": "1", "pin_page": "1", "pin_spot": "50,50", "pin_comment": "Uno"})
    text = ivan.get(task(work)).get_data(as_text=True)
    first = text.index('form="rubrica"')
    assert 'name="then" value="stay"' in text[first:first + 80]
    assert "Dos a medias" in words(ivan.send(task(work), rubric(3, pin_comment="Dos a medias", then="preview")))


def test_two_comments_on_the_same_spot_stand_beside_each_other(desk, ivan):
    work = given(desk, pdfs.pages(1))
    for comment in ("Uno", "Dos"):
        page = ivan.send(at(f"t{work}", "notas"), {"pin_file": "1", "pin_page": "1", "pin_spot": "100,0", "pin_comment": comment})
    text = page.get_data(as_text=True)
    assert text.count('<circle cx="96%" cy="2%"') == 2 and text.count('transform="translate(-26 0)"') == 1


def test_the_student_sees_the_page_with_the_comment_once_published(desk, ivan, client_of):
    work, ana = given(desk, pdfs.pages(3)), client_of("ana")
    ivan.send(at(f"t{work}", "notas"), {"pin_file": "1", "pin_page": "2", "pin_spot": "75,25", "pin_comment": "**Fuente?**"})
    ivan.send(task(work), rubric(3, 2, 1, 0))
    assert own(2) not in ana.get("/cohortes/1/modulos/G1/resultado").get_data(as_text=True)
    desk.world.later(minutes=1)
    publish(ivan)
    desk.world.later(minutes=1)
    text = ana.get("/cohortes/1/modulos/G1/resultado").get_data(as_text=True)
    assert own(2) in text and own(1) not in text and 'cx="75%" cy="25%"' in text and "<strong>Fuente?</strong>" in text
    assert text.count("Fuente?") == 1
    assert ana.get(own(2)).status_code == 200
