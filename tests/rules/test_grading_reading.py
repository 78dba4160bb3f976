"""[grading] in a programme's files: read whole, kept with the edition, and every fault on its line."""

from decimal import Decimal as D

import pytest

from lms.catalogue.reading import read
from lms.catalogue.stored import pack, unpack
from lms.catalogue.weighing import PLAIN, Category, Exemption, Grading, Item, Resit
from tests.rules.test_reading import MOD, PROG, files

GRADING = '''
[grading]
how = "weighted_mean"
missing = "skip"
absent = "none"
least = 3.0

[grading.resit]
from = 3.7
to = 3.9
cap = 4.0

[grading.exemption]
item = "task"
least = 5.5

[[grading.item]]
code = "foro"
name = "Participación en el foro"
weight = 50

[[grading.item]]
code = "charla"
name = "Charla abierta"
weight = 5
extra_credit = true

[[grading.category]]
code = "practica"
name = "Práctica"
weight = 60
items = ["task", "foro"]
how = "mean"
drop_lowest = 1
least = 4.0
'''
PROGRAMME = '''
[grading]
least = 4.0

[grading.resit]
cap = 4.5
'''


def with_grading(module=GRADING, programme=""):
    found = files()
    found[MOD] = found[MOD] + module.encode()
    found[PROG] = found[PROG] + programme.encode()
    return found


def test_a_module_s_grading_is_read_and_kept():
    programme, faults = read(with_grading())
    assert not faults
    assert programme.modules[0].grading == Grading(
        missing="skip", absent="none", least=D("3.0"), resit=Resit(D("3.7"), D("3.9"), D("4.0")), exemption=Exemption("task", D("5.5")),
        items=(Item("foro", "Participación en el foro", 50), Item("charla", "Charla abierta", 5, extra=True)),
        categories=(Category("practica", "Práctica", 60, ("task", "foro"), "mean", drop=1, least=D("4.0")),), points=(8, 4))
    assert unpack(pack(programme)) == programme


def test_what_says_nothing_is_as_it_always_was():
    programme, _ = read(files())
    assert programme.plain and all(m.grading.plain for m in programme.modules) and programme.grading == PLAIN
    kept = pack(programme)
    assert unpack(kept).plain


def test_the_programme_s_resit_is_that_of_modules_that_say_none():
    programme, faults = read(with_grading(programme=PROGRAMME))
    assert not faults and programme.grading.least == 4 and not programme.plain
    assert [m.grading.resit.cap for m in programme.modules] == [D("4.0"), D("4.5")]


def test_components_within_components():
    found = files()
    found[PROG] = found[PROG].replace(b'name = "Proyecto"\nweight = 30', b'name = "Final"\nweight = 30\n[[component]]\nname = "Proyecto"\n'
                                      b'weight = 1\nwithin = "Final"\nhow = "highest"\nexempt_from = 5.5\nleast = 4.0\nkeep_highest = 1')
    programme, faults = read(found)
    assert not faults
    inner = programme.components[2]
    assert (inner.within, inner.how, inner.exempt, inner.least, inner.keep) == ("Final", "highest", D("5.5"), D("4.0"), 1)


FIRST = files()[MOD].decode().count("\n") + 2           # the line of [grading]


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ('how = "weighted_mean"', 'how = "promedio"', 1, "«how» no puede ser «promedio»."),
    ('missing = "skip"', 'missing = "cero"', 2, "«missing» no puede ser «cero»."),
    ("least = 3.0", "least = 300", 4, "«least» es 300."), ("least = 3.0", "lest = 3.0", 4, "La clave «lest» no existe aquí."),
    ("from = 3.7", "from = 5", 7, "está al revés"), ('item = "task"', 'item = "tarea"', 12, "No hay «tarea» en el módulo."),
    ("least = 5.5", "", None, "Falta «least»."), ('code = "foro"', 'code = "quiz"', 16, "«quiz» ya es del módulo."),
    ('code = "charla"', 'code = "foro"', None, "«foro» está dos veces en [grading]."), ('code = "foro"', 'code = "El Foro"', 16, "no puede ser"),
    ('"task", "foro"]', '"task", "nada"]', None, "No hay «nada» en el módulo."), ("weight = 60", "weight = 50", None, "suman 90 y no 100"),
    ('"task", "foro"]', '"task", "practica"]', None, "dentro de sí misma"), ("drop_lowest = 1", "drop_lowest = 1\nkeep_highest = 1", None, "a la vez"),
    ('how = "weighted_mean"', 'how = "median"', 1, "no hay puntos extra"),
    ('how = "mean"', 'how = "mean"\nweight = 2', None, "Una clave está repetida.")])
def test_faults_stand_on_their_line(old, new, line, words):
    programme, faults = read(with_grading(GRADING.replace(old, new, 1) if GRADING.count(old) == 1 or old.startswith(("how", "least = 3"))
                                          else GRADING.replace(old, new)))
    assert programme is None
    fault = next((f for f in faults if words in f.message), None)
    assert fault and fault.file == MOD and (line is None or fault.line == FIRST + line), faults


@pytest.mark.parametrize(("old", "new", "words"), [
    ('name = "Proyecto"', 'name = "Módulos"', "Hay dos componentes «Módulos»."),
    ('name = "Proyecto"', 'name = "Proyecto"\nwithin = "Nada"', "No hay un componente «Nada»."),
    ('name = "Proyecto"', 'name = "Proyecto"\nwithin = "Proyecto"', "está dentro de sí mismo"),
    ('modules = ["G2"]', 'modules = []', "no tiene nada dentro"), ('name = "Proyecto"', 'name = "Proyecto"\nhow = "suma"', "«how» no puede ser"),
    ('name = "Proyecto"', 'name = "Proyecto"\nextra_credit = true', "suman 70 y no 100")])
def test_faults_of_components(old, new, words):
    found = files()
    found[PROG] = found[PROG].replace(old.encode(), new.encode())
    programme, faults = read(found)
    assert programme is None and any(words in f.message and f.file == PROG for f in faults), faults
