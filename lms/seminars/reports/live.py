"""The list Teams gave during a meeting, one row an entry or an exit: paired into stays."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from lms.seminars.reports.heads import normal
from lms.seminars.reports.shape import Fault, Join

_LEFT = re.compile(r"\b(left|leaves?|salio|salida|sale|abandono|se fue|se ha ido|se retiro|saiu|saida|desconectado)\b")
_JOINED = re.compile(r"\b(join\w*|unio|unid[oa]|entro|entrada|ingres\w+|entrou|conectado|incorporo)\b")


class Step(NamedTuple):
    """A row of the list: its entry time stands in `join.joined`, whichever way it went."""
    join: Join
    action: str


def paired(steps: Iterable[Step]) -> tuple[list[Join], list[Fault]]:
    """Stays, each exit closing the earliest entry still open; what stays open lasts to the meeting's end.

    "Joined before" is an entry before the list began; that moment is the first the file knows.
    """
    of: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        of[step.join.email.casefold() or normal(step.join.shown)].append(step)
    joins, faults = [], []
    for mine in of.values():
        open_: deque[Join] = deque()
        for join, action in _forward(mine):
            words = normal(action)
            if _LEFT.search(words):
                if open_:
                    joins.append(replace(open_.popleft(), left=join.joined))
                else:
                    faults.append(Fault(join.row, join.shown, "Sale sin haber entrado."))
            elif _JOINED.search(words):
                open_.append(join)
            else:
                faults.append(Fault(join.row, join.shown, f"No se sabe si «{action[:40]}» es entrada o salida."))
        joins += [replace(join, open=True) for join in open_]
    return sorted(joins, key=lambda j: j.row), faults


def _forward(mine: list[Step]) -> list[Step]:
    """In order of time where the list runs backward; as it stands otherwise, since stays of two devices overlap."""
    at = [step.join.joined for step in mine if step.join.joined]
    falling = sum(a > b for a, b in zip(at, at[1:], strict=False))
    return mine[::-1] if falling > len(at) // 2 else mine
