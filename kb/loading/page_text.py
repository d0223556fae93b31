"""The lines of a threat-model page and the sections that they fall into.

A page may be cut after any character, so its last line is :attr:`Line.last`: what is written there may be half of something.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kb.errors import Fault
from kb.model.aivss import factor_key

TITLE_END = "agentic threat model"
"""What every title ends in, after a dash."""

RATIONALE = "OWASP AIVSS score rationale"
MAESTRO = "MAESTRO 7-layer threat model"
_SCORED_WITH = "Scored with the canonical OWASP AIVSS formula"
_PER_LAYER = "Per-layer threats for this agent"
_FOOTER = "MAESTRO — the 7-layer agentic"
CHROME = "AgentReadyHome"
"""How the page text of the public site begins: its navigation, run together."""

LONGEST_LABEL = 120
"""Characters; a longer line is prose, never a heading, a factor or a layer's label. Keeps every pattern's work bounded."""

_HEADING_MARKS = re.compile(r"#{1,6}\s+")
_LABEL = re.compile(r"L\s?(\d{1,2})\s*[·•∙・]\s*(.*)")


class Line(NamedTuple):
    """A line that is not blank, without the white space around it."""

    number: int
    """Where it stands in the file, from 1."""
    text: str
    after_blank: bool
    """Whether a blank line stands before it."""
    last: bool
    """Whether only white space follows it, so that the text may have been cut in it."""

    @property
    def plain(self) -> str:
        """The text without the marks that Markdown sets around headings; empty where it is too long to be one."""
        if len(self.text) > LONGEST_LABEL:
            return ""
        return _HEADING_MARKS.sub("", self.text, count=1).strip("* ").replace("\ufe0f", "")

    def says(self, sentence: str) -> bool:
        """Whether this is ``sentence``, or goes on after it."""
        return self._start().startswith(sentence.casefold())

    def begins(self, sentence: str) -> bool:
        """Whether this is ``sentence``, goes on after it, or is as much of it as a cut has left."""
        return self.says(sentence) or (self.last and sentence.casefold().startswith(self._start().rstrip("….")))

    def _start(self) -> str:
        return _HEADING_MARKS.sub("", self.text[:LONGEST_LABEL], count=1).strip("* ").casefold()


@dataclass(slots=True)
class Notes:
    """What a parser has to say of a file: faults, for which it is left out, and remarks, with which it is taken."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def fault(self, line: int, error: str) -> None:
        """Note that the file cannot be taken."""
        self.faults.append(Fault(self.path, line, error))

    def remark(self, sentence: str) -> None:
        """Note what is odd but possible."""
        self.remarks.append(sentence)


class Sections(NamedTuple):
    """The parts of a page; each but the title may be empty."""

    head: list[Line]
    title: Line
    summary: list[Line]
    """Headline and summary."""
    figures: list[Line]
    """Score block and factors."""
    layers: list[Line]
    """Labels and paragraphs, without the sentence above and the footer below them."""
    past_figures: bool
    """Whether the text goes on after the figures, so that what they lack was not cut off."""
    has_footer: bool


def lines_of(text: str, numbers: Sequence[int] | None = None) -> list[Line]:
    """The lines of ``text`` that are not blank; ``numbers`` gives the place of each line where it is not its index."""
    found: list[tuple[int, str, bool]] = []
    blank = False
    for index, raw in enumerate(re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))):
        stripped = raw.strip().strip("\u200b\ufeff")
        if stripped:
            found.append((numbers[index] if numbers else index + 1, stripped, blank))
        blank = not stripped
    return [Line(*parts, last=place == len(found)) for place, parts in enumerate(found, 1)]


def title_name(line: Line) -> str | None:
    """The agent's name where ``line`` is a page's title, else ``None``; empty where the title names nobody."""
    text = _HEADING_MARKS.sub("", line.text, count=1).strip("* ")
    if not text.endswith(TITLE_END):
        return None
    before = text.removesuffix(TITLE_END).rstrip()
    return " ".join(before[:-1].split()) if before[-1:] in ("—", "–", "-") else None


def label_parts(line: Line) -> tuple[int, str] | None:
    """The number and the rest of a layer's label (``L3 · Agent Frameworks✓ mapped``), else ``None``."""
    match = _LABEL.fullmatch(line.plain)
    return (int(match[1]), match[2]) if match else None


def table_cells(line: Line) -> list[str] | None:
    """The cells of a line that is the row of a table, else ``None``."""
    if not line.text.startswith("|") or len(line.text) > 2 * LONGEST_LABEL:
        return None
    return [cell.strip("* ") for cell in line.text.removeprefix("|").split("|")]


def sections_of(lines: Sequence[Line]) -> Sections | None:
    """The sections of a page, found by their fixed sentences and not by their place; ``None`` where no title is found."""
    title = _first(lines, lambda line: title_name(line) is not None)
    if title == len(lines):
        return None
    rest = lines[title + 1 :]
    maestro = _first(rest, _opens_layers)
    rationale = _first(rest[:maestro], _opens_figures)
    figures = rest[rationale:maestro]
    layers = _without_heading(rest[maestro:])
    footer = _first(layers, lambda line: line.begins(_FOOTER))
    return Sections(
        head=list(lines[:title]),
        title=lines[title],
        summary=list(rest[:rationale]),
        figures=list(figures[: _first(figures, lambda line: line.begins(_SCORED_WITH))]),
        layers=list(layers[:footer]),
        past_figures=maestro < len(rest) or any(line.says(_SCORED_WITH) for line in figures),
        has_footer=footer < len(layers),
    )


def _first(lines: Sequence[Line], wanted: Callable[[Line], bool]) -> int:
    """The index of the first line that is ``wanted``; their number where none is."""
    return next((index for index, line in enumerate(lines) if wanted(line)), len(lines))


def _opens_figures(line: Line) -> bool:
    """Whether the score rationale begins here: with its heading, its formula, or a row where the heading was lost."""
    if line.begins(RATIONALE) or line.plain.startswith(("AIVSS = (", "CVSS base ")):
        return True
    cells = table_cells(line)
    return factor_key(cells[0] if cells else line.plain) is not None


def _opens_layers(line: Line) -> bool:
    """Whether the layers begin here: with a whole fixed sentence, or with a label where both sentences were lost."""
    return line.says(MAESTRO) or line.says(_PER_LAYER) or label_parts(line) is not None


def _without_heading(lines: Sequence[Line]) -> Sequence[Line]:
    """``lines`` after the fixed sentences that stand above the layers, the last of which a cut may have shortened."""
    if lines and lines[0].says(MAESTRO):
        lines = lines[1:]
    return lines[1:] if lines and lines[0].begins(_PER_LAYER) else lines
