"""The picture of an answer as a drawing in a report."""

from kb.questions.pictures.picture import Picture
from kb.views.drawings.mermaid import to_mermaid
from kb.views.drawings.svg import to_svg
from kb.views.markup import Markup
from kb.views.report.blocks import Code, Drawing, Words


def drawing_of(picture: Picture) -> Drawing:
    """``picture`` as SVG and as Mermaid, with how it is drawn again to look at closely."""
    capped = f" {picture.shown} of {picture.total} agents are shown." if picture.more else ""
    caption: Words = [f"Arrows run as compromise does.{capped} To look at closely: ", Code(picture.command)]
    return Drawing([Markup(to_svg(picture).rstrip("\n"))], "Trust paths", caption, mermaid=to_mermaid(picture))
