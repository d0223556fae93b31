"""The shape of ``kind: system``, as pydantic models; imported late, where such a document is read or its schema asked for.

What a model cannot know (the line, whether an agent is listed, what stands twice) is checked in
:mod:`kb.loading.system_reader`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StrictBool, WithJsonSchema

from kb.catalog import catalog
from kb.loading.catalog_ids import nearest
from kb.loading.document_parts import (
    CapabilityPart,
    DocumentId,
    Factor,
    ImplementedPart,
    LayerId,
    Part,
    ScoresPart,
    SourcePart,
    ThreatId,
    or_id,
)
from kb.loading.yaml_source import shown
from kb.model.ids import DOCUMENT_ID, slugify

ENTRIES = tuple(row["entry"] for row in catalog().cascade["entries"])
"""What of strangers may reach an agent."""

CHANNELS = tuple(row["channel"] for row in catalog().cascade["channels"] if row["forward"])
"""How one agent may be wired to another; the other channels of the catalogue go through a resource."""

_MEMBER = f"({DOCUMENT_ID.pattern}/)?{DOCUMENT_ID.pattern}"
_STRANGERS_INPUT = ("text", "content")
"""What ``entry: true`` stands for."""


def _member_id(text: str) -> str:
    """An id of this document, or that of another system's agent in full."""
    parts = text.split("/")
    if len(parts) > 2 or not all(DOCUMENT_ID.fullmatch(part) for part in parts):
        expected = "expected small letters and digits joined by . _ or -, or another system's agent as 'system/agent'"
        raise ValueError(f"is {shown(text)}, {expected}, e.g. {slugify(parts[-1])[:60]!r}")
    return text


def _product_id(text: str) -> str:
    if "/" in text:
        raise ValueError(f"is {shown(text)}, a deployed agent; an agent is based on a product, in one step")
    return text


def _channel(text: str) -> str:
    if text in CHANNELS:
        return text
    if any(row["channel"] == text for row in catalog().cascade["channels"]):
        raise ValueError(f"is {shown(text)}, which goes through a resource; list its readers and writers under resources")
    raise ValueError(f"is {shown(text)}, no channel; {_remedy(text, CHANNELS)}")


def _remedy(text: str, words: tuple[str, ...]) -> str:
    near = nearest(text.lower(), words)
    return f"did you mean {near!r}?" if near else f"expected one of {', '.join(words)}"


