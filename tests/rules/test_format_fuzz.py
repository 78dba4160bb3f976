"""Spoiled files of questions: a few here, a hundred thousand for each reader by ./dev soak --only fuzz."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import formats
from lms.catalogue.formats import FORMATS
from tests import format_fuzz

SEED, MANY = 20, 150


@pytest.mark.parametrize("name", format_fuzz.SPOILERS)
def test_a_spoiled_file_is_answered_soon_and_without_an_exception(name):
    for number in range(MANY):
        format_fuzz.trial(name, random.Random(f"{SEED}/{name}/{number}"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(st.sampled_from("ab {}=~#:%->\n\\$/.[]1<>;&\"")).map(str.encode), st.sampled_from(sorted(FORMATS)))
def test_no_bytes_break_any_reader(content, name):
    for parcel in (FORMATS[name].read("x", content), formats.read("x", content)):
        assert all(notice.message and notice.remedy for notice in parcel.notices)


@pytest.mark.parametrize("text", [
    "<quiz " + "a" * 70_000, "<" * 50_000, "<?" * 30_000, "<!--" * 20_000, "<quiz>" + "<question>" * 5_000, "<!DOCTYPE " + "[" * 50_000,
    "A) " * 30_000, "ANSWER:\n" * 20_000, "\nA)" * 30_000 + "\nANSWER: A", "{1:SHORTANSWER:" * 5_000, "{1:MC:=" + "~a" * 30_000, "::" * 30_000,
    "::a::" + "{" * 50_000, "[id:" * 20_000 + "{}", "// [tag:" * 10_000 + "\n{}", "tipo;enunciado\n" + ";" * 60_000, "src=" * 20_000 + "{}",
    "data:image/png;base64," * 5_000 + "{}", "data:image/png" + ";a=b" * 20_000 + "{}", "$CATEGORY: " + "$course$/" * 5_000 + "\n\na {}",
    "$CATEGORY:" * 10_000, "a {=" + "\\" * 50_000 + "}", "a {#" + "1" * 50_000 + "}", "a {=b" + " " * 50_000 + "}", "&" * 50_000 + "{}",
    "<b" * 20_000 + "{}", "a [html]" + "<p>" * 3_000 + "{}", "a [markdown]" + "![" * 3_000 + "{}"])
def test_long_repetitions_do_not_hang(text):
    began = time.process_time()
    formats.read("x", text.encode())
    for name in FORMATS:
        FORMATS[name].read("x", text.encode())
    assert time.process_time() - began < 2 * len(FORMATS)
