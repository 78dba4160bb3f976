"""The kinds of certificate and the rules of each, read from kinds.toml. Pure."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """One kind: see the head of kinds.toml."""
    code: str
    series: str                     # each is numbered apart, year by year
    title: str                      # field of the snapshot that says what is certified
    needs: str
    once: str = "held"              # held | day
    badge: str = ""
    elsewhere: str = ""             # endpoint of the room that issues it


KINDS = {code: Kind(code, **said) for code, said in
         tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8")).items()}
