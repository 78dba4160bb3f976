"""The words of each language and kind, read from words/; without the paper, so that a page may name a kind."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms.certificates.snapshot import LANGUAGES, Snapshot

FOLDER = Path(__file__).with_name("words")


@lru_cache
def words(language: str) -> dict[str, dict[str, Any]]:
    """The file of a language; Spanish for one that there is none of."""
    name = language if language in LANGUAGES else "es"
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def labels(s: Snapshot) -> dict[str, str]:
    return words(s.language)["labels"]


@lru_cache
def told(language: str, kind: str, form: str) -> dict[str, Any]:
    """The words of a kind, in the form this one takes: what a form does not say otherwise is the kind's."""
    mine = words(language)[kind]
    return {**words(language)["said"], **mine, **mine.get(form, {})}


def told_of(s: Snapshot) -> dict[str, Any]:
    return told(s.language, s.kind, s.form)


def kind_line(s: Snapshot) -> str:
    return str(told_of(s)["kind"])
