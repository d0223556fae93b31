"""A picture as one SVG file: self-contained, without script, light or dark as its reader's system, the same bytes each time."""

from xml.etree.ElementTree import Element, indent, tostring

from kb.questions.pictures.picture import Link, Picture
from kb.views.drawings.curves import Curve, curves
from kb.views.drawings.label import REGULAR, isolated, legible, lines_of, reads_leftward
from kb.views.drawings.layout import LEADING, MARGIN, Layout, layout
from kb.views.drawings.svg_element import add, add_text, number
from kb.views.drawings.svg_legend import draw_legend
from kb.views.drawings.svg_spots import draw_cut, draw_spot
from kb.views.drawings.words import assumed, how_many, leading_chain, severed, short_base, short_figure
from kb.views.style import NODE, page_variables, stroke_of, thickness, with_fallbacks

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_LEAST_WIDTH = 1000.0
_QUESTION, _ANSWER, _NOTE = 24.0, 16.0, 12.0
_LINES = {_QUESTION: 3, _ANSWER: 5}
"""Lines that the question and the answer may take."""
_SPOKEN = 12
"""Spots that are named to who cannot see the picture."""
_THINNER = ((40, 1.0), (160, 0.7), (600, 0.5))
"""Spots up to which links are drawn at a scale."""


def to_svg(picture: Picture) -> str:
    """``picture`` as an SVG document, ended by a line break."""
    placed = layout(picture)
    width = max(placed.width, _LEAST_WIDTH)
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
    root.set("class", "kb-picture")
    root.set("font-family", _FONT)
    add(root, "title", legible(picture.question))
    add(root, "desc", _spoken(picture))
    add(root, "metadata", legible(f"base {picture.base}, schema {picture.schema_version}, {picture.command}"))
    add(root, "style", svg_css(placed.label_size))
    paper = add(root, "rect", class_="kb-paper")
    top = _draw_head(root, picture, width)
    body = add(root, "g", transform=f"translate({number((width - placed.width) / 2)} {number(top)})")
    _draw_columns(body, picture, placed)
    _draw_links(body, picture, placed)
    spots = add(body, "g", class_="kb-spots", text_anchor="middle", font_size=placed.label_size)
    for spot in picture.spots:
        draw_spot(spots, spot, picture, placed)
    below = top + placed.height + 16
    legend = add(root, "g", transform=f"translate({number(MARGIN)} {number(below)})", font_size=_NOTE)
    height = _draw_foot(root, picture, width, below + draw_legend(legend, picture, width - 2 * MARGIN) + 24)
    for name, value in (("width", width), ("height", height)):
        paper.set(name, number(value))
        root.set(name, number(value))
    root.set("viewBox", f"0 0 {number(width)} {number(height)}")
    indent(root, space=" ")
    return tostring(root, encoding="unicode") + "\n"


def _draw_head(root: Element, picture: Picture, width: float) -> float:
    """The question and the answer; returns where the picture begins."""
    head, at = add(root, "g"), MARGIN
    room = width - 2 * MARGIN
    heads = ((picture.question, _QUESTION, room, "kb-question"), (picture.answer, _ANSWER, room / REGULAR, "kb-answer"))
    for text, size, wide, look in heads:
        for line in lines_of(legible(text), wide, _LINES[size], size):
            at += size * LEADING
            add(head, "text", isolated(_with_names(line, picture)), x=MARGIN, y=at - size * 0.25, font_size=size, class_=look)
        at += 6
    return at


def _draw_columns(body: Element, picture: Picture, placed: Layout) -> None:
    """Add a band for each column, and what it is."""
    headed = list(zip(picture.columns, placed.headings, placed.bands, strict=False))
    for _, point, (left, right) in headed:
        top = point.y - 22
        add(body, "rect", x=left, y=top, width=right - left, height=placed.height - top, class_="kb-band")
    group = add(body, "g", class_="kb-heading", text_anchor="middle", font_size=13)
    for name, point, (left, right) in headed:
        for at, line in enumerate(lines_of(legible(name), (right - left) / REGULAR, 2)):
            add_text(group, line, point.x, point.y + at * 16)


def _draw_links(body: Element, picture: Picture, placed: Layout) -> None:
    """Add the links, those of the leading chain last and so on top."""
    scale = line_scale(picture)
    leading = leading_chain(picture)
    chain = set(picture.chains[leading].links) if leading is not None else set()
    gone = severed(picture)
    drawn = curves(picture, placed, scale)
    quiet, loud = (add(body, "g", class_=look) for look in ("kb-links", "kb-chain"))
    for index, (link, curve) in enumerate(zip(picture.links, drawn, strict=True)):
        _draw_link(loud if index in chain else quiet, link, curve, scale, index in gone)


