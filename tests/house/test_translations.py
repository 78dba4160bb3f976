"""What is said in another language is what its catalogue says, and every catalogue entry is still said somewhere."""

import gettext
import re

import pytest

from tests.translations import HOME, compiled

LMS = HOME.parents[1]
CATALOGUES = sorted(HOME.glob("*.po"))


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda p: p.stem)
def test_the_compiled_catalogue_is_the_written_one(po):
    assert po.with_suffix(".mo").read_bytes() == compiled(po), "run: python -m tests.translations"


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda p: p.stem)
def test_values_keep_their_names(po):
    with po.with_suffix(".mo").open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog
    for source, words in said.items():
        if source and isinstance(source, str):
            assert sorted(re.findall(r"%\(\w+\)[sd]", source)) == sorted(re.findall(r"%\(\w+\)[sd]", words)), source
