"""QTI 1.2: every file of the material is read whole or refused with its place; each rule of scoring gives the right key, its edges
included, or is refused by name; and the habits of the programs that write such files are understood."""

import re
import time
from pathlib import Path

import pytest

from lms.catalogue import formats
from lms.catalogue.formats.parcel import Grade
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.kind import dump, plain
from tests.archives import zipped
from tests.interop.test_qti_files import content_of, every_file

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material"
FILES = [p for p in every_file() if p.values[0] in ("qti12", "cc")] if (MATERIAL / "qti12").is_dir() else []
TEXT, NUMBER = '<response_str ident="r"><render_fib fibtype="String"/></response_str>', '<response_num ident="r"><render_fib/></response_num>'


def choices(cardinality="Single", letters="ABC"):
    labels = "".join(f'<response_label ident="{c}"><material><mattext>opción {c}</mattext></material></response_label>' for c in letters)
    return f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{labels}</render_choice></response_lid>'


def says(name, value, **more):
    return f'<{name} respident="r"{"".join(f" {k}={v!r}" for k, v in more.items())}>{value}</{name}>'


def earns(condition, value="100", **more):
    told = {"varname": "SCORE", "action": "Set", **more}
    return (f'<respcondition><conditionvar>{condition}</conditionvar><setvar {" ".join(f"{k}={v!r}" for k, v in told.items())}>{value}</setvar>'
            "</respcondition>")


def item(rules, response=TEXT, fields=(), score='<decvar varname="SCORE" minvalue="0" maxvalue="100"/>'):
    about = "".join(f"<qtimetadatafield><fieldlabel>{k}</fieldlabel><fieldentry>{v}</fieldentry></qtimetadatafield>" for k, v in fields)
    return (f'<questestinterop>\n<item ident="i-7" title="Uno"><itemmetadata><qtimetadata>{about}</qtimetadata></itemmetadata>\n<presentation><material>'
            f"<mattext>¿Cuánto?</mattext></material>{response}</presentation>\n<resprocessing><outcomes>{score}</outcomes>{rules}</resprocessing>"
            "</item></questestinterop>")


def read(text):
    return formats.read("x.xml", text.encode())


def shares(question, answers):
    return [KINDS[question.kind].score(question, dump(answer)) for answer in answers]


# The material -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind, path", FILES or [pytest.param("", None, marks=pytest.mark.skip(f"the files made by others are not here: {MATERIAL}"))])
def test_a_file_is_read_whole_or_refused_with_its_place(kind, path):
    parcel = formats.read(path.name, content_of(path))
    assert parcel.questions or parcel.notices, "silent"
    for notice in parcel.notices:
        assert notice.message and notice.remedy
    for notice in parcel.faults:
        if "questestinterop" in notice.place:
            assert re.search(r"línea \d+", notice.place)
            assert "«" in notice.place or "/item" not in notice.place
    for question in parcel.questions:
        right = KINDS[question.kind].right(question)
        assert right or question.kind in ("essay", "description", "calculated", "cloze", "gapselect", "matching", "ordering")


# Numbers ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("condition, answers", [
    (says("varequal", 5), {"5": 1, "5,0": 1, "4.999": 0, "5.001": 0, "": 0, "cinco": 0}),
    (says("vargte", 3) + says("varlte", 7), {"3": 1, "7": 1, "5": 1, "2.999": 0, "7.001": 0}),
    (says("vargt", 3) + says("varlt", 7), {"3": 0, "3.0001": 1, "6.9999": 1, "7": 0, "2": 0, "8": 0}),
    (says("vargt", 3) + says("varlte", 7), {"3": 0, "3.0001": 1, "7": 1, "7.0001": 0}),
    (says("vargte", -7) + says("varlt", -3), {"-7": 1, "-3.01": 1, "-3": 0, "-7.01": 0}),
    (f"<or>{says('varequal', 1)}{says('varequal', 9)}</or>", {"1": 1, "9": 1, "5": 0, "0": 0, "10": 0}),
    (f"<not>{says('varequal', 5)}</not>", {"5": 0, "4.999": 1, "5.001": 1, "-1000000": 1, "1000000": 1}),
    (f"<not><and>{says('vargte', 3)}{says('varlte', 7)}</and></not>", {"3": 0, "5": 0, "7": 0, "2.99": 1, "7.01": 1, "1e9": 1}),
    (f"<not><and>{says('vargt', 3)}{says('varlt', 7)}</and></not>", {"3": 1, "5": 0, "7": 1, "2.99": 1, "3.01": 0}),
    (says("vargte", 3) + says("varlte", 7) + f"<not>{says('varequal', 5)}</not>", {"3": 1, "5": 0, "5.01": 1, "4.99": 1, "7": 1, "8": 0}),
    (f"<or>{says('varlt', 3)}{says('vargt', 3)}</or>", {"3": 0, "2": 1, "4": 1}),
    (f"<or><and>{says('vargt', 0)}{says('varlt', 1)}</and><and>{says('vargt', 1)}{says('varlt', 2)}</and></or>", {"0": 0, "0.5": 1, "1": 0, "1.5": 1, "2": 0})])