def line_scale(picture: Picture) -> float:
    """How thick the links of ``picture`` are drawn to their thickness in a small one."""
    return next((scale for most, scale in _THINNER if len(picture.spots) <= most), 0.35)


def _draw_link(parent: Element, link: Link, curve: Curve, scale: float, severed: bool) -> None:
    dashes = " ".join(map(number, stroke_of(link.channel, link.kind).dashes))
    group = add(parent, "g")
    add(group, "title", _link_title(link))
    look: dict[str, str | float] = {"stroke_dasharray": dashes} if dashes else {}
    add(group, "path", d=curve.line, fill="none", stroke_width=thickness(link.strength) * scale, **look)
    add(group, "path", d=curve.head, stroke="none")
    if severed:
        group.set("class", "kb-gone")
        draw_cut(group, curve.middle)


def _draw_foot(root: Element, picture: Picture, width: float, at: float) -> float:
    """How much is shown, what the answer leaves open, and where it comes from; returns the height of the whole."""
    foot = add(root, "g", class_="kb-quiet", font_size=_NOTE)
    open_ends = [] if picture.complete else [f"not complete: {picture.truncated_by or 'part of it was left out'}"]
    base = f"base {short_base(picture.base)}, schema {picture.schema_version}" if picture.base else ""
    for text in (
        "; ".join([how_many(picture), *open_ends]),
        "  ·  ".join(filter(None, [picture.command, assumed(picture), base])),
    ):
        for line in lines_of(legible(text), (width - 2 * MARGIN) / REGULAR, 3, _NOTE):
            add_text(foot, line, MARGIN, at)
            at += _NOTE * 1.5
    return at + 8


def _with_names(line: str, picture: Picture) -> str:
    """``line`` with every name in it that is written from right to left kept apart from what stands beside it."""
    for name in sorted({legible(spot.label) for spot in picture.spots if reads_leftward(spot.label)}, key=len, reverse=True):
        line = line.replace(name, isolated(name))
    return line


def _spoken(picture: Picture) -> str:
    """The answer in words, with the largest spots."""
    agents = [spot for spot in picture.spots if spot.kind == "Agent" and not spot.role and spot.size is not None]
    reached = sorted(agents, key=lambda spot: -(spot.size or 0.0))
    named = "; ".join(f"{spot.label[:80]} {short_figure(spot.size, picture)}" for spot in reached[:_SPOKEN])
    more = f"; and {len(reached) - _SPOKEN} more" if len(reached) > _SPOKEN else ""
    said = f" {picture.size_means}: {named}{more}." if named else ""
    return legible(f"{picture.answer}{said} {how_many(picture)}.")


def _link_title(link: Link) -> str:
    strength = "" if link.strength is None else f", strength {link.strength:.4g}"
    source = f" ({link.strength_source})" if link.strength_source and strength else ""
    way = f"{legible(link.source[:200])} → {legible(link.target[:200])}"
    return way + legible(f", {(link.channel or link.kind)[:80]}{strength}{source[:300]}")


def svg_css(letters: float) -> str:
    """Names of colours for both lights, and what uses them."""
    kinds = "".join(f".kb-kind.kb-{kind.lower()}{{stroke:var(--node-{kind.lower()})}}" for kind in NODE)
    return page_variables() + with_fallbacks(f"{RULES}.kb-name{{font-size:{number(letters)}px}}{kinds}")


RULES = """
.kb-picture{fill:var(--ink)}
.kb-paper{fill:var(--paper)}
.kb-question{font-weight:700}
.kb-name,.kb-role,.kb-after,.kb-note{font-weight:600;stroke:var(--band);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.kb-note{font-weight:400}
.kb-role{fill:var(--risk);font-weight:700}
.kb-after{fill:var(--certain)}
.kb-figure{font-weight:700}
.kb-heading,.kb-quiet{fill:var(--quiet)}
.kb-band{fill:var(--band)}
.kb-border{stroke:var(--ink)}
.kb-kind{fill:var(--paper);stroke:var(--quiet)}
.kb-links{fill:var(--line);stroke:var(--line);opacity:.8}
.kb-chain,.kb-risk{fill:var(--risk);stroke:var(--risk)}
.kb-edge{fill:none;stroke:var(--ink)}
.kb-head{fill:var(--line)}
.kb-track{fill:none;stroke:var(--grid);stroke-opacity:.3;stroke-width:4px}
.kb-ring{fill:none;stroke:var(--risk);stroke-width:4px}
.kb-gone>:not(.kb-cut){opacity:.45}
.kb-cut{fill:none;stroke:var(--certain)}
.kb-badge{fill:var(--certain);font-size:10px;font-weight:700;text-anchor:middle}
.kb-badge text{fill:var(--paper)}
"""
