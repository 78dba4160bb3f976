"""The question kinds: one file each. A new kind is a file here and its line below."""

from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.kind import Kind
from lms.catalogue.kinds.matching import Matching
from lms.catalogue.kinds.multiple import Multiple
from lms.catalogue.kinds.numerical import Numerical
from lms.catalogue.kinds.ordering import Ordering
from lms.catalogue.kinds.short import Short
from lms.catalogue.kinds.single import Single
from lms.catalogue.kinds.truefalse import TrueFalse

# In the order in which they are asked whether a GIFT body is theirs; short answer takes what is left.
KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    Ordering(), Essay(), Numerical(), Single(), Multiple(), Matching(), TrueFalse(), Short())}

__all__ = ["KINDS", "Kind"]
