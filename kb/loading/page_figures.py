"""The figures of a threat-model page: its ten factors, its score block and its headline."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kb.loading.page_text import LONGEST_LABEL, Line, Notes, table_cells
from kb.loading.parsed import Figures
from kb.model.aivss import FACTOR_NAMES, NATURAL_LANGUAGE, factor_key
from kb.model.schema import SEVERITIES

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_FIGURE = r"[+\-−]?[0-9]{1,9}(?:[.,][0-9]{1,9})?|N/A|[+\-−]?inf(?:inity)?|NaN|[-–—]"
_ROW = re.compile(rf"(?P<name>[A-Za-z](?:[A-Za-z&;()\- ]*[A-Za-z)])?) ?[:=]? ?(?P<value>{_FIGURE})", re.IGNORECASE)
_ABSENT = frozenset({"", "-", "–", "—", "−", "n/a", "na", "unknown"})
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")

_BLOCK = {
    "cvss_base": ("CVSS base", r"", 1),
    "claimed_aars": ("AARS uplift", r"", 2),
    "claimed_factor_sum": ("Factor sum", r"", 1),
    "threat_multiplier": ("Threat", r"[×x]\s?", 2),
    "mitigation_factor": ("Mitigation", r"[×x]\s?", 2),
}
"""Field of :class:`Figures` to its label, the sign before its number, and the decimals with which it is surely whole."""

_BLOCK_PATTERNS = {
    field: re.compile(rf"{label}[\s|:=]{{0,8}}{sign}(?P<value>{_FIGURE})") for field, (label, sign, _) in _BLOCK.items()
}
_BLOCK_LABELS = frozenset(label.casefold() for label, _, _ in _BLOCK.values())
_FACTOR_DECIMALS = 2
"""Pages print factors with two decimals; one at the very end of a text that has fewer may be the half of a number."""

_HEADLINE = re.compile(rf"(?P<badge>{_FIGURE})?\s*(?:AIVSS\s*(?P<score>{_FIGURE})?\s*(?:·\s*)?(?P<band>[A-Za-z]*))?")


class PageFigures(NamedTuple):
    """What a page gives in numbers."""

    factors: Mapping[str, Decimal]
    figures: Figures
    rows: int
    """Rows of known factors, those without a value among them."""
    full: bool
    """Whether the factors stand as in page text, name and value on lines of their own."""


class _Row(NamedTuple):
    name: str
    value: str | None
    """``None`` where the text ends, or the next factor begins, before a value."""
    line: Line
    """The line of the value."""
    cut: bool
    """Whether the value touches the end of the text."""
    table: bool


def read_figures(figures: Sequence[Line], summary: Sequence[Line], notes: Notes) -> PageFigures:
    """The figures in the section ``figures`` and in the headline among the lines ``summary``.

    A number is taken where it is surely whole; notes a fault for each that is out of range, not a number, or given twice.
    """
    rows = list(_rows(figures))
    block = _score_block(figures, notes)
    score, band = _headline(summary, notes)
    return PageFigures(
        factors=_factors(rows, notes),
        figures=Figures(**block, claimed_aivss=score, claimed_severity=band),
        rows=sum(_key(row.name) is not None for row in rows),
        full=any(not row.table for row in rows if _key(row.name)) or bool(block) or score is not None,
    )


def is_headline(line: Line) -> bool:
    """Whether ``line`` is the headline ``9.6AIVSS 9.6 · Critical``, a part of it on a line of its own, or its cut start."""
    plain = line.plain
    if not plain or plain in SEVERITIES:
        return bool(plain)
    if line.last:
        plain = re.sub(r"(?<=\d)\.$|A(?:I(?:V(?:S)?)?)?$|·\s*$", "", plain).strip()
    return _HEADLINE.fullmatch(plain) is not None


# ----------------------------------------------------------------------------------------------------------------------
# Numbers
# ----------------------------------------------------------------------------------------------------------------------


class _NotANumberError(ValueError):
    """Raised for a value that is neither a number nor a word for "absent"."""


def _number(text: str) -> Decimal | None:
    """The number that ``text`` is (a comma may part the decimals), or ``None`` where it says that there is none."""
    plain = text.strip().replace("−", "-")
    if plain.casefold() in _ABSENT:
        return None
    if not _NUMBER.fullmatch(plain):
        raise _NotANumberError(plain)
    return Decimal(plain.replace(",", "."))


def _surely_whole(text: str, decimals: int) -> bool:
    """Whether a number with as many decimals as ``text`` cannot be the start of a longer one."""
    _, point, fraction = text.replace(",", ".").partition(".")
    return bool(point) and len(fraction) >= decimals


def _ends_text(text: str, position: int) -> bool:
    """Whether a number that ends at ``position`` is the last of ``text``, but for a point whose decimals may have been cut."""
    return not text[position:].strip(".,")


# ----------------------------------------------------------------------------------------------------------------------
# Factors
# ----------------------------------------------------------------------------------------------------------------------


def _key(name: str) -> str | None:
    """The factor that ``name`` denotes, with or without a short name in parentheses, or ``None``."""
    return factor_key(name) or factor_key(_PARENTHESIS.sub("", name))


def _rows(lines: Sequence[Line]) -> Iterator[_Row]:
    """The rows that may be factors: of a table, in one line, or a name with its value on the next line."""
    waiting: Line | None = None
    for line in lines:
        cells = table_cells(line)
        if cells is not None:
            if len(cells) > 1:
                yield _Row(cells[0], cells[1], line, line.last and len(cells) == 2, True)
            continue
        if waiting is not None and _key(line.plain) is None:
            yield _Row(waiting.plain, line.plain, line, line.last, False)
            waiting = None
            continue
        if waiting is not None:
            yield _Row(waiting.plain, None, waiting, False, False)
            waiting = None
        if _key(line.plain) is not None:
            waiting = line
        elif (match := _ROW.fullmatch(" ".join(line.plain.split()))) and match["name"].casefold() not in _BLOCK_LABELS:
            yield _Row(match["name"], match["value"], line, line.last, False)
    if waiting is not None:
        yield _Row(waiting.plain, None, waiting, waiting.last, False)


def _factors(rows: Sequence[_Row], notes: Notes) -> dict[str, Decimal]:
    """The factors that ``rows`` give, in the order of the pages."""
    values: dict[str, Decimal] = {}
    places: dict[str, int] = {}
    for row in rows:
        key, value = _key(row.name), _factor_value(row, notes)
        if key is None or value is None:
            continue
        if key in values and values[key] != value:
            notes.fault(
                row.line.number,
                f"{row.name} is {value} here and {values[key]} in line {places[key]}; leave one value for each factor",
            )
        values.setdefault(key, value)
        places.setdefault(key, row.line.number)
    return {name: values[name] for name in (*FACTOR_NAMES, NATURAL_LANGUAGE) if name in values}


def _factor_value(row: _Row, notes: Notes) -> Decimal | None:
    """The value of ``row``, or ``None`` where it gives none; notes what is wrong or odd."""
    key = _key(row.name)
    if row.value is None or (row.cut and not _surely_whole(row.value, _FACTOR_DECIMALS)):
        return None
    try:
        value = _number(row.value)
    except _NotANumberError:
        if key is not None:
            notes.fault(row.line.number, f"{row.name} is {row.value!r}, which is no number; give one from 0 to 1")
        return None
    if key is None:
        if value is not None:
            notes.remark(f"line {row.line.number}: {row.name!r} is no known AIVSS factor and was passed over")
        return None
    if value is not None and not 0 <= value <= 1:
        notes.fault(row.line.number, f"{row.name} is {value}; a factor lies from 0 to 1")
        return None
    return value


# ----------------------------------------------------------------------------------------------------------------------
# Score block and headline
# ----------------------------------------------------------------------------------------------------------------------


def _score_block(lines: Sequence[Line], notes: Notes) -> dict[str, Any]:
    """The fields of :class:`Figures` that the score block gives; its figures run together or stand on lines of their own."""
    short = [line for line in lines if len(line.text) <= 2 * LONGEST_LABEL]
    text = "\n".join(line.text for line in short)
    starts = [0]
    for line in short:
        starts.append(starts[-1] + len(line.text) + 1)
    given: dict[str, Any] = {}
    for field, pattern in _BLOCK_PATTERNS.items():
        label, _, decimals = _BLOCK[field]
        for match in pattern.finditer(text):
            line = short[bisect_right(starts, match.start("value")) - 1]
            cut = line.last and _ends_text(text, match.end()) and not _surely_whole(match["value"], decimals)
            value = None if cut else _block_value(label, match["value"], line, notes)
            if value is None:
                continue
            if given.setdefault(field, value) != value:
                notes.fault(line.number, f"{label} is given as {given[field]} and as {value}; leave one of them")
    return given


def _block_value(label: str, text: str, line: Line, notes: Notes) -> Decimal | None:
    """The value of one figure of the score block, or ``None``; notes a fault where it is out of range."""
    try:
        value = _number(text)
    except _NotANumberError:
        notes.fault(line.number, f"{label} is {text!r}, which is no number")
        return None
    if value is not None and label == "CVSS base" and not 0 <= value <= 10:
        notes.fault(line.number, f"{label} is {value}; a CVSS base score lies from 0 to 10")
    elif value is not None and value < 0:
        notes.fault(line.number, f"{label} is {value}; it cannot be negative")
    return value


def _headline(lines: Sequence[Line], notes: Notes) -> tuple[Decimal | None, str | None]:
    """The score and the severity that the page claims in its headline."""
    score, severity = None, None
    for line in lines:
        if not is_headline(line):
            continue
        if line.plain in SEVERITIES:
            severity = severity or line.plain
        elif (match := _HEADLINE.match(line.plain)) and match["score"]:
            if line.last and _ends_text(line.plain, match.end("score")) and not _surely_whole(match["score"], 1):
                continue
            score = _block_value("AIVSS", match["score"], line, notes) if score is None else score
            severity = severity or _severity(match["band"], line, notes)
    return score, severity


def _severity(word: str, line: Line, notes: Notes) -> str | None:
    """``word`` where it names a band; notes one that does not, unless a cut may have shortened it."""
    if not word or word in SEVERITIES:
        return word or None
    if not line.last:
        notes.remark(f"line {line.number}: {word!r} is no AIVSS severity and was passed over")
    return None
