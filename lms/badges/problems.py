"""What can be wrong with a badge, by name. The words a person reads: badges.wording."""

from typing import NamedTuple


class Problem(NamedTuple):
    """`name` is one of badges.wording.WORDS; `detail` is where, for whoever mends it."""
    name: str
    detail: str = ""
