"""What a load or a withdrawal did, in sentences and as a table."""

from collections.abc import Mapping
from typing import Any

from kb.errors import Fault
from kb.views.table import to_table
from kb.views.terminal import Terminal

DOCUMENT_COLUMNS = ("status", "kind", "subject", "path", "assessment")

_COUNTS = (
    "loaded",
    "copied",
    "unchanged",
    "superseded",
    "withdrawn",
    "forgotten",
    "restored",
    "agents",
    "ignored",
    "rejected",
)
_WORDS = {"ignored": "ignored (no known kind)", "restored": "counting again", "agents": "agents gone"}


def documents_table(report: Mapping[str, Any], terminal: Terminal) -> str:
    """The documents of a load and what became of each."""
    return to_table(report["documents"], DOCUMENT_COLUMNS, terminal)


def summary(report: Mapping[str, Any]) -> str:
    """The counts of a load or a withdrawal on one line; a count of 0 is said only where it comes first."""
    counts = {name: _count(report[name]) for name in _COUNTS if name in report}
    first = next(iter(counts))
    return ", ".join(f"{count} {_WORDS.get(name, name)}" for name, count in counts.items() if count or name == first)


def fault_lines(report: Mapping[str, Any]) -> list[str]:
    """Each fault as ``path:line: what is wrong``."""
    return [str(Fault(**fault)) for fault in report["rejected"]]


def _count(value: Any) -> int:
    """A number as it is; of faults the files, of other lists the entries."""
    if isinstance(value, int):
        return value
    return len({entry["path"] if isinstance(entry, Mapping) else entry for entry in value})
