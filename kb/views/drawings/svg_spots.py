"""The spots of an SVG picture: a shape for each kind, filled by severity, bordered by certainty, ringed by probability."""

from collections.abc import Mapping
from math import cos, pi, sin
from types import MappingProxyType
from xml.etree.ElementTree import Element

from kb.questions.pictures.picture import Picture, Spot
from kb.views.drawings.label import legible, width_of
from kb.views.drawings.layout import FIGURE_RADIUS, LABEL_GAP, LEADING, Layout, Point
from kb.views.drawings.svg_element import add, add_text, number
from kb.views.drawings.words import changed, figure_in, put_in_place, role_word, shows_probabilities
from kb.views.style import CERTAINTY_STROKE, CERTAINTY_WORD, NODE, SEVERITY_FILL
from kb.views.words import NO_SCORE

_LONGEST = 500
"""Characters of a name that are kept for who points at it."""
CORNERS: Mapping[str, tuple[int, float]] = MappingProxyType(
    {
        "Resource": (4, pi / 4),
        "Threat": (4, 0.0),
        "Mitigation": (6, 0.0),
        "System": (8, pi / 8),
        "Layer": (5, -pi / 2),
        "Capability": (3, -pi / 2),
    }
)
"""Node kind to the corners of its shape and where the first one is; any other kind is round."""


def draw_spot(parent: Element, spot: Spot, picture: Picture, placed: Layout) -> None:
    """Add ``spot`` with its figure and its name."""
    group = add(parent, "g")
    add(group, "title", _title(spot))
    centre, radius = placed.points[spot.id], placed.radii[spot.id]
    if shows_probabilities(picture) and spot.size is not None and spot.kind == "Agent":
        draw_ring(group, centre, radius + 4, spot.size)
    draw_shape(group, spot.kind, centre, radius, spot.severity, spot.certainty)
    line = placed.label_size * LEADING
    if role := role_word(spot, picture):
        add(group, "text", role, x=centre.x, y=centre.y - radius - 11, class_="kb-role")
    below = centre.y + radius + LABEL_GAP + placed.label_size
    for at, words in enumerate(placed.labels[spot.id]):
        add_text(group, words, centre.x, below + at * line, class_="kb-name")
    _figures(group, spot, picture, placed, below + len(placed.labels[spot.id]) * line)


def draw_shape(
    parent: Element, kind: str, centre: Point, radius: float, severity: str | None, certainty: str | None
) -> Element:
    """The shape of ``kind``: agents with the fill of their severity and the border of their certainty, others outlined."""
    dashes = CERTAINTY_STROKE.get(certainty, CERTAINTY_STROKE[None]).dashes if kind == "Agent" else ()
    look: dict[str, str | float] = {"stroke_width": 2, "stroke_dasharray": " ".join(map(number, dashes)) or "none"}
    if kind == "Agent":
        look |= {"fill": SEVERITY_FILL.get(severity, SEVERITY_FILL[None]).hex, "class_": "kb-border"}
    else:
        look |= {"class_": f"kb-kind kb-{kind.lower() if kind in NODE else 'stranger'}"}
    if kind not in CORNERS:
        return add(parent, "circle", cx=centre.x, cy=centre.y, r=radius, **look)
    count, first = CORNERS[kind]
    angles = [first + 2 * pi * corner / count for corner in range(count)]
    corners = " ".join(f"{centre.x + radius * cos(a):.1f},{centre.y + radius * sin(a):.1f}" for a in angles)
    return add(parent, "polygon", points=corners, stroke_linejoin="round", **look)


def draw_ring(parent: Element, centre: Point, radius: float, share: float) -> None:
    """A ring around a spot, filled clockwise from the top to ``share`` of it."""
    add(parent, "circle", cx=centre.x, cy=centre.y, r=radius, class_="kb-track")
    share = min(max(share, 0.0), 1.0)
    if share >= 0.9995:
        add(parent, "circle", cx=centre.x, cy=centre.y, r=radius, class_="kb-ring")
    elif share > 0:
        x, y = centre.x + radius * sin(2 * pi * share), centre.y - radius * cos(2 * pi * share)
        arc = f"A{number(radius)},{number(radius)} 0 {int(share > 0.5)} 1 {x:.1f},{y:.1f}"
        add(parent, "path", d=f"M{centre.x:.1f},{centre.y - radius:.1f}{arc}", class_="kb-ring")


def draw_cut(parent: Element, at: Point) -> None:
    """A cross through a link that is severed."""
    add(parent, "path", d=f"M{at.x - 6:.1f},{at.y - 6:.1f}l12,12m0,-12l-12,12", stroke_width=3, class_="kb-cut")


def _figures(group: Element, spot: Spot, picture: Picture, placed: Layout, below: float) -> None:
    """The figure of ``spot``: in it where it fits, else below its name; and what the last state makes of it."""
    centre, radius = placed.points[spot.id], placed.radii[spot.id]
    figure, change = figure_in(spot, picture), changed(spot, picture)
    if figure and radius >= FIGURE_RADIUS:
        size = min(max(radius * 0.5, 9.0), 16.0, 1.9 * radius / width_of(figure, 1.0))
        ink = SEVERITY_FILL.get(spot.severity, SEVERITY_FILL[None]).ink if spot.kind == "Agent" else ""
        look = {"fill": ink} if ink else {}
        add(group, "text", figure, x=centre.x, y=centre.y + size * 0.36, font_size=size, class_="kb-figure", **look)
        figure = ""
    if words := change or figure:
        add(group, "text", words, x=centre.x, y=below, class_="kb-after" if change else "kb-note")
    if controls := put_in_place(spot, picture):
        _badge(group, centre, radius, controls)


def _badge(group: Element, centre: Point, radius: float, controls: tuple[str, ...]) -> None:
    """A green mark with how many controls are put in place here."""
    x, y = centre.x + radius * 0.8, centre.y - radius * 0.8
    badge = add(group, "g", class_="kb-badge")
    add(badge, "title", legible(f"put in place here: {', '.join(controls)}"[:_LONGEST]))
    add(badge, "circle", cx=x, cy=y, r=9)
    add(badge, "text", f"+{len(controls)}", x=x, y=y + 4)


def _title(spot: Spot) -> str:
    name = spot.label if spot.label == spot.id else f"{spot.label} ({spot.id})"
    cut = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}… ({len(name):,} characters)"
    severity = f"AIVSS {spot.severity}" if spot.severity else NO_SCORE
    said = [spot.size_text, *([severity, CERTAINTY_WORD.get(spot.certainty, "")] if spot.kind == "Agent" else [spot.kind])]
    members = [f"stands for {len(spot.members)}"] if spot.members else []
    return legible("; ".join(filter(None, [cut, *said, *members])))
