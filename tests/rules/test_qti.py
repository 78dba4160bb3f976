"""QTI out of our questions and back, hostile archives and XML, and spoiled files."""

import contextlib
import io
import random
import re
import stat
import time
import zipfile
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import formats
from lms.catalogue.formats.parcel import Grade, Notice
from lms.catalogue.formats.qti_patterns import Unreadable, fits
from lms.catalogue.formats.safe import MOST_FILES, open_zip, parse_xml
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.short import Words
from lms.catalogue.rules import Question
from tests import archives, qti_fuzz
from tests.pictures import png
from tests.rules.qti_samples import option, part, samples

PICTURE = png(200, 100)
QUESTIONS, MEDIA = samples(PICTURE)
# What a format can not say: of which question, and what then differs when it is read again.
UNSAYABLE = {
    **dict.fromkeys(("qti21", "qti22", "qti3"), {"q1"}),
    **dict.fromkeys(("qti12", "cartridge"), {"w1", "i1", "k1", "k2", "o1", "c1", "c2"})}
CHANGED = {
    "qti21": {}, "qti22": {}, "qti3": {},
    **dict.fromkeys(("qti12", "cartridge"), {"s1": ("said", "tags"), "h2": ("body",), "e3": ("body",)})}


@pytest.mark.parametrize("name", UNSAYABLE)
def test_what_a_format_can_say_comes_back_equal(name):
    written = formats.write(name, QUESTIONS, MEDIA)
    parcel = formats.read("x.zip", written.content)
    assert parcel.format == name and not parcel.faults
    again = {q.id: q for q in parcel.questions}
    assert {q.id for q in QUESTIONS} - set(again) == UNSAYABLE[name]
    for q in QUESTIONS:
        if q.id in again:
            lost = {part: getattr(again[q.id], part) for part in CHANGED[name].get(q.id, ())}
            assert replace(q, **lost) == again[q.id]
    told = {n.question for n in written.notices}
    assert told == UNSAYABLE[name] | set(CHANGED[name])
    assert dict(parcel.media) == MEDIA


@pytest.mark.parametrize("name", ["qti12", "cartridge"])
def test_categories_are_banks(name):
    asked = [replace(QUESTIONS[2], id="a", category="Uno"), replace(QUESTIONS[2], id="b", category="Dos/Tres"), replace(QUESTIONS[2], id="c")]
    again = {q.id: q.category for q in formats.read("x.zip", formats.write(name, asked, {}).content).questions}
    assert again["c"] == "" and again["a"] == "Uno" and again["b"].replace("//", "/") == "Dos/Tres"


@pytest.mark.parametrize("name", UNSAYABLE)
def test_the_same_questions_give_the_same_bytes(name):
    assert formats.write(name, QUESTIONS, MEDIA).content == formats.write(name, QUESTIONS, MEDIA).content


def test_an_image_that_is_not_at_hand_is_told():
    written = formats.write("qti21", [QUESTIONS[1]], {})
    assert any(n.grade is Grade.CHANGED and "no está a mano" in n.message for n in written.notices)


# Hostile XML and archives -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("content, said", [
    (archives.laughs().encode() + b"<x>&l9;</x>", "DOCTYPE"), (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "DOCTYPE"),
    (b'<!-- a --><!DOCTYPE x [<!ENTITY e SYSTEM "http://x/">]><x>&e;</x>', "DOCTYPE"), ('<!DOCTYPE x><x/>'.encode("utf-16"), "DOCTYPE"),
    (b"<x>&nbsp;</x>", "&nbsp;"), (b"<a>" * 5000, "anida"), (b"<a>" * 150 + b"</a>" * 150, "anida"), ("<a>ñ</a>".encode("latin-1"), "codificación"),
    (b'<?xml version="1.0" encoding="utf-7"?><a/>', "codificación"), (b"<a><b></a>", "mal formado"), (b"", "mal formado")])
def test_xml_that_is_refused(content, said):
    found = parse_xml("x.xml", content)
    assert isinstance(found, Notice) and found.grade is Grade.FAULT and said in found.message and found.place.startswith("x.xml")


def test_xml_in_any_honest_encoding_is_read():
    for code in ("utf-8", "utf-16", "iso-8859-1", "windows-1252"):
        found = parse_xml("", f'<?xml version="1.0" encoding="{code}"?>\n<a>ñandú</a>'.encode(code))
        assert not isinstance(found, Notice) and found.text == "ñandú" and found.sourceline == 2


