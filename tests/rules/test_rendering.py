"""A lesson from Markdown to a page: the parts of the look, what is refused and on which line, nothing harmful left."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import figures
from lms.catalogue.rendering import inline, render

SVG = b"""<svg viewBox="0 0 640 90" role="img" xmlns="http://www.w3.org/2000/svg">
<title>otro</title>
<g transform="translate(4 4)"><rect class="box" x="1" y="1" width="30" height="9" rx="2"/></g>
<text class="small b" x="1" y="9" text-anchor="middle">1 &lt; 2<tspan dy="3">b</tspan></text>
</svg>"""
FILES = {"g1/figures/mapa.svg": SVG}
FIGURE = '![Todo lo que la figura dice.](figures/mapa.svg "Figura 1. Un *mapa*.")'


def page(body: str, title: str = "# Título\n\n"):
    return render(title + body, "g1/01-a.md", FILES)


def told(body: str, title: str = "# Título\n\n") -> list[tuple[int | None, str]]:
    return [(fault.line, fault.message) for fault in page(body, title).faults]


def test_a_title_headings_with_names_words_and_minutes():
    made = page("Uno dos tres.\n\n## La *eficacia*, ¿qué es?\n\nCuatro.\n\n### Sub\n\n## La eficacia, qué es\n")
    assert made.title == "Título" and "<h1" not in made.html
    assert [(h.id, h.text) for h in made.headings] == [
        ("u-la-eficacia-que-es", "La eficacia, ¿qué es?"), ("u-sub", "Sub"),
        ("u-la-eficacia-que-es--3", "La eficacia, qué es")]
    assert '<h2 id="u-la-eficacia-que-es">La <em>eficacia</em>' in made.html
    assert (made.words, made.minutes) == (13, 1) and not made.faults
    assert page("palabra " * 900).minutes == 5


def test_a_callout_is_an_aside_with_a_name_no_other_has():
    html = page('!!! concejo "Llevar"\n    Uno.\n\n    * a\n\n!!! nota\n    Dos.\n\n!!! nota\n    Tres.\n').html
    assert '<aside aria-label="Llevar" class="callout stack stack-s">\n<b>Llevar</b>\n<p>Uno.</p>' in html
    assert 'aria-label="Nota"' in html and 'aria-label="Nota (2)"' in html and html.count("<b>Nota</b>") == 2


def test_a_table_scrolls_in_a_named_region_with_caption_heads_and_numbers_to_the_right():
    made = page("Tabla 1. Montos\n\n| País | Monto |\n|:--|--:|\n| Chile | 1 |\n| Perú | 2 |\n\n|| x |\n|-|-|\n| |1|\n")
    assert '<div aria-label="Tabla 1. Montos" class="scroll" role="region" tabindex="0"><table class="table">' in (
        made.html)
    assert "<caption>Tabla 1. Montos</caption>" in made.html and "<p>Tabla 1" not in made.html
    assert '<th scope="row">Chile</th>' in made.html and '<th class="n" scope="col">Monto</th>' in made.html
    assert '<td class="n">2</td>' in made.html and "style" not in made.html
    assert 'aria-label="Tabla 2"' in made.html and "<td></td>" in made.html and not made.faults


def test_footnotes_are_numbered_by_first_mention_and_lead_back():
    made = page("Uno.[^b]\n\n* Dos.[^a]\n\nOtra vez.[^b]\n\n[^a]: Nota *a*.\n[^b]: Nota b.\n")
    assert re.findall(r'<a aria-label="Nota (\d)" class="fn" href="#n(\d)" id="(r[\d-]+)">\d</a>', made.html) == [
        ("1", "1", "r1"), ("2", "2", "r2"), ("1", "1", "r1-2")]
    notes = made.html[made.html.index('<section aria-label="Notas" class="notes">'):]
    assert re.findall(r'<li id="(n\d)">(.*?)&nbsp;<a', notes) == [("n1", "Nota b."), ("n2", "Nota <em>a</em>.")]
    assert re.findall('href="#(r[^"]+)"', notes) == ["r1", "r1-2", "r2"]


def test_a_figure_is_drawn_in_the_page_and_named_by_all_it_says():
    made = page(f"Antes.\n\n{FIGURE}\n\nDespués.\n")
    assert made.figures == {"g1/figures/mapa.svg"} and not made.faults
    assert ('<figure class="sheet"><div class="scroll fig" tabindex="0" role="region" aria-label="Figura 1">'
            '<svg viewBox="0 0 640 90" role="img" aria-labelledby="f1t">'
            '<title id="f1t">Todo lo que la figura dice.</title>'
            ) in made.html
    assert '<rect class="box" x="1" y="1" width="30" height="9" rx="2"></rect>' in made.html and "otro" not in made.html
    assert "1 &lt; 2<tspan" in made.html
    assert '<figcaption>Figura 1. Un <em>mapa</em>.</figcaption></figure>' in made.html


def test_a_figure_whose_alternative_runs_over_lines_and_one_in_a_callout():
    html = page('!!! caso "C"\n    Uno.\n\n    ![Todo lo que\n    dice](figures/mapa.svg "Figura 2. Pie.")\n').html
    assert '<title id="f1t">Todo lo que dice</title>' in html and html.index("<svg") < html.index("</aside>")


def test_a_video_is_a_link_that_says_where_it_leads():
    made = page("[video: Qué es el PABA, 12 min](https://www.youtube.com/watch?v=a&t=1)\n")
    assert ('<a href="https://www.youtube.com/watch?v=a&amp;t=1" rel="noopener noreferrer">'
            '<b>Video: Qué es el PABA</b>') in made.html
    assert "12 min · Se abre en www.youtube.com" in made.html and "<iframe" not in made.html


def test_links_abroad_do_not_tell_where_one_comes_from():
    html = page("[x](https://x.cl/?a=1&b=2)").html
    assert '<a href="https://x.cl/?a=1&amp;b=2" rel="noopener noreferrer">x</a>' in html


@pytest.mark.parametrize(("body", "line", "words"), [
    ("a\n\n<div>b</div>\n", 5, "HTML suelto: «<div>»"), ("a <b>c</b>", 3, "HTML suelto"),
    ("<!-- a -->", 3, "HTML suelto"),
    ("## A\n\n#### B\n", 5, "salta del nivel 2 al 4"), ("### B\n", 3, "salta del nivel 1 al 3"),
    ("# Otro\n", 3, "otro título"),
    ("![](figures/mapa.svg)", 3, "no tiene texto alternativo"), ("![a](figures/no.svg)", 3, "No existe la figura"),
    ("![a](../../etc/passwd)", 3, "No existe la figura"), (f"Texto {FIGURE}", 3, "imagen dentro del texto"),
    ("a\n\n[x](javascript:alert(1))", 5, "no se acepta"), ("[x](02-otra.md)", 3, "no se acepta"),
    ("[x](//a.b)", 3, "no se acepta"),
    ("[x](&#106;avascript:a)", 3, "no se acepta"), ("[x](data:text/html,a)", 3, "no se acepta"),
    ("[x](#u-no)", 3, "no lleva a ninguna parte"), ("[video: A, 3 min](http://a.b)", 3, "https://"),
    ('!!! aviso "A"\n    b', 3, "clase «aviso»"), ("!!! nota\n\nsin sangría", 3, "no tiene texto"),
    ("!!!", 3, "bien escrito"),
    ("a\n| b | c |\n|---|---|\n| d | e |", 4, "pegada al texto"), ("| b | c |\n|---|---|\n| d |\n", 5, "1 celdas"),
    ("a.[^x]", 3, "[^x] no está definida"), ("a\n\n[^y]: b", 5, "[^y] no se cita"),
    ("a[^1]\n\n[^1]: b\n[^1]: c", 6, "dos veces"),
    ("", None, "vacío"), ("> " * 40 + "a", None, "demasiado"),
])
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(body, line, words):
    assert any(at == line and words in said for at, said in told(body)), told(body)
    assert all(fault.remedy for fault in page(body).faults)


@pytest.mark.parametrize("title", ["", "Título\n=====\n\n", "## Título\n\n", "#\n\n", "\n\nTexto\n\n# Título\n\n"])
def test_a_lesson_without_its_title_in_the_first_line_is_told(title):
    assert any("Falta el título" in said for _, said in told("Texto.", title))


def test_lines_are_counted_from_where_the_text_stands_in_its_file():
    made = render("Uno\n\n<b>dos</b>", "task.toml", {}, titled=False, first_line=8)
    assert [fault.line for fault in made.faults] == [10, 10]


@pytest.mark.parametrize(("drawing", "words"), [
    ('<svg viewBox="0 0 9 9"><script>x()</script></svg>', "<script>"),
    ('<svg viewBox="0 0 9 9"><foreignObject/></svg>', "<foreign"),
    ('<svg viewBox="0 0 9 9"><a href="javascript:x()"><text>a</text></a></svg>', "<a>"),
    ('<svg viewBox="0 0 9 9" onload="x()"></svg>', "«onload»"),
    ('<svg viewBox="0 0 9 9"><rect onclick="x()" x="1"/></svg>', "«onclick»"),
    ('<svg viewBox="0 0 9 9"><rect style="fill:red"/></svg>', "«style»"),
    ('<svg viewBox="0 0 9 9"><rect fill="red"/></svg>', "«fill»"),
    ('<svg viewBox="0 0 9 9"><use href="#a"/></svg>', "<use>"),
    ('<svg viewBox="0 0 9 9"><image href="http://a"/></svg>', "<image>"),
    ('<svg viewBox="0 0 9 9"><rect x="url(#a)"/></svg>', "geometría"),
    ('<svg viewBox="0 0 9 9"><path d="M0 0&quot;"/></svg>', "geometría"),
    ('<svg viewBox="0 0 9 9"><rect class="box rojo"/></svg>', "«rojo»"), ("<svg><rect/></svg>", "tamaño"),
    ("<svg", "bien formado"),
    ('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 9 9">&a;</svg>', "DOCTYPE"), ("<html/>", "no empieza en <svg>"),
    ("", "bien formado"),
    ('<svg viewBox="0 0 9 9"><animate attributeName="href"/></svg>', "<animate>"),
    ('<svg viewBox="0 0 9 9">' + "<g>" * 30 + "</g>" * 30 + "</svg>", "<g>"),
])
def test_a_figure_with_anything_but_shapes_and_text_is_refused(drawing, words):
    made = figures.read(drawing.encode(), "f.svg", 1, "a")
    assert any(words in fault.message for fault in made.faults), made.faults
    assert not Reader.of(made.markup).harm


HARMFUL = frozenset("script style iframe object embed form link meta base img use input".split())


class Reader(HTMLParser):
    """What a browser would take from a page, and what in it could run."""

    @classmethod
    def of(cls, html: str) -> "Reader":
        reader = cls()
        reader.harm: list[str] = []
        reader.feed(html)
        reader.close()
        return reader

    def handle_starttag(self, tag, attrs):
        if tag in HARMFUL:
            self.harm.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "src", "srcdoc", "formaction", "xlink:href"}:
                self.harm.append(f"{tag} {name}")
            if name == "href" and not re.match(r"https?://|mailto:|tel:|#", value or "", re.IGNORECASE):
                self.harm.append(f"{tag} {value}")

    handle_startendtag = handle_starttag


PARTS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "<a href='javascript:x'>", "[a]: data:x\n", '![a](x "onload=y")', "<svg/onload=x>", "`", '"', "'", "<", ">",
    "&lt;", "&#x6a;", "**", "_", "[", "]", "(", ")", "|", "\n", "\n\n", "# ", "> ", "- ", "    ", '!!! nota "',
    "[^1]", "[^1]: ", "\ue0000\ue000", "\x02", "\x03", "a", 'style="x"', "<style>", "-->", "<!--", "]]>", "|-|-|",
    "{: onclick=x }", '[video: a](https://x" onclick="y)', '<https://a"b>', FIGURE,
]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_nothing_an_author_writes_runs_in_a_reader_s_browser(text):
    assert not Reader.of(page(text).html).harm
    assert not Reader.of(inline(text)).harm


@pytest.mark.parametrize("text", [
    "[" * 5_000, "![" * 2_000, "> " * 2_000, "- " * 3_000, "# a\n" * 2_000, "a\n-\n" * 2_000, "[^1]" * 2_000,
    "a|" * 400 + "\n" + "-|" * 400 + "\n" + "a|\n" * 400, "!!! nota\n" * 2_000, "x" * 300_000,
])
def test_texts_made_to_keep_the_machine_busy_are_refused(text):
    assert any("demasiado" in said for _, said in told(text))


@pytest.mark.parametrize(("text", "html"), [
    ("1. Roma *x*", "1. Roma <em>x</em>"), ("# a", "# a"), ("a\n\nb", "a b"), ("`<b>`", "<code>&lt;b&gt;</code>"),
    ("    a", "a"),
    ("<a@b.cl>", '<a href="mailto:a@b.cl" rel="noopener noreferrer">a@b.cl</a>'), ("_____ y _____", "_____ y _____"),
    ("", ""),
    ("Ley n.º 18.695 & <otras>", "Ley n.º 18.695 &amp; &lt;otras&gt;"),
])
def test_short_texts_are_words_only(text, html):
    assert inline(text) == html
