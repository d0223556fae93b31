"""Every error that this package raises on purpose; :class:`KbError` is their root.

The fields of an error are its ``args`` (so it pickles), its sentence is written in ``__str__``, and ``hint`` says what to
do next. ``exit_code`` is the one that the command line ends with (see ``docs/cli.md``).
"""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong in one place of an input file."""

    path: str
    """The file, as the user named it."""
    line: int
    """The line, counted from 1; 0 where the fault is of the file as a whole."""
    error: str
    """What is wrong, and the remedy where there is one."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.error}" if self.line else f"{self.path}: {self.error}"


class KbError(Exception):
    """The root of all errors that this package raises on purpose."""

    exit_code = 5
    hint = ""
    """What to do next; empty where the sentence already says it."""


class UnknownNodeError(KbError, LookupError):
    """Raised when a question names a node that the graph does not hold: not the same as an empty answer."""

    exit_code = 2

    def __init__(self, kind: str, node_id: str, nearest: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(kind, node_id, tuple(nearest), hint)
        self.hint = hint

    def __str__(self) -> str:
        kind, node_id, nearest, _ = self.args
        sentence = f"no {kind} {node_id!r} in the base"
        return f"{sentence}; did you mean {' or '.join(map(repr, nearest))}?" if nearest else sentence


class AmbiguousNodeError(KbError, LookupError):
    """Raised when a short id fits several nodes; the hint says what they are."""

    exit_code = 2

    def __init__(self, node_id: str, candidates: Sequence[str], hint: str = "") -> None:
        super().__init__(node_id, tuple(candidates), hint)
        self.hint = hint

    def __str__(self) -> str:
        node_id, candidates, _ = self.args
        return f"{node_id!r} is ambiguous: {', '.join(candidates)}"


class UsageError(KbError, ValueError):
    """Raised when a call's words are off: an unknown question, a value outside its range."""

    exit_code = 2

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.hint = hint

    def __str__(self) -> str:
        return str(self.args[0])


class FacesNothingError(UsageError):
    """Raised when the agent that is to fall faces no threat, so that nothing can start there."""


class InputError(KbError, ValueError):
    """Raised when one input file cannot be taken; holds every fault of that file at once."""

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(tuple(faults))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of the file, in the order of its lines."""
        faults: tuple[Fault, ...] = self.args[0]
        return faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnknownKindError(InputError):
    """Raised for a file of no known kind; where it was only met in a folder, it is ignored.

    Its fault has a line where the file looks like one of ours all the same.
    """


class SchemaError(KbError, ValueError):
    """Raised when a node or relation does not fit the schema table; a fault of the caller's code, not of a file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class LibraryError(KbError):
    """Raised when a query file breaks its contract; names the file and the line."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(place, sentence)

    def __str__(self) -> str:
        place, sentence = self.args
        return f"{place}: {sentence}"


class StoreError(KbError):
    """Raised when the store cannot be used: missing, not ours, from a newer version, corrupted, locked, full."""

    exit_code = 4

    def __init__(self, store: str, sentence: str, hint: str = "") -> None:
        super().__init__(store, sentence, hint)
        self.hint = hint

    def __str__(self) -> str:
        store, sentence, _ = self.args
        return f"{store}: {sentence}"


class StaleBaseError(StoreError):
    """Raised when somebody else wrote between the reading of the base and the write that rests on it; trying again helps."""


class OutputError(KbError):
    """Raised when an answer cannot be written where the user wants it; what was there before is still there."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)

    def __str__(self) -> str:
        place, reason = self.args
        return f"cannot write {place}: {reason}"


class MissingExtraError(KbError, ImportError):
    """Raised when a feature needs an optional package that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)
        self.hint = f"install the extra: python -m pip install 'agent-threat-kb[{extra}]'"

    def __str__(self) -> str:
        feature, extra = self.args
        return f"{feature} needs the optional part {extra!r} of agent-threat-kb, which is not installed"
