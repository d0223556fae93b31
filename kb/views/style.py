"""Colours, marks and words, said once for every view: a severity looks and reads the same on a screen, a page and a picture."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Ink(NamedTuple):
    """One colour, as a terminal and as a page name it."""

    ansi: str
    """A style of the terminal's own palette, so that it suits a light screen and a dark one."""
    hex: str
    """``#rrggbb``, at least 4.5:1 against white."""


SEVERITY: Mapping[str, Ink] = MappingProxyType(
    {
        "Critical": Ink("bold red", "#b3123a"),
        "High": Ink("red", "#c2410c"),
        "Medium": Ink("yellow", "#946200"),
        "Low": Ink("green", "#2e7d32"),
        "None": Ink("cyan", "#00697a"),
    }
)
"""AIVSS band to its colour."""

NODE: Mapping[str, Ink] = MappingProxyType(
    {
        "Agent": Ink("blue", "#1f4e8c"),
        "Capability": Ink("magenta", "#6a3d9a"),
        "Layer": Ink("dim", "#595959"),
        "Threat": Ink("red", "#b3123a"),
        "Mitigation": Ink("green", "#2e7d32"),
        "Resource": Ink("yellow", "#946200"),
        "System": Ink("cyan", "#00697a"),
        "Assessment": Ink("bold", "#1a1a1a"),
    }
)
"""Node kind to its colour in a picture."""

RISK = Ink("red", "#c2410c")
"""The relations that carry compromise."""

CERTAINTY_MARK: Mapping[str | None, str] = MappingProxyType({"mapped": "✓", "uncertain": "?", None: " "})
"""Certainty to its mark; a document that does not say how certain it is gets none."""

CERTAINTY_WORD: Mapping[str | None, str] = MappingProxyType(
    {"mapped": "mapped", "uncertain": "not certain from the document", None: "certainty not given"}
)

POLARITY_WORD: Mapping[str | None, str] = MappingProxyType(
    {"stated": "stated", "mitigated": "mitigated", "denied": "ruled out", None: "stated"}
)

ORIGIN_WORD: Mapping[str, str] = MappingProxyType(
    {"stated": "read in a text", "declared": "declared by a document", "inferred": "inferred by a rule"}
)

HEADING = Ink("bold", "#1a1a1a")
QUIET = Ink("dim", "#595959")
"""What is there for those who look: places, ids of documents, notes."""
CERTAIN = Ink("green", "#2e7d32")
UNCERTAIN = Ink("yellow", "#946200")

CERTAINTY: Mapping[str | None, Ink] = MappingProxyType({"mapped": CERTAIN, "uncertain": UNCERTAIN, None: QUIET})

STATE: Mapping[str, Ink] = MappingProxyType(
    {"ok": CERTAIN, "optional": QUIET, "warning": UNCERTAIN, "failed": Ink("bold red", "#b3123a")}
)
"""State of a check to its colour."""

BAR_FULL, BAR_PARTS, BAR_REST = "█", "▏▎▍▌▋▊▉", "░"


def bar(share: float, width: int) -> str:
    """``share`` (0 to 1) as a bar of ``width`` characters, drawn to an eighth of a character."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, part = divmod(eighths, 8)
    drawn = BAR_FULL * full + (BAR_PARTS[part - 1] if part else "")
    return drawn + BAR_REST * (width - len(drawn))
