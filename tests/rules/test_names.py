"""Names: the list of the domain reference, §3.4, in its order; search, tidying and suggestions."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.names import Name, search_key, sort_key, suggest_case, tidy

SPANISH_ORDER = ("Alvarado, Alvarez, Álvarez, Cerda, Chávez, Colina, De la Cruz, del Río, Ibanez, Ibáñez, Llanos, "
                 "Lopez, López, Luna, Nunez, Nuñez, Núñez, Nuñoa, Nuzzi, Ñuñoa, O'Higgins, Ortiz, Zapata, "
                 "Zúñiga").split(", ")
MARIA = Name("María Elena", "Núñez", "Ibáñez")


def backwards(items: list[Any]) -> list[Any]:
    return list(reversed(items))


def test_spanish_order() -> None:
    assert sorted(backwards(SPANISH_ORDER), key=sort_key) == SPANISH_ORDER
    decomposed = [unicodedata.normalize("NFD", name) for name in SPANISH_ORDER]
    assert sorted(backwards(decomposed), key=sort_key) == decomposed


def test_order_goes_by_each_surname_and_then_the_given_names() -> None:
    right = [Name("Zoe", "Núñez"), Name("Ana", "Núñez", "Ibáñez"), MARIA, Name("Ana", "Núñez", "Soto"),
             Name("Ana", "Nuñoa"), Name("Ana", "Ñuñoa", "Abad")]
    assert sorted(backwards(right), key=lambda name: name.order) == right


@given(st.lists(st.text(), min_size=2, max_size=2, unique_by=lambda text: unicodedata.normalize("NFC", text)))
def test_sort_key_tells_any_two_texts_apart(texts: list[str]) -> None:
    assert sort_key(texts[0]) != sort_key(texts[1])


@given(st.text())
def test_sort_key_holds_no_nul_which_postgresql_refuses(text: str) -> None:
    assert "\0" not in sort_key(text.replace("\0", ""))


@pytest.mark.parametrize(("asked", "name"), [("nunez", "Núñez"), ("NUÑEZ", "Núñez"), ("ohiggins", "O’Higgins"),
                                             ("o'higgins", "O’Higgins"), ("mac iver", "Mac-Iver"),
                                             ("  de  la cruz", "De la Cruz"), ("strasse", "Straße"),
                                             ("ａｎａ", "Ana"), ("nunez", unicodedata.normalize("NFD", "Núñez"))])
def test_search(asked: str, name: str) -> None:
    assert search_key(asked) == search_key(name)


@given(st.text())
def test_search_key_is_stable_and_blind_to_case(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text(alphabet="aábcdeéfghiíjklmnñoópqrstuúüvwxyz '-"))
def test_search_key_is_blind_to_capitals_and_decomposition(text: str) -> None:
    assert search_key(text.upper()) == search_key(text) == search_key(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("typed", "kept"), [("  María\u00a0 Elena\t", "María Elena"), ("Ana\r\nMaría", "Ana María"),
                                             (unicodedata.normalize("NFD", "Núñez"), "Núñez"),
                                             ("\ufeffIbá\u00adñez", "Ibáñez"), ("", ""), ("O’Higgins", "O’Higgins")])
def test_tidy(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize("typed", ["Ana\0", "Ana\x1b[31m", "Ana\u202enóteP", "\u2066Ana\u2069", "Ana\u200f", "Ana\x85",
                                   "An\u200da", "Ana\ud800", "Ana\ue000", "Ana\x7f"])
def test_tidy_refuses_what_can_not_be_seen(typed: str) -> None:
    with pytest.raises(ValueError, match="invisible o de control"):
        tidy(typed)


@given(st.text())
def test_tidy_is_stable(text: str) -> None:
    try:
        kept = tidy(text)
    except ValueError:
        return
    assert tidy(kept) == kept == kept.strip()
    assert "  " not in kept


@pytest.mark.parametrize(("typed", "suggested"), [
    ("MARÍA DE LA CRUZ", "María de la Cruz"), ("O'HIGGINS", "O'Higgins"), ("O’HIGGINS", "O’Higgins"),
    ("mac-iver", "Mac-Iver"), ("D'ALESSANDRO", "D'Alessandro"), ("DE LA CRUZ", "De la Cruz"),
    ("DEL RÍO", "Del Río"), ("ORTEGA Y GASSET", "Ortega y Gasset"), ("JUAN LA ROSA", "Juan La Rosa"),
    ("MARÍA DE LOS ÁNGELES", "María de los Ángeles"), ("J.P. NÚÑEZ", "J.P. Núñez"), ("Mª LUISA", "Mª Luisa"),
    ("ñuñoa", "Ñuñoa")])
def test_suggestions(typed: str, suggested: str) -> None:
    assert suggest_case(typed) == suggested


@pytest.mark.parametrize("typed", ["María de la Cruz", "McDonald", "Núñez", "", "J.", "123", "María DE LA CRUZ"])
def test_nothing_to_suggest(typed: str) -> None:
    assert suggest_case(typed) is None


@given(st.text())
def test_a_suggestion_changes_only_capitals(text: str) -> None:
    suggested = suggest_case(text)
    if suggested is not None:
        assert suggested != text
        assert suggested.casefold() == text.lower().casefold()


def test_three_ways_of_writing_a_name() -> None:
    assert (MARIA.formal, MARIA.full, MARIA.initials) == ("Núñez Ibáñez, María Elena", "María Elena Núñez Ibáñez", "MN")
    assert Name("Beto", "Ferreyra").formal == "Ferreyra, Beto"
    assert Name("Beto", "Ferreyra", "").full == "Beto Ferreyra"
    assert Name("Ángela", "’t Hooft").initials == "ÁT"
    assert Name("", "Lula").formal == "Lula"
