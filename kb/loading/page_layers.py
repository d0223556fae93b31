"""The layers of a threat-model page: keyed by their labels in page text, by their order in the table form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kb.loading.page_text import LONGEST_LABEL, Line, Notes, label_parts
from kb.loading.parsed import Certainty, Paragraph

LAYER_IDS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
"""The layers in the order of the pages."""

_NAMES = {
    "foundation models": "L1",
    "data operations": "L2",
    "agent frameworks": "L3",
    "deployment and infrastructure": "L4",
    "evaluation and observability": "L5",
    "security and compliance": "L6",
    "agent ecosystem": "L7",
}
_UNCERTAIN_WORDS = "not certain from the listing"
_TELLING_WORDS = "not certain f"
"""As much of the prefix as a cut must leave for it to be known; ``Not`` may begin any sentence."""
_UNCERTAIN = re.compile(r"Not\s+certain\s+from\s+(?:the\s+)?listing\s*[—–:-]\s*", re.IGNORECASE)
_TAG = re.compile(r"\s*(?:(?P<yes>[✓✔☑✅])|(?P<no>[⚠❓]))\ufe0f?.*")
_TAG_WORDS = re.compile(r"(?P<yes>\(?mapped\)?)|(?P<no>\(?not certain from (?:the )?listing\)?)", re.IGNORECASE)
_LONGEST_TAG_WORDS = 32
_CUT_LABEL = re.compile(r"L[1-7]?")
"""What a cut may leave of a label, so that nothing tells it from the first letter of a paragraph."""


class PageLayers(NamedTuple):
    """What a page says of the MAESTRO layers."""

    certainties: Mapping[str, Certainty]
    """Layers that the text reached, in order; one that it did not reach is absent."""
    paragraphs: tuple[Paragraph, ...]
    labelled: bool
    ends_whole: bool
    """Whether the seventh layer is there and its last sentence is complete."""


@dataclass(slots=True)
class _Layer:
    id: str | None
    """``None`` for a label that is no MAESTRO layer's."""
    line: Line
    tag: Certainty | None
    blocks: list[Line] = field(default_factory=list)


def read_layers(lines: Sequence[Line], *, by_order: bool, notes: Notes) -> PageLayers:
    """The layers in the section ``lines``; without labels they go by their order, where ``by_order`` allows that."""
    labelled = any(label_parts(line) is not None for line in lines)
    layers = _labelled(lines, notes) if labelled else _ordered(lines, notes) if by_order else []
    certainties: dict[str, Certainty] = {}
    paragraphs: list[Paragraph] = []
    for layer in layers:
        if layer.id is not None:
            certainty, read = _judge(layer, notes)
            paragraphs += read
            if certainty is not None:
                certainties[layer.id] = certainty
    ordered: dict[str, Certainty] = {name: certainties[name] for name in LAYER_IDS if name in certainties}
    return PageLayers(ordered, tuple(paragraphs), labelled, _ends_whole(layers))


