"""Sanitiser payloads and awkward strings collected by others, as everything a person can type: harmless in every list of the
staff, and kept as they were."""

import json
from pathlib import Path

import pytest

from tests.web.test_holes_injection import FIRST, details, plant, runs

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material"
PAYLOADS, NAUGHTY = MATERIAL / "xss" / "dompurify-payloads.json", MATERIAL / "naughty" / "blns" / "blns.json"
EACH = 50                       # as many as the longest list shows on a page
LISTS = ("/personas", "/instituciones", "/bitacora", "/cohortes/1/nomina", "/cohortes/1/creditos", "/cohortes/1/avance", "/cohortes/1/datos",
         "/cohortes/1/certificados?ver=emitidos", "/cohortes/1/certificados?ver=terminados")

pytestmark = pytest.mark.skipif(not (PAYLOADS.exists() and NAUGHTY.exists()), reason=f"the texts are not here: {MATERIAL}")


def texts() -> list[str]:
    if not (PAYLOADS.exists() and NAUGHTY.exists()):
        return []
    found = [item["payload"] for item in json.loads(PAYLOADS.read_text())["items"]] + json.loads(NAUGHTY.read_text())
    return [text.encode("utf-8", "replace").decode() for text in found if isinstance(text, str) and text.strip()]


BATCHES = [texts()[n:n + EACH] for n in range(0, len(texts()), EACH)]


@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_no_text_of_others_runs_in_a_list_of_the_staff(plain, number):
    batch = BATCHES[number] + BATCHES[0][:max(0, 6 - len(BATCHES[number]))]
    plant(plain, batch)
    for url in LISTS:
        answer = plain.client("olga").get(url)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200 and not runs(page), (url, runs(page))
    assert not runs(plain.client("ivan").get("/por-corregir").get_data(as_text=True))
    for n in range(FIRST, FIRST + len(batch), 25):
        for who, url in details(n):
            answer = plain.client(who).get(url)
            assert answer.status_code in (200, 409) and not runs(answer.get_data(as_text=True)), (batch[n - FIRST], url)


def test_there_are_texts_of_others():
    assert len(texts()) > 500
