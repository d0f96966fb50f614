"""The sentence an admin can act on, and the exit code a script can rely on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns; scripts depend on the numbers."""

    DONE = 0
    PARTLY = 1
    USAGE = 2
    CREDENTIAL = 3
    VENDOR = 4
    LOCKED = 5
    CANCELLED = 130


class UserError(Exception):
    """Something the admin can put right: the text says what happened, to which thing, and what to do next.

    Bugs have no class of their own: whatever is not a UserError is ours to mend.
    """

    def __init__(self, sentence: str, exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class Cancelled(Exception):
    """The admin pressed Cancel; nothing half-done is left behind."""
