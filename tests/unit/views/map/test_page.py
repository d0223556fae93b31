"""The interactive page as a file: whole, closed to everything outside, with every word in it before a script runs."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from drawings import CASCADE, EMPTY, PLAN, named
from hostile import CROWD
from kb.questions.pictures.picture import Detail, Factor, Line, Picture, PictureChain
from kb.views.drawings.label import legible
from kb.views.map import page as module
from kb.views.map.page import ASSETS, LIBRARY, SCRIPTS, map_page

DAY = "2026-11-21"
Shape = tuple[str, tuple[str, ...]]
"""The name of an element and those of its attributes."""


def opened(picture: Picture) -> LexborHTMLParser:
    return LexborHTMLParser(map_page(picture, drawn=DAY))


def data(picture: Picture) -> dict:
    return data_of(opened(picture))


def data_of(page: LexborHTMLParser) -> dict:
    written = page.css_first("#data").text()
    assert not set(written) & set("<>&\u2028\u2029")
    return json.loads(written)


def cells(page: LexborHTMLParser, rows: str) -> list[list[str]]:
    return [[cell.text() for cell in row.css("th, td")] for row in page.css(rows)]


def outlines(page: LexborHTMLParser) -> tuple[list[Shape], set[Shape]]:
    """Every element of the page in order, and each that occurs in the static picture, where long texts take more lines."""
    (still,) = page.css("noscript #still")
    drawing = {shape(node) for node in still.traverse()}
    still.decompose()
    return [shape(node) for node in page.root.traverse()], drawing


def shape(node: LexborNode) -> Shape:
    return (node.tag or "", tuple(sorted(node.attributes)))


def everywhere(picture: Picture, text: str) -> Picture:
    """``picture`` with ``text`` wherever a document may say something."""
    details = (Detail(text, (Line(text, text, text),)),)
    spots = tuple(replace(spot, threats=(text,), layers=(text,), details=details) for spot in picture.spots)
    links = tuple(replace(link, threats=(text,), layers=(text,), details=details, channel=text) for link in picture.links)
    factors = (Factor(text, 0.5, text, text),)
    chains = tuple(replace(chain, factors=factors, layers=(text,)) for chain in picture.chains)
    named_all = named(replace(picture, spots=spots, links=links, chains=chains), text)
    return replace(named_all, assumptions=(text,), base=text)


def test_the_page_refers_to_nothing_outside_itself():
    page = opened(PLAN)
    assert page.css("link, img, iframe, object, embed, base, video, audio, source, [src], [srcset], [style], [action]") == []
    assert {node.attributes["href"][0] for node in page.css("[href]")} == {"#"}
    assert [(name, node.tag) for node in page.root.traverse() for name in node.attributes if name.startswith("on")] == []
    assert "sourceMappingURL" not in page.html
    assert set(re.findall(r"(?:@import|url\()[^;]*", page.css_first("style").text())) == set()


def test_its_policy_lets_its_own_style_and_scripts_run_and_nothing_else():
    page = opened(PLAN)
    hashes = [
        f"'sha256-{b64encode(sha256(node.text().encode()).digest()).decode()}'"
        for node in page.css("style, script:not([type])")
    ]
    style, library, script = hashes
    assert page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"] == (
        f"default-src 'none'; script-src {library} {script}; style-src {style}; base-uri 'none'; form-action 'none'"
    )


def test_the_same_picture_gives_the_same_bytes():
    assert map_page(PLAN, drawn=DAY) == map_page(PLAN, drawn=DAY)


def test_every_file_of_the_page_is_used():
    assert {file.name for file in ASSETS.iterdir() if file.suffix not in ("", ".py")} == {
        "page.html", "map.css", LIBRARY, f"{LIBRARY}.license", *(f"{name}.js" for name in SCRIPTS),
    }  # fmt: skip


def test_scripts_never_take_text_for_markup():
    written = "".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\(.on", written)
        == []
    )


def test_everything_that_the_docstring_promises_is_in_the_page():
    page = opened(everywhere(PLAN, "x"))
    promised = set(re.findall(r"#([a-z]+(?:-[a-z0-9]+)*)", module.__doc__))
    there = {node.attributes["id"] for node in page.css("[id]")}
    assert promised - there == {"spot-3"}, "which the script makes"


def test_question_answer_and_origin_are_said():
    page = opened(CASCADE)
    said = {name: page.css_first(f"#{name}").text() for name in ("question", "answer", "drawn", "command", "base", "shown")}
    assert said == {
        "question": CASCADE.question,
        "answer": CASCADE.answer,
        "drawn": DAY,
        "command": "kb map --cascade desk/reader",
        "base": f"{'1f' * 32}, schema 1",
        "shown": "Showing 4 of 4,312 agents; more with --max-nodes 400. Not complete: floor 0.001.",
    }
    assert [item.text() for item in page.css("#assumptions li")] == ["strength 0.3 of tool-result", "criticality 1"]


def test_a_table_says_of_every_spot_what_the_picture_shows():
    assert cells(opened(CASCADE), "#agents tr") == [
        ["name", "id", "kind", "where", "probability of falling", "severity", "certainty", "layers", "threats"],
        ["Reader", "desk/reader", "agent", "start, falls first", "1", "–", "certainty not given", "–", "–"],
        ["Planner", "desk/planner", "agent", "1 step", "0.15", "Critical", "mapped", "–", "–"],
        ["memory:notes", "memory:notes", "resource", "1 step", "0.075", "–", "–", "–", "–"],
        ["Payments", "desk/payments", "agent", "2 steps", "0.0825", "High", "not certain from the document", "–", "–"],
        ["Archive", "desk/archive", "agent", "2 steps", "0.004", "None", "certainty not given", "–", "–"],
    ]


def test_a_table_says_of_every_link_what_the_picture_shows():
    threats = tuple(f"owasp:T{number}" for number in range(1, 8))
    links = (replace(CASCADE.links[0], threats=threats, layers=("L1", "L3"), probability=0.15), *CASCADE.links[3:5])
    spots = tuple(replace(spot, chain=None) for spot in CASCADE.spots)
    assert cells(opened(replace(CASCADE, spots=spots, links=links, chains=())), "#relations tbody tr") == [
        [
            "Reader", "Planner", "message, one speaks to the other", "0.5", "0.15", "L1 L3",
            "owasp:T1, owasp:T2, owasp:T3, owasp:T4 and 3 more",
        ],
        ["Planner", "memory:notes", "shared-memory, through what both use", "–", "–", "–", "–"],
        ["memory:notes", "Archive", "shared-memory, through what both use", "0.3", "–", "–", "–"],
    ]  # fmt: skip


def test_a_chain_has_its_arithmetic_written_out_each_factor_with_its_source():
    factors = (
        Factor("strength", 0.5, "desk.yaml:15", "reader ⇒ planner"),
        Factor("susceptibility", 0.6, "AIVSS mean of 3 factors", "reader ⇒ planner"),
        Factor("control fails", 0.5, "assumed by its tactic", "planner"),
    )
    chain = PictureChain(("desk/reader", "desk/planner"), (0,), 0.15, factors, ("L1", "L3"))
    (item,) = opened(replace(CASCADE, chains=(chain,))).css("#chains > li")
    assert item.css_first(".pick").text() == "Reader ⇒ Planner"
    assert item.css_first(".product").text() == "0.5 × 0.6 × 0.5 = 0.15"
    assert [factor.text() for factor in item.css(".arithmetic li")] == [
        "0.5 strength, reader ⇒ plannerdesk.yaml:15",
        "0.6 susceptibility, reader ⇒ plannerAIVSS mean of 3 factors",
        "0.5 control fails, plannerassumed by its tactic",
    ]


def test_the_ranking_has_agents_only_the_likeliest_first():
    page = opened(CASCADE)
    assert [(item.css_first("a").text(), item.css_first(".figure").text()) for item in page.css("#ranking > li")] == [
        ("Planner", "0.15"), ("Payments", "0.0825"), ("Archive", "0.004"),
    ]  # fmt: skip


def test_states_can_be_switched_and_are_said_without_a_script():
    page = opened(PLAN)
    assert [(radio.attributes["value"], radio.parent.text()) for radio in page.css("#state input")] == [
        ("0", "as it is"), ("1", "after step 2"),
    ]  # fmt: skip
    assert page.css_first("#state-text").text() == "expected loss 0.2144"
    after = data(PLAN)["states"][1]
    assert (after["gone"], after["placed"]) == ([2], {"1": ["aidefend:AID-H-002", "owasp:P1.1"]})
    assert {spot: (size["size"], size["figure"]) for spot, size in after["sizes"].items()} == {
        "1": (0.075, "0.07"), "3": (0.02, "0.02"),
    }  # fmt: skip
    assert opened(CASCADE).css("#state, #state-text") == []


def test_filters_offer_what_occurs_with_how_often():
    page = opened(CASCADE)
    assert {
        field.attributes["id"]: [(option.attributes["value"] or "", option.text()) for option in field.css("option")]
        for field in page.css("#filters select")
    } == {
        "filter-channel": [
            ("", "all"), ("artifact", "artifact (1)"), ("message", "message (2)"), ("shared-memory", "shared-memory (2)"),
            ("tool-call", "tool-call (2)"),
        ],
        "filter-severity": [
            ("", "all"), ("Critical", "Critical (1)"), ("High", "High (1)"), ("None", "None (1)"), ("unknown", "unknown (2)"),
        ],
    }  # fmt: skip
    assert len(page.css("#filter-probability")) == 1
    assert opened(EMPTY).css("#filters select, #filters input") == []


def test_a_name_of_ten_thousand_characters_is_cut_in_tables_and_whole_in_the_panel():
    name = "long " * 2_000
    picture = replace(CASCADE, spots=(replace(CASCADE.spots[0], label=name), *CASCADE.spots[1:]))
    assert cells(opened(picture), "#agents tbody tr")[0][0] == name[:79] + "…"
    assert data(picture)["spots"][0]["label"] == name


@pytest.fixture(scope="module")
def plain():
    return outlines(opened(everywhere(PLAN, "Agent number one")))


@pytest.mark.parametrize("name", CROWD)
def test_hostile_text_stays_text_wherever_it_is(name, plain):
    page, shown = opened(everywhere(PLAN, name)), legible(name)
    assert page.css_first("#question").text() == f"If {shown} falls?"
    assert data_of(page)["spots"][1]["details"] == [{"heading": shown, "lines": [[shown, shown, shown]]}]
    assert outlines(page) == plain


def test_text_that_steers_what_stands_beside_it_is_made_visible():
    page = opened(named(CASCADE, "pay\u202etxt.exe\u200b"))
    assert page.css_first("#question").text() == "If pay\\u202etxt.exe\\u200b falls?"


def test_names_keep_their_own_direction():
    page = opened(named(CASCADE, "سارة الوكيل"))
    assert {node.css_first("bdi").text() for node in page.css("#agents a.open")} == {"سارة الوكيل"}
