"""The report as one HTML page: self-contained, without script, for the screen, a phone and paper."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from itertools import repeat
from pathlib import Path

from kb.views.markup import Markup, joined, own_direction, tag
from kb.views.report.blocks import (
    Band,
    Block,
    Bullets,
    Card,
    Code,
    Column,
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
from kb.views.style import HEAT, SEVERITY_FILL, fill_name, page_variables

_CSS = Path(__file__).with_name("report.css")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
"""The style of a drawing, which goes to the page's own so that one hash covers all."""
_WHOLE = 40
"""Characters up to which a word is not broken, however narrow its column."""


def to_page(document: Document) -> str:
    """``document`` as an HTML page."""
    body = [*_head(document), *(_section(section, 2, f"{at}. ") for at, section in enumerate(document.sections, 1))]
    main = tag("main", *body)
    styles = "".join(unescape(style) for style in dict.fromkeys(_STYLE.findall(main)))
    css = page_variables() + _palette() + _css() + styles
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", document.title),
        Markup(f"<style>{css}</style>"),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', Markup(_STYLE.sub('', main))), lang='en')}\n"


@cache
def _css() -> str:
    return _CSS.read_text(encoding="utf-8")


def _palette() -> str:
    """Classes for the palette's fills: bands and heat."""
    bands = [
        f".band.{name}{{background:var(--{name});color:var(--{name}-ink)}}.bar.{name}{{fill:var(--{name})}}"
        for name in map(fill_name, SEVERITY_FILL)
    ]
    heat = [f".heat-{step}{{fill:{fill.hex}}}.plot .on-heat-{step}{{fill:{fill.ink}}}" for step, fill in enumerate(HEAT)]
    return "".join([*bands, *heat]) + "\n"


def _head(document: Document) -> list[Markup]:
    facts = [tag("div", tag("dt", name), tag("dd", *map(_piece, words))) for name, words in document.facts]
    contents = [tag("li", tag("a", section.title, href=f"#{section.name}")) for section in document.sections]
    return [
        tag("header", tag("h1", own_direction(document.title)), tag("dl", *facts)),
        tag("nav", tag("h2", "Contents"), tag("ol", *contents), aria_label="Contents"),
    ]


def _section(section: Section, level: int, number: str = "") -> Markup:
    inner = [*(_block(block, level + 1) for block in section.blocks), *(_section(part, level + 1) for part in section.sections)]
    heading = tag(f"h{level}", number, own_direction(section.title))
    return tag("section", heading, *inner, id=section.name)


def _block(block: Block, level: int) -> Markup:
    """``block``, its own headings of ``level``."""
    match block:
        case Paragraph(words, look):
            return tag("p", *map(_piece, words), class_=look or None)
        case Bullets(items, numbered):
            return tag("ol" if numbered else "ul", *(tag("li", *map(_piece, item)) for item in items))
        case Table():
            return _table(block)
        case Drawing(drawings, title, caption, twin):
            table = [tag("details", tag("summary", "As a table"), _table(twin))] if twin else []
            told = tag("figcaption", tag("strong", title), ". ", *map(_piece, caption))
            return joined(
                [*(tag("figure", drawing, *([told] if drawing is drawings[-1] else [])) for drawing in drawings), *table]
            )
        case Verbatim(text):
            return tag("pre", tag("code", *(joined([line, Markup("\n")]) for line in text.splitlines())))
        case Card(title, inner, look):
            blocks = [_block(part, level + 1) for part in inner]
            return tag("article", tag(f"h{level}", *map(_piece, title)), *blocks, class_=look or None)


def _table(table: Table) -> Markup:
    """A table whose cells say on a narrow screen what they are of, as they stand below each other there."""
    heads = [tag("th", column.name, scope="col", class_="figure" if column.figures else None) for column in table.columns]
    rows = [
        tag("tr", *(_cell(words, column) for words, column in zip(row, table.columns, strict=True)), id=name)
        for row, name in zip(table.rows, table.names or repeat(None), strict=False)
    ]
    caption = [tag("p", *map(_piece, table.caption), class_="caption")] if table.caption else []
    inner = tag("thead", tag("tr", *heads)), tag("tbody", *rows)
    return joined([tag("table", *inner, class_=table.look or None), *caption])


def _cell(words: Words, column: Column) -> Markup:
    """A cell in one piece, so that on a narrow screen its head stands beside all of it."""
    return tag("td", tag("div", *map(_piece, words)), data_of=column.name or None, class_="figure" if column.figures else None)


def _piece(piece: Piece) -> Markup:
    match piece:
        case str():
            return _plain(piece)
        case Code(text):
            return tag("code", own_direction(text), class_=_breaks(text))
        case Strong(text):
            return tag("strong", own_direction(text), class_=_breaks(text))
        case Quiet(text):
            return tag("span", own_direction(text), class_=" ".join(filter(None, ["quiet", _breaks(text)])))
        case Band(severity, text):
            return tag("span", text, class_=f"band {fill_name(severity)}")
        case Ref(numbers):
            return joined(tag("a", f"[{number}]", href=f"#document-{number}", class_="ref") for number in numbers)
        case Share(value):
            inner = tag("rect", width=f"{value * 60:.2f}", height=8, class_="share")
            return tag(
                "svg",
                tag("rect", width=60, height=8, class_="rest"),
                inner,
                class_="meter",
                viewBox="0 0 60 8",
                width=60,
                height=8,
                aria_hidden="true",
            )


def _plain(text: str) -> Markup:
    """Words as they are; those that a column cannot hold may break, and other scripts keep their direction to themselves."""
    if _breaks(text):
        return tag("span", own_direction(text), class_="long")
    return joined([text]) if text.isascii() or not text.strip() else own_direction(text)


def _breaks(text: str) -> str | None:
    """The class of text with a word so long that it has to be broken."""
    return "long" if any(len(word) > _WHOLE for word in text.split()) else None
