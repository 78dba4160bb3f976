"""The gradebook's columns, cells and means, and what a spreadsheet of grades would change."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.spreadsheet import Row, Table
from lms.gradebook import intake, layout
from lms.gradebook.intake import Known
from lms.gradebook.layout import book, units
from lms.gradebook.rules import FINAL, Book, Cell, Column, Group, Line, columns, shown, spread
from lms.gradebook.typed import read_grade
from lms.grading.rules import SCALES
from tests.certified import passed
from tests.programme import PROGRAMME

CL, AR = SCALES["CL"], SCALES["AR"]
G1 = PROGRAMME.module("G1")
WANTED = [Column("G1", "quiz"), Column("G1", "task"), Column("G1")]


def line(person, *cells):
    return Line(person, (Group(cells, units(cells, CL)),))


def table(*rows, header=("Correo", "Participante", "G1 Control", "G1 Tarea", "G1")):
    return Table(header, tuple(Row(n, cells) for n, cells in enumerate(rows, 2)), "utf-8", ";", "csv")


def known(**shares):
    lines = tuple(line(i, *(Cell(shares.get(name), "marked") for name in ("quiz", "task", "module"))) for i in (1, 2))
    return Known(Book(tuple(WANTED), lines), {"G1 Control": WANTED[0], "G1 Tarea": WANTED[1], "G1": WANTED[2]},
                 frozenset({"G1 (Argentina)", "Final", "Participante"}), {"ana@example.org": 1, "beto@example.org": 2}, CL)


def test_the_book_has_every_module_and_the_final_grade_and_a_module_its_items():
    assert [c.name for c in columns(PROGRAMME)][-1] == "Final" and columns(PROGRAMME)[0].name == PROGRAMME.modules[0].code
    assert [c.name for c in columns(PROGRAMME, G1)] == ["Control", "Tarea", "G1"]


def test_a_cell_says_the_share_or_what_it_waits_for():
    results = {1: {m.code: passed(m) for m in PROGRAMME.modules}}
    found = book(PROGRAMME, results, [1], [*WANTED, Column(FINAL)])
    quiz, task, module, final = found.lines[0].cells
    assert (quiz.share, task.share) == (F(4, 5), F(3, 4)) and module.passed and final.share is not None


def test_the_mean_is_of_the_grades_as_shown_and_of_those_there_are():
    cells = [(Cell(F("0.6")),), (Cell(None),), (Cell(F("0.59")),)]
    whole = Book((Column("G1"),), tuple(line(i, *c) for i, c in enumerate(cells)))
    assert whole.means() == [F(4)]                                      # 4,0 and 3,95 -> 4,0
    assert Book((Column("G1"),), ()).means() == [None]


@given(st.lists(st.fractions(0, 1)))
def test_everybody_with_a_grade_stands_in_one_bar(shares):
    whole = Book((Column("G1"),), tuple(line(i, Cell(share)) for i, share in enumerate(shares)))
    assert sum(n for _, n in spread(whole.grades(0))) == len(shares)


def test_the_views_show_who_waits_and_who_does_not_pass():
    lines = (line(1, Cell(None, "marking")), line(2, Cell(F(1, 5), "marked", False)), line(3, Cell(F(1), "marked", True)))
    whole = Book((Column("G1"),), lines)
    assert [line.person_id for line in shown(whole, "pendientes").lines] == [1]
    assert [line.person_id for line in shown(whole, "bajo").lines] == [2]
    assert shown(whole, "todas") == whole


@pytest.mark.parametrize("typed, value", [("5,5", "5.5"), ("5.5", "5.5"), (" 7 ", "7.0"), ("1", "1.0"), ("4,0", "4.0")])
def test_a_grade_is_read_with_comma_or_point(typed, value):
    assert read_grade(typed, CL) == Decimal(value)


@pytest.mark.parametrize("typed, words", [("55", "no es una nota de 1,0 a 7,0"), ("0,9", "1,0 a 7,0"), ("7,1", "1,0 a 7,0"), ("5,55", "decimales"),
                                          ("cinco", "no es una nota"), ("", "no es una nota"), ("NaN", "no es una nota"), ("1e1", "no es una nota"),
                                          ("٥", "no es una nota"), ("5,5,5", "no es una nota"), ("=5", "no es una nota")])
def test_what_is_no_grade_is_refused_with_the_range(typed, words):
    with pytest.raises(ValueError, match=words):
        read_grade(typed, CL)


def test_a_whole_mark_scale_takes_no_decimals():
    assert read_grade("8", AR) == Decimal(8)
    with pytest.raises(ValueError, match="no lleva decimales"):
        read_grade("7,5", AR)


def test_a_sheet_changes_what_differs_and_nothing_else():
    found = intake.read(table(("ana@example.org", "Ana", "5,5", "", "4,0"), ("BETO@example.org", "Beto", "4,0", "–", "")),
                        known(quiz=F("0.6")))
    assert [(w.person_id, w.column.item, w.value, w.before) for w in found.wanted] == [
        (1, "quiz", Decimal("5.5"), Decimal("4.0")), (1, "", Decimal("4.0"), None)]
    assert found.same == 1 and found.faults == ()


def test_each_fault_says_row_and_column_and_the_good_cells_stay():
    found = intake.read(table(("ana@example.org", "Ana", "55", "6,0", ""), ("nadie@example.org", "", "5", "", ""),
                              ("ana@example.org", "Ana", "5", "", ""), ("", "Sin correo", "4", "", ""), ("", "", "", "", "")), known())
    assert [(f.row, f.column) for f in found.faults] == [(2, "G1 Control"), (3, "Correo"), (4, "Correo"), (5, "Correo")]
    assert "fila 2" in found.faults[2].message and [(w.row, w.column.item) for w in found.wanted] == [(2, "task")]


def test_columns_that_are_computed_or_unknown_are_told_and_not_taken():
    found = intake.read(table(("ana@example.org", "5", "8", "6", "x"), header=("Email address", "G1 Control", "G1 (Argentina)", "Final", "Color")), known())
    assert [w.column.item for w in found.wanted] == ["quiz"]
    assert [(n.column, "se calcula" in n.message) for n in found.notices] == [("G1 (Argentina)", True), ("Final", True), ("Color", False)]


def test_a_sheet_without_addresses_or_without_grades_says_what_to_do():
    assert "Correo" in intake.read(table(("Ana", "5"), header=("Nombre", "G1 Control")), known()).faults[0].message
    assert "Ninguna columna" in intake.read(table(("ana@example.org", "5"), header=("Correo", "Otra")), known()).faults[0].message


def test_a_column_twice_is_a_fault():
    found = intake.read(table(("ana@example.org", "5", "6"), header=("Correo", "G1 Control", "g1 control")), known())
    assert "dos veces" in found.faults[0].message


def test_who_has_the_same_marks_shares_what_is_drawn_and_what_is_recorded_by_hand_stays_ones_own():
    same = {m.code: passed(m) for m in PROGRAMME.modules}
    results = {1: same, 2: dict(same), 3: {**same, "G1": passed(G1)}}
    ana, beto, ciro = book(PROGRAMME, results, [1, 2, 3], WANTED, changed=frozenset({(2, "G1", "task")})).lines
    assert [c.changed for c in ana.cells] == [False] * 3 and [c.changed for c in beto.cells] == [False, True, False]
    again, = book(PROGRAMME, results, [1], WANTED).lines
    assert again.groups[0] is ana.groups[0] and ciro.groups[0] is not ana.groups[0] and ciro.cells == ana.cells


def test_what_is_remembered_of_results_is_bounded_and_stays_right_when_it_is_forgotten(monkeypatch):
    monkeypatch.setattr(layout, "MOST", 3)
    results = {n: {m.code: passed(m) for m in PROGRAMME.modules} for n in range(8)}
    lines = book(PROGRAMME, results, results, WANTED).lines
    assert sum(len(known) for _, known in layout._known.values()) <= 3 and len({line.cells for line in lines}) == 1
