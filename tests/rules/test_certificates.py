"""Folios that catch a slip, codes that can be read aloud, who may be given what, and what a stranger may read."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from lms.certificates import wording
from lms.certificates.facts import whole
from lms.certificates.identity import claims, identify
from lms.certificates.kinds import KINDS as KNOWN
from lms.certificates.rules import (
    ALPHABET,
    End,
    Mistyped,
    code,
    folio,
    groups,
    participation_refusal,
    public,
    read_code,
    read_folio,
    refusal,
    state,
    tail,
)
from lms.certificates.snapshot import LANGUAGES, Snapshot
from lms.completion.rules import lacking
from lms.foundation.pace import Pace, network
from tests.certified import CODE, beginner, complete, snapshot, step_away

FINE = {"enrolled": True, "name_confirmed": True, "signed": True}


@pytest.mark.parametrize("year, number, digits", [(2026, 123, "85"), (2026, 1, "63"), (2027, 123, "04")])
def test_check_digits_are_those_of_iso_7064(year, number, digits):
    assert folio("EGL", year, number) == f"EGL-{year}-{number:06}-{digits}"


@pytest.mark.parametrize("typed", [
    "EGL-2027-000123-04", "egl-2027-000123-04", " EGL 2027 000123 04 ", "EGL202700012304", "egl 2027-00012304",
    "EGL–2027–000123–04", "ＥＧＬ-2027-000123-04", "EGL/2027/000123/04"])
def test_a_folio_is_read_however_it_was_typed(typed):
    assert read_folio(typed) == "EGL-2027-000123-04"


@pytest.mark.parametrize("typed", ["EGL-2026-000132-85", "EGL-2026-001023-85", "EGL-2026-000124-85",
                                   "EGL-2062-000123-85", "ELG-2026-000123-85", "EGL-2026-000123-58"])
def test_a_slip_of_the_finger_is_caught_and_sent_back_to_the_paper(typed):
    with pytest.raises(Mistyped, match="papel"):
        read_folio(typed)


def test_no_single_slip_and_no_swap_of_neighbours_gives_another_folio():
    chance = random.Random(7)
    for _ in range(200):
        true = folio("EGL", chance.randint(2026, 2060), chance.randint(1, 999_999)).replace("-", "")
        for i in range(3, len(true)):
            for digit in "0123456789":
                if digit != true[i]:
                    with pytest.raises(Mistyped):
                        read_folio(true[:i] + digit + true[i + 1:])
            if i + 1 < len(true) and true[i] != true[i + 1]:
                with pytest.raises(Mistyped):
                    read_folio(true[:i] + true[i + 1] + true[i] + true[i + 2:])


@pytest.mark.parametrize("typed", ["", "hola", "EGL-2027-123-04", "EGL-2027-000123", "٢٠٢٧", "x" * 5000,
                                   "EGL-٢٠٢٧-000123-04", "<script>", "2027-000123-04"])
def test_what_is_no_folio_is_told_what_one_looks_like(typed):
    with pytest.raises(Mistyped, match="EGL-2027-000123-04"):
        read_folio(typed)


def test_a_code_holds_all_its_130_bits_and_is_read_back():
    assert code(0) == "0" * 26 and code(2**130 - 1) == "Z" * 26 and len(set(ALPHABET)) == 32
    for bits in (1, 12345678901234567890, 2**129 + 17):
        written = code(bits)
        assert read_code(written.lower()) == read_code(" ".join(written)) == written
    assert read_code("oOiIlL" + "0" * 20) == "001111" + "0" * 20


@pytest.mark.parametrize("typed", ["", "ABC", "0" * 25, "0" * 27, "U" * 26, "ñ" * 26])
def test_what_is_no_code_is_told_where_to_find_it(typed):
    with pytest.raises(Mistyped, match="al pie del certificado"):
        read_code(typed)


def test_the_state_is_what_its_end_says():
    at = datetime(2028, 3, 3, tzinfo=UTC)
    assert state(None) == "valid"
    assert [state(End(kind, "x", at)) for kind in ("revoked", "replaced")] == ["revoked", "replaced"]


def test_a_stranger_sees_neither_the_grade_nor_the_document():
    shown = str(vars(public(snapshot())))
    assert "5,8" not in shown and "cinco" not in shown and "12.531.909" not in shown and "12531909" not in shown
    assert "María Elena Núñez Ibáñez" in shown and "270" in shown and "27 de noviembre de 2027" in shown


def test_of_a_document_only_the_end_is_shown_and_of_a_short_one_nothing():
    assert tail("RUN 12.531.909-2") == "RUN terminado en 9-2"
    assert tail("DNI 20.123.456") == "DNI terminado en 456"
    assert tail("Pasaporte AB123") == tail("") == ""


def test_a_module_s_certificate_names_module_and_programme():
    shown = public(replace(snapshot(), kind="module", module="Asociativismo"))
    assert shown.kind == "Certificado de aprobación de módulo" and shown.title.startswith("Asociativismo (Diplomado")


def test_who_is_complete_is_given_it():
    assert refusal(complete(), None, **FINE) is None
    assert refusal(complete(), "G1", **FINE) is None


@pytest.mark.parametrize("verdict, module, but, says", [
    (beginner(), None, {}, "Falta aprobar G1, G2; 12 h de seminario; 20 h de pasantía; confirmar el nombre"),
    (step_away(), None, {}, "Falta 4 h de pasantía"),
    (beginner(), "G1", {}, "No ha aprobado G1"),
    (complete(), "G9", {}, "No ha aprobado G9"),
    (complete(), None, {"enrolled": False}, "No está inscrita"),
    (complete(), None, {"name_confirmed": False}, "confirme en su cuenta"),
    (complete(), None, {"signed": False}, "Agregar los firmantes"),
])
def test_a_refusal_names_what_is_missing_and_what_to_do(verdict, module, but, says):
    assert says in (refusal(verdict, module, **{**FINE, **but}) or "")


def test_half_hours_are_written_with_a_comma():
    item = next(i for i in step_away().missing)
    item.values["left"] = Fraction(3, 2)
    assert lacking(replace(step_away(), items=(item,))) == "1,5 h de pasantía"


def test_everyone_stands_in_one_group():
    verdicts = {1: complete(), 2: step_away(), 3: beginner(), 4: complete(), 5: complete()}
    found = groups(verdicts, None, living={4}, revoked={5}, confirmed=set(verdicts))
    assert (found.ready, found.again, found.step, found.pending, found.issued) == ((1,), (5,), (2,), (3,), (4,))


def test_a_module_asks_only_for_itself_and_the_name():
    verdicts = {1: complete(), 2: step_away(), 3: beginner()}
    found = groups(verdicts, "G1", living=set(), revoked=set(), confirmed={1, 3})
    assert (found.ready, found.step, found.pending) == ((1,), (), (2, 3))


def test_a_claim_is_found_in_any_bytes_and_never_believed_in_part():
    text = f"folio=EGL-2027-000123-04; code={CODE}; edition=e".encode()
    assert identify(b"\xff\xfe" + text.decode().encode("utf-16-le")) == ("EGL-2027-000123-04", CODE)
    assert identify(b"") is identify(b"%PDF-1.7 nothing") is identify(text[:40]) is None
    other = text.replace(b"000123", b"000124")
    assert len(list(claims(text + other + text))) == 2
    assert len(list(claims(b" ".join(text.replace(b"000123", b"%06d" % i) for i in range(50))))) == 8


def test_one_address_may_ask_so_often_a_minute_and_another_is_not_troubled():
    pace = Pace(3)
    assert [pace.allows("10.0.0.1", t) for t in (0, 1, 2, 3)] == [True, True, True, False]
    assert pace.allows("10.0.0.2", 3) and pace.allows("10.0.0.1", 60)
    assert network("2001:db8::1") == network("2001:db8::ffff") != network("2001:db8:0:1::1")
    assert network("no address") == "?"


# The words in three languages -----------------------------------------------------------------------------------------

def told(**changed):
    s = snapshot(institutions=("Escuela de Gobierno Local", "Universidad Nacional de Quilmes"), equivalence="7 de 10, escala argentina",
                 scale="escala de 1,0 a 7,0, nota mínima de aprobación 4,0", **changed)
    return " ".join([wording.opening(s), wording.passed(s), "".join(wording.course(s)), wording.issue(s), wording.no_degree(s),
                     *(" ".join(map(str, (f.label, f.number, f.unit))) for f in wording.summary(s))]).replace("\u00a0", " ")


def test_a_paper_in_english_says_it_all_and_keeps_the_names():
    said = told(language="en")
    assert "Escuela de Gobierno Local and Universidad Nacional de Quilmes certify that" in said
    assert "taught from 5 April 2027 to 27 November 2027, with a workload of 270 hours (10 SCT-Chile), with a final grade of 5,8" in said
    assert "on a scale from 1,0 to 7,0, pass mark 4,0." in said and "Issued in Santiago de Chile on 10 December 2027." in said
    assert "of 10, Argentine scale" in said and "cinco" not in said and "does not lead to a professional title" in said


def test_a_paper_in_portuguese_says_it_all():
    said = told(language="pt")
    assert "Escuela de Gobierno Local e Universidad Nacional de Quilmes certificam que" in said
    assert "ministrado de 5 de abril de 2027 a 27 de novembro de 2027, com duração de 270 horas" in said and "nota mínima de aprovação 4,0" in said


def test_spanish_is_said_as_before():
    assert "La Escuela de Gobierno Local y la Universidad Nacional de Quilmes certifican que" in told()
    assert "con nota final 5,8 (cinco coma ocho), en escala de 1,0 a 7,0" in told()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language):
    def shape(of):
        return {part: set(inside) for part, inside in of.items() if part != "scales"}
    mine, spanish = shape(wording.words(language)), shape(wording.words("es"))
    assert mine.keys() == spanish.keys()
    assert all(spanish[part] <= inside for part, inside in mine.items())


# The other kinds ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [code for code, kind in KNOWN.items() if not kind.elsewhere])
def test_every_kind_can_be_said_in_every_language_with_and_without_a_grade(kind, language):
    for grade in ("5,8", ""):
        said = told(kind=kind, language=language, grade=grade, host="Municipalidad de Rosario", place="Rosario", minutes=1, module="Un módulo")
        assert "{" not in said and "}" not in said and ("5,8" in said) == bool(grade)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind, form", [("final", "degree"), ("final", "office"), ("attendance", "online")])
def test_a_form_of_words_says_something_of_its_own(kind, form, language):
    whole, usual = wording.told(language, kind, form), wording.told(language, kind, "")
    assert (whole["kind"], whole["passed"]) != (usual["kind"], usual["passed"]) and whole["course"] == usual["course"]


def test_hours_and_minutes_are_said_as_they_are():
    assert "con una asistencia de 7 horas y 30 minutos." in told(kind="attendance", hours=7, minutes=30, grade="", credits=())
    assert "1 hora y 1 minuto." in told(kind="attendance", hours=1, minutes=1, grade="", credits=())
    assert whole(Fraction(15, 2)) == (7, 30) and whole(Fraction(1, 7)) == (0, 8)


def test_a_stranger_sees_where_and_how_long_an_internship_was():
    shown = public(snapshot(kind="internship", host="Municipalidad de Rosario", place="Rosario, Argentina", hours=40))
    assert shown.kind == "Constancia de pasantía" and shown.title.startswith("Municipalidad de Rosario (")
    assert shown.given.startswith("en Rosario, Argentina, entre el")


def test_what_was_issued_before_there_were_more_kinds_is_read_as_it_was():
    old = json.loads(snapshot().to_json())
    for later in ("form", "host", "place", "minutes"):
        del old[later]
    assert Snapshot.from_json(json.dumps(old)) == snapshot()


def test_participation_is_for_who_was_there_to_the_end_and_did_not_pass():
    assert participation_refusal(step_away(), ended=True) is None
    assert "no ha terminado" in participation_refusal(step_away(), ended=False)
    assert "diploma" in participation_refusal(complete(), ended=True)
    assert "asistencia" in participation_refusal(beginner(), ended=True)
