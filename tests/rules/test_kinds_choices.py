"""Choices, words, pairs, orders and essays: weights, parts, tries, what is tallied and what a next try begins with."""

from fractions import Fraction as F

import pytest

from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.essay import Essay, words
from lms.catalogue.kinds.gradings import GRADINGS
from lms.catalogue.kinds.kind import dump
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.randommatching import Draw, Drawn, filled
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.rules import Hint, Option, Question
from lms.catalogue.stored import pack_question, unpack_question


def question(kind, *options, **more):
    return Question("q", kind, "¿?", tuple(Option("abcdefgh"[n], text, F(share), f"Sobre {text}.")
                                           for n, (text, share) in enumerate(options)), **more)


def tries(q, *answers):
    return KINDS[q.kind].after_tries(q, answers)


def test_a_single_choice_may_take_points_away_where_a_quiz_lets_it():
    q = question("single", ("sí", 1), ("no", "-1/3"), ("a medias", "1/2"))
    kind = KINDS["single"]
    assert [(kind.score(q, dump(i)), kind.raw(q, dump(i))) for i in "abc"] == [(1, 1), (0, F(-1, 3)), (F(1, 2), F(1, 2))]
    assert [(r.model, r.share) for r in kind.possible(q)] == [("sí", 1), ("no", F(-1, 3)), ("a medias", F(1, 2))]
    assert kind.responses(q, "") == () and kind.complaint(q, "") == "Elija una alternativa." and kind.complaint(q, '"b"') == ""


def test_a_choice_is_taken_back_with_an_empty_value():
    assert KINDS["single"].read(question("single", ("sí", 1), ("no", 0)), {"q": [""]}) == ""


def test_options_keep_the_authors_order_where_the_question_says_so():
    q = question("single", *((str(n), n == 0) for n in range(8)), shuffle=False)
    assert all(KINDS["single"].choices(q, seed) == q.options for seed in range(9))


def test_each_wrong_try_costs_its_penalty():
    q = question("single", ("sí", 1), ("no", 0), penalty=F(1, 3))
    assert [tries(q, '"a"'), tries(q, '"b"', '"a"'), tries(q, '"b"', '"b"', '"a"'), tries(q, '"b"', '"b"')] == [1, F(2, 3), F(1, 3), 0]


MULTIPLE = question("multiple", ("uno", "1/2"), ("dos", "-1/2"), ("tres", "1/2"), ("cuatro", "-1/4"))


def test_a_multiple_choice_is_one_whole_for_tries_but_has_parts_to_count():
    kind = KINDS["multiple"]
    parts = kind.parts(MULTIPLE, dump(["a", "b"]))
    assert [(p.id, p.weight, p.share, p.correct) for p in parts] == [
        ("a", F(1, 2), 1, True), ("b", F(1, 2), -1, False), ("c", F(1, 2), 0, False)]
    assert tries(MULTIPLE, dump(["a", "d"]), dump(["a", "c"])) == F(2, 3)
    assert [(r.part, r.share) for r in kind.responses(MULTIPLE, dump(["a", "b"]))] == [("uno", F(1, 2)), ("dos", F(-1, 2))]


def test_a_next_try_keeps_the_right_ticks_unless_too_many_were_ticked():
    kind = KINDS["multiple"]
    assert kind.without_wrong(MULTIPLE, dump(["a", "b"])) == '["a"]'
    assert kind.without_wrong(MULTIPLE, dump(["a", "b", "c"])) == '["a","b","c"]'       # Moodle too: else it gives the key


def test_all_or_nothing_gives_points_for_exactly_the_right_options():
    q = question("multiple", ("uno", "1/2"), ("dos", 0), ("tres", "1/2"), body=Choice(all_or_nothing=True))
    score = KINDS["multiple"].score
    assert [score(q, dump(ids)) for ids in (["a", "c"], ["a"], ["a", "b", "c"], [])] == [1, 0, 0, 0]


