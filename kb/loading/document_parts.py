"""What the shapes of our documents have in common, as pydantic models and types; imported late, as they are."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

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


def _document_id(text: str) -> str:
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


DocumentId = Annotated[str, AfterValidator(_document_id), Field(json_schema_extra={"pattern": _DOCUMENT_ID})]
"""Small letters and digits, joined by ``.``, ``_`` or ``-``."""

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


class Part(BaseModel):
    """A mapping of a document: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PartOrId(Part):
    """A mapping that may be written as its id alone."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Either text or the mapping."""
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(core_schema))]}


class SourcePart(Part):
    """Where the assessment comes from."""

    url: Annotated[Annotated[str, AfterValidator(_address)] | None, Field(json_schema_extra={"pattern": "^https?://"})] = None
    """Public address."""
    title: str | None = None
    as_of: Annotated[
        str | None, BeforeValidator(_day), WithJsonSchema({"type": ["string", "integer", "null"], "pattern": _AS_OF})
    ] = None
    """The day that the assessment speaks for: `2026-11-20`, `2026-11` or `2026`."""


class ScoresPart(Part):
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


class ImplementedPart(PartOrId):
    """A control that is in place."""

    mitigation: MitigationId
    """Id in the catalogue: `owasp:P1.1`, `aidefend:AID-H-002` …"""
    coverage: Factor = None
    """Share of the agent that it covers."""


class CapabilityPart(PartOrId):
    """Something concrete that the agent can do."""

    capability: ConcreteCapabilityId
    """Id in the catalogue that begins with `cap:`; AIVSS factors stand under `scores`."""
    score: Factor = None
    """To which degree."""


def or_id(key: str) -> BeforeValidator:
    """A check that takes text alone for a mapping of nothing but that ``key``."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class PublishedSchema(GenerateJsonSchema):
    """The schema without a title for every key, which would only say the key again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False
