"""What every parser of documents hands to the loader, whatever the file looked like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Polarity = Literal["stated", "denied", "mitigated"]
Certainty = Literal["mapped", "uncertain"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a threat-model page that may state threats."""

    layer: str | None
    """``L1`` … ``L7``; ``None`` for the summary under the title."""
    text: str
    """The words, without the label and without the prefix that marks uncertainty."""
    line: int
    """The line it starts at, from 1."""
    certainty: Certainty
    """``uncertain`` where the page says "Not certain from the listing"; a summary is ``mapped``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One threat that one paragraph states, denies or calls mitigated."""

    threat: str
    """Full id, e.g. ``owasp:T2``."""
    layer: str | None
    polarity: Polarity
    certainty: Certainty
    quote: str
    """The words of the page that say so."""
    line: int
    pattern: str
    """Name of the pattern that found it, so that the finding can be explained."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The AIVSS inputs that a document gives, and the results that it claims; absent is ``None``."""

    aivss_version: str | None = None
    cvss_base: Decimal | None = None
    cvss_vector: str | None = None
    threat_multiplier: Decimal | None = None
    mitigation_factor: Decimal | None = None
    claimed_factor_sum: Decimal | None = None
    claimed_aars: Decimal | None = None
    claimed_aivss: Decimal | None = None
    claimed_severity: str | None = None


@dataclass(frozen=True, slots=True)
class ThreatClaim:
    """A threat that a document says the agent faces or does not face."""

    threat: str
    origin: Literal["stated", "declared"]
    layer: str | None
    certainty: Certainty | None
    polarity: Polarity
    quote: str | None
    line: int
    susceptibility: Decimal | None = None
    """Declared probability that hostile input realises the threat here, instead of one worked out from scores."""


@dataclass(frozen=True, slots=True)
class ParsedAssessment:
    """One document about one agent, as read; ids are full and known to the catalogue."""

    kind: Literal["page", "assessment"]
    form: Literal["full", "table", "html"] | None
    series: str
    subject: str
    """The agent's id."""
    name: str | None
    title: str | None
    url: str | None
    as_of: str | None
    line: int
    """Where the document starts in its file."""
    cut: bool
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    """Snake-case factor name (``autonomy_of_action`` …) to score 0–1; a factor that is absent is unknown."""
    figures: Figures = Figures()
    layers: Mapping[str, Certainty] = field(default_factory=dict)
    threats: tuple[ThreatClaim, ...] = ()
    capabilities: Mapping[str, Decimal | None] = field(default_factory=dict)
    """Full capability id (``cap:…``) to degree, ``None`` where the document gives none."""
    implements: Mapping[str, Decimal | None] = field(default_factory=dict)
    """Full mitigation id to coverage, ``None`` where the document gives none."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An agent of a system, as the system's document describes it."""

    id: str
    """In full: ``<system>/<id>``."""
    declared: bool
    """Whether this document declares the agent; ``False`` where it takes in one of another system."""
    line: int
    name: str | None = None
    based_on: str | None = None
    """Id of the product that it is made with."""
    role: str | None = None
    entries: tuple[str, ...] | None = None
    """What of strangers reaches it; ``None`` where the document does not say."""
    criticality: Decimal | None = None
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    capabilities: Mapping[str, Decimal | None] = field(default_factory=dict)
    implements: Mapping[str, Decimal | None] = field(default_factory=dict)
    threats: tuple[ThreatClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """That ``truster`` acts on what ``trusted`` sends over one class; ids are full."""

    truster: str
    trusted: str
    channel: str
    flow: Literal["forward", "backward"]
    over: str
    strength: Decimal
    strength_source: str
    """``document``, or the preset with its citation."""
    protocol: str | None
    authenticated: bool | None
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """That ``agent`` (a full id) reads, writes or calls a resource."""

    agent: str
    resource: str
    """``<kind>:<id>``."""
    access: Literal["read", "write", "call"]
    strength: Decimal | None
    line: int


@dataclass(frozen=True, slots=True)
class ParsedSystem:
    """One document about one system, as read."""

    series: str
    subject: str
    """The system's id."""
    name: str | None
    title: str | None
    url: str | None
    as_of: str | None
    line: int
    infer: bool
    members: tuple[Member, ...]
    trusts: tuple[Trust, ...] = ()
    uses: tuple[Use, ...] = ()
    kind: Literal["system"] = "system"
    remarks: tuple[str, ...] = ()
