"""What a document that is handed over is made of, whatever it is written in: sections of words, tables and drawings.

Text in it is as it was loaded, so hostile; whoever writes it out makes it harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.views.markup import Markup


@dataclass(frozen=True, slots=True)
class Code:
    """An id, or what is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What matters in a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is there for those who look."""

    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A score with its AIVSS band; ``None`` where there is no score."""

    severity: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The numbers of the documents that say so."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1, drawn as a bar where that can be done; the figure stands beside it."""

    value: float


Piece = str | Code | Strong | Quiet | Band | Ref | Share
Words = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; a ``look`` of ``note`` sets them apart."""

    words: Words
    look: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[Words]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; figures stand to the right."""

    name: str
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the caption says where they come from."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Words]]
    caption: Words = ()
    names: Sequence[str] = ()
    """By which others point to the rows; empty where nobody does."""
    look: str = ""
    """``chain`` for the steps of a chain, which stand in columns of the same width in each."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Drawings of one matter, and the same in words or as a table."""

    drawings: Sequence[Markup]
    title: str
    caption: Words
    twin: Table | None = None
    """``None`` where a table beside it says the same."""
    mermaid: str | None = None


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that are typed or read as they stand."""

    text: str
    language: str = "console"


@dataclass(frozen=True, slots=True)
class Card:
    """A few blocks that belong together on a page."""

    title: Words
    blocks: "Sequence[Block]"
    look: str = ""
    """``chain`` for one of several chains in a card."""


Block = Paragraph | Bullets | Table | Drawing | Verbatim | Card


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part, with the name by which others point to it."""

    name: str
    title: str
    blocks: Sequence[Block]
    sections: "Sequence[Section]" = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its title, what is known of it, and its sections."""

    title: str
    facts: Sequence[tuple[str, Words]]
    sections: Sequence[Section]
