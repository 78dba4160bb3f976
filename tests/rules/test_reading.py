"""A programme's folder: read whole, or refused with every fault by file and line; an edition kept and read back."""

import time
from decimal import Decimal
from fractions import Fraction as F

import pytest

from lms.catalogue.folder import FolderRefused, folder
from lms.catalogue.reading import digest, read
from lms.catalogue.rules import Equivalence, Fault, Programme, Requirement, Step, Way
from lms.catalogue.stored import pack, unpack
from tests.rules.test_kinds import TEXT

PROGRAMME = '''slug = "prueba"
title = "Diplomado de prueba"
presentation = "presentacion.md"
credit_hours = 27
modules = ["g1-uno", "g2-dos"]

[late]
per_day = 0.5
days = 3

[[requirement]]
kind = "modules"
modules = ["G1", "G2"]

[[requirement]]
kind = "attendance"
hours = 12

[[requirement]]
kind = "certificate_name"

[[component]]
name = "Módulos"
weight = 70
modules = ["G1"]

[[component]]
name = "Proyecto"
weight = 30
modules = ["G2"]

[[step]]
module = "G1"
opens = "+0 08:00"
quiz_due = "+25 23:00"
task_due = "2027-05-04 23:00"

[[step]]
module = "G2"
opens = "+21 08:00"
after = "G1.quiz>=60"
'''
MODULE = '''code = "G1"
title = "Uno"
competency = "general"
hours_direct = 9
hours_autonomous = 18
summary = "De qué trata."
outcomes = ["Explica."]
lessons = ["01-uno.md"]

[quiz]
file = "quiz.gift"
title = "Control"
weight = 40
attempts = 2
minutes = 40

[task]
file = "task.toml"
weight = 60
'''
TASK = '''title = "Tarea"
accepts = ["text", "pdf"]
instructions = """
Escriba *una* ficha.

## Pasos

1. Uno.
"""

[[criterion]]
name = "Pertinencia"
description = "Qué se mira"

[[criterion.level]]
points = 0
name = "Bajo"
description = "Nada."

[[criterion.level]]
points = 4
name = "Alto"
description = "Todo."
'''
SVG = '<svg viewBox="0 0 9 9"><rect class="box" x="1" y="1" width="3" height="3"/></svg>'
LESSON = '# Uno\n\nTexto.[^1]\n\n![Un cuadro.](figures/a.svg "Figura 1. Pie.")\n\n[^1]: Nota.\n'
GOOD = {
    "programme.toml": PROGRAMME, "presentacion.md": "# Bienvenida\n\nHola.\n",
    "g1-uno/module.toml": MODULE, "g1-uno/01-uno.md": LESSON, "g1-uno/figures/a.svg": SVG, "g1-uno/quiz.gift": TEXT,
    "g1-uno/task.toml": TASK,
    "g2-dos/module.toml": MODULE.replace('"G1"', '"G2"').partition("[quiz]")[0]
        + '[task]\nfile = "task.toml"\nweight = 100\n',
    "g2-dos/01-uno.md": "# Dos\n\nTexto.\n", "g2-dos/task.toml": TASK,
}


def files(**changed: str | None) -> dict[str, bytes]:
    """The good folder with files changed (`a__b` is "a/b" by the names above) or, with None, taken away."""
    return {name: text.encode() for name, text in {**GOOD, **changed}.items() if text is not None}


def swapped(name: str, old: str, new: str) -> dict[str, bytes]:
    assert old in GOOD[name]
    return files(**{name: GOOD[name].replace(old, new, 1)})


def told(found: dict[str, bytes]) -> list[str]:
    programme, faults = read(found)
    assert (programme is None) == bool(faults)
    assert all(fault.remedy for fault in faults)
    return [str(fault) for fault in faults]


def good() -> Programme:
    programme, faults = read(files())
    assert programme and not faults, [str(fault) for fault in faults]
    return programme


