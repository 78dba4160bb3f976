"""The values that a calculated question draws from: read from the form, listed one for each variant. Pure."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.catalogue.kinds.datasets import Calculation, Dataset
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Question

NAME = re.compile(r"\{([a-zA-Z]\w{0,19})\}")
MOST_VALUES, USUAL = 500, 10


def named(q: Question) -> list[str]:
    """The names between braces in a question's texts and formulas, each once, as they come."""
    return list(dict.fromkeys(NAME.findall(" ".join([plain(q.text), *(plain(o.text) for o in q.options)]))))


def value_rows(body: Calculation, q: Question) -> list[dict[str, Any]]:
    """A row for each value there is, and one for each name that has none yet."""
    found = [{"name": d.name, "least": d.least, "most": d.most, "decimals": d.decimals,
              "distribution": d.distribution, "values": spoken(d.values)} for d in body.datasets]
    there = {d.name for d in body.datasets}
    return found + [{"name": name, "decimals": 1} for name in named(q) if name not in there]



def spoken(values: tuple[Decimal, ...]) -> str:
    return "; ".join(f"{value:f}".replace(".", ",") for value in values)


def read_datasets(entries: Any, base: Calculation) -> tuple[Dataset, ...]:
    old = {d.name: d for d in base.datasets}
    found = []
    for row in entries:
        name = (row["name"].data or "").strip().strip("{}")
        if name:
            kept = old.get(name, Dataset(name))
            found.append(replace(
                kept, values=listed(row["values"].data or ""), distribution=row.distribution.data or "uniform",
                least=kept.least if row.least.data is None else row.least.data,
                most=kept.most if row.most.data is None else row.most.data,
                decimals=min(max(kept.decimals if row.decimals.data is None else row.decimals.data, 0), 9)))
    return tuple(found)


def listed(text: str) -> tuple[Decimal, ...]:
    """"1,5; 2 3" -> three numbers; what is none is left out."""
    found = []
    for word in re.split(r"[;\s]+", text[:20000].strip()):
        try:
            value = Decimal(word.replace(",", "."))
        except InvalidOperation:
            continue
        if value.is_finite() and abs(value) < Decimal("1e15"):
            found.append(value)
    return tuple(found[:MOST_VALUES])
