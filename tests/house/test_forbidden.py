"""What must not be written here at all, each with its reason (docs of the holes a fresh learning system most has)."""

import re
from pathlib import Path

import pytest

LMS = Path(__file__).parents[2] / "lms"
RULES = {       # name: (pattern, files where it is right, why)
    "raw SQL made of strings": (r"(execute|text)\(\s*f[\"']", {"foundation/migrating.py", "foundation/database.py"},
                                "SQL injection: pass parameters"),
    "Markup on data": (r"\bMarkup\(", {"foundation/language.py", "gradebook/printing.py"},
                       "stored XSS: let Jinja escape"),
    "deserialising code": (r"\b(pickle|marshal|shelve)\b|yaml\.load|\beval\(|\bexec\(", set(), "remote code"),
    "weak randomness": (r"\brandom\.(random|randint|choice|getrandbits)\(", {"home/cast.py", "home/writing.py"},
                        "tokens come from secrets (the demonstration's people are made from a seed)"),
    "mass assignment": (r"populate_obj|setattr\(", set(), "name each field that may be written"),
    "weak durability": (r"synchronous\s*=\s*(NORMAL|OFF)", set(), "an acknowledged answer must survive a power cut"),
    "TLS not verified": (r"verify\s*=\s*False", set(), "a stranger in the middle"),
    "debug on": (r"debug\s*=\s*True", set(), "the debugger runs code"),
    "unpacking all": (r"extractall\(", set(), "paths that leave the folder"),
    "ReportLab markup": (r"\bParagraph\(", set(), "user text would be read as markup and open local files"),
    "home-made outgoing requests": (r"urllib\.request|requests\.(get|post)|httpx|http\.client", {"events/calling.py", "seals/clockwork.py"}, "SSRF: one guarded client only"),
    "redirect to what was asked": (r"redirect\(request\.", set(), "open redirect"),
    "host from the request": (r"request\.host|url_root|_external=True", set(), "poisoned links in mail: use the URL setting"),
    "secrets compared with ==": (r"(token|code|hash)\s*==\s*request", set(), "timing: compare_digest"),
    "regular expression of a person's text": (r"re\.(compile|match|search)\(\s*request", set(), "ReDoS"),
}
SAFE_FILTER = {"lessons", "attempts", "grading", "catalogue", "home", "bank", "seminars", "internships"}      # rooms that show sanitised catalogue HTML


@pytest.mark.parametrize("name", RULES)
def test_not_written(name):
    pattern, allowed, why = RULES[name]
    found = [f"{p.relative_to(LMS)}:{i}" for p in sorted(LMS.rglob("*.py")) for i, line in
             enumerate(p.read_text().splitlines(), 1)
             if re.search(pattern, line) and str(p.relative_to(LMS)) not in allowed and not line.lstrip().startswith("#")]
    assert not found, f"{why}: {found}"


def test_safe_is_said_only_of_catalogue_html():
    for path in LMS.rglob("templates/**/*.html"):
        if "|safe" in path.read_text():
            assert path.relative_to(LMS).parts[0] in SAFE_FILTER, path


def test_the_forbidden_would_be_found():
    """Each pattern finds the mistake it is there for."""
    wrong = {"raw SQL made of strings": 'session.execute(f"SELECT {x}")', "weak durability": "PRAGMA synchronous=NORMAL",
             "mass assignment": "form.populate_obj(person)", "ReportLab markup": "Paragraph(name)",
             "deserialising code": "pickle.loads(x)", "host from the request": "url_for('x', _external=True)"}
    for name, line in wrong.items():
        assert re.search(RULES[name][0], line), name