def test_a_good_folder_becomes_a_programme():
    programme = good()
    assert (programme.slug, programme.credit_hours, programme.presentation) == ("prueba", 27, "<p>Hola.</p>")
    assert programme.late_per_day == Decimal("0.5") and programme.hours == 54 and programme.by_code["G2"].title == "Uno"
    first = programme.modules[0]
    assert (first.quiz.attempts, first.quiz.minutes, first.quiz.per_page, first.quiz.points) == (2, 40, 4, F(8))
    assert (first.task.points, first.task.accepts, first.task.must_pass) == (4, ("text", "pdf"), True)
    assert first.lesson("01-uno").title == "Uno" and "<svg" in first.lesson("01-uno").html
    assert '<h2 id="u-pasos">' in first.task.instructions
    assert programme.requirements[1:] == (Requirement("attendance", hours=12), Requirement("certificate_name"))
    assert programme.steps[1] == Step("G2", "+21 08:00", after="G1.quiz>=60")


def test_a_folder_with_six_faults_tells_six():
    found = files(**{
        "programme.toml": PROGRAMME.replace("weight = 70", "weight = 60").replace('after = "G1', 'after = "G9'),
        "g1-uno/module.toml": MODULE.replace("attempts", "atempts"),
        "g1-uno/01-uno.md": LESSON.replace("Texto", "<b>Texto"),
        "g1-uno/task.toml": TASK.replace("points = 4", "points = 0"),
        "g1-uno/sobra.md": "# Sobra\n"})
    assert told(found) == [
        "programme.toml:29: Los pesos de los componentes suman 90 y no 100. Ajuste los «weight».",
        "programme.toml:41: No hay un módulo con código «G9». Use: G1, G2.",
        "g1-uno/01-uno.md:3: Hay HTML suelto: «<b>». Use Markdown; para escribir < como texto, ponga &lt;.",
        "g1-uno/module.toml:14: La clave «atempts» no existe aquí. ¿Quiso escribir «attempts»?",
        "g1-uno/sobra.md: Nadie usa este archivo. Nómbrelo donde corresponda, o bórrelo.",
        "g1-uno/task.toml:21: Los puntos no suben: 0 viene después de 0. Ordene los niveles de menos a más.",
    ]


