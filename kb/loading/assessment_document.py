"""The shape of ``kind: assessment``, as pydantic models; imported late, where such a document is read or its schema asked for.

What a model cannot know (the line, what stands twice) is checked in :mod:`kb.loading.documents`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from kb.loading.document_parts import (
    Amount,
    CapabilityPart,
    DocumentId,
    ImplementedPart,
    LayerId,
    OutOfTen,
    Part,
    ScoresPart,
    SourcePart,
    ThreatId,
    or_id,
)


def _version(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


class AgentPart(Part):
    """The product that the document is about."""

    id: DocumentId
    """Small letters and digits, joined by `.`, `_` or `-`; documents with one id speak of one agent."""
    name: Annotated[str | None, Field(min_length=1)] = None
    """The name that people use."""


class ClaimedPart(Part):
    """Results as the source prints them; they are checked against recomputation."""

    factor_sum: Amount = None
    aars: Amount = None
    aivss: OutOfTen = None
    severity: Literal["None", "Low", "Medium", "High", "Critical"] | None = None


class AivssPart(Part):
    """The inputs of an AIVSS score beside the factors, and the results that the source claims."""

    version: Annotated[
        Literal["0.8", "0.5"] | None, BeforeValidator(_version), WithJsonSchema({"enum": ["0.8", "0.5", 0.8, 0.5, None]})
    ] = None
    """Version of the formula; 0.8 where absent."""
    cvss_base: OutOfTen = None
    """CVSS v4.0 base score; without it, or a vector, there is no AIVSS score."""
    cvss_vector: str | None = None
    """CVSS v4.0 vector; has to agree with `cvss_base` where both are given."""
    threat_multiplier: Amount = None
    mitigation_factor: Amount = None
    claimed: ClaimedPart | None = None


class LayerPart(Part):
    """A MAESTRO layer that the assessment speaks of."""

    id: LayerId
    """`L1` to `L7`, or `XL`."""
    certainty: Literal["mapped", "uncertain"] = "mapped"
    """`uncertain` where the source does not commit itself."""


class ThreatPart(Part):
    """A threat that the agent faces, or does not face."""

    threat: ThreatId
    """Id in the catalogue: `owasp:T2` or `T2`, `llm2025:LLM01`, `atlas:AML.T0051` …"""
    layer: LayerId | None = None
    certainty: Literal["mapped", "uncertain"] | None = None
    polarity: Literal["stated", "mitigated", "denied"] = "stated"
    """`mitigated` where a control in place counters it, `denied` where it does not apply."""
    quote: Annotated[str | None, Field(min_length=1)] = None
    """The words of the source that say so; with them the threat counts as stated, without as declared."""


class AssessmentDocument(Part):
    """A threat assessment of one agent."""

    kind: Literal["assessment"]
    agent: AgentPart
    source: SourcePart | None = None
    scores: ScoresPart | None = None
    aivss: AivssPart | None = None
    layers: tuple[LayerPart, ...] | None = None
    threats: tuple[ThreatPart, ...] | None = None
    implements: tuple[Annotated[ImplementedPart, or_id("mitigation")], ...] | None = None
    capabilities: tuple[Annotated[CapabilityPart, or_id("capability")], ...] | None = None


PARTS: Mapping[tuple[str, ...], type[BaseModel]] = {
    (): AssessmentDocument,
    ("agent",): AgentPart,
    ("source",): SourcePart,
    ("scores",): ScoresPart,
    ("aivss",): AivssPart,
    ("aivss", "claimed"): ClaimedPart,
    ("layers",): LayerPart,
    ("threats",): ThreatPart,
    ("implements",): ImplementedPart,
    ("capabilities",): CapabilityPart,
}
"""The model of each mapping of a document by the keys that lead to it, list positions left out."""
