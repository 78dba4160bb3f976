"""What is taught, as values: programme, modules, lessons, quizzes, tasks. Pure data; the reader is `reading.py`."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from lms.catalogue.asking import MOMENTS as MOMENTS  # for the rooms above
from lms.catalogue.asking import SIGHTS as SIGHTS
from lms.catalogue.asking import Band as Band
from lms.catalogue.asking import Section as Section
from lms.catalogue.asking import Showing as Showing
from lms.catalogue.weighing import Grading as Grading


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a course folder, said so that an author can mend it."""
    file: str
    line: int | None
    message: str                # Spanish: what is wrong
    remedy: str                 # Spanish: what to do

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message} {self.remedy}"


@dataclass(frozen=True)
class Option:
    """One answer of a question: a choice, an accepted text, an item to order, or a pair to match."""
    id: str                     # "a", "b", … by the alphabet of the texts: a page's source must not tell the key
    text: str                   # safe HTML (inline)
    share: Fraction             # of the question's points: 1 right, 0 wrong, negative takes away
    feedback: str = ""          # safe HTML
    match: str = ""             # matching: the right-hand side (plain text)


@dataclass(frozen=True)
class Body:
    """What only one kind of question has: a subclass in the file of that kind, frozen and of plain values."""


@dataclass(frozen=True)
class Hint:
    """What is said after a wrong try where tries are allowed."""
    text: str                   # safe HTML
    clear_wrong: bool = False   # the next try begins without the wrong parts
    show_count: bool = False    # says how many parts are right


@dataclass(frozen=True)
class Media:
    """An image or other file that a question shows; its bytes are kept under their hash, at /medios/<sha256>.<kind>."""
    name: str
    sha256: str
    size: int                   # bytes

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def path(self) -> str:
        """What the question's HTML says in `src`."""
        return f"/medios/{self.sha256}.{self.kind}"


@dataclass(frozen=True)
class Question:
    id: str                     # lasting within the module or the bank
    kind: str                   # a name in catalogue.kinds.KINDS
    text: str                   # safe HTML
    options: tuple[Option, ...] = ()
    points: Fraction = Fraction(1)
    feedback: str = ""          # safe HTML, shown whatever was answered
    numbers: tuple[tuple[Decimal, Decimal, Fraction], ...] = ()     # numerical: (value, tolerance, share)
    body: Body | None = None
    name: str = ""              # what people list it as; "" where the id is its name
    said: tuple[str, str, str] = ("", "", "")       # safe HTML for right, partly right and wrong answers
    hints: tuple[Hint, ...] = ()                    # tries in interactive behaviour = hints + 1
    penalty: Fraction = Fraction(1, 3)              # of the question's points, for each wrong try
    shuffle: bool = True        # of its options, where the quiz shuffles too
    category: str = ""          # path in the bank: "Cooperación/Marco legal"
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


@dataclass(frozen=True)
class Lesson:
    slug: str                   # "01-historia" (file name without ".md")
    title: str
    html: str                   # safe, ready to show
    minutes: int                # reading time at 180 words a minute, at least 1
    words: int
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True)
class Quiz:
    title: str
    weight: int                 # % of the module
    questions: tuple[Question, ...]
    attempts: int = 1
    minutes: int | None = None
    per_page: int = 4
    behaviour: str = "deferred"         # asking.BEHAVIOURS
    counts: str = "best"                # which attempt: best | last | first | mean
    time_up: str = "submit"             # submit: what was given is handed in | grace: to be handed in soon | abandon
    grace_minutes: int = 0              # with "grace": until then it may still be handed in, but not answered
    navigation: str = "free"            # free | sequential: page by page, never back
    shuffle_questions: bool = False
    shuffle_options: bool = True
    sections: tuple[Section, ...] = ()
    password: str = ""                  # asked on start; an attempt's own copy has none
    showing: Showing = Showing()
    bands: tuple[Band, ...] = ()        # from the best down
    below_zero: bool = False            # a wrong choice may take points from the rest (certainty always may)
    wait_minutes: int = 0               # between two attempts
    anonymous: bool = False             # who marks answers does not see whose they are

    @property
    def points(self) -> Fraction:
        return sum((q.points for q in self.questions if q.kind != "description"), Fraction(0))


