"""What a person at the terminal sees of long work, and how Ctrl-C ends it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

from kb.questions.watch import Watch

AFTER = 1.0
"""Seconds of work before a bar is worth its room."""


@contextmanager
def watched(*, quiet: bool, no_color: bool) -> Iterator[Watch]:
    """A watch whose bar stands on standard error, where that is a terminal, and that Ctrl-C stops.

    Ctrl-C asks the work for what it has where it can give that; elsewhere, and the second time, it ends the command.
    """
    watch = Watch()

    def interrupt(*_: object) -> None:
        if watch.stopped or not watch.heeded:
            raise KeyboardInterrupt
        watch.stopped = True

    with ExitStack() as bar:
        if not quiet:
            watch.heard = _later(bar, no_color)
        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield watch
        finally:
            signal.signal(signal.SIGINT, before)


def _later(bar: ExitStack, no_color: bool) -> Callable[[int, int, str], None]:
    """What moves a bar that appears where the work is not done after a second."""
    begun = monotonic()
    move: list[Callable[[int, int, str], None] | None] = []

    def hear(done: int, total: int, what: str) -> None:
        if not move and monotonic() - begun > AFTER:
            from kb.views.progress import progress

            move.append(bar.enter_context(progress(shown=True, no_color=no_color)))
        if move and move[0]:
            move[0](done, total, what)

    return hear
