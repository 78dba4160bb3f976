"""Identity documents: the vectors of the domain reference, §3.1 and §3.2, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ar import cuit
from stdnum.cl import rut

from lms.people.identifiers import KINDS, BadIdentifier, canonical, label, masked, shown, suspicious

RUNS = {12531909: "2", 76086428: "5", 12345678: "5", 11111111: "1", 22222222: "2", 44444444: "4", 55555555: "5",
        88888888: "8", 99999999: "9", 20347878: "K", 1000005: "K", 10000013: "K", 9007198: "K", 61533000: "0",
        14567890: "0", 7654321: "6", 5200100: "5", 69070100: "6"}
CUILS = ["20-05536168-2", "27-12345678-0", "20-12345678-6", "23-12345678-5", "24-12345678-1", "30-50001091-2",
         "33-69345023-9"]
WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


@pytest.mark.parametrize(("body", "check"), RUNS.items())
def test_runs_of_the_reference(body: int, check: str) -> None:
    assert canonical("cl_run", f"{body}-{check}") == f"{body}{check}"
    for wrong in set("0123456789K") - {check}:
        with pytest.raises(BadIdentifier, match=f"no corresponde: para ese número sería {check}"):
            canonical("cl_run", f"{body}-{wrong}")


@pytest.mark.parametrize("typed", ["12.531.909-2", "12531909-2", "125319092", " 12 531 909-2", "CL 12531909-2",
                                   "012.531.909-2", "12.531.909 - 2", "12.531.909–2", "１２５３１９０９-2"])
def test_ways_of_typing_one_run(typed: str) -> None:
    assert canonical("cl_run", typed) == "125319092"


def test_small_k_and_short_and_provisional_runs() -> None:
    assert canonical("cl_run", "10000013-k") == "10000013K"
    assert canonical("cl_run", "6-K") == "6K"                       # stdnum refuses bodies under a million
    assert canonical("cl_run", "100.000.000-7") == "1000000007"     # and those of nine digits


@pytest.mark.parametrize("typed", ["12345678-K", "12.531.909-3", "", "   ", "12.5E1.909-2", "7608642A-5", "12531909-",
                                   "-", "K", "0-0", "1234567890-1", "12531909-22", "²-9"])
def test_runs_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier) as refusal:
        canonical("cl_run", typed)
    assert refusal.value.message.endswith(".")
    assert refusal.value.remedy.endswith(".")


def test_shown_and_masked() -> None:
    assert shown("cl_run", "125319092") == "12.531.909-2"
    assert shown("cl_run", "6K") == "6-K"
    assert shown("ar_dni", "20123456") == "20.123.456"
    assert shown("ar_dni", "5536168") == "5.536.168"
    assert shown("ar_cuil", "20055361682") == "20-05536168-2"
    assert shown("passport", "AB123456") == "AB123456"
    assert masked("125319092") == "••••••092"
    assert masked("6K") == "••"


def test_labels() -> None:
    assert [label(kind) for kind in KINDS] == ["RUN", "DNI", "CUIL", "Pasaporte", "Otro documento"]


@pytest.mark.parametrize(("typed", "stored"), [("20.123.456", "20123456"), ("5.536.168", "5536168"),
                                               ("05.536.168", "5536168"), (" 92 123 456 ", "92123456")])
def test_dnis(typed: str, stored: str) -> None:
    assert canonical("ar_dni", typed) == stored


@pytest.mark.parametrize(("typed", "remedy"), [("123.456", "Otro documento"), ("0123456", "Otro documento"),
                                               ("20-12345678-6", "sin letras"), ("20123456786", "Elija CUIL"),
                                               ("M5536168", "sin letras"), ("123.456.789", "no sobren")])
def test_dnis_refused_with_where_to_go(typed: str, remedy: str) -> None:
    with pytest.raises(BadIdentifier) as refusal:
        canonical("ar_dni", typed)
    assert remedy in refusal.value.remedy


@pytest.mark.parametrize("typed", CUILS)
def test_cuils_of_the_reference(typed: str) -> None:
    assert shown("ar_cuil", canonical("ar_cuil", typed)) == typed


@pytest.mark.parametrize("typed", ["23-12345678-9", "30-71058823-9", "21-12345678-0", "20-1234567-6", "20-1234567A-6"])
def test_cuils_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        canonical("ar_cuil", typed)


@pytest.mark.parametrize("prefix", ["25", "26"])
def test_cuil_prefixes_stdnum_does_not_know(prefix: str) -> None:
    typed = f"{prefix}12345678{cuit.calc_check_digit(prefix + '12345678')}"
    assert not cuit.is_valid(typed)
    assert canonical("ar_cuil", typed) == typed


@pytest.mark.parametrize("check", range(10))
def test_a_cuil_no_digit_can_complete(check: int) -> None:
    assert cuit.is_valid("20-10000005-9")                            # stdnum's quirk
    with pytest.raises(BadIdentifier):
        canonical("ar_cuil", f"20-10000005-{check}")
    assert canonical("ar_cuil", "23-10000005-9")                     # what is assigned instead


def test_passports_and_others() -> None:
    assert canonical("passport", " ab 123-456 ", "BO") == "AB123456"
    assert canonical("other", "LE 123.456") == "LE123456"
    for typed in ("AB12", "A" * 16, "ÑB12345", "AB_12345"):
        with pytest.raises(BadIdentifier):
            canonical("passport", typed, "BO")
    for country in (None, "", "Bolivia", "bo"):
        with pytest.raises(BadIdentifier, match="Falta el país"):
            canonical("passport", "AB123456", country)
    for typed in ("1", "A" * 31, "<b>1</b>"):
        with pytest.raises(BadIdentifier):
            canonical("other", typed)


def test_a_document_of_another_country_or_kind() -> None:
    assert canonical("cl_run", "12.531.909-2", "CL")
    with pytest.raises(BadIdentifier, match="RUN no lo emite"):
        canonical("cl_run", "12.531.909-2", "AR")
    with pytest.raises(BadIdentifier, match="no se conoce"):
        canonical("party", "12")


@pytest.mark.parametrize(("kind", "value"), [("cl_run", "111111111"), ("cl_run", "444444444"), ("cl_run", "123456785"),
                                             ("cl_run", "760864285"), ("cl_run", "690701006"), ("ar_dni", "11111111"),
                                             ("ar_cuil", "30500010912"), ("passport", "ABCDEF"), ("other", "0000")])
def test_suspicious(kind: str, value: str) -> None:
    assert suspicious(kind, value)


@pytest.mark.parametrize(("kind", "value"), [("cl_run", "125319092"), ("cl_run", "1000000007"), ("ar_dni", "20123456"),
                                             ("ar_cuil", "20055361682"), ("passport", "AB123456")])
def test_not_suspicious(kind: str, value: str) -> None:
    assert not suspicious(kind, value)


@given(st.integers(1, 999_999_999))
def test_a_run_shown_is_read_back(body: int) -> None:
    stored = f"{body}{rut.calc_check_digit(str(body))}"
    assert canonical("cl_run", shown("cl_run", stored)) == stored == canonical("cl_run", stored)


@given(st.sampled_from(["20", "23", "24", "25", "26", "27", "30"]), st.integers(0, 99_999_999))
def test_a_cuil_exists_unless_its_remainder_is_one(prefix: str, number: int) -> None:
    body = f"{prefix}{number:08}"
    stored = body + cuit.calc_check_digit(body)
    if sum(int(n) * weight for n, weight in zip(body, WEIGHTS, strict=True)) % 11 == 1:
        with pytest.raises(BadIdentifier):
            canonical("ar_cuil", stored)
    else:
        assert canonical("ar_cuil", shown("ar_cuil", stored)) == stored


@given(st.sampled_from(KINDS), st.text(max_size=20) | st.from_regex(r"[0-9K.\- ]{1,14}", fullmatch=True))
def test_what_is_accepted_is_stable_and_all_else_is_told(kind: str, typed: str) -> None:
    try:
        stored = canonical(kind, typed, "BO" if kind == "passport" else None)
    except BadIdentifier as refusal:
        assert refusal.message
        assert refusal.remedy
        return
    assert canonical(kind, shown(kind, stored), "BO" if kind == "passport" else None) == stored
    assert masked(stored)[:-3].strip("•") == ""
    assert len(masked(stored)) == len(stored)
    suspicious(kind, stored)
