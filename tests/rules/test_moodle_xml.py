"""Moodle's XML: every type read with its settings, its files and its faults by line; what is written is read the same."""

import base64
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.catalogue.formats import Grade, moodle_xml
from lms.catalogue.kinds.amounts import Unit, Units
from lms.catalogue.kinds.datasets import Calculation
from lms.catalogue.kinds.dragimage import Picture
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.numerical import Numbers
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.randommatching import Draw, Drawn
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.kinds.spots import Spots
from lms.catalogue.rules import Hint, Question
from tests.pictures import SVG, png

NAME = "<name><text>Uno</text></name>"
TEXT = '<questiontext format="html"><text><![CDATA[<p>¿Qué?</p>]]></text></questiontext>'


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def read(inside: str, kind: str = "multichoice", head: str = NAME + TEXT):
    return moodle_xml.parcel("x.xml", f'<quiz><question type="{kind}">{head}{inside}</question></quiz>'.encode())


def one(inside: str, kind: str = "multichoice", head: str = NAME + TEXT) -> Question:
    """The question read, once it has survived being written."""
    parcel = read(inside, kind, head)
    (question,) = parcel.questions
    again = moodle_xml.FORMAT.write(parcel.questions, parcel.media)
    assert moodle_xml.parcel("y.xml", again.content).questions == parcel.questions, again.notices
    assert not again.notices
    return question


def answers(*said: tuple[str, str]) -> str:
    return "".join(f'<answer fraction="{share}" format="html"><text>{text}</text><feedback><text>f{text}</text></feedback></answer>'
                   for share, text in said)


def test_a_choice_with_its_settings():
    q = one("<single>false</single><shuffleanswers>true</shuffleanswers><answernumbering>ABCD</answernumbering>"
            "<showstandardinstruction>1</showstandardinstruction><defaultgrade>2.5000000</defaultgrade><penalty>0.3333333</penalty>"
            "<correctfeedback><text>¡Sí!</text></correctfeedback><idnumber>m-1</idnumber>"
            "<hint format='html'><text>Piense</text><clearwrong/><shownumcorrect/></hint><hint><text>Otra</text></hint>"
            "<tags><tag><text>uno</text></tag><tag><text>dos tres</text></tag></tags>"
            + answers(("50", "a"), ("50", "b"), ("-33.33333", "c")))
    assert (q.id, q.name, q.kind, q.points, q.penalty, q.shuffle) == ("m-1", "Uno", "multiple", F(5, 2), F(1, 3), True)
    assert [(o.text, o.share, o.feedback) for o in q.options] == [("a", F(1, 2), "fa"), ("b", F(1, 2), "fb"), ("c", F(-1, 3), "fc")]
    assert q.body == Choice("ABCD", True) and q.said == ("¡Sí!", "", "") and q.tags == ("uno", "dos tres")
    assert q.hints == (Hint("Piense", True, True), Hint("Otra"))


def test_true_false_says_its_key_by_word_or_by_order():
    assert [o.share for o in one(answers(("0", "true"), ("100", "false")), "truefalse").options] == [0, 1]
    assert [o.share for o in one(answers(("100", "Sí"), ("0", "No")), "truefalse").options] == [1, 0]


def test_short_answers_keep_their_stars_and_case():
    q = one("<usecase>1</usecase>" + answers(("100", "Qui*to"), ("50", "a &lt; b")), "shortanswer")
    assert q.body == Words(case=True) and [o.text for o in q.options] == ["Qui*to", "a &lt; b"]


def test_numbers_with_tolerances_and_units():
    q = one('<answer fraction="100"><text>3.5</text><tolerance>0.1</tolerance><feedback><text>ya</text></feedback></answer>'
            '<answer fraction="0"><text>*</text><tolerance></tolerance></answer>'
            "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
            "<unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"
            "<unitgradingtype>1</unitgradingtype><unitpenalty>0.2</unitpenalty><showunits>1</showunits><unitsleft>1</unitsleft>",
            "numerical")
    assert q.numbers == ((D("3.5"), D("0.1"), F(1)), (D(0), D("Infinity"), F(0)))
    assert q.body == Numbers(units=Units((Unit("m"), Unit("cm", F(100))), "response", F(1, 5), "radio", True))


def test_pairs_with_a_text_that_only_tempts():
    inside = "".join(f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
                     for left, right in (("Chile", "Santiago"), ("Perú", "Lima"), ("", "Quito")))
    q = one(inside + "<shuffleanswers>false</shuffleanswers>", "matching")
    assert [(o.text, o.match) for o in q.options] == [("Chile", "Santiago"), ("Perú", "Lima"), ("", "Quito")] and not q.shuffle


