"""What is said in another language is what its catalogue says, and every catalogue entry is still said somewhere."""

import ast
import gettext
import re

import pytest
from babel.messages.pofile import read_po

from tests.translations import HOME, compiled

LMS = HOME.parents[1]
CATALOGUES = sorted(HOME.glob("*.po"))
COMPUTED = {f"La respuesta pasa de {most} caracteres." for most in (200, 2000)}     # said with a number of the code's own


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


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda p: p.stem)
def test_every_entry_is_still_said(po):
    """A sentence that was reworded must not leave its old translation behind."""
    said = {node.value for path in LMS.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    shown = "\n".join(path.read_text("utf-8") for kind in ("html", "toml") for path in LMS.rglob(f"*.{kind}"))
    with po.open("rb") as file:
        sources = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file)} - {""}
    assert not [source for source in sources - said - COMPUTED if source not in shown]
