"""A registration is what its events say; places, offers, conditional questions and pasted lists, as rules."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.seminars.questions import Question, asked, condition, read
from lms.seminars.registering import addresses
from lms.seminars.standing import (
    BY_OFFICE,
    STATES,
    Standing,
    Step,
    acceptable,
    closed,
    first,
    free,
    may_cancel,
    may_return,
    offer_until,
    position,
    standing,
    state,
    words_of,
)

NOW = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_last_event_says_how_a_registration_stands():
    steps = [Step("asked", NOW), Step("waiting", NOW), Step("offered", NOW + HOUR, NOW + 49 * HOUR)]
    assert state(steps) == "offered"
    assert standing(steps) == Standing("offered", NOW + HOUR, NOW + 49 * HOUR)
    assert standing([*steps, Step("confirmed", NOW + 2 * HOUR)]) == Standing("confirmed", NOW + 2 * HOUR)
    with pytest.raises(ValueError, match="begins with an event"):
        state([])


@pytest.mark.parametrize(("places", "taken", "queued", "given"), [
    (None, 500, 0, "confirmed"), (2, 1, 0, "confirmed"), (2, 2, 0, "waiting"), (0, 0, 0, "waiting"),
    (3, 1, 4, "waiting"),       # nobody overtakes those who wait
])
def test_who_asks_is_given_a_place_or_a_turn(places, taken, queued, given):
    assert first(places, taken, queued) == given


def test_places_that_were_reduced_are_not_less_than_none():
    assert free(2, 5) == 0
    assert free(None, 5) is None


def test_an_offer_lasts_its_hours_but_not_beyond_the_beginning_of_the_seminar():
    assert offer_until(NOW, 48, NOW + 100 * HOUR) == NOW + 48 * HOUR
    assert offer_until(NOW, 48, NOW + 3 * HOUR) == NOW + 3 * HOUR
    assert offer_until(NOW, 48, NOW) is None


def test_an_offer_is_accepted_in_time_and_once():
    offered = Standing("offered", NOW, NOW + HOUR)
    assert acceptable(NOW, offered) == ""
    assert "venció" in acceptable(NOW + HOUR, offered)
    assert "ya está confirmado" in acceptable(NOW, Standing("confirmed", NOW))
    assert acceptable(NOW, Standing("waiting", NOW))


def test_who_was_refused_does_not_return_by_themselves():
    assert [s for s in STATES if may_return(Standing(s, NOW))] == ["expired", "cancelled"]
    assert [s for s in STATES if may_cancel(Standing(s, NOW))] == ["asked", "waiting", "offered", "confirmed"]


def test_the_office_always_has_a_way_out_of_every_state():
    assert set(BY_OFFICE) == set(STATES)
    assert all(set(after) <= set(STATES) - {before} for before, after in BY_OFFICE.items())


def test_who_has_waited_longest_is_first_in_line():
    queue = [(7, NOW), (3, NOW + HOUR), (9, NOW)]
    assert [position(queue, one) for one in (7, 9, 3, 4)] == [1, 2, 3, 0]


def test_registration_opens_and_closes():
    assert closed(NOW, NOW + HOUR, None, None) == "early"
    assert closed(NOW, None, NOW, None) == "late"
    assert closed(NOW, None, None, NOW - HOUR) == "late"
    assert closed(NOW, NOW - HOUR, NOW + HOUR, NOW + HOUR) == ""


def test_a_text_is_shown_in_the_readers_language_or_in_spanish():
    assert words_of("pt", {"es": "Sala", "pt": "Salão"}) == "Salão"
    assert words_of("es-AR", {"es": "Sala"}) == "Sala"
    assert words_of("en", {"es": "Sala"}) == "Sala"
    assert words_of("en", {"pt": "Salão"}) == "Salão"


MODE = Question("modo", "choice", {"es": "¿Cómo asiste?", "pt": "Como participa?"},
                (("sala", {"es": "En la sala", "pt": "No auditório"}), ("linea", {"es": "En línea"})), required=True)
MEAL = Question("comida", "yes", {"es": "¿Almuerza?"}, required=True, when=("modo", ("sala",)))
DIET = Question("dieta", "text", {"es": "Dieta"}, required=True, restricted=True, when=("comida", ("yes",)))
PHOTO = Question("foto", "consent", {"es": "Acepto que se publiquen fotos.", "en": "I agree to photos."})
FORM = (MODE, MEAL, DIET, PHOTO)


def sent(**fields):
    return lambda name: {f"q-{code}": value if isinstance(value, list) else [value]
                         for code, value in fields.items()}.get(name, [])


def test_what_hangs_on_an_answer_is_asked_only_then():
    assert asked(FORM, {"modo": "linea"}) == [MODE, PHOTO]
    assert asked(FORM, {"modo": "sala", "comida": "yes"}) == list(FORM)
    assert asked(FORM, {"modo": "linea", "comida": "yes"}) == [MODE, PHOTO], "what it hangs on is not asked either"


def test_what_is_not_asked_is_neither_required_nor_read():
    answers, faults = read(FORM, sent(modo="linea", comida="yes", dieta="sin gluten"), "es")
    assert (answers, faults) == ({"modo": "linea"}, {})


def test_what_is_asked_is_required():
    answers, faults = read(FORM, sent(modo="sala", comida="yes"), "es")
    assert answers == {"modo": "sala", "comida": "yes"}
    assert list(faults) == ["dieta"]


def test_only_the_options_offered_are_taken():
    _answers, faults = read(FORM, sent(modo="techo"), "es")
    assert "modo" in faults
    assert "modo" in read(FORM, sent(modo=["sala", "linea"]), "es")[1]


def test_several_options_are_kept_in_the_order_of_the_form():
    many = Question("temas", "several", {"es": "Temas"}, (("a", {"es": "A"}), ("b", {"es": "B"}), ("c", {"es": "C"})))
    answers, _faults = read([many], sent(temas=["c", "a"]), "es")
    assert answers == {"temas": "a\nc"}
    assert many.written("a\nc") == "A, C"


def test_a_consent_keeps_the_text_that_was_agreed_to():
    assert read([PHOTO], sent(foto="yes"), "en")[0] == {"foto": "I agree to photos."}
    assert read([PHOTO], sent(), "en") == ({}, {})


def test_a_condition_is_said_in_words():
    assert condition(MEAL, FORM, "es") == ("¿Cómo asiste?", "En la sala")
    assert condition(MEAL, FORM, "pt") == ("Como participa?", "No auditório")
    assert condition(MODE, FORM, "es") == ("", "")


def test_a_long_answer_is_refused_by_its_length():
    assert "200" in read([Question("t", "text", {"es": "T"})], sent(t="x" * 201), "es")[1]["t"]


def test_a_pasted_list_tells_its_faults_by_line():
    lines = addresses("Rosa Uno <Rosa@example.org>; beto@example.org\n\nsin arroba\nROSA@example.org\n")
    assert [(line.number, line.email, bool(line.fault)) for line in lines] == [
        (1, "rosa@example.org", False), (1, "beto@example.org", False), (3, "", True), (4, "rosa@example.org", True)]
    assert "línea 1" in lines[3].fault
