"""The bank's pure parts: typed texts and their HTML, rows of a form, ids that last, categories, what is alike."""

from dataclasses import replace
from fractions import Fraction as F

import pytest
from lxml.html import fragment_fromstring

from lms.bank.arranging import rearranged
from lms.bank.describing import changes, described
from lms.bank.editors.editor import Texts, named
from lms.bank.editors.values import listed, spoken
from lms.bank.fields import written
from lms.bank.rules import Category, Tree, digest, search_key, split_path
from lms.bank.wording import to_html, to_text
from lms.catalogue.rules import Media, Question
from tests.programme import QUESTIONS

PICTURE = Media("foto de plaza.png", "a" * 64, 3)


@pytest.mark.parametrize("typed, html", [
    ("Hola **mundo** y *todos*", "Hola <strong>mundo</strong> y <em>todos</em>"),
    ("5*3*2, a < b y x<y>z", "5*3*2, a &lt; b y x&lt;y&gt;z"), ("[[1]] de {#2}", "[[1]] de {#2}"),
    ("- uno\n- dos", "<ul><li>uno</li><li>dos</li></ul>"), ("1. uno\n2. dos", "<ol><li>uno</li><li>dos</li></ol>"),
    ("Uno\ndos\n\nTres", "<p>Uno<br>dos</p><p>Tres</p>"), ("Antes:\n- uno", "<p>Antes:</p><ul><li>uno</li></ul>"),
    ("[La ley](https://bcn.cl/1?a=2&b=3)",
     '<a href="https://bcn.cl/1?a=2&amp;b=3" rel="noopener noreferrer">La ley</a>'),
    ("H<sub>2</sub>O", "H<sub>2</sub>O"), (r"\*literal\*", "*literal*"), ("1) y 1.5", "1) y 1.5"),
    ("![Una plaza](foto.png)", f'<img src="{PICTURE.path}" alt="Una plaza">')])
def test_what_is_typed_is_what_is_kept_and_back(typed, html):
    assert to_html(typed, {"foto.png": PICTURE.path}) == html
    again = to_text(html, {PICTURE.path: "foto.png"})
    assert to_html(again, {"foto.png": PICTURE.path}) == html


@pytest.mark.parametrize("html", [
    "<table><tbody><tr><td>1</td></tr></table>", "<p>a</p><h3>T</h3><p>b</p>", "<ul><li>a<ul><li>b</li></ul></li></ul>",
    "pre<em>fi</em>jo", "<strong>a <em>b</em></strong>", "1. Roma", "- no", "*no*", "a &lt;b&gt; &amp;amp; c", "[x](y)",
    "<pre>a\n\n  b</pre>", '<a href="https://x.cl/(a)" rel="noopener noreferrer">z</a>', "0,7\xa0%", "<em>a</em><em>b</em>"])
def test_html_that_can_not_be_typed_stays_in_its_tags(html):
    texts = Texts()
    assert texts.html(texts.text(html)) == html                         # untouched: exactly
    once = to_html(to_text(html, {}), {})                               # touched elsewhere: it means the same
    assert to_html(to_text(once, {}), {}) == once


@pytest.mark.parametrize("typed", [
    "<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', "[x](javascript:alert(1))", "![x](javascript:a)",
    '<a href="javascript:a">x</a>', "![a\" onload=\"b](c)", "<table onclick='x'><tr><td>a</td></tr></table>"])
def test_nothing_that_acts_comes_out(typed):
    for block in (True, False):
        for element in fragment_fromstring(f"<div>{to_html(typed, {}, block)}</div>").iter():
            assert element.tag not in ("script", "img") and not [a for a in element.attrib if a.startswith("on")]
            assert "javascript" not in element.get("href", "")


@pytest.mark.parametrize("typed", ["*" * 5000, "[" * 5000, "**a" * 2000, "- " * 5000, "\\" * 5000, "<ul>" * 3000])
def test_no_text_takes_long(typed):
    to_text(to_html(typed, {}), {})


