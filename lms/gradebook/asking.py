"""What of the gradebook an address asks for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from lms.catalogue.rules import Module
from lms.gradebook.rules import VIEWS

BOOK = "gradebook.book"
PATH = {"ending"}               # parts of an address that stand in its path


@dataclass(frozen=True)
class Asked:
    """What of the book the address asks for."""
    cohort_id: int
    words: str
    view: str
    scale: str              # the country whose scale is shown, or "ambas"
    module: Module | None
    modules: frozenset[str] | None
    page: int
    detail: bool = False    # every item of every module
    person: int = 0         # whose line alone is asked for: a page that has the others, after a change

    @cached_property
    def here(self) -> str:
        return url_for(BOOK, cohort_id=self.cohort_id)

    def url(self, endpoint: str = BOOK, **changed: Any) -> str:
        kept = {"buscar": self.words or None, "ver": self.view if self.view != VIEWS[0] else None,
                "escala": self.scale or None, "detalle": "si" if self.detail else None,
                "modulo": self.module.code if self.module else None}
        found = {name: value for name, value in {**kept, **changed}.items() if value is not None}
        path = self.here if endpoint == BOOK else url_for(
            endpoint, cohort_id=self.cohort_id, **{n: found.pop(n) for n in PATH & found.keys()})
        return f"{path}?{urlencode(found)}" if found else path
