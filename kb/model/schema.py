"""The kinds of nodes and relations, said once.

Database tables and constraints, ``docs/schema.md``, the loader's checks, the test generators and the legends of pictures
derive from :data:`NODE_KINDS` and :data:`RELATION_KINDS`; nothing restates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

SCHEMA_VERSION = 1
"""Rises with every change of this table that a stored base has to follow."""

PropertyType = Literal["string", "integer", "float", "boolean", "strings"]

Value = str | int | float | bool | tuple[str, ...] | None
"""A property's value; ``None`` says that it is unknown or absent, never zero or "no"."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or relation kind."""

    name: str
    type: PropertyType
    meaning: str
    allowed: tuple[str, ...] = ()
    """The closed list of values; empty where any value of the type is legal."""
    low: float | None = None
    high: float | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node; ``name`` is its label in Neo4j and its table, in lower case, in SQLite."""

    name: str
    meaning: str
    properties: tuple[Property, ...]
    catalog: bool = False
    """Whether nodes of this kind come from the catalogue rather than from documents."""


@dataclass(frozen=True, slots=True)
class RelationKind:
    """A kind of relation; its ``name`` is its type in Neo4j and its table, in lower case, in SQLite."""

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    meaning: str
    identity: tuple[Property, ...] = ()
    """Identity columns: with kind, ends and assessment they make the ``key``."""
    own: tuple[Property, ...] = ()
    """Properties that do not take part in the identity."""
    catalog: bool = False
    """Whether relations of this kind come from the catalogue rather than from documents."""

    @property
    def properties(self) -> tuple[Property, ...]:
        """Identity columns first, then own properties."""
        return self.identity + self.own


def _s(name: str, meaning: str, *allowed: str, required: bool = False) -> Property:
    return Property(name, "string", meaning, allowed, required=required)


def _f(name: str, meaning: str, low: float | None = None, high: float | None = None) -> Property:
    return Property(name, "float", meaning, low=low, high=high)


def _b(name: str, meaning: str) -> Property:
    return Property(name, "boolean", meaning)


def _l(name: str, meaning: str) -> Property:
    return Property(name, "strings", meaning)


SEVERITIES = ("None", "Low", "Medium", "High", "Critical")
"""The bands of AIVSS, lowest first."""

_STATUS = _s(
    "status", "printed by a source, inferred by us from names and scope, or assumed", "published", "inferred", "assumed"
)
_SOURCES = _l("sources", "the publications that say so")
_LICENCES = _l("licences", "the licence of each source, in the same order")

_FIGURES = (
    _s("aivss_version", "version of the AIVSS formula"),
    _f("cvss_base", "CVSS v4.0 base score", 0, 10),
    _s("cvss_vector", "CVSS v4.0 vector"),
    _f("threat_multiplier", "AIVSS ThM", 0),
    _f("mitigation_factor", "AIVSS Mitigation_Factor", 0),
)

NODE_KINDS: Mapping[str, NodeKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            NodeKind(
                "Agent",
                "a product that was assessed, or an agent that a system deploys",
                (
                    _s("name", "the name that people use"),
                    _s(
                        "form",
                        "product, deployed, or former: only documents that others superseded speak of it",
                        "product",
                        "deployed",
                        "former",
                        required=True,
                    ),
                    *_FIGURES,
                    _f("factor_sum", "sum of the ten AIVSS factors", 0),
                    _f("aars", "AIVSS uplift, recomputed", 0),
                    _f("aivss", "AIVSS score, recomputed; absent where its inputs are", 0, 10),
                    _s("severity", "AIVSS band of the recomputed score", *SEVERITIES),
                    _l("flags", "where the figures depart from the AIVSS version"),
                    _l("conflicts", "figures that the united documents give differently"),
                ),
            ),
            NodeKind(
                "Capability",
                "what an agent can do: an AIVSS factor or a concrete ability",
                (_s("name", "the name that people use"), _s("summary", "one sentence in our own words"), _SOURCES),
                catalog=True,
            ),
            NodeKind(
                "Layer",
                "one of the seven MAESTRO layers, or XL for cross-layer",
                (
                    _s("name", "the name that CSA gives"),
                    Property("order", "integer", "1 to 7 from the model up, 8 for XL"),
                    _s("summary", "one sentence in our own words"),
                    _SOURCES,
                ),
                catalog=True,
            ),
            NodeKind(
                "Threat",
                "a way an agent can be made to do harm, in a named catalogue",
                (
                    _s("name", "the name that the catalogue gives"),
                    _s("catalog", "the prefix of its id", required=True),
                    _s(
                        "form",
                        "what the catalogue calls it: threat, technique, sub-technique, tactic, risk",
                        required=True,
                    ),
                    _s("summary", "one sentence in our own words"),
                    _s("parent", "id of the threat that this one refines"),
                    _SOURCES,
                ),
                catalog=True,
            ),
            NodeKind(
                "Mitigation",
                "a control that weakens a threat",
                (
                    _s("name", "the name that the catalogue gives"),
                    _s("catalog", "the prefix of its id", required=True),
                    _s("form", "technique, sub-technique, strategy, playbook, step, leaf or mitigation", required=True),
                    _s("tactic", "AIDEFEND tactic or OWASP phase"),
                    _l("pillars", "what AIDEFEND applies it to: app, data, infra, model"),
                    _s("parent", "id of the mitigation that this one refines"),
                    _SOURCES,
                ),
                catalog=True,
            ),
            NodeKind(
                "Resource",
                "what agents share: a tool, an MCP server, a memory, data, a model",
                (
                    _s("name", "the name that people use"),
                    _s("form", "tool, mcp, memory, data, model, or former: only superseded documents speak of it"),
                ),
            ),
            NodeKind(
                "System",
                "a named integration of agents",
                (
                    _s("name", "the name that people use"),
                    _b("infer", "whether threats are inferred and inherited in it"),
                ),
            ),
            NodeKind(
                "Assessment",
                "one loaded document",
                (
                    _s("kind", "page, assessment or system", required=True),
                    _s("form", "extraction of a page: full, table or html", "full", "table", "html"),
                    _s("series", "documents of one series supersede each other", required=True),
                    _s("subject", "id of the agent or system that it speaks of", required=True),
                    _s("name", "the subject's name in this document"),
                    _s("title", "title of the document"),
                    _s("url", "public address of the document"),
                    _s("as_of", "day that the document speaks for, ISO 8601"),
                    _s("parser", "name and version of the parser that read it", required=True),
                    _b("in_force", "whether its assertions are in the graph"),
                    _b("cut", "whether the text ends before the page does"),
                    _b("infer", "of a system: whether threats are inferred and inherited in it"),
                    *_FIGURES,
                    _f("claimed_factor_sum", "Factor_Sum as printed"),
                    _f("claimed_aars", "AARS as printed"),
                    _f("claimed_aivss", "AIVSS as printed"),
                    _s("claimed_severity", "severity as printed"),
                    _s(
                        "claims",
                        "whether the printed figures follow from the printed inputs; unchecked where inputs are missing",
                        "hold",
                        "differ",
                        "unchecked",
                    ),
                    _l("claim_faults", "each printed figure that does not follow, with both numbers"),
                    _l("remarks", "what the reader of the document should know about how it was read"),
                    Property("documents", "integer", "how many documents its file holds"),
                    _s("path", "where it was loaded from; no part of what makes bases identical"),
                    _s("loaded_at", "when it was loaded, ISO 8601; no part of what makes bases identical"),
                ),
            ),
        )
    }
)
"""Every node kind by name."""

_QUOTES = (_l("quotes", "the words that say so"), _l("places", "path:line of each quote, in the same order"))
_LAYER = _s("layer", "MAESTRO layer of the statement; absent in a summary")
_CERTAINTY = _s("certainty", "mapped where the text commits itself, else uncertain", "mapped", "uncertain")

RELATION_KINDS: Mapping[str, RelationKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            RelationKind(
                "HAS_CAPABILITY",
                ("Agent",),
                ("Capability",),
                "the agent can do this, to this degree",
                own=(_f("score", "degree", 0, 1),),
            ),
            RelationKind(
                "ASSESSED_AT",
                ("Agent",),
                ("Layer",),
                "the assessment speaks of this layer",
                own=(_CERTAINTY,),
            ),
            RelationKind(
                "FACES",
                ("Agent",),
                ("Threat",),
                "this threat applies here",
                identity=(
                    _s(
                        "origin",
                        "stated: read in a text; declared: a document gives the id; inferred: by the named rule",
                        "stated",
                        "declared",
                        "inferred",
                        required=True,
                    ),
                    _LAYER,
                    _s("rule", "the rule that inferred it"),
                ),
                own=(
                    _CERTAINTY,
                    _s(
                        "polarity",
                        "mitigated where the text says that a control in place counters it",
                        "stated",
                        "mitigated",
                    ),
                    _f("susceptibility", "declared probability that hostile input realises the threat here", 0, 1),
                    *_QUOTES,
                ),
            ),
            RelationKind(
                "RULES_OUT",
                ("Agent",),
                ("Threat",),
                "a document says that this threat does not apply here",
                identity=(_LAYER,),
                own=_QUOTES,
            ),
            RelationKind(
                "IMPLEMENTS",
                ("Agent",),
                ("Mitigation",),
                "the control is in place here",
                own=(_f("coverage", "share of the agent that it covers", 0, 1),),
            ),
            RelationKind(
                "TRUSTS",
                ("Agent",),
                ("Agent",),
                "the first acts on what the second says or writes",
                identity=(
                    _s("channel", "how they are wired", required=True),
                    _s(
                        "flow",
                        "forward: the truster is the integration's `to`; backward: its `from`",
                        "forward",
                        "backward",
                    ),
                    _s("over", "class of what travels: message, content, memory, tool, code, call"),
                ),
                own=(
                    _f("strength", "probability that the truster acts on it", 0, 1),
                    _s("strength_source", "document, or the preset that it was taken from"),
                    _s("protocol", "a2a, mcp …"),
                    _b("authenticated", "whether the trusted agent proves who it is"),
                    _l("places", "path:line of the integration"),
                ),
            ),
            RelationKind(
                "USES",
                ("Agent",),
                ("Resource",),
                "reads, writes or calls it",
                identity=(_s("access", "read, write or call", "read", "write", "call", required=True),),
                own=(
                    _f("strength", "probability that a reader acts on what others left in it; absent: the preset", 0, 1),
                    _l("places", "path:line of the declaration"),
                ),
            ),
            RelationKind("BASED_ON", ("Agent",), ("Agent",), "a deployed agent is made with a product"),
            RelationKind(
                "MEMBER_OF",
                ("Agent",),
                ("System",),
                "the agent is part of the system",
                own=(
                    _s("name", "the agent's name, where the document of its own system gives one"),
                    _s("role", "what it does there"),
                    _b("entry", "whether strangers' input reaches it"),
                    _l("entries", "what of strangers reaches it: text, content, knowledge, tools, packages"),
                    _f("criticality", "what its loss costs", 0, 1),
                ),
            ),
            RelationKind("ABOUT", ("Assessment",), ("Agent", "System"), "the document speaks of it"),
            RelationKind("SUPERSEDES", ("Assessment",), ("Assessment",), "same series, newer"),
            RelationKind(
                "AT_LAYER",
                ("Threat",),
                ("Layer",),
                "the threat acts at this layer",
                identity=(_STATUS,),
                own=(_SOURCES, _LICENCES, _f("confidence", "of an inferred row", 0, 1)),
                catalog=True,
            ),
            RelationKind(
                "EXPLOITS",
                ("Threat",),
                ("Capability",),
                "the threat needs or uses this capability",
                identity=(
                    _s("role", "exploits, exposes or needs", "exploits", "exposes", "needs", required=True),
                    _STATUS,
                ),
                own=(_SOURCES, _LICENCES, _s("condition", "when the row applies, in our own words")),
                catalog=True,
            ),
            RelationKind(
                "LEADS_TO",
                ("Threat",),
                ("Threat",),
                "inside one agent, the first threat opens the way to the second",
                identity=(_STATUS,),
                own=(_SOURCES, _LICENCES, _s("mechanism", "how, in our own words")),
                catalog=True,
            ),
            RelationKind(
                "MAPS_TO",
                ("Threat",),
                ("Threat",),
                "a publication sets the two entries beside each other",
                identity=(_s("predicate", "the word that the publication uses", required=True), _STATUS),
                own=(_SOURCES, _LICENCES, _f("confidence", "as the source gives it", 0, 1)),
                catalog=True,
            ),
            RelationKind(
                "COUNTERS",
                ("Mitigation",),
                ("Threat",),
                "the control weakens the threat",
                identity=(_STATUS,),
                own=(_SOURCES, _LICENCES, _f("effectiveness", "probability that it holds where in place", 0, 1)),
                catalog=True,
            ),
        )
    }
)
"""Every relation kind by name."""
