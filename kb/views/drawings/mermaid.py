"""A picture as a Mermaid flowchart, for Markdown that draws them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kb.questions.pictures.picture import Link, Picture, Spot
from kb.views.drawings.label import legible, lines_of
from kb.views.drawings.svg_element import number
from kb.views.drawings.words import changed, controls_words, figure_in, how_many, leading_chain, severed
from kb.views.style import CERTAINTY_STROKE, LINE, NODE, RISK, SEVERITY_FILL, fill_name, stroke_of, thickness

_ROOM, _LINES = 220.0, 2
_SHAPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Resource": ("[(", ")]"),
        "Threat": ("{{", "}}"),
        "Mitigation": ("[/", "/]"),
        "Layer": ("[", "]"),
        "System": ("[[", "]]"),
        "outside": ("((", "))"),
    }
)
"""Node kind to what stands around its label; any other is rounded."""
_INSIDE = frozenset("-/_")
"""Marks that mean nothing to Mermaid or Markdown between two letters or digits."""
_MARKS = frozenset('"\\%{}<>`&')
_FULL_WIDTH = str.maketrans("<>&", "＜＞＆")


def to_mermaid(picture: Picture) -> str:
    """``picture`` as the text of a flowchart, ended by a line break."""
    return "\n".join(_lines(picture)) + "\n"


def escaped(text: str) -> str:
    """``text`` for a quoted label: whatever could be markup, Markdown, a link or a directive as a numeric entity of Mermaid."""
    # Mermaid breaks the line at a backslash and n, and reads what stands between two pairs of dollars as TeX
    shown = legible(text).replace("\\n", "\\\u2060n").replace("$", "$\u2060")
    kept = (_kept(shown, at) for at in range(len(shown)))
    return "".join(char if keep else f"#{ord(char)};" for char, keep in zip(shown, kept, strict=True))


def _kept(text: str, at: int) -> bool:
    char = text[at]
    if char.isalnum() or char in " ,…→–":
        return True
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return len(around) == 2 and ((char in _INSIDE and around.isalnum()) or (char == "." and around.isdecimal()))


def _scalar(text: str) -> str:
    """``text`` for between the double quotes of YAML; Mermaid takes tags out of titles and shows entities as they stand."""
    shown = legible(text).translate(_FULL_WIDTH)
    return "".join(f"\\u{ord(char):04x}" if char in _MARKS else char for char in shown)


def _comment(text: str) -> str:
    """``text`` in quotes for a comment, in which Mermaid still reads directives: ``%%{init: …}%%``."""
    return '"' + "".join(f"#{ord(char)};" if char in _MARKS else char for char in legible(text)) + '"'


def _lines(picture: Picture) -> Iterator[str]:
    yield from ("---", f'title: "{_scalar(picture.question)}"', "---", "flowchart LR")
    yield from (f"    %% {_comment(text)}" for text in (picture.answer, how_many(picture), picture.command) if text)
    numbers = {spot.id: f"n{number}" for number, spot in enumerate(picture.spots)}
    for spot in picture.spots:
        yield f"    {numbers[spot.id]}{_shaped(spot, picture)}"
    gone = severed(picture)
    for index, link in enumerate(picture.links):
        words = escaped(f"{(link.channel or link.kind)[:80]}{', severed' if index in gone else ''}")
        yield f'    {numbers[link.source]} -->|"{words}"| {numbers[link.target]}'
    yield from _classes(picture, numbers)
    yield from _styles(picture)


def _shaped(spot: Spot, picture: Picture) -> str:
    before, after = _SHAPES.get(spot.kind, ("(", ")"))
    name = lines_of(legible(spot.label.strip() or spot.id), _ROOM, _LINES)
    lines = [*name, changed(spot, picture) or figure_in(spot, picture), controls_words(spot, picture)]
    return f'{before}"{"<br/>".join(map(escaped, filter(None, lines)))}"{after}'


def _classes(picture: Picture, numbers: Mapping[str, str]) -> Iterator[str]:
    """Fills, borders and what is written in them, and which spot has which."""
    members: dict[str, list[str]] = {}
    looks: dict[str, str] = {}
    for spot in picture.spots:
        for name, look in _looks(spot):
            looks[name] = look
            members.setdefault(name, []).append(numbers[spot.id])
    for name in sorted(looks):
        yield f"    classDef {name} {looks[name]}"
        yield f"    class {','.join(members[name])} {name}"


def _looks(spot: Spot) -> Iterator[tuple[str, str]]:
    if spot.kind == "Agent":
        fill = SEVERITY_FILL.get(spot.severity, SEVERITY_FILL[None])
        yield fill_name(spot.severity), f"fill:{fill.hex},color:{fill.ink},stroke:#1a1a1a"
        dashes = CERTAINTY_STROKE.get(spot.certainty, CERTAINTY_STROKE[None]).dashes
        if dashes:
            yield f"border-{'-'.join(map(str, dashes))}", f"stroke-dasharray:{' '.join(map(str, dashes))}"
    elif spot.kind in NODE:
        yield f"node-{spot.kind.lower()}", f"stroke:{NODE[spot.kind].hex}"
    if spot.role:
        yield "role", f"stroke:{RISK.hex},stroke-width:4px"


def _styles(picture: Picture) -> Iterator[str]:
    """One line for all links that look alike, in the order of the first of them."""
    leading = leading_chain(picture)
    chain = set(picture.chains[leading].links) if leading is not None else set()
    alike: dict[str, list[str]] = {}
    for index, link in enumerate(picture.links):
        alike.setdefault(_style(link, index in chain), []).append(str(index))
    yield from (f"    linkStyle {','.join(indices)} {look}" for look, indices in alike.items())


def _style(link: Link, leading: bool) -> str:
    dashes = stroke_of(link.channel, link.kind).dashes
    dashed = f",stroke-dasharray:{' '.join(map(str, dashes))}" if dashes else ""
    return f"stroke:{RISK.hex if leading else LINE.hex},stroke-width:{number(thickness(link.strength))}px{dashed}"