def test_a_number_is_right_just_where_the_file_says(condition, answers):
    parcel = read(item(earns(condition), NUMBER))
    assert not parcel.faults and [q.kind for q in parcel.questions] == ["numerical"]
    assert dict(zip(answers, shares(parcel.questions[0], answers), strict=True)) == answers
    again = formats.read("x.zip", formats.write("qti12", parcel.questions, {}).content).questions[0]
    assert dict(zip(answers, shares(again, answers), strict=True)) == answers


def test_the_first_condition_that_is_met_counts_and_less_is_earned_further_off():
    parcel = read(item(earns(says("vargte", 9) + says("varlte", 11)) + earns(says("vargt", 8) + says("varlt", 12), 50), NUMBER))
    assert shares(parcel.questions[0], ["8", "8.1", "9", "10", "11", "11.9", "12"]) == [0, 0.5, 1, 1, 1, 0.5, 0]


@pytest.mark.parametrize("condition, said", [
    (says("varlt", 7), "menor que 7"), (says("varlte", 7), "hasta 7"), (says("vargt", 5), "mayor que 5"), (says("vargte", 5), "desde 5"),
    (f"<not>{says('vargte', 5)}</not>", "menor que 5"), (f"<not>{says('varlte', 5)}</not>", "mayor que 5"),
    (f"<or>{says('varequal', 1)}{says('vargt', 5)}</or>", "mayor que 5"), (says("vargt", 5) + f"<not>{says('varequal', 9)}</not>", "mayor que 9"),
    (f"<or>{says('varequal', 'siete')}{says('vargte', 7)}</or>", "«siete»"), (says("vargte", "3,1") + says("varlte", "3,2"), "«3,1»")])
def test_what_no_number_can_say_is_refused_by_name(condition, said):
    parcel = read(item(earns(condition), NUMBER))
    assert not parcel.questions
    assert [(n.grade, n.place) for n in parcel.notices] == [(Grade.UNSUPPORTED, "línea 2: «i-7»: /questestinterop/item")]
    assert said in parcel.notices[0].message and parcel.notices[0].remedy


def test_a_number_with_one_limit_is_refused_in_a_text_with_gaps_and_in_newer_items_too():
    two = NUMBER + TEXT.replace('"r"', '"s"')
    assert "desde 5" in read(item(earns(says("vargte", 5)) + earns('<varequal respident="s">x</varequal>'), two)).faults[0].message
    newer = ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="t"><responseDeclaration identifier="R" cardinality='
             '"single" baseType="{0}"/><itemBody><p><textEntryInteraction responseIdentifier="R"/> m</p></itemBody><responseProcessing><responseCondition>'
             '<responseIf>{1}<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>'
             "</responseProcessing></assessmentItem>")
    def sign(name, n):
        return f'<{name}><variable identifier="R"/><baseValue baseType="float">{n}</baseValue></{name}>'
    refused = read(newer.format("float", sign("gt", 5)))
    assert "mayor que 5" in refused.faults[0].message and refused.faults[0].place.startswith("línea 1: «a»: ")
    open_ends = read(newer.format("float", f"<and>{sign('gt', 5)}{sign('lt', 9)}</and>")).questions[0]
    assert shares(open_ends, ["5", "5.01", "8.99", "9"]) == [0, 1, 1, 0]
    whole = read(newer.format("integer", f"<and>{sign('gt', 5)}{sign('lt', 9)}</and>")).questions[0]
    assert shares(whole, ["5", "6", "7", "8", "9"]) == [0, 1, 1, 1, 0]


