"""The legend of an SVG picture: a sample and words for everything that occurs in it."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kb.model.schema import SEVERITIES
from kb.questions.pictures.picture import Picture
from kb.views.drawings.label import REGULAR, legible, width_of
from kb.views.drawings.layout import Point
from kb.views.drawings.svg_element import add, add_text, number
from kb.views.drawings.svg_spots import draw_cut, draw_ring, draw_shape
from kb.views.drawings.words import leading_chain, shows_probabilities
from kb.views.style import CERTAINTY_STROKE, SEVERITY_MARK, THICK, THIN, Stroke, stroke_of
from kb.views.words import NO_SCORE, STRANGERS

LETTERS, _ROW, _GAP, _INDENT = 12.0, 24.0, 22.0, 60.0


class Entry(NamedTuple):
    """One sample with its words."""

    words: str
    draw: Callable[[Element, Point], object]
    """Draws the sample around a point."""
    wide: float = 20.0
    """Pixels that the sample takes."""
    mark: str = ""
    """The letter that stands beside the sample where a page has one."""


def draw_legend(parent: Element, picture: Picture, width: float) -> float:
    """Add the legend of ``picture`` in lines of ``width`` pixels; returns its height."""
    y = 0.0
    for heading, entries in legend_of(picture):
        add(parent, "text", heading, x=0, y=y + _ROW / 2 + 4, class_="kb-quiet")
        y = _draw_group(parent, entries, y, width)
    return y


def legend_of(picture: Picture) -> list[tuple[str, list[Entry]]]:
    """What occurs in ``picture``, in groups with their headings."""
    groups = (
        ("agents", _agents(picture)),
        ("others", _others(picture)),
        ("plan", _changes(picture)),
        ("links", _links(picture)),
    )
    return [(heading, entries) for heading, group in groups if (entries := list(group))]


def _draw_group(parent: Element, entries: Sequence[Entry], y: float, width: float) -> float:
    x = _INDENT
    for entry in entries:
        wide = entry.wide + 8 + width_of(entry.words, LETTERS) * REGULAR
        if x > _INDENT and x + wide > width:
            x, y = _INDENT, y + _ROW
        entry.draw(parent, Point(x + entry.wide / 2, y + _ROW / 2))
        add_text(parent, entry.words, x + entry.wide + 8, y + _ROW / 2 + 4)
        x += wide + _GAP
    return y + _ROW


def _leading(picture: Picture) -> Iterator[Entry]:
    """The chain that is drawn in the colour of risk."""
    index = leading_chain(picture)
    if index is not None:
        chain = picture.chains[index]
        names = {spot.id: spot.label for spot in picture.spots}
        last = legible(names.get(chain.spots[-1], chain.spots[-1])[:40])
        yield Entry(f"most likely chain to {last}: {chain.probability:.4g}", _line((), 4.0, "kb-risk"), 34)


def _sizes(picture: Picture) -> Iterator[Entry]:
    if not picture.size_means or not picture.spots:
        return
    if shows_probabilities(picture):
        yield Entry(f"ring, size and figure: {picture.size_means}", _ring)
    else:
        yield Entry(f"size and figure: {picture.size_means}", _shape("", None, None))


def _agents(picture: Picture) -> Iterator[Entry]:
    yield from _sizes(picture)
    agents = [spot for spot in picture.spots if spot.kind == "Agent"]
    severities = {spot.severity for spot in agents}
    for severity in (*reversed(SEVERITIES), None):
        if severity in severities:
            words = f"AIVSS {severity}" if severity else NO_SCORE
            yield Entry(words, _shape("Agent", severity, "mapped"), mark=SEVERITY_MARK.get(severity, ""))
    certainties = {spot.certainty for spot in agents}
    for certainty, stroke in CERTAINTY_STROKE.items():
        if certainty in certainties:
            yield Entry(f"border: {stroke.words}", _line(stroke.dashes, 2.0, "kb-edge"), 28)


def _others(picture: Picture) -> Iterator[Entry]:
    kinds = sorted({spot.kind for spot in picture.spots} - {"Agent"})
    yield from (Entry(kind_words(kind), _shape(kind, None, None)) for kind in kinds)


def _changes(picture: Picture) -> Iterator[Entry]:
    """What its last state changes."""
    if not picture.states:
        return
    before, after = (legible(state.name[:60]) for state in (picture.states[0], picture.states[-1]))
    yield Entry(f"{before} → {after}", _arrow, 24)
    if picture.states[-1].placed:
        yield Entry("controls put in place", _badge)
    if picture.states[-1].gone:
        yield Entry("trust severed", draw_cut)


def _links(picture: Picture) -> Iterator[Entry]:
    yield from _leading(picture)
    yield from _lines(picture)


def _lines(picture: Picture) -> Iterator[Entry]:
    channels: dict[Stroke, set[str]] = {}
    for link in picture.links:
        channels.setdefault(stroke_of(link.channel, link.kind), set()).add(link.channel or link.kind)
    for stroke in sorted(channels):
        named = sorted(channels[stroke])
        shown = ", ".join(named[:4]) + (" …" if len(named) > 4 else "")
        yield Entry(f"{stroke.words} ({legible(shown[:80])})", _line(stroke.dashes, 2.0, "kb-edge"), 34)
    if any(link.strength is not None for link in picture.links):
        yield Entry("thicker: stronger trust, 0 to 1", _thickness, 34)


def kind_words(kind: str) -> str:
    """What spots of ``kind`` are called."""
    return STRANGERS if kind == "outside" else kind.lower()


def _shape(kind: str, severity: str | None, certainty: str | None) -> Callable[[Element, Point], object]:
    return lambda parent, at: draw_shape(parent, kind, at, 8, severity, certainty)


def _line(dashes: tuple[int, ...], wide: float, look: str) -> Callable[[Element, Point], object]:
    dashed = " ".join(map(number, dashes)) or "none"
    return lambda parent, at: add(
        parent, "path", d=f"M{at.x - 15:.1f},{at.y:.1f}h30", stroke_width=wide, stroke_dasharray=dashed, class_=look
    )


def _ring(parent: Element, at: Point) -> None:
    draw_ring(parent, at, 8, 0.7)


def _thickness(parent: Element, at: Point) -> None:
    left, right = at.x - 16, at.x + 16
    corners = f"{left:.1f},{at.y - THIN / 2:.1f} {right:.1f},{at.y - THICK / 2:.1f} {right:.1f},{at.y + THICK / 2:.1f} "
    add(parent, "polygon", points=f"{corners}{left:.1f},{at.y + THIN / 2:.1f}", class_="kb-head")


def _arrow(parent: Element, at: Point) -> None:
    add(parent, "text", "→", x=at.x, y=at.y + 5, class_="kb-after", font_size=16, text_anchor="middle")


def _badge(parent: Element, at: Point) -> None:
    badge = add(parent, "g", class_="kb-badge")
    add(badge, "circle", cx=at.x, cy=at.y, r=9)
    add(badge, "text", "+1", x=at.x, y=at.y + 4)
