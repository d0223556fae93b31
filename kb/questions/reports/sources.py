"""The documents and publications that a report rests on."""

from collections.abc import Iterable, Sequence
from typing import Any

from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.model.graph import Node
from kb.questions.profile_parts import jsonable
from kb.questions.reports.agents import Profiles
from kb.questions.reports.scope import Scope

Row = dict[str, Any]

_SAID = ("kind", "form", "subject", "name", "title", "path", "url", "as_of", "parser", "cut", "remarks")


def documents_of(engine: Engine, scope: Scope, profiles: Profiles) -> list[Row]:
    """Every document in force that speaks of the scope, numbered from 1: of systems first, then by subject and id."""
    ids = {row["id"] for profile in profiles.values() for row in profile["assessments"]}
    ids |= {relation.assessment for relation in _wiring(engine, scope) if relation.assessment}
    ordered = sorted(engine.nodes("Assessment", sorted(ids)), key=_order)
    return [
        {"number": number, "id": node.id} | {name: jsonable(node.properties.get(name)) for name in _SAID}
        for number, node in enumerate(ordered, 1)
    ]


def _wiring(engine: Engine, scope: Scope) -> Iterable[Any]:
    systems: Sequence[str] = list(scope.homes)
    about = engine.edges("ABOUT", target=systems) if systems else []
    yield from (relation for relation in about if relation.end_kind == "System")
    yield from engine.expand(sorted(scope.agents), ("MEMBER_OF", "TRUSTS", "USES", "BASED_ON"), "out")


def _order(node: Node) -> tuple[bool, str, str]:
    return node.properties.get("kind") != "system", str(node.properties.get("subject") or ""), node.id


def catalog_of(engine: Engine) -> Row:
    """The version of the base's catalogue, and the publications that ours is made of with their licences.

    ``same`` says whether the two are one; a base keeps the catalogue that it was last written with.
    """
    from kb.catalog.compile.sources import parts

    works = {part.work.name: part.work for part in parts().values()}
    base = engine.base
    version = base.catalog_version if base else ""
    return {
        "version": version,
        "same": version == catalog().version,
        "works": [
            {
                "work": work.name,
                "version": work.version,
                "license": work.license,
                "address": work.address,
                "changed": work.changed,
            }
            for work in works.values()
        ],
    }
