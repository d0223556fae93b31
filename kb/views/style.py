"""Colours, marks and words, said once for every view: a severity looks and reads the same on a screen, a page and a picture."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kb.model.schema import RELATION_KINDS


class Ink(NamedTuple):
    """One colour of words and lines, as a terminal and as a page name it."""

    ansi: str
    """A style of the terminal's own palette, so that it suits a light screen and a dark one."""
    hex: str
    """``#rrggbb``, at least 4.5:1 against white."""
    dark: str
    """The same for a dark page: at least 4.5:1 against :data:`DARK_PAPER`."""


class Fill(NamedTuple):
    """A filled shape and what is written on it, at least 4.5:1 to each other; the same on light and dark paper."""

    hex: str
    ink: str


class Stroke(NamedTuple):
    """How a line is drawn, told apart without colour."""

    dashes: tuple[int, ...]
    """Lengths of dash and gap in pixels; empty for a solid line."""
    words: str
    """What the legend says."""


PAPER, DARK_PAPER = "#ffffff", "#14181f"
PAPER_INK, DARK_PAPER_INK = "#1a1a1a", "#e8eaed"
BAND, DARK_BAND = "#f4f5f7", "#1b2029"
"""Paper behind the columns of a picture."""

SEVERITY: Mapping[str, Ink] = MappingProxyType(
    {
        "Critical": Ink("bold red", "#a50026", "#ff8095"),
        "High": Ink("red", "#b8400e", "#ff9a6b"),
        "Medium": Ink("yellow", "#7a5c00", "#f2cf66"),
        "Low": Ink("blue", "#2f5d9b", "#8fb4e8"),
        "None": Ink("cyan", "#2b6f7f", "#9fd6e3"),
    }
)
"""AIVSS band to the colour of its name; after ColorBrewer's RdYlBu, which people with any colour vision tell apart."""

SEVERITY_FILL: Mapping[str | None, Fill] = MappingProxyType(
    {
        "Critical": Fill("#a50026", "#ffffff"),
        "High": Fill("#f46d43", "#1a1a1a"),
        "Medium": Fill("#fee090", "#1a1a1a"),
        "Low": Fill("#4575b4", "#ffffff"),
        "None": Fill("#d4eef5", "#1a1a1a"),
        None: Fill("#d9d9d9", "#1a1a1a"),
    }
)
"""AIVSS band to the fill of what has it; ``None`` where there is no score, which is not the band ``None``."""

HEAT: tuple[Fill, ...] = (
    Fill("#fff2c2", "#1a1a1a"),
    Fill("#fed976", "#1a1a1a"),
    Fill("#fe9929", "#1a1a1a"),
    Fill("#cc4c02", "#ffffff"),
    Fill("#7f2704", "#ffffff"),
)
"""Few to many, in cells that also say how many; after ColorBrewer's YlOrBr, which people with any colour vision tell apart."""

CERTAINTY_WORD: Mapping[str | None, str] = MappingProxyType(
    {"mapped": "mapped", "uncertain": "not certain from the document", None: "certainty not given"}
)

SEVERITY_MARK: Mapping[str | None, str] = MappingProxyType({band: band[0] for band in SEVERITY})
"""AIVSS band to the letter that says it beside its fill, for eyes and paper without colours; no score has none."""

CERTAINTY_STROKE: Mapping[str | None, Stroke] = MappingProxyType(
    {
        "mapped": Stroke((), CERTAINTY_WORD["mapped"]),
        "uncertain": Stroke((6, 4), CERTAINTY_WORD["uncertain"]),
        None: Stroke((2, 3), CERTAINTY_WORD[None]),
    }
)
"""Certainty to the border of a spot."""

NODE: Mapping[str, Ink] = MappingProxyType(
    {
        "Agent": Ink("blue", "#1f4e8c", "#8fb4e8"),
        "Capability": Ink("magenta", "#6a3d9a", "#cdaef0"),
        "Layer": Ink("dim", "#595959", "#b0b5bd"),
        "Threat": Ink("red", "#b3123a", "#ff8095"),
        "Mitigation": Ink("green", "#2e7d32", "#8fd694"),
        "Resource": Ink("yellow", "#946200", "#f2cf66"),
        "System": Ink("cyan", "#00697a", "#9fd6e3"),
        "Assessment": Ink("bold", "#1a1a1a", "#e8eaed"),
    }
)
"""Node kind to its colour in a picture."""

RISK = Ink("red", "#c2410c", "#ff9a6b")
"""The relations that carry compromise."""

_SPOKEN = Stroke((), "one speaks to the other")
_MADE = Stroke((14, 5), "one works with what the other made")
_CALLED = Stroke((8, 4), "one calls the other")
_SHARED = Stroke((2, 4), "through what both use")
_STRANGE = Stroke((12, 4, 2, 4), "strangers get in")
_SAID = Stroke((4, 4), "carries no compromise")

CHANNEL_STROKE: Mapping[str, Stroke] = MappingProxyType(
    dict.fromkeys(("delegation", "supervision", "message", "handoff", "sequence"), _SPOKEN)
    | {"artifact": _MADE, "tool-call": _CALLED}
    | dict.fromkeys(("retrieval", "shared-memory", "shared-tool"), _SHARED)
    | {f"outside-{entry}": _STRANGE for entry in ("text", "content", "knowledge", "tools", "packages")}
    | {kind: _SAID for kind in RELATION_KINDS if kind not in ("TRUSTS", "USES")}
    | {"TRUSTS": _SPOKEN, "USES": _SHARED}
)
"""Channel of the cascade tables, else relation kind, to how its lines are drawn: one stroke for what works the same way, as
nobody tells fifteen apart."""

