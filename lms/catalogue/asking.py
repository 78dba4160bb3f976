"""How a quiz is asked: behaviours, which attempt counts, what is shown of it and when, its sections. Pure words."""

from dataclasses import dataclass

BEHAVIOURS = ("deferred", "immediate", "interactive", "adaptive", "adaptive_free", "cbm", "cbm_immediate", "manual")
COUNTS = ("best", "last", "first", "mean")
TIME_UP = ("submit", "grace", "abandon")
NAVIGATION = ("free", "sequential")
MOMENTS = ("during", "after", "later", "closed")        # after: for two minutes; later: while the quiz is open
SIGHTS = ("attempt", "correctness", "max_marks", "marks", "specific", "general", "right", "overall")
ALWAYS = ("during", "after", "later", "closed")


@dataclass(frozen=True)
class Showing:
    """What a student sees of their attempt, by moment: eight things, four moments, after Moodle."""
    attempt: tuple[str, ...] = ALWAYS           # the questions with what was answered
    correctness: tuple[str, ...] = ALWAYS       # right, partly, wrong
    max_marks: tuple[str, ...] = ALWAYS         # what each question is worth
    marks: tuple[str, ...] = ALWAYS
    specific: tuple[str, ...] = ALWAYS          # what the author says to this answer
    general: tuple[str, ...] = ALWAYS           # what the author says whatever was answered
    right: tuple[str, ...] = ALWAYS             # the key
    overall: tuple[str, ...] = ("after", "later", "closed")     # what is said of the whole, by bands
    hide_key: bool = True                       # key and general feedback wait while another attempt could profit

    def sees(self, sight: str, moment: str) -> bool:
        return moment in getattr(self, sight)


@dataclass(frozen=True)
class Section:
    """A part of a quiz that begins with a title, on a page of its own."""
    first: int                                  # number of its first question, from 1
    title: str = ""
    shuffle: bool = True                        # its questions, where the quiz shuffles questions


@dataclass(frozen=True)
class Band:
    """What is said of a whole attempt that reached at least `percent` of the points."""
    percent: int
    text: str                                   # safe HTML
