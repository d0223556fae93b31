"""Names that want to be more than text, in every picture and report: nothing runs, nothing leaks, nothing is lost.

Everything is drawn twice, of bases of one shape: with hostile names and with plain ones. What the hostile one has beyond the
plain one is no text any more.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hostile import CROWD, SECOND, SYSTEM
from kb import KnowledgeBase
from kb.questions.pictures.picture import Picture
from kb.views.drawings.dot import to_dot
from kb.views.drawings.label import legible, lines_of
from kb.views.drawings.mermaid import to_mermaid
from kb.views.drawings.svg import to_svg
from kb.views.map.page import map_page
from kb.views.map.twin import NAME
from kb.views.report.blocks import Document
from kb.views.report.document import report_document
from kb.views.report.markdown import to_markdown
from kb.views.report.page import to_page
from kb.views.report.picture import drawing_of

SELECTORS: dict[str, dict[str, Any]] = {
    "cascade": {"agent": f"{SYSTEM}/hub", "method": "chain"},
    "paths": {"fallen": f"{SYSTEM}/hub", "hit": [f"{SYSTEM}/a-120"]},
    "agent": {"agent": f"{SYSTEM}/a-002", "depth": 2},
    "threat": {"threat": "T12", "system": SYSTEM},
    "system": {"system": SYSTEM},
    "plan": {"system": SYSTEM, "budget": 1, "samples": 4096},
}
EACH = pytest.mark.parametrize("selector", SELECTORS)

NAMES = {f"{SYSTEM}/a-{number:03}": name for number, name in enumerate(CROWD)} | {f"{SYSTEM}/hub": f"Hub {CROWD[0]}"}

CENSUS = """
const census = root => {
  const counts = {};
  for (const {localName, attributes} of root.querySelectorAll("*"))
    for (const name of [localName, ...[...attributes].map(each => `${localName} ${each.name}`)])
      counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
"""
"""How many elements of each name there are in one, and how many attributes of each name on them."""

ALL_PANELS = """(() => {
  const panels = {};
  const kept = parts => census(element("div", {}, ...parts.filter(Boolean)));
  data.spots.forEach((spot, index) => { panels[spot.id] = kept(aboutSpot(index)); });
  data.links.forEach((link, index) => { panels[`link ${index}`] = kept(aboutLink(index)); });
  return panels;
})()"""
"""What the panel holds of each spot and each link."""

TITLES = """Object.fromEntries(data.spots.map(spot => {
  showDetail(labelOf(spot), []);
  return [spot.id, byId("panel-title").textContent];
}))"""

CELLS = """Object.fromEntries(data.spots.map((spot, index) => {
  return [spot.id, byId(`agent-${index}`).querySelector("th bdi").textContent];
}))"""

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2061-\u2067\u206a-\u206f\ufeff]")
"""What no page and no picture may hold of a name; the isolates U+2068 and U+2069 are ours, around names."""

Pair = Callable[[str], tuple[Picture, Picture]]


@pytest.fixture(scope="session")
def pair(crowd, plain_crowd) -> Pair:
    """Gives the picture of a selector of both bases, hostile and plain, worked out once."""

    @cache
    def pictures(selector: str) -> tuple[Picture, Picture]:
        return drawn(crowd, selector), drawn(plain_crowd, selector)

    return pictures


def drawn(kb, selector: str, *, most: int = 400, collapse: bool = False) -> Picture:
    """The picture of all that there is to draw."""
    with KnowledgeBase.open(kb.folder / "kb.db") as base:
        return base.picture(selector, max_nodes=most, collapse=collapse, **SELECTORS[selector])


@pytest.fixture
def told(browser, tmp_path):
    """Opens a text as a page and gives what a script returns there."""

    def tell(script: str, text: str, *, ending: str = "html", **how: bool) -> Any:
        path = tmp_path / f"page.{ending}"
        path.write_text(text, encoding="utf-8")
        browser.open(path, **how)
        return browser.run(CENSUS + script)

    return tell


@EACH
def test_a_map_and_all_it_tells_are_as_if_names_were_plain(told, pair, selector):
    asked = f"return [census(document), document.documentElement.textContent, {ALL_PANELS}]"
    hostile, plain = (told(asked, map_page(picture, drawn="2026-11-21")) for picture in pair(selector))
    assert hostile[0] == plain[0]
    assert STEERING.findall(hostile[1]) == STEERING.findall(plain[1]) == []
    assert hostile[2] == plain[2]


def test_siblings_that_are_one_and_a_cut_picture_are_as_if_names_were_plain(told, crowd, plain_crowd):
    pictures = [drawn(kb, "cascade", most=60, collapse=True) for kb in (crowd, plain_crowd)]
    assert any(spot.members for spot in pictures[0].spots)
    asked = f"return [census(document), {ALL_PANELS}]"
    hostile, plain = (told(asked, map_page(picture, drawn="2026-11-21")) for picture in pictures)
    assert hostile == plain


def test_a_map_gives_every_name_its_place(told, pair):
    hostile, _ = pair("system")
    titles, cells = told(f"return [{TITLES}, {CELLS}]", map_page(hostile, drawn="2026-11-21"))
    assert {agent: titles[agent] for agent in NAMES} == {agent: legible(name) for agent, name in NAMES.items()}
    assert {agent: cells[agent].removesuffix("…") for agent in NAMES} == {
        agent: legible(name)[: NAME - 1] if len(legible(name)) > NAME else legible(name) for agent, name in NAMES.items()
    }


def test_a_map_without_scripts_is_as_if_names_were_plain(told, pair):
    pages = [map_page(picture, drawn="2026-11-21") for picture in pair("cascade")]
    hostile, plain = (without_text(told("return census(document)", page, scripts=False)) for page in pages)
    assert hostile == plain


@EACH
def test_a_drawing_is_as_if_names_were_plain(told, pair, selector):
    drawings = [to_svg(picture) for picture in pair(selector)]
    hostile, plain = (
        told("return [census(document), document.documentElement.textContent]", one, ending="svg") for one in drawings
    )
    assert without_text(hostile[0]) == without_text(plain[0])
    assert STEERING.findall(hostile[1]) == STEERING.findall(plain[1]) == []
    assert [ElementTree.fromstring(drawing).tag for drawing in drawings] == ["{http://www.w3.org/2000/svg}svg"] * 2


def without_text(census: dict[str, int]) -> dict[str, int]:
    """A census without what is put around words, of which long and strange names need more, and without its looks."""
    around = {"text", "tspan", "br", "bdi", "code", "span"}
    looks = {f"{element} {attribute}" for element in around for attribute in ("class", "x", "y", "font-size", "direction")}
    return {name: number for name, number in census.items() if name not in around | looks}


@EACH
def test_dot_has_names_in_strings_only(pair, selector):
    hostile, plain = (re.sub(r'"(?:[^"\\]|\\.)*"', '""', to_dot(picture), flags=re.DOTALL) for picture in pair(selector))
    assert hostile == plain


@EACH
def test_mermaid_has_names_in_strings_only(pair, selector):
    hostile, plain = (re.sub(r'"[^"\n]*"', '""', to_mermaid(picture)) for picture in pair(selector))
    assert hostile == plain


RENDERED = """
const [text, level, done] = arguments;
mermaid.initialize({startOnLoad: false, securityLevel: level});
mermaid.render("drawing", text).then(({svg}) => {
  document.getElementById("out").innerHTML = svg;
  done([census(document.getElementById("out")), [...document.querySelectorAll(".node")].map(node => node.textContent)]);
});
"""


@pytest.mark.parametrize("level", ["strict", "loose"])
def test_rendered_mermaid_is_as_if_names_were_plain(told, browser, mermaid_script, pair, level):
    drawn_by = f"<!doctype html><meta charset=utf-8><div id=out></div><script src={mermaid_script.as_uri()}></script>"
    told("", drawn_by)
    pictures = pair("cascade")
    hostile, plain = (browser.wait_for(CENSUS + RENDERED, to_mermaid(picture), level) for picture in pictures)
    assert without_text(hostile[0]) == without_text(plain[0])
    for spot, written in zip(pictures[0].spots, hostile[1], strict=True):
        assert unspaced(written).startswith(unspaced("".join(lines_of(legible(spot.label.strip() or spot.id), 220.0, 2))))


def unspaced(text: str) -> str:
    """``text`` without blanks, and without the joiner that keeps Mermaid from reading a name as TeX or as a line break."""
    return "".join(text.replace("\u2060", "").split())


REPORTS: dict[str, dict[str, Any]] = {
    "products": {"agents": [f"p-{number:03}" for number in range(len(CROWD))]},
    "system": {"system": SECOND, "budget": 1},
}


@pytest.fixture(scope="session")
def reports(crowd, plain_crowd) -> Callable[[str], tuple[Document, Document]]:
    """Gives the report on something in both bases, hostile and plain."""

    @cache
    def written(what: str) -> tuple[Document, Document]:
        return report_on(crowd, what), report_on(plain_crowd, what)

    return written


def report_on(kb, what: str) -> Document:
    """A report with its picture, which is of a system."""
    with KnowledgeBase.open(kb.folder / "kb.db") as base:
        found = base.report(**REPORTS[what])
        drawings = {
            part["system"]: base.picture("cascade", agent="outside", system=part["system"]) for part in found["systems"]
        }
    return report_document(found, {system: drawing_of(picture) for system, picture in drawings.items()})


@pytest.mark.parametrize("what", REPORTS)
def test_a_report_is_as_if_names_were_plain(told, reports, what):
    asked = "return [census(document), document.documentElement.textContent]"
    hostile, plain = (told(asked, to_page(document)) for document in reports(what))
    assert without_text(hostile[0]) == without_text(plain[0])
    assert STEERING.findall(hostile[1]) == STEERING.findall(plain[1]) == []


@pytest.mark.parametrize("what", REPORTS)
def test_a_report_in_markdown_is_as_if_names_were_plain(reports, what):
    parsed = [list(kinds(MarkdownIt().enable("table").parse(to_markdown(document)))) for document in reports(what)]
    hostile, plain = parsed
    assert hostile == plain


def kinds(tokens: Iterable[Token]) -> Iterator[str]:
    """What a reader of Markdown takes the parts of a text to be, in order, but words and words in code."""
    for token in tokens:
        if token.type not in ("text", "code_inline"):
            yield f"{token.type} {token.tag}"
        yield from kinds(token.children or ())
