"""Threat-model pages of the AgentReady directory as text: page text ("full") or a readability extraction ("table").

A page may be whole or cut after any character.
The form of the pages, with the evidence for it, is described in ``docs/loading.md``.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from unicodedata import category
from urllib.parse import unquote, urlsplit

from kb.errors import Fault, InputError
from kb.loading.page_figures import PageFigures, is_headline, read_figures
from kb.loading.page_layers import PageLayers, blocks_of, read_layers
from kb.loading.page_text import CHROME, TITLE_END, Line, Notes, Sections, lines_of, sections_of, title_name
from kb.loading.parsed import Paragraph, ParsedAssessment
from kb.model.aivss import FACTOR_NAMES
from kb.model.ids import DOCUMENT_ID, slugify

PARSER_VERSION = "1"
"""Rises with every change that reads a page differently, so that unchanged files are read again."""

_LONGEST_HEAD = 20
"""Lines above the title of a page as text; known ones have two. A text that quotes a page further down is none itself."""

_LONGEST_SUMMARY = 6
"""Lines of headline and summary in a page that shows nothing else; known ones have two."""

_LONGEST_NAME = 300
"""Characters; the longest known one has 44."""

_MOST_REMARKS = 30


class Page(NamedTuple):
    """A page, and the paragraphs in which threats may be stated."""

    assessment: ParsedAssessment
    paragraphs: tuple[Paragraph, ...]


def parse_page(
    text: str, path: str, *, url: str | None = None, html: bool = False, numbers: Sequence[int] | None = None
) -> tuple[Page, ...]:
    """The page that ``text`` holds.

    ``url`` is the page's address where it is known from elsewhere; ``html`` says that the text was made from HTML, and
    ``numbers`` then gives for each of its lines the line in the file. Raises :class:`~kb.errors.InputError` with every
    fault at once.
    """
    address, lines = _own_address(lines_of(text, numbers), url)
    sections = sections_of(lines)
    if sections is None:
        raise InputError([Fault(path, 1, f"no title that ends in '— {TITLE_END}', so this is no threat-model page")])
    notes = Notes(path)
    figures = read_figures(sections.figures, sections.summary, notes)
    full = figures.full or _has_chrome(sections)
    layers = read_layers(sections.layers, by_order=html or not full, notes=notes)
    _check(sections, figures, layers, notes)
    form: Literal["full", "table", "html"] = "html" if html else "full" if full or layers.labelled else "table"
    page = _page(sections, figures, layers, form, address, notes)
    if notes.faults:
        raise InputError(sorted(notes.faults, key=lambda fault: fault.line))
    return (page,)


def is_page(text: str, *, html: bool = False) -> bool:
    """Whether ``text`` is a threat-model page: a title near its top, and under it what no other text has.

    The site's pages on AIVSS and MAESTRO are none: their titles are questions, and they list no factors.
    """
    _, lines = _own_address(lines_of(text), None)
    sections = sections_of(lines)
    if sections is None or (len(sections.head) > _LONGEST_HEAD and not html):
        return False
    return bool(sections.figures or sections.past_figures or _has_chrome(sections)) or _ends_before_factors(sections)


def slug_in(url: str) -> str | None:
    """The agent's slug where ``url`` is the address of a threat-model page (``…/directory/<slug>/threat-model``)."""
    try:
        parts = urlsplit(url).path.rstrip("/").split("/")
    except ValueError:
        return None
    if len(parts) < 4 or parts[-1] != "threat-model" or parts[-3] != "directory" or not parts[-2]:
        return None
    slug = unquote(parts[-2])
    return slug if DOCUMENT_ID.fullmatch(slug) else slugify(slug)


def _page(
    sections: Sections,
    figures: PageFigures,
    layers: PageLayers,
    form: Literal["full", "table", "html"],
    url: str | None,
    notes: Notes,
) -> Page:
    name = title_name(sections.title) or ""
    slug = (slug_in(url) if url else None) or slugify(name)
    assessment = ParsedAssessment(
        kind="page",
        form=form,
        series=f"page:{slug}:{form}",
        subject=slug,
        name=name,
        title=f"{name} — {TITLE_END}",
        url=url,
        as_of=None,
        line=1,
        cut=not (sections.has_footer or layers.ends_whole),
        factors=figures.factors,
        figures=figures.figures,
        layers=layers.certainties,
        remarks=_bounded(notes.remarks),
    )
    return Page(assessment, (*_summary(sections.summary), *layers.paragraphs))


def _bounded(remarks: Sequence[str]) -> tuple[str, ...]:
    """``remarks``, of which a hostile page can cause any number, with a count in place of those beyond a screenful."""
    more = len(remarks) - _MOST_REMARKS
    return (*remarks[:_MOST_REMARKS], *([f"and {more} further remarks"] if more > 0 else []))


def _summary(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs between headline and score rationale, of which there is one on every known page."""
    prose = [line for line in lines if not is_headline(line)]
    return [Paragraph(None, block.text, block.number, "mapped") for block in blocks_of(prose)]


# ----------------------------------------------------------------------------------------------------------------------
# The page's own address
# ----------------------------------------------------------------------------------------------------------------------


def _own_address(lines: Sequence[Line], given: str | None) -> tuple[str | None, list[Line]]:
    """The page's address, and ``lines`` without those that hold nothing else.

    An address within a paragraph may be another page's, so it is read only on a line of its own, with a word like
    "Source:" before it at most.
    """
    own = [(_address(line), line) for line in lines]
    addresses = [address for address, _ in own if address]
    return given or next(iter(addresses), None), [line for address, line in own if address is None]


def _address(line: Line) -> str | None:
    words = line.text.split(maxsplit=3)
    if len(words) > 2 or (len(words) == 2 and not words[0].endswith(":")):
        return None
    address = words[-1].strip("<>()")
    return address if address.startswith(("http://", "https://")) and slug_in(address) else None


# ----------------------------------------------------------------------------------------------------------------------
# Checks of the whole
# ----------------------------------------------------------------------------------------------------------------------


def _check(sections: Sections, figures: PageFigures, layers: PageLayers, notes: Notes) -> None:
    name = title_name(sections.title) or ""
    if not name:
        notes.fault(sections.title.number, f"the title names no agent before '— {TITLE_END}'")
    if len(name) > _LONGEST_NAME:
        notes.fault(sections.title.number, f"the agent's name has {len(name):,} characters; at most {_LONGEST_NAME}")
    if any(category(char) in ("Cc", "Cf") for char in name):
        notes.remark(f"line {sections.title.number}: the name holds characters that cannot be seen: {name!r}")
    if not figures.rows and not _ends_before_factors(sections):
        notes.fault(
            sections.title.number,
            "no AIVSS factor found; give the whole text of the page, with the rows under its score rationale",
        )
    if sections.layers and not layers.certainties and not layers.paragraphs and not sections.layers[0].last:
        notes.remark(f"line {sections.layers[0].number}: no layer is labelled below the heading of the layers")
    missing = [name for name in FACTOR_NAMES if name not in figures.factors]
    if missing and figures.rows and (sections.past_figures or len(missing) < len(FACTOR_NAMES)):
        notes.remark(f"no value for {', '.join(missing)}")


def _has_chrome(sections: Sections) -> bool:
    return any(line.text.startswith(CHROME) for line in sections.head)


def _ends_before_factors(sections: Sections) -> bool:
    """Whether the text is a page cut before its list of factors: a title, a summary, and no section after the score's."""
    return not sections.past_figures and len(sections.summary) <= _LONGEST_SUMMARY and len(_summary(sections.summary)) <= 1