def blocks_of(lines: Sequence[Line]) -> list[Line]:
    """The paragraphs of ``lines``: what blank lines part, each as one line that starts where it does."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.after_blank or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return [_joined(block) for block in blocks]


def _is_parted(section: Sequence[Line]) -> bool:
    """Whether blank lines part the paragraphs of ``section``; else each of its lines is one."""
    return any(line.after_blank for line in section[1:])


def _joined(lines: Sequence[Line]) -> Line:
    """``lines`` as one that starts where the first does."""
    return lines[0]._replace(text=" ".join(line.text for line in lines), last=lines[-1].last)


# ----------------------------------------------------------------------------------------------------------------------
# Which lines belong to which layer
# ----------------------------------------------------------------------------------------------------------------------


def _labelled(lines: Sequence[Line], notes: Notes) -> list[_Layer]:
    """The layers by their labels; what stands before the first one is passed over."""
    layers: list[_Layer] = []
    own: list[list[Line]] = []
    for line in lines:
        parts = label_parts(line)
        if line.last and _CUT_LABEL.fullmatch(line.plain):
            continue
        if parts is not None:
            layers.append(_opened(line, *parts, notes))
            own.append([])
        elif layers and not own[-1] and layers[-1].tag is None and (tag := _tag_of(line.plain)):
            layers[-1].tag = tag
        elif layers:
            own[-1].append(line)
    parted = _is_parted(lines)
    for layer, paragraph_lines in zip(layers, own, strict=True):
        layer.blocks = blocks_of(paragraph_lines) if parted else paragraph_lines
    _refuse_doubles(layers, notes)
    return layers


def _opened(line: Line, number: int, rest: str, notes: Notes) -> _Layer:
    """The layer whose label is ``line``. Its name decides: other sites number the same layers differently."""
    tag = _TAG.search(rest)
    words = rest[: tag.start()] if tag else rest
    certainty = _certainty(tag)
    if tag is None and (worded := re.search(rf"\s+(?:{_TAG_WORDS.pattern})$", rest, re.IGNORECASE)):
        words, certainty = rest[: worded.start()], _certainty(worded)
    by_name, by_number = _NAMES.get(_folded(words)), f"L{number}"
    layer = by_name or (by_number if by_number in LAYER_IDS and words else None)
    if by_name and by_name != by_number:
        notes.remark(f"line {line.number}: {by_number} is named {words.strip()!r} and was read as {by_name}")
    elif not by_name and certainty is not None:
        notes.remark(
            f"line {line.number}: {words.strip()!r} is no MAESTRO layer's name; "
            + (f"read as {layer} by its number" if layer else "its paragraph was passed over")
        )
    if line.last and certainty is None:
        layer = None  # the cut may have taken half of the name, or the tag
    return _Layer(layer, line, certainty)


def _ordered(lines: Sequence[Line], notes: Notes) -> list[_Layer]:
    """The layers by the order of their paragraphs, one to each."""
    blocks = blocks_of(lines) if _is_parted(lines) else list(lines)
    if blocks and blocks[0].last and _CUT_LABEL.fullmatch(blocks[0].plain):
        return []
    extra = blocks[len(LAYER_IDS) :]
    if any(_UNCERTAIN.match(block.text) for block in extra):
        notes.fault(
            extra[0].number,
            "more than seven paragraphs, so that none can be told to be a layer's by its order; "
            "give each layer its own line, or its label",
        )
    elif extra:
        notes.remark(f"line {extra[0].number}: what follows the paragraph of the seventh layer was passed over")
    return [_Layer(name, block, None, [block]) for name, block in zip(LAYER_IDS, blocks, strict=False)]


def _refuse_doubles(layers: Sequence[_Layer], notes: Notes) -> None:
    """Note a fault for each layer that has a label twice."""
    seen: dict[str, int] = {}
    for layer in layers:
        if layer.id is None:
            continue
        if layer.id in seen:
            notes.fault(layer.line.number, f"{layer.id} has a label here and in line {seen[layer.id]}; leave one of them")
        seen.setdefault(layer.id, layer.line.number)


def _folded(name: str) -> str:
    """``name`` without the marks in which its spellings differ."""
    words = re.sub(r"\(vertical\)", "", name.casefold().replace("&amp;", "&").replace("&", " and "))
    return " ".join(re.findall(r"[^\W_]+", words))


# ----------------------------------------------------------------------------------------------------------------------
# What a layer says
# ----------------------------------------------------------------------------------------------------------------------


def _tag_of(plain: str) -> Certainty | None:
    """The certainty that a line says which is nothing but a tag."""
    if len(plain) > _LONGEST_TAG_WORDS:
        return None
    return _certainty(_TAG.fullmatch(plain) or _TAG_WORDS.fullmatch(plain))


def _certainty(match: re.Match[str] | None) -> Certainty | None:
    if match is None:
        return None
    return "mapped" if match["yes"] else "uncertain"


def _judge(layer: _Layer, notes: Notes) -> tuple[Certainty | None, list[Paragraph]]:
    """The certainty of ``layer``, ``None`` where the cut leaves it open, and its paragraphs.

    Tag and prefix agree on every known page; where they do not, the layer is uncertain.
    """
    if layer.id is None:
        return None, []
    prefixes = [_prefix(block) for block in layer.blocks]
    said: Certainty | None = prefixes[0][0] if prefixes else None
    if layer.tag and said and said != layer.tag:
        notes.remark(f"line {layer.line.number}: label and paragraph of {layer.id} differ on its certainty; read as uncertain")
    certainty: Certainty | None = "uncertain" if "uncertain" in (layer.tag, said) else layer.tag or said
    if certainty is None:
        return None, []
    return certainty, [
        Paragraph(layer.id, block.text[start:], block.number, certainty)
        for block, (_, start) in zip(layer.blocks, prefixes, strict=True)
        if block.text[start:]
    ]


def _prefix(block: Line) -> tuple[Certainty | None, int]:
    """What the start of a paragraph says of its certainty, and where its own words begin."""
    if match := _UNCERTAIN.match(block.text):
        return "uncertain", match.end()
    if block.last and len(block.text) <= LONGEST_LABEL:
        visible = " ".join(block.text.rstrip("….—– ").split()).casefold()
        if _UNCERTAIN_WORDS.startswith(visible):
            return "uncertain" if visible.startswith(_TELLING_WORDS) else None, len(block.text)
    return "mapped", 0


def _ends_whole(layers: Sequence[_Layer]) -> bool:
    last = next((layer for layer in layers if layer.id == "L7"), None)
    return bool(last and last.blocks and last.blocks[-1].text.endswith((".", "!", "?", ".”", '."', ".)")))
