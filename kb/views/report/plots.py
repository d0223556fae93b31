"""The plots of a report as inline SVG: each says in words what it shows, and no colour says anything alone."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

from kb.views.drawings.label import legible, shortened
from kb.views.markup import Markup, tag
from kb.views.style import HEAT, fill_name
from kb.views.words import MAESTRO_LAYERS

Row = Mapping[str, Any]

WIDTH = 720
_TEXT, _SMALL = 13, 11
_NAMES = 200
"""Pixels that names take at the left."""
_ROWS = 28
"""Rows of one drawing; more are drawn below it, so that a page of paper holds each."""
_BANDS = ((0.0, "None"), (0.1, "Low"), (4.0, "Medium"), (7.0, "High"), (9.0, "Critical"))


def score_distribution(agents: Sequence[Row]) -> Markup:
    """How many of ``agents`` score 0 to 1, 1 to 2 … 9 to 10, and how many have no score."""
    scores = [row["aivss"] for row in agents if row["aivss"] is not None]
    counts = [sum(min(floor(score), 9) == low for score in scores) for low in range(10)]
    unscored = len(agents) - len(scores)
    most = max([*counts, unscored, 1])
    high, bottom, wide = 120.0, 150.0, 44.0
    parts: list[Markup] = [_line(6, bottom, 6 + 12 * wide, bottom)]
    for number, count in enumerate([*counts, unscored]):
        left = 6 + number * wide + (wide if number == len(counts) else 0)
        name = f"{number}–{number + 1}" if number < len(counts) else "no score"
        look = fill_name(_band(number + 0.5)) if number < len(counts) else "fill-unknown hatched"
        tall = high * count / most
        parts += [_rect(left + 4, bottom - tall, wide - 8, tall, f"bar {look}")] if count else []
        parts += [_text(left + wide / 2, bottom - tall - 6, str(count), "middle", "strong")] if count else []
        parts.append(_text(left + wide / 2, bottom + 18, name, "middle", "small"))
    parts.append(_text(6 + 5 * wide, bottom + 38, "AIVSS score", "middle", "small"))
    said = [f"{count} from {low} to {low + 1}" for low, count in enumerate(counts) if count]
    spoken = f"Of {len(agents)} agents {', '.join(said) or 'none has a score'}; {unscored} without a score."
    return _drawing(12 + 12 * wide, bottom + 46, "AIVSS scores of the agents", spoken, parts)


def _band(score: float) -> str:
    """The band that most of a bin lies in."""
    return [band for least, band in _BANDS if score >= least][-1]


def heat_maps(rows: Sequence[Row], names: Mapping[str, str]) -> list[Markup]:
    """Agents against layers: how many threats documents name there, in drawings of at most so many agents as a page holds."""
    agents = sorted({row["agent"] for row in rows})
    cells = {(row["agent"], row["layer"] or ""): row for row in rows}
    layers = [*(layer for layer in MAESTRO_LAYERS), *sorted({layer for _, layer in cells} - {"", *MAESTRO_LAYERS}), ""]
    most = max([row["count"] for row in rows], default=0)
    chunks = [agents[start : start + _ROWS] for start in range(0, len(agents), _ROWS)]
    return [_heat_map(chunk, layers, cells, most, names) for chunk in chunks]


def _heat_map(
    agents: Sequence[str], layers: Sequence[str], cells: Mapping[tuple[str, str], Row], most: int, names: Mapping[str, str]
) -> Markup:
    wide, tall = (WIDTH - _NAMES) / len(layers), 28.0
    parts = [
        _text(_NAMES + (at + 0.5) * wide, 16, layer or "summary", "middle", "small strong") for at, layer in enumerate(layers)
    ]
    for row, agent in enumerate(agents):
        top = 26 + row * tall
        parts.append(_text(_NAMES - 10, top + 18, shortened(legible(names.get(agent, agent)), _NAMES - 20), "end"))
        for at, layer in enumerate(layers):
            parts += _cell(cells.get((agent, layer)), _NAMES + at * wide, top, wide - 3, tall - 3, most)
    spoken = "The table below the drawing has every cell."
    return _drawing(WIDTH, 30 + len(agents) * tall, "Threats by agent and MAESTRO layer", spoken, parts)


def _cell(cell: Row | None, left: float, top: float, wide: float, tall: float, most: int) -> list[Markup]:
    middle, line = left + wide / 2, top + 17
    if cell is None:
        return [_text(middle, line, "·", "middle", "quiet")]
    unsure = "?" if cell["certainty"] == "uncertain" else ""
    if not cell["count"]:
        return [_rect(left, top, wide, tall, "hollow"), _text(middle, line, f"–{unsure}", "middle", "quiet")]
    step = min(len(HEAT) - 1, (cell["count"] - 1) * len(HEAT) // max(most, len(HEAT)))
    return [
        _rect(left, top, wide, tall, f"heat-{step}"),
        _text(middle, line, f"{cell['count']}{unsure}", "middle", f"on-heat-{step}"),
    ]


def risk_steps(plan: Row, words: Sequence[str]) -> Markup:
    """The expected loss now and after each step of ``plan``, with what no other plan goes below; ``words`` name the steps."""
    before, after = plan["before"], plan["after"]
    losses = [before["loss"], *(step["loss_after"] for step in plan["steps"])]
    intervals = [before, *(None for _ in plan["steps"][:-1]), after][: len(losses)]
    scale = (WIDTH - 330) / (max(before["high"], *losses) or 1.0)
    tall = 34.0
    parts: list[Markup] = []
    for row, (name, loss, interval) in enumerate(zip(["now", *words], losses, intervals, strict=True)):
        top = 8 + row * tall
        look = "risk" if row == 0 else "residual"
        parts.append(_text(252, top + 17, shortened(legible(name), 240), "end"))
        parts.append(_rect(262, top, max(loss * scale, 1.0), tall - 10, look))
        end = loss * scale
        if interval is not None and interval["low"] < interval["high"]:
            end = interval["high"] * scale
            parts += _whisker(262 + interval["low"] * scale, 262 + end, top + (tall - 10) / 2)
        parts.append(_text(262 + end + 8, top + 17, f"{loss:.4g}", "start", "strong"))
    bottom = 8 + len(losses) * tall
    bound = 262 + plan["bound"] * scale
    parts.append(tag("line", x1=_n(bound), y1=2, x2=_n(bound), y2=_n(bottom), class_="bound"))
    said = f"no {plan['budget']} actions leave less than {plan['bound']:.4g}"
    parts.append(_text(min(bound, WIDTH - 240.0), bottom + 14, said, "start", "small"))
    steps = ", then ".join(f"{loss:.4g}" for loss in losses)
    return _drawing(WIDTH, bottom + 24, "Expected loss before and after the plan", f"Expected loss {steps}; {said}.", parts)


def risk_by_agent(residual: Sequence[Row], names: Mapping[str, str], most: int = 20) -> Markup:
    """How likely each agent falls before and after the plan."""
    tall, room = 40.0, WIDTH - _NAMES - 90
    parts: list[Markup] = []
    for number, row in enumerate(residual[:most]):
        top = 6 + number * tall
        parts.append(
            _text(_NAMES - 10, top + 20, shortened(legible(names.get(row["agent"], row["agent"])), _NAMES - 20), "end")
        )
        for offset, when, look in ((0, "before", "risk"), (15, "after", "residual")):
            parts.append(_rect(_NAMES, top + offset, max(row[when] * room, 1.0), 13, look))
            parts.append(_text(_NAMES + row[when] * room + 6, top + offset + 11, f"{row[when]:.4f} {when}", "start", "small"))
    said = "; ".join(
        f"{legible(names.get(row['agent'], row['agent']))[:60]} {row['before']:.4f} before, {row['after']:.4f} after"
        for row in residual[:most]
    )
    return _drawing(WIDTH, 10 + min(len(residual), most) * tall, "Probability of falling by agent", f"{said}.", parts)


def _drawing(width: float, height: float, title: str, spoken: str, parts: Sequence[Markup]) -> Markup:
    return tag(
        "svg",
        tag("title", title),
        tag("desc", spoken),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="plot",
        role="img",
        viewBox=f"0 0 {_n(width)} {_n(height)}",
        width=_n(width),
        height=_n(height),
    )


def _text(x: float, y: float, text: str, anchor: str, look: str = "") -> Markup:
    size = _SMALL if "small" in look else _TEXT
    return tag("text", text, x=_n(x), y=_n(y), text_anchor=anchor, font_size=size, class_=look or None)


def _rect(x: float, y: float, width: float, height: float, look: str) -> Markup:
    return tag("rect", x=_n(x), y=_n(y), width=_n(width), height=_n(height), rx=2, class_=look)


def _line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return tag("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_="axis")


def _whisker(left: float, right: float, middle: float) -> list[Markup]:
    ends = [tag("line", x1=_n(x), y1=_n(middle - 4), x2=_n(x), y2=_n(middle + 4), class_="whisker") for x in (left, right)]
    return [tag("line", x1=_n(left), y1=_n(middle), x2=_n(right), y2=_n(middle), class_="whisker"), *ends]


def _n(value: float) -> str:
    """A coordinate: two decimals at most, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
