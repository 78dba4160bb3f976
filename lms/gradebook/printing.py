"""The cells of the gradebook as HTML: ten thousand of them joined as text, in a tenth of a template's time."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

from flask import url_for
from markupsafe import Markup, escape

from lms.foundation.language import _, decimal
from lms.gradebook.asking import Asked
from lms.gradebook.layout import token
from lms.gradebook.queries import Seen
from lms.gradebook.rules import FINAL, WAITS, Cell, Column, Group, Line, mark, marks
from lms.grading.rules import Scale

HERE, MODULE, ITEM = "90000000", "MODULE", "ITEM"   # stand-ins in an address that is made once
EDGE = {False: "", True: ' class="edge"'}
WHO = "\0"                                  # for a person, in what is shared by many


def cells(seen: Seen, lines: Sequence[Line], sides: Sequence[Scale]) -> Markup:
    """The rows of the table's body. Every text of a person is escaped; the rest is ours."""
    writer = _Writer(seen, sides)
    return Markup("".join([writer.row(line) for line in lines]))


def head(seen: Seen, asked: Asked, states: Mapping[str, Markup]) -> Markup:
    """The headings, each module's with the state of its acta."""
    found = []
    for column in seen.book.columns:
        name, state = escape(column.name), "" if column.item else states.get(column.module, "")
        if column.item and asked.detail:
            name = Markup(f"<small>{escape(column.module)}</small> {name}")
        elif asked.module is None and column.module != FINAL:
            name = Markup(f'<a href="{escape(asked.url(modulo=column.module))}">{name}</a>')
        found.append(f'<th scope="col"{EDGE[column.edge]}>{name}{"<br>" if state else ""}{state}</th>')
    return Markup("".join(found))


def foot(seen: Seen) -> Markup:
    """The mean of each column, on the home scale."""
    return Markup("".join([f'<td{EDGE[column.edge]}>{"–" if mean is None else decimal(mean)}</td>'
                           for column, mean in zip(seen.book.columns, seen.book.means(), strict=True)]))


class _Writer:
    """What stands in the columns of one module is written once for all who have the same there, but for their id."""

    def __init__(self, seen: Seen, sides: Sequence[Scale]) -> None:
        self.seen, self.scales = seen, [(scale, marks(scale, seen.policies.home)) for scale in sides]
        self.waits = {state: str(escape(_(words))) for state, words in WAITS.items()}
        self.address = [self._from_here("gradebook.cell", person_id=int(HERE), module=MODULE, item=item)
                        for item in (None, ITEM)]
        self.by_hand = ' <abbr title="{}">*</abbr>'.format(escape(_("registrada a mano")))
        found = [(c, EDGE[c.edge], self._address(c)) for c in seen.book.columns]
        self.columns = [list(some) for _module, some in groupby(found, key=lambda one: one[0].module)]
        self.token = token("html", tuple(sides), tuple(map(itemgetter(0, 1), found)),
                           tuple(self.waits.values()))

    def _from_here(self, endpoint: str, **parts: object) -> str:
        """An address as a link of this page, which needs not say the cohort again ten thousand times."""
        found, here = (url_for(name, cohort_id=self.seen.cohort.id, **more)     # type: ignore[arg-type]
                       for name, more in ((endpoint, parts), ("gradebook.book", {})))
        return str(escape(found.removeprefix(here.rpartition("/")[0] + "/").replace(HERE, WHO, 1)))

    def _address(self, column: Column) -> str:
        if column.module == FINAL:
            return ""
        return self.address[bool(column.item)].replace(MODULE, quote(column.module)).replace(ITEM, quote(column.item))

    def row(self, line: Line) -> str:
        person, token = self.seen.people[line.person_id], self.token
        place = self.seen.places.get(line.person_id, "")
        where = f" <small>{escape(place.rpartition(', ')[2])}</small>" if place else ""
        try:
            found = [group.made[token] for group in line.groups]
        except KeyError:
            found = [self._group(group, i) for i, group in enumerate(line.groups)]
        return (f'<tr data-p="{line.person_id}"><th scope="row">{escape(person.formal)}{where}</th>'
                f'{"".join(found).replace(WHO, str(line.person_id))}</tr>')

    def _group(self, group: Group, place: int) -> str:
        if self.token not in group.made:
            group.made[self.token] = "".join(map(self._cell, group.cells, self.columns[place]))
        return str(group.made[self.token])

    def _cell(self, cell: Cell, under: tuple[Column, str, str]) -> str:
        column, kind, address = under
        by_hand = self.by_hand if cell.changed else ""
        inner = self._words(cell, column)
        return (f'<td{kind}><a href="{address}">{inner}</a>{by_hand}</td>' if address else
                f'<td{kind}>{inner}{by_hand}</td>')

    def _words(self, cell: Cell, column: Column) -> str:
        if cell.share is None:
            return self.waits.get(cell.state, "–") if column.module != FINAL and cell.state != "none" else "–"
        text = " · ".join([scale.written(mark(cell.share, known, scale, self.seen.policies.home))
                           for scale, known in self.scales])
        return f'<b class="low">{text}</b>' if cell.passed is False else text
