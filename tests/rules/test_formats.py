"""Files of questions in plain formats: GIFT from elsewhere, Aiken, embedded answers, the spreadsheet; which is which, and what is told."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import formats
from lms.catalogue.cleaning import MARKED, clean_block, clean_inline
from lms.catalogue.formats import Grade, aiken, cloze_text, gift, moodle_xml, table
from lms.catalogue.formats.table_rows import cell_of, html_of
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.measures import size
from lms.catalogue.media import Album, clean_drawing
from lms.catalogue.rules import Hint, Media, Question
from lms.foundation.spreadsheet import read as read_sheet
from tests.archives import ods, parts_of
from tests.format_fuzz import AIKEN, CLOZE, GIFT, TABLE, XML
from tests.pictures import SVG, png


def one(text: str) -> Question:
    parcel = gift.parcel("x.gift", text.encode())
    (question,) = parcel.questions
    assert not parcel.faults, parcel.faults
    written = formats.write("gift", parcel.questions, parcel.media)
    assert gift.parcel("y", written.content).questions == parcel.questions and not written.notices
    return question


# GIFT ----------------------------------------------------------------------------------------------------------------

def test_ids_tags_and_categories_are_taken_from_comments():
    parcel = gift.parcel("x", b"$CATEGORY: $course$/top/Uno/Dos//Tres\n\n// nota [id:p-1] [tag:a] [tag:b\\]c]\n::N:: P {T}\n\n$CATEGORY: top/Otra\n\nQ {F}")
    first, second = parcel.questions
    assert (first.id, first.name, first.tags, first.category) == ("p-1", "N", ("a", "b]c"), "Uno/Dos//Tres")
    assert (second.title, second.category) == ("Q", "Otra")
    assert gift.parcel("y", formats.write("gift", parcel.questions, {}).content).questions == parcel.questions


def test_no_title_is_needed_and_two_may_be_equal():
    parcel = gift.parcel("x", b"Uno {T}\n\n::a:: Dos {T}\n\n::a:: Tres {F}")
    assert [(q.id, q.title) for q in parcel.questions] == [("pregunta-1", "Uno"), ("a", "a"), ("a (2)", "a")]
    assert not parcel.notices


def test_texts_are_moodles_own_format_and_not_markdown():
    q = one("::x:: 1 * 2 * 3 <b>no</b>\ny _sí_ {=a *b* ~c}")
    assert q.text == "1 * 2 * 3 <b>no</b>\ny _sí_".replace("\n", "<br>").replace("</b><br>", "</b> ")
    assert q.options[0].text == "a *b*"


def test_a_text_without_answers_is_a_description():
    q = one("::intro:: [html]<p>Lea <b>esto</b>.</p>")
    assert (q.kind, q.text, q.points) == ("description", "Lea <b>esto</b>.", 0)


def test_ordering_keeps_its_settings():
    q = one("::x:: Ordene {>2 CONTIGUOUS HORIZONTAL REL HIDE iii\nuno\ndos\ntres}")
    assert q.body == Order("next_without_last", "contiguous", 2, True, "iii", False)
    assert [o.text for o in q.options] == ["uno", "dos", "tres"]


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 1), ("cp1252", 1)])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(encoding, told, newline):
    parcel = gift.parcel("x", "::ñ:: ¿Qué es «eso»? {=así ~allá}\n\n::b:: Sí {T}\n".replace("\n", newline).encode(encoding))
    assert [q.id for q in parcel.questions] == ["ñ", "b"] and parcel.questions[0].text == "¿Qué es «eso»?"
    assert len(parcel.graded(Grade.CHANGED)) == told and not parcel.faults


def test_images_written_inside_a_text_travel():
    image = png()
    album = Album()
    media = album.keep("mi foto.png", image)
    assert isinstance(media, Media)
    q = Question("x", "truefalse", f'Mire <img src="{media.path}" alt="a">', gift.parcel("", b"a {T}").questions[0].options, media=(media,), penalty=F(1))
    written = formats.write("gift", [q], album.contents)
    again = gift.parcel("y", written.content)
    assert again.questions == (q,) and again.media == {media.sha256: image} and not written.notices


def test_what_gift_can_not_say_is_told_for_each_question():
    q = gift.parcel("", b"::a:: P {=x ~y}").questions[0]
    rich = Question(q.id, q.kind, q.text, q.options, F(3), hints=(Hint("h"),), said=("bien", "", ""))
    calculated = moodle_xml.parcel("", XML).questions
    told = formats.write("gift", [rich, *calculated], {}).notices
    assert any(n.question == "a" and n.grade == Grade.CHANGED and "el puntaje" in n.message and "las pistas" in n.message for n in told)
    assert {n.question for n in told if n.grade == Grade.UNSUPPORTED} >= {q.id for q in calculated if q.kind not in gift.SAYABLE}


def test_faults_name_their_line_and_question_and_the_rest_is_kept():
    parcel = gift.parcel("x", b"::a:: Uno {=1 ~2}\n\nDos {\n=a\n~%33,3%b}\n\n::c:: Tres {~1 ~2}\n\nCuatro {=bien ~mal\n\n::e:: Cinco {T}")
    assert [q.title for q in parcel.questions] == ["a", "c", "e"]
    assert [(n.place, n.question) for n in parcel.faults] == [("línea 5", ""), ("línea 7", "c"), ("línea 9", "")]


@pytest.mark.parametrize("text", ["Mire [html]<img src=\"https\\://x.cl/a.png\"> {T}", "::a:: [html]<img src\\=\"@@PLUGINFILE@@/a.png\"> Mire {T}"])
def test_an_image_that_can_not_be_taken_is_named(text):
    parcel = gift.parcel("x", text.replace("Mire [html]", "::x:: [html]Mire ").encode())
    assert [n.grade for n in parcel.faults] == [Grade.UNSUPPORTED]


# Aiken, embedded answers ----------------------------------------------------------------------------------------------

def test_aiken_as_moodle_reads_it():
    parcel = aiken.parcel("x", "¿Uno < dos?\nA) sí\nB)no\nC. quizá & más\nANSWER: C\n\n¿Tres?\nA. a\nB. b\nANSWER:  a, b\n".encode())
    first, second = parcel.questions
    assert first.text == "¿Uno &lt; dos?" and [(o.text, o.share) for o in first.options] == [("sí", 0), ("no", 0), ("quizá &amp; más", 1)]
    assert second.options[0].share == 1 and {n.place for n in parcel.graded(Grade.CHANGED)} == {"línea 10"}


@pytest.mark.parametrize(("text", "place", "words"), [
    ("A) x\nB) y\nANSWER: A", "línea 1", "sin pregunta"), ("P\nA) x\nANSWER: A", "línea 3", "menos de dos"), ("P\nA) x\nB) y\nANSWER: D", "línea 4", "«D»"),
    ("P\nA) x\nB) y\n\nQ\nA) x\nB) y\nANSWER: A", "línea 1", "no termina"), ("P\nA) x\nB) y", "línea 1", "no termina"), ("P\nA) x\nB) y\nANSWER:", "línea 4", "clave")])
def test_each_slip_of_aiken_has_its_line(text, place, words):
    assert any(n.place == place and words in n.message and n.remedy for n in aiken.parcel("x", text.encode()).faults)


def test_one_text_with_embedded_answers_is_a_file():
    parcel = cloze_text.parcel("x.txt", CLOZE.encode())
    (q,) = parcel.questions
    assert q.kind == "cloze" and len(q.body.parts) == 4 and q.points == 5
    written = formats.write("cloze", [q], {})
    assert cloze_text.parcel("y", written.content).questions == (q,)


# The spreadsheet ------------------------------------------------------------------------------------------------------

def rows(*lines: str, head: str = "tipo;enunciado;opción A;opción B;opción C;correcta;puntaje;etiquetas") -> formats.Parcel:
    return table.parcel("x.csv", "\n".join((head, *lines)).encode())


def test_each_kind_from_a_row():
    parcel = table.parcel("x.csv", TABLE.encode())
    assert not parcel.notices
    assert [q.kind for q in parcel.questions] == ["single", "multiple", "multiple", "truefalse", "numerical", "matching", "ordering", "short", "essay"]
    first, second, third, fourth, fifth, pairs, order, short, _ = parcel.questions
    assert [o.share for o in first.options] == [0, 1, 0] and first.category == "a/b" and first.tags == ("x", "y") and first.feedback == "bien"
    assert [o.share for o in second.options] == [F(1, 2), 0, F(1, 2)] and second.points == 2
    assert [o.share for o in third.options] == [F(1, 2), F(-1, 2), F(1, 2)] and third.points == F(1, 2)
    assert fourth.options[0].share == 1 and fifth.numbers == ((D("3.14"), D("0.01"), F(1)),)
    assert pairs.options[1].match == "2" and [o.share for o in short.options] == [1, F(1, 2)]


@pytest.mark.parametrize(("row", "words"), [
    ("selecion;P;a;b;;A;;", "El tipo «selecion»"), ("única;P;a;b;;;;", "cuál es la correcta"), ("única;P;a;b;;D;;", "«D» no es la letra"),
    ("única;P;;;;A;;", "No hay opciones"), ("vf;P;;;;quizá;;", "verdadero o falso"), ("numérica;P;;;;tres;;", "«tres» no es un número"),
    ("pares;P;a;b -> c;;;;", "«a» no es un par"), ("única;P;a;b;;A;mucho;", "El puntaje «mucho»"), ("única;P;a;b;;A 150%;;", "no es un peso"),
    ("única;;a;b;;A;;", "no tiene enunciado")])
def test_each_row_has_its_verdict_and_the_others_are_kept(row, words):
    parcel = rows("única;P;a;b;;A;;", row, "única;Q;a;b;;B;;")
    assert [q.text for q in parcel.questions if q.text] == ["P", "Q"]
    assert [(n.place, words in n.message) for n in parcel.faults] == [("fila 3", True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_any_csv_an_office_saves(encoding, sign):
    text = "tipo;enunciado;opción A;opción B;correcta\núnica;¿Quién manda más?;el señor;la niña;B\n".replace(";", sign)
    (q,) = formats.read("x.txt", text.encode(encoding)).questions
    assert q.text == "¿Quién manda más?" and q.options[1].share == 1


def test_the_workbook_has_instructions_choices_and_no_formula():
    q = rows("única;=1+1;=HYPERLINK(1);@b;;A;;").questions[0]
    written = formats.write("table", [q], {})
    assert not written.notices and formats.read("x", written.content).questions == (q,)
    again = read_sheet("x.xlsx", written.content)
    assert again.header[:3] == ("tipo", "enunciado", "opción A") and "=1+1" in again.rows[0].cells
    assert b"xl/worksheets/sheet2.xml" in written.content and table.parcel("x", table.template()).faults


def test_an_ods_is_read_too():
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    names = [("Nombres", "tipo"), ("Primer apellido", "enunciado"), ("Correo", "correcta"), ("Rosa", "vf"), ("Vera", "¿Sí?"), ("rosa@example.org", "V")]
    content = parts_of(ods())["content.xml"].decode()
    for old, new in names:
        content = content.replace(f">{old}<", f">{new}<")
    parcel = formats.read("x", ods(content, **{"META-INF/manifest.xml": manifest}))
    assert parcel.format == "table" and [q.kind for q in parcel.questions] == ["truefalse"] and not parcel.notices


def test_an_unknown_column_is_told():
    parcel = rows("única;P;a;b;A;x", head="tipo;enunciado;A;B;correcta;dificultad")
    assert "«dificultad»" in parcel.graded(Grade.CHANGED)[0].message and parcel.questions


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab ñ<>&;b/p\"'=\n-*"), max_size=30), st.booleans())
def test_any_safe_html_has_a_cell_that_reads_the_same(text, inline):
    html = (clean_inline if inline else clean_block)(text)
    assert html_of(cell_of(html, inline), inline) == html


# Which is which -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("content", "name"), [
    (GIFT.encode(), "gift"), (AIKEN.encode(), "aiken"), (CLOZE.encode(), "cloze"), (TABLE.encode(), "table"), (XML, "moodle_xml"),
    (table.template(), "table"), (b"<?xml version='1.0'?><!-- x --><quiz/>", "moodle_xml"), (XML.decode().encode("utf-16"), "moodle_xml")])
def test_a_format_is_told_by_its_content(content, name):
    found = formats.detect("archivo.bin", content)
    assert found and found.name == name and formats.read("archivo.bin", content).format == name


@pytest.mark.parametrize("content", [b"", b"  \n", b"\0\1\2", b"hola", png(), b"%PDF-1.7 x", b"PK\3\4 broken", b"PK\5\6" + bytes(18), bytes(range(256))])
def test_what_is_no_file_of_questions_is_told_in_a_sentence(content):
    parcel = formats.read("x", content)
    assert not parcel.questions and len(parcel.faults) == 1 and parcel.faults[0].message.endswith(".")


def test_a_huge_file_is_refused():
    assert "grande" in formats.read("x", b"a" * (formats.LARGEST + 1)).faults[0].message


def test_a_mistake_of_a_reader_is_told_and_logged(monkeypatch, caplog):
    def broken(file, content):
        raise RuntimeError("ours")

    monkeypatch.setitem(formats.FORMATS, "gift", replace(formats.FORMATS["gift"], read=broken))
    parcel = formats.read("x", b"::a:: P {T}")
    assert "falla nuestra" in parcel.faults[0].message and not parcel.questions


@given(st.text(max_size=60))
def test_a_text_without_marks_is_its_own_safe_html(text):
    if not MARKED.search(text):
        assert nh3.clean(text).strip() == text.strip()


# Files ----------------------------------------------------------------------------------------------------------------

def test_only_files_that_may_be_shown_are_kept_under_their_true_ending():
    album = Album()
    kept = album.keep("carpeta/foto.exe", png())
    assert isinstance(kept, Media) and kept.name == "foto.png" and kept.size == len(png())
    assert [isinstance(album.keep("x.png", content), str) for content in (b"", b"MZ\0", b"<html></html>", b"<svg")] == [True] * 4


def test_a_drawing_is_cleaned_once_and_for_all():
    evil = (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><foreignObject><p/></foreignObject>'
            b'<style>@import url(http://x)</style><image href="http://x/a.png"/><rect style="fill:url(http://x)" width="1"/>'
            b'<use href="#a"/><animate attributeName="href" to="javascript:x()"/>a</svg>')
    cleaned = clean_drawing(evil)
    assert cleaned and not any(word in cleaned for word in (b"script", b"onload", b"foreign", b"import", b"http://x", b"animate"))
    assert b'href="#a"' in cleaned and clean_drawing(cleaned) == cleaned
    assert clean_drawing(b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>') is None


@pytest.mark.parametrize(("content", "found"), [
    (png(31, 17), (31, 17)), (b"GIF89a" + b"\x05\0\x06\0" + bytes(9), (5, 6)), (SVG, (40, 20)), (b"nada", (0, 0)), (b"\xff\xd8", (0, 0)),
    (b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\x09\0\x0a\3", (10, 9)), (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x0f\0\0\x07\0\0", (16, 8))])
def test_the_size_of_an_image(content, found):
    assert size(content) == found
