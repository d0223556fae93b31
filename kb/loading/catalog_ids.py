"""Catalogue ids as documents write them: in full, or short where there is one reading."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from kb.catalog import catalog
from kb.loading.yaml_source import shown
from kb.model.ids import expand_short_id


def readings(kind: str, text: str) -> tuple[str, ...]:
    """The full ids of the catalogue nodes of ``kind`` that ``text`` may mean; none where it is unknown."""
    known = catalog()
    return tuple(node_id for node_id in dict.fromkeys((text, *expand_short_id(text))) if known.node(kind, node_id) is not None)


def unreadable(kind: str, text: str, *, suggest: bool) -> str:
    """What to say of ``text``, which does not have one reading as a node of ``kind``; with ``suggest`` the nearest id too."""
    several = readings(kind, text)
    if several:
        return f"is {shown(text)}, which may be {' or '.join(several)}; write one of them"
    near = _nearest_id(kind, text) if suggest else None
    remedy = f"did you mean {near!r}?" if near else f"see `kb list {kind.lower()}`"
    return f"is {shown(text)}, no {kind.lower()} of the catalogue; {remedy}"


def nearest(text: str, words: Iterable[str]) -> str | None:
    """The one of ``words`` most like ``text``, if any is like it; a text longer than any word costs no more for it."""
    near: Sequence[str] = get_close_matches(text[:60], list(words), n=1)
    return near[0] if near else None


def _nearest_id(kind: str, text: str) -> str | None:
    """The id of ``kind`` most like ``text``, which may lack its prefix."""
    ids = sorted(catalog().ids(kind), reverse=True)
    folded = {node_id.rpartition(":")[2].casefold(): node_id for node_id in ids}
    folded |= {node_id.casefold(): node_id for node_id in ids}
    near = nearest(text.casefold(), folded)
    return folded[near] if near else None
