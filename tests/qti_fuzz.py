"""QTI files and packages spoiled where it hurts: elements and attributes moved, doubled, lost and filled with what breaks readers,
zips cut and rearranged. Each must be answered soon, without an exception, and what is kept must be storable, scorable and writable."""

import random
import re
import time
import zipfile
from copy import deepcopy
from pathlib import Path

from lxml import etree

from lms.catalogue import formats, stored
from lms.catalogue.formats import qti12_write, qti_write
from lms.catalogue.kinds import KINDS
from tests import archives
from tests.pictures import png
from tests.rules.qti_samples import samples

MATERIAL = Path(__file__).parents[2] / "shared" / "material"
ACTING = re.compile(r"<script|<[^>]*\son\w+\s*=|<[^>]*javascript:", re.IGNORECASE)
PATIENCE = 1.0              # seconds of computing for one file
NASTY = ["", " ", "0", "-1", "1e999", "9" * 400, "NaN", "true", "RESPONSE", "SCORE", "identifier", "directedPair", "point", "multiple", "ordered", "a b",
         "a", "../../x", "/etc/passwd", "$IMS-CC-FILEBASE$/x", "{#1}", "[[1]]", "[[99]]", "[x]", "&amp;", "<b>", "\u202e", "É", "\ud7ff", "a" * 5000,
         "(" * 300, "(a+)+$", "1,2,3", "0,0,0,0", "100", "1 2", "default", "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response",
         "text/html", "&lt;img src=x onerror=1&gt;", "javascript:x()", "calculated_question", "matching_question", "No", "Yes", "Ordered", "x^x^x", "1/0", "(a|aa)*b", "[a-z]*[a-z]*x", "a|b", "D2L_Correct",
         "D2L_Incorrect", "SCORE.max", "Fill In the Blank", "Numeric Response", "cc.pattern_match.v0p1", "7", "5"]
WRAP = ["and", "or", "not", "sum", "product", "multiple", "ordered", "repeat", "power", "index", "member", "contains", "match", "equal", "mapResponse",
        "mapResponsePoint", "random", "containerSize", "roundTo", "statsOperator", "responseCondition", "responseIf", "responseElse", "patternMatch",
        "feedbackInline", "p", "div", "gap", "textEntryInteraction", "choiceInteraction", "inlineChoiceInteraction", "simpleChoice", "exitResponse",
        "varequal", "respcondition", "response_lid", "response_label", "setvar", "material", "mattext", "anyN", "lookupTable", "customOperator",
        "varsubstring", "varsubset", "vargt", "vargte", "varlt", "varlte", "mat_extension", "mat_formattedtext", "qti_metadatafield", "response_num"]


def packages() -> list[bytes]:
    """Ours, of every format, and what others made."""
    picture = png(200, 100)
    questions, media = samples(picture)
    made = [qti_write.package(name, questions, media).content for name in ("qti21", "qti22", "qti3")]
    return made + [qti12_write.package(name, questions, media).content for name in ("qti12", "cartridge")]


class Targets:
    """Packages and the XML files in them, with those of the material where it is."""

    def __init__(self) -> None:
        self.packages = packages()
        self.files: list[bytes] = []
        for package in self.packages:
            self.files += [content for name, content in archives.parts_of(package).items() if name.endswith(".xml")]
        for folder in ("qti12", "qti21", "qti22", "qti3", "qti-scoring", "cc"):
            self.files += [path.read_bytes() for path in sorted((MATERIAL / folder).rglob("*.xml"))]
        self.trees = [tree for content in self.files if (tree := _tree(content)) is not None]

    def xml(self, chance: random.Random) -> None:
        judged("x.xml", spoiled_tree(chance.choice(self.trees), chance))

    def zip(self, chance: random.Random) -> None:
        parts = archives.parts_of(chance.choice(self.packages))
        for _ in range(chance.choice((1, 1, 2, 5))):
            name = chance.choice(list(parts))
            match chance.randrange(6):
                case 0:
                    del parts[name]
                case 1:
                    parts[chance.choice(["../x.xml", "/x.xml", "a/b/c.xml", "imsmanifest.xml", name.upper(), "x" * 300])] = parts[name]
                case 2:
                    parts[name] = parts[chance.choice(list(parts))]
                case _:
                    tree = _tree(parts[name])
                    parts[name] = spoiled_tree(tree, chance) if tree is not None else chance.randbytes(chance.randint(0, 500))
            if not parts:
                return
        content = bytearray(archives.zipped(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))))
        if chance.random() < 0.2:
            for _ in range(chance.choice((1, 3, 30))):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        judged("x.zip", bytes(content))


