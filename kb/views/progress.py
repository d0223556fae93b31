"""A bar on standard error that says how far a load has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from kb.views.terminal import neutral, terminal_of


@contextmanager
def progress(*, shown: bool, no_color: bool = False) -> Iterator[Callable[[int, int, str], None] | None]:
    """A callback for (done, all, path) that moves the bar; ``None`` where it is not ``shown`` or nobody would see it."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    console = Console(file=sys.stderr, no_color=not terminal_of(sys.stderr, no_color=no_color).color, highlight=False)
    path = TextColumn("{task.description}", markup=False)
    with Progress(BarColumn(), MofNCompleteColumn(), path, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=neutral(name))
