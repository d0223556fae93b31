"""Which FACES relations a question counts, and through which mappings it looks: the defaults that all questions share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from kb.engines.protocol import Engine, Row
from kb.errors import UsageError
from kb.model.graph import Relation
from kb.model.schema import RELATION_KINDS
from kb.questions.naming import resolve
from kb.questions.parameters import Says

ANY = "any"
"""The word that lifts a restriction."""

_FACES = {prop.name: prop.allowed for prop in RELATION_KINDS["FACES"].properties}
ORIGINS = _FACES["origin"]
CERTAINTIES = _FACES["certainty"]
POLARITIES = _FACES["polarity"]
DENIED = "denied"
"""The polarity under which ``threats_of`` lists what a document rules out."""

DEFAULT_ORIGINS = ("stated", "declared")
DEFAULT_CATALOGS = ("owasp", "asi", "llm2025")

CLOSE = ("maps_to_primary", "maps_to_tactic_primary", "renumbered_to", "skos:exactMatch")
"""The predicates of MAPS_TO that a question follows: the same thing, or mostly. All others only where ``loose``."""

SOME = str | Sequence[str] | None

Agent = Annotated[str, Says("The agent, e.g. qwen3-coder.", kinds=("Agent",))]
Threat = Annotated[str | None, Says("Only this threat, and what maps to it in one step: T2, ASI02 …", kinds=("Threat",))]
Layer = Annotated[str | None, Says("Only what is said of this MAESTRO layer.", kinds=("Layer",))]
Origin = Annotated[SOME, Says("Where it is known from; stated and declared by default.", choices=(*ORIGINS, ANY), several=True)]
Certainty = Annotated[SOME, Says("How certainly; any by default.", choices=(*CERTAINTIES, ANY), several=True)]
Polarity = Annotated[
    SOME, Says("Whether a control is said to counter it; both by default.", choices=(*POLARITIES, ANY), several=True)
]
Catalog = Annotated[SOME, Says("Prefix of the threats' ids, or any; owasp, asi and llm2025 by default.", several=True)]
Loose = Annotated[bool, Says("Follow contributing and related mappings too.", type=bool)]
System = Annotated[str | None, Says("Only members of this system, with what they inherit.", kinds=("System",))]


@dataclass(frozen=True, slots=True)
class Facing:
    """The assertions that count. ``None`` stands for any."""

    layer: str | None = None
    origins: tuple[str, ...] = DEFAULT_ORIGINS
    certainties: tuple[str, ...] | None = None
    polarities: tuple[str, ...] = POLARITIES
    catalogs: tuple[str, ...] | None = DEFAULT_CATALOGS
    system: str | None = None

    @classmethod
    def chosen(
        cls,
        engine: Engine,
        *,
        layer: str | None = None,
        origin: SOME = None,
        certainty: SOME = None,
        polarity: SOME = None,
        catalog: SOME = None,
        system: str | None = None,
    ) -> "Facing":
        """What the user's words choose; raises :class:`~kb.errors.UsageError` for a word outside its list."""
        return cls(
            layer=layer and resolve(engine, layer, ("Layer",))[1],
            origins=words("origin", origin, ORIGINS) or (ORIGINS if origin else DEFAULT_ORIGINS),
            certainties=words("certainty", certainty, CERTAINTIES),
            polarities=words("polarity", polarity, POLARITIES) or POLARITIES,
            catalogs=_catalogs(engine, catalog) if catalog else DEFAULT_CATALOGS,
            system=system and resolve(engine, system, ("System",))[1],
        )

    def params(self, *without: str) -> dict[str, Any]:
        """The parameters of a look-up, but for those that it does not have."""
        params = {
            "layer": self.layer,
            "origins": self.origins,
            "certainties": self.certainties,
            "polarities": self.polarities,
            "catalogs": self.catalogs,
            "system": self.system,
        }
        return {name: value for name, value in params.items() if name not in without}

    def shown(self) -> dict[str, Any]:
        """The parameters as a user would type them to get the same answer."""
        return {
            "layer": self.layer,
            "origin": list(self.origins),
            "certainty": list(self.certainties or (ANY,)),
            "polarity": list(self.polarities),
            "catalog": list(self.catalogs or (ANY,)),
            "system": self.system,
        }

    def counts(self, faces: Relation) -> bool:
        """Whether the FACES relation ``faces`` counts, whatever the catalogue of its threat and whoever has it."""
        said = faces.properties
        return (
            self.layer in (None, said.get("layer"))
            and said.get("origin") in self.origins
            and (self.certainties is None or said.get("certainty") in self.certainties)
            and (said.get("polarity") or "stated") in self.polarities
        )

    def with_inferred(self) -> "Facing":
        """The same with threats of any origin."""
        return replace(self, origins=ORIGINS)

    def within(self, system: str) -> "Facing":
        """The same in ``system`` (a full id)."""
        return replace(self, system=system)

    def beyond_catalogs(self) -> "Facing":
        """The same with threats of any catalogue: for threats that were named one by one."""
        return replace(self, catalogs=None)


