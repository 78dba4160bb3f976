"""Sanitiser payloads collected by others, through every text an author writes: nothing that runs is left."""

import json
from pathlib import Path

import pytest

from lms.catalogue import figures
from lms.catalogue.cleaning import clean_block, clean_inline
from lms.catalogue.formats import gift
from lms.catalogue.rendering import inline, render
from tests.rules.test_rendering import Reader

FILE = Path(__file__).parents[2].parent / "shared" / "material" / "xss" / "dompurify-payloads.json"
NAUGHTY = FILE.parents[1] / "naughty" / "blns" / "blns.json"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the payloads are not here: {FILE}")


def payloads() -> list[str]:
    if not FILE.exists():
        return []
    found = [item["payload"] for item in json.loads(FILE.read_text())["items"]]
    return found + [text for text in json.loads(NAUGHTY.read_text()) if isinstance(text, str)]


def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "~=#{}:\\" else c for c in text.replace("\n", " "))


def test_no_payload_leaves_anything_that_runs():
    found = payloads()
    assert len(found) > 500
    for text in found:
        shown = [render(f"# T\n\n{text}\n", "a.md", {}).html, inline(text), clean_inline(text), clean_block(text),
                 figures.read(text.encode("utf-8", "replace"), "a.svg", 1, text).markup]
        for form in ("", "[html]", "[markdown]", "[plain]", "[moodle]"):
            for question in gift.read(f"::x::{form}{escaped(text)} {{={escaped(text)}#{escaped(text)} ~b}}", "q")[0]:
                shown += [question.text, *(o.text + o.feedback for o in question.options)]
        for html in shown:
            assert not Reader.of(html).harm, (text, html)
