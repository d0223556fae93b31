"""The interactive page's words: tables that say all the picture shows, and the chains with their arithmetic written out.

They are in the page before any script runs, so they are there without one.
"""

from collections.abc import Iterable, Sequence

from kb.model.schema import SEVERITIES
from kb.questions.pictures.picture import Factor, Link, Picture, PictureChain, Spot
from kb.views.drawings.svg_legend import kind_words
from kb.views.drawings.words import shows_probabilities
from kb.views.map.data import channel_of
from kb.views.markup import Markup, joined, own_direction, tag
from kb.views.style import CERTAINTY_WORD, stroke_of

NAME = 80
"""Characters of a name in a table; the panel has all of it."""
RANKED = 12
"""Agents in the ranking beside the picture; the table has all."""
_NAMED = 4
"""Threats that a cell names before it counts the rest."""
_UNKNOWN = "–"


def figure(value: float | None) -> str:
    """``value`` with four digits that matter; a dash where it is unknown."""
    return _UNKNOWN if value is None else f"{value:.4g}"


def ranking(picture: Picture) -> Markup:
    """The agents of greatest size, with bars; what they share is in the picture, but does not fall."""
    agents = [(index, spot) for index, spot in enumerate(picture.spots) if spot.kind == "Agent" and spot.role != "start"]
    ranked = sorted((pair for pair in agents if pair[1].size is not None), key=lambda pair: -(pair[1].size or 0.0))
    most = 1.0 if shows_probabilities(picture) else max((spot.size or 0.0 for _, spot in ranked), default=0.0)
    return joined(_ranked(index, spot, most) for index, spot in ranked[:RANKED])


def chains(picture: Picture) -> Markup:
    """Every chain as an item of a list: those that reach agents, the likeliest first, then those that end in what is shared."""
    names = {spot.id: spot.label or spot.id for spot in picture.spots}
    agents = {spot.id for spot in picture.spots if spot.kind == "Agent"}
    likeliest = sorted(enumerate(picture.chains), key=lambda pair: (pair[1].spots[-1] not in agents, -pair[1].probability))
    return joined(_chain(index, chain, [names[spot] for spot in chain.spots]) for index, chain in likeliest)


def agent_head(picture: Picture) -> Markup:
    """The head of the table of agents."""
    size = picture.size_means or "size"
    return head_row("name", "id", "kind", "where", size, "severity", "certainty", "layers", "threats")


def relation_head() -> Markup:
    """The head of the table of relations, which are told as compromise flows."""
    return head_row("from", "to", "channel", "strength", "best chain", "layers", "threats")


def agent_rows(picture: Picture) -> Markup:
    """The rows of the table of agents."""
    return joined(_agent_row(index, spot, picture) for index, spot in enumerate(picture.spots))


def relation_rows(picture: Picture) -> Markup:
    """The rows of the table of relations."""
    indices = {spot.id: index for index, spot in enumerate(picture.spots)}
    return joined(
        _relation_row(index, link, [(indices[end], picture.spots[indices[end]]) for end in (link.source, link.target)])
        for index, link in enumerate(picture.links)
    )


def head_row(*names: str) -> Markup:
    """The head of a table; the script makes its cells sort the rows."""
    return tag("tr", *(tag("th", name, scope="col") for name in names))


def states(picture: Picture) -> Markup:
    """What holds in each state, for those who cannot switch."""
    return joined(tag("li", tag("b", state.name), ": ", own_direction(state.text)) for state in picture.states)


