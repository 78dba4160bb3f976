"""The house rules, as tests. No tool but the standard library."""

import ast
import re
from pathlib import Path

import pytest

LMS = Path(__file__).parents[2] / "lms"
FLOORS = ["home", "certificates", "completion", "gradebook", "actas", "seminars internships", "grading lessons", "attempts credits", "cohorts exchange study", "bank",
          "catalogue events", "people", "seals badges", "foundation"]                                   # import only downwards
FLOOR = {room: i for i, rooms in enumerate(FLOORS) for room in rooms.split()}
ACROSS = {"attendees", "baking", "wording", "changes", "checking", "documents", "issuers", "policies", "ports", "proofs", "status", "pdf", "rules", "queries", "actions", "kinds", "formats", "stored", "notation", "cleaning", "media", "measures", "weighing"}         # what a room shows the others
WITHIN = ["routes", "forms", "actions", "queries", "models", "rules"]           # and in a room, only rightwards
PURE = {"rules.py", "names.py", "identifiers.py", "roster.py", "columns.py", "verdicts.py", "reading.py", "gift.py"}
IMPURE = ("flask", "sqlalchemy", "wtforms", "os", "time", "random")
ASKING = {"request", "g", "session", "current_app", "abort", "has_request_context"}
FILES = sorted(LMS.rglob("*.py"))
LATE = {"stores.py": "obstore is 15 MB that only an object store needs",
        "stamps.py": "pyHanko: loaded when a paper has time stamps",
        "pdf.py": "pyHanko costs 0.5 s and 44 MB: loaded when a paper is sealed or its time stamps are read",
        "tokens.py": "python-pkcs11 is there only where the key is in a token",
        "canonical.py": "pyld costs 0.5 s and 20 MB: loaded when a badge is signed or checked",
        "press.py": "ReportLab costs 40 MB and 0.3 s: loaded when a paper is drawn, not in every web process",
        "emails.py": "email-validator's tables cost 40 ms of each cold start: loaded when an address is written"}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{a.name}" for a in node.names)
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names)


def edge(file: Path) -> bool:
    """Is this file at the edge, where Flask may be asked who and when?"""
    views = re.search(r"from lms\.(foundation\.doors|\w+\.(?:routes|gates|room)) import", file.read_text())
    return bool(views) or file.relative_to(LMS).parts[0] == "foundation" or file.name in {
        "__init__.py", "commands.py", "routes.py", "forms.py", "navigation.py", "presence.py"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(LMS)))
def test_imports_go_downwards(file):
    room, mine = file.relative_to(LMS).parts[0], file.stem
    if room.endswith(".py"):
        return                                                      # the front doors know every room
    assert room in FLOOR, f"give {room} a floor"
    for name in imports(ast.parse(file.read_text())):
        assert not (file.name in PURE and name.split(".")[0] in IMPURE), f"{name} in a pure file"
        if name.startswith("flask.") and name.split(".")[1] in ASKING:
            assert edge(file), f"{name} below the edge"
        if not name.startswith("lms."):
            continue
        other, part = name.split(".")[1], (name.split(".") + [""])[2]
        if other != room:
            assert FLOOR[other] > FLOOR[room], f"{room} may not import {name}"
            # The demonstration plays everybody there is, by the same deeds as the pages: it may knock at any door.
            staged = room == "home" and mine.startswith("stage") and part not in ("models", "routes")
            assert other == "foundation" or part in ACROSS or name in OPEN_NAMES or staged, f"{name} is private to {other}"
        elif mine in WITHIN and part in WITHIN:
            assert WITHIN.index(part) >= WITHIN.index(mine), f"{mine} may not import {part}"


OPEN_NAMES = {"lms.people.current_actor", "lms.people.countries", "lms.people.emails", "lms.people.identifiers", "lms.people.names",
              "lms.people.identifiers.BadIdentifier", "lms.catalogue.rendering", "lms.catalogue.folder", "lms.catalogue.folder.folder"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(LMS)))
def test_shape(file):
    text = file.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "say in one sentence what this file is"
    assert text.count("\n") <= 300, "split it: 250 lines is the aim, 300 the limit"
    assert "TYPE_CHECKING" not in text
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 50, f"{node.name} is too long"
            assert file.name in LATE or not list(imports(node)), f"import inside {node.name}"


def test_only_one_file_commits():
    committing = {f.name for f in FILES if ".commit(" in f.read_text()}
    assert committing <= {"database.py", "migrating.py"}, "the edge owns the transaction"


def test_time_is_asked_at_the_edge_only():
    asking = [str(f.relative_to(LMS)) for f in FILES if "datetime.now(" in f.read_text() or "utcnow(" in f.read_text()
              or "date.today(" in f.read_text()]
    assert asking == ["foundation/clock.py"]
    below = [str(f.relative_to(LMS)) for f in FILES if f.name in {"rules.py", "models.py", "queries.py", "actions.py"}
             and "foundation.clock" in f.read_text()]
    assert not below, "time is an argument"


def test_every_late_import_has_its_reason():
    assert all(LATE.values())


def test_templates_are_short_and_have_no_style_or_script_inside():
    for path in LMS.rglob("templates/**/*.html"):
        text = path.read_text()
        assert text.count("\n") <= 200, f"{path}: 150 lines is the aim, 200 the limit"
        assert " style=" not in text and "<style" not in text, f"{path}: the policy refuses inline style"
        assert "javascript:" not in text and "onclick" not in text, f"{path}: no inline script"


def test_every_post_form_carries_its_token():
    for path in LMS.rglob("templates/**/*.html"):
        text = path.read_text()
        assert text.count('method="post"') <= text.count("m.csrf()") + text.count("csrf_token"), f"{path}: m.csrf()"