# Words ------------------------------------------------------------------------------------------------------------------

PATTERN = [("cc_profile", "cc.pattern_match.v0p1")]
BOTH = f"<and>{says('varsubstring', 'pan')}{says('varsubstring', 'vino')}</and>"


@pytest.mark.parametrize("rules, fields, answers", [
    (earns(says("varsubstring", "Zürich")), [], {"Zürich": 1, "en zürich, hoy": 1, "Zurich": 0, "Züric": 0, "": 0}),
    (earns(says("varsubstring", "Zürich", case="Yes")), [], {"en Zürich": 1, "en zürich": 0}),
    (earns(says("varequal", "Pan", case="Yes")), [], {"Pan": 1, "pan": 0, "Pan rico": 0}),
    (earns(says("varequal", "pan")) + earns(says("varsubstring", "pa"), 50), [], {"pan": 1, "papa": 0.5, "PAN": 1, "p": 0}),
    (earns(says("varsubstring", "a*b")), [], {"a*b": 1, "xa*bx": 1, "axb": 0}),
    (earns(says("varequal", "*")), [], {"*": 1, "x": 0}),
    (earns(BOTH), [], {"pan y vino": 1, "vino con pan": 1, "pan": 0, "vino": 0, "panvino": 1}),
    (earns(says("varsubstring", "pan")), PATTERN, {"el pan": 1, "el queso": 0}),
    (earns(f"<or>{says('varsubstring', 'pan')}{says('varequal', 'queso')}</or>"), PATTERN, {"un pan": 1, "queso": 1, "un queso": 0})])
def test_a_text_is_right_just_where_the_file_says(rules, fields, answers):
    parcel = read(item(rules, fields=fields))
    assert not parcel.notices and [q.kind for q in parcel.questions] == ["short"]
    assert dict(zip(answers, shares(parcel.questions[0], answers), strict=True)) == answers


@pytest.mark.parametrize("rules, said, fields", [
    (earns(says("varsubset", "pan,vino", setmatch="Partial")), "varsubset", []), (earns(says("durequal", 5) + says("varfancy", "x")), "varfancy", []),
    (earns(f"<not>{says('varsubstring', 'pan')}</not>"), "not", []), (earns(f"<not>{says('varequal', 'pan')}</not>"), "not", []),
    (earns("<other/>") + earns(says("varequal", "pan")), "Da puntaje cualquier texto", []),
    (earns(says("varsubstring", "pan") + f"<not>{says('varsubstring', 'vino')}</not>"), "«pan», «vino»", []),
    (earns(f"<and>{says('varsubstring', 'abc')}{says('varsubstring', 'cde')}</and>"), "«abc», «cde»", []),
    (earns(f"<or>{says('varequal', 'Pan', case='Yes')}{says('varequal', 'queso', case='No')}</or>"), "«QUESO»", []),
    (earns(says("varsubstring", "Z[uü]rich")), "cc.pattern_match", PATTERN), (earns(says("varsubstring", "a.*b")), "cc.pattern_match", PATTERN)])
def test_what_no_short_answer_can_say_is_refused_by_name(rules, said, fields):
    parcel = read(item(rules, fields=fields))
    assert not parcel.questions and [n.grade for n in parcel.notices] == [Grade.UNSUPPORTED]
    assert said in parcel.notices[0].message and parcel.notices[0].place.startswith("línea 2: «i-7»: ")


def test_wildcards_are_written_as_parts_of_a_text():
    asked = read(item(earns(says("varequal", "pan", case="Yes")) + earns(says("varsubstring", "Pa*n", case="Yes"), 50))).questions
    for name in ("qti12", "cartridge"):
        assert formats.read("x.zip", formats.write(name, asked, {}).content).questions == asked


