"""How a question behaves while it is answered: one file each; which one a quiz's question has is asked here."""

from lms.attempts.behaviours.adaptive import Adaptive, AdaptiveFree
from lms.attempts.behaviours.behaviour import Behaviour, Case, State, Step
from lms.attempts.behaviours.certainty import Certainty, CertaintyNow
from lms.attempts.behaviours.deferred import Deferred
from lms.attempts.behaviours.immediate import Immediate
from lms.attempts.behaviours.interactive import Interactive
from lms.attempts.behaviours.manual import Information, Manual
from lms.catalogue.kinds import KINDS
from lms.catalogue.rules import Question, Quiz

BEHAVIOURS: dict[str, Behaviour] = {behaviour.name: behaviour for behaviour in (
    Deferred(), Immediate(), Interactive(), Adaptive(), AdaptiveFree(), Certainty(), CertaintyNow(), Manual())}
_INFORMATION = Information()

__all__ = ["BEHAVIOURS", "Behaviour", "Case", "State", "Step", "behaviour_of", "plain"]


def behaviour_of(quiz: Quiz, question: Question) -> Behaviour:
    """The quiz's behaviour, except where nothing is asked and where only a person can say."""
    kind = KINDS[question.kind]
    if not kind.asks:
        return _INFORMATION
    return BEHAVIOURS["manual"] if kind.waits else BEHAVIOURS[quiz.behaviour]


def plain(quiz: Quiz) -> bool:
    """Whether only the last answer of each question counts: then nothing else has to be fetched."""
    return quiz.behaviour in ("deferred", "manual")
