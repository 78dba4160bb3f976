"""A question as a student would be asked it, answered and checked: for who writes it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.catalogue.kinds import KINDS, Kind
from lms.catalogue.rules import Option, Question

PREFIX = "p."


@dataclass(frozen=True)
class Shown:
    """What the page needs; `share` is None until it was checked, or when a person marks it."""
    question: Question
    kind: Kind
    seed: int
    variants: int
    options: tuple[Option, ...]
    fields: Mapping[str, tuple[str, ...]]
    faults: tuple[tuple[str, str], ...] = ()
    checked: bool = False
    share: Fraction | None = None
    given: str = ""
    right: str = ""
    complaint: str = ""
    said: tuple[str, ...] = ()          # safe HTML: of this answer, of its rightness, of the question

    @property
    def prefix(self) -> str:
        return PREFIX

    @property
    def variant(self) -> int:
        return self.seed % max(self.variants, 1) + 1


def shown(q: Question, seed: int = 0, sent: Mapping[str, list[str]] | None = None) -> Shown:
    """Asked, and when `sent` is given also checked."""
    kind = KINDS[q.kind]
    faults = tuple(flaw for flaw in kind.faults(q))
    if faults:
        return Shown(q, kind, seed, 1, (), {}, faults)
    one = kind.realised(q, seed)
    asking = KINDS[one.kind]
    common: dict[str, Any] = {"question": one, "kind": asking, "seed": seed, "variants": kind.variants(q),
                              "options": asking.choices(one, seed)}
    if sent is None:
        return Shown(fields=asking.given(one, ""), **common)
    values = {name.removeprefix(PREFIX): found for name, found in sent.items() if name.startswith(PREFIX)}
    answer = asking.read(one, values)
    share = asking.score(one, answer)
    result = () if share is None else (one.said[0 if share == 1 else 1 if share > 0 else 2],)
    said = (asking.feedback_for(one, answer), *result, one.feedback)
    return Shown(fields=asking.given(one, answer), checked=True, share=share, given=asking.shown(one, answer),
                 right=asking.right(one), complaint=asking.complaint(one, answer),
                 said=tuple(text for text in said if text), **common)
