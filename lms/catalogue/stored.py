"""A programme as bytes and back: how an edition is kept. Every process reads it on its first request: 6 ms."""

import gzip
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from lms.catalogue.rules import Body, Programme, Question, Quiz

Told = dict[str, Any]
MARK = 1                        # the first number of the packed list: the shape below


def pack(programme: Programme) -> bytes:
    """Compressed JSON; the same programme gives the same bytes."""
    text = json.dumps([MARK, _plain(programme)], ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def unpack(content: bytes) -> Programme:
    """The programme that was packed."""
    mark, value = json.loads(gzip.decompress(content))
    if mark != MARK:
        raise ValueError(f"an edition packed by another version: {mark}")
    programme: Programme = _builder(Programme)(value)
    return replace(programme, by_code={module.code: module for module in programme.modules})


def pack_question(question: Question) -> bytes:
    """One question; the same question gives the same bytes, so that their SHA-256 may name it."""
    return packed(told(question))


def told(question: Question) -> Told:
    """All that a question says, by the names of its fields, as JSON has it: what is packed and digests are taken of."""
    plain: Told = _plain(question)
    return plain


def packed(plain: Told) -> bytes:
    """What `pack_question` gives of a question that says this."""
    return gzip.compress(written(plain), 6, mtime=0)


def written(plain: Told) -> bytes:
    """The same as it stands: cheaper where only a digest is wanted."""
    return json.dumps([MARK, plain], ensure_ascii=False, separators=(",", ":")).encode()


def unpack_question(content: bytes) -> Question:
    mark, value = json.loads(gzip.decompress(content))
    if mark != MARK:
        raise ValueError(f"a question packed by another version: {mark}")
    question: Question = _builder(Question)(value)
    return question


def quiz_settings(quiz: Quiz) -> dict[str, Any]:
    """What a quiz says beside its questions, as JSON has it."""
    told: dict[str, Any] = _plain(replace(quiz, questions=()))
    return told


def quiz_with(settings: dict[str, Any], questions: tuple[Question, ...] = ()) -> Quiz:
    """The quiz that these settings say, with these questions; names it does not know are passed over."""
    known = {f.name for f in fields(Quiz)}
    quiz: Quiz = _builder(Quiz)({name: value for name, value in settings.items() if name in known})
    return replace(quiz, questions=questions)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value
    if kind is tuple:
        return [item if type(item) is str else _plain(item) for item in value]
    if kind is Fraction or kind is Decimal:
        return str(value)
    shape = _shape(kind)
    if shape is None:
        return value
    plain: dict[str, Any] = {"": kind.__name__} if issubclass(kind, Body) else {}
    for name, found in zip(*shape(value), strict=True):
        plain[name] = found if type(found) is str else _plain(found)
    return plain


@lru_cache
def _shape(kind: type) -> Callable[[Any], tuple[tuple[str, ...], tuple[Any, ...]]] | None:
    """What gives the names of a dataclass's fields and their values; None for any other type."""
    if not is_dataclass(kind):
        return None
    names = tuple(f.name for f in fields(kind) if f.compare)
    if len(names) < 2:                  # attrgetter of one name gives no tuple
        return lambda value: (names, tuple([getattr(value, name) for name in names]))
    values = attrgetter(*names)
    return lambda value: (names, values(value))


_fraction = lru_cache(1000)(Fraction)
_decimal = lru_cache(1000)(Decimal)


@lru_cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a type out of JSON; None in a field's place leaves the field's default."""
    if kind is Fraction:
        return _fraction
    if kind is Decimal:
        return _decimal
    origin, args = get_origin(kind), get_args(kind)
    if origin is tuple and args[-1] is Ellipsis:
        build = _builder(args[0])
        return tuple if build is _same else lambda items: tuple([build(item) for item in items])
    if origin is tuple:
        builds = [_builder(arg) for arg in args]
        return lambda items: tuple([build(item) for build, item in zip(builds, items, strict=True)])
    if NoneType in args:
        build = _builder(next(arg for arg in args if arg is not NoneType))
        return _same if build is _same else lambda value: None if value is None else build(value)
    if kind is Body:
        return _body
    return _record(kind) if is_dataclass(kind) else _same


def _body(value: dict[str, Any]) -> Any:
    """What only one kind of question has: it says whose it is under ""."""
    kind = next(k for k in Body.__subclasses__() if k.__name__ == value[""])
    return _builder(kind)({name: part for name, part in value.items() if name})


def _record(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    builds = {f.name: _builder(hints[f.name]) for f in fields(kind) if f.compare}
    changed = [(name, build) for name, build in builds.items() if build is not _same]

    def build_record(value: dict[str, Any]) -> Any:
        for name, build in changed:
            if name in value:
                value[name] = build(value[name])
        return kind(**value)
    return build_record


def _same(value: Any) -> Any:
    return value
