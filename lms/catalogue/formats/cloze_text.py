"""A text file that is one question with embedded answers, as Moodle's format of that name reads it."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.catalogue import cloze_notation
from lms.catalogue.cleaning import clean_block
from lms.catalogue.formats.faithful import compared, unsayable
from lms.catalogue.formats.format import Format, Written
from lms.catalogue.formats.moodle.gaps import cloze_points, cloze_text
from lms.catalogue.formats.parcel import Grade, Notice, Parcel
from lms.catalogue.formats.sniffing import is_text
from lms.catalogue.formats.soundness import hopeless, judged
from lms.catalogue.formats.texts import absorbed, decoded, with_files_inside
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.kind import plain
from lms.catalogue.media import Album
from lms.catalogue.notation import lined
from lms.catalogue.rules import Question

LABEL = "Cloze de Moodle"
START = re.compile(rf"\{{[0-9]{{0,4}}:(?:{'|'.join([*cloze_notation.NAMES, *cloze_notation.SHORTER])})[:}}]")
NO_PARTS = ("El texto no tiene ninguna respuesta incrustada.", "Escriba al menos una: {1:SHORTANSWER:=respuesta}.")


def parcel(file: str, content: bytes) -> Parcel:
    found = decoded(content)
    if isinstance(found, Notice):
        return Parcel(file, "cloze", notices=(found,))
    text, notices = found
    album = Album()
    text, troubles = absorbed(text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n").strip(), album)
    notices += [Notice(Grade.UNSUPPORTED, f"línea {line}", *what) for line, *what in troubles]
    made = cloze_notation.read(text)
    notices += [Notice(Grade.FAULT, f"línea {text.count(chr(10), 0, at) + 1}", message, remedy)
                for at, message, remedy in made.troubles]
    if not made.parts and not made.troubles:
        notices.append(Notice(Grade.FAULT, "", *NO_PARTS))
    if not made.parts or made.troubles:
        return Parcel(file, "cloze", notices=tuple(notices))
    body = Cloze(made.parts)
    question = Question("pregunta-1", "cloze", clean_block(lined(made.text)), points=cloze_points(body), body=body)
    question = replace(question, name=plain(question.text)[:80].strip(), media=album.of(question))
    whole = not hopeless(question)
    notices += [Notice(grade, "", message, remedy, question.id * whole) for grade, message, remedy in judged(question)]
    if not whole:
        return Parcel(file, "cloze", notices=tuple(notices))
    return Parcel(file, "cloze", (question,), tuple(notices), album.contents)


def _write(questions: Sequence[Question], media: Mapping[str, bytes]) -> Written:
    good, notices = unsayable(LABEL, questions, frozenset({"cloze"}))
    notices += [Notice(Grade.UNSUPPORTED, "", f"«{q.title}» no cabe: en este formato un archivo es una sola pregunta.",
                       "Use Moodle XML.", q.id) for q in good[1:]]
    content = b""
    for q in good[:1]:
        text = cloze_text(q.text, q.body)
        content = with_files_inside(html.unescape(text) if "<" not in text and "&" not in text else text,
                                    iter(good), media).encode("utf-8", "replace")
        notices += compared(LABEL, [q], parcel("", content).questions)
    return Written(content, tuple(notices))


def _claims(file: str, content: bytes) -> bool:
    if not is_text(content) or content.lstrip()[:2] == b"::":
        return False
    found = decoded(content)
    return not isinstance(found, Notice) and START.search(found[0]) is not None


FORMAT = Format("cloze", LABEL, ("txt",), _claims, parcel, _write)