def test_ordering_with_its_grading():
    q = one("<layouttype>HORIZONTAL</layouttype><selecttype>RANDOM</selecttype><selectcount>3</selectcount>"
            "<gradingtype>LONGEST_CONTIGUOUS_SUBSET</gradingtype><showgrading>HIDE</showgrading><numberingstyle>iii</numberingstyle>"
            + answers(("1", "uno"), ("2", "dos"), ("3", "tres")), "ordering")
    assert q.body == Order("longest_contiguous", "random", 3, True, "iii", False) and [o.text for o in q.options] == ["uno", "dos", "tres"]


def test_essay_with_attachments_and_template():
    q = one("<responseformat>monospaced</responseformat><responserequired>0</responserequired><responsefieldlines>20</responsefieldlines>"
            "<minwordlimit>5</minwordlimit><maxwordlimit>50</maxwordlimit><attachments>-1</attachments><attachmentsrequired>1</attachmentsrequired>"
            "<filetypeslist>.pdf,.docx</filetypeslist><maxbytes>1024</maxbytes><graderinfo><text>Ver &lt;b&gt;rúbrica&lt;/b&gt;</text></graderinfo>"
            "<responsetemplate><text>Empiezo</text></responsetemplate>", "essay")
    assert q.body == Essay("optional", "monospaced", 20, "Empiezo", 5, 50, -1, 1, (".pdf", ".docx"), 1024, "Ver <b>rúbrica</b>")


def test_embedded_answers_and_their_points():
    head = NAME + '<questiontext format="html"><text><![CDATA[<p>Capital: {2:SHORTANSWER:=Quito#sí~%50%Kitu} {1:MC:=a~b}</p>]]></text></questiontext>'
    q = one("", "cloze", head)
    assert q.text == "Capital: {#1} {#2}" and q.points == 3
    assert [(p.weight, p.question.kind) for p in q.body.parts] == [(2, "short"), (1, "single")]


def test_gaps_to_choose_and_to_drag():
    head = NAME + "<questiontext><text>[[1]] y [[2]]</text></questiontext>"
    q = one("<shuffleanswers>1</shuffleanswers><selectoption><text>uno</text><group>1</group></selectoption>"
            "<selectoption><text>a &lt; b</text><group>2</group></selectoption>", "gapselect", head)
    assert [(c.text, c.group) for c in q.body.choices] == [("uno", 1), ("a &lt; b", 2)]
    q = one("<dragbox><text>&lt;b&gt;dos&lt;/b&gt;</text><group>1</group><infinite/></dragbox><dragbox><text>tres</text><group>1</group></dragbox>",
            "ddwtos", head)
    assert [(c.text, c.unlimited) for c in q.body.choices] == [("<b>dos</b>", True), ("tres", False)]


def test_words_and_images_dragged_onto_a_picture():
    q = one(f'<shuffleanswers/><file name="mapa.png" encoding="base64">{encoded(png(200, 100))}</file>'
            f'<drag><no>1</no><text>Norte</text><draggroup>1</draggroup></drag>'
            f'<drag><no>2</no><text>flecha</text><draggroup>2</draggroup><infinite/><file name="f.png" encoding="base64">{encoded(png(9, 8, 7))}</file></drag>'
            '<drop><text>arriba</text><no>1</no><choice>1</choice><xleft>10</xleft><ytop>20</ytop></drop>'
            '<drop><text></text><no>2</no><choice>2</choice><xleft>30</xleft><ytop>40</ytop></drop>', "ddimageortext")
    assert isinstance(q.body, Picture) and (q.body.width, q.body.height) == (200, 100) and q.shuffle
    assert [(d.text, d.group, d.unlimited, d.width) for d in q.body.drags] == [("Norte", 1, False, 0), ("flecha", 2, True, 9)]
    assert [(z.x, z.y, z.drag, z.label) for z in q.body.zones] == [(10, 20, q.body.drags[0].id, "arriba"), (30, 40, q.body.drags[1].id, "")]
    assert [m.name for m in q.media] == ["f.png", "mapa.png"]


def test_markers_on_a_picture():
    q = one(f'<file name="m.png" encoding="base64">{encoded(png(60, 50))}</file><showmisplaced/>'
            "<drag><no>1</no><text>aquí</text><noofdrags>2</noofdrags></drag><drag><no>2</no><text>allá</text><infinite/></drag>"
            "<drop><no>1</no><shape>circle</shape><coords>10,10;5</coords><choice>1</choice></drop>"
            "<drop><no>2</no><shape>polygon</shape><coords>1,1;20,1;20,20</coords><choice>2</choice></drop>", "ddmarker")
    assert isinstance(q.body, Spots) and q.body.misplaced and not q.shuffle
    assert [(m.text, m.number) for m in q.body.markers] == [("aquí", 2), ("allá", 0)]
    assert [p.shape for p in q.body.places] == ["circle", "polygon"]


