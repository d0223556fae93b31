"""Documents that come, go and change places: what a load or a withdrawal does, before it is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.engines.protocol import Engine
from kb.loading.series import standing
from kb.model.graph import Node, Relation


@dataclass(slots=True)
class Change:
    """Documents that come, go and change places; empty to begin with."""

    added: dict[str, tuple[Node, Sequence[Relation]]] = field(default_factory=dict)
    """Assessment id to its node and what it asserts."""
    in_force: set[str] = field(default_factory=set)
    """Ids of added documents that count afterwards; the others are superseded from the start."""
    retired: dict[str, Node] = field(default_factory=dict)
    """Documents that counted before and do not afterwards, but stay readable."""
    restored: dict[str, Node] = field(default_factory=dict)
    """Retired documents that count again."""
    withdrawn: dict[str, Node] = field(default_factory=dict)
    """Documents that leave without trace."""
    supersedes: list[tuple[str, str]] = field(default_factory=list)
    """(winner, loser) ids, where the winner counts of all documents of its series; it takes them along when it is retired."""


def documents_about(engine: Engine, subjects: Collection[str]) -> list[Node]:
    """The Assessments of ``subjects`` that the base has, also those that are superseded."""
    both = (engine.edges("ABOUT", target=subjects, in_force=counts) for counts in (True, False))
    return engine.nodes("Assessment", {relation.source for relations in both for relation in relations})


def rearrange(change: Change, histories: Iterable[Mapping[str, Node]]) -> frozenset[str]:
    """Say in ``change`` which documents come to count, or cease to; returns the ids of all that count in the end.

    ``histories`` hold for each series concerned the documents that it has afterwards, in the order of their loading.
    """
    counting = set()
    for history in histories:
        heir = standing(history.values()).id
        counting.add(heir)
        change.supersedes += ((heir, key) for key in history if key != heir)
        for key, node in history.items():
            counted = key not in change.added and node.properties.get("in_force") is True
            if key != heir and counted:
                change.retired[key] = node
            elif key == heir and key in change.added:
                change.in_force.add(key)
            elif key == heir and not counted:
                change.restored[key] = node
    return frozenset(counting)
