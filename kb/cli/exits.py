"""What the process ends with."""

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """An exit code and what it says; ``docs/cli.md`` holds the same table."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """The member ``value`` that says ``meaning``."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    ANSWERED = 0, "answered"
    FINDING = 1, "a finding at or above the gate asked for"
    USAGE = 2, "usage, unknown or ambiguous id"
    LEFT_OUT = 3, "part of the input was left out, or could not be judged"
    STORE = 4, "the store cannot be used"
    ERROR = 5, "any other error of ours"
    INTERRUPTED = 130, "interrupted"