@pytest.mark.parametrize(("typed", "share", "said"), [
    ("Bogotá", 1, "Sobre Bogotá."), ("BOGOTÁ", 1, "Sobre Bogotá."), ("bogota", F(4, 5), "Sobre Bogota."), ("Bogota\u0301", 1, "Sobre Bogotá."),
    ("Bogotá D.C.", F(1, 2), "Sobre Bogot*."), ("cali", 0, "Sobre *.")])
def test_the_first_text_that_fits_counts_and_the_very_accents_go_first(typed, share, said):
    q = question("short", ("Bogotá", 1), ("Bogota", "4/5"), ("Bogot*", "1/2"), ("*", 0))
    kind, answer = KINDS["short"], dump(typed)
    assert (kind.score(q, answer), kind.feedback_for(q, answer)) == (share, said)


def test_what_is_particular_is_caught_before_what_is_wider():
    """As in Moodle. The best of all that fit, as it was before, would pay "no es Quito" in full."""
    q = question("short", ("*no*", 0), ("*Quito*", 1))
    assert [KINDS["short"].score(q, dump(text)) for text in ("Es Quito", "No es Quito")] == [1, 0]


@pytest.mark.parametrize(("body", "right"), [
    (None, ["Perú", "perú", "peru", "PERU"]), (Words(case=True), ["Perú"]), (Words(accents=True), ["Perú", "perú"]),
    (Words(True, True), ["Perú"])])
def test_case_and_accents_count_only_if_the_question_says_so(body, right):
    q = question("short", ("Perú", 1), body=body)
    assert [t for t in ("Perú", "perú", "peru", "PERU") if KINDS["short"].score(q, dump(t)) == 1] == right


def test_a_short_answer_is_tallied_under_the_text_it_met():
    q = question("short", ("rana", 1), ("*", 0))
    kind = KINDS["short"]
    assert [(r.model, r.actual, r.share) for t in ("Rana", "sapo") for r in kind.responses(q, dump(t))] == [
        ("rana", "Rana", 1), ("*", "sapo", 0)]


MATCHING = Question("m", "matching", "¿?", (Option("a", "rana", F(1), match="anfibio"), Option("b", "gato", F(1), match="mamífero"),
                                           Option("c", "tritón", F(1), match="anfibio"), Option("d", "", F(1), match="insecto")))


def test_each_pair_is_paid_as_of_the_try_since_which_it_is_right():
    first, last = dump({"a": "anfibio", "b": "insecto"}), dump({"a": "anfibio", "b": "mamífero", "c": "anfibio"})
    assert tries(MATCHING, first, last) == (1 + F(2, 3) + F(2, 3)) / 3
    assert tries(MATCHING, last, first) == F(1, 3)
    assert KINDS["matching"].without_wrong(MATCHING, first) == '{"a":"anfibio"}'
    assert KINDS["matching"].complaint(MATCHING, first) == "Falta elegir 1 par."


def test_pairs_are_tallied_one_by_one():
    kind = KINDS["matching"]
    assert [(r.part, r.model, r.share) for r in kind.responses(MATCHING, dump({"a": "insecto", "c": "anfibio"}))] == [
        ("rana", "insecto", 0), ("tritón", "anfibio", 1)]
    assert len(kind.possible(MATCHING)) == 9


def order(grading, n=4, **more):
    return question("ordering", *((f"paso {i}", 1) for i in range(n)), body=Order(grading, **more))


def placed(text):
    return dump({item: n for n, item in enumerate(text, start=1) if item != "-"})


@pytest.mark.parametrize(("grading", "scores"), [
    ("all_or_nothing", {"abcd": 1, "bacd": 0, "acbd": 0, "dcba": 0}),
    ("absolute", {"abcd": 1, "bacd": F(1, 2), "acbd": F(1, 2), "dcba": 0}),
    ("next_without_last", {"abcd": 1, "bacd": F(1, 3), "acbd": 0, "dabc": F(2, 3)}),
    ("next_with_last", {"abcd": 1, "bacd": F(1, 2), "acbd": F(1, 4), "dabc": F(1, 2)}),
    ("one_each_side", {"abcd": 1, "bacd": F(3, 8), "acbd": F(1, 4), "dcba": 0}),
    ("all_each_side", {"abcd": 1, "bacd": F(5, 6), "acbd": F(5, 6), "dcba": 0}),
    ("longest_ordered", {"abcd": 1, "bacd": F(3, 4), "acbd": F(3, 4), "dcba": 0}),
    ("longest_contiguous", {"abcd": 1, "bacd": F(3, 4), "acbd": F(1, 2), "dcba": 0}),
    ("relative_to_correct", {"abcd": 1, "bacd": F(5, 6), "acbd": F(5, 6), "dcba": F(1, 3)})])
