"""What of the files handed in can be seen as pages, and which of them somebody wrote on."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from lms.attempts import queries as attempts
from lms.attempts.rules import Paper
from lms.foundation import leaves
from lms.foundation.leaves import Leaves

PICTURES = ("png", "jpg", "jpeg")
SEEN = ("pdf", *PICTURES)
PRESSED = 600                           # pixels: the width of the picture that says by plain form where it was pressed


def seen(papers: Iterable[Paper]) -> dict[int, Leaves]:
    """The pages of those that are PDF or pictures, by file."""
    press = leaves.press()
    return {f.id: press.leaves(f.sha256, f.size) for f in papers if f.kind in SEEN}


def written_on(session: Session, submission_id: int, pages: Collection[tuple[int, int]]
               ) -> dict[int, tuple[Paper, Leaves | None]]:
    """File -> it and its pages, of those with one of these (file, page). A statement, none where there is no page."""
    if not pages:
        return {}
    files = {file for file, _page in pages}
    papers = [p for p in attempts.papers(session, [submission_id]).get(submission_id, []) if p.id in files]
    found = seen(papers)
    return {p.id: (p, found.get(p.id)) for p in papers}
