"""Rubrics and marking guides as an author writes them."""

from lms.catalogue.module_reading import read_module
from lms.catalogue.shelf import Shelf

MODULE = """code = "G1"
title = "Uno"
competency = "general"
hours_direct = 1
summary = "De qué trata."
outcomes = ["Algo"]
lessons = ["01-a.md"]
[task]
file = "task.toml"
weight = 100
anonymous = true
"""
TASK = """title = "Ficha"
instructions = "Escribir."
[[criterion]]
name = "Forma"
description = "Para todos"
marker_note = "Ver el anexo"
points = 5
[[criterion]]
name = "Uso"
description = "Para todos"
[[criterion.level]]
points = 2
least = 0
name = "Poco"
description = "Poco"
[[criterion.level]]
points = 6
least = 3
name = "Mucho"
description = "Mucho"
"""


def read(task: str):
    shelf = Shelf({"u/module.toml": MODULE.encode(), "u/task.toml": task.encode(), "u/01-a.md": b"# A\n\nTexto."})
    return read_module("u", shelf), [f.message for f in shelf.faults]


def test_a_guide_a_range_a_note_and_a_task_without_names():
    module, faults = read(TASK)
    assert faults == [] and module.task.anonymous and module.task.points == 11
    guide, rubric = module.task.criteria
    assert (guide.levels, guide.most, guide.marker_note) == ((), 5, "Ver el anexo")
    assert [(level.least, level.points) for level in rubric.levels] == [(0, 2), (3, 6)]


def test_what_can_not_be_is_told():
    assert "dos niveles" in read(TASK.replace("points = 5\n", ""))[1][0]
    assert "Los puntos no suben" in read(TASK.replace("least = 3", "least = 1"))[1][0]
    assert "tiene niveles y puntos libres" in read(TASK.replace('name = "Uso"', 'name = "Uso"\npoints = 3'))[1][0]