def test_images_have_names_of_their_own():
    texts = Texts((PICTURE, replace(PICTURE, sha256="b" * 64)))
    assert list(texts.names) == ["foto-de-plaza.png", "foto-de-plaza-2.png"]


@pytest.mark.parametrize("deed, names", [
    ("mas:a", ["a-0-t", "a-1-t", "a-2-t", "a-3-nueva"]), ("menos:a:1", ["a-0-t", "a-1-t"]), ("sube:a:2", None),
    ("menos:a:9", ["a-0-t", "a-1-t", "a-2-t"]), ("x", ["a-0-t", "a-3-t", "a-7-t"]), ("mas:../x", ["a-0-t", "a-3-t", "a-7-t"])])
def test_rows_move_by_their_numbers(deed, names):
    fields = [("t", "x"), ("a-0-t", "cero"), ("a-3-t", "tres"), ("a-7-t", "siete")]
    deed = {"menos:a:1": "menos:a:3", "sube:a:2": "sube:a:7"}.get(deed, deed)
    found = dict(rearranged(fields, deed))
    assert found.pop("t") == "x"
    if names is None:
        assert [found[f"a-{n}-t"] for n in range(3)] == ["cero", "siete", "tres"]
    else:
        assert sorted(found) == names


def test_an_option_keeps_its_id_when_it_is_reworded():
    old = [("b", "Lima"), ("c", "Quito"), ("a", "Bogotá")]
    assert named(["Lima", "Quito", "Bogotá"], old) == ["b", "c", "a"]
    assert named(["Quito", "Lima", "Santa Fe de Bogotá"], old) == ["c", "b", "a"]
    assert named(["Lima", "Sucre", "Quito", "Bogotá", "Asunción"], old) == ["b", "e", "c", "a", "d"]
    assert named(["Quito"], old) == ["c"]


def test_the_same_question_has_one_digest_and_its_words_are_found():
    q = QUESTIONS[0]
    assert digest(q) == digest(replace(q, id="otra", name="N", points=F(3), category="X", tags=("a",)))
    assert digest(q) != digest(replace(q, feedback="Otro"))
    key = search_key(replace(q, name="Años de cooperación"), "anio")
    assert all(word in key for word in ("anos", "paris", "busan", "anio"))


def test_what_changed_is_told_in_lines():
    old = QUESTIONS[0]
    new = replace(old, points=F(3, 2), options=(*old.options[:2], replace(old.options[2], text="2012")))
    assert changes(old, new) == [("-", "Puntaje: 1"), ("+", "Puntaje: 1,5"), ("-", "Respuesta: 2011 (0 %) · Ese año fue Busan."),
                                 ("+", "Respuesta: 2012 (0 %) · Ese año fue Busan.")]
    assert changes(old, old) == [] and all(described(q) for q in QUESTIONS)


def test_categories_hang_as_a_tree():
    tree = Tree({1: Category(1, None, "Legal"), 2: Category(2, 1, "Ley 18.695/texto"), 3: Category(3, 2, "Ñuble"),
                 4: Category(4, None, "Ayuda")})
    assert tree.below(1) == {1, 2, 3} and tree.path(3) == "Legal/Ley 18.695//texto/Ñuble"
    assert split_path(tree.path(3)) == ["Legal", "Ley 18.695/texto", "Ñuble"]
    assert [(c.id, depth) for c, depth in tree.ordered()] == [(4, 0), (1, 0), (2, 1), (3, 2)]


def test_values_are_read_as_people_write_them():
    assert spoken(listed("1,5; 2  x\n-3")) == "1,5; 2; -3" and listed("nan; inf; 1e99") == ()
    assert [written(F(3, 2)), written(F(1, 3)), written(F(2))] == ["1,5", "1/3", "2"]
    assert Question("a", "short", "x").title == "a"
