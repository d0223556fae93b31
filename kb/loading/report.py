"""What a load or a withdrawal did, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from kb.errors import Fault

Status = Literal["loaded", "unchanged", "superseded"]

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the path at hand."""


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """One document of the input and what became of it."""

    path: str
    kind: str
    subject: str
    assessment: str
    status: Status
    """``superseded`` where another document of its series counts instead of it."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, in documented key order."""
        return {
            "path": self.path,
            "kind": self.kind,
            "subject": self.subject,
            "assessment": self.assessment,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one ``kb load`` did. ``rejected`` holds every fault of every file that was left out."""

    documents: tuple[LoadedDocument, ...] = ()
    ignored: tuple[str, ...] = ()
    """Paths of files of no known kind, in folders."""
    rejected: tuple[Fault, ...] = ()
    forgotten: tuple[str, ...] = ()
    """Ids of documents that ``--sync`` withdrew."""
    remarks: tuple[str, ...] = ()

    def count(self, status: Status) -> int:
        """How many documents ended with ``status``."""
        return sum(document.status == status for document in self.documents)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, in documented key order."""
        return {
            "loaded": self.count("loaded"),
            "unchanged": self.count("unchanged"),
            "superseded": self.count("superseded"),
            "ignored": len(self.ignored),
            "rejected": [fault._asdict() for fault in self.rejected],
            "forgotten": list(self.forgotten),
            "documents": [document.as_dict() for document in self.documents],
            "remarks": list(self.remarks),
            "ignored_files": list(self.ignored),
        }


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What one ``kb forget`` withdrew."""

    forgotten: tuple[str, ...]
    """Ids of the documents that left."""
    restored: tuple[str, ...]
    """Ids of superseded documents that count again."""
    agents: tuple[str, ...]
    """Ids of agents that left because no document speaks of them any more."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, in documented key order."""
        return {"forgotten": list(self.forgotten), "restored": list(self.restored), "agents": list(self.agents)}
