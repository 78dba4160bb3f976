"""What attempts, answers, tasks and markings are to every room: frozen values. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from lms.catalogue.rules import Programme
from lms.cohorts.rules import Locked


@dataclass(frozen=True)
class Sitting:
    """One attempt at a quiz, as its room knows it."""
    id: int
    cohort_id: int
    person_id: int
    module: str
    edition_id: str
    number: int
    seed: int
    started_at: datetime
    ends_at: datetime | None            # when the bell rings; None: no limit
    submitted_at: datetime | None = None
    by_clock: bool = False
    sheet: str | None = None            # the quiz it was given; None: its edition's
    grace_until: datetime | None = None
    page: int = 1                       # where there is no way back: the page it has come to

    @property
    def abandoned(self) -> bool:
        """Its time went by and it was not handed in: it counts for nothing."""
        return self.by_clock and self.submitted_at is None

    @property
    def over(self) -> bool:
        return self.submitted_at is not None or self.by_clock


@dataclass(frozen=True)
class Sent:
    """One answer as a device sends it; its key is the device's own and never used for another."""
    key: str
    question: str
    value: str
    act: str = ""                       # as models.Answer says
    certainty: int | None = None
    client_at: datetime | None = None   # when it was given, by the device's clock
    ahead: int | None = None            # seconds that clock was ahead of ours when it was sent


@dataclass(frozen=True)
class Given:
    """What was last answered to a question."""
    id: int
    value: str
    saved_at: datetime


@dataclass(frozen=True)
class Kept(Given):
    """One answer with all that its receipt says of it."""
    question: str
    key: str
    act: str = ""
    certainty: int | None = None
    client_at: datetime | None = None
    sequence: int | None = None         # None: kept before there were receipts
    chain: str | None = None


@dataclass(frozen=True)
class ScoreFact:
    """The last marking of one question of an attempt."""
    question: str
    points: Fraction
    out_of: Fraction
    marker_id: int | None               # None: the machine
    marked_at: datetime
    feedback: str = ""                  # Markdown, by the marker; only `work_facts` brings it


@dataclass(frozen=True)
class AttemptFact:
    """An attempt with what it has been given so far; questions that wait for a person are absent from `scores`."""
    id: int
    cohort_id: int
    person_id: int
    module: str
    number: int
    edition_id: str
    started_at: datetime
    ends_at: datetime | None
    submitted_at: datetime | None
    scores: tuple[ScoreFact, ...] = ()
    sheet: str | None = None            # the quiz it was given; None: its edition's


@dataclass(frozen=True)
class MarkFact:
    """One marking in full."""
    id: int
    points: Fraction
    out_of: Fraction
    levels: str                         # JSON: level index by criterion
    feedback: str                       # Markdown
    marker_id: int | None
    marked_at: datetime


@dataclass(frozen=True)
class LateRule:
    """What lateness takes away: for each day or part of one so many grades of the home scale, or points, up to `days`;
    after those nothing is taken."""
    per_day: Decimal
    days: int
    unit: str = "grade"                 # grade | points

    def dumped(self) -> str:
        return f"{self.per_day} {self.unit} {self.days}"

    @classmethod
    def of(cls, text: str, programme: Programme) -> "LateRule":
        """As it was dumped; "" is the programme's."""
        if not text:
            return cls(programme.late_per_day, programme.late_days)
        per_day, unit, days = text.split()[:3]
        return cls(Decimal(per_day), int(days), unit)


@dataclass(frozen=True)
class TaskRules:
    """How a task is handed in. `again`: always (until the last moment) | due (until the deadline) | once | feedback
    (until the deadline, and after each correction, `times` at most, within a week of it)."""
    late: LateRule
    again: str = "always"
    times: int = 1

    def dumped(self) -> str:
        return f"{self.late.dumped()} {self.again} {self.times}"

    @classmethod
    def of(cls, text: str, programme: Programme) -> "TaskRules":
        late, rest = LateRule.of(text, programme), text.split()[3:]
        return cls(late, rest[0], int(rest[1])) if rest else cls(late)


@dataclass(frozen=True)
class SubmissionFact:
    """The latest version of a task a person handed in, with its last marking."""
    id: int
    cohort_id: int
    person_id: int
    module: str
    edition_id: str
    version: int
    handed_in_at: datetime
    due_at: datetime | None
    marking: MarkFact | None = None
    late: str = ""                      # LateRule as it was then; "" the programme's


@dataclass(frozen=True)
class Paper:
    """A file as handed in."""
    name: str
    kind: str
    size: int
    sha256: str
    id: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why something may not begin or be handed in: locked | past_due | used_up | wait | password | incomplete |
    too_late, with what the page says."""
    why: str
    locked: Locked | None = None
    due: datetime | None = None
    until: datetime | None = None
