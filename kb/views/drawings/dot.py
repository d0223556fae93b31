"""A picture in the DOT language, for Graphviz and what reads its files."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kb.questions.pictures.picture import Link, Picture, Spot
from kb.views.drawings.label import legible, lines_of
from kb.views.drawings.svg_element import number
from kb.views.drawings.words import changed, controls_words, figure_in, how_many, leading_chain, severed
from kb.views.style import CERTAIN, CERTAINTY_STROKE, LINE, NODE, QUIET, RISK, SEVERITY_FILL, stroke_of, thickness

_ROOM, _LINES, _TITLE = 220.0, 2, 900.0
_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "Agent": "circle",
        "Resource": "box",
        "Threat": "diamond",
        "Mitigation": "hexagon",
        "Layer": "house",
        "System": "octagon",
        "Capability": "triangle",
    }
)
"""Node kind to its shape; any other is an ellipse."""


def to_dot(picture: Picture) -> str:
    """``picture`` as a directed graph from left to right, ended by a line break."""
    return "\n".join(["digraph picture {", *(f"  {line};" for line in _statements(picture)), "}"]) + "\n"


def quoted(*lines: str) -> str:
    """``lines`` as one quoted string: no quote ends it, no escape and no entity of Graphviz is read in it."""
    shown = (legible(line).replace("\\", "\\\\").replace("&", "&amp;").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(shown) + '"'


def _statements(picture: Picture) -> Iterator[str]:
    texts = (picture.question, picture.answer, how_many(picture), picture.command)
    said = [line for text in texts for line in lines_of(legible(text), _TITLE, 6, 14)]
    yield f'graph [rankdir=LR, nodesep=0.4, ranksep=1.2, fontname="sans-serif", fontsize=14, labelloc=t, label={quoted(*said)}]'
    yield 'node [fontname="sans-serif", fontsize=12, penwidth=2]'
    yield 'edge [fontname="sans-serif", fontsize=10]'
    numbers = {spot.id: f"n{at}" for at, spot in enumerate(picture.spots)}
    yield from _columns(picture, numbers)
    yield from (f"{numbers[spot.id]} [{_attributes(_look(spot, picture))}]" for spot in picture.spots)
    columns = {spot.id: spot.column for spot in picture.spots}
    leading = leading_chain(picture)
    chain = set(picture.chains[leading].links) if leading is not None else set()
    gone = severed(picture)
    for index, link in enumerate(picture.links):
        look = _line(link, index in chain)
        if columns[link.source] >= columns[link.target]:
            look["constraint"] = "false"
        if index in gone:
            look |= {"label": quoted("severed"), "color": quoted(f"{LINE.hex}80"), "fontcolor": quoted(CERTAIN.hex)}
        yield f"{numbers[link.source]} -> {numbers[link.target]} [{_attributes(look)}]"


def _columns(picture: Picture, numbers: Mapping[str, str]) -> Iterator[str]:
    """The headings, one after the other, and each beside its spots."""
    for at, heading in enumerate(picture.columns):
        label = quoted(*lines_of(legible(heading), _ROOM, _LINES))
        yield f"c{at} [shape=plaintext, fontcolor={quoted(QUIET.hex)}, label={label}]"
    if len(picture.columns) > 1:
        yield f"{' -> '.join(f'c{at}' for at in range(len(picture.columns)))} [style=invis]"
    for at in range(len(picture.columns)):
        beside = [numbers[spot.id] for spot in picture.spots if spot.column == at]
        yield f"{{rank=same; {'; '.join([f'c{at}', *beside])}}}"


def _look(spot: Spot, picture: Picture) -> dict[str, str]:
    name = lines_of(legible(spot.label.strip() or spot.id), _ROOM, _LINES)
    said = [*name, changed(spot, picture) or figure_in(spot, picture), controls_words(spot, picture)]
    look = {
        "label": quoted(*filter(None, said)),
        "tooltip": quoted(f"{spot.id[:200]} {spot.size_text}"),
    }
    look["shape"] = _SHAPES.get(spot.kind, "ellipse")
    if spot.kind == "Agent":
        fill = SEVERITY_FILL.get(spot.severity, SEVERITY_FILL[None])
        dashes = CERTAINTY_STROKE.get(spot.certainty, CERTAINTY_STROKE[None]).dashes
        look |= {
            "style": quoted(", ".join(["filled", *_dashed(dashes)])),
            "fillcolor": quoted(fill.hex),
            "fontcolor": quoted(fill.ink),
        }
    elif spot.kind in NODE:
        look["color"] = quoted(NODE[spot.kind].hex)
    if spot.role:
        look |= {"color": quoted(RISK.hex), "penwidth": "4"}
    return look


def _line(link: Link, leading: bool) -> dict[str, str]:
    strength = "" if link.strength is None else f" {link.strength:.4g}"
    look = {"color": quoted(RISK.hex if leading else LINE.hex), "penwidth": number(thickness(link.strength))}
    look["tooltip"] = quoted(f"{(link.channel or link.kind)[:80]}{strength}")
    style = _dashed(stroke_of(link.channel, link.kind).dashes)
    return look | ({"style": style[0]} if style else {})


def _dashed(dashes: tuple[int, ...]) -> list[str]:
    """The nearest of the two that Graphviz has."""
    return [] if not dashes else ["dotted"] if dashes[0] <= 2 else ["dashed"]


def _attributes(look: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in look.items())
