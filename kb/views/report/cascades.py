"""The parts of the report that follow compromise: who falls, along which chains, what they have to pass, what helps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kb.views.report.blocks import (
    Block,
    Bullets,
    Card,
    Code,
    Column,
    Drawing,
    Paragraph,
    Piece,
    Quiet,
    Section,
    Share,
    Strong,
    Table,
    Words,
)
from kb.views.report.words import agent_words, how_many, interval, method, probability, short_name

Row = Mapping[str, Any]
Names = Mapping[str, str]

_READING = (
    "A probability is the share of all ways the draws of the model can fall out. The expected loss of an agent is its "
    "probability of falling times its criticality; that of a system is the sum over its agents, the blast radius of an agent "
    "the sum over all others if it falls to everything that it faces. Chains run as compromise does: what stands left falls "
    "first."
)


def cascade_section(report: Row, pictures: Mapping[str, Drawing]) -> Section:
    """Who falls next, along which chains, with what arithmetic; ``pictures`` by system."""
    blocks: list[Block] = [Paragraph([_READING])] if report["systems"] else []
    if report["not_followed"]:
        blocks += [
            Paragraph(
                ["No cascade is followed from these products: others trust agents that are deployed, and these are none."]
            ),
            Bullets([_unfollowed(row) for row in report["not_followed"]]),
        ]
    return by_system("cascades", "Who falls next", report, blocks, lambda part, names: _cascades(part, names, pictures))


def _unfollowed(row: Row) -> Words:
    words = [*agent_words(row["agent"], {row["agent"]: row["name"]} if row["name"] else {})]
    deployed: list[Piece] = []
    for agent in row["deployed_as"]:
        deployed += [", " if deployed else ": deployed as ", Code(agent)]
    return [*words, *deployed] if deployed else [*words, ": no system that is loaded deploys it"]


def by_system(
    name: str, title: str, report: Row, blocks: Sequence[Block], part_of: Callable[[Row, Names], Sequence[Block]]
) -> Section:
    """One section with what ``part_of`` gives of the only system, or with a section for each."""
    parts = report["systems"]
    if len(parts) == 1:
        return Section(name, title, [*blocks, *part_of(parts[0], report["names"])])
    sections = [
        Section(f"{name}-{number}", f"In {part['name'] or part['system']}", part_of(part, report["names"]))
        for number, part in enumerate(parts, 1)
    ]
    nothing = [] if blocks or sections else [Paragraph(["None of the agents is deployed in a system that is loaded."])]
    return Section(name, title, [*blocks, *nothing], sections)


def _cascades(part: Row, names: Names, pictures: Mapping[str, Drawing]) -> list[Block]:
    picture = pictures.get(part["system"])
    blocks: list[Block] = [*([picture] if picture else []), _ranking(part, names)]
    outside = part["from_outside"]
    if outside is None:
        blocks.append(Paragraph(["Strangers reach none of these agents, as far as documents say who listens to them."], "note"))
    else:
        head = f"If strangers write: the {how_many(len(outside['chains']), 'chain')} that cost most"
        blocks.append(Card([head], _falls(outside, names)))
    for one in part["from_agents"]:
        fallen: Words = [
            f"If {short_name(one['agent'], names)} falls ",
            Code(one["agent"]),
            f": blast radius {one['blast_radius']['value']:.4g}",
        ]
        blocks.append(Card(fallen, _falls(one, names)))
    return blocks


def _ranking(part: Row, names: Names) -> Block:
    columns = [
        Column("Agent"),
        Column("Falls to strangers", figures=True),
        Column(""),
        Column("95 %"),
        Column("Is harmed", figures=True),
    ]
    columns += [
        Column("Criticality", figures=True),
        Column("Expected loss", figures=True),
        Column("Blast radius", figures=True),
    ]
    rows = sorted(part["ranking"]["rows"], key=lambda row: (-(row["loss"] or 0.0), row["agent"]))
    return Table(
        columns,
        [
            [
                agent_words(row["agent"], names),
                [probability(row["exposure"])],
                [Share(row["exposure"])] if row["exposure"] is not None else [],
                [interval(row["exposure_low"], row["exposure_high"])],
                [probability(row["harmed"])],
                [f"{row['criticality']:g}" if row["criticality"] is not None else "1, assumed"],
                [_loss(row["loss"])],
                [_loss(row["blast_radius"])],
            ]
            for row in rows
        ],
        [*_from(part), "By expected loss, then id."],
    )


def _from(part: Row) -> Words:
    """Where the columns of the ranking come from."""
    ranking, outside = part["ranking"], part["from_outside"]
    strangers: Words = ["Falls to strangers from ", Code(outside["command"]), f": {method(outside)}. "] if outside else []
    how = f": {method(ranking)}; of those followed below from their own cascades" if ranking["method"] else ""
    return [*strangers, "Blast radius from ", Code(ranking["command"]), f"{how}. "]


def _loss(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"


def _falls(cascade: Row, names: Names) -> list[Block]:
    blocks: list[Block] = [_chain(chain, names) for chain in cascade["chains"]]
    more = cascade["reached"] - len(cascade["chains"])
    rest = f" {how_many(more, 'more agent')} can fall." if more else ""
    words: Words = ["From ", Code(cascade["command"]), f": {method(cascade)}.{rest}"]
    return [*blocks, Paragraph(words)]


def _chain(row: Row, names: Names) -> Card:
    """The likeliest chain to one agent: the way, the steps with their factors and where these come from, the product."""
    way: list[Piece] = []
    for number, step in enumerate(row["chain"]):
        if number == 0 or step["channel"]:
            way += [" ⇒ "] if way else []
            way.append(short_name(step["agent"], names))
    falls = f"{short_name(row['agent'], names)} falls in all with {row['probability']:.4f} "
    falls += f"({interval(row['low'], row['high'])}), is harmed with {row['harmed']:.4f}"
    steps = [
        [_where(step, names), _over(step), _factors(row, number), _source(row, step, number)]
        for number, step in enumerate(row["chain"])
    ]
    product = " × ".join(f"{factor['value']:.4g}" for factor in row["factors"])
    further = f" Beside it: {how_many(row['further_ways'], 'further way')} in." if row["further_ways"] else ""
    layers = f", through layers {' > '.join(row['layers'])}" if row["layers"] else ""
    columns = [Column("Who falls, to what"), Column("Over"), Column("Factors"), Column("Where from")]
    arithmetic: Words = [f"This chain alone: {product} = ", Strong(f"{row['chain_probability']:.4g}"), f"{layers}.{further}"]
    return Card(way, [Paragraph([falls]), Table(columns, steps[1:], look="chain"), Paragraph(arithmetic)], "chain")


def _where(step: Row, names: Names) -> Words:
    threat: Words = [" to ", Code(step["threat"])] if step["threat"] else [" hands it on"]
    return [short_name(step["agent"], names), *threat]


def _over(step: Row) -> Words:
    if not step["channel"]:
        return ["inside the agent"]
    through: Words = [" through ", Code(step["through"])] if step["through"] else []
    return [f"{step['channel']} ({step['over']})", *through]


def _factors(row: Row, number: int) -> Words:
    words = [
        f"{factor['of']} fails {factor['value']:.4g}"
        if factor["factor"] == "fails"
        else f"{factor['factor']} {factor['value']:.4g}"
        for factor in row["factors"]
        if factor["step"] == number
    ]
    return [" × ".join(words) or "1: certain, or counted above"]


def _source(row: Row, step: Row, number: int) -> Words:
    said = [step["source"]] if step["source"] else []
    said += [
        f"{factor['of']} holds by tactic: {factor['source']}"
        for factor in row["factors"]
        if factor["step"] == number and factor["source"]
    ]
    places: list[Piece] = []
    for place in step["places"]:
        places += ["; " if said or places else "", Code(place)]
    return [Quiet("; ".join(said)), *places]
