"""Three kinds of error: `Refused` is shown, `TryAgain` is retried, anything else is a bug and wakes someone."""


class Refused(Exception):
    """A rule said no. The message is safe to show."""

    status = 409


class TryAgain(Exception):
    """Something outside did not answer. The task that raised it is run again."""
