"""Who may read the keys of a quiz in the catalogue: who teaches, but not who is to take it. Pure."""

from collections.abc import Iterable

from lms.catalogue.rules import Programme


def may_read(programme: Programme, module: str, studied: Iterable[Programme]) -> bool:
    """`studied`: what the reader studies, in any edition. Editions of a programme ask much the same, so a module of
    any of them counts by its code."""
    return not any(mine.slug == programme.slug and mine.module(module) for mine in studied)