def _entries(value: object) -> object:
    """The list that ``value`` stands for, each kind once, in the order of the catalogue."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _STRANGERS_INPUT if value else ()
    if not isinstance(value, list):
        raise ValueError(f"is {shown(value)}, expected true, false or a list of {', '.join(ENTRIES)}")
    for entry in value:
        if entry not in ENTRIES:
            raise ValueError(f"names {shown(entry)}; {_remedy(str(entry), ENTRIES)}")
    return tuple(entry for entry in ENTRIES if entry in value)


_MemberId = Annotated[str, AfterValidator(_member_id), Field(json_schema_extra={"pattern": f"^{_MEMBER}$"})]
_Listed = Annotated[str, Field(min_length=1)]
"""An agent that stands under ``agents``, written as it stands there."""


class FacedPart(Part):
    """A threat that the deployed agent faces, or does not face."""

    threat: ThreatId
    """Id in the catalogue: `owasp:T2` or `T2`, `llm2025:LLM01`, `atlas:AML.T0051` …"""
    layer: LayerId | None = None
    polarity: Literal["stated", "mitigated", "denied"] = "stated"
    """`mitigated` where a control in place counters it; `denied` where it does not apply, though the product may face it."""
    susceptibility: Factor = None
    """Probability that hostile input realises the threat here; worked out from scores where absent."""
    reason: Annotated[str | None, Field(min_length=1)] = None
    """Why, in words."""


class MemberPart(Part):
    """An agent that the system deploys, or one of another system that it takes in."""

    id: _MemberId
    """Small letters and digits, joined by `.`, `_` or `-`; `system/agent` takes in an agent that another system deploys."""
    name: Annotated[str | None, Field(min_length=1)] = None
    """The name that people use."""
    based_on: Annotated[Annotated[str, AfterValidator(_product_id)] | None, Field(json_schema_extra={"pattern": "^[^/]+$"})] = (
        None
    )
    """Id of the product that it is made with: what is assessed of that holds here too, but for what is said here."""
    role: Annotated[str | None, Field(min_length=1)] = None
    """What it does in the system."""
    entry: Annotated[
        tuple[str, ...] | None,
        BeforeValidator(_entries),
        WithJsonSchema({"anyOf": [{"type": ["boolean", "null"]}, {"type": "array", "items": {"enum": list(ENTRIES)}}]}),
    ] = None
    """What of strangers reaches it; `true` is `[text, content]`."""
    criticality: Factor = None
    """What its loss costs, 0 to 1."""
    scores: ScoresPart | None = None
    """AIVSS factors of this deployment; each replaces that of the product."""
    capabilities: tuple[Annotated[CapabilityPart, or_id("capability")], ...] | None = None
    """With `score: 0` the agent cannot: `{capability: cap:language-model, score: 0}` is a server without a model."""
    implements: tuple[Annotated[ImplementedPart, or_id("mitigation")], ...] | None = None
    faces: tuple[FacedPart, ...] | None = None


class IntegrationPart(Part):
    """Who calls whom: `from` calls, hands over to, or sends to `to`."""

    from_: Annotated[_Listed, Field(alias="from")]
    to: _Listed
    channel: Annotated[str, AfterValidator(_channel), Field(json_schema_extra={"enum": list(CHANNELS)})]
    protocol: Annotated[str | None, Field(min_length=1)] = None
    """`a2a`, `mcp`, `http` …"""
    authenticated: StrictBool | None = None
    """Whether who is trusted proves who it is."""
    forward: Factor = None
    """Probability that `to` acts on what a compromised `from` sends; absent: the channel's preset; 0: never."""
    backward: Factor = None
    """The same for `from` and what comes back from `to`."""


class ResourcePart(Part):
    """What agents share."""

    id: DocumentId
    kind: Literal["tool", "mcp", "memory", "data", "model"]
    readers: tuple[_Listed, ...] | None = None
    """Agents that act on what it holds."""
    writers: tuple[_Listed, ...] | None = None
    """Agents that put something into it."""
    callers: tuple[_Listed, ...] | None = None
    """Agents that call it, which is writing and reading at once."""
    strength: Factor = None
    """Probability that a reader or caller acts on what a compromised writer left in it; absent: the preset."""


class SystemDocument(Part):
    """A system of agents: which, made with what, and how they are wired."""

    kind: Literal["system"]
    id: DocumentId
    """Small letters and digits, joined by `.`, `_` or `-`; documents with one id speak of one system."""
    name: Annotated[str | None, Field(min_length=1)] = None
    source: SourcePart | None = None
    infer: StrictBool = True
    """With `false`, agents inherit nothing from their products and nothing is inferred for them from scores or wiring."""
    agents: tuple[MemberPart, ...]
    integrations: tuple[IntegrationPart, ...] | None = None
    resources: tuple[ResourcePart, ...] | None = None


PARTS: Mapping[tuple[str, ...], type[BaseModel]] = {
    (): SystemDocument,
    ("source",): SourcePart,
    ("agents",): MemberPart,
    ("agents", "scores"): ScoresPart,
    ("agents", "capabilities"): CapabilityPart,
    ("agents", "implements"): ImplementedPart,
    ("agents", "faces"): FacedPart,
    ("integrations",): IntegrationPart,
    ("resources",): ResourcePart,
}
"""The model of each mapping of a document by the keys that lead to it, list positions left out."""