def test_an_order_is_scored_in_each_of_moodles_ways(grading, scores):
    q = order(grading)
    assert {text: KINDS["ordering"].score(q, placed(text)) for text in scores} == scores
    assert KINDS["ordering"].score(q, "") == 0 and KINDS["ordering"].faults(q) == []
    assert 0 <= KINDS["ordering"].score(q, dump({"a": 1, "b": 1, "c": 4})) < 1


def test_there_is_no_other_way_of_scoring_an_order():
    assert set(GRADINGS.values()) == set(range(-1, 8))


def test_an_order_is_one_whole_for_tries_and_keeps_what_stands_right():
    q = order("absolute")
    assert tries(q, placed("bacd"), placed("abcd")) == F(2, 3)
    assert KINDS["ordering"].without_wrong(q, placed("bacd")) == '{"c":3,"d":4}'
    assert KINDS["ordering"].complaint(q, '{"a":1,"b":1,"c":2,"d":3}') == "Hay más de un elemento en el lugar 1."


@pytest.mark.parametrize(("selection", "ways"), [("random", 20), ("contiguous", 4), ("all", 1)])
def test_an_attempt_orders_the_items_drawn_for_it(selection, ways):
    q, kind = order("absolute", 6, selection=selection, count=3), KINDS["ordering"]
    drawn = {tuple(o.id for o in kind.realised(q, seed).options) for seed in range(100)}
    assert kind.variants(q) == ways == len(drawn)
    assert all(list(ids) == sorted(ids) and len(ids) == (6 if ways == 1 else 3) for ids in drawn)
    asked = kind.realised(q, 5)
    assert kind.realised(asked, 9) == asked and kind.score(asked, placed("".join(o.id for o in asked.options))) == 1


def essay(**more):
    return Question("e", "essay", "¿?", body=Essay(**more))


FILE = f"{'a' * 64}/1200/plan comunal.pdf"


def test_an_essay_may_have_files_and_a_template():
    q, kind = essay(attachments=2, required=1, template="1. Diagnóstico"), KINDS["essay"]
    assert kind.given(q, "") == {"q": ("1. Diagnóstico",), "q.files": ()}
    assert kind.read(q, {"q": ["1. Diagnóstico"]}) == "" and kind.score(q, "") == 0
    answer = kind.read(q, {"q": ["Va."], "q.files": [FILE, FILE, "../etc/passwd", f"{'b' * 64}/1/x/y"]})
    assert kind.shown(q, answer) == "Va.\n\n[Archivos: plan comunal.pdf]" and kind.score(q, answer) is None
    assert kind.given(q, answer) == {"q": ("Va.",), "q.files": (FILE,)} and kind.complaint(q, answer) == ""
    assert kind.complaint(q, '"Va."') == "Adjunte un archivo como mínimo."
    assert kind.read(essay(), {"q": ["Va."], "q.files": [FILE]}) == '"Va."'


@pytest.mark.parametrize(("text", "said"), [
    ("", "Escriba su respuesta."), ("una dos", "Lleva 2 palabras; el mínimo es 3."), ("a b c d e f", "Lleva 6 palabras; el máximo es 5."),
    ("La ley 18.695, e-mail", "")])
def test_an_essay_is_counted_in_words(text, said):
    q = essay(least_words=3, most_words=5)
    assert KINDS["essay"].complaint(q, dump(text)) == said
    assert q.body.progress(text) == f"{words(text)} palabras (mínimo 3, máximo 5)" and essay().body.progress(text) == ""


@pytest.mark.parametrize(("body", "message"), [
    (Essay(least_words=9, most_words=3), "mayor que el máximo"), (Essay(required=1), "Se exigen más archivos"),
    (Essay(text="none"), "ni texto ni archivos"), (Essay(text="?"), "qué texto"), (Essay(most_words=0), "no es posible")])
