"""What outsiders send, spoiled at random: the readers of questions, courses, spreadsheets and certificates answer, and soon,
whatever the bytes are. A case is named by (seed, target, number), from which it is made again."""

import random
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lms.catalogue import reading
from lms.catalogue.folder import folder
from lms.catalogue.formats import gift
from lms.certificates import identity, press
from lms.foundation import spreadsheet
from tests import archives, format_fuzz, qti_fuzz
from tests.certified import snapshot
from tests.rules import test_kinds, test_reading, test_spreadsheet

COURSE = Path(__file__).parents[1] / "courses" / "diplomado-cooperacion"
PATIENCE = 5                # seconds of computing for one input
TOKENS = [b"{", b"}", b"=", b"~", b"%", b"->", b"::", b"\\", b"#", b"\0", b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b";",
          b"<", b">", b"&", b"[^1]", b"$$", b"```", b"|", b"\xe2\x80\xa8", b"\xf0\x9f\x92\xa5", b"9" * 400, b"1e999", b"-0", b"{=%-100%",
          b"folio=", b"; code=", b"[[step]]", b"=HYPERLINK(", b"\xed\xa0\x80", b"*" * 60, b"(" * 60]


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """A few changes anywhere: a bit, a cut, a piece twice, a piece elsewhere, a token, noise."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randint(0, 2000))
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        here, there = sorted(chance.choices(range(len(made) + 1), k=2))
        there = min(there, here + chance.choice((1, 4, 60, 5000)))
        match chance.randrange(6):
            case 0 if here < len(made):
                made[here] ^= 1 << chance.randrange(8)
            case 1:
                del made[here:there]
            case 2:
                made[here:here] = made[here:there]
            case 3:
                piece = made[here:there]
                del made[here:there]
                place = chance.randint(0, len(made))
                made[place:place] = piece
            case 4:
                made[here:here] = chance.choice(TOKENS)
            case 5:
                made[here:there] = chance.randbytes(there - here)
    return bytes(made)


def spoiled_inside(book: bytes, chance: random.Random) -> bytes:
    """A workbook whose parts are spoiled, and the packing is not."""
    parts = archives.parts_of(book)
    name = chance.choice(list(parts))
    parts[name] = spoiled(parts[name], chance)
    if chance.random() < 0.1:
        del parts[chance.choice(list(parts))]
    return archives.zipped(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


class Targets:
    """One method a target: makes the case and reads it; what it raises is a fault."""

    def __init__(self) -> None:
        self.whole = folder(COURSE)
        self.gifts = [test_kinds.TEXT.encode(), *(c for n, c in self.whole.items() if n.endswith(".gift"))]
        self.small = test_reading.files()
        self.books = [test_spreadsheet.workbook([test_spreadsheet.HEADER, *test_spreadsheet.ROWS]), archives.workbook(), archives.ods()]
        self.tables = [test_spreadsheet.TEXT.encode(code) for code in ("utf-8", "cp1252", "utf-16", "mac_roman")]
        self.qti = qti_fuzz.Targets()
        self.papers = [press.draw(snapshot()), press.draw(snapshot(kind="module", module="Uno"))]

    def gift(self, chance: random.Random) -> None:
        text = spoiled(chance.choice(self.gifts) if chance.random() < 0.1 else self.gifts[0], chance).decode("utf-8", "replace")
        questions, faults = gift.read(text, "quiz.gift")
        assert all(fault.message and fault.remedy for fault in faults)
        if questions and not faults:        # what was read is written and read again as the same
            assert gift.read(gift.write(questions), "quiz.gift")[1] == []

    def course(self, chance: random.Random) -> None:
        files = dict(self.whole if chance.random() < 0.02 else self.small)
        name = chance.choice(list(files))
        files[name] = spoiled(files[name], chance)
        if chance.random() < 0.1:
            del files[chance.choice(list(files))]
        programme, faults = reading.read(files)
        assert (programme is None) == bool(faults)

    def table(self, chance: random.Random) -> None:
        self._sheet("nomina.csv", spoiled(chance.choice(self.tables), chance))

    def workbook(self, chance: random.Random) -> None:
        change = chance.choice((spoiled, spoiled_inside, spoiled_inside))
        self._sheet("nomina.xlsx", change(chance.choice(self.books), chance))

    def _sheet(self, name: str, content: bytes) -> None:
        try:
            found = spreadsheet.read(name, content)
        except spreadsheet.Unreadable as why:
            assert why.message and why.remedy
        else:
            assert all(len(row.cells) == len(found.header) for row in found.rows)

    def certificate(self, chance: random.Random) -> None:
        paper = spoiled(chance.choice(self.papers), chance)
        for folio, code in [*filter(None, [identity.identify(paper)]), *identity.claims(paper)]:
            assert folio.isascii() and code.isascii()


    def questions_gift(self, chance: random.Random) -> None:
        format_fuzz.trial("gift", chance)

    def questions_moodle_xml(self, chance: random.Random) -> None:
        format_fuzz.trial("moodle_xml", chance)

    def questions_aiken(self, chance: random.Random) -> None:
        format_fuzz.trial("aiken", chance)

    def questions_cloze(self, chance: random.Random) -> None:
        format_fuzz.trial("cloze", chance)

    def questions_table(self, chance: random.Random) -> None:
        format_fuzz.trial("table", chance)

    def qti_xml(self, chance: random.Random) -> None:
        self.qti.xml(chance)

    def qti_zip(self, chance: random.Random) -> None:
        self.qti.zip(chance)


NAMES = ("gift", "course", "table", "workbook", "certificate", "questions_gift", "questions_moodle_xml", "questions_aiken", "questions_cloze",
         "questions_table", "qti_xml", "qti_zip")


@dataclass
class Fuzzed:
    counts: dict[str, int] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def fuzz(seed: int, seconds: float, targets: Targets | None = None) -> Fuzzed:
    """Each target for its share of the time."""
    targets, found = targets or Targets(), Fuzzed()
    for name in NAMES:
        end, number = time.monotonic() + seconds / len(NAMES), 0
        while time.monotonic() < end:
            problem, took = one(getattr(targets, name), seed, name, number)
            if problem:
                found.faults.append(f"{name} {number} (seed {seed}): {problem}")
            found.slowest[name] = max(found.slowest.get(name, 0), took)
            number += 1
        found.counts[name] = number
    return found


def one(read: Callable[[random.Random], None], seed: int, name: str, number: int) -> tuple[str, float]:
    began, problem = time.process_time(), ""
    try:
        read(random.Random(f"{seed}/{name}/{number}"))
    except Exception as wrong:
        problem = f"{type(wrong).__name__}: {str(wrong)[:200]}"
    took = time.process_time() - began
    return problem or (f"took {took:.1f} s" if took > PATIENCE else ""), took
