"""A document as Markdown: hostile text stays text, whichever dialect reads it."""

import re
from collections.abc import Iterator, Sequence

from kb.views.drawings.label import legible
from kb.views.report.blocks import (
    Band,
    Block,
    Bullets,
    Card,
    Code,
    Document,
    Drawing,
    Paragraph,
    Piece,
    Quiet,
    Ref,
    Section,
    Share,
    Strong,
    Table,
    Verbatim,
    Words,
)

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$]|&(?=[#\w]))")
"""What means something in a line of some dialect of Markdown."""
_LEADING = re.compile(r"^(?:(\d+)(?=[.)](?:\s|$))|(?=[-+=:]))")
"""Where a line would start a list, a rule or a definition: before the sign that makes it one."""
_LINKED = re.compile(r"://|www\.|@|(?:mailto|xmpp|javascript|data|tel):", re.IGNORECASE)
"""What some dialects turn into a link by itself; only code is safe from that."""
_BARE_PIPE = re.compile(r"(?<!\\)\|")
"""What would end a cell: in code, the one place where it is not escaped already."""


def to_markdown(document: Document) -> str:
    """``document`` as Markdown with tables as GitHub writes them."""
    lines = [f"# {words_of([document.title])}", ""]
    lines += [f"- **{words_of([name])}**: {words_of(words)}" for name, words in document.facts]
    lines.append("")
    for number, section in enumerate(document.sections, 1):
        lines += _section(section, 2, f"{number}. ")
    return "\n".join(lines).rstrip("\n") + "\n"


def words_of(words: Words) -> str:
    """``words`` as they stand within a line."""
    return "".join(map(_piece, words)).strip()


def line_of(words: Words) -> str:
    """``words`` as a line of their own."""
    return _LEADING.sub(r"\1\\", words_of(words))


def escaped(text: str) -> str:
    """``text`` so that it is read as it stands: no link, image, HTML, heading, table or emphasis comes of it."""
    shown = legible(text)
    return code(shown) if _LINKED.search(shown) else _ACTIVE.sub(r"\\\1", shown)


def code(text: str) -> str:
    """``text`` as code, between more backticks than it holds."""
    shown = legible(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    room = " " if longest or shown != shown.strip() or not shown else ""
    return f"{fence}{room}{shown}{room}{fence}"


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return escaped(piece) if piece.strip() else piece
        case Code(text):
            return code(text)
        case Strong(text):
            return f"**{escaped(text)}**"
        case Quiet(text):
            return escaped(text)
        case Band(_, text):
            return f"**{escaped(text)}**"
        case Ref(numbers):
            return " ".join(f"\\[{number}\\]" for number in numbers)
        case Share():
            return ""


def _section(section: Section, level: int, number: str = "") -> Iterator[str]:
    yield from (f"{'#' * level} {number}{words_of([section.title])}", "")
    yield from _blocks(section.blocks)
    for part in section.sections:
        yield from _section(part, level + 1)


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (*_block(block), "")


def _block(block: Block) -> list[str]:
    match block:
        case Paragraph(words, look):
            return [f"> {line_of(words)}" if look else line_of(words)]
        case Bullets(items, numbered):
            return [f"{f'{number}.' if numbered else '-'} {line_of(item)}" for number, item in enumerate(items, 1)]
        case Table():
            return _table(block)
        case Drawing(_, title, caption, twin, mermaid):
            drawn = ["```mermaid", mermaid.rstrip("\n"), "```", ""] if mermaid else []
            told = _table(twin) if twin else []
            return [f"**{words_of([title])}**", "", *drawn, *told, *([""] if told else []), line_of(caption)]
        case Verbatim(text, language):
            return [f"```{language}", *(legible(line) for line in text.splitlines()), "```"]
        case Card(title, inner, look):
            return [f"{'#####' if look else '####'} {words_of(title)}", "", *_blocks(inner)][:-1]


def _table(table: Table) -> list[str]:
    if not table.rows:
        return []
    head = [words_of([column.name]) for column in table.columns]
    rule = ["---:" if column.figures else "---" for column in table.columns]
    rows = [[_BARE_PIPE.sub(r"\|", words_of(cell)) for cell in row] for row in table.rows]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
    return [*lines, *(["", line_of(table.caption)] if table.caption else [])]