def test_a_regular_expression_of_a_newer_item_is_refused_and_a_text_is_none():
    newer = ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="t"><responseDeclaration identifier="R" cardinality='
             '"single" baseType="string"><correctResponse><value>pan</value></correctResponse></responseDeclaration><itemBody><p>Con queso: '
             '<textEntryInteraction responseIdentifier="R"/></p></itemBody><responseProcessing><responseCondition><responseIf><patternMatch pattern="{0}">'
             '<variable identifier="R"/></patternMatch><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
             "</responseIf></responseCondition></responseProcessing></assessmentItem>")
    assert shares(read(newer.format("pan")).questions[0], ["pan", "vino"]) == [1, 0]
    for pattern in ("pan|vino", "p.n", "(a|aa)*b", "[a-z]+"):
        parcel = read(newer.format(pattern))
        assert not parcel.questions and pattern in parcel.faults[0].message


def test_too_much_to_check_is_said_in_words_and_soon():
    rules = "".join(earns(says("varequal", f"t{n}"), n % 3 + 1) for n in range(3000))
    began = time.process_time()
    parcel = read(item(rules))
    assert time.process_time() - began < 3 and not parcel.questions
    assert "demasiadas condiciones" in parcel.faults[0].message and "processing" not in parcel.faults[0].message


# Habits -----------------------------------------------------------------------------------------------------------------

def test_canvas_settings_alone_are_called_what_they_are():
    for name, said in (("quiz", "assessment_meta.xml"), ("rubrics", "rubrics")):
        parcel = read(f'<?xml version="1.0"?>\n<{name} identifier="g1" xmlns="http://canvas.instructure.com/xsd/cccv1p0"><title>Control</title></{name}>')
        assert parcel.format != "moodle_xml" and "Canvas" in parcel.faults[0].message and said in parcel.faults[0].message
        assert ".imscc" in parcel.faults[0].remedy
    assert read("<quiz><question type='truefalse'/></quiz>").format == "moodle_xml"


@pytest.mark.parametrize("rule, score", [
    (earns(says("varequal", "B"), "True", varname="Respondus_Correct"), '<decvar varname="Respondus_Correct" vartype="Boolean"/>'),
    (earns(says("varequal", "B"), "1", varname="que_score", action="Add"), '<decvar varname="que_score" maxvalue="100"/>'),
    (earns(says("varequal", "B"), "SCORE.max").replace("varname", "variablename"), '<decvar varname="SCORE" maxvalue="10.0"/>'),
    (earns(says("varequal", "A"), "0") + earns(says("varequal", "B"), "100.000") + earns(says("varequal", "C"), "0"), ""),
    (earns(says("varequal", "B"), "1.0", action="Add") + earns("<other/>", "0"), '<decvar varname="SCORE" vartype="Integer" defaultval="0"/>')])
def test_a_score_under_any_name_gives_the_same_key(rule, score):
    parcel = read(item(rule, choices(), score=score))
    assert not parcel.notices and [o.share for o in parcel.questions[0].options] == [0, 1, 0]


def test_a_score_that_is_no_number_is_refused():
    parcel = read(item(earns(says("varequal", "B"), "lots"), choices()))
    assert not parcel.questions and "setvar lots" in parcel.faults[0].message


def test_what_brightspace_counts_as_wrong_takes_away():
    count = "".join(f'<respcondition continue="yes"><conditionvar>{says("varequal", c)}</conditionvar><setvar varname="D2L_{v}" action="Add">1</setvar>'
                    "</respcondition>" for c, v in (("A", "Correct"), ("B", "Incorrect"), ("C", "Correct")))
    last = '<respcondition><setvar varname="que_score" action="Set">D2L_Correct</setvar></respcondition>'
    outcomes = "".join(f'<decvar varname="{v}" defaultval="0" minvalue="0"/>' for v in ("que_score", "D2L_Correct", "D2L_Incorrect"))
    made = item(count + last, choices("Multiple"), [("qmd_weighting", "2.0")], outcomes).replace("qtimetadatafield", "qti_metadatafield")
    question = read(made).questions[0]
    assert question.kind == "multiple" and question.points == 2
    a, b, c = (o.id for o in question.options)
    assert shares(question, [[a, c], [a], [a, b, c], [b], []]) == [1, 0.5, 0.5, 0, 0]