THIN, THICK = 1.25, 5.0
"""Pixels of the lines of least and of full strength."""


def stroke_of(channel: str, kind: str) -> Stroke:
    """How a relation of ``kind`` is drawn that is wired over ``channel``; the latter may be empty or unheard of."""
    return CHANNEL_STROKE.get(channel) or CHANNEL_STROKE.get(kind) or _SAID


def thickness(strength: float | None) -> float:
    """Pixels of a line: in proportion to ``strength`` (0 to 1), thin where there is none."""
    return THIN if strength is None else round(THIN + (THICK - THIN) * min(max(strength, 0.0), 1.0), 2)


CERTAINTY_MARK: Mapping[str | None, str] = MappingProxyType({"mapped": "✓", "uncertain": "?", None: " "})
"""Certainty to its mark; a document that does not say how certain it is gets none."""

POLARITY_WORD: Mapping[str | None, str] = MappingProxyType(
    {"stated": "stated", "mitigated": "mitigated", "denied": "ruled out", None: "stated"}
)

ORIGIN_WORD: Mapping[str, str] = MappingProxyType(
    {"stated": "read in a text", "declared": "declared by a document", "inferred": "inferred by a rule"}
)

HEADING = Ink("bold", "#1a1a1a", "#e8eaed")
QUIET = Ink("dim", "#595959", "#b0b5bd")
"""What is there for those who look: places, ids of documents, notes."""
CERTAIN = Ink("green", "#2e7d32", "#8fd694")
UNCERTAIN = Ink("yellow", "#946200", "#f2cf66")

CERTAINTY: Mapping[str | None, Ink] = MappingProxyType({"mapped": CERTAIN, "uncertain": UNCERTAIN, None: QUIET})

STATE: Mapping[str, Ink] = MappingProxyType(
    {"ok": CERTAIN, "optional": QUIET, "warning": UNCERTAIN, "failed": Ink("bold red", "#b3123a", "#ff8095")}
)
"""State of a check to its colour."""

LINE = Ink("dim", "#6b7280", "#9aa3b0")
"""Relations beside the chain."""
GRID = Ink("dim", "#767676", "#7d8794")
"""Rules between columns, frames."""


def page_variables() -> str:
    """The CSS that gives every ink and fill a name: ``--severity-high``, ``--fill-high``, ``--fill-high-ink``, ``--paper``.

    Dark where the reader's screen is, unless the root element says ``data-theme="light"`` or ``"dark"``; paper is white.
    """
    dark = {"paper": DARK_PAPER, "band": DARK_BAND, "ink": DARK_PAPER_INK}
    dark |= {name: ink.dark for name, ink in _named_inks().items()}
    return (
        f":root{{color-scheme:light dark;{_declared(_light())}}}\n"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{_declared(dark)}}}}}\n'
        f':root[data-theme="light"]{{color-scheme:light}}\n'
        f':root[data-theme="dark"]{{color-scheme:dark;{_declared(dark)}}}\n'
    )


def with_fallbacks(css: str) -> str:
    """``css`` with the light colour before each named one, for programs that know no names: what they do not know they skip."""
    light = _light()
    return _NAMED.sub(lambda found: f"{found[1]}:{light[found[2]]};{found[0]}", css)


def fill_name(severity: str | None) -> str:
    """``fill-high`` for ``High``; ``fill-unknown`` where there is no score. With ``-ink`` what is written on it."""
    return f"fill-{(severity or 'unknown').lower()}" if severity in SEVERITY_FILL else "fill-unknown"


def _light() -> dict[str, str]:
    """Name to colour on light paper."""
    named = {"paper": PAPER, "band": BAND, "ink": PAPER_INK}
    return named | {name: ink.hex for name, ink in _named_inks().items()} | _named_fills()


def _named_inks() -> dict[str, Ink]:
    named = {f"severity-{band.lower()}": ink for band, ink in SEVERITY.items()}
    named |= {f"node-{kind.lower()}": ink for kind, ink in NODE.items()}
    named |= {"certain": CERTAIN, "uncertain": UNCERTAIN, "risk": RISK}
    return named | {"line": LINE, "grid": GRID, "quiet": QUIET, "heading": HEADING}


def _named_fills() -> dict[str, str]:
    named: dict[str, str] = {}
    for severity, fill in SEVERITY_FILL.items():
        named |= {fill_name(severity): fill.hex, f"{fill_name(severity)}-ink": fill.ink}
    return named


def _declared(values: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


_NAMED = re.compile(r"([\w-]+):var\(--([\w-]+)\)")

BAR_FULL, BAR_PARTS, BAR_REST = "█", "▏▎▍▌▋▊▉", "░"


def bar(share: float, width: int) -> str:
    """``share`` (0 to 1) as a bar of ``width`` characters, drawn to an eighth of a character."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, part = divmod(eighths, 8)
    drawn = BAR_FULL * full + (BAR_PARTS[part - 1] if part else "")
    return drawn + BAR_REST * (width - len(drawn))