@dataclass(frozen=True)
class Level:
    points: int
    name: str
    description: str
    least: int | None = None    # a range: from these points to `points`; None: just `points`


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric with its levels, or of a marking guide: then it has none, and 0 to `most` points are free."""
    name: str
    description: str            # for everyone
    levels: tuple[Level, ...]   # from least to most
    marker_note: str = ""       # for who marks, never shown to students
    most: int = 0               # of a guide's criterion
    key: str = ""               # lasting name within a cohort's rubric; "" where the edition's own order names it

    @property
    def points(self) -> int:
        return max((level.points for level in self.levels), default=self.most)


@dataclass(frozen=True)
class Task:
    title: str
    weight: int
    instructions: str           # safe HTML
    criteria: tuple[Criterion, ...]
    must_pass: bool = True
    accepts: tuple[str, ...] = ("text", "pdf")
    max_files: int = 3
    max_mb: int = 10
    anonymous: bool = False     # who marks does not see whose it is

    @property
    def points(self) -> int:
        return sum(c.points for c in self.criteria)


@dataclass(frozen=True)
class Module:
    code: str                   # "G1"
    slug: str                   # folder name
    title: str
    competency: str             # general | specific | project | internship
    hours_direct: int
    hours_autonomous: int
    hours_practice: int
    summary: str
    outcomes: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    quiz: Quiz | None = None
    task: Task | None = None
    grading: Grading = Grading()

    @property
    def graded(self) -> bool:
        """Whether anything in it gives a grade."""
        return bool(self.quiz or self.task or self.grading.items)

    @property
    def hours(self) -> int:
        return self.hours_direct + self.hours_autonomous + self.hours_practice

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)


@dataclass(frozen=True)
class Way:
    """One of the alternatives of a requirement. `kind`: modules (all of them) | attendance | internship."""
    kind: str
    modules: tuple[str, ...] = ()
    hours: int = 0


@dataclass(frozen=True)
class Requirement:
    """One thing the diploma asks for. `kind`: modules | attendance | internship | certificate_name | any."""
    kind: str
    modules: tuple[str, ...] = ()
    hours: int = 0
    least: int = 0                  # how many of its modules, or of the ways of `any`, are enough; 0: all modules
    name: str = ""                  # of one with alternatives, lasting
    ways: tuple[Way, ...] = ()      # of `any`

    @property
    def grouped(self) -> bool:
        """Whether it can be met in more than one way."""
        return self.kind == "any" or self.least > 0

    @property
    def alternatives(self) -> tuple[Way, ...]:
        return self.ways if self.kind == "any" else tuple(Way("modules", (code,)) for code in self.modules)


@dataclass(frozen=True)
class Equivalence:
    """An earlier study that the programme knows to stand for some of its modules."""
    code: str
    name: str
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Component:
    """One part of the final grade: the mean of its modules (and of the components within it), at its weight (%)."""
    name: str
    weight: int
    modules: tuple[str, ...]
    how: str = "mean"               # weighing.HOWS
    drop: int = 0
    keep: int = 0
    extra: bool = False             # extra credit
    least: Decimal | None = None    # a grade: under it one fails, whatever the mean
    exempt: Decimal | None = None   # who has at least this grade in the rest is spared it
    within: str = ""                # the component it is a part of


@dataclass(frozen=True)
class Step:
    """When a module's items open and are due if the cohort says nothing else: days after the start, wall time."""
    module: str
    opens: str | None = None    # "+0 08:00" (relative) or "2027-04-07 08:00" (absolute)
    quiz_due: str | None = None
    task_due: str | None = None
    after: str | None = None    # "G1.quiz>=60": at least 60 % in that quiz


@dataclass(frozen=True)
class Programme:
    slug: str
    title: str
    presentation: str           # safe HTML of presentacion.md
    credit_hours: int           # hours of work a credit stands for (27 lies in the SCT-Chile and the CRE range)
    modules: tuple[Module, ...]
    requirements: tuple[Requirement, ...]
    components: tuple[Component, ...]
    steps: tuple[Step, ...] = ()
    late_per_day: Decimal = Decimal("0.5")      # grade points (home scale) a day
    late_days: int = 3
    grading: Grading = Grading()        # of the components; its resit is that of modules that say none
    equivalences: tuple[Equivalence, ...] = ()
    edition: str = ""           # digest of the files
    by_code: dict[str, Module] = field(default_factory=dict, compare=False)

    @property
    def hours(self) -> int:
        return sum(m.hours for m in self.modules)

    @cached_property
    def plain(self) -> bool:
        """Whether the final grade is the usual one: means of modules, weighted."""
        return self.grading.plain and all(c == Component(c.name, c.weight, c.modules) and c.modules
                                          for c in self.components)

    def module(self, code: str) -> Module | None:
        return next((m for m in self.modules if m.code == code), None)
