"""The cells of the gradebook as HTML: ten thousand of them joined as text, in a tenth of a template's time."""

from collections.abc import Sequence

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
        self.known: dict[tuple[int, int], tuple[str, str]] = {}

    def _address(self, column: Column) -> tuple[str, str]:
        if column.module == FINAL:
            return "", ""
        before, _hole, after = url_for("gradebook.cell", cohort_id=self.seen.cohort.id, person_id=int(f"9{HERE}"),
                                       module=column.module, item=column.item or None).partition(f"9{HERE}")
        return str(escape(before)), str(escape(after))

    def row(self, line: Line) -> str:
        person, me = self.seen.people[line.person_id], str(line.person_id)
        place = self.seen.places.get(line.person_id, "")
        where = f" <small>{escape(place.rpartition(', ')[2])}</small>" if place else ""
        found = [f'<tr><th scope="row">{escape(person.formal)}{where}</th>']
        known = self.known
        for i, cell in enumerate(line.cells):       # equal cells are one object: all but the person's id is known
            if (name := (id(cell), i)) not in known:
                known[name] = self._cell(cell, i)
            before, after = known[name]
            found += (before, me, after) if after else (before,)
        return "".join(found) + "</tr>"

    def _cell(self, cell: Cell, place: int) -> tuple[str, str]:
        """A cell as what stands before and after the person's id; all of it before where it leads nowhere."""
        column, (before, after) = self.seen.book.columns[place], self.links[place]
        by_hand = ' <abbr title="{}">*</abbr>'.format(escape(_("registrada a mano"))) if cell.changed else ""
        inner, start = self._words(cell, column), f'<td class="{self.kinds[place]}">'
        if not before:
            return f"{start}{inner}{by_hand}</td>", ""
        return f'{start}<a href="{before}', f'{after}">{inner}</a>{by_hand}</td>'

    def _words(self, cell: Cell, column: Column) -> str:
        if cell.share is None:
            return self.waits.get(cell.state, "–") if column.module != FINAL and cell.state != "none" else "–"
        text = " · ".join(scale.written(mark(cell.share, known, scale, self.seen.policies.home))
                          for scale, known in self.scales)
        return f'<b class="low">{text}</b>' if cell.passed is False else text
