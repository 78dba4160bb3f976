"""Gap select, drag words and drag onto image: what counts, what a student hears, what hostile browsers can not do."""

from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import wide as wide_pages
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.rules import Question
from lms.catalogue.stored import pack_question, unpack_question
from tests.gapped import BY_NAME, IMAGE, MAP, QUESTIONS, SELECT, WORDS
from tests.rules.test_kinds import ODD, environment

NAMES = st.sampled_from(sorted(BY_NAME))
FIELDS = st.sampled_from(["q", "q.", "q.1", "q.2", "q.3", "q.4", "q.5", "q.99", "q.a.1.x", "q.a.1.y", "q.b.1.x",
                          "q.b.2.y", "q.b.3.x", "q.c.1.x", "x"])
SENT = st.one_of(st.text(ODD, max_size=30), st.sampled_from(
    ["a", "b", "c", "d", "1", "٣", "²", "100", "99999999", "-1", "1.5", "0,7", "9" * 300, "\x00", "Interior"]))


def word(q: Question, text: str) -> str:
    return next(o.id for o in KINDS[q.kind].choices(q, 3) if o.text == text)


def filled(q: Question, *texts: str) -> str:
    return KINDS[q.kind].read(q, {f"q.{n}": [word(q, t)] for n, t in enumerate(texts, 1) if t})


def score(q: Question, *texts: str) -> F | None:
    return KINDS[q.kind].score(q, filled(q, *texts))


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.kind)
def test_the_examples_are_well_formed_and_are_stored_whole(q):
    assert KINDS[q.kind].faults(q) == []
    assert unpack_question(pack_question(q)) == q


def test_every_gap_is_an_equal_share_and_takes_only_words_of_its_group():
    assert score(SELECT, "UIM", "Granada", "FLACMA", "Quito") == 1
    assert score(SELECT, "UIM", "Quito", "FLACMA", "") == F(1, 2)
    assert filled(SELECT, "Granada") == ""                  # a place is no network: another group
    assert score(SELECT, "CGLU", "Lima &amp; Callao", "CGLU", "Lima &amp; Callao") == 0


def test_the_gaps_are_counted_in_the_order_of_the_text_and_not_by_the_key():
    assert [slot.label for slot in KINDS["gapselect"].slots(SELECT)] == ["1", "2", "3", "4"]
    assert KINDS["gapselect"].right(SELECT) == "1: UIM; 2: Granada; 3: FLACMA; 4: Quito"
    assert KINDS["gapselect"].wording(SELECT) == (
        "<p>La (1)\u00a0_____ tiene su sede en (2)\u00a0_____ y la (3)\u00a0_____ en (4)\u00a0_____.</p>")


def test_who_looks_back_sees_each_gap_with_what_was_answered_and_the_key():
    assert KINDS["gapselect"].table(SELECT, filled(SELECT, "UIM", "Quito")) == (
        ("Espacio 1", "UIM", "UIM", True), ("Espacio 2", "Quito", "Granada", False),
        ("Espacio 3", "", "FLACMA", False), ("Espacio 4", "", "Quito", False))


def test_what_is_missing_or_used_twice_is_said():
    kind = KINDS["dragwords"]
    assert kind.complaint(WORDS, "") == "Falta responder."
    assert kind.complaint(WORDS, filled(WORDS, "apropiación")) == "Falta llenar espacios: 2, 3."
    assert kind.complaint(WORDS, filled(WORDS, "alineación", "alineación", "responsabilidad")) == (
        "«alineación» se usa una sola vez y está repetido.")
    assert kind.complaint(WORDS, filled(WORDS, "<em>deuda</em>", "<em>deuda</em>", "responsabilidad")) == ""
    assert kind.shown(WORDS, filled(WORDS, "apropiación", "", "alineación")) == "1: apropiación; 2: —; 3: alineación"


def test_a_word_for_one_gap_counts_only_in_the_first_it_lies_in():
    assert score(WORDS, "apropiación", "apropiación", "apropiación") == F(1, 3)
    assert score(WORDS, "alineación", "alineación", "responsabilidad") == F(1, 3)      # no hedge over two gaps
    reused = replace(WORDS, text="[[1]] [[1]] [[2]]")
    assert KINDS["dragwords"].score(reused, filled(reused, "apropiación", "apropiación", "alineación")) == 1


