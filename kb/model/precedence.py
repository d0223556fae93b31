"""Which document wins where united documents give one figure different values."""

from collections.abc import Mapping
from datetime import date

from kb.model.schema import Value

Rank = tuple[int, int, str]
"""Sort key of a document; the smaller one wins."""

_BY_FORM = {"full": 1, "html": 2, "table": 3}


def rank(properties: Mapping[str, Value], assessment_id: str) -> Rank:
    """The place of an Assessment in the fixed order: our documents, full page, HTML, table page; later ``as_of``; smaller id.

    ``properties`` are those of the Assessment node. The order depends on nothing but the document, so that documents loaded
    in any order unite to the same figures.
    """
    form = _BY_FORM.get(str(properties.get("form")), 0)
    return form, -day_number(properties.get("as_of")), assessment_id


def day_number(as_of: Value) -> int:
    """The day that a document speaks for as a number that grows with time; 0 where it names none.

    ``2026-11`` and ``2026`` count as their first day.
    """
    if not isinstance(as_of, str):
        return 0
    try:
        return date.fromisoformat(f"{as_of}-01-01"[:10]).toordinal()
    except ValueError:
        return 0
