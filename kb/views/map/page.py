"""A picture as one self-contained page that people look at, search, filter and ask for evidence.

It opens from a file with no network: style, script and the vendored vis-network are inside, and its policy lets nothing else
run. All texts are data: escaped in the HTML and in the JSON, and set as text by the script.

What tests and other programs may hold on to, for a picture with spots and links by their index:

- the performance mark ``picture``: the picture is drawn; ``html[data-ready=true]``: and everything else is there;
- ``body[data-open]``: ``spot-3``, ``relation-1`` or empty; ``body[data-chain]``: index of the picked chain or empty;
  ``body[data-state]``: index of the state; ``html[data-theme]``: ``light`` or ``dark`` once ``#theme`` was pressed;
- ``#question``, ``#answer``, ``#drawn``, ``#command``, ``#base``, ``#shown``, ``#assumptions``, ``#legend``;
- ``#search`` with ``#search-results > li[role=option][data-spot]`` (``/`` focuses it, arrows, Enter, Escape);
- ``#filters`` (a fold-out) with ``#filter-layer``, ``#filter-channel``, ``#filter-threat``, ``#filter-severity`` (selects,
  ``""`` for all, a severity of ``unknown`` for no score), ``#filter-probability`` (a range) and ``#filter-reset``;
- ``#state input[name=state][value=…]``, and ``#state-text``, which says what holds; neither where there are no states;
- ``#picture`` with ``#canvas``, ``#zoom-in``, ``#zoom-out``, ``#zoom-fit``, and ``#spots > button#spot-3[data-spot]``, which
  lie on the spots: their rectangles say where to click on the canvas; a filtered one is disabled, the open one
  ``aria-current``;
- ``#panel`` with ``#detail`` (``#panel-title``, ``#panel-body``, ``#panel-close``) while something is open, else ``#overview``
  (``#ranking > li[data-spot]``; ``#chains > li#chain-1[data-chain]`` with ``a.pick[aria-current]`` and ``.arithmetic``, in it
  ``.product``);
- ``#agents`` and ``#relations``: tables with rows ``tr#agent-3[data-spot]`` and ``tr#relation-1[data-link]`` (filtered ones
  ``hidden``, severed ones ``.severed``), names ``a.open``, heads ``th > button.sort`` with ``aria-sort``, ``caption .count``;
- ``#announcements``: what is read out.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from string import Template

from kb.questions.pictures.picture import Picture
from kb.views.drawings.label import legible
from kb.views.drawings.layout import layout
from kb.views.drawings.svg import svg_css, to_svg
from kb.views.drawings.words import how_many
from kb.views.map import twin as map_twin
from kb.views.map.controls import filters, state_switch
from kb.views.map.data import map_data
from kb.views.map.legend import legend
from kb.views.markup import Markup, joined, own_direction, tag

ASSETS = Path(__file__).parent
SCRIPTS = ("page", "filters", "drawing", "picture", "spots", "panel", "tables", "search", "start")
"""The files of the script, in the order in which they are joined."""
LIBRARY = "vis-network.min.js"
STILL = 600
"""Spots up to which the page also holds the static picture, for who lets no script run."""
_SHORT = 200


def map_page(picture: Picture, *, drawn: str) -> str:
    """The page of ``picture``; ``drawn`` is the day that it shows as its date."""
    placed = layout(picture)
    style = f"{svg_css(placed.label_size)}\n{_asset('map.css')}"
    script = '"use strict";\n' + "\n".join(_asset(f"{name}.js") for name in SCRIPTS)
    library = _library()
    said = _head(picture, drawn) | _controls(picture) | _lists(picture) | _foot(picture)
    code = {"style": style, "library": library, "script": script, "policy": _policy(style, library, script)}
    return Template(_asset("page.html")).substitute(said | code | {"data": map_data(picture, placed)})


def _head(picture: Picture, drawn: str) -> dict[str, str]:
    return {
        "title": joined([legible(picture.question)[:_SHORT]]),
        "question": own_direction(picture.question),
        "answer": own_direction(picture.answer),
        "drawn": tag("time", drawn),
        "command": joined([picture.command]),
        "base": joined([f"{picture.base}, schema {picture.schema_version}"]),
    }


def _controls(picture: Picture) -> dict[str, str]:
    return {"states": state_switch(picture), "filters": filters(picture), "legend": legend(picture)}


def _lists(picture: Picture) -> dict[str, str]:
    ranking, chains = map_twin.ranking(picture), map_twin.chains(picture)
    falls = picture.kind in ("cascade", "plan")
    return {
        "ranking": ranking,
        "ranking_title": "Who falls, most likely first" if falls else joined([picture.size_means.capitalize()]),
        "ranking_hidden": "" if ranking else "hidden",
        "chains": chains,
        "chains_hidden": "" if chains else "hidden",
        "agent_head": map_twin.agent_head(picture),
        "agent_rows": map_twin.agent_rows(picture),
        "relation_head": map_twin.relation_head(),
        "relation_rows": map_twin.relation_rows(picture),
    }


def _foot(picture: Picture) -> dict[str, str]:
    left_open = [] if picture.complete else [f"Not complete: {picture.truncated_by or 'part of it was left out'}."]
    return {
        "shown": joined([" ".join([f"{how_many(picture)}.".capitalize(), *left_open])]),
        "states_said": map_twin.states(picture),
        "assumptions_count": str(len(picture.assumptions)),
        "assumptions": joined(tag("li", own_direction(text)) for text in picture.assumptions),
        "spots_label": joined([f"{len(picture.spots)} agents and others, from left to right"]),
        "still": _still(picture),
    }


def _still(picture: Picture) -> Markup:
    """The static picture without its style, which is the page's; in an element that only pages without scripts show."""
    if len(picture.spots) > STILL:
        return Markup()
    before, _, rest = to_svg(picture).partition("<style>")
    return tag("noscript", tag("div", Markup(before + rest.partition("</style>")[2]), id="still"))


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _library() -> str:
    """vis-network without the line that names a file beside it."""
    return _asset(LIBRARY).rpartition("//# sourceMappingURL=")[0]


def _policy(style: str, *scripts: str) -> str:
    """Nothing but these very texts may style and run, and nothing may be fetched or sent."""
    run = " ".join(map(_hash, scripts))
    return f"default-src 'none'; script-src {run}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