def words(name: str, given: SOME, allowed: Sequence[str]) -> tuple[str, ...] | None:
    """The chosen values in the order of ``allowed``; ``None`` where nothing or ``any`` was given."""
    chosen = (given,) if isinstance(given, str) else tuple(given or ())
    for word in chosen:
        if word not in (*allowed, ANY):
            raise UsageError(f"{name} is {word!r}, expected {', '.join(allowed)} or {ANY}")
    return None if not chosen or ANY in chosen else tuple(word for word in allowed if word in chosen)


def _catalogs(engine: Engine, given: SOME) -> tuple[str, ...] | None:
    others = {str(node.properties["catalog"]) for node in engine.nodes("Threat")} - set(DEFAULT_CATALOGS)
    return words("catalog", given, (*DEFAULT_CATALOGS, *sorted(others)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The threats that are asked for: one that was named, and those that it maps to."""

    threats: tuple[str, ...]
    mappings: Mapping[str, tuple[Row, ...]]
    """Threat reached through mappings to the mappings, as ``via`` shows them."""

    @classmethod
    def named(cls, engine: Engine, threat: str, facing: Facing, loose: bool) -> "Wanted":
        """``threat`` (a full id), whatever its catalogue, and what maps to or from it in one step within the catalogues."""
        mappings: dict[str, tuple[Row, ...]] = {}
        for row in engine.ask("crosswalk", {"threat": threat, "predicates": None if loose else CLOSE}):
            other = row["to"] if row["direction"] == "out" else row["from"]
            if other != threat and (facing.catalogs is None or other.partition(":")[0] in facing.catalogs):
                mappings[other] = (*mappings.get(other, ()), _mapping(row))
        return cls((threat, *sorted(mappings)), mappings)


def _mapping(row: Row) -> Row:
    shown = {name: row[name] for name in ("from", "to", "predicate", "status", "sources")}
    return {"relation": "MAPS_TO", **shown}


def with_via(row: Row, mappings: Iterable[Row] = ()) -> Row:
    """``row`` without ``inherited``, and with ``via`` where it was reached over mappings or inherited from products."""
    inherited = [base.partition(" BASED_ON ") for base in row.get("inherited", ())]
    via = [*mappings, *({"relation": "BASED_ON", "from": agent, "to": product} for agent, _, product in inherited)]
    plain = {name: value for name, value in row.items() if name != "inherited"}
    return {**plain, "via": via} if via else plain


def inferred_left_out(counted: int, with_inferred: int) -> list[str]:
    """The remark that says how many more (agent, threat) pairs there are with inferred ones; none where there are none."""
    more = with_inferred - counted
    return [f"+{more} inferred, --origin any"] if more > 0 else []


def inheritance(system: str | None) -> list[str]:
    """The assumption that answers about a system rest on."""
    return ["a member has what its product has (BASED_ON, one step) but for what it rules out itself"] if system else []