PROG, MOD, QUIZ, TASKS = "programme.toml", "g1-uno/module.toml", "g1-uno/quiz.gift", "g1-uno/task.toml"
LES, FIG = "g1-uno/01-uno.md", "g1-uno/figures/a.svg"


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), [
    (PROG, 'slug = "prueba"', 'slug = "Con Espacio"', 1, "«slug» no puede ser"),
    (PROG, 'slug = "prueba"\n', "", 1, "Falta «slug»."),
    (PROG, "credit_hours = 27", 'credit_hours = "27"', 4, "«credit_hours» debe ser un número entero."),
    (PROG, "credit_hours = 27", "credit_hours = true", 4, "«credit_hours» debe ser"),
    (PROG, "credit_hours = 27", "credit_hours 27", 4, "Falta un signo ="),
    (PROG, "credit_hours = 27", "credit_hours = 27\ncredit_hours = 28", 5, "Una clave está repetida."),
    (PROG, '"g2-dos"]', '"g2-dos", "g3-tres"]', 5, "No existe g3-tres/module.toml."),
    (PROG, '"g2-dos"]', '"g2-dos", "../x"]', 5, "«../x» no sirve como carpeta."),
    (PROG, 'modules = ["G1", "G2"]', 'modules = ["G1", "G7"]', 13, "No hay un módulo con código «G7»."),
    (PROG, 'kind = "attendance"', 'kind = "asistencia"', 16, "No hay exigencias de clase «asistencia»."),
    (PROG, "hours = 12", "hours = 0", 17, "«hours» es 0."),
    (PROG, "per_day = 0.5", "per_day = nan", None, "«per_day» es NaN"),
    (PROG, '"+25 23:00"', '"+25 24:00"', 35, "«+25 24:00» no es un momento."),
    (PROG, '"2027-05-04 23:00"', '"2027-02-30 23:00"', 36, "«2027-02-30 23:00» no es un momento."),
    (PROG, '"+25 23:00"', '"+0 07:00"', 35, "Vence antes de abrirse."),
    (PROG, 'after = "G1.quiz>=60"', 'after = "G1.quiz>=600"', 41, "«G1.quiz>=600» no es una condición."),
    (PROG, 'after = "G1.quiz>=60"', 'after = "G2"', 41, "Un módulo no puede esperarse a sí mismo."),
    (PROG, 'after = "G1.quiz>=60"', 'after = "G1"\nquiz_due = "+30 08:00"', 42, "G2 no tiene control."),
    (PROG, 'task_due = "2027-05-04 23:00"', 'after = "G2"', None, "espera a un módulo que lo espera a él"),
    (PROG, 'module = "G2"', 'module = "G1"', 39, "G1 ya tiene su [[step]]."),
    (PROG, 'modules = ["G2"]', 'modules = ["G1"]', None, "G1 ya está en el componente «Módulos»."),
    (MOD, 'code = "G1"', 'code = "G2"', None, "El código G2 ya es de g1-uno."),
    (MOD, '"general"', '"otra"', 3, "«competency» no puede ser «otra»."),
    (MOD, "weight = 60", "weight = 50", 19, "Los pesos del módulo suman 90 y no 100."),
    (MOD, '["01-uno.md"]', '["01-uno.md", "01-uno.md"]', 8, "«01-uno.md» está dos veces"),
    (MOD, '["01-uno.md"]', '["01-uno.md", "02-dos.md"]', None, "No existe el archivo g1-uno/02-dos.md."),
    (MOD, '["01-uno.md"]', '["01-uno.md", "../presentacion.md"]', None, "no es un archivo .md de la carpeta"),
    (MOD, "hours_direct = 9\nhours_autonomous = 18\n", "", None, "El módulo no tiene horas."),
    (MOD, 'file = "quiz.gift"', 'file = "otro.gift"', 11, "No existe el archivo g1-uno/otro.gift."),
    (QUIZ, "=2005", "~2005", 2, "Los pesos de las correctas suman 50"),
    (QUIZ, "=0.7:0.05", "=0,7:0.05", 25, "«0,7:0.05» no es un número. Escriba el decimal con punto: 0.7:0.05."),
    (TASKS, '"pdf"', '"exe"', 2, "No se reciben archivos «exe»."),
    (TASKS, '["text", "pdf"]', '["text", "pdf"]\nmax_files = 5', 3, "5 archivos de 10 MB"),
    (TASKS, "## Pasos", "#### Pasos", 6, "«Pasos» salta del nivel 1 al 4."),
    (FIG, "<rect", "<rect fill='red'", 1, "El atributo «fill»"),
    (LES, "![Un cuadro.]", "![Un cuadro.](figures/b.svg)\n\n![Un cuadro.]", 5, "No existe la figura"),
    (LES, '![Un cuadro.](figures/a.svg "Figura 1. Pie.")', "", None, "g1-uno/figures/a.svg: Nadie usa este archivo."),
    (LES, "# Uno", "Uno", 1, "Falta el título."),
])
def test_each_fault_has_its_file_its_line_and_its_remedy(name, old, new, line, words):
    _, faults = read(swapped(name, old, new))
    assert all(fault.remedy for fault in faults)
    assert any(words in str(f) and (line is None or (f.file, f.line) == (name, line)) for f in faults), faults


def test_a_file_that_is_not_utf8_is_told_and_the_rest_is_still_checked():
    found = files()
    found["g1-uno/quiz.gift"] = TEXT.replace("=2005", "~2005").encode("cp1252")
    assert [said[:60] for said in told(found)] == [
        "g1-uno/quiz.gift:2: El archivo no está en UTF-8. Ábralo y gu",
        "g1-uno/quiz.gift:2: Los pesos de las correctas suman 50 y no"]


@pytest.mark.parametrize("content", [
    b"", b"\xff\xfe", b"modules = 3", b"[[component]]\n" * 50, b"a = " + b"[" * 5_000, b"\x00",
    b"step = [1]\nrequirement = {}\ncomponent = 3\nlate = []\ntitle = 2027-01-01"])
def test_no_programme_file_breaks_the_reader(content):
    assert told({**files(), "programme.toml": content})


def test_a_folder_without_programme_says_so():
    assert told({}) == ["programme.toml: Falta el archivo programme.toml. Agréguelo: dice los módulos y qué se exige."]


def test_windows_line_ends_and_byte_order_marks_change_nothing():
    there = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in GOOD.items()}
    programme, faults = read(there)
    assert not faults
    assert programme.modules == good().modules


def test_the_edition_changes_with_any_name_or_content_and_only_then():
    first = digest(files())
    assert first == digest(dict(reversed(files().items()))) == good().edition and len(first) == 64
    assert len({first, digest(swapped("presentacion.md", "Hola", "hola")), digest(files(**{"presentacion.md": None})),
                digest({"a": b"bc"}), digest({"ab": b"c"})}) == 5