def test_two_words_that_read_the_same_are_the_same():
    q = Question("x", "dragwords", "[[1]] y [[2]]", body=stock([("sí", 1, False), ("sí", 1, False), ("no", 1, False)]))
    first, second = (w.id for w in q.body.choices[:2])
    assert KINDS["dragwords"].score(q, f'{{"1":"{second}","2":"{first}"}}') == 1


def test_a_gap_is_paid_as_of_the_try_from_which_on_it_was_right():
    kind, q = KINDS["gapselect"], SELECT
    tries = [filled(q, "UIM", "Quito", "FLACMA", "Quito"), filled(q, "UIM", "Granada", "CGLU", "Quito"),
             filled(q, "UIM", "Granada", "FLACMA", "Quito")]
    assert kind.after_tries(q, tries) == (1 + F(2, 3) + F(1, 3) + 1) / 4
    assert kind.after_tries(q, [tries[0]]) == F(3, 4) and kind.after_tries(q, []) == 0


def test_a_word_that_became_right_when_another_gap_gave_it_free_is_paid_as_of_then():
    both = filled(WORDS, "alineación", "alineación", "responsabilidad")
    right = filled(WORDS, "apropiación", "alineación", "responsabilidad")
    assert KINDS["dragwords"].after_tries(WORDS, [both, right]) == (F(2, 3) + F(2, 3) + 1) / 3


def test_a_next_try_begins_without_the_wrong_words():
    kind = KINDS["gapselect"]
    assert kind.without_wrong(SELECT, filled(SELECT, "UIM", "Quito", "CGLU", "Quito")) == filled(
        SELECT, "UIM", "", "", "Quito")


def test_a_picture_says_its_zones_by_number_and_name():
    kind = KINDS["dragimage"]
    answer = kind.read(IMAGE, {"q.1": ["c"], "q.2": ["b"], "q.3": ["d"]})
    assert kind.score(IMAGE, answer) == F(2, 3)
    assert kind.shown(IMAGE, answer) == (
        "1 (Chile, norte de la región): Temuco; 2 (Argentina): Pucón; 3 (Lago): Escudo de Villarrica")
    assert kind.read(IMAGE, {"q.1": ["d"], "q.3": ["a"]}) == ""             # groups keep apart
    assert [part.correct for part in kind.parts(IMAGE, answer)] == [True, False, True]


def test_zones_of_a_group_are_of_one_size_and_stay_on_the_picture():
    wide = Picture(MAP, 100, 60, (Drag("a", "una ciudad de nombre muy largo"), Drag("b", "x")),
                   (Zone("1", 90, 50, "a"), Zone("2", 0, 0, "b")), "Un mapa")
    for zone in wide.drawn():
        assert (zone.width, zone.height) == (100, 34) and (zone.x, zone.y) in ((0, 26), (0, 0))


@settings(max_examples=150, deadline=None)
@given(name=NAMES, sent=st.dictionaries(FIELDS, st.lists(SENT, max_size=4), max_size=8))
def test_whatever_a_browser_sends_is_read_kept_and_scored_between_0_and_1(name, sent):
    q = BY_NAME[name]
    kind = KINDS[q.kind]
    answer = kind.read(q, sent)
    answer.encode()
    assert "\x00" not in answer and kind.is_blank(answer) == (answer == "")
    assert 0 <= kind.score(q, answer) <= 1
    assert kind.read(q, {name: list(values) for name, values in kind.given(q, answer).items()}) == answer
    parts = kind.parts(q, answer)
    assert sum(part.weight for part in parts) == 1
    assert max(sum(part.weight * part.share for part in parts), 0) == kind.score(q, answer)
    better = kind.without_wrong(q, answer)
    assert kind.score(q, better) >= kind.score(q, answer)
    assert kind.read(q, {name: list(values) for name, values in kind.given(q, better).items()}) == better
    assert kind.after_tries(q, [answer]) >= kind.score(q, answer)      # what a wrong choice took is given back, as in Moodle
    told(kind, q, answer)


@settings(max_examples=150, deadline=None)
@given(name=NAMES, answer=st.one_of(st.text(ODD, max_size=60), st.sampled_from(
    ['{"1":["a"]}', '{"1":{}}', '{"1":true,"2":7,"3":null}', "[" * 9000, '{"a":[[1]]}', '{"a":[[1,2,3],[null,null],7]}',
     '{"a":[[1e400,2],[true,3],[-1,5],[601,5]]}', '{"b":' + "[[1,2]]" * 1 + "}", '["a"]', "7", '{"4":["a","a",{}]}'])))
