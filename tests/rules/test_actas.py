"""What an acta says, how it is hashed and chained: without an app and without a database."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lms.actas import paper, transcript_paper
from lms.actas.chain import Head, Record, Signed, Snapshot, faults, link
from lms.actas.drafting import credited, tenths
from lms.actas.heads import read
from lms.actas.rules import (
    BEGINNING,
    Content,
    Decision,
    Measure,
    Row,
    Signer,
    canonical,
    differences,
    digest,
    folio,
    graded,
    kept,
    state_of,
)
from lms.actas.standing import Line, Transcript
from lms.foundation.paper.faces import Unprintable
from lms.foundation.paper.lines import TooLong
from lms.grading.policies import standing
from lms.grading.rules import ModuleResult, Part

SHARES = some.fractions(0, 1, max_denominator=400)
CODE = "7K3MQ2X9VB4HT8WZ1CDEFGHJKM"


def row(person=1, share: F | None = F(82, 100), state="", name="Núñez Ibáñez, María Elena", country="CL", **more) -> Row:
    scales = standing(country)
    bare = Row(person, "RUN 12.531.909-2", name, state, attendance=F(3, 4), **more)
    if share is None:
        return bare
    passed = scales.grade(share).passed
    return graded(replace(bare, share=share, state="approved" if passed else "failed", passed=passed), scales.grades(share),
                  scales.home.id)


def content(rows=None, country="CL", signers=2, **more) -> Content:
    scales, rows = standing(country), [row()] if rows is None else rows
    return Content(
        1, "CL-2027", country, "Diplomado en Cooperación Internacional", "G2", "Asociativismo intermunicipal", 27,
        ("1,0 SCT-Chile", "1,0 CRE"), "2027-05-05", "2027-05-30",
        (("Escuela de Gobierno Local de la Asociación de Municipalidades de Chile", "CL"), ("Universidad Nacional de Quilmes", "AR")),
        scales.home.id, scales.own.id, tuple(Measure(s.id, s.name, s.place) for s in scales.shown),
        tuple(Signer(n, f"Docente Número {n}", "Universidad Nacional de Quilmes") for n in range(signers)), tuple(rows), **more)


def snapshot(said: Content, number=23, previous="7" * 64, rectifies=None) -> Snapshot:
    at = "2027-06-10T18:20:00+00:00"
    return Snapshot(1, 1, number, 2027, number, folio(2027, number), CODE, f"https://escuela.example.cl/a/{folio(2027, number)}/{CODE}",
                    previous, folio(2027, number - 1) if number > 1 else "", "2027-06-11T14:20:00+00:00", 9, "Olga Ibáñez Vera", at,
                    3, digest(canonical([])), at, 3, tuple(Signed(s.person_id, s.name, s.institution, at) for s in said.signers),
                    said.digest, said, rectifies)


def record(said: Snapshot, previous: str = BEGINNING) -> Record:
    text = said.to_json()
    sha256 = digest(text.encode())
    return Record(said.sequence, 1, 1, 1, "G2", None, 2027, said.number, said.folio, CODE, text, sha256, previous, "a" * 64,
                  link(said.sequence, sha256, previous, "a" * 64), "kid", "", datetime(2027, 6, 11, 14, 20, tzinfo=UTC), 9)


def result(share, *states) -> ModuleResult:
    return ModuleResult("G2", share, None if share is None else share >= F(59, 100), tuple(Part("quiz", 50, share, s) for s in states), ())


# Who is what -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("share, word", [(F(59, 100), "approved"), (F(58, 100), "failed"), (F(0), "failed")])
def test_a_grade_decides_by_itself(share, word):
    for said in ("", "absent", "pending"):
        assert state_of(result(share, "marked"), result(share, "marked"), Decision(said), False) == (word, "")


@pytest.mark.parametrize("waits", ["running", "marking", "unreleased"])
def test_what_waits_for_a_marker_is_never_an_absence(waits):
    known = result(None, waits)
    assert state_of(known, known, Decision("absent"), False) == ("", waits)
    assert state_of(known, known, Decision("absent"), True) == ("withdrawn", "")


def test_what_was_recorded_as_absent_or_exempt_is_so():
    marked = result(F(0), "absent", "absent")
    assert state_of(marked, marked, Decision(), False) == ("absent", "")
    for status, word in (("exempt", "approved"), ("absent", "absent")):
        told = replace(result(None, "none"), status=status)
        assert state_of(told, told, Decision(), False) == (word, "")
    excused = replace(result(None, "none"), status="excused")
    assert state_of(excused, excused, Decision(), False) == ("", "undecided"), "an acta has to say something of everyone"


def test_a_grade_that_is_not_published_is_still_lacking():
    assert state_of(result(None, "none"), result(F(1), "marked"), Decision("absent"), False) == ("", "unreleased")


def test_without_work_a_person_has_to_be_said_to_be_something():
    nothing = result(None, "none", "none")
    assert state_of(nothing, nothing, Decision(), False) == ("", "undecided")
    assert state_of(nothing, nothing, Decision("free"), False) == ("free", "")


@settings(deadline=None)          # the machine may be busy
@given(SHARES)
def test_both_presentations_agree_on_who_passed_and_the_words_are_the_figures(share):
    one = row(share=share)
    assert one.passed == (one.grade_home >= 4) == (int(one.shown["ar-4-2026"]) >= 4)
    assert one.words == one.spelled["cl-60-2026"] and " coma " in one.words


# Hashes -------------------------------------------------------------------------------------------------------------------

@settings(deadline=None)          # the machine may be busy
@given(some.lists(SHARES, min_size=1, max_size=5))
def test_content_comes_back_from_its_json_as_it_was(shares):
    said = content(row(n, share) for n, share in enumerate(shares))
    whole = snapshot(said)
    assert Snapshot.from_json(whole.to_json()) == whole
    assert Snapshot.from_json(whole.to_json()).content.digest == said.digest == whole.content_sha256


def test_whoever_differs_by_anything_has_another_hash():
    one = content()
    others = [content([row(share=F(81, 100))]), content([row(name="Otra")]), content(signers=1), replace(one, hours=28),
              content([row(person=2)]), content(country="AR"), replace(one, reason="x"), replace(one, rows=())]
    assert len({c.digest for c in [one, *others]}) == len(others) + 1


def test_a_chain_is_sound_until_something_in_it_is_not():
    first = record(snapshot(content(), 1, BEGINNING))
    second = record(snapshot(content([row(2)]), 2, first.link), first.link)
    assert faults(first, None) == faults(second, first) == []
    assert faults(second, None) and faults(first, second)
    assert faults(replace(second, module="G1"), first) == ["la columna module no dice lo mismo que el contenido"]
    assert "su contenido no se puede leer" in faults(replace(second, snapshot="[]"), first)


def test_folios_are_caught_when_mistyped():
    assert [folio(2027, n) for n in (1, 18, 23)] == ["EGA-2027-000001-47", folio(2027, 18), "EGA-2027-000023-78"]
    assert len({folio(2027, n)[-2:] for n in range(1, 40)}) > 25


def test_heads_are_read_out_of_a_mail():
    head = Head(3, "a" * 64, folio(2027, 3), "2027-06-11T14:20:00+00:00", "kid", "c2ln")
    assert read(["Guardar este mensaje.", "", head.to_json(), "{cut off"]) == [head]


# Rectifying -------------------------------------------------------------------------------------------------------------------

def test_what_did_not_change_stays_as_it_was_presented():
    old = replace(row(), shown={"cl-50-2020": "9,9"}, words="nueve coma nueve")
    assert kept(row(), old).shown == {"cl-50-2020": "9,9"}
    assert kept(row(share=F(1)), old).shown != old.shown
    assert kept(replace(row(), name="Otro Nombre"), old).name == "Otro Nombre", "a corrected name is a reason to rectify"


def test_differences_are_those_judged_otherwise_and_those_who_came_or_went():
    before = content([row(1), row(2), row(3)])
    now = content([row(1, F(1)), row(2, name="Nueva"), row(4)])
    assert [d.person_id for d in differences(before, now)] == [1, 4, 3]


# Credits and papers -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("hours, told", [(27, "1,0"), (54, "2,0"), (140, "5,2"), (216, "8,0"), (270, "10,0"), (300, "11,1")])
def test_credits_are_one_figure_of_hours(hours, told):
    assert tenths(F(hours, 27)) == told
    assert credited(F(hours, 27), "CL") == (f"{told} SCT-Chile", f"{told} CRE")
    assert credited(F(hours, 27), "AR")[0] == f"{told} CRE"


@pytest.mark.parametrize("rows", [0, 1, 17, 18, 19, 36, 37, 120])
@pytest.mark.parametrize("country", ["CL", "AR"])
@pytest.mark.parametrize("signers", [1, 4, 9])
def test_any_number_of_rows_is_printed_on_numbered_sheets(rows, country, signers):
    said = content([row(n, F(n % 101, 100), country=country) for n in range(rows)], country, signers)
    pdf = paper.draw(snapshot(said), "0" * 64)
    assert pdf == paper.draw(snapshot(said), "0" * 64)
    sheets = max(1, -(-rows // 18)) + (signers + 1 > 4)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == sheets


def test_the_longest_and_strangest_is_printed_or_refused_in_words():
    long = "Fernández-Etchegaray de los Ángeles Muestra y Ñancupil, María Guadalupe Milagros de la Santísima Trinidad"
    said = content([row(name=long)], rectifies=folio(2027, 1), rectifies_on="2027-06-04", reason="Motivo. " * 60,
                   resolution="Resolución interna 7/2027 de la Dirección", changed=((1, "5,3, aprobado"),))
    assert paper.draw(snapshot(said, rectifies=1), "0" * 64)
    with pytest.raises(Unprintable, match="no se puede imprimir"):
        paper.check(snapshot(content([row(name="漢字, Nombre")])))
    with pytest.raises(TooLong, match="no cabe"):
        paper.check(snapshot(content([row(name="X" * 200)])))


def test_a_long_address_does_not_keep_an_acta_from_being_closed():
    said = snapshot(content())
    far = replace(said, verify_url=said.verify_url.replace("escuela.example.cl", f"{'escuela-de-gobierno-local.' * 4}example.cl"))
    assert paper.draw(far, "0" * 64)


def test_a_transcript_is_drawn_with_and_without_a_final_grade():
    lines = tuple(Line(f"G{n}", "Régimen jurídico y tipología del asociativismo", 27, "1,0") for n in range(10))
    told = Transcript("Concentración de notas", "María Elena Núñez Ibáñez", "RUN 12.531.909-2", "Municipalidad de Muestra", "CL-2027",
                      "CL", "Diplomado en Cooperación Internacional", "En curso", lines, "Chile", "Argentina", 0, "0,0", "Escala.",
                      datetime(2027, 12, 10, tzinfo=UTC).date(), (("Escuela de Gobierno Local", "CL"),), ())
    assert transcript_paper.draw(told) == transcript_paper.draw(told)
    assert transcript_paper.draw(replace(told, mark="5,6", words="cinco coma seis", other="", equivalent=""))
    with pytest.raises(TooLong):
        transcript_paper.draw(replace(told, lines=lines * 4))
