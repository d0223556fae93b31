"""The shape of ``kind: assessment``, as pydantic models; imported late, where such a document is read or its schema asked for.

What a model cannot know (the line, what stands twice) is checked in :mod:`kb.loading.documents`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from kb.loading.catalog_ids import readings
from kb.loading.yaml_source import shown
from kb.model.ids import DOCUMENT_ID, slugify

_DOCUMENT_ID = f"^{DOCUMENT_ID.pattern}$"
_AS_OF = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


def _within(low: int, high: int | None = None) -> Callable[[object], Decimal | None]:
    """A check that gives a number from ``low`` to ``high`` as a decimal; refuses text even where it looks like one."""
    expected = f"expected a number, {low} to {high}" if high is not None else f"expected a number, {low} or more"

    def check(value: object) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValueError(f"is {shown(value)}, {expected}")
        if value < low or (high is not None and value > high):
            raise ValueError(f"is {shown(value)}, {expected}")
        return Decimal(value).copy_abs()  # -0 is 0

    return check


def _readable(node_kind: str) -> Callable[[str], str]:
    """A check that gives the full id of the node of ``node_kind`` that a text names, in full or in a short form."""

    def check(text: str) -> str:
        known = readings(node_kind, text)
        if len(known) != 1:
            raise PydanticCustomError("catalog_id", "no one reading", {"node_kind": node_kind, "text": text})
        return known[0]

    return check


def _concrete(text: str) -> str:
    if text.startswith("aivss:"):
        raise ValueError(f"is {shown(text)}, an AIVSS factor; write it under scores")
    return text


def _agent_id(text: str) -> str:
    if not DOCUMENT_ID.fullmatch(text):
        raise ValueError(f"is {shown(text)}, expected small letters and digits joined by . _ or -, e.g. {slugify(text)[:60]!r}")
    return text


def _day(text: object) -> object:
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        return text
    try:
        if len(text) not in (4, 7, 10) or not text.isascii():
            raise ValueError
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        raise ValueError(f"is {shown(text)}, expected a day as 2026-11-20, or 2026-11, or 2026") from None
    return text


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or any(char.isspace() for char in text):
        raise ValueError(f"is {shown(text)}, expected an address that begins with https:// or http://")
    return text


def _version(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


Factor = Annotated[
    Decimal | None, BeforeValidator(_within(0, 1)), WithJsonSchema({"type": ["number", "null"], "minimum": 0, "maximum": 1})
]
OutOfTen = Annotated[
    Decimal | None, BeforeValidator(_within(0, 10)), WithJsonSchema({"type": ["number", "null"], "minimum": 0, "maximum": 10})
]
Amount = Annotated[Decimal | None, BeforeValidator(_within(0)), WithJsonSchema({"type": ["number", "null"], "minimum": 0})]

LayerId = Annotated[str, AfterValidator(_readable("Layer"))]
ThreatId = Annotated[str, AfterValidator(_readable("Threat"))]
MitigationId = Annotated[str, AfterValidator(_readable("Mitigation"))]
ConcreteCapabilityId = Annotated[str, AfterValidator(_readable("Capability")), AfterValidator(_concrete)]


class _Part(BaseModel):
    """A mapping of a document: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class _PartOrId(_Part):
    """A mapping that may be written as its id alone."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Either text or the mapping."""
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(core_schema))]}


class AgentPart(_Part):
    """The product that the document is about."""

    id: Annotated[str, AfterValidator(_agent_id), Field(json_schema_extra={"pattern": _DOCUMENT_ID})]
    """Small letters and digits, joined by `.`, `_` or `-`; documents with one id speak of one agent."""
    name: Annotated[str | None, Field(min_length=1)] = None
    """The name that people use."""


