"""The press draws papers and seals them, alone or in a crew; only here ReportLab is loaded, when a paper is drawn."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context

from lms.certificates.snapshot import Snapshot
from lms.people.rules import Refused
from lms.seals import pdf
from lms.seals.queries import Keys, Ring, institution_words

PR_SET_PDEATHSIG = 1            # linux/prctl.h
BOX = (200.0, 149.0, 46.0, 24.0)    # paper.SEAL: where a reader shows the signature's field


def check(snapshot: Snapshot) -> None:
    """Raises Refused, in words for the person who issues, when the paper can not be drawn."""
    from lms.certificates import paper  # noqa: PLC0415  (40 MB and 0.3 s that a web process may never need)
    try:
        paper.check(snapshot)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def draw(snapshot: Snapshot) -> bytes:
    """The paper: the same snapshot gives the same bytes."""
    from lms.certificates import paper  # noqa: PLC0415  (40 MB and 0.3 s that a web process may never need)
    return paper.draw(snapshot)


def made(snapshot: Snapshot, ring: Ring, now: datetime) -> bytes:
    """The paper as it is issued: drawn, and with the school's electronic signature."""
    return pdf.seal(draw(snapshot), ring, now, reason=institution_words(ring.institution.name),
                    place=snapshot.issued_place, box=BOX)


class Crew:
    """This process and others draw and seal side by side, each with its own loaded key; the others end with the crew.

    To begin one takes 2 s of CPU, as much as a hundred papers: so there is one less than there are cores."""

    def __init__(self, pool: ProcessPoolExecutor, ring: Ring, others: int):
        self.pool, self.ring, self.keys, self.others = pool, ring, Keys.of(ring), others

    def papers(self, snapshots: Sequence[Snapshot], now: datetime) -> list[bytes]:
        """In the order of the snapshots."""
        mine = len(snapshots) // (self.others + 1)
        given = [(s.to_json(), self.keys, now) for s in snapshots[mine:]]
        each = max(1, -(-len(given) // (self.others * 2)))              # two helpings a process
        theirs = self.pool.map(_made, given, chunksize=each)            # they begin at once
        return [*(made(s, self.ring, now) for s in snapshots[:mine]), *theirs]


@contextmanager
def crew(ring: Ring, cores: int, now: datetime) -> Iterator[Crew]:
    """For two cores or more. `spawn`: what a fork would take along (open connections, locks) is not wanted in there."""
    others = cores - 1
    with ProcessPoolExecutor(others, mp_context=get_context("spawn"), initializer=_end_with,
                             initargs=(os.getpid(),)) as pool:
        started = pool.map(_begin, [(Keys.of(ring), now)] * others)
        _ready(ring, now)
        list(started)           # before anybody holds a lock and waits for papers
        yield Crew(pool, ring, others)


def _end_with(parent: int) -> None:
    """One whose parent was killed would wait for work for ever: Linux ends it too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:      # it died before we asked
            os._exit(1)


def _ready(ring: Ring, now: datetime) -> None:
    from lms.certificates import paper  # noqa: F401, PLC0415  (see draw)
    pdf.ready(ring, now)


def _begin(given: tuple[Keys, datetime]) -> None:
    _ready(_ring(*given), given[1])


def _made(given: tuple[str, Keys, datetime]) -> bytes:
    text, keys, now = given
    return made(Snapshot.from_json(text), _ring(keys, now), now)


def _ring(keys: Keys, now: datetime) -> Ring:
    """Loaded once a process."""
    if keys not in _rings:
        _rings[keys] = keys.ring(now)
    return _rings[keys]


_rings: dict[Keys, Ring] = {}
