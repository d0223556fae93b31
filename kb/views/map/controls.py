"""The interactive page's switches: between the states of a picture, and filters of what it shows."""

from collections import Counter
from collections.abc import Iterable

from kb.model.schema import SEVERITIES
from kb.questions.pictures.picture import Link, Picture, Spot
from kb.views.drawings.words import shows_probabilities
from kb.views.map.data import channel_of
from kb.views.markup import Markup, joined, own_direction, tag

UNKNOWN = "unknown"
"""What the severity filter calls spots without a score."""
_NAME = 60


def state_switch(picture: Picture) -> Markup:
    """One press for each state; empty where there is nothing to switch."""
    if not picture.states:
        return Markup()
    choices = [
        tag("label", tag("input", type="radio", name="state", value=index, checked=index == 0), own_direction(name, _NAME))
        for index, name in enumerate(state.name for state in picture.states)
    ]
    legend = tag("legend", "State of the controls", class_="unseen")
    text = tag("p", own_direction(picture.states[0].text), id="state-text")
    return joined([tag("fieldset", legend, *choices, id="state"), text])


def filters(picture: Picture) -> Markup:
    """A field for everything that spots and links can be filtered by, where it tells any of them apart."""
    parts: list[Spot | Link] = [*picture.spots, *picture.links]
    severities = Counter(spot.severity or UNKNOWN for spot in picture.spots)
    bands = [(band, severities[band]) for band in (*reversed(SEVERITIES), UNKNOWN) if severities[band]]
    fields = [
        _choice("layer", "Layer", _counted(layer for part in parts for layer in part.layers)),
        _choice("channel", "Channel", _counted(map(channel_of, picture.links))),
        _choice("threat", "Threat", _counted(threat for part in parts for threat in part.threats)),
        _choice("severity", "Severity", bands),
    ]
    return joined([*fields, _least_probability(picture)])


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items())


def _choice(name: str, words: str, values: list[tuple[str, int]]) -> Markup:
    if not values:
        return Markup()
    options = [tag("option", f"{value[:_NAME]} ({count})", value=value) for value, count in values]
    return tag("label", words, tag("select", tag("option", "all", value=""), *options, id=f"filter-{name}"))


def _least_probability(picture: Picture) -> Markup:
    if not shows_probabilities(picture) and all(link.probability is None for link in picture.links):
        return Markup()
    said = tag("output", "0", id="filter-probability-said", for_="filter-probability")
    field = tag("input", type="range", id="filter-probability", min=0, max=1, step=0.01, value=0)
    return tag("label", tag("span", "Probability at least ", said), field)