BLACKBOARD = """<questestinterop><assessment title="Prueba"><section><item title="P1"><itemmetadata><bbmd_questiontype>Multiple Choice</bbmd_questiontype>
<qmd_absolutescore_max>10.0</qmd_absolutescore_max></itemmetadata><presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK">
<material><mat_extension><mat_formattedtext type="HTML">&lt;p&gt;¿Cuál?&lt;/p&gt;</mat_formattedtext></mat_extension></material></flow></flow>%s</flow></presentation>
<resprocessing scoremodel="SumOfScores"><outcomes><decvar varname="SCORE" defaultval="0" minvalue="0" maxvalue="10.0"/></outcomes><respcondition title="correct">
<conditionvar><varequal respident="r" case="No">B</varequal></conditionvar><setvar variablename="SCORE" action="Set">SCORE.max</setvar></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE" action="Set">0.0</setvar></respcondition></resprocessing></item></section>
</assessment></questestinterop>"""


def test_blackboards_formatted_texts_are_read():
    written = choices().replace("<mattext>", '<mat_extension><mat_formattedtext type="SMART_TEXT">').replace(
        "</mattext>", "</mat_formattedtext></mat_extension>")
    parcel = formats.read("curso.zip", zipped({"res00001.dat": (BLACKBOARD % written).encode()}))
    question = parcel.questions[0]
    assert not parcel.faults and plain(question.text) == "¿Cuál?" and question.points == 10
    assert [(plain(o.text), o.share) for o in question.options] == [("opción A", 0), ("opción B", 1), ("opción C", 0)]
    matching = read(BLACKBOARD % (choices() + '<flow class="RIGHT_MATCH_BLOCK"/>'))
    assert not matching.questions and "Blackboard" in matching.faults[0].message


@pytest.mark.parametrize("kind, key, answers", [
    ("Fill In the Blank", "pan|queso", {"pan": 1, "Queso": 1, "pan|queso": 0}), ("Numeric Response", "5|7", {"5": 1, "6": 1, "7": 1, "7.1": 0, "57": 0}),
    ("Multiple Choice", "pan|queso", {"pan|queso": 1, "pan": 0})])
def test_sakais_bars_are_alternatives_or_limits(kind, key, answers):
    question = read(item(earns(says("varequal", key)), fields=[("qmd_itemtype", kind)])).questions[0]
    assert dict(zip(answers, shares(question, answers), strict=True)) == answers


def test_a_choice_without_words_is_told():
    parcel = read(item(earns(says("varequal", "B")), choices().replace("opción A", "")))
    assert len(parcel.questions) == 1 and any("no tiene texto" in n.message and "response_label" in n.place for n in parcel.graded(Grade.CHANGED))


@pytest.mark.parametrize("many", [101, 3000])
def test_an_item_of_more_answers_than_anyone_writes_is_refused_soon(many):
    fields = "".join(f'<response_str ident="r{n}"><render_fib/></response_str>' for n in range(many))
    rules = "".join(earns(f'<varequal respident="r{n}">x</varequal>', "1", action="Add") for n in range(many))
    began = time.process_time()
    parcel = read(item(rules, fields))
    assert not parcel.questions and "demasiadas" in parcel.faults[0].message and time.process_time() - began < 2


def test_a_newer_item_of_more_interactions_than_anyone_writes_is_refused_soon():
    declared = "".join(f'<responseDeclaration identifier="R{n}" cardinality="single" baseType="string"><correctResponse><value>x</value></correctResponse>'
                       "</responseDeclaration>" for n in range(3000))
    fields = "".join(f'<p>a <textEntryInteraction responseIdentifier="R{n}"/></p>' for n in range(3000))
    began = time.process_time()
    parcel = read(f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a">{declared}<itemBody>{fields}</itemBody></assessmentItem>')
    assert not parcel.questions and "demasiadas" in parcel.faults[0].message and time.process_time() - began < 2


def test_an_asterisk_that_may_be_any_text_is_refused():
    assert "asterisco" in read(item(earns(says("varequal", "c*t")), fields=[("qmd_itemtype", "Fill In the Blank")])).faults[0].message
