"""The cells of the gradebook as HTML: ten thousand of them joined as text, in a tenth of a template's time."""

from collections.abc import Sequence
from fractions import Fraction

from flask import url_for
from markupsafe import Markup, escape

from lms.foundation.language import _, decimal
from lms.gradebook.queries import Seen
from lms.gradebook.rules import FINAL, WAITS, Cell, Column, Line, mark, marks
from lms.grading.rules import Scale

HERE, WHO = "0000000", "PERSONA"            # stand-ins in an address that is made once for a column


def cells(seen: Seen, lines: Sequence[Line], sides: Sequence[Scale]) -> Markup:
    """The rows of the table's body. Every text of a person is escaped; the rest is ours."""
    writer = _Writer(seen, sides)
    return Markup("".join(writer.row(line) for line in lines))


def foot(seen: Seen) -> list[str]:
    """The mean of each column, on the home scale."""
    return ["–" if mean is None else decimal(mean) for mean in seen.book.means(seen.policies.home)]


class _Writer:
    def __init__(self, seen: Seen, sides: Sequence[Scale]) -> None:
        self.seen, self.scales = seen, [(scale, marks(scale, seen.policies.home)) for scale in sides]
        self.kinds = [f"n{' edge' if c.edge else ''}" for c in seen.book.columns]
        self.waits = {state: str(escape(_(words))) for state, words in WAITS.items()}
        self.links = [self._address(c) for c in seen.book.columns]
        self.known: dict[tuple[Fraction, bool], str] = {}

    def _address(self, column: Column) -> tuple[str, str]:
        if column.module == FINAL:
            return "", ""
        before, _hole, after = url_for("gradebook.cell", cohort_id=self.seen.cohort.id, person_id=int(f"9{HERE}"),
                                       module=column.module, item=column.item or None).partition(f"9{HERE}")
        return str(escape(before)), str(escape(after))

    def row(self, line: Line) -> str:
        person = self.seen.people[line.person_id]
        place = self.seen.places.get(line.person_id, "")
        where = f" <small>{escape(place.rpartition(', ')[2])}</small>" if place else ""
        return (f'<tr><th scope="row">{escape(person.formal)}{where}</th>'
                + "".join(map(self._cell, self.kinds, self.links, self.seen.book.columns, line.cells,
                              [line.person_id] * len(line.cells))) + "</tr>")

    def _cell(self, kind: str, link: tuple[str, str], column: Column, cell: Cell, person: int) -> str:
        if cell.share is None:
            words = self.waits.get(cell.state, "–") if column.module != FINAL and cell.state != "none" else "–"
            inner = words
        else:
            inner = self._grade(cell.share, cell.passed is False)
        if link[0]:
            inner = f'<a href="{link[0]}{person}{link[1]}">{inner}</a>'
        mark = ' <abbr title="{}">*</abbr>'.format(escape(_("registrada a mano"))) if cell.changed else ""
        return f'<td class="{kind}">{inner}{mark}</td>'

    def _grade(self, share: Fraction, low: bool) -> str:
        key = share, low
        if key not in self.known:
            text = " · ".join(scale.written(mark(share, known, scale, self.seen.policies.home))
                              for scale, known in self.scales)
            self.known[key] = f'<b class="low">{text}</b>' if low else text
        return self.known[key]
