"""Reads the settings of a quiz out of its [quiz] table: how it is asked, what is shown of it and when."""

from dataclasses import replace

from lms.catalogue.asking import BEHAVIOURS, COUNTS, MOMENTS, NAVIGATION, SIGHTS, TIME_UP, Band, Section, Showing
from lms.catalogue.rendering import block
from lms.catalogue.rules import Quiz
from lms.catalogue.tables import Table


def with_settings(quiz: Quiz, table: Table) -> Quiz:
    """The quiz as its table says it is asked; faults are on the table."""
    time_up = _word(table, "time_up", TIME_UP)
    grace = table.whole("grace_minutes", 0, most=1440)
    if time_up == "grace" and not grace:
        table.fault("time_up", "No dice cuántos minutos se dan para entregar.", "Agregue grace_minutes = 10.")
    if grace and time_up != "grace":
        table.fault("grace_minutes", "Esos minutos no se usan.", 'Escriba time_up = "grace", o quítelos.')
    return replace(
        quiz, behaviour=_word(table, "behaviour", BEHAVIOURS), counts=_word(table, "counts", COUNTS), time_up=time_up,
        grace_minutes=grace, navigation=_word(table, "navigation", NAVIGATION),
        shuffle_questions=table.flag("shuffle_questions", False), shuffle_options=table.flag("shuffle_options", True),
        password=table.text("password", ""), below_zero=table.flag("below_zero", False),
        anonymous=table.flag("anonymous", False),
        wait_minutes=table.whole("wait_minutes", 0, most=43_200), showing=_showing(table),
        sections=_sections(table.tables("section"), len(quiz.questions)), bands=_bands(table.tables("band")))


def _word(table: Table, key: str, words: tuple[str, ...]) -> str:
    found = table.text(key, words[0], example=" o ".join(f'"{word}"' for word in words), pattern="|".join(words))
    return found if found in words else words[0]


def _showing(table: Table) -> Showing:
    hide_key, usual = table.flag("hide_key", True), Showing()
    show = table.table("show")
    if show is None:
        return replace(usual, hide_key=hide_key)
    seen: dict[str, tuple[str, ...]] = {}
    for sight in SIGHTS:
        moments = show.texts(sight, getattr(usual, sight), example=f'["{MOMENTS[1]}", "{MOMENTS[3]}"]')
        for moment in moments:
            if moment not in MOMENTS:
                show.fault(sight, f"«{moment}» no es un momento.", f"Use: {', '.join(MOMENTS)}.")
        seen[sight] = tuple(m for m in MOMENTS if m in moments)
    show.close()
    return Showing(**seen, hide_key=hide_key)


def _sections(tables: list[Table], questions: int) -> tuple[Section, ...]:
    found: list[Section] = []
    for table in tables:
        section = Section(table.whole("first", least=1, most=max(questions, 1)), table.text("title"),
                          table.flag("shuffle", True))
        table.close()
        if found and section.first <= found[-1].first:
            table.fault("first", f"La sección «{section.title}» empieza antes que la anterior.", "Póngalas en orden.")
        found.append(section)
    return tuple(found)


def _bands(tables: list[Table]) -> tuple[Band, ...]:
    found: list[Band] = []
    for table in tables:
        band = Band(table.whole("percent", most=100), block(table.text("text")))
        table.close()
        if any(other.percent == band.percent for other in found):
            table.fault("percent", f"Hay dos comentarios desde {band.percent} %.", "Deje uno.")
        found.append(band)
    return tuple(sorted(found, key=lambda band: -band.percent))
