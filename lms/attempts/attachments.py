"""Which files the answers of an attempt name, and which of them were really sent to it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.attempts.models import Answer
from lms.attempts.rules import Paper, Sent
from lms.catalogue.kinds import KINDS
from lms.catalogue.kinds.essay import essay_of, files, written
from lms.catalogue.rules import Question, Quiz


def attached(opened: Session, attempt_id: int, sha256: str) -> Paper | None:
    """A file that some answer of this attempt names."""
    named = [file for value in naming(opened, attempt_id, sha256) for file in files(value) if file.sha256 == sha256]
    return Paper(named[0].name, named[0].name.rpartition(".")[2].lower(), named[0].size, sha256) if named else None


def naming(opened: Session, attempt_id: int, sha256: str) -> list[str]:
    """The answers of an attempt that name a file. One statement."""
    if len(sha256) != 64 or not sha256.isalnum():
        return []
    return list(opened.scalars(select(Answer.value).where(Answer.attempt_id == attempt_id,
                                                          Answer.value.contains(sha256, autoescape=True))))


def honest(opened: Session, attempt_id: int, quiz: Quiz, last: Mapping[str, str], sent: Sequence[Sent]) -> list[Sent]:
    """The same answers without files that were never sent to this attempt: to name a file is not to have it."""
    if not any('"files"' in one.value for one in sent):
        return list(sent)
    essays = {q.id: q for q in quiz.questions if q.kind == "essay" and essay_of(q).most_files}
    return [replace(one, value=_own(opened, attempt_id, essays[one.question], last, one.value))
            if one.question in essays and files(one.value) else one for one in sent]


def honest_page(opened: Session, attempt_id: int, quiz: Quiz, answers: dict[str, str], new: Collection[str]
                ) -> dict[str, str]:
    """The same for a page sent by form, which brings these new files itself."""
    last = {q: json.dumps({"text": "", "files": list(new)}) for q in answers}
    sent = honest(opened, attempt_id, quiz, last, [Sent("", q, value) for q, value in answers.items()])
    return {one.question: one.value for one in sent}


def _own(opened: Session, attempt_id: int, question: Question, last: Mapping[str, str], value: str) -> str:
    there = {file.value for file in files(last[question.id])} if question.id in last else set()
    mine = [file.value for file in files(value) if file.value in there
            or any(file in files(earlier) for earlier in naming(opened, attempt_id, file.sha256))]
    return KINDS["essay"].read(question, {"q": [written(value)], "q.files": mine})
