"""The question kinds: one file each. A new kind is a file here and its line below."""

from lms.catalogue.kinds.calculated import Calculated
from lms.catalogue.kinds.calculatedmulti import CalculatedMulti
from lms.catalogue.kinds.calculatedsimple import CalculatedSimple
from lms.catalogue.kinds.cloze import ClozeKind
from lms.catalogue.kinds.description import Description
from lms.catalogue.kinds.dragimage import DragImage
from lms.catalogue.kinds.dragwords import DragWords
from lms.catalogue.kinds.essay import EssayKind
from lms.catalogue.kinds.gapselect import GapSelect
from lms.catalogue.kinds.kind import Kind
from lms.catalogue.kinds.markers import Markers
from lms.catalogue.kinds.matching import Matching
from lms.catalogue.kinds.multiple import Multiple
from lms.catalogue.kinds.numerical import Numerical
from lms.catalogue.kinds.ordering import Ordering
from lms.catalogue.kinds.randommatching import RandomMatching
from lms.catalogue.kinds.short import Short
from lms.catalogue.kinds.single import Single
from lms.catalogue.kinds.truefalse import TrueFalse

# In the order in which they are asked whether a GIFT body is theirs; short answer takes what is left.
KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    Ordering(), EssayKind(), Numerical(), Single(), Multiple(), Matching(), TrueFalse(), Short(),
    Description(), Calculated(), CalculatedMulti(), CalculatedSimple(), RandomMatching(),
    ClozeKind(), GapSelect(), DragWords(), DragImage(), Markers())}

__all__ = ["KINDS", "Kind"]
