"""What the script of the interactive page is given: the picture, where everything stands, how it is drawn, as plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kb.questions.pictures.picture import Detail, Link, Picture, PictureChain, Spot, State
from kb.views.drawings.curves import Curve, curves
from kb.views.drawings.label import legible, lines_of
from kb.views.drawings.layout import FIGURE_RADIUS, LABEL_GAP, LEADING, Layout, layout
from kb.views.drawings.svg import line_scale
from kb.views.drawings.svg_spots import CORNERS
from kb.views.drawings.words import figure_in, leading_chain, role_word, shows_probabilities
from kb.views.markup import Markup
from kb.views.style import CERTAINTY_STROKE, CERTAINTY_WORD, SEVERITY_MARK, fill_name, stroke_of, thickness

Row = dict[str, Any]

_FORBIDDEN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
"""Characters that end a script element or a line of JavaScript; inside JSON they stand in strings only."""


def map_data(picture: Picture, placed: Layout) -> Markup:
    """``picture``, which stands as ``placed``, as JSON that is safe inside a script element."""
    indices = {spot.id: index for index, spot in enumerate(picture.spots)}
    scale = line_scale(picture)
    drawn = curves(picture, placed, scale)
    data = {
        "probabilities": shows_probabilities(picture),
        "leading": leading_chain(picture),
        "columns": _columns(picture, placed),
        "width": placed.width,
        "height": placed.height,
        "letters": placed.label_size,
        "line_height": LEADING,
        "label_gap": LABEL_GAP,
        "figure_radius": FIGURE_RADIUS,
        "spots": [_spot(spot, picture, placed) for spot in picture.spots],
        "links": [_link(link, curve, indices, scale) for link, curve in zip(picture.links, drawn, strict=True)],
        "chains": [_chain(chain, indices) for chain in picture.chains],
        "states": [_state(state, picture, indices) for state in picture.states],
    }
    written = json.dumps(_legible(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(written.translate(_FORBIDDEN))


def channel_of(link: Link) -> str:
    """What the channel filter knows ``link`` by: its channel, or its kind where it has none."""
    return link.channel or link.kind


def _columns(picture: Picture, placed: Layout) -> list[Row]:
    return [
        {"lines": lines_of(legible(text), right - left, 1), "x": point.x, "y": point.y, "left": left, "right": right}
        for text, point, (left, right) in zip(picture.columns, placed.headings, placed.bands, strict=False)
    ]


def _spot(spot: Spot, picture: Picture, placed: Layout) -> Row:
    point = placed.points[spot.id]
    agent = spot.kind == "Agent"
    return {
        "id": spot.id,
        "label": spot.label,
        "lines": placed.labels[spot.id],
        "kind": spot.kind,
        "corners": CORNERS.get(spot.kind),
        "role": spot.role,
        "role_word": role_word(spot, picture),
        "severity": spot.severity,
        "fill": fill_name(spot.severity) if agent else None,
        "mark": SEVERITY_MARK.get(spot.severity, "") if agent else "",
        "certainty": CERTAINTY_WORD.get(spot.certainty, spot.certainty) if agent else None,
        "dashes": CERTAINTY_STROKE.get(spot.certainty, CERTAINTY_STROKE[None]).dashes if agent else (),
        "threats": spot.threats,
        "layers": spot.layers,
        "chain": spot.chain,
        "members": spot.members,
        "details": _details(spot.details),
        "x": point.x,
        "y": point.y,
        **_size(spot, spot.size, spot.size_text, picture, placed),
    }


def _size(spot: Spot, size: float | None, text: str, picture: Picture, placed: Layout) -> Row:
    """What differs between the states."""
    figure = figure_in(replace(spot, size=size), picture)
    return {"size": size, "size_text": text, "figure": figure, "radius": placed.radii[spot.id]}


def _link(link: Link, curve: Curve, indices: Mapping[str, int], scale: float) -> Row:
    stroke = stroke_of(link.channel, link.kind)
    return {
        "source": indices[link.source],
        "target": indices[link.target],
        "channel": channel_of(link),
        "way": stroke.words,
        "dashes": stroke.dashes,
        "width": round(thickness(link.strength) * scale, 2),
        "line": curve.line,
        "head": curve.head,
        "middle": curve.middle,
        "strength": link.strength,
        "strength_source": link.strength_source,
        "threats": link.threats,
        "layers": link.layers,
        "probability": link.probability,
        "details": _details(link.details),
    }


def _details(details: tuple[Detail, ...]) -> list[Row]:
    return [
        {"heading": part.heading, "lines": [[line.text, line.source, line.quote] for line in part.lines]} for part in details
    ]


def _chain(chain: PictureChain, indices: Mapping[str, int]) -> Row:
    return {"spots": [indices[spot] for spot in chain.spots], "links": chain.links, "probability": chain.probability}


def _state(state: State, picture: Picture, indices: Mapping[str, int]) -> Row:
    sizes = {spot: given for spot, given in state.sizes.items() if spot in indices}
    spots = tuple(replace(spot, size=sizes[spot.id][0]) if spot.id in sizes else spot for spot in picture.spots)
    placed = layout(replace(picture, spots=spots))
    changed = {
        indices[spot]: _size(picture.spots[indices[spot]], size, text, picture, placed) for spot, (size, text) in sizes.items()
    }
    here = {indices[spot]: controls for spot, controls in state.placed.items() if spot in indices}
    return {"name": state.name, "text": state.text, "sizes": changed, "gone": state.gone, "placed": here}


def _legible(value: Any) -> Any:
    """``value`` with every text in it legible."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else legible(value)
    if isinstance(value, Mapping):
        return {key: _legible(part) for key, part in value.items()}
    return [_legible(part) for part in value] if isinstance(value, list | tuple) else value
