"""Elements of an SVG picture. Text becomes text nodes only; attributes hold what is made here: figures, colours, paths."""

from xml.etree.ElementTree import Element, SubElement

from kb.views.drawings.label import isolated, legible


def add(parent: Element, tag: str, text: str = "", /, **attributes: str | float) -> Element:
    """A new ``tag`` in ``parent``; underlines in names of attributes stand for hyphens, ``class_`` for ``class``."""
    made = SubElement(parent, tag, {_name(name): number(value) for name, value in attributes.items()})
    made.text = text or None
    return made


def add_text(parent: Element, text: str, x: float, y: float, /, **attributes: str | float) -> Element:
    """A line of ``text``, which was loaded and so is hostile, with its own direction of writing."""
    return add(parent, "text", isolated(legible(text)), x=x, y=y, **attributes)


def number(value: str | float) -> str:
    """A figure with one decimal at most, ``12`` for ``12.0``; text as it is."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