def _ranked(index: int, spot: Spot, most: float) -> Markup:
    share = round(100 * (spot.size or 0.0) / most, 1) if most else 0
    bar = tag("rect", width=share, height=6)
    drawn = tag("svg", bar, class_="bar", viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true")
    said = tag("span", figure(spot.size), class_="figure")
    return tag("li", _opens(spot, index), said, drawn, data_spot=index)


def _opens(spot: Spot, index: int) -> Markup:
    """The name of a spot, which leads to its row in the table, and with a script to its panel."""
    return tag("a", own_direction(spot.label or spot.id, NAME), class_="open", href=f"#agent-{index}", data_spot=index)


def _agent_row(index: int, spot: Spot, picture: Picture) -> Markup:
    heading = picture.columns[spot.column] if spot.column < len(picture.columns) else str(spot.column)
    certainty = CERTAINTY_WORD.get(spot.certainty, spot.certainty) if spot.kind == "Agent" else None
    return tag(
        "tr",
        tag("th", _opens(spot, index), scope="row"),
        _cell(own_direction(spot.id, NAME), class_="id"),
        _cell(kind_words(spot.kind)),
        _cell(f"{spot.role}, {heading}" if spot.role else heading, data_value=spot.column),
        _cell(figure(spot.size), class_="size", data_value=_rank(spot.size)),
        _cell(spot.severity or _UNKNOWN, data_value=SEVERITIES.index(spot.severity) if spot.severity in SEVERITIES else -1),
        _cell(certainty or _UNKNOWN),
        _cell(" ".join(spot.layers) or _UNKNOWN),
        _cell(_some(spot.threats), data_value=len(spot.threats)),
        id=f"agent-{index}",
        data_spot=index,
    )


def _relation_row(index: int, link: Link, ends: Sequence[tuple[int, Spot]]) -> Markup:
    source, target = (_opens(spot, at) for at, spot in ends)
    channel = tag("a", channel_of(link), class_="open", href=f"#relation-{index}", data_link=index)
    return tag(
        "tr",
        _cell(source),
        _cell(target),
        _cell(channel, ", ", stroke_of(link.channel, link.kind).words),
        _cell(figure(link.strength), data_value=_rank(link.strength)),
        _cell(figure(link.probability), data_value=_rank(link.probability)),
        _cell(" ".join(link.layers) or _UNKNOWN),
        _cell(_some(link.threats), data_value=len(link.threats)),
        id=f"relation-{index}",
        data_link=index,
    )


def _chain(index: int, chain: PictureChain, names: Sequence[str]) -> Markup:
    stops: list[str] = [own_direction(names[0], NAME)] if names else []
    for name in names[1:]:
        stops += [" ⇒ ", own_direction(name, NAME)]
    picked = tag("a", *stops, class_="pick", href=f"#chain-{index}", data_chain=index)
    layers = tag("p", "Layers ", " > ".join(chain.layers), class_="quiet") if chain.layers else ""
    written = tag("details", tag("summary", "Arithmetic"), layers, _arithmetic(chain), class_="arithmetic")
    return tag(
        "li", picked, tag("span", figure(chain.probability), class_="figure"), written, id=f"chain-{index}", data_chain=index
    )


def _arithmetic(chain: PictureChain) -> Markup:
    """``0.5 × 0.6 × 0.5 = 0.15`` and where each factor comes from."""
    if not chain.factors:
        return tag("p", "No factor lowers it.")
    product = " × ".join(figure(factor.value) for factor in chain.factors)
    return joined(
        [tag("p", f"{product} = {figure(chain.probability)}", class_="product"), tag("ul", *map(_factor, chain.factors))]
    )


def _factor(factor: Factor) -> Markup:
    source = tag("span", own_direction(factor.source), class_="source")
    return tag("li", tag("b", figure(factor.value)), f" {factor.name}, ", own_direction(factor.step, NAME), source)


def _cell(*children: str, class_: str | None = None, data_value: float | None = None) -> Markup:
    return tag("td", *children, class_=class_, data_value=data_value)


def _rank(value: float | None) -> float:
    """What a column is sorted by: the unknown stands below every figure."""
    return -1.0 if value is None else value


def _some(threats: Iterable[str]) -> str:
    named = list(threats)
    rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + rest or _UNKNOWN
