"""The interactive page's legend: the samples of the static picture, in a line that wraps."""

from xml.etree.ElementTree import Element, tostring

from kb.questions.pictures.picture import Picture
from kb.views.drawings.layout import Point
from kb.views.drawings.svg_legend import Entry, legend_of
from kb.views.markup import Markup, joined, tag

_HIGH = 22.0


def legend(picture: Picture) -> Markup:
    """A sample and words for everything that occurs in ``picture``."""
    return joined(_entry(entry) for _, entries in legend_of(picture) for entry in entries)


def _entry(entry: Entry) -> Markup:
    sample = Element("svg", {"class": "kb-picture", "width": f"{entry.wide:g}", "height": f"{_HIGH:g}", "aria-hidden": "true"})
    entry.draw(sample, Point(entry.wide / 2, _HIGH / 2))
    mark = tag("b", entry.mark) if entry.mark else ""
    return tag("span", Markup(tostring(sample, encoding="unicode", method="html")), mark, entry.words)