CALCULATED = """<synchronize>0</synchronize><single>1</single><answernumbering>abc</answernumbering>
<answer fraction="100"><text>{x}+{y}</text><tolerance>0.02</tolerance><tolerancetype>2</tolerancetype><correctanswerformat>2</correctanswerformat>
<correctanswerlength>3</correctanswerlength><feedback><text>ya</text></feedback></answer>
<dataset_definitions><dataset_definition><status><text>shared</text></status><name><text>x</text></name><type>calculated</type>
<distribution><text>loguniform</text></distribution><minimum><text>1.5</text></minimum><maximum><text>9</text></maximum><decimals><text>2</text></decimals>
<itemcount>2</itemcount><dataset_items><dataset_item><number>2</number><value>7.1</value></dataset_item>
<dataset_item><number>1</number><value>-3</value></dataset_item></dataset_items><number_of_items>2</number_of_items></dataset_definition>
<dataset_definition><status><text>private</text></status><name><text>y</text></name><distribution><text>uniform</text></distribution>
<minimum><text>1</text></minimum><maximum><text>2</text></maximum><decimals><text>0</text></decimals><dataset_items>
<dataset_item><number>1</number><value>1</value></dataset_item><dataset_item><number>2</number><value>2</value></dataset_item></dataset_items></dataset_definition>
</dataset_definitions>"""


@pytest.mark.parametrize("kind", ["calculated", "calculatedsimple", "calculatedmulti"])
def test_calculated_questions_keep_formulas_and_datasets(kind):
    q = one(CALCULATED.replace("{x}+{y}", "{={x}+{y}} m") if kind == "calculatedmulti" else CALCULATED, kind)
    assert isinstance(q.body, Calculation) and q.kind == kind
    x, y = q.body.datasets
    assert (x.values, x.distribution, x.least, x.decimals, x.shared) == ((D(-3), D("7.1")), "loguniform", D("1.5"), 2, True)
    assert y.values == (D(1), D(2)) and not y.shared
    (figure,) = q.body.figures
    assert (figure.tolerance, figure.kind, figure.digits, figure.significant) == (D("0.02"), "nominal", 3, True)


def test_random_matching_tells_that_its_pool_is_elsewhere():
    parcel = read("<choose>3</choose><subcats>0</subcats>", "randomsamatch")
    assert parcel.questions[0].body == Draw(3, False)
    assert parcel.graded(Grade.CHANGED)
    q = Question("r", "randommatching", "Una", body=Draw(2, True, (Drawn("¿<b>A</b>?", "a"), Drawn("B", "b < c"))))
    assert moodle_xml.parcel("x", moodle_xml.FORMAT.write([q], {}).content).questions == (q,)


def test_files_travel_into_the_text_and_back():
    image = png()
    head = NAME + ('<questiontext format="html"><text><![CDATA[<p>Mire <img src="@@PLUGINFILE@@/mi%20foto.png" alt="un mapa"></p>]]></text>'
                   f'<file name="mi foto.png" path="/" encoding="base64">{encoded(image)}</file></questiontext>')
    parcel = read(answers(("100", "a"), ("0", "b")), head=head)
    (q,) = parcel.questions
    (media,) = q.media
    assert parcel.media == {media.sha256: image} and media.name == "mi foto.png"
    assert q.text == f'Mire <img src="{media.path}" alt="un mapa">'
    one(answers(("100", "a"), ("0", "b")), head=head)


def test_a_file_that_is_not_there_or_not_taken_is_told():
    for inside in ('<img src="@@PLUGINFILE@@/no.png">', '<img src="https://x.cl/a.png">', "<iframe src='https://x.cl'></iframe>"):
        head = NAME + f"<questiontext><text><![CDATA[<p>Mire {inside}</p>]]></text></questiontext>"
        parcel = read(answers(("100", "a"), ("0", "b")), head=head)
        assert parcel.graded(Grade.UNSUPPORTED) and parcel.questions[0].text == "Mire"
    head = NAME + ("<questiontext><text>Hola</text>"
                   f'<file name="v.exe" encoding="base64">{encoded(b"MZ" + bytes(90))}</file></questiontext>')
    assert "v.exe" in read(answers(("100", "a"), ("0", "b")), head=head).faults[0].message


