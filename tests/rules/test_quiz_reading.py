"""A quiz's settings in module.toml: read whole, and every fault told with its line and what to do."""

import pytest

from lms.catalogue import stored
from lms.catalogue.quiz_reading import with_settings
from lms.catalogue.rules import Band, Quiz, Section, Showing
from lms.catalogue.tables import parse
from tests.programme import QUESTIONS

WHOLE = '''behaviour = "interactive"
counts = "mean"
time_up = "grace"
grace_minutes = 10
navigation = "sequential"
shuffle_questions = true
shuffle_options = false
password = "Puente 7"
below_zero = true
wait_minutes = 60
hide_key = false
[show]
right = ["closed"]
marks = ["later", "after"]
[[section]]
first = 1
title = "Historia"
[[section]]
first = 3
title = "Marco legal"
shuffle = false
[[band]]
percent = 0
text = "A repasar."
[[band]]
percent = 80
text = "Muy *bien*."
'''


def read(text: str):
    faults = []
    table = parse(text, "module.toml", faults)
    quiz = with_settings(Quiz("Control", 40, QUESTIONS), table)
    table.close()
    return quiz, faults


def test_every_setting_is_read_and_kept():
    quiz, faults = read(WHOLE)
    assert not faults
    assert (quiz.behaviour, quiz.counts, quiz.time_up, quiz.grace_minutes, quiz.navigation) == (
        "interactive", "mean", "grace", 10, "sequential")
    assert (quiz.shuffle_questions, quiz.shuffle_options, quiz.below_zero, quiz.password, quiz.wait_minutes) == (
        True, False, True, "Puente 7", 60)
    assert quiz.showing == Showing(right=("closed",), marks=("after", "later"), hide_key=False)
    assert quiz.sections == (Section(1, "Historia"), Section(3, "Marco legal", False))
    assert quiz.bands == (Band(80, "Muy <em>bien</em>."), Band(0, "A repasar."))
    assert stored.quiz_with(stored.quiz_settings(quiz), quiz.questions) == quiz


def test_nothing_said_is_as_it_always_was():
    assert read("") == (Quiz("Control", 40, QUESTIONS), [])


@pytest.mark.parametrize("old, new, line, words", [
    ('"interactive"', '"inmediata"', 1, "«behaviour» no puede ser «inmediata»."), ('"mean"', '"mejor"', 2, "«counts»"),
    ("grace_minutes = 10", "", 3, "cuántos minutos"), ('time_up = "grace"', "", 4, "no se usan"),
    ("shuffle_questions = true", 'shuffle_questions = "si"', 6, "true o false"), ('["closed"]', '["siempre"]', 13, "«siempre» no es un momento."),
    ("first = 3", "first = 1", 19, "empieza antes que la anterior"), ("first = 3", "first = 99", 19, "de 1 a 7"),
    ("percent = 80", "percent = 0", 26, "Hay dos comentarios desde 0 %"), ("percent = 80", "percent = 101", 26, "de 0 a 100"),
    ("behaviour", "behavior", 1, "¿Quiso escribir «behaviour»?")])
def test_a_fault_names_its_line_and_a_remedy(old, new, line, words):
    _quiz, faults = read(WHOLE.replace(old, new))
    assert [(f.line, words in str(f)) for f in faults] == [(line, True)], faults
    assert all(f.remedy for f in faults)
