"""Why no time stamp came, in words for the operator."""


class NoTimeStamp(RuntimeError):
    """The authority is down, refused, or answered what can not be used. The paper stays as it is: try again later."""


class Unsound(ValueError):
    """What is no sound paper of ours gets no time stamp."""