@pytest.mark.parametrize("name", ["../x", "/etc/x", "C:/x", "a/../../x", "a\\..\\..\\x"])
def test_a_path_that_leads_out_is_refused(name):
    found = open_zip(archives.zipped({name: b"x"}))
    assert isinstance(found, Notice) and "sale de su carpeta" in found.message


def test_links_doubles_passwords_bombs_and_crowds_are_refused():
    link = zipfile.ZipInfo("x")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "enlace" in open_zip(made.getvalue()).message
    assert "dos veces" in open_zip(archives.zipped({"a/b": b"1", "a//./b": b"2"})).message
    assert "desempaquetarlo" in open_zip(archives.zipped({"x": b"\0" * (30 << 20)})).message
    assert "dañado" in open_zip(archives.zipped({"x": b"hola" * 100})[:-30]).message
    locked = bytearray(archives.zipped({"x": b"hola"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert "contraseña" in open_zip(bytes(locked)).message
    assert "más de" in open_zip(archives.zipped((f"{n}", b"") for n in range(MOST_FILES + 1))).message


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(archives.zipped({"x": b"\0" * (4 << 20)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + at
        content[start:start + 4] = (10).to_bytes(4, "little")
    assert isinstance(open_zip(bytes(content)), Notice)


# Spoiled files ----------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def targets():
    return qti_fuzz.Targets()


@pytest.mark.parametrize("target, many", [("xml", 400), ("zip", 40)])
def test_a_spoiled_file_is_answered_soon_and_without_an_exception(targets, target, many):
    problems = [(number, problem) for number in range(many) if (problem := qti_fuzz.one(target, 30, number, targets)[0])]
    assert not problems


ENDLESS = {
    "a product of long fractions": "<product>" + '<baseValue baseType="float">1.0000000000000000000000000001</baseValue>' * 2000 + "</product>",
    "a power of powers": "<power>" * 3 + '<baseValue baseType="float">999999</baseValue>' + '<baseValue baseType="integer">200</baseValue></power>' * 3,
    "repeats within repeats": '<repeat numberRepeats="200">' * 6 + '<baseValue baseType="float">1</baseValue>' + "</repeat>" * 6,
    "a pattern of many ways": '<patternMatch pattern="' + "(a|aa)" * 30 + 'b"><baseValue baseType="string">' + "a" * 900 + "</baseValue></patternMatch>",
    "a pattern of many repeats": '<patternMatch pattern="a*b?a*b?a*b?a*c"><baseValue baseType="string">' + "a" * 900 + "</baseValue></patternMatch>"}


@pytest.mark.parametrize("rule", ENDLESS.values(), ids=ENDLESS)
def test_a_processing_that_would_not_end_is_not_taken(rule):
    choices = "".join(f'<simpleChoice identifier="c{n}">c{n}</simpleChoice>' for n in range(9))
    item = ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a"><responseDeclaration identifier="R" cardinality="multiple" '
            f'baseType="identifier"/><itemBody><choiceInteraction responseIdentifier="R" maxChoices="0">{choices}</choiceInteraction></itemBody>'
            f'<responseProcessing><setOutcomeValue identifier="SCORE">{rule}</setOutcomeValue></responseProcessing></assessmentItem>')
    began = time.process_time()
    parcel = formats.read("x.xml", item.encode())
    assert parcel.faults and time.process_time() - began < 2


@pytest.mark.parametrize("kind, options", [("short", [("b", "Quito", 1), ("a", "Kitu", 1)]), ("single", [("a", "Chile", 1), ("b", "Perú", 0)])])
def test_a_text_with_gaps_of_one_kind_fits_into_canvas(kind, options):
    made = [option(*o) for o in options]
    body = Words(accents=True) if kind == "short" else None
    parts = tuple(part(str(n), kind, [replace(made[0], feedback="sí" if n == 1 else ""), made[1]], n, "line" if kind == "short" else "list", body=body)
                  for n in (1, 2))
    asked = Question("c9", "cloze", "Uno {#1}, dos {#2}.", (), Fraction(3), body=Cloze(parts))
    assert formats.read("x.zip", formats.write("qti12", [asked], {}).content).questions == (asked,)


# Patterns ---------------------------------------------------------------------------------------------------------------

EVIL = ["(a|a)*b", "(a|aa)*b", "(a?a)*b", "(a|aa){50}b", "(.|a)*b", "(a|b|ab)*c", "a*a*a*b", "(ab?)*?", "[a-z]*[a-z]*x", "(a+)+$", "((a*)*)*b",
        "(a*b?)*c", "([a-z]+,?)*;", "(a|[a-c]|\\w)*d", "(\\w|\\d)+-", "(a{0,9}){0,9}b", "((((a{0,60}){0,60}){0,60}){0,60}){0,60}b", "(a?){300}a{300}",
        "(x+x+)+y", "(?:a|a)*b", "(a|(a|(a|a)*)*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(" * 20 + "a*" + ")*" * 20, "(|a|aa)*b", "(()*)*b"]


@pytest.mark.parametrize("text", ["a" * 60, "a" * 1000, "ab" * 500, "x" * 999 + "!", "a," * 400, "1a" * 300])
@pytest.mark.parametrize("pattern", EVIL)
def test_no_pattern_keeps_the_machine_busy(pattern, text):
    began = time.process_time()
    with contextlib.suppress(Unreadable):
        fits(pattern, text)
    assert time.process_time() - began < 0.5


ATOMS = st.sampled_from(["a", "b", "ab", ".", "[ab]", "[^a]", "\\d", "\\w", "\\.", "[a-c]", "1", "", "é"])
PATTERNS = st.recursive(ATOMS, lambda inner: st.one_of(
    st.tuples(inner, inner).map("".join), st.lists(inner, min_size=2, max_size=3).map(lambda ways: "(" + "|".join(ways) + ")"),
    st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}"])).map(lambda p: f"({p[0]}){p[1]}")), max_leaves=7)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, st.integers(0, 10 ** 6))
def test_any_pattern_matches_soon(pattern, seed):
    chance = random.Random(seed)
    began = time.process_time()
    for number in range(200):
        text = "".join(chance.choices("aab1.cé", k=number))
        with contextlib.suppress(Unreadable):
            fits(pattern, text)
    assert time.process_time() - began < 4          # 200 texts of up to 200 letters, on a busy machine too


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.lists(st.text("ab1.cé", max_size=7), min_size=1, max_size=12))
def test_a_pattern_fits_what_it_fits_elsewhere(pattern, texts):
    """Short texts, so that Python's own engine can not take long: it has to agree."""
    for text in texts:
        assert fits(pattern, text)[0] == (re.fullmatch(pattern, text) is not None)


@pytest.mark.parametrize("pattern, right, wrong", [
    ("\\d{1,3}(\\.\\d{3})*", ["1.234.567", "12"], ["1234", "1.23"]), ("[a-z-[aeiou]]+", ["brr"], ["bar"]), ("\\p{Lu}\\p{Ll}+", ["Ñandú"], ["ñandú", "A1"]),
    ("^sí$", ["sí"], ["^sí$", "si"]), ("a\\$", ["a$"], ["a"]), ("\\i\\c*", ["_a-1"], ["1a"]), ("[\\d-]+", ["1-2"], ["a"]), ("a.b", ["axb"], ["a\nb"]),
    ("\\P{L}", ["1"], ["a"]), ("[^\\s]+", ["ab"], ["a b"]), ("(sí|no)?", ["", "no"], ["sino"]), ("[]a]", ["]"], ["b"]), ("\\^\\[", ["^["], ["["])])
def test_patterns_of_xml_schema(pattern, right, wrong):
    assert all(fits(pattern, text)[0] for text in right) and not any(fits(pattern, text)[0] for text in wrong)


@pytest.mark.parametrize("pattern", ["(?=a)b", "(a)\\1", "a**", "a{2}{3}", "a{3,1}", "a{5000}", "(", "[a", "a)", "*", "\\", "[z-a]", "\\q", "\\p{Xx}", "a" * 400,
                                     "(" * 60 + ")" * 60, "a*+", "(?P<x>a)", "(?i)a", "[[a]", "a{x}"])
def test_a_pattern_that_is_none_or_of_another_kind_is_not_read(pattern):
    with pytest.raises(Unreadable):
        fits(pattern, "aaa")


def test_case_counts_unless_it_does_not():
    assert fits("ñandú", "ÑANDÚ", case=False)[0] and not fits("ñandú", "ÑANDÚ")[0]
    assert fits("[A-C]+", "abc", case=False)[0]
