"""Which document of a series counts.

A series is what supersedes itself: the full text of one page, our document about one agent. Documents of different series
stand side by side.
"""

from collections.abc import Iterable
from functools import reduce

from kb.model.graph import Node
from kb.model.precedence import day_number


def winner(current: Node, later_loaded: Node) -> Node:
    """The one of two Assessments of a series that counts: the later ``as_of`` where both have one, else the one loaded last."""
    days = day_number(current.properties.get("as_of")), day_number(later_loaded.properties.get("as_of"))
    return current if all(days) and days[0] > days[1] else later_loaded


def standing(history: Iterable[Node]) -> Node:
    """The one that counts of ``history``: the Assessments of one series, at least one, in the order of their loading."""
    return reduce(winner, history)


def loading_order(node: Node) -> tuple[str, str]:
    """The sort key that puts Assessments into the order in which they were last loaded."""
    return str(node.properties.get("loaded_at") or ""), node.id


def series_of(node: Node) -> str:
    """The series that the Assessment ``node`` belongs to."""
    return str(node.properties["series"])
