"""Pictures in the making: what is to be shown, before siblings become one and the least likely are left out."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.pictures.picture import Detail, Factor, Link

LinkKey = tuple[str, str, str, str]
"""Source, target, kind and channel of a link: what tells links apart."""

STRANGERS = "strangers"
MAX_NODES = 150
"""Spots that a picture has at most, unless more are asked for; what is beyond a few hundred is no picture."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A chain along sketches."""

    spots: tuple[str, ...]
    hops: tuple[LinkKey, ...]
    probability: float
    factors: tuple[Factor, ...]
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A spot in the making; what the base says of its node is added when it is known to be shown."""

    id: str
    kind: str
    column: int
    role: str = ""
    size: float | None = None
    size_text: str = ""
    weight: float = 0.0
    """The lightest are left out first."""
    trail: Trail | None = None
    threats: tuple[str, ...] | None = None
    """``None``: those that it faces."""
    certainty: str | None = ""
    """Empty: that of the documents that speak of it."""
    details: tuple[Detail, ...] = ()
    """What this answer says of it; comes before what the base says."""
    apart: Hashable = ()
    """Only sketches that agree in this can become one."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A state in the making."""

    name: str
    text: str
    sizes: Mapping[str, tuple[float | None, str]] = field(default_factory=dict)
    severed: frozenset[tuple[str, str]] = frozenset()
    """(truster, trusted)."""
    placed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a picture says as a whole, in the words of the answer that it shows."""

    kind: str
    question: str
    answer: str
    command: str
    columns: tuple[str, ...]
    size_means: str
    complete: bool = True
    truncated_by: str | None = None
    assumptions: tuple[str, ...] = ()


def key_of(link: Link) -> LinkKey:
    """What tells ``link`` from all others of its picture."""
    return link.source, link.target, link.kind, link.channel


def short(node_id: str) -> str:
    """The part of a deployed agent's id that tells it from others of its system; any other id as it is."""
    if node_id == OUTSIDE:
        return STRANGERS
    return node_id.rpartition("/")[2] if node_id.count("/") == 1 else node_id


def percent(share: float) -> str:
    """``94 %``; small shares as precisely as they need to be read, and neither 0 nor 100 unless that is meant."""
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", "\u202f%")
    if share < 0.001:
        return "under 0.1\u202f%"
    if share < 0.1:
        return f"{100 * share:.2g}\u202f%"
    return "over 99\u202f%" if share >= 0.995 else f"{100 * share:.0f}\u202f%"


def listed(names: Iterable[str], shown: int = 3) -> str:
    """``a, b and c``; of more than ``shown`` the first and how many more."""
    every = list(names)
    if len(every) > shown:
        return f"{', '.join(every[:shown])} and {len(every) - shown} more"
    return " and ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 agent``, ``2 agents``."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
