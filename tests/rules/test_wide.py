"""Tables of questions' texts: each outermost one scrolls by itself, also where a gap stands within it."""

from lms.catalogue.wide import framed, wide, wide_pieces

TABLE = "<table><tr><td>1</td></tr></table>"


def test_a_text_without_tables_stays_as_it_is():
    assert wide("<p>Una mesa, <b>table</b>.</p>") == "<p>Una mesa, <b>table</b>.</p>"


def test_a_table_is_a_region_that_the_keyboard_reaches_and_has_a_name():
    assert wide(f"<p>Vea:</p>{TABLE}<p>Fin</p>") == (
        f'<p>Vea:</p><div class="scroll wide" tabindex="0" role="region" aria-label="Tabla: 1">{TABLE}</div><p>Fin</p>')
    assert 'aria-label="Tabla: Sedes &quot;y&quot; redes"' in wide(
        '<table><caption>Sedes <b>"y"</b> redes</caption><tr><td>1</td></tr></table>')


def test_a_table_within_a_table_scrolls_with_it():
    made = wide(f"<table><tr><td>{TABLE}</td></tr></table>{TABLE}")
    assert made.count("<div") == made.count("</div>") == 2


def test_a_gap_within_a_cell_does_not_close_the_region():
    made = wide_pieces([("<p>a</p><table><tr><td>", "gap", ""), ("</td><td>", "gap", "%"), ("</td></tr></table><p>z</p>", None, "")])
    assert "".join(html for html, _gap, _sign in made) == (
        '<p>a</p><div class="scroll wide" tabindex="0" role="region" aria-label="Tabla"><table><tr><td></td><td></td></tr>'
        "</table></div><p>z</p>")
    assert [(gap, sign) for _html, gap, sign in made] == [("gap", ""), ("gap", "%"), (None, "")]


def test_what_was_never_opened_closes_nothing_before():
    assert framed("</table><p>x</p>", 0)[1] == 0
