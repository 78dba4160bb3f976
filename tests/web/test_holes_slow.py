"""Hole 23: no text of 50 000 letters keeps the house busy: not its patterns, not its comparisons, not its Markdown."""

import ast
import importlib
import re
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from lms.attempts import rules as attempts
from lms.catalogue import cleaning, rendering
from lms.catalogue.formats import gift
from lms.catalogue.kinds import KINDS
from lms.certificates import identity
from lms.certificates import rules as certificates
from lms.cohorts import columns, roster
from lms.foundation import delimited
from lms.grading import explanation
from lms.people import emails, identifiers, names, passwords
from lms.people import rules as people
from tests.programme import ESSAY, QUESTIONS

LMS = Path(__file__).parents[2] / "lms"
LONG, MOST = 50_000, 0.1            # letters; seconds of computing
WAYS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
# No stranger's text of 50 000 letters reaches these patterns: how many may, and where they come from.
SHORTER = {
    "catalogue/kinds/": (50_000, "a student's answers"),
    "catalogue/": (10_000, "in a web request a marker's feedback; else an author's files, read by a command"),
    "foundation/assets.py": (5_000, "our own styles"),
    "foundation/health.py": (5_000, "the steps of migrations/, which are ours"),
    "certificates/wording.py": (5_000, "texts of a snapshot that must fit on one page to be printed"),
}


class TooLong(Exception):
    """The time is up."""


@contextmanager
def at_most(seconds: float):
    """Stops what computes longer: Python looks for signals while it matches a pattern."""
    def stop(*_):
        raise TooLong
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def patterns() -> dict[str, tuple[re.Pattern, set[str]]]:
    """Every regular expression in lms/, by where it stands, and the ways in which it is used there."""
    found, whole = {}, "\n".join(file.read_text() for file in sorted(LMS.rglob("*.py")))
    for file in sorted(LMS.rglob("*.py")):
        where = str(file.relative_to(LMS))
        tree = ast.parse(file.read_text())
        named = {node.value: node.targets[0].id for node in ast.walk(tree)
                 if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
                    and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in WAYS | {"compile"}):
                continue
            name = "lms." + where.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            known = vars(importlib.import_module(name)) if not isinstance(node.args[0], ast.Constant) else {}
            try:
                text = eval(compile(ast.Expression(node.args[0]), where, "eval"), dict(known))  # noqa: S307  (our own source)
            except NameError:           # made of what a function was given: see the readers below
                continue
            said, flags = ast.unparse(node), 0
            for flag in ("IGNORECASE", "DOTALL", "MULTILINE"):
                flags |= getattr(re, flag) if f"re.{flag}" in said else 0
            ways = {node.func.attr} if node.func.attr != "compile" else set(
                re.findall(rf"\b{named.get(node, 'NOBODY')}\.({'|'.join(WAYS)})\(", whole)) or {"fullmatch"}
            found[f"{where}:{node.lineno}"] = (text if isinstance(text, re.Pattern) else re.compile(text, flags), ways)
    return found


