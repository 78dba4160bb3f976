"""Exchange: the register of agreements between municipalities, associations and universities."""

from lms.exchange import models, routes  # noqa: F401
