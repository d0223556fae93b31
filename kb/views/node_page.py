"""``kb show`` for reading, of everything that is no agent: what it is, and its neighbours in lists."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kb.views.page import columns, counted, natural, quiet, section
from kb.views.style import CERTAINTY, CERTAINTY_MARK, HEADING, QUIET
from kb.views.table import drawn
from kb.views.terminal import Terminal, neutral
from kb.views.words import plain, short_hash

Row = Mapping[str, Any]
Numbers = Mapping[str, int]
"""Source to the number by which the page refers to it."""

TITLES = {
    "agents": "Agents",
    "ruled_out_by": "Ruled out by",
    "layers": "Layers",
    "maps_to": "Maps to",
    "mapped_from": "Mapped from",
    "mitigations": "Mitigations",
    "capabilities": "Capabilities",
    "leads_to": "Leads to",
    "led_to_by": "Led to by",
    "counters": "Counters",
    "threats": "Threats",
    "members": "Members",
    "assessments": "Documents",
    "subjects": "About",
    "supersedes": "Supersedes",
    "superseded_by": "Superseded by",
}
"""The lists of a profile, in the order of the page."""

_HEAD = ("id", "kind", "name", "summary", "sources", "complete", "truncated_by", "assumptions", "base", "schema_version")


def node_page(profile: Row, terminal: Terminal) -> str:
    """The page of the profile of a threat, mitigation, layer, capability, resource, system or assessment.

    Sources are named once, at the end, and referred to by number.
    """
    lists = {key: sorted(profile[key], key=lambda row: natural(row["id"])) for key in TITLES if profile.get(key)}
    named = [*_sources_of(profile), *(source for rows in lists.values() for row in rows for source in _sources_of(row))]
    numbers = {source: number for number, source in enumerate(dict.fromkeys(named), 1)}
    notes = section("Sources", *([columns((f"[{number}]", source) for source, number in numbers.items())] if numbers else []))
    return drawn(
        terminal, _head(profile, numbers), *(_list(profile["kind"], key, rows, numbers) for key, rows in lists.items()), notes
    )


def _head(profile: Row, numbers: Numbers) -> RenderableType:
    name = Text(neutral(plain(profile.get("name") or profile["id"])), style=HEADING.ansi)
    name.append(f"  {profile['id']}, {profile['kind'].lower()}", style=f"not bold {QUIET.ansi}")
    facts = {key: value for key, value in profile.items() if key not in (*_HEAD, *TITLES) and value not in (None, [])}
    lines = [name]
    if profile.get("summary"):
        lines.append(Text.assemble(neutral(profile["summary"]), (_references(profile, numbers), QUIET.ansi)))
    return Group(*lines, Text(), *_facts(facts))


def _facts(facts: Row) -> list[RenderableType]:
    rows = [(name.replace("_", " "), plain(value)) for name, value in facts.items()]
    return [columns([(quiet(name), value) for name, value in rows]), Text()] if rows else []


def _list(kind: str, key: str, rows: Sequence[Row], numbers: Numbers) -> RenderableType:
    if key == "agents" and kind == "Threat":
        return _facing(rows)
    lines = [(short_hash(row["id"]), plain(row["name"]), _facts_of(row, numbers)) for row in rows]
    return section(TITLES[key], columns(lines), note=str(len({row["id"] for row in rows})))


def _facts_of(row: Row, numbers: Numbers) -> Text:
    """What the relation says, without the documents that say it."""
    hidden = ("id", "name", "assessment", "licences", "quotes", "places", "sources")
    facts = [_fact(name, value) for name, value in row.items() if name not in hidden and value is not None and value != []]
    return quiet(f"{', '.join(facts)}{_references(row, numbers)}")


def _fact(name: str, value: Any) -> str:
    """A value that explains itself stands alone, a number or yes and no behind its name."""
    shown = plain(value).replace("_", " ")
    return f"{name.replace('_', ' ')} {shown}" if isinstance(value, bool | int | float) else shown


def _sources_of(row: Row) -> Sequence[str]:
    return row.get("sources") or ()


def _references(row: Row, numbers: Numbers) -> str:
    """The numbers of the sources of ``row``, e.g. `` [1][3]``."""
    marks = "".join(f"[{numbers[source]}]" for source in _sources_of(row))
    return f" {marks}" if marks else ""


def _facing(rows: Sequence[Row]) -> RenderableType:
    """Who faces a threat: one line an agent with the layers and how certain; those that rules infer are only counted."""
    said = [row for row in rows if row["origin"] != "inferred"]
    inferred = {row["id"] for row in rows} - {row["id"] for row in said}
    lines = [
        (agent, plain(group[0]["name"]), _where(group))
        for agent, group in ((agent, list(group)) for agent, group in groupby(said, key=lambda row: row["id"]))
    ]
    parts: list[RenderableType] = [columns(lines)] if lines else []
    parts += [quiet(f"and {counted(len(inferred), 'agent')} by rules alone: {', '.join(sorted(inferred))}")] if inferred else []
    return section("Agents", *parts, note=f"{counted(len(lines), 'agent')} said by documents to face it")


def _where(rows: Sequence[Row]) -> Text:
    """The layers at which one agent faces the threat, each with the mark of its certainty."""
    marks: dict[str, Text] = {}
    for row in sorted(rows, key=lambda row: (str(row["layer"] or ""), row["certainty"] != "mapped")):
        place = row["layer"] or "summary"
        mark = Text(f"{CERTAINTY_MARK[row['certainty']]} {place}".strip(), style=CERTAINTY[row["certainty"]].ansi)
        mark.append(" (mitigated)" if row["polarity"] == "mitigated" else "", style=QUIET.ansi)
        marks.setdefault(place, mark)
    return Text("  ").join(marks.values())