def test_a_drawing_loses_what_could_act():
    evil = SVG.replace(b"<path", b'<script>x()</script><a xlink:href="javascript:x()" xmlns:xlink="http://www.w3.org/1999/xlink"><text onclick="x()">a</text></a><path')
    head = NAME + ('<questiontext><text>&lt;img src="@@PLUGINFILE@@/d.svg"&gt; qué</text>'
                   f'<file name="d.svg" encoding="base64">{encoded(evil)}</file></questiontext>')
    (content,) = read(answers(("100", "a"), ("0", "b")), head=head).media.values()
    assert b"script" not in content and b"onclick" not in content and b"<path" in content


@pytest.mark.parametrize(("format", "text", "shown"), [
    ("html", "<p>a<b>b</b></p>", "a<b>b</b>"), ("plain_text", "1 < 2\n*x*", "1 &lt; 2<br>*x*"), ("markdown", "a **b**", "a <strong>b</strong>"),
    ("moodle_auto_format", "a\n<i>b</i>\nc", "a <i>b</i> c"), ("moodle_auto_format", "a\nb", "a<br>b")])
def test_every_text_format_gives_safe_html(format, text, shown):
    head = NAME + f'<questiontext format="{format}"><text><![CDATA[{text}]]></text></questiontext>'
    assert one(answers(("100", "a"), ("0", "b")), head=head).text == shown


def test_categories_are_paths_without_moodles_context():
    text = ('<quiz><question type="category"><category><text>$course$/top/Por defecto/Marco//legal</text></category></question>'
            f'<question type="truefalse">{NAME}{TEXT}{answers(("100", "true"), ("0", "false"))}</question></quiz>')
    parcel = moodle_xml.parcel("x.xml", text.encode())
    assert parcel.questions[0].category == "Por defecto/Marco//legal"
    assert moodle_xml.parcel("x.xml", moodle_xml.FORMAT.write(parcel.questions, {}).content).questions == parcel.questions


@pytest.mark.parametrize(("inside", "kind", "grade", "words"), [
    ("", "stack", "unsupported", "«stack» (STACK)"), ("", "mytype", "unsupported", "«mytype», que no es de Moodle"),
    ("", "", "fault", "no dice su tipo"), ("", "multichoice", "fault", "no tiene alternativas"), ("", "numerical", "fault", "no tiene respuestas"),
    ('<answer fraction="muchos"><text>a</text></answer>', "multichoice", "fault", "«muchos» no es un peso"),
    ('<answer fraction="100"><text>tres</text></answer>', "numerical", "fault", "«tres» o su tolerancia"),
    ("", "matching", "fault", "no tiene pares"), ("", "ddmarker", "fault", "no trae su imagen"), ("", "cloze", "fault", "respuesta incrustada"),
    ("", "gapselect", "fault", "no tiene palabras"), ("", "ordering", "fault", "no tiene elementos"), ("", "truefalse", "fault", "verdadero o falso"),
])
def test_what_is_wrong_is_told_with_its_line_and_the_next_question_is_read(inside, kind, grade, words):
    good = f'<question type="truefalse">{NAME}{TEXT}{answers(("100", "true"), ("0", "false"))}</question>'
    parcel = moodle_xml.parcel("x.xml", f'<quiz>\n\n<question type="{kind}">{NAME}{TEXT}{inside}</question>\n{good}</quiz>'.encode())
    assert [q.kind for q in parcel.questions] == ["truefalse"]
    assert any(n.grade == grade and words in n.message and n.place.startswith("línea 3") and n.remedy for n in parcel.notices), parcel.notices


@pytest.mark.parametrize("text", [
    "", "<quiz", "<quiz></quiz>", "<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "<quiz><x/></quiz>", "<quiz>&nbsp;</quiz>", "<otro/>"])
def test_no_question_is_a_fault(text):
    parcel = moodle_xml.parcel("x.xml", text.encode())
    assert parcel.faults and not parcel.questions


TEXTS = st.text(st.sampled_from("ab ñ1<>&\"'{}[]#~=%:*]>\n\\_/|→;"), min_size=1, max_size=20)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=3, max_size=3, unique=True), st.sampled_from(["multichoice", "shortanswer", "ordering", "matching"]), TEXTS)
def test_any_text_survives_being_written(texts, kind, name):
    escape = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    safe = ["".join(escape.get(c, c) for c in text) for text in (*texts, name)]
    if kind == "matching":
        inside = "".join(f'<subquestion format="plain_text"><text>{t}</text><answer><text>{t}</text></answer></subquestion>' for t in safe[:3])
    else:
        inside = "".join(f'<answer fraction="{100 * (not n)}" format="plain_text"><text>{t}</text></answer>' for n, t in enumerate(safe[:3]))
    assume(all(text.strip() for text in texts))
    one(inside, kind, f'<name><text>{safe[3]}</text></name><questiontext format="plain_text"><text>{safe[0]}</text></questiontext>')
