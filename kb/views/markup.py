"""HTML written tag by tag: text is escaped wherever it goes, because only what :func:`tag` returns is taken for markup."""

from collections.abc import Iterable
from html import escape

from kb.views.drawings.label import legible

_VOID = frozenset({"br", "input", "link", "meta"})

Attribute = str | int | float | bool | None
"""Value of an attribute: ``True`` gives the bare name, ``None`` and ``False`` leave it out."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: Attribute) -> Markup:
    """One element; in names of attributes ``_`` is written ``-``, and one at the end is dropped: ``class_``, ``data_spot``."""
    opened = f"<{name}{''.join(_attribute(*pair) for pair in attributes.items())}>"
    return Markup(opened if name in _VOID else f"{opened}{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Markup:
    """``children`` in a row, those that are no markup escaped."""
    return Markup("".join(child if isinstance(child, Markup) else escape(legible(child)) for child in children))


def own_direction(text: str, most: int | None = None) -> Markup:
    """``text`` of a document so that its direction changes nothing around it, cut to ``most`` characters."""
    cut = text if most is None or len(text) <= most else f"{text[: most - 1]}…"
    return tag("bdi", cut)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(legible(str(value)))}"'