def test_an_essay_that_can_not_be_answered_is_a_fault(body, message):
    assert any(message in said for said, _ in KINDS["essay"].faults(Question("e", "essay", "¿?", body=body)))


def test_a_description_asks_nothing_and_is_never_unanswered():
    q, kind = Question("d", "description", "<p>Lea.</p>"), KINDS["description"]
    assert (kind.asks, kind.read(q, {"q": ["x"]}), kind.score(q, ""), kind.is_blank(""), kind.complaint(q, ""), kind.faults(q)) == (
        False, "", 0, False, "", [])
    assert not any(kind.claims(text) for text in ("", "T", "=a", "~a"))


def test_random_matching_draws_short_answers_from_its_pool():
    pool = [question("short", (city, 1), text) for city, text in (("Quito", ("*", 0)), ("Lima", ("l*", "1/2")), ("La Paz", ("x", 0)), ("*", ("y", 0)))]
    pool = [Question(f"s{n}", "short", f"Capital {n}", q.options) for n, q in enumerate(pool)]
    q, kind = filled(Question("r", "randommatching", "Relacione.", body=Draw(2)), [*pool, MATCHING]), KINDS["randommatching"]
    assert q.body.pool == (Drawn("Capital 0", "Quito"), Drawn("Capital 1", "Lima"), Drawn("Capital 2", "La Paz"))
    assert kind.variants(q) == 3 and len({kind.realised(q, seed).options for seed in range(9)}) == 3 and kind.faults(q) == []
    asked = kind.realised(q, 1)
    right = dump({o.id: o.match for o in asked.options})
    assert asked.kind == "matching" and KINDS["matching"].score(asked, right) == 1 and unpack_question(pack_question(q)) == q
    assert kind.realised(Question("r", "randommatching", "?", body=Draw()), 3).options == ()
    assert kind.faults(Question("r", "randommatching", "?", body=Draw(5, pool=q.body.pool)))


def test_bodies_and_hints_are_kept_and_given_back():
    for body in (Choice("abc", True, True), Words(True), Order("longest_ordered", "random", 3, True, "iii"), Essay(kinds=(".pdf",), least_words=3)):
        q = question("single", ("sí", 1), body=body, hints=(Hint("Piense.", True),), penalty=F(1, 2))
        assert unpack_question(pack_question(q)) == q


def test_an_image_is_said_by_its_alternative_text():
    q = question("single", ('<img src="/medios/a.png" alt="Mapa de &quot;Pucón&quot;">', 1), ('<img src="/medios/b.png" alt="">', 0))
    kind = KINDS["single"]
    assert (kind.shown(q, '"a"'), kind.shown(q, '"b"')) == ('Mapa de "Pucón"', "[imagen]") and kind.faults(q) == []


def test_a_review_has_a_row_for_each_pair_and_each_item():
    assert KINDS["matching"].table(MATCHING, dump({"a": "insecto"}))[:2] == (("rana", "insecto", "anfibio", False), ("gato", "", "mamífero", False))
    assert KINDS["ordering"].table(order("absolute"), placed("bacd"))[1:3] == (("paso 1", "1", "2", False), ("paso 2", "3", "3", True))
    assert KINDS["ordering"].table(order("absolute"), "") == ()


@pytest.mark.parametrize(("grading", "said"), [
    ("absolute", "Cuenta cada elemento en su lugar: 2 de 4."), ("one_each_side", "Cuenta los dos vecinos de cada elemento: 1,5 de 4."),
    ("all_or_nothing", "Cuenta todo o nada: 0 de 4."), ("all_each_side", "Cuenta todos los que van antes y después de cada elemento: 3,33 de 4.")])
def test_an_order_says_how_its_score_came_about_if_the_question_wants(grading, said):
    kind = KINDS["ordering"]
    assert kind.feedback_for(order(grading), placed("bacd")) == said
    assert kind.feedback_for(order(grading, show_grading=False), placed("bacd")) == kind.feedback_for(order(grading), "") == ""