def test_a_kept_edition_is_the_programme_that_was_read():
    programme = good()
    again = unpack(pack(programme))
    assert again == programme and again.by_code == programme.by_code and pack(again) == pack(programme)
    assert again.modules[0].quiz.questions[4].numbers[0] == (Decimal("0.7"), Decimal("0.05"), F(1))


def test_a_kept_edition_is_read_in_a_moment():
    packed = pack(good())
    times = []
    for _ in range(3):
        start = time.perf_counter()
        unpack(packed)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.01            # the whole diploma takes 6 ms


def test_a_folder_on_disk_without_hidden_files_and_never_through_a_link(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x").write_text("x")
    (tmp_path / "g1").mkdir()
    (tmp_path / "g1" / "a.md").write_text("hola")
    (tmp_path / "g1" / "a.md~").write_text("vieja")
    assert folder(tmp_path) == {"g1/a.md": b"hola"}
    (tmp_path / "g1" / "b.md").symlink_to("/etc/passwd")
    with pytest.raises(FolderRefused, match="enlace"):
        folder(tmp_path)
    with pytest.raises(FolderRefused, match="No existe"):
        folder(tmp_path / "no")


# What the diploma asks for: alternatives and equivalences ------------------------------------------------------------

GROUPS = b'''
[[requirement]]
kind = "modules"
name = "Electivos"
modules = ["G1", "G2"]
least = 1

[[requirement]]
kind = "any"
name = "Pr\xc3\xa1ctica"

[[requirement.option]]
kind = "modules"
modules = ["G1", "G2"]

[[requirement.option]]
kind = "internship"
hours = 40

[[equivalence]]
code = "curso-2024"
name = "Curso de la Escuela, 2024"
modules = ["G1"]
'''


def with_groups(text: bytes = GROUPS) -> tuple[Programme | None, list[Fault]]:
    given = files()
    given["programme.toml"] += text
    return read(given)


def test_alternatives_and_equivalences_are_read_and_packed() -> None:
    programme, faults = with_groups()
    assert programme and not faults
    some, either = programme.requirements[-2:]
    assert some == Requirement("modules", ("G1", "G2"), least=1, name="Electivos") and some.grouped
    assert either == Requirement("any", least=1, name="Práctica", ways=(Way("modules", ("G1", "G2")), Way("internship", hours=40)))
    assert programme.equivalences == (Equivalence("curso-2024", "Curso de la Escuela, 2024", ("G1",)),)
    assert unpack(pack(programme)) == programme
    assert not programme.requirements[0].grouped                # as it was written before there were alternatives


@pytest.mark.parametrize(("old", "new", "told"), [
    ('least = 1', 'least = 3', "Se piden 3 y hay 2"), ('name = "Electivos"\n', '', "Falta «name»"),
    ('name = "Pr\u00e1ctica"\n', '', "Falta «name»"), ('name = "Pr\u00e1ctica"', 'name = "Electivos"', "Hay dos exigencias «Electivos»"),
    ('kind = "internship"\nhours = 40', 'kind = "certificate_name"', "Una alternativa no puede ser"),
    ('hours = 40', 'hours = 0', "«hours» es 0"), ('code = "curso-2024"', 'code = "Curso 2024"', "«code» no puede ser"),
    ('[[requirement.option]]\nkind = "internship"\nhours = 40\n', '', "tiene al menos dos"),
    ('modules = ["G1", "G2"]\n\n[[requirement.option]]', 'modules = ["G9"]\n\n[[requirement.option]]', "No hay un módulo con código «G9»"),
    ('modules = ["G1"]\n', 'modules = ["G1"]\nnota = 4\n', "La clave «nota» no existe")])
def test_what_is_wrong_with_them_is_told_on_its_line(old: str, new: str, told: str) -> None:
    text = GROUPS.decode()
    assert old in text
    programme, faults = with_groups(text.replace(old, new).encode())
    assert programme is None and [f for f in faults if told in f.message and f.file == "programme.toml" and f.line], [str(f) for f in faults]


def test_two_equivalences_of_one_code_are_told() -> None:
    _programme, faults = with_groups(GROUPS + GROUPS[GROUPS.index(b"[[equivalence]]"):])
    assert ["Hay dos equivalencias «curso-2024»." in f.message for f in faults] == [True]