class SourcePart(_Part):
    """Where the assessment comes from."""

    url: Annotated[Annotated[str, AfterValidator(_address)] | None, Field(json_schema_extra={"pattern": "^https?://"})] = None
    """Public address."""
    title: str | None = None
    as_of: Annotated[
        str | None, BeforeValidator(_day), WithJsonSchema({"type": ["string", "integer", "null"], "pattern": _AS_OF})
    ] = None
    """The day that the assessment speaks for: `2026-11-20`, `2026-11` or `2026`."""


class ScoresPart(_Part):
    """AIVSS factors, each 0–1; a factor that is absent or null is unknown, not 0."""

    autonomy_of_action: Factor = None
    """Acts without a human command or co-sign."""
    goal_driven_planning: Factor = None
    """Breaks goals into plans of several steps (v0.5 only)."""
    self_modification: Factor = None
    """Changes its own code, prompts, tools or goals."""
    dynamic_tool_use: Factor = None
    """Breadth and privilege of its tools."""
    persistent_memory: Factor = None
    """Keeps state across turns or sessions."""
    contextual_awareness: Factor = None
    """Data from its surroundings steers decisions."""
    dynamic_identity: Factor = None
    """Switches roles or permissions at run time."""
    multi_agent_interactions: Factor = None
    """Works with or depends on other agents."""
    non_determinism: Factor = None
    """Same input, varying action."""
    opacity_reflexivity: Factor = None
    """Its reasoning cannot be inspected or audited."""
    natural_language_interface: Factor = None
    """Natural language drives its control logic (v0.8 only)."""


class ClaimedPart(_Part):
    """Results as the source prints them; they are checked against recomputation."""

    factor_sum: Amount = None
    aars: Amount = None
    aivss: OutOfTen = None
    severity: Literal["None", "Low", "Medium", "High", "Critical"] | None = None


class AivssPart(_Part):
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


class LayerPart(_Part):
    """A MAESTRO layer that the assessment speaks of."""

    id: LayerId
    """`L1` to `L7`, or `XL`."""
    certainty: Literal["mapped", "uncertain"] = "mapped"
    """`uncertain` where the source does not commit itself."""


class ThreatPart(_Part):
    """A threat that the agent faces, or does not face."""

    threat: ThreatId
    """Id in the catalogue: `owasp:T2` or `T2`, `llm2025:LLM01`, `atlas:AML.T0051` …"""
    layer: LayerId | None = None
    certainty: Literal["mapped", "uncertain"] | None = None
    polarity: Literal["stated", "mitigated", "denied"] = "stated"
    """`mitigated` where a control in place counters it, `denied` where it does not apply."""
    quote: Annotated[str | None, Field(min_length=1)] = None
    """The words of the source that say so; with them the threat counts as stated, without as declared."""


class ImplementedPart(_PartOrId):
    """A control that is in place."""

    mitigation: MitigationId
    """Id in the catalogue: `owasp:P1.1`, `aidefend:AID-H-002` …"""
    coverage: Factor = None
    """Share of the agent that it covers."""


class CapabilityPart(_PartOrId):
    """Something concrete that the agent can do."""

    capability: ConcreteCapabilityId
    """Id in the catalogue that begins with `cap:`; AIVSS factors stand under `scores`."""
    score: Factor = None
    """To which degree."""


def _or_id(key: str) -> BeforeValidator:
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class AssessmentDocument(_Part):
    """A threat assessment of one agent."""

    kind: Literal["assessment"]
    agent: AgentPart
    source: SourcePart | None = None
    scores: ScoresPart | None = None
    aivss: AivssPart | None = None
    layers: tuple[LayerPart, ...] | None = None
    threats: tuple[ThreatPart, ...] | None = None
    implements: tuple[Annotated[ImplementedPart, _or_id("mitigation")], ...] | None = None
    capabilities: tuple[Annotated[CapabilityPart, _or_id("capability")], ...] | None = None


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


class PublishedSchema(GenerateJsonSchema):
    """The schema without a title for every key, which would only say the key again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False
