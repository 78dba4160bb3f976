"""Questions that ask the same, or nearly: found, compared, one of them retired."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import changing, finding, queries
from lms.bank.describing import compared
from lms.bank.routes import CHANGE, SEE, may_change, me, room
from lms.bank.showing import shown
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.language import _
from lms.foundation.pages import tell

MOST_SHOWN = 100


@room.get("/banco/repetidas", allow=SEE)
def duplicates() -> ResponseReturnValue:
    exact, near = finding.exact(session()), finding.near(session())
    wanted = {i for group in exact for i in group} | {i for a, b, _share in near for i in (a, b)}
    return render_template("bank/duplicates.html", exact=exact[:MOST_SHOWN], near=near[:MOST_SHOWN],
                           lines={line.id: line for line in finding.lines(session(), sorted(wanted))},
                           tree=queries.tree(session()))


@room.get("/banco/comparar", allow=SEE)
def compare() -> ResponseReturnValue:
    pair = _pair(request.args.get("a", 0, int), request.args.get("b", 0, int))
    return render_template("bank/compare.html", pair=pair, tree=queries.tree(session()), may_change=may_change(),
                           shows=[shown(line.question) for line in pair],
                           lines=compared(pair[0].question, pair[1].question))


@room.post("/banco/comparar", allow=CHANGE)
def merge() -> ResponseReturnValue:
    """Keep one: the other is retired."""
    pair = _pair(request.form.get("a", 0, int), request.form.get("b", 0, int))
    kept = request.form.get("quedarse", 0, int)
    if kept not in {line.id for line in pair}:
        abort(404)
    other = next(line.id for line in pair if line.id != kept)
    changing.merge(session(), me().person_id, now(), kept, other)
    tell(_("Queda una sola; la otra se retiró y sus etiquetas pasaron a la que queda."))
    return redirect(url_for(".question", question_id=kept), 303)


def _pair(one: int, other: int) -> list[finding.Line]:
    found = finding.lines(session(), [one, other]) if one != other and 0 < one < 1 << 31 and 0 < other < 1 << 31 else []
    return found if len(found) == 2 else abort(404)
