"""Whole attempts of Moodle's own tests, replayed by the pages a student uses: each question comes to the same mark."""

import csv
import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.attempts import queries, scoring, sheets
from lms.attempts.models import Attempt, Marking
from lms.attempts.sheets import Place
from lms.catalogue import cloze_notation
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.kind import plain
from lms.catalogue.rules import Hint, Option, Question, Quiz

HERE = Path(__file__).parents[2].parent / "shared" / "material" / "quiz-engine"


def table(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


SETS = [(folder, quiz["testnumber"], quiz["preferredbehaviour"])
        for folder in sorted(HERE.glob("moodle-*/fixtures")) for quiz in table(folder / "quizzes.csv")
        if (folder / f"results{quiz['testnumber']}.csv").exists()]
BEHAVIOURS = {"deferredfeedback": "deferred", "immediatefeedback": "immediate", "interactive": "interactive",
              "adaptive": "adaptive", "adaptivenopenalty": "adaptive_free", "deferredcbm": "cbm", "immediatecbm": "cbm_immediate"}
pytestmark = pytest.mark.skipif(not SETS, reason="the material is not here")


def question(row: dict[str, str], told: dict) -> Question:
    """The question that a row of a set names, of ours."""
    named = told[row["type"]]
    told = named[row["which"]] if row.get("which") else next(iter(named.values()))
    made = BUILD[row["type"]](f"{row['type']}-{row.get('which') or ''}", told)
    penalty = F(row.get("overrides.penalty") or str(told.get("penalty", "0.3333333")))
    return replace(made, points=F(row["mark"] or 1), penalty=penalty, hints=(Hint(""),) * told.get("hints", 0))


def short(name, told):
    return Question(name, "short", told["text"], tuple(Option(chr(97 + n), text, F(str(share))) for n, (text, share, _) in
                                                       enumerate(told["answers"])))


def numerical(name, told):
    found = [(Decimal(v), Decimal(str(t)), F(str(share))) for v, share, t in told["answers"] if v != "*"]
    return Question(name, "numerical", told["text"], numbers=tuple(found))


def simple(name, told):
    rows = [told["variants"][key] for key in sorted(told["variants"], key=int)]
    data = tuple(Dataset(letter, tuple(Decimal(str(row[letter])) for row in rows)) for letter in rows[0])
    return Question(name, "calculatedsimple", told["text"], (Option("a", told["formula"], F(1)),), body=Calculation(
        data, (Figure(Decimal(str(told["tolerance"])), told["tolerance_type"]),)))


def match(name, told):
    options = tuple(Option(chr(97 + n), left, F(1), match=right) for n, (left, right) in enumerate(told["pairs"]))
    more = tuple(Option(f"x{n}", "", F(0), match=right) for n, right in enumerate(told["extra_answers"]))
    return Question(name, "matching", told["text"], options + more)


def truefalse(name, told):
    return Question(name, "truefalse", told["text"], (Option("true", "Verdadero", F(told["correct"])),
                                                      Option("false", "Falso", F(not told["correct"]))))


def choice(name, told):
    return Question(name, "single" if told["single"] else "multiple", told["text"], tuple(
        Option(chr(97 + n), text, F(str(share))) for n, (text, share) in enumerate(told["choices"])))


def cloze(name, told):
    found = cloze_notation.read(told["cloze"], html=False)
    return Question(name, "cloze", found.text, body=Cloze(tuple(found.parts)))


BUILD = {"shortanswer": short, "numerical": numerical, "calculatedsimple": simple, "match": match, "truefalse": truefalse,
         "multichoice": choice, "multianswer": cloze}


def fields(q: Question, said: dict[str, str]) -> dict[str, object]:
    """What a student's page sends who answers as the row says, by field name."""
    if q.kind in ("short", "numerical"):
        return {"q": said.get("answer", "")}
    if q.kind == "truefalse":
        return {"q": {"1": "true", "0": "false"}.get(said.get("answer", ""), "")}
    if q.kind == "single":
        return {"q": chosen(q.options, said.get("answer", ""))}
    if q.kind == "multiple":
        return {"q": [o.id for o in q.options if said.get(o.text) == "1"]}
    if q.kind == "matching":
        answer = json.dumps({o.id: said[o.text] for o in q.options if o.text and said.get(o.text)})
        return {name: list(values) for name, values in KINDS["matching"].given(q, answer).items()}
    return {f"q.{part.id}": said.get(f"{part.id}.answer", "") if part.question.kind == "short"
            else chosen(part.question.options, said.get(f"{part.id}.answer", "")) for part in q.body.parts}


def chosen(options, text: str) -> str:
    return next((o.id for o in options if plain(o.text) == text), "")


def asked(rows: list[dict[str, str]], first: dict[str, str], told: dict) -> tuple[Question, ...]:
    """The questions of one attempt: random ones as the set says, calculated ones in its variant."""
    found = []
    for row in sorted((row for row in rows if row["slot"]), key=lambda row: int(row["slot"])):
        slot = row["slot"]
        if row["type"] == "random":
            row = next(r for r in rows if not r["slot"] and r["type"] == first[f"randqs.{slot}"])
        q = replace(question(row, told), id=f"s{slot}")
        variant = int(first.get(f"variants.{slot}") or 1) - 1
        found.append(KINDS[q.kind].realised(q, variant))
    return tuple(found)


def replayed(app, world, client, quiz: Quiz, number: int, steps: list[dict[str, str]]) -> int:
    """One attempt of this quiz through the pages; its id."""
    with app.extensions["database"].transaction() as session:
        digest = sheets.keep(session, quiz, [Place(q.id, n) for n, q in enumerate(quiz.questions, 1)])
        attempt = Attempt(cohort_id=1, person_id=world.people["ana"], module="G1", edition_id=world.edition, number=number,
                          seed=1, started_at=world.now, sheet=digest)
        session.add(attempt)
        session.flush()
        mine = attempt.id
    page = f"/cohortes/1/intentos/{mine}"
    for step in steps:
        data: dict[str, object] = {"pagina": "1", "ir": "p1"}
        for n, q in enumerate(quiz.questions, 1):
            said = {k.removeprefix(f"responses.{n}."): v for k, v in step.items() if k.startswith(f"responses.{n}.") and v}
            data |= {f"r{n}.{name}": value for name, value in fields(q, said).items()}
            for button, name in (("-submit", "comprobar"), ("-tryagain", "otra_vez")):
                if said.get(button) == "1":
                    data[name] = str(n)
        assert client.send(page, data).status_code == 303
        if step.get("finished", "1") == "1":
            assert client.send(page + "/entrega").status_code == 303
    return mine


@pytest.mark.parametrize("folder, test, behaviour", SETS, ids=[f"{f.parent.name}-{n}" for f, n, _ in SETS])
def test_each_question_comes_to_moodles_mark(app, world, client_of, folder, test, behaviour):
    told = json.loads((HERE / "question-definitions.json").read_text())
    rows, expected = table(folder / f"questions{test}.csv"), table(folder / f"results{test}.csv")
    by_attempt = defaultdict(list)
    for step in table(folder / f"steps{test}.csv"):
        by_attempt[step["quizattempt"]].append(step)
    ana = client_of("ana")
    for number, result in enumerate(expected, 1):
        steps = by_attempt[result["quizattempt"]]
        quiz = Quiz("Prueba", 40, asked(rows, steps[0], told), 50, None, 50, BEHAVIOURS[behaviour], below_zero=True)
        mine = replayed(app, world, ana, quiz, number, steps)
        with app.extensions["database"].reading() as session:
            marks = dict(session.execute(select(Marking.question, Marking.points).where(
                Marking.attempt_id == mine)).all())
            if result.get("finished") == "0":
                states = scoring.states(quiz, queries.steps_of(session, [mine])[mine])
                marks = {q.id: states[q.id].share * q.points for q in quiz.questions}
        for slot in range(1, len(quiz.questions) + 1):
            assert f"{float(F(marks[f's{slot}'])):.2f}" == f"{float(result[f'slots.{slot}.mark']):.2f}", (result, slot)
        if result["summarks"] != "!NULL!":
            assert abs(float(sum(map(F, marks.values()))) - float(result["summarks"])) < 0.01
        if result.get("finished") == "0":       # the next of this person's attempts can begin only after it
            ana.send(f"/cohortes/1/intentos/{mine}/entrega")