def attacks(pattern: str | bytes, long: int) -> list[str]:
    """Long texts made to trouble a pattern: of its own letters, alone and in pairs, with an end that does not fit."""
    source = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    letters = list(dict.fromkeys(c for c in re.sub(r"\\[wdsSWDbB]|[\\^$*+?{}|]", "", source) if c.isprintable()))[:12]
    units = dict.fromkeys([*letters, *(a + b for a, b in zip(letters, letters[1:], strict=False)), "a", "0", " ", "a ", "0.", "<p>", "<", "&", "- ",
                           "\n", "A1", "ñ", "'", '"', source[:20]])
    texts = [(unit * (long // len(unit) + 1))[:long] for unit in units if unit]
    texts += [text + "\0" for text in texts]
    return texts + ["1-" + " " * long + "x", "a" * (long // 2) + "!" * (long // 2), "<p>" + "<" * long, "(" * long, "[" * long]


def use(pattern: re.Pattern, way: str, text):
    if way in ("sub", "subn"):
        return pattern.sub(text[:0], text)
    return sum(1 for _ in pattern.finditer(text)) if way in ("finditer", "findall") else getattr(pattern, way)(text)


FOUND = patterns()


def test_patterns_are_found():
    assert len(FOUND) > 60 and all((LMS / name).exists() for name in SHORTER)


@pytest.mark.parametrize("where", FOUND)
def test_no_pattern_is_slow_on_any_long_text(where):
    pattern, ways = FOUND[where]
    long = next((most for place, (most, _why) in SHORTER.items() if where.startswith(place)), LONG)
    for text in attacks(pattern.pattern, long):
        text = text.encode() if isinstance(pattern.pattern, bytes) else text
        for way in sorted(ways):
            try:
                with at_most(MOST):
                    use(pattern, way, text)
            except TooLong:
                pytest.fail(f"{way} {pattern.pattern!r} on {text[:20]!r}… of {len(text)} takes more than {MOST} s")


# Whatever a stranger's text goes through, as it goes through it -------------------------------------------------------

def refusing(read, *refusals):
    def deed(text):
        try:
            read(text)
        except (ValueError, people.Refused, *refusals):
            pass
    return deed


READERS = {
    "an address": refusing(emails.normal),
    "a password tried": lambda t: passwords.fits(None, t), "a password chosen": lambda t: people.password_refusal(t, "a@example.org"),
    "a name": refusing(names.tidy), "a name in capitals": lambda t: names.suggest_case(t.upper()),
    "a printed name": people.certificate_name_refusal, "a path to come back to": people.own_path,
    "a folio": refusing(certificates.read_folio), "a code": refusing(certificates.read_code),
    "the name of a file": attempts.file_name, "a heading of a roster": columns.key, "damage in a cell": roster.damage, "a date in a cell": roster.date_trouble,
    "feedback": lambda t: rendering.block(t[:10_000]), "a short text": rendering.inline, "safe words": cleaning.clean_inline, "a safe text": cleaning.clean_block,
    "a lesson": lambda t: rendering.render(t, "a.md", {}), "questions": lambda t: gift.read(t, "q"),
    "the separator of a table": refusing(lambda t: delimited.split(t, 10)), "the encoding of a table": refusing(lambda t: delimited.decode(t.encode())),
    "claims of a paper": lambda t: list(identity.claims(t.encode())), "two opinions beside each other": lambda t: explanation.compared(t[:10_000], t[5_000:15_000][::-1]),
    **{f"a document: {kind}": refusing(lambda t, kind=kind: identifiers.canonical(kind, t, {"cl_run": "CL"}.get(kind, "AR") if kind != "passport" else "BR"))
       for kind in identifiers.KINDS},
    **{f"an answer: {q.kind}": (lambda t, q=q: (KINDS[q.kind].score(q, KINDS[q.kind].read(q, {"q": [t], "q.a": [t], "q.b": [t]})),
                                                KINDS[q.kind].shown(q, KINDS[q.kind].read(q, {"q": [t]})))) for q in (*QUESTIONS, ESSAY)},
}
MARKS = "A" + "\u0300\u0327" * (LONG // 2)
TEXTS = [MARKS, "\ufdfa" * LONG, "a" * LONG, "a " * (LONG // 2), "(" * LONG, "[" * LONG, "[x](" * (LONG // 4), "![" * (LONG // 2), "*" * LONG, "_" * LONG, "**a" * (LONG // 3),
         "> " * (LONG // 2), "- " * (LONG // 2), "`" * LONG, "<" * LONG, "<a" * (LONG // 2), "<p>" * (LONG // 3), "&" * LONG, "&a" * (LONG // 2), "\\" * LONG, "#" * LONG, "\n" * LONG, "|" * LONG,
         "1." * (LONG // 2), "-" * LONG, "a-" * (LONG // 2), "@" * LONG, "a@" * (LONG // 2), "a@" + "a." * (LONG // 2), "a." * (LONG // 2) + "@b.cl", '"' * LONG, "'=" * (LONG // 2), "?" * LONG,
         "a?" * (LONG // 2), "Â" * LONG, "0" * LONG, "1 de " * (LONG // 5), "{" * LONG, "{~" * (LONG // 2), "::" * (LONG // 2), "~%" * (LONG // 2), "x\n\n" * (LONG // 3), "\t" * LONG, " " * LONG,
         " \n" * (LONG // 2), "- a\n" + "  - a\n" * (LONG // 6), "/" * LONG, "%2f" * (LONG // 3), "ñ" * LONG, "\u200b" * LONG, "İ" * LONG, "ß" * LONG]
ALLOWED = {"feedback": 0.5, "a lesson": 5, "questions": 5, "a short text": 1.5, "two opinions beside each other": 1}       # an author's; instructors'


@pytest.mark.parametrize("name", READERS)
def test_no_long_text_keeps_the_house_busy(name):
    """52 texts of 50 000 letters through everything that reads what people send."""
    read, most, slow = READERS[name], ALLOWED.get(name, MOST), []
    if name.startswith("a password tried"):
        most += 0.1                     # the hash itself takes 20 ms, and more on a busy machine
    for text in TEXTS:
        began = time.process_time()
        read(text)
        took = time.process_time() - began
        if took > most:
            slow.append((text[:6], len(text), round(took, 2)))
    assert not slow, slow


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "* ", "  - ", "\t", "[", "![", "(", "*", "_", "**", "`", "<div>", "<b>", "> - ", "\\[", "&lt;", "!!! nota\n    ", "|"])
def test_markdown_nested_ten_thousand_deep_is_told_and_breaks_nothing(mark):
    began, recursion = time.process_time(), sys.getrecursionlimit()
    nested = mark * 10_000
    for text in (nested + "x", "\n".join("  " * n + mark + "x" for n in range(300)), nested[:10_000]):
        assert "<script" not in rendering.block(text) and isinstance(rendering.inline(text), str)
        shown = rendering.render(f"# T\n\n{text}", "a.md", {})
        assert shown.html or shown.faults
    assert time.process_time() - began < 5 and sys.getrecursionlimit() == recursion
