"""Somebody who looks on while an answer is worked out: hears how far it is, and may want what there is so far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Watch:
    """Whom long work tells how far it is, and who may stop it between two of its parts."""

    heard: Callable[[int, int, str], None] | None = None
    """Takes how much is done, how much there is to do, and what it is."""
    heeded: bool = False
    """Whether the work under way looks at :attr:`stopped` and gives what it has by then."""
    stopped: bool = False

    def tell(self, done: int, total: int, what: str) -> None:
        """Say how far the work is."""
        if self.heard is not None:
            self.heard(done, total, what)

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """While this work is under way, a wish to stop is heeded."""
        before, self.heeded = self.heeded, True
        try:
            yield
        finally:
            self.heeded = before
