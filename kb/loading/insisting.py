"""Working out a write again while other writers come in between."""

from collections.abc import Callable
from typing import TypeVar

from kb.errors import StaleBaseError

ATTEMPTS = 20
"""How often a write is worked out before other writers' activity counts as a fault."""

T = TypeVar("T")


def insisting(work: Callable[[], T]) -> T:
    """What ``work`` returns, worked out anew each time that it finds that somebody else has written meanwhile.

    ``work`` reads all that it rests on itself. Raises :class:`~kb.errors.StaleBaseError` after :data:`ATTEMPTS`.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except StaleBaseError:
            continue
    return work()
