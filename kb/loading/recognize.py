"""What a file is, by its content: never by its name."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Literal, NamedTuple

from kb.errors import Fault, InputError, MissingExtraError
from kb.loading.files import MAX_FILE_BYTES
from kb.loading.page_text import CHROME, MAESTRO, RATIONALE, TITLE_END
from kb.loading.pages import is_page

Kind = Literal["page", "html", "document", "unknown"]

MAX_PAGE_BYTES = 1024 * 1024
"""Of a page as text; real ones have 3 to 6 thousand bytes."""

MAX_HTML_BYTES = 16 * 1024 * 1024
"""Of a page as HTML, most of which is script; real ones have less than two million."""

_SNIFFED = 64 * 1024
"""Characters in which a page must show what it is: its title and its first section stand in the first thousand."""

DOCUMENT_KINDS = ("assessment", "system")
"""The kinds of our own documents."""

_NEAR = 0.8
"""Likeness from which a kind counts as one of ours misspelt (``assesment``)."""

_DEEPEST = 64
"""Nesting below which no document's kind is looked for."""

_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|main|article|section|div|table|title|meta|h1|p|!--|\?xml)", re.I)
_LEAD = re.compile(r"(?:\s|#[^\n]*\n|---(?=\s))*+")
_YAML_LIST = re.compile(r"^-[ \t]", re.MULTILINE)
_YAML_ITEM_KIND = re.compile(
    r"""^(?:-[ \t]{1,8}|[ \t]{1,8})(?:kind|"kind"|'kind')[ \t]*:[ \t]*["']?([\w-]{0,64})""", re.MULTILINE
)
_YAML_KIND = re.compile(r"""^(?:kind|"kind"|'kind')[ \t]*:[ \t]*["']?([\w-]{0,64})""", re.MULTILINE)
_FLOW_KIND = re.compile(r"""["']?kind["']?\s*+:\s*+["']?([\w-]{0,64})""")
_FLOW_TOKEN = re.compile(r"""[{}\[\]]|(?<!\w)kind(?=\s*+:)|"(?:[^"\\]++|\\.)*+"|'[^']*+'""", re.DOTALL)


_NEITHER = "neither a threat-model page nor a document with `kind: assessment` or `kind: system`"
_KIND_WITH = {"agent": "assessment", "threats": "assessment", "agents": "system", "integrations": "system"}
"""Key at the top of our documents to the kind that has it."""
_KEYS = re.compile(rf"^({'|'.join(_KIND_WITH)})[ \t]*:", re.MULTILINE)


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
    line: int = 0
    """For an unknown kind: the line that looks like one of our documents; 0 where none does."""


def recognize(data: bytes, path: str) -> Recognized:
    """What the file ``path`` that holds ``data`` is.

    Raises :class:`~kb.errors.InputError` for a file of a known kind that cannot be taken: not UTF-8, too large, HTML without
    the extra ``html``. Time and memory are linear in the length of ``data``.
    """
    if not data.removeprefix(BOM_UTF8).strip():
        return Recognized("unknown", reason="the file is empty")
    text, flaw = _decoded(data)
    kind, reason = _kind(text, path)
    flaw = flaw or _excess(kind, data)
    if flaw and kind != "unknown":
        raise InputError([Fault(path, *flaw)])
    if kind == "unknown":
        without_kind = _KEYS.search(text[:_SNIFFED]) if reason == _NEITHER and not flaw else None
        return _without_kind(text, without_kind) if without_kind else Recognized(kind, reason=flaw[1] if flaw else reason)
    return _html(text, path) if kind == "html" else Recognized(kind, text)


def _without_kind(text: str, key: re.Match[str]) -> Recognized:
    """What has ``key`` like a document of ours, and does not say that it is one."""
    reason = f"`{key[1]}:` but no `kind:`; add `kind: {_KIND_WITH[key[1]]}` at the top of the document"
    return Recognized("unknown", reason=reason, line=text.count("\n", 0, key.start()) + 1)


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
        if _is_cut_character(data, error):
            return data[: error.start].decode("utf-8-sig"), None
        wrong = f"byte 0x{data[error.start]:02x} is no UTF-8; save the file as UTF-8"
        return data[:_SNIFFED].decode("utf-8-sig", "replace"), (_line_at(data, error.start), wrong)


def _is_cut_character(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether nothing follows the bytes that are wrong, and they are the start of a character."""
    tail = data[error.start : error.start + 4].rstrip()
    if data[error.start + len(tail) :].strip():
        return False
    try:
        tail.decode()
    except UnicodeDecodeError as of_tail:
        return of_tail.reason == "unexpected end of data"
    return False


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _excess(kind: Kind, data: bytes) -> _Flaw | None:
    """In what ``data`` is larger than a file of ``kind`` may be."""
    limit = {"page": MAX_PAGE_BYTES, "html": MAX_HTML_BYTES}.get(kind, MAX_FILE_BYTES)
    return (0, f"the page has more than {limit:,} bytes; save it alone") if len(data) > limit else None


# ----------------------------------------------------------------------------------------------------------------------
# Kinds
# ----------------------------------------------------------------------------------------------------------------------


def _kind(text: str, path: str) -> tuple[Kind, str]:
    """The kind of ``text``, with the reason where it is unknown."""
    if _HTML.match(text):
        about = "AIVSS" in text or "threat model" in text
        return ("html", "") if about else ("unknown", "HTML that does not speak of a threat model")
    kind = _document_kind(text, path)
    if kind in DOCUMENT_KINDS:
        return "document", ""
    if is_page(text[:_SNIFFED]):
        return "page", ""
    if kind is not None:
        return "unknown", f"kind {kind!r} is none that can be loaded ({' or '.join(DOCUMENT_KINDS)})"
    if any(mark in text[:_SNIFFED] for mark in (CHROME, RATIONALE, MAESTRO, "AIVSS")):
        return "unknown", f"no threat-model page: no title that ends in '— {TITLE_END}' above a score rationale"
    return "unknown", _NEITHER


def _document_kind(text: str, path: str) -> str | None:
    """The value of ``kind`` at the top of ``text``, without parsing it; of several documents the first that can be loaded.

    Raises :class:`~kb.errors.InputError` for a kind that looks like a slip of the pen.
    """
    if "kind" not in text:
        return None
    first: re.Match[str] | None = None
    for match in _kinds(text):
        if match[1] in DOCUMENT_KINDS:
            return match[1]
        first = first or match
    if first is None:
        return None
    if near := get_close_matches(first[1], DOCUMENT_KINDS, n=1, cutoff=_NEAR):
        line = text.count("\n", 0, first.start()) + 1
        raise InputError([Fault(path, line, f"there is no kind {first[1]!r}; did you mean {near[0]!r}?")])
    return first[1]


def _kinds(text: str) -> Iterator[re.Match[str]]:
    """Each ``kind`` with its value that may stand at the top of a document, or of a list of documents."""
    lead = _LEAD.match(text)
    if lead and text[lead.end() : lead.end() + 1] in ("{", "["):
        yield from _flow_kinds(text)
    yield from _YAML_KIND.finditer(text)
    if _YAML_LIST.search(text):
        yield from _YAML_ITEM_KIND.finditer(text)


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
