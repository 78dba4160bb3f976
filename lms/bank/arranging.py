"""Rows of a form added, taken away and moved by its buttons, before the form is read. Pure."""

import re
from collections.abc import Iterable

Pair = tuple[str, str]
ROW = re.compile(r"(\d{1,4})-(.+)")
GROUP = re.compile(r"[a-z_]{1,30}(?:-\d{1,4}-[a-z_]{1,30})?")
MOST = 100


def rearranged(fields: Iterable[Pair], deed: str) -> list[Pair]:
    """What was sent, after "mas:answers", "menos:answers:2", "sube:answers:2" or "baja:answers:2"."""
    said, _, rest = deed.partition(":")
    group, _, number = rest.partition(":")
    fields = list(fields)
    if said not in ("mas", "menos", "sube", "baja") or not GROUP.fullmatch(group):
        return fields
    rows: dict[int, list[Pair]] = {}
    others: list[Pair] = []
    for name, value in fields:
        found = ROW.fullmatch(name[len(group) + 1:]) if name.startswith(f"{group}-") else None
        if found:
            rows.setdefault(int(found[1]), []).append((found[2], value))
        else:
            others.append((name, value))
    order = sorted(rows)
    at = order.index(int(number)) if number.isascii() and number.isdigit() and int(number) in order else -1
    if said == "menos" and at >= 0:
        del order[at]
    elif said == "sube" and at > 0:
        order[at - 1], order[at] = order[at], order[at - 1]
    elif said == "baja" and 0 <= at < len(order) - 1:
        order[at + 1], order[at] = order[at], order[at + 1]
    kept = [(f"{group}-{n}-{name}", value) for n, row in enumerate(order) for name, value in rows[row]]
    added = [(f"{group}-{len(order)}-nueva", "1")] if said == "mas" and len(order) < MOST else []
    return others + kept + added