def _tree(content: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(content)
    except (etree.XMLSyntaxError, ValueError):
        return None


def spoiled_tree(tree: etree._Element, chance: random.Random) -> bytes:
    """Some changes to the structure of an XML file."""
    root = deepcopy(tree)
    for _ in range(chance.choice((1, 1, 2, 3, 6, 20))):
        every = [e for e in root.iter() if isinstance(e.tag, str)]
        one, other = chance.choice(every), chance.choice(every)
        match chance.randrange(8):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)
            case 1 if one.getparent() is not None and len(every) < 4000:
                one.getparent().insert(chance.randint(0, len(one.getparent())), deepcopy(one))
            case 2 if one.getparent() is not None and other not in [one, *one.iterdescendants()]:
                other.insert(chance.randint(0, len(other)), one)
            case 3:
                one.text = chance.choice(NASTY)
            case 4 if one.attrib:
                one.set(chance.choice(list(one.attrib)), chance.choice(NASTY))
            case 5 if one.attrib:
                del one.attrib[chance.choice(list(one.attrib))]
            case 6:
                one.tag = chance.choice([other.tag, other.tag, chance.choice(WRAP)])
            case 7 if one.getparent() is not None:
                space = one.tag.rpartition("}")[0]
                wrapper = etree.Element(f"{space}}}{chance.choice(WRAP)}" if space else chance.choice(WRAP))
                one.getparent().replace(one, wrapper)
                wrapper.append(one)
    return etree.tostring(root)


def judged(name: str, content: bytes) -> None:
    """Read; what is kept can be stored, shown, scored and written."""
    found = formats.detect(name, content)
    parcel = found.read(name, content) if found else formats.read(name, content)
    assert parcel.questions or parcel.notices, "silent"
    assert all(notice.message and notice.remedy for notice in parcel.notices)
    ids = [q.id for q in parcel.questions]
    assert len(ids) == len(set(ids))
    for q in parcel.questions:
        assert stored.unpack_question(stored.pack_question(q)) == q
        kind = KINDS[q.kind]
        kind.faults(q)
        asked = kind.realised(q, 1)
        KINDS[asked.kind].score(asked, '"a"')
        kind.right(q)
        assert not ACTING.search(q.text)


def one(target: str, seed: int, number: int, targets: Targets) -> tuple[str, float]:
    """What went wrong ("" nothing), and the seconds of computing."""
    began, problem = time.process_time(), ""
    try:
        getattr(targets, target)(random.Random(f"{seed}/{target}/{number}"))
    except Exception as wrong:
        problem = f"{type(wrong).__name__}: {str(wrong)[:300]}"
    took = time.process_time() - began
    return problem or (f"took {took:.1f} s" if took > PATIENCE else ""), took


def fuzz_qti(seed: int, seconds: float, targets: Targets | None = None) -> tuple[dict[str, int], list[str], float]:
    """(how many of each, faults, the slowest) in so many seconds."""
    targets, counts, faults, slowest = targets or Targets(), {}, [], 0.0
    for name in ("xml", "zip"):
        end, number = time.monotonic() + seconds / 2, 0
        while time.monotonic() < end:
            problem, took = one(name, seed, number, targets)
            slowest = max(slowest, took)
            if problem:
                faults.append(f"qti {name} {number} (seed {seed}): {problem}")
            number += 1
        counts[f"qti {name}"] = number
    return counts, faults, slowest
