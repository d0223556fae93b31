"""What a picture of an answer shows: spots, links between them, chains along them, and the states that it can be switched to.

A picture holds words and figures only; where things stand and how they look is for the views. All text in it is as it was
loaded, so hostile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: what is the case, and where that comes from."""

    text: str
    source: str | None = None
    """Document and place, publication, rule, or why it is assumed; ``None`` where :attr:`text` says it."""
    quote: str | None = None
    """Words of the document."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A headed part of what is known of a spot or a link, for the panel beside the picture."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of the picture."""

    id: str
    """Id in the base; of collapsed siblings that of the first, with ``+`` and how many more."""
    label: str
    kind: str
    """A node kind of the schema, or ``outside`` for strangers."""
    column: int
    """0 from the left: the distance from the start, or the layer; :attr:`Picture.columns` has the headings."""
    role: str = ""
    """``start``, ``goal`` or empty."""
    severity: str | None = None
    """AIVSS band of the agent or its product; ``None`` where there is no score."""
    certainty: str | None = None
    """``mapped``, ``uncertain``, or ``None`` where no document says."""
    size: float | None = None
    """What :attr:`Picture.size_means` says, 0 or more; ``None`` where unknown."""
    size_text: str = ""
    """The same for reading, with how it was worked out: ``falls with 0.9403 (exact)``."""
    threats: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    chain: int | None = None
    """Index in :attr:`Picture.chains` of the chain that reaches it."""
    members: tuple[str, ...] = ()
    """Ids of the siblings that it stands for; empty where it stands for itself."""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of the picture, drawn as compromise flows: :attr:`source` falls first."""

    source: str
    target: str
    """Ids of spots."""
    kind: str
    """Relation kind of the schema; ``TRUSTS`` for what carries compromise."""
    channel: str = ""
    """How the two are wired: a channel of the cascade tables, ``outside-text`` and its like, or a resource's."""
    strength: float | None = None
    """0 to 1; ``None`` where the relation has none."""
    strength_source: str | None = None
    threats: tuple[str, ...] = ()
    """What arrives over it, or what it speaks of."""
    layers: tuple[str, ...] = ()
    probability: float | None = None
    """Of the best chain along it, where the picture is of a cascade or of paths."""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a chain's arithmetic."""

    name: str
    """``strength``, ``susceptibility``, ``control fails``."""
    value: float
    source: str
    step: str
    """Where on the way: ``planner ⇒ payments``."""


@dataclass(frozen=True, slots=True)
class PictureChain:
    """A chain of compromise along spots."""

    spots: tuple[str, ...]
    links: tuple[int, ...]
    """Indices in :attr:`Picture.links`, in order."""
    probability: float
    factors: tuple[Factor, ...]
    """Their product is :attr:`probability`."""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What changes when the picture is switched: without and with the planned controls."""

    name: str
    text: str
    """What holds in it, in a sentence, with its figures."""
    sizes: Mapping[str, tuple[float | None, str]] = field(default_factory=dict)
    """Spot id to size and text; a spot that is not named keeps its own."""
    gone: tuple[int, ...] = ()
    """Indices of links that are severed."""
    placed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Spot id to the controls that are put in place there."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of one answer, everything in a settled order."""

    kind: str
    """``cascade``, ``paths``, ``agent``, ``threat``, ``system`` or ``plan``."""
    question: str
    """``If ticket-to-merge/coder falls, who falls next?``"""
    answer: str
    """The answer in one sentence with its figures."""
    command: str
    """The command line that gives it again."""
    columns: tuple[str, ...]
    """Heading of each column."""
    size_means: str
    """``probability of falling``; ``how many agents trust it``."""
    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    chains: tuple[PictureChain, ...] = ()
    states: tuple[State, ...] = ()
    """Empty, or two and more of which the first is what holds now."""
    shown: int = 0
    total: int = 0
    """How many agents are shown, and how many there are."""
    more: str | None = None
    """How to see the rest: ``--max-nodes 400``; ``None`` where all are shown."""
    complete: bool = True
    truncated_by: str | None = None
    assumptions: tuple[str, ...] = ()
    base: str = ""
    """Fingerprint of the base that was asked."""
    schema_version: int = 0
