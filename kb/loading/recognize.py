"""What a file is, by its content: never by its name."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from kb.errors import Fault, InputError, MissingExtraError
from kb.loading.files import MAX_FILE_BYTES
from kb.loading.page_text import CHROME, MAESTRO, RATIONALE, TITLE_END
from kb.loading.pages import is_page

Kind = Literal["page", "html", "document", "unknown"]

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""Of a page as text; real ones have 3 to 6 thousand bytes."""

MAX_LINE_BYTES = 1024 * 1024
"""Of a line of a page as text; real ones have less than a thousand."""

MAX_HTML_BYTES = 16 * 1024 * 1024
"""Of a page as HTML, most of which is script; real ones have less than two million."""

_SNIFFED = 64 * 1024
"""Characters in which a page must show what it is: its title and its first section stand in the first thousand."""

DOCUMENT_KINDS = ("assessment", "system")
"""The kinds of our own documents."""

_DEEPEST = 64
"""Nesting below which no document's kind is looked for."""

_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|main|article|section|div|table|title|meta|h1|p|!--|\?xml)", re.I)
_YAML_KIND = re.compile(r"""^(?:kind|"kind"|'kind')[ \t]*:[ \t]*["']?([\w-]*)""", re.MULTILINE)
_FLOW_KIND = re.compile(r"""["']?kind["']?\s*+:\s*+["']?([\w-]*)""")
_FLOW_TOKEN = re.compile(r"""[{}\[\]]|(?<!\w)kind(?=\s*+:)|"(?:[^"\\]++|\\.)*+"|'[^']*+'""", re.DOTALL)


class Recognized(NamedTuple):
    """A file's kind, and its text as that kind's parser takes it."""

    kind: Kind
    text: str = ""
    reason: str = ""
    """For an unknown kind: why the file cannot be taken, where the user named it."""
    url: str | None = None
    """For HTML: the page's address, as its head gives it."""
    numbers: Sequence[int] | None = None
    """For HTML: for each line of the text the line of the file; ``None`` where they are the same."""


def recognize(data: bytes, path: str) -> Recognized:
    """What the file ``path`` that holds ``data`` is.

    Raises :class:`~kb.errors.InputError` for a file of a known kind that cannot be taken: not UTF-8, too large, HTML without
    the extra ``html``. Time and memory are linear in the length of ``data``.
    """
    if not data.strip(b"\0 \t\r\n\x0b\x0c"):
        return Recognized(
            "unknown", reason="the file is empty" if not data.strip() else "the file is binary: it holds NUL bytes"
        )
    text, flaw = _decoded(data)
    kind, reason = _kind(text)
    flaw = flaw or _excess(kind, data)
    if flaw:
        if kind != "unknown":
            raise InputError([Fault(path, *flaw)])
        return Recognized("unknown", reason=flaw[1])
    if kind == "html":
        return _html(text, path)
    return Recognized(kind, "" if kind == "unknown" else text, reason)


# ----------------------------------------------------------------------------------------------------------------------
# Bytes
# ----------------------------------------------------------------------------------------------------------------------

_Flaw = tuple[int, str]
"""The line, and what is wrong there."""


def _decoded(data: bytes) -> tuple[str, _Flaw | None]:
    """The text of ``data`` (its start, as well as it can be read, where there is a flaw) and why it cannot be taken.

    A character cut in half at the end is left out, as a page may be cut after any byte.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[:_SNIFFED].decode("utf-16", "replace"), (1, "the text is UTF-16; save it as UTF-8")
    flaw = (0, f"the file has more than {MAX_FILE_BYTES:,} bytes; split it") if len(data) > MAX_FILE_BYTES else None
    if (nul := data.find(0)) >= 0:
        flaw = flaw or (_line_at(data, nul), "the file is binary: it holds NUL bytes")
    try:
        return ("" if flaw else data.decode("utf-8-sig")) or data[:_SNIFFED].decode("utf-8-sig", "replace"), flaw
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8-sig"), None
        wrong = f"byte 0x{data[error.start]:02x} is no UTF-8; save the file as UTF-8"
        return data[:_SNIFFED].decode("utf-8-sig", "replace"), (_line_at(data, error.start), wrong)


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _excess(kind: Kind, data: bytes) -> _Flaw | None:
    """In what ``data`` is larger than a file of ``kind`` may be."""
    limit = {"page": MAX_PAGE_BYTES, "html": MAX_HTML_BYTES}.get(kind, MAX_FILE_BYTES)
    line = _long_line(data) if kind in ("page", "unknown") else 0
    if line:
        return line, f"the line has more than {MAX_LINE_BYTES:,} bytes; no page's line is nearly as long"
    return (0, f"the page has more than {limit:,} bytes; save it alone") if len(data) > limit else None


def _long_line(data: bytes) -> int:
    """The first line of ``data`` that is too long; 0 where none is."""
    position = 0
    while len(data) - position > MAX_LINE_BYTES:
        end = data.rfind(b"\n", position, position + MAX_LINE_BYTES + 1)
        if end < 0:
            return _line_at(data, position)
        position = end + 1
    return 0


# ----------------------------------------------------------------------------------------------------------------------
# Kinds
# ----------------------------------------------------------------------------------------------------------------------


def _kind(text: str) -> tuple[Kind, str]:
    """The kind of ``text``, with the reason where it is unknown."""
    if _HTML.match(text):
        about = "AIVSS" in text or "threat model" in text
        return ("html", "") if about else ("unknown", "an HTML page that does not speak of threats")
    kind = _document_kind(text)
    if kind in DOCUMENT_KINDS:
        return "document", ""
    if is_page(text[:_SNIFFED]):
        return "page", ""
    if kind is not None:
        return "unknown", f"kind {kind!r} is none that can be loaded ({' or '.join(DOCUMENT_KINDS)})"
    if CHROME in text[:_SNIFFED] or RATIONALE in text or MAESTRO in text or "AIVSS" in text[:_SNIFFED]:
        return "unknown", f"no threat-model page: no title that ends in '— {TITLE_END}' above a score rationale"
    return "unknown", "neither a threat-model page nor a document with `kind: assessment` or `kind: system`"


def _document_kind(text: str) -> str | None:
    """The value of ``kind`` at the top of ``text``, without parsing it; of several documents the first that can be loaded."""
    if "kind" not in text:
        return None
    first = None
    for match in _flow_kinds(text) if text.lstrip()[:1] in ("{", "[") else _YAML_KIND.finditer(text):
        if match[1] in DOCUMENT_KINDS:
            return match[1]
        first = first or match[1]
    return first


def _flow_kinds(text: str) -> Iterator[re.Match[str]]:
    """``kind`` and its value in the mapping that ``text`` is, or in those of the list that it is."""
    open_ends: list[str] = []
    for token in _FLOW_TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            open_ends.append(mark)
        elif mark in "}]":
            del open_ends[-1:]
        elif mark.strip("\"'") == "kind" and open_ends in (["{"], ["[", "{"]):
            yield from filter(None, [_FLOW_KIND.match(text, token.start())])
        if len(open_ends) > _DEEPEST:
            return


def _html(text: str, path: str) -> Recognized:
    """The page that HTML holds, as text."""
    from kb.loading.html import page_text

    try:
        page = page_text(text, path)
    except MissingExtraError as error:
        raise InputError([Fault(path, 0, f"{error}; {error.hint}")]) from error
    if is_page(page.text, html=True):
        return Recognized("html", page.text, "", page.url, page.numbers)
    return Recognized(
        "unknown",
        reason="HTML that shows no threat-model page; where scripts build the page, save it from the browser once it is shown",
    )