def test_a_stored_answer_that_is_not_ours_raises_nothing(name, answer):
    q = BY_NAME[name]
    kind = KINDS[q.kind]
    assert 0 <= kind.score(q, answer) <= 1
    assert 0 <= kind.after_tries(q, [answer, "", answer]) <= 1
    kind.given(q, answer), kind.without_wrong(q, answer), kind.parts(q, answer), kind.is_blank(answer)
    told(kind, q, answer)


def told(kind, q, answer):
    assert all(isinstance(text, str) for text in (
        kind.shown(q, answer), kind.right(q), kind.feedback_for(q, answer), kind.complaint(q, answer), kind.wording(q)))
    assert all(isinstance(ok, bool) for _, _, _, ok in kind.table(q, answer))
    assert all(row.part for row in (*kind.responses(q, answer), *kind.possible(q)))


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.kind)
def test_a_question_without_its_body_harms_nobody(q):
    bare = replace(q, body=None)
    kind = KINDS[q.kind]
    assert kind.faults(bare) and kind.score(bare, '{"1":"a"}') == 0 and kind.choices(bare, 1) == ()
    assert kind.read(bare, {"q.1": ["a"]}) == "" and kind.after_tries(bare, ["", ""]) == 0
    told(kind, bare, '{"1":"a"}')


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.kind)
def test_an_attempt_shows_one_order_and_attempts_differ_unless_the_author_forbids(q):
    kind = KINDS[q.kind]
    orders = {kind.choices(q, seed) for seed in range(30)}
    assert len(orders) > 1 and kind.choices(q, 7) == kind.choices(q, 7)
    assert len({kind.choices(replace(q, shuffle=False), seed) for seed in range(5)}) == 1


@pytest.mark.parametrize(("q", "message"), [
    (replace(SELECT, text="Sin espacios."), "no tiene espacios"), (replace(SELECT, text="[[9]] y [[0]]"), "no tiene palabra"),
    (replace(SELECT, text='[[1]] <a href="[[2]]">x</a>'), "dentro de una etiqueta"),
    (replace(SELECT, body=stock([("", 1, False)])), "está vacía"),
    (replace(IMAGE, body=None), "no tiene imagen"), (replace(IMAGE, body=replace(IMAGE.body, alt=" ")), "texto alternativo"),
    (replace(IMAGE, body=replace(IMAGE.body, zones=())), "no tiene zonas"),
    (replace(IMAGE, body=replace(IMAGE.body, zones=(Zone("1", 700, 2, "zz"),))), "no tiene su elemento"),
    (replace(IMAGE, body=replace(IMAGE.body, zones=(Zone("1", 700, 2, "a"),))), "fuera de la imagen"),
    (replace(IMAGE, body=replace(IMAGE.body, drags=(Drag("a", " "),))), "no tiene texto"),
])
def test_what_is_not_well_formed_is_told_with_its_remedy(q, message):
    faults = KINDS[q.kind].faults(q)
    assert any(message in what and remedy for what, remedy in faults), faults


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.kind)
def test_each_form_has_the_fields_its_kind_reads_with_what_was_answered(q, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    kind = KINDS[q.kind]
    sent = {"redes": {"q.1": [word(SELECT, "UIM")]}, "paris": {"q.1": ["a"]}, "mapa": {"q.1": ["a"], "q.3": ["d"]},
            "marco": {"q.1": ['"><script>'], "q.3": ["a"], "q.4": ["a", "b"], "q.5": ["a"]},
            "volcanes": {"q.b.1.x": ["100"], "q.b.1.y": ["300"]}}[q.id]
    answer = kind.read(q, sent)
    pages = environment()
    pages.install_null_translations(newstyle=True)
    pages.filters.update(wide=wide_pages.wide, wide_pieces=wide_pages.wide_pieces)
    html = pages.get_template("t/x").render(q=q, kind=kind, answer=answer)
    assert all(f'name="p:{field}"' in html for field in kind.given(q, answer))
    assert "<script" not in html and "style=" not in html and 'aria-labelledby="label"' in html and "[[" not in html
    marks = html.count(" checked") + html.count(" selected")
    assert marks == {"redes": 1, "paris": 1, "mapa": 2, "marco": 4, "volcanes": 0}[q.id]
